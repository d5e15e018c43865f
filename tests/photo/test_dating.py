"""Which day a photo was taken: the rules, as tables that can be read aloud."""

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making_photos import exif_block, heic, saved, scene

from wearoff.photo import DaySource, Reason, read_photo
from wearoff.photo.dating import Taken, day_of_exif, day_of_name, taken_of
from wearoff.photo.exif import Exif, read_exif

FIRST_OF_MARCH = date(2026, 3, 1)
MORNING = time(8, 15, 2)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        # phones
        ("IMG_20260301_081502.jpg", MORNING),
        ("IMG_20260301_081502_1.jpg", MORNING),
        ("IMG_20260301_081502123.jpg", MORNING),
        ("20260301_081502.jpg", MORNING),
        ("20260301_081502(0).heic", MORNING),
        ("20260301081502.jpg", MORNING),
        ("BURST20260301081502123.jpg", MORNING),
        ("MVIMG_20260301_081502.jpg", MORNING),
        ("WIN_20260301_08_15_02_Pro.jpg", MORNING),
        ("PXL_20260301_081502123.jpg", None),  # universal time: the day holds, the hour does not
        ("PXL_20260301_081502123.PORTRAIT.jpg", None),
        # screenshots
        ("Screenshot_20260301-081502_Photos.png", MORNING),
        ("Screenshot_2026-03-01-08-15-02-123_com.app.png", MORNING),
        ("Screenshot 2026-03-01 at 08.15.02.png", MORNING),
        ("Screenshot 2026-03-01 at 08.15.02 PM.png", None),  # a twelve-hour clock is not guessed at
        # messengers (the day it was sent)
        ("IMG-20260301-WA0001.jpg", None),
        ("WhatsApp Image 2026-03-01 at 08.15.02.jpeg", MORNING),
        ("signal-2026-03-01-08-15-02-123.jpg", MORNING),
        ("signal-2026-03-01-081502.jpg", MORNING),
        ("photo_2026-03-01_08-15-02.jpg", MORNING),
        # people
        ("2026-03-01.jpg", None),
        ("2026-03-01 frown.jpg", None),
        ("2026_03_01 smile.png", None),
        ("2026.03.01.jpg", None),
        ("rest 2026-03-01 (2).jpg", None),
        ("anna-20260301.jpg", None),
        ("visit 2/2026-03-01.jpg", None),
        ("2026-03-01 copy of 20260301.jpg", None),  # twice the same day is one day
    ],
)
def test_a_file_name_tells_the_first_of_march(name: str, moment: time | None) -> None:
    assert day_of_name(name) == Taken(FIRST_OF_MARCH, DaySource.FILE_NAME, moment)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("13.03.2026.jpg", date(2026, 3, 13)),
        ("03-13-2026.jpg", date(2026, 3, 13)),
        ("Foto 31.1.2026.jpg", date(2026, 1, 31)),
        ("04.04.2026.jpg", date(2026, 4, 4)),
    ],
)
def test_a_day_with_its_year_last_counts_where_it_can_only_be_read_in_one_way(name: str, day: date) -> None:
    assert day_of_name(name) == Taken(day, DaySource.FILE_NAME)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("IMG_1234.jpg", "a running number"),
        ("DSC00012.JPG", "a running number"),
        ("frown.jpg", "no digits"),
        ("03.04.2026.jpg", "3 April or 4 March"),
        ("2026-03.jpg", "a month"),
        ("20260230_081502.jpg", "30 February"),
        ("2026-13-01.jpg", "month 13"),
        ("2026-03-01 edited 2026-05-02.jpg", "two days"),
        ("FB_IMG_1677654321098.jpg", "a counter of seconds"),
        ("120260301.jpg", "digits run on in front"),
        ("202603011.jpg", "digits run on behind"),
        ("19700101_000000.jpg", "a clock that was never set"),
        ("2026-03-01/IMG_1234.jpg", "the folder's name is not the photo's"),
        ("", "nothing at all"),
    ],
)
def test_a_file_name_that_does_not_tell_is_not_guessed_at(name: str, why: str) -> None:
    assert day_of_name(name) is None, why


@pytest.mark.parametrize(
    ("original", "digitized", "day"),
    [
        ("2026:03:01 08:15:02", "", FIRST_OF_MARCH),
        ("2026:03:01 08:15:02", "2026:04:09 10:00:00", FIRST_OF_MARCH),  # the original is the moment itself
        ("", "2026:03:01 08:15:02", FIRST_OF_MARCH),
        ("0000:00:00 00:00:00", "2026:03:01 08:15:02", FIRST_OF_MARCH),
        ("2026-03-01T08:15:02", "", FIRST_OF_MARCH),
        ("0000:00:00 00:00:00", "", None),
        ("    :  :     :  :  ", "", None),
        ("1970:01:01 00:00:00", "", None),
        ("1980:01:01 00:03:11", "", None),
        ("2000:01:01 00:00:00", "", None),
        ("2026:02:30 08:15:02", "", None),
        ("yesterday", "", None),
    ],
)
def test_the_camera_tells_the_day_unless_its_clock_was_never_set(
    original: str, digitized: str, day: date | None
) -> None:
    taken = day_of_exif(Exif(original=original, digitized=digitized))
    assert (taken and taken.day) == day
    assert taken is None or taken.source is DaySource.EXIF


