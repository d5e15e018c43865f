"""What the manual tells people about their photos is what the program does."""

import re
from datetime import date
from pathlib import Path

import pytest

from wearoff.photo import Reason, parse_day, read_dates
from wearoff.photo.dating import day_of_name

PAGE = (Path(__file__).parents[2] / "docs/how-to/take-photos.md").read_text(encoding="utf-8")


def test_every_message_the_manual_quotes_is_one_the_program_gives() -> None:
    quoted = re.findall(r'^\| "(.+?)" \|', PAGE, re.MULTILINE)
    assert len(quoted) >= 8
    said = [reason.words for reason in Reason]
    assert [words for words in quoted if not any(one.startswith(words) for one in said)] == []


@pytest.mark.parametrize("name", re.findall(r"`([^`\n]*\d{4}-?\d\d-?\d\d[^`\n]*)`", PAGE))
def test_the_file_names_in_the_manual_tell_their_day(name: str) -> None:
    assert day_of_name(name).day == date(2026, 3, 1)


def test_the_table_in_the_manual_is_one_the_program_reads(tmp_path: Path) -> None:
    block = re.search(r"(?:^    .+\n)+", PAGE, re.MULTILINE)[0]
    (tmp_path / "dates.csv").write_text("\n".join(line[4:] for line in block.splitlines()))
    table = read_dates(tmp_path / "dates.csv")
    assert (table.day_of("IMG_1.jpg"), table.day_of("spring/IMG_2.jpg")) == (date(2026, 3, 1), date(2026, 4, 15))


def test_the_reference_lists_every_reason_with_its_words() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/rejected-photos.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    assert rows == [f"| `{reason.value}` | {reason.words} | {reason.advice} |" for reason in Reason]


@pytest.mark.parametrize(
    ("written", "day"), [("20260301", 1), ("01.03.2026", 1), ("15/03/2026", 15), ("2026-03-01", 1)]
)
def test_the_days_in_the_reference_are_read(written: str, day: int) -> None:
    assert parse_day(written) == date(2026, 3, day)
