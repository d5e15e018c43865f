"""`dates.csv`: the days a user wrote down for photos that do not know their own, one `file,day` a line."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wearoff.errors import InputError

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_FILE_HEADS = {"file", "filename", "file_name", "file name", "photo", "name", "datei", "foto"}
_DAY_HEADS = {"day", "date", "taken", "datum", "tag"}
_MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class DatesRow:
    """One line of the table: the file as it was written, the day, and the number of the line."""

    file: str
    day: date
    line: int


@dataclass(frozen=True, slots=True)
class DatesTable:
    """The days stated for photos; a row names a photo by its path below the folder or by its bare name."""

    source: str
    rows: tuple[DatesRow, ...]

    def day_of(self, name: str) -> date | None:
        """Return the day stated for a photo (its path below the folder), None if the table does not name it."""
        matching = [row for row in self.rows if _names(row.file, name)]
        return max(matching, key=lambda row: row.file.count("/")).day if matching else None

    def problems(self, names: Iterable[str]) -> tuple[str, ...]:
        """Say in words which rows name no photo, and which bare names fit several photos."""
        names = list(names)
        said: list[str] = []
        for row in self.rows:
            fits = [name for name in names if _names(row.file, name)]
            if not fits:
                said.append(f"{self.source}, line {row.line}: there is no photo named {row.file}.")
            elif len(fits) > 1:
                said.append(
                    f"{self.source}, line {row.line}: {row.file} fits {len(fits)} photos ({', '.join(fits[:3])}"
                    f"{', ...' if len(fits) > 3 else ''}). Write the folder in front of the name if they differ in day."
                )
        return tuple(said)


def read_dates(path: Path) -> DatesTable:
    """Read a `dates.csv`: comma, semicolon or tab; with or without a head; days as 2026-03-01 or 01.03.2026.

    Raises InputError, with the number of the line, for a day that is missing, impossible or can be read in two ways.
    """
    text = _text_of(path)
    lines = text.splitlines()
    filled = [line for line in lines if line.strip()]
    delimiter = max(";\t,", key=lambda sign: sum(sign in line for line in filled))
    columns: tuple[int, int] | None = None
    rows: list[DatesRow] = []
    days: dict[str, DatesRow] = {}
    try:
        for number, cells in _cells(lines, delimiter):
            if columns is None:
                columns, is_head = _columns(cells)
                if is_head:
                    continue
            row = _row(path, number, cells, columns)
            key = _plain(row.file)
            if key in days and days[key].day != row.day:
                raise InputError(
                    f"{path}, line {number}: {row.file} has another day in line {days[key].line}.",
                    "Keep the line that is right.",
                )
            days[key] = row
            rows.append(row)
    except csv.Error as error:
        raise InputError(
            f"{path} is not a table that can be read: {error}.", "Save it as CSV with two columns: file,day."
        ) from None
    return DatesTable(path.name, tuple(rows))


def parse_day(text: str) -> date:
    """Read a day written as 2026-03-01, 20260301, 01.03.2026 or 15/03/2026; ValueError says what is wrong with it."""
    text = text.strip()
    # a time of day behind the day does no harm
    text = re.sub(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", "", text)
    if match := _ISO.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := _COMPACT.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DOTTED.fullmatch(text):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif match := _SLASHED.fullmatch(text):
        one, other, year = int(match[1]), int(match[2]), int(match[3])
        if one <= 12 and other <= 12 and one != other:
            raise ValueError(f"{text} can be read as two different days")
        day, month = max(one, other), min(one, other)
    else:
        raise ValueError(f"{text or 'an empty cell'} is not a day")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise InputError(f"{path} is not a file.", "Give a CSV file with two columns: file,day.")
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be opened: {error.strerror or error}.", "Check that you are allowed to open it."
        ) from None
    if len(data) > _MAX_BYTES:
        raise InputError(f"{path} is too large to be a table of days.", "Give a CSV file with two columns: file,day.")
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise InputError(f"{path} is not a text file.", "Save it as CSV with two columns: file,day.")


def _cells(lines: list[str], delimiter: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if any(cells) and not cells[0].startswith("#"):
            yield reader.line_num, cells


def _columns(cells: list[str]) -> tuple[tuple[int, int], bool]:
    heads = [cell.casefold() for cell in cells]
    files = [index for index, head in enumerate(heads) if head in _FILE_HEADS]
    days = [index for index, head in enumerate(heads) if head in _DAY_HEADS]
    if files and days:
        return (files[0], days[0]), True
    return (0, 1), False


def _row(path: Path, number: int, cells: list[str], columns: tuple[int, int]) -> DatesRow:
    if len(cells) <= max(columns) or not cells[columns[0]]:
        raise InputError(
            f"{path}, line {number}: two columns are needed, the file and its day.",
            "Write it like this: IMG_1.jpg,2026-03-01",
        )
    try:
        day = parse_day(cells[columns[1]])
    except ValueError as error:
        raise InputError(f"{path}, line {number}: {error}.", "Write the day like this: 2026-03-01") from None
    return DatesRow(cells[columns[0]].replace("\\", "/").removeprefix("./"), day, number)


def _names(written: str, name: str) -> bool:
    one, other = _plain(written), _plain(name)
    return one == other or other.endswith("/" + one)


def _plain(name: str) -> str:
    # Phones and Windows do not tell IMG_1.JPG from img_1.jpg, and a Mac writes ä as two signs; the table knows both.
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()
