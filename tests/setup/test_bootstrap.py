"""Set-up from nothing: words that old Pythons can say, steps that are done once, nothing half-done that looks done."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program, with a lock of its own in an empty folder."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCK", tmp_path / "lock")
    (tmp_path / "lock").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    for name in ("core", "dev"):
        (tmp_path / "lock" / f"{name}.txt").write_text(f"{name}-package==1 --hash=sha256:00\n")
    return module


class Recorder:
    """A package client that makes real, empty environments and notes what it was asked to install."""

    name = "recorder"

    def __init__(self) -> None:
        self.made = 0
        self.asked: list[list[str]] = []
        self.broken = False

    def make(self, venv: Path) -> None:
        self.made += 1
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(sys.executable)

    def install(self, venv: Path, arguments: list[Any], what: str) -> None:
        if self.broken:
            raise RuntimeError("the line went dead")
        self.asked.append([Path(word).name for word in arguments if str(word).endswith(".txt")])


@pytest.fixture
def client(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(bootstrap, "package_client", lambda python: recorder)
    return recorder


def test_any_python_since_3_7_can_read_it() -> None:
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 10, 12), (3, 15, 0)])
def test_a_python_that_will_not_do_is_told_what_would(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", version)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.SetupError) as raised:
        bootstrap.right_python()
    assert f"this is {version[0]}.{version[1]}." in str(raised.value)
    assert "apt-get install python3 python3-venv" in str(raised.value)


def test_another_python_on_the_path_is_taken_instead(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "python3.12"
    other.symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.right_python() == other


def test_a_step_is_done_once(bootstrap: ModuleType, client: Recorder) -> None:
    for _ in range(2):
        ours = bootstrap.Environment(".venv")
        ours.install_locked(["core"])
        ours.install_checkout()
    assert client.made == 1
    assert client.asked == [["core.txt"], []]


def test_only_what_changed_is_installed_again(bootstrap: ModuleType, client: Recorder) -> None:
    bootstrap.Environment(".venv").install_locked(["core"])
    bootstrap.Environment(".venv").install_locked(["core", "dev"])
    (bootstrap.LOCK / "core.txt").write_text("core-package==2 --hash=sha256:00\n")
    bootstrap.Environment(".venv").install_locked(["core", "dev"])
    assert client.asked == [["core.txt"], ["dev.txt"], ["core.txt"]]


def test_a_step_that_failed_is_tried_again(bootstrap: ModuleType, client: Recorder) -> None:
    client.broken = True
    with pytest.raises(RuntimeError):
        bootstrap.Environment(".venv").install_locked(["core"])
    client.broken = False
    bootstrap.Environment(".venv").install_locked(["core"])
    assert client.asked == [["core.txt"]]


def test_an_environment_whose_python_is_gone_is_made_anew(bootstrap: ModuleType, client: Recorder) -> None:
    ours = bootstrap.Environment(".venv")
    ours.install_locked(["core"])
    (ours.venv / "bin" / "python").unlink()
    (ours.venv / "bin" / "python").symlink_to("/nowhere/python3.11")
    again = bootstrap.Environment(".venv")
    again.install_locked(["core"])
    assert client.made == 2
    assert client.asked == [["core.txt"], ["core.txt"]]


def test_an_environment_that_was_moved_with_its_checkout_is_made_anew(
    bootstrap: ModuleType, client: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.Environment(".venv").install_locked(["core"])
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    (tmp_path / ".venv").rename(moved / ".venv")
    monkeypatch.setattr(bootstrap, "ROOT", moved)
    bootstrap.Environment(".venv").install_locked(["core"])
    assert client.made == 2
    assert client.asked == [["core.txt"], ["core.txt"]]


def test_a_debian_without_venv_is_told_what_to_install(bootstrap: ModuleType, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import nothing_like_ensurepip"\n')
    bare.chmod(0o755)
    with pytest.raises(bootstrap.SetupError, match="apt-get install python3-venv"):
        bootstrap.Pip(bare).make(tmp_path / ".venv")


def test_a_client_that_fails_is_quoted(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"Installing did not work:\n    first\n    second"):
        bootstrap.run([sys.executable, "-c", "import sys; print('first\\nsecond'); sys.exit(1)"], "Installing")


def test_an_unknown_set_is_refused_in_words() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bootstrap.py"), "everything"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Set-up stopped. Unknown: everything. Sets: core dev bench phantom.\n"
