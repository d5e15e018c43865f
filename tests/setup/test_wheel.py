"""One wheel carries everything that a plain installation needs, and is not built without it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from wearoff.models import MODEL_FILES, find_models

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 16 * 1024 * 1024


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked as an installation would."""
    folder = tmp_path_factory.mktemp("wheel")
    flags = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *flags, str(ROOT)], check=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    assert wheel.stat().st_size < LARGEST_BYTES
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run_from(site: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from wearoff.cli import main; sys.exit(main(sys.argv[1:]))"
    env = {key: value for key, value in os.environ.items() if key != "WEAROFF_MODELS"} | {"HOME": str(cwd)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120)


def test_a_plain_installation_has_its_model_files(unpacked: Path, tmp_path: Path) -> None:
    done = run_from(unpacked, "models", "verify", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(unpacked / "wearoff" / "models" / "files") in done.stdout
    assert done.stdout.count("sha256") == len(MODEL_FILES)


def test_the_wheel_carries_the_data_of_the_library(unpacked: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = {name.removeprefix("src/") for name in tracked.split() if (ROOT / name).is_file()}
    assert "wearoff/course/data/priors.json" in wanted
    assert {name for name in wanted if not (unpacked / name).is_file()} == set()


def test_the_wheel_carries_both_licences(unpacked: Path) -> None:
    (info,) = unpacked.glob("wearoff-*.dist-info")
    texts = [path.read_text(encoding="utf-8") for path in (info / "licenses").rglob("*") if path.is_file()]
    assert any("MIT License" in text for text in texts)
    assert any("Apache License" in text for text in texts)


def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_models", ROOT / "builders" / "hatch_models.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("spoil", ["missing", "damaged"])
def test_no_wheel_is_built_without_the_right_files(tmp_path: Path, spoil: str) -> None:
    models = tmp_path / "src" / "wearoff" / "models"
    (models / "files").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "wearoff" / "models" / "registry.py", models)
    for file in MODEL_FILES:
        (models / "files" / file.name).write_bytes(find_models(os.environ).contents[file.name])
    builder = hook().ModelsHook(str(tmp_path), {}, None, None, "", "wheel")
    whole: dict[str, dict[str, str]] = {"force_include": {}}
    builder.initialize("standard", whole)
    assert len(whole["force_include"]) == len(MODEL_FILES)

    victim = models / "files" / MODEL_FILES[-1].name
    if spoil == "missing":
        victim.unlink()
    else:
        victim.write_bytes(b"x" * MODEL_FILES[-1].size_bytes)
    with pytest.raises(RuntimeError, match=r"Run: python3 bootstrap\.py"):
        builder.initialize("standard", {"force_include": {}})
