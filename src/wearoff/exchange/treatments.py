"""Read a person's treatments from a table (CSV: comma, semicolon or tab) or from TOML."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from wearoff.course import Products, Treatment, load_products
from wearoff.errors import InputError
from wearoff.terms import Region

#: Names of columns, as people write them.
_COLUMNS = {
    "day": "day", "date": "day", "datum": "day", "tag": "day", "treated": "day", "treatment_day": "day",
    "product": "product", "produkt": "product", "brand": "product", "toxin": "product",
    "region": "region", "site": "region", "area": "region", "zone": "region", "stelle": "region",
    "units": "units", "unit": "units", "einheiten": "units", "dose": "units", "u": "units",
    "note": "note", "notes": "note", "comment": "note", "notiz": "note", "lot": "lot", "dilution": "dilution",
    "charge": "lot",
}  # fmt: skip

_BOTH = (Region.CROWS_FEET_LEFT, Region.CROWS_FEET_RIGHT)
#: Names of sites; None means every region.
_SITES: dict[str, tuple[Region | None, ...]] = {
    "": (None,), "all": (None,), "face": (None,), "upper face": (None,), "whole face": (None,),
    "forehead": (Region.FOREHEAD,), "frontalis": (Region.FOREHEAD,), "stirn": (Region.FOREHEAD,),
    "glabella": (Region.GLABELLA,), "frown": (Region.GLABELLA,), "frown lines": (Region.GLABELLA,),
    "glabellar lines": (Region.GLABELLA,), "glabellar": (Region.GLABELLA,), "corrugator": (Region.GLABELLA,),
    "procerus": (Region.GLABELLA,), "between the brows": (Region.GLABELLA,), "zornesfalte": (Region.GLABELLA,),
    "crows feet": _BOTH, "crow feet": _BOTH, "lateral canthal": _BOTH, "lateral canthal lines": _BOTH,
    "canthal": _BOTH, "orbicularis": _BOTH, "eyes": _BOTH,
    "crows feet left": (Region.CROWS_FEET_LEFT,), "left crows feet": (Region.CROWS_FEET_LEFT,),
    "lateral canthal left": (Region.CROWS_FEET_LEFT,), "left lateral canthal": (Region.CROWS_FEET_LEFT,),
    "crows feet right": (Region.CROWS_FEET_RIGHT,), "right crows feet": (Region.CROWS_FEET_RIGHT,),
    "lateral canthal right": (Region.CROWS_FEET_RIGHT,), "right lateral canthal": (Region.CROWS_FEET_RIGHT,),
}  # fmt: skip

_MAX_BYTES = 5_000_000


def read_treatments(path: Path, products: Products | None = None, today: date | None = None) -> tuple[Treatment, ...]:
    """Return the treatments of a CSV or TOML file in order of their days; only the day is required.

    A site on both sides ("crow's feet") gives one treatment a side, with half of the units each. With `today`, a
    treatment after it is an error. Every InputError names the file, the line, what is wrong and what to do.
    """
    known = products or load_products()
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path.name} is too large for a table of treatments.", "Check that it is the right file.")
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"{path.name} can't be read: {e.strerror or e}.", "Check the path and the permissions.") from e
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("cp1252")
        except UnicodeDecodeError as e:
            raise InputError(f"{path.name} is not a text file.", "Save it as CSV in UTF-8.") from e
    if "\0" in text:
        raise InputError(f"{path.name} is not a text file.", "Save it as CSV in UTF-8.")
    rows = _toml_rows(path, text) if path.suffix.lower() == ".toml" else _csv_rows(path, text)
    found: list[Treatment] = []
    for where, row in rows:
        found += _treatments(where, row, known, today)
    return tuple(sorted(found, key=lambda t: t.day))


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if first is None:
        raise InputError(f"{path.name} is empty.", "Give at least a column 'day' with one day.")
    delimiter = max(",;\t", key=lines[first].count)
    if lines[first].count(delimiter) == 0:
        delimiter = ","
    reader = csv.reader(io.StringIO("\n".join(lines[first:])), delimiter=delimiter, skipinitialspace=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            number = first + reader.line_num
            if not any(c.strip() for c in cells) or cells[0].lstrip().startswith("#"):
                continue
            where = f"{path.name}, line {number}"
            if header is None:
                header = _header(where, cells)
                continue
            if len(cells) > len(header) and any(c.strip() for c in cells[len(header) :]):
                raise InputError(
                    f"{where}: more cells than the header has columns.", "Put texts with commas into quotes."
                )
            yield where, {h: c.strip() for h, c in zip(header, cells, strict=False)}
    except csv.Error as e:
        raise InputError(f"{path.name}, line {first + reader.line_num}: {e}.", "Check the quotes.") from e


def _header(where: str, cells: list[str]) -> list[str]:
    names = [_COLUMNS.get(re.sub(r"[\s-]+", "_", c.strip().casefold()), "") for c in cells]
    if "day" not in names:
        raise InputError(
            f"{where}: no column 'day' in the header.", "The first line names the columns: day, product, region, units."
        )
    for name in set(names) - {""}:
        if names.count(name) > 1:
            raise InputError(f"{where}: two columns mean '{name}'.", "Leave one of them.")
    return names


def _toml_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise InputError(f"{path.name} is not valid TOML: {e}.", "Start each treatment with [[treatment]].") from e
    rows = table.get("treatment", table.get("treatments"))
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise InputError(f"{path.name} has no [[treatment]].", 'Write [[treatment]] and below it day = "2026-03-01".')
    starts = [i + 1 for i, line in enumerate(text.splitlines()) if re.match(r"\s*\[\[\s*treatments?\s*\]\]", line)]
    for k, row in enumerate(rows):
        where = f"{path.name}, line {starts[k]}" if k < len(starts) else f"{path.name}, treatment {k + 1}"
        yield where, {_COLUMNS.get(str(key).casefold(), ""): _toml_text(value) for key, value in row.items()}


def _toml_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _treatments(where: str, row: Mapping[str, str], products: Products, today: date | None) -> tuple[Treatment, ...]:
    day = parse_day(row.get("day", ""), where)
    if today is not None and day > today:
        raise InputError(
            f"{where}: the treatment on {day.isoformat()} lies in the future.", "Check the day, or leave the row out."
        )
    product = None
    if row.get("product"):
        try:
            product = products.canonical(row["product"])
        except InputError as e:
            e.message = f"{where}: {e.message[0].lower()}{e.message[1:]}"
            raise
    regions = site(row.get("region", ""), where)
    units = _units(row.get("units", ""), where)
    note = "; ".join(
        f"{name} {row[name]}" if name != "note" else row[name] for name in ("note", "lot", "dilution") if row.get(name)
    )
    share = None if units is None else units / len(regions)
    return tuple(Treatment(day, product, region, share, note) for region in regions)


def parse_day(text: str, where: str) -> date:
    """Return the day of a text: ISO (2026-03-01) or 1.3.2026; a day like 03/04/2026 has two readings and is refused."""
    t = text.strip()
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", t)
    dotted = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", t)
    slashed = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", t)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        if slashed:
            a, b, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
            if a <= 12 and b <= 12 and a != b:
                raise InputError(
                    f"{where}: the day {t!r} can be read in two ways.", "Write it as year-month-day, like 2026-03-04."
                )
            return date(year, b, a) if a > 12 else date(year, a, b)
    except ValueError as e:
        raise InputError(f"{where}: there is no day {t!r}.", "Write it as year-month-day, like 2026-03-04.") from e
    problem = "no day is given" if not t else f"the day {t!r} is not understood"
    raise InputError(f"{where}: {problem}.", "Write it as year-month-day, like 2026-03-04.")


def site(text: str, where: str) -> tuple[Region | None, ...]:
    """Return the regions of a site as written; (None,) for every region."""
    plain = re.sub(r"[’'`´]", "", text.strip().casefold())
    plain = re.sub(r"[\s_\-(),]+", " ", plain).strip()
    if plain in _SITES:
        return _SITES[plain]
    known = ", ".join(r.value for r in Region)
    raise InputError(f"{where}: the region {text!r} is not known.", f"Use one of {known}, or leave it empty for all.")


def _units(text: str, where: str) -> float | None:
    t = re.sub(r"\s*(units?|u|e|einheiten|iu|ie)\.?$", "", text.strip().casefold())
    if not t:
        return None
    if re.fullmatch(r"\d+(?:[.,]\d{1,2})?", t):
        units = float(t.replace(",", "."))
        if units > 0:
            return units
    raise InputError(
        f"{where}: the units {text!r} are not a number above zero.", "Write a number like 20, or leave it empty."
    )
