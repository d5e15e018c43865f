"""The table of days a user writes by hand or out of a spreadsheet."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wearoff.errors import InputError
from wearoff.photo import DaySource, parse_day, read_dates, read_photo

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 15)


@pytest.mark.parametrize(
    "content",
    [
        b"file,day\nfrown.jpg,2026-03-01\nsmile.jpg,2026-04-15\n",
        b"frown.jpg,2026-03-01\nsmile.jpg,2026-04-15\n",
        b"file;day\r\nfrown.jpg;01.03.2026\r\nsmile.jpg;15.04.2026\r\n",
        b"file\tday\nfrown.jpg\t2026-03-01\nsmile.jpg\t15/04/2026",
        b"\xef\xbb\xbffile,day\nfrown.jpg,2026-03-01\nsmile.jpg,20260415\n",
        "file;day\nfrown.jpg;2026-03-01\nsmile.jpg;2026-04-15\n".encode("utf-16"),
        b"day;note;file\n2026-03-01;first;frown.jpg\n2026-04-15;;smile.jpg\n",
        b"# my photos\n\nfile, day\n  frown.jpg , 2026-03-01 08:15\n\n;;\n./smile.jpg,2026-04-15T10:00:00Z\n".replace(
            b";;\n", b",,\n"
        ),
        b'"file","day"\n"frown.jpg","2026-03-01"\n"smile.jpg","2026-04-15"\n',
        b"Datei;Datum\nfrown.jpg;1.3.2026\nsmile.jpg;15. 4. 2026\n",
    ],
)
def test_tables_as_people_write_them(tmp_path, content: bytes) -> None:
    path = tmp_path / "dates.csv"
    path.write_bytes(content)
    table = read_dates(path)
    assert (table.day_of("frown.jpg"), table.day_of("smile.jpg")) == (MARCH, APRIL)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"file,day\na.jpg,03/04/2026\n", 2, "03/04/2026 can be read as two different days"),
        (b"file,day\na.jpg,2026-03-01\nb.jpg,2026-02-30\n", 3, "2026-02-30 is not a day of the calendar"),
        (b"file,day\na.jpg,\n", 2, "an empty cell is not a day"),
        (b"file,day\na.jpg,spring\n", 2, "spring is not a day"),
        (b"file,day\na.jpg,01.03.26\n", 2, "01.03.26 is not a day"),
        (b"file,day\na.jpg\n", 2, "two columns are needed"),
        (b"file,day\n,2026-03-01\n", 2, "two columns are needed"),
        (b"file,day\na.jpg,2026-03-01\nA.JPG,2026-03-02\n", 3, "A.JPG has another day in line 2"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_line(tmp_path, content: bytes, line: int, says: str) -> None:
    path = tmp_path / "dates.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_dates(path)
    assert f"line {line}: {says}" in caught.value.message
    assert caught.value.advice


def test_a_table_that_is_no_table(tmp_path) -> None:
    with pytest.raises(InputError, match="is not a file"):
        read_dates(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="is not a file"):
        read_dates(tmp_path)
    (tmp_path / "dates.csv").write_bytes(b"PK\x03\x04\0\0\0\0")
    with pytest.raises(InputError, match="is not a text file"):
        read_dates(tmp_path / "dates.csv")
    (tmp_path / "dates.csv").write_bytes(b"a" * 4_000_001)
    with pytest.raises(InputError, match="too large"):
        read_dates(tmp_path / "dates.csv")


def test_an_empty_table_names_nothing(tmp_path) -> None:
    (tmp_path / "dates.csv").write_bytes(b"")
    assert read_dates(tmp_path / "dates.csv").rows == ()


def test_a_photo_is_found_by_its_path_before_its_bare_name(tmp_path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("file,day\nIMG_1.jpg,2026-03-01\nspring/IMG_1.jpg,2026-04-15\n")
    table = read_dates(path)
    assert table.day_of("spring/IMG_1.jpg") == APRIL
    assert table.day_of("winter/img_1.JPG") == MARCH
    assert table.day_of("Spring\\IMG_1.jpg") == APRIL
    assert table.day_of("XIMG_1.jpg") is None


def test_a_name_from_a_mac_is_the_same_name(tmp_path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("file,day\nL\u00e4cheln.jpg,2026-03-01\n", encoding="utf-8")
    assert read_dates(path).day_of("La\u0308cheln.jpg") == MARCH


def test_rows_that_fit_no_photo_or_several_are_said(tmp_path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("file,day\ngone.jpg,2026-03-01\nIMG_1.jpg,2026-03-01\n")
    gone, twice = read_dates(path).problems(["spring/IMG_1.jpg", "winter/IMG_1.jpg"])
    assert gone == "dates.csv, line 2: there is no photo named gone.jpg."
    assert twice.startswith("dates.csv, line 3: IMG_1.jpg fits 2 photos (spring/IMG_1.jpg, winter/IMG_1.jpg).")


def test_the_table_gives_the_photo_its_day(tmp_path) -> None:
    from making_photos import saved, scene

    (tmp_path / "dates.csv").write_text("a.jpg,2026-03-01\n")
    taken = read_photo(saved(scene()), "sub/a.jpg", dates=read_dates(tmp_path / "dates.csv")).taken
    assert (taken.day, taken.source) == (MARCH, DaySource.DATES_CSV)


def test_parse_day_refuses_what_can_be_read_in_two_ways() -> None:
    assert parse_day("04/04/2026") == date(2026, 4, 4)
    assert parse_day("03-13-2026") == date(2026, 3, 13)
    assert parse_day("2026/03/04") == date(2026, 3, 4)
    with pytest.raises(ValueError, match="two different days"):
        parse_day("03-04-2026")


CELLS = st.sampled_from(
    [
        "a.jpg",
        "b.jpg",
        "2026-03-01",
        "03/04/2026",
        "1.3.2026",
        "31.02.2026",
        '"',
        "",
        "file",
        "day",
        "#",
        "\x00",
        "\r",
        "ä",
    ]
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=5), st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-16"]))
def test_any_table_gives_days_or_words(tmp_path_factory, rows, delimiter: str, encoding: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode(encoding))
    with suppress(InputError):
        table = read_dates(path)
        assert all(table.day_of(row.file) for row in table.rows)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_give_a_table_or_words(tmp_path_factory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(data)
    with suppress(InputError):
        assert read_dates(path).source == "bytes.csv"
