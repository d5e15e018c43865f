"""Treatments are read as people write them; what can't be read is named with file, line and advice."""

from datetime import date
from pathlib import Path

import pytest

from wearoff.errors import InputError
from wearoff.exchange.treatments import read_treatments
from wearoff.terms import Region


def read(tmp_path: Path, text: str, name: str = "treatments.csv", encoding: str = "utf-8") -> tuple[object, ...]:
    file = tmp_path / name
    file.write_bytes(text.encode(encoding))
    return tuple((t.day, t.product, t.region, t.units) for t in read_treatments(file))


G, ONA, DAY = Region.GLABELLA, "onabotulinumtoxinA", date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "day,product,region,units\n2026-03-01,Botox,glabella,20\n",
        "\ufeffDay;Product;Region;Units\n01.03.2026;botox;Glabella;20 U\n",
        "DATE\tUNITS\tSITE\tBRAND\n2026/03/01\t20,0\tfrown lines\tVistabel\n",
        "# mine\n\nday, product, region, units\n2026-03-01, ona, glabella, 20\n\n",
        "Datum;Produkt;Region;Einheiten\r\n1.3.2026;Botox;glabella;20\r\n",
    ],
)
def test_tables_as_people_write_them(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((DAY, ONA, G, 20.0),)


def test_only_the_day_is_needed(tmp_path: Path) -> None:
    assert read(tmp_path, "day\n2026-03-01\n") == ((DAY, None, None, None),)


def test_windows_text(tmp_path: Path) -> None:
    assert read(tmp_path, "day;note\n2026-03-01;Übung\n", encoding="cp1252") == ((DAY, None, None, None),)


def test_both_sides_share_the_units(tmp_path: Path) -> None:
    rows = read(tmp_path, "day,region,units\n2026-03-01,Crow's feet,24\n")
    assert rows == ((DAY, None, Region.CROWS_FEET_LEFT, 12.0), (DAY, None, Region.CROWS_FEET_RIGHT, 12.0))


def test_toml(tmp_path: Path) -> None:
    text = '[[treatment]]\nday = 2026-03-01\nproduct = "Botox"\nsite = "glabella"\nunits = 20\n'
    assert read(tmp_path, text, "t.toml") == ((DAY, ONA, G, 20.0),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("product\nbotox\n", "no column 'day'"),
        ("day\n03/04/2026\n", "line 2: the day '03/04/2026' can be read in two ways"),
        ("day\n2026-02-30\n", "line 2: there is no day"),
        ("day\nsoon\n", "line 2: the day 'soon' is not understood"),
        ("day,units\n2026-03-01,20\n,20\n", "line 3: no day is given"),
        ("day,product\n2026-03-01,smoothex\n", "line 2: the product 'smoothex' is not known"),
        ("day,region\n2026-03-01,knee\n", "line 2: the region 'knee' is not known"),
        ("day,units\n2026-03-01,many\n", "line 2: the units 'many'"),
        ("day,units\n2026-03-01,0\n", "line 2: the units '0'"),
        ("day,date\n2026-03-01,2026-03-01\n", "two columns mean 'day'"),
        ("day,units\n2026-03-01,20,30\n", "line 2: more cells"),
        ("day\0\n", "not a text file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert says in caught.value.message
    assert "treatments.csv" in caught.value.message
    assert caught.value.advice


def test_a_broken_toml_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not valid TOML"):
        read(tmp_path, "[[treatment", "t.toml")
    with pytest.raises(InputError, match=r"no \[\[treatment\]\]"):
        read(tmp_path, "a = 1", "t.toml")
    with pytest.raises(InputError, match="can't be read"):
        read_treatments(tmp_path / "none.csv")


def test_a_treatment_in_the_future(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("day\n2026-03-01\n2026-09-01\n")
    with pytest.raises(InputError, match="line 3: the treatment on 2026-09-01 lies in the future"):
        read_treatments(file, today=date(2026, 5, 1))
