"""One file to one Photo, or to the reason why not."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wearoff.photo.dates_table import DatesTable
from wearoff.photo.dating import DaySource, Taken, taken_of
from wearoff.photo.decoding import RefusedError, decode
from wearoff.photo.kinds import HEAD_BYTES, kind_of, looks_like
from wearoff.photo.quality import Quality, quality_of
from wearoff.photo.reasons import Reason, Rejected

#: Largest file that is read [bytes].
MAX_FILE_BYTES = 256_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded photo: upright sRGB `pixels`, (h, w, 3) uint8 RGB, read-only, and what is known about it.

    `sha256` is of the file as it lies there; `full_width` and `full_height` [px] are of the upright picture before
    it was reduced; `reduction` is how many of its pixels, along a side, make one of `pixels`. `taken` is None
    if no day is known. Raises ValueError for an array of another shape or type.
    """

    file: str
    sha256: str
    pixels: NDArray[np.uint8]
    full_width: int
    full_height: int
    reduction: int
    taken: Taken | None

    @property
    def quality(self) -> Quality:
        """Exposure and sharpness of the whole picture, computed when asked for: 3 ms."""
        return quality_of(self.pixels)

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or 0 in pixels.shape:
            raise ValueError(f"pixels must be (h, w, 3) uint8, not {pixels.shape} {pixels.dtype}")
        if self.reduction < 1:
            raise ValueError(f"a reduction is 1 or more, not {self.reduction}")
        if pixels.flags.writeable or not pixels.flags.c_contiguous:
            # an array nobody can write to, as the decoder hands it over, needs no copy of its 9 MB
            own = np.array(pixels, order="C")
            own.setflags(write=False)
            object.__setattr__(self, "pixels", own)


def read_photo(
    source: Path | bytes,
    name: str,
    *,
    long_side_px: int = 2048,
    dates: DatesTable | None = None,
    today: date | None = None,
) -> Photo | Rejected:
    """Decode a file, or the bytes of one, at about `long_side_px` [px]; what is wrong with it comes back as a value.

    `name` is how people see the photo (its path below the folder); days in file names and `dates` are looked up by it.
    A day after `today` is rejected; without `today` that is not checked.
    """
    data = source if isinstance(source, bytes) else read_bytes(source, name)
    if isinstance(data, Rejected):
        return data
    if not data:
        return Rejected(name, Reason.EMPTY_FILE)
    digest = hashlib.sha256(data).hexdigest()
    stated = dates.day_of(name) if dates is not None else None
    head = data[:HEAD_BYTES]
    kind = kind_of(head)
    if kind is None:
        return Rejected(name, Reason.NOT_AN_IMAGE, looks_like(head), sha256=digest)
    try:
        decoded = decode(data, kind, long_side_px)
    except RefusedError as no:
        taken = taken_of(name, no.exif, stated)
        return Rejected(name, no.reason, no.detail, no.advice, taken, digest)
    taken = taken_of(name, decoded.exif, stated)
    if today is not None and taken is not None and taken.day > today:
        return _in_future(name, taken, digest)
    return Photo(
        file=name,
        sha256=digest,
        pixels=decoded.pixels,
        full_width=decoded.full_width,
        full_height=decoded.full_height,
        reduction=decoded.reduction,
        taken=taken,
    )


def _in_future(name: str, taken: Taken, digest: str) -> Rejected:
    says, advice = {
        DaySource.DATES_CSV: ("dates.csv says", "Correct its day in dates.csv."),
        DaySource.EXIF: ("the camera says", "Set the clock of the camera, and write the right day into dates.csv."),
        DaySource.FILE_NAME: ("the file name says", ""),
    }[taken.source]
    return Rejected(name, Reason.DAY_IN_FUTURE, f"{says} {taken.day.isoformat()}", advice, taken, digest)


def read_bytes(path: Path, name: str) -> bytes | Rejected:
    """Return what is in a file, or why it cannot be read; never waits for a pipe, never reads without end."""
    try:
        # not to wait for a pipe that nobody writes to
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            state = os.fstat(stream.fileno())
            if not stat.S_ISREG(state.st_mode):
                return Rejected(name, Reason.UNREADABLE_FILE, "it is not a file that holds a photo")
            if state.st_size > MAX_FILE_BYTES:
                return Rejected(name, Reason.TOO_LARGE, f"a file of {state.st_size / 1e6:.0f} MB")
            data = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        return Rejected(name, Reason.UNREADABLE_FILE, _why(error))
    if len(data) > MAX_FILE_BYTES:
        return Rejected(name, Reason.TOO_LARGE, "the file does not end")
    return data


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is not there, or it is a link to a file that is gone"
    if isinstance(error, PermissionError):
        return "no permission"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).lower()
