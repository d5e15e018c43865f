"""The model files are used only when every byte is the pinned one; else the words say what to run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from wearoff.errors import ModelsError
from wearoff.face import MODEL_NAMES
from wearoff.models import MODEL_FILES, FileState, find_models, inspect, read_models


@pytest.fixture(scope="module")
def right_folder() -> Path:
    return find_models(os.environ).folder


@pytest.fixture
def folder(right_folder: Path, tmp_path: Path) -> Path:
    """A copy of the model files that may be spoilt."""
    copy = tmp_path / "models"
    copy.mkdir()
    for file in MODEL_FILES:
        shutil.copy(right_folder / file.name, copy)
    return copy


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No packaged files; the user's data folder is empty and returned."""
    monkeypatch.setattr("wearoff.models.finding.PACKAGED_FOLDER", tmp_path / "packaged")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "wearoff" / "models"


def test_what_the_face_stage_opens_is_what_the_registry_pins() -> None:
    assert set(MODEL_NAMES) == {file.name for file in MODEL_FILES}


def test_every_file_is_read_and_named_in_the_provenance(folder: Path) -> None:
    files = read_models(folder)
    assert {name: len(content) for name, content in files.contents.items()} == {
        file.name: file.size_bytes for file in MODEL_FILES
    }
    assert files.provenance == {file.name: file.sha256 for file in MODEL_FILES}


@pytest.mark.parametrize("name", [file.name for file in MODEL_FILES])
def test_one_changed_bit_is_noticed(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert [key for key, state in inspect(folder).items() if state is FileState.DAMAGED] == [name]
    with pytest.raises(ModelsError, match=f"{name} is damaged") as raised:
        find_models({"WEAROFF_MODELS": str(folder)})
    assert raised.value.exit_code == 4
    assert raised.value.advice == "Run: wearoff models fetch"


def test_a_missing_file_is_named_with_its_folder(folder: Path) -> None:
    (folder / MODEL_FILES[0].name).unlink()
    with pytest.raises(ModelsError) as raised:
        read_models(folder)
    assert f"{MODEL_FILES[0].name} is absent in {folder}" in raised.value.message


def test_a_folder_under_a_file_name_is_said_to_be_unreadable(folder: Path) -> None:
    name = MODEL_FILES[0].name
    (folder / name).unlink()
    (folder / name).mkdir()
    assert inspect(folder)[name] is FileState.UNREADABLE


def test_a_named_folder_is_the_only_one_looked_in(tmp_path: Path) -> None:
    with pytest.raises(ModelsError) as raised:
        find_models({"WEAROFF_MODELS": str(tmp_path / "not-there")})
    assert raised.value.message.count("none in") == 1


def test_without_any_files_each_place_is_named(nowhere: Path) -> None:
    with pytest.raises(ModelsError) as raised:
        find_models({})
    assert f"none in {nowhere}" in raised.value.message
    assert "packaged" in raised.value.message


def test_a_good_copy_in_the_data_folder_makes_up_for_a_damaged_package(nowhere: Path, folder: Path) -> None:
    packaged = nowhere.parents[2] / "packaged"
    packaged.mkdir()
    (packaged / MODEL_FILES[0].name).write_bytes(b"half a file")
    shutil.copytree(folder, nowhere)
    assert find_models({}).folder == nowhere


def test_contents_cannot_be_exchanged(folder: Path) -> None:
    with pytest.raises(TypeError):
        read_models(folder).contents["face_detector.tflite"] = b""  # type: ignore[index]