@pytest.mark.parametrize(
    ("name", "camera", "stated", "expected"),
    [
        # nothing known: no guess
        ("a.jpg", "", None, None),
        # the camera before the file name
        ("a.jpg", "2026:03:01 08:15:02", None, Taken(FIRST_OF_MARCH, DaySource.EXIF, MORNING)),
        ("2026-03-01.jpg", "2026:03:01 08:15:02", None, Taken(FIRST_OF_MARCH, DaySource.EXIF, MORNING)),
        # one day apart is a time zone
        ("2026-03-02.jpg", "2026:03:01 08:15:02", None, Taken(FIRST_OF_MARCH, DaySource.EXIF, MORNING)),
        # more is a conflict, and both days stay visible
        (
            "2026-03-03.jpg",
            "2026:03:01 08:15:02",
            None,
            Taken(FIRST_OF_MARCH, DaySource.EXIF, MORNING, conflict=date(2026, 3, 3)),
        ),
        # what the user wrote comes first and settles a conflict
        ("2026-03-03.jpg", "2026:03:01 08:15:02", date(2026, 2, 27), Taken(date(2026, 2, 27), DaySource.DATES_CSV)),
        ("a.jpg", "2026:03:01 08:15:02", FIRST_OF_MARCH, Taken(FIRST_OF_MARCH, DaySource.DATES_CSV, MORNING)),
        # a broken clock does not stand in the way of the file name
        ("2026-03-01.jpg", "1980:01:01 00:00:00", None, Taken(FIRST_OF_MARCH, DaySource.FILE_NAME)),
    ],
)
def test_which_source_wins(name: str, camera: str, stated: date | None, expected: Taken | None) -> None:
    assert taken_of(name, Exif(original=camera), stated) == expected


@pytest.mark.parametrize("order", ["<", ">"], ids=["little endian", "big endian"])
def test_the_day_is_read_out_of_every_kind_of_file(order: str) -> None:
    block = exif_block(original="2026:03:01 08:15:02", order=order)
    image = scene()
    files = {
        "JPEG": saved(image, exif=block),
        "PNG": saved(image, "PNG", exif=block[6:]),
        "WebP": saved(image, "WEBP", exif=block),
        "HEIC": heic(image, exif=block),
        "TIFF": saved(image, "TIFF", exif=block),
    }
    for kind, data in files.items():
        assert read_photo(data, "a").taken == Taken(FIRST_OF_MARCH, DaySource.EXIF, MORNING), kind


def test_a_day_in_the_future_is_rejected_and_says_who_claims_it() -> None:
    today = date(2026, 2, 28)
    by_name = read_photo(saved(scene()), "2026-03-01.jpg", today=today)
    assert (by_name.reason, by_name.detail) == (Reason.DAY_IN_FUTURE, "the file name says 2026-03-01")
    by_camera = read_photo(saved(scene(), exif=exif_block(original="2026:03:01 08:15:02")), "a.jpg", today=today)
    assert by_camera.detail == "the camera says 2026-03-01"
    assert by_camera.taken.day == FIRST_OF_MARCH


def test_today_is_not_the_future_and_without_today_nothing_is() -> None:
    assert read_photo(saved(scene()), "2026-03-01.jpg", today=FIRST_OF_MARCH)
    assert read_photo(saved(scene()), "2126-03-01.jpg") is not None


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_file_name_is_too_odd(name: str) -> None:
    taken = day_of_name(name)
    assert taken is None or taken.source is DaySource.FILE_NAME


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.dates(min_value=date(2000, 1, 2), max_value=date(2099, 12, 31)), st.times())
def test_every_moment_survives_the_way_through_a_file_name(day: date, clock: time) -> None:
    moment = datetime.combine(day, clock)
    for pattern in ("IMG_%Y%m%d_%H%M%S.jpg", "photo_%Y-%m-%d_%H-%M-%S.jpg", "%Y%m%d%H%M%S.jpg"):
        taken = day_of_name(moment.strftime(pattern))
        assert taken == Taken(day, DaySource.FILE_NAME, moment.time().replace(microsecond=0)), pattern


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_a_broken_exif_block_never_raises(junk: bytes, at: int, value: int) -> None:
    whole = bytearray(exif_block(orientation=6, original="2026:03:01 08:15:02"))
    whole[at % len(whole)] = value
    for block in (bytes(whole), bytes(whole)[: at % len(whole)], b"II*\0" + junk, b"Exif\0\0MM\0*" + junk):
        assert 1 <= read_exif(block).orientation <= 8
