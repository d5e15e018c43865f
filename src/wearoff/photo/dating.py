"""On which day a photo was taken, and how that is known.

A day the user wrote into `dates.csv` comes first, then the camera's own (EXIF), then the name of the file.
The file's modification time is never used: copying a photo changes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import PurePosixPath

from wearoff.photo.exif import Exif


class DaySource(StrEnum):
    """What a capture day was read from."""

    DATES_CSV = "dates_csv"
    EXIF = "exif"
    FILE_NAME = "file_name"


@dataclass(frozen=True, slots=True)
class Taken:
    """The day a photo was taken, its source, the local time if known, and the day another source names.

    `conflict` is set when camera and file name differ by more than one day (one day is left to time zones).
    """

    day: date
    source: DaySource
    time: time | None = None
    conflict: date | None = None


# Cameras whose clock was never set say 1970, 1980 or 2000; nobody has photos of this treatment from before 1990.
_FIRST_YEAR = 1990
_CLOCK_DEFAULTS = {date(2000, 1, 1)}

_MOMENT = re.compile(r"(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?")

# 2026-03-01, 2026_03_01, 2026.03.01, 20260301; the separator is the same twice
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
# 20260301081502 and 20260301081502123
_RUN_TOGETHER = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\d{3})?(?!\d)")
# 15.03.2026 and 03-15-2026
_YEAR_LAST = re.compile(r"(?<!\d)(\d\d?)([-_. ])(\d\d?)\2((?:19|20)\d\d)(?!\d)")
# what follows the day: _081502, -08-15-02, " at 08.15.02", T08_15_02
# (but not a twelve-hour clock)
_CLOCK = re.compile(r"(?:[-_ T.]|, | at )(\d\d)([-_.: ]?)(\d\d)\2(\d\d)(?:[-_.]?\d{3})?(?!\d|\s?[ap]m)", re.IGNORECASE)


def taken_of(name: str, exif: Exif, stated: date | None = None) -> Taken | None:
    """Decide on the day of a photo from its file name, its EXIF and the day stated in `dates.csv`; None if unknown."""
    camera = day_of_exif(exif)
    named = day_of_name(name)
    if stated is not None:
        moment = next((t.time for t in (camera, named) if t is not None and t.day == stated), None)
        return Taken(stated, DaySource.DATES_CSV, moment)
    if camera is None:
        return named
    if named is not None and abs((named.day - camera.day).days) > 1:
        return Taken(camera.day, camera.source, camera.time, conflict=named.day)
    return camera


def day_of_exif(exif: Exif) -> Taken | None:
    """Read the day from DateTimeOriginal, else DateTimeDigitized; None for a clock that was never set."""
    for text in (exif.original, exif.digitized):
        match = _MOMENT.match(text)
        if match is None:
            continue
        day = _day(match[1], match[2], match[3])
        if day is not None:
            return Taken(day, DaySource.EXIF, _time(match[4], match[5], match[6]))
    return None


def day_of_name(name: str) -> Taken | None:
    """Read the day from the name of a file; None if there is none, or more than one, or it can be read in two ways."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    found: dict[date, time | None] = {}
    for match in _RUN_TOGETHER.finditer(stem):
        day = _day(match[1], match[2], match[3])
        if day is not None:
            found[day] = found.get(day) or _time(match[4], match[5], match[6])
    for match in _YEAR_FIRST.finditer(stem):
        day = _day(match[1], match[3], match[4])
        if day is not None:
            clock = _CLOCK.match(stem, match.end())
            found[day] = found.get(day) or (_time(clock[1], clock[3], clock[4]) if clock else None)
    for match in _YEAR_LAST.finditer(stem):
        one, other = int(match[1]), int(match[3])
        if min(one, other) > 12 or (max(one, other) <= 12 and one != other):
            return None  # 03.04.2026 is 3 April to one reader and 4 March to another
        day = _day(match[4], min(one, other), max(one, other))
        if day is not None:
            found.setdefault(day, None)
    if len(found) != 1:
        return None
    ((day, moment),) = found.items()
    # these phones write universal time into the name: the day is right within one, the time of day is not
    return Taken(day, DaySource.FILE_NAME, None if stem.startswith("PXL_") else moment)


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return None if found.year < _FIRST_YEAR or found in _CLOCK_DEFAULTS else found


def _time(hour: str | None, minute: str | None, second: str | None) -> time | None:
    try:
        return time(int(hour or ""), int(minute or ""), int(second or ""))
    except ValueError:
        return None
