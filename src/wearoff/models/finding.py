"""Find the model files on this machine and check each one's hash before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import platformdirs

from wearoff.errors import ModelsError
from wearoff.models.registry import MODEL_FILES

#: Names the one folder to look in; nothing else is looked at when it is set.
FOLDER_VARIABLE = "WEAROFF_MODELS"
#: What puts things right, whatever is wrong.
FETCH_COMMAND = "wearoff models fetch"
#: Where a wheel built by `make dist`, and a checkout, carry the files.
PACKAGED_FOLDER = Path(__file__).parent / "files"


class FileState(StrEnum):
    """What stands in a folder under the name of a model file."""

    RIGHT = "right"
    ABSENT = "absent"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, eq=False)
class ModelFiles:
    """The model files of one folder, read and found right: bytes by name."""

    folder: Path
    contents: Mapping[str, bytes]

    @property
    def provenance(self) -> dict[str, str]:
        """The sha256 of each file by name, to be kept with every result."""
        return {file.name: file.sha256 for file in MODEL_FILES}


def default_folder(env: Mapping[str, str]) -> Path:
    """Return where `fetch` puts the files: the folder named by WEAROFF_MODELS, else the user's data folder."""
    named = env.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    return platformdirs.user_data_path("wearoff", appauthor=False) / "models"


def folders(env: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders that are looked in, in this order."""
    if env.get(FOLDER_VARIABLE):
        return (default_folder(env),)
    return (PACKAGED_FOLDER, default_folder(env))


def _read(folder: Path) -> tuple[dict[str, bytes], dict[str, FileState]]:
    contents: dict[str, bytes] = {}
    states: dict[str, FileState] = {}
    for file in MODEL_FILES:
        try:
            content = (folder / file.name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            states[file.name] = FileState.ABSENT
        except OSError:
            states[file.name] = FileState.UNREADABLE
        else:
            states[file.name] = FileState.RIGHT if file.matches(content) else FileState.DAMAGED
            contents[file.name] = content
    return contents, states


def inspect(folder: Path) -> dict[str, FileState]:
    """Tell the state of every model file in a folder, by name."""
    return _read(folder)[1]


def _is_right(states: Mapping[str, FileState]) -> bool:
    return all(state is FileState.RIGHT for state in states.values())


def _complaint(folder: Path, states: Mapping[str, FileState]) -> str:
    if all(state is FileState.ABSENT for state in states.values()):
        return f"none in {folder}"
    wrong = ", ".join(f"{name} is {state}" for name, state in states.items() if state is not FileState.RIGHT)
    return f"{wrong} in {folder}"


def read_models(folder: Path) -> ModelFiles:
    """Read the model files of one folder; a `ModelsError` says which one is missing or not the pinned one."""
    contents, states = _read(folder)
    if not _is_right(states):
        raise ModelsError(f"The model files are not usable: {_complaint(folder, states)}.", f"Run: {FETCH_COMMAND}")
    return ModelFiles(folder, MappingProxyType(contents))


def find_models(env: Mapping[str, str]) -> ModelFiles:
    """Read the model files from the first folder in which all of them are right.

    Looks in the folder named by WEAROFF_MODELS and nowhere else when that is set; otherwise in the
    installed package, then in the user's data folder. Raises `ModelsError` when no folder has them all.
    """
    complaints = []
    for folder in folders(env):
        contents, states = _read(folder)
        if _is_right(states):
            return ModelFiles(folder, MappingProxyType(contents))
        complaints.append(_complaint(folder, states))
    raise ModelsError(f"The model files are not usable: {'; '.join(complaints)}.", f"Run: {FETCH_COMMAND}")
