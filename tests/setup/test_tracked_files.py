"""What must never be committed: other people's photos, large files, this machine's paths."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".heic", ".webp", ".tif", ".tiff", ".mp4", ".mpg", ".glb", ".obj", ".mov"}
LARGEST_BYTES = 2 * 1024 * 1024


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    assert paths, "git lists no files"
    return [path for path in paths if path.is_file()]


def test_no_file_is_over_2_mib() -> None:
    assert [(path.name, path.stat().st_size) for path in tracked() if path.stat().st_size > LARGEST_BYTES] == []


def test_no_picture_has_the_name_of_a_development_photo() -> None:
    name = re.compile(r"london|senate|congress_20|canada|LeePerry|grid_|WolfgangLanger|Pexels", re.IGNORECASE)
    assert [path for path in tracked() if path.suffix.lower() in PICTURES and name.search(path.name)] == []


def test_no_development_photo_is_here_under_another_name() -> None:
    devset = ROOT.parent / "shared" / "devset"
    if not devset.is_dir():
        pytest.skip("the development photos are not beside this checkout")
    ours = {path.stat().st_size: path for path in tracked() if path.suffix.lower() in PICTURES}
    # only files of the same size can be the same: no need to read gigabytes
    same = [path for path in devset.rglob("*") if path.is_file() and path.stat().st_size in ours]
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in tracked() if path.suffix.lower() in PICTURES}
    assert [path.name for path in same if hashlib.sha256(path.read_bytes()).hexdigest() in hashes] == []


def test_no_text_names_a_path_of_a_developers_machine() -> None:
    # built from parts, so that this file does not name one itself
    path = re.compile("|".join(["(?<![\\w.])/" + "work/", "/root" + "/", "/home" + r"/\w+/", r"\.lib" + "rary/"]))
    wrong = []
    for file in tracked():
        content = file.read_bytes()
        if b"\0" in content:
            continue
        wrong += [f"{file.relative_to(ROOT)}: {line}" for line in content.decode().splitlines() if path.search(line)]
    assert wrong == []


def test_a_model_file_is_never_committed() -> None:
    assert [path for path in tracked() if path.suffix in {".tflite", ".task", ".binarypb"}] == []
