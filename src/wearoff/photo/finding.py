"""Which photos there are in the files and folders a user names."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wearoff.errors import InputError
from wearoff.photo.kinds import HEAD_BYTES, IMAGE_SUFFIXES, kind_of

#: A subfolder that holds a file of this name was written by Wearoff itself; its pictures are not photos.
OWN_OUTPUT_MARKER = ".wearoff"

_SKIPPED_FOLDERS = {"@eadir", "__macosx"}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a photo, and the name under which people see it: its path below the folder they gave."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """A folder that could not be looked into, why, and what to do."""

    path: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Found:
    """The photos in a fixed order, and the folders that could not be read."""

    files: tuple[FoundFile, ...]
    problems: tuple[FolderProblem, ...] = ()


def find_photos(paths: Iterable[Path]) -> Found:
    """List the photos in files and folders, all subfolders included, sorted by name, each once.

    A file that is named itself is always listed (reading it says what is wrong with it); in a folder only what
    looks like a picture by its suffix or its first bytes. Names are relative to the folder if one folder is given,
    else the paths as they were given. Raises InputError for a path that does not exist.
    """
    given = list(paths)
    problems: list[FolderProblem] = []
    listed: dict[str, FoundFile] = {}
    for root in given:
        if not _is_folder_given(root):
            name = root if len(given) > 1 else Path(root.name)
            listed.setdefault(os.path.realpath(root), FoundFile(root, _shown(name)))
            continue
        for path in _walk(root, problems):
            name = path.relative_to(root) if len(given) == 1 else path
            listed.setdefault(os.path.realpath(path), FoundFile(path, _shown(name)))
    return Found(tuple(sorted(listed.values(), key=lambda file: (file.name.casefold(), file.name))), tuple(problems))


def _shown(path: Path) -> str:
    # A name may hold bytes that are no text, and signs that steer a terminal; what is shown and stored holds neither.
    return "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in path.as_posix())


def _is_folder_given(root: Path) -> bool:
    try:
        root.lstat()
        return root.is_dir()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InputError(f"There is no file or folder named {root}.", "Check the spelling of the path.") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise InputError(
            f"{root} cannot be reached: {why}.", "Check that you are allowed to open the folders it lies in."
        ) from None


def _walk(root: Path, problems: list[FolderProblem]) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()  # folders by device and inode: a link that leads back up ends here
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            own = folder.stat()
            if (own.st_dev, own.st_ino) in seen:
                continue
            seen.add((own.st_dev, own.st_ino))
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            problems.append(
                FolderProblem(
                    _shown(folder),
                    f"The folder {_shown(folder)} cannot be read: {(error.strerror or str(error)).lower()}.",
                    "Check that you are allowed to open it; the photos in it were left out.",
                )
            )
            continue
        # not in the folder that was asked for: who lets the report be written among the photos still has photos there
        if folder != root and any(entry.name == OWN_OUTPUT_MARKER for entry in inside):
            continue
        for entry in inside:
            if entry.name.startswith(".") or entry.name.casefold() in _SKIPPED_FOLDERS:
                continue
            path = folder / entry.name
            if _is_folder(entry):
                waiting.append(path)
            elif path.suffix.casefold() in IMAGE_SUFFIXES or _starts_like_an_image(path):
                yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _starts_like_an_image(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as stream:
            kind = kind_of(stream.read(HEAD_BYTES))
    except OSError:
        return False
    return kind is not None
