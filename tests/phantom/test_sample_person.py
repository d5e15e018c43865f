from __future__ import annotations

import csv
import datetime as dt
import math
from typing import Any

import pytest
from PIL import Image

from wearoff import sample
from wearoff.phantom.course import CourseLaw, mean_wear_off_day
from wearoff.terms import OWN_EXPRESSION, Expression, Region

TRUTH = sample.truth()
PHOTOS: list[dict[str, Any]] = TRUTH["photos"]


def test_there_are_eight_timepoints_of_four_expressions_and_no_other_files() -> None:
    seen = [(photo["day"], photo["expression"]) for photo in PHOTOS]
    days = sorted({day for day, _ in seen})
    assert len(days) == 8
    assert days[0] < 0
    assert sorted(seen) == sorted((day, e) for day in days for e in ("rest", "frown", "raise", "smile"))
    with sample.folder() as folder:
        assert {path.name for path in (folder / "photos").iterdir()} == {photo["file"] for photo in PHOTOS}


def test_all_photos_together_stay_below_eight_megabytes() -> None:
    with sample.folder() as folder:
        assert sum(path.stat().st_size for path in (folder / "photos").iterdir()) <= 8_000_000


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: photo["file"])
def test_a_photo_carries_its_day_and_no_place(photo: dict[str, Any]) -> None:
    taken = dt.datetime.fromisoformat(photo["taken"])
    assert (taken.date() - dt.date.fromisoformat(TRUTH["treated"])).days == photo["day"]
    with sample.folder() as folder, Image.open(folder / "photos" / photo["file"]) as image:
        image.load()
        exif = image.getexif()
        assert exif.get_ifd(0x8769)[0x9003] == taken.strftime("%Y:%m:%d %H:%M:%S")
        assert not exif.get_ifd(0x8825)
        assert photo["file"] == taken.strftime("IMG_%Y%m%d_%H%M%S.jpg")
        for x, y in photo["landmarks_px"].values():
            assert 0 < x < image.width
            assert 0 < y < image.height
        assert photo["px_per_mm"] >= 4.9


def test_the_forecast_is_a_real_one() -> None:
    last = max(photo["day"] for photo in PHOTOS)
    days = sample.key()
    assert days.treated + dt.timedelta(days=last) <= days.today < days.wear_off
    laws = [CourseLaw(**law) for law in TRUTH["laws"].values()]
    assert mean_wear_off_day(laws) == pytest.approx(TRUTH["wear_off_day"], abs=0.05)
    assert 110 <= TRUTH["wear_off_day"] <= 125


@pytest.mark.parametrize("region", list(Region))
def test_lines_and_movement_follow_the_course(region: Region) -> None:
    law = CourseLaw(**TRUTH["laws"][region.value])
    own = [photo for photo in PHOTOS if photo["expression"] == OWN_EXPRESSION[region].value]
    first = own[0]
    per_depth = first["severity"][region.value]["dynamic_mm3"] / first["contraction"][region.value]
    for photo in own:
        contraction = photo["contraction"][region.value]
        # effort differs between photos by a few hundredths
        assert contraction == pytest.approx(1 - law.effect(photo["day"]), rel=0.08)
        assert photo["severity"][region.value]["dynamic_mm3"] == pytest.approx(per_depth * contraction, rel=1e-3)
        assert photo["severity"][region.value]["static_mm3"] == first["severity"][region.value]["static_mm3"]
    if region is Region.GLABELLA:
        key = "frown_approach"
    elif region is Region.FOREHEAD:
        key = "brow_raise_left"
    else:
        key = region.value.replace("crows_feet", "canthus")
    per_mm = first["excursion_mm"][key] / first["contraction"][region.value]
    assert per_mm > 1.0
    for photo in own:
        # the lids add or take up to a twentieth of a millimetre at the eye corner
        assert photo["excursion_mm"][key] == pytest.approx(per_mm * photo["contraction"][region.value], abs=0.08)


def test_at_rest_only_static_lines_and_no_movement_remain() -> None:
    for photo in PHOTOS:
        if photo["expression"] == Expression.REST.value:
            assert all(part["dynamic_mm3"] == 0 for part in photo["severity"].values())
            assert all(math.fabs(mm) < 0.1 for mm in photo["excursion_mm"].values())


def test_the_table_of_treatments_names_the_day_and_known_regions() -> None:
    with sample.folder() as folder, (folder / "treatments.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {row["day"] for row in rows} == {TRUTH["treated"]}
    assert {row["region"] for row in rows} == {region.value for region in Region}
    assert all(float(row["units"]) > 0 for row in rows)
