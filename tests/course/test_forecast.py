"""What a forecast says, and what it says when it can't."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from wearoff.course import (
    Bank,
    Course,
    Grade,
    NoteKind,
    Observation,
    ObservationError,
    PhotoEffect,
    StillFine,
    Treatment,
    WornOff,
    forecast,
)
from wearoff.course.cycles import Cycle
from wearoff.course.forecast import wear_off_of
from wearoff.course.likelihood import setting_of
from wearoff.course.posterior import infer, infer_one
from wearoff.course.workbench import Leaf, Workbench
from wearoff.terms import EffectScale, Region

START = date(2026, 3, 1)
LINES, EXCURSION = EffectScale.LINES, EffectScale.EXCURSION
GLABELLA, FOREHEAD = Region.GLABELLA, Region.FOREHEAD
ONA = "onabotulinumtoxinA"


def on(day: int) -> date:
    return START + timedelta(days=day)


def photo(
    day: int, effect: float, sd: float = 0.08, region: Region = GLABELLA, scale: EffectScale = LINES
) -> PhotoEffect:
    return PhotoEffect(on(day), region, scale, effect, sd)


def course(bank: Bank, *seen: Observation, today: int = 90, keep: float = 0.5) -> Course:
    return forecast([Treatment(START, ONA, GLABELLA, 20)], seen, today=on(today), bank=bank, keep=keep)


def median(c: Course) -> float:
    assert c.overall is not None
    return c.overall.wear_off.days(0.5)


def width(c: Course) -> float:
    assert c.overall is not None
    return c.overall.wear_off.days(0.95) - c.overall.wear_off.days(0.05)


def kinds(c: Course) -> set[NoteKind]:
    return {n.kind for n in c.notes}


def test_without_photos_it_is_the_population(bank: Bank) -> None:
    c = course(bank)
    assert 100 < median(c) < 118
    assert 90 < width(c) < 130
    assert not c.from_person
    assert NoteKind.NO_OBSERVATION in kinds(c)


def test_photos_move_it_the_right_way_and_narrow_it(bank: Bank) -> None:
    early = course(bank, photo(30, 0.6), photo(60, 0.4), photo(80, 0.2))
    late = course(bank, photo(30, 0.6), photo(60, 0.6), photo(80, 0.58))
    assert median(early) < 85 < 105 < median(late)
    assert width(early) < 0.7 * width(course(bank))


def test_movement_tells_more_than_lines(bank: Bank) -> None:
    lines = course(bank, photo(30, 0.58), photo(80, 0.45))
    both = course(
        bank, photo(30, 0.58), photo(80, 0.45), photo(30, 0.88, scale=EXCURSION), photo(80, 0.68, scale=EXCURSION)
    )
    assert width(both) < 0.85 * width(lines)
    assert both.overall is not None
    assert set(both.overall.curves) == {LINES, EXCURSION}


def test_another_region_of_the_same_person_helps(bank: Bank) -> None:
    one = course(bank, photo(80, 0.2))
    also = forecast(
        [Treatment(START, ONA)],
        [photo(80, 0.2), *(photo(d, e, region=FOREHEAD) for d, e in ((30, 0.6), (60, 0.4), (80, 0.2)))],
        today=on(90), bank=bank,
    )  # fmt: skip
    g = also.areas["glabella"].wear_off
    assert one.overall is not None
    assert g.days(0.95) - g.days(0.05) < width(one)
    assert also.overall is not None
    assert also.overall.area == "overall"
    days = sorted(a.wear_off.days(0.5) for a in also.areas.values())
    assert days[0] - 3 <= median(also) <= days[1] + 3


def test_past_cycles_teach_the_person(bank: Bank) -> None:
    treatments, seen = [], []
    for cycle in range(3):
        s = START - timedelta(days=150 * (3 - cycle))
        treatments.append(Treatment(s, ONA, GLABELLA, 20))
        for day, effect in ((30, 0.55), (60, 0.3), (90, 0.08)):
            seen.append(PhotoEffect(s + timedelta(days=day), GLABELLA, LINES, effect, 0.08))
    c = forecast([*treatments, Treatment(START, ONA, GLABELLA, 20)], seen, today=on(1), bank=bank)
    assert median(c) < 85
    assert width(c) < 0.85 * width(course(bank))
    assert c.from_person


def test_a_reported_worn_off_day_is_worth_photos(bank: Bank) -> None:
    told = course(bank, WornOff(on(75), 7, GLABELLA))
    assert abs(median(told) - 80) < 12
    assert width(told) < width(course(bank, photo(30, 0.6), photo(60, 0.4), photo(75, 0.3)))


def test_still_fine_pushes_it_back(bank: Bank) -> None:
    assert median(course(bank, StillFine(on(110)), today=111)) > median(course(bank)) + 5


def test_grades_count(bank: Bank) -> None:
    bad = course(bank, Grade(START, GLABELLA, 3), Grade(on(80), GLABELLA, 3))
    good = course(bank, Grade(START, GLABELLA, 3), Grade(on(80), GLABELLA, 1))
    assert median(bad) + 5 < median(good)


def test_touch_up_and_dose_make_it_last(bank: Bank) -> None:
    once = forecast([Treatment(START, ONA, GLABELLA, 20)], [], today=on(20), bank=bank)
    twice = forecast(
        [Treatment(START, ONA, GLABELLA, 20), Treatment(on(14), ONA, GLABELLA, 5)], [], today=on(20), bank=bank
    )
    more = forecast([Treatment(START, ONA, GLABELLA, 40)], [], today=on(20), bank=bank)
    assert 4 < median(twice) - median(once) < 18
    assert 8 < median(more) - median(once) < 40
    assert len(twice.areas) == 1
    assert twice.areas["glabella"].treated_on == START


def test_products_differ_where_trials_say_so(bank: Bank) -> None:
    daxi = forecast([Treatment(START, "daxibotulinumtoxinA", GLABELLA, 40)], [], today=on(1), bank=bank)
    assert median(daxi) > 1.15 * median(course(bank))


def test_nothing_known_is_said_not_raised(bank: Bank) -> None:
    c = forecast([], [photo(30, 0.5)], today=on(90), bank=bank)
    assert c.overall is None
    assert "treatment day" in c.reason
    assert kinds(c) == {NoteKind.NO_TREATMENT}
    untaken = forecast([Treatment(START)], [], today=on(20), bank=bank, areas=["glabella"], no_baseline=["glabella"])
    assert NoteKind.NO_BASELINE in kinds(untaken)
    assert untaken.overall is not None


def test_notes_name_the_odd_photo(bank: Bank) -> None:
    c = course(
        bank,
        photo(25, 0.6, 0.05),
        photo(40, 0.6, 0.05),
        photo(50, -0.5, 0.05),
        photo(60, 0.58, 0.05),
        photo(70, 0.55, 0.05),
    )
    odd = [n for n in c.notes if n.kind is NoteKind.OUTLIER]
    assert len(odd) == 1
    assert on(50).isoformat() in odd[0].text
    clean = course(bank, photo(25, 0.6, 0.05), photo(40, 0.6, 0.05), photo(60, 0.58, 0.05), photo(70, 0.55, 0.05))
    assert abs(median(c) - median(clean)) < 10


def test_notes_name_photos_that_cannot_tell(bank: Bank) -> None:
    assert NoteKind.ALL_BEFORE_ONSET in kinds(course(bank, photo(2, 0.2), today=3))
    assert NoteKind.NEVER_CLEAR in kinds(course(bank, photo(25, 0.0), photo(35, 0.02), photo(45, -0.05)))
    assert NoteKind.NEVER_CLEAR not in kinds(course(bank, photo(25, 0.5), photo(35, 0.5)))
    assert NoteKind.FUTURE in kinds(course(bank, photo(100, 0.5), today=90))


def test_a_bad_baseline_is_said(bank: Bank) -> None:
    seen = [
        photo(2, -0.4, 0.04),
        photo(14, 0.45, 0.04),
        photo(100, -0.2, 0.04),
        photo(150, -0.42, 0.04),
        photo(170, -0.45, 0.04),
    ]
    assert NoteKind.BAD_BASELINE in kinds(course(bank, *seen, today=180))


def test_a_second_treatment_starts_from_what_was_left(bank: Bank) -> None:
    c = forecast(
        [Treatment(START, ONA, GLABELLA), Treatment(on(60), ONA, GLABELLA)], [photo(30, 0.7)], today=on(61), bank=bank
    )
    assert NoteKind.OVERLAP in kinds(c)
    assert c.overall is not None
    assert c.overall.treated_on == on(60)
    assert c.overall.effect_today.mean > 0.3


def test_gone_by_and_levels_agree(bank: Bank) -> None:
    c = course(bank, photo(30, 0.6), photo(80, 0.4))
    assert c.overall is not None
    w = c.overall.wear_off
    assert w.gone_by(w.median) == pytest.approx(0.5, abs=0.03)
    assert w.gone_by(START) == 0.0
    assert w.gone_by(on(900)) == 1.0
    curve = c.overall.curve
    assert np.all(curve.lo90 <= curve.lo50)
    assert np.all(curve.lo50 <= curve.hi50)
    assert np.all(curve.hi50 <= curve.hi90)


def test_a_course_travels_as_json(bank: Bank) -> None:
    c = course(bank, photo(30, 0.6))
    again = json.loads(json.dumps(c.to_json()))
    assert again["overall"]["wear_off"]["keep"] == 0.5
    assert again["areas"]["glabella"]["curves"]["lines"]["days"][3] == 3


def test_a_level_that_cannot_be_kept(bank: Bank) -> None:
    with pytest.raises(ObservationError):
        course(bank, keep=1.2)


def test_the_short_way_through_the_past_agrees_with_the_long_one(bank: Bank) -> None:
    cycles = []
    for k, values in enumerate([(0.7, 0.5, 0.1), (0.6, 0.4, 0.0), (0.65, 0.3, 0.1)]):
        s = START + timedelta(days=150 * k)
        seen = tuple(
            PhotoEffect(s + timedelta(days=d), GLABELLA, LINES, e, 0.08)
            for d, e in zip((30, 70, 110), values, strict=True)
        )
        cycles.append(Cycle("glabella", s, ONA, 20.0, (), seen[: 3 - (k == 2)]))
    leaves = [Leaf(c, setting_of(bank, c)) for c in cycles]
    short = wear_off_of(infer_one(Workbench(bank), leaves), 0.5)
    long = wear_off_of(infer(bank, leaves, [2]).leaves[0], 0.5)
    for level in (0.05, 0.5, 0.95):
        assert short.days(level) == pytest.approx(long.days(level), abs=2.5)
