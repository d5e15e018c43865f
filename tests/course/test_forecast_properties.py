"""What must hold for every forecast, tried on many that nobody thought of."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wearoff.course import AreaCourse, Bank, Grade, Observation, PhotoEffect, StillFine, Treatment, WornOff, forecast
from wearoff.course.quick import QuickCourse, quick_course
from wearoff.course.workbench import Workbench
from wearoff.plan import Booking, photo_values
from wearoff.terms import EffectScale, Region

START = date(2026, 3, 1)
G = Region.GLABELLA
EVERY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

effects = st.floats(-0.3, 1.0).map(lambda v: round(v, 3))
sds = st.floats(0.02, 0.3).map(lambda v: round(v, 3))
photos = st.builds(
    lambda day, scale, effect, sd: (day, ("photo", scale, effect, sd)),
    st.integers(1, 150), st.sampled_from([EffectScale.LINES, EffectScale.EXCURSION]), effects, sds,
)  # fmt: skip
reports = st.one_of(
    st.tuples(st.integers(1, 150), st.tuples(st.just("grade"), st.integers(0, 3))),
    st.tuples(st.integers(30, 150), st.tuples(st.just("worn_off"), st.floats(3, 20))),
    st.tuples(st.integers(1, 120), st.tuples(st.just("still_fine"))),
)
histories = st.lists(st.one_of(photos, photos, reports), min_size=0, max_size=7)


def observations(rows: list, start: date = START) -> list[Observation]:
    out: list[Observation] = []
    for day, what in rows:
        on = start + timedelta(days=day)
        if what[0] == "photo":
            out.append(PhotoEffect(on, G, *what[1:]))
        elif what[0] == "grade":
            out.append(Grade(on, G, what[1]))
        elif what[0] == "worn_off":
            out.append(WornOff(on, what[1], G))
        else:
            out.append(StillFine(on, G))
    return out


@pytest.fixture(scope="module")
def bench(bank: Bank) -> Workbench:
    return Workbench(bank)


def run(
    bench: Workbench, seen: list[Observation], start: date = START, keep: float = 0.5, units: float | None = 20
) -> QuickCourse:
    treatments = [Treatment(start, "onabotulinumtoxinA", G, units)]
    found = quick_course(bench, "glabella", treatments, seen, start + timedelta(days=150), keep)
    assert found is not None
    return found


@EVERY
@given(rows=histories, shift=st.integers(-4000, 4000))
def test_shifting_all_days_shifts_the_answer(bench: Workbench, rows: list, shift: int) -> None:
    here = run(bench, observations(rows))
    start = START + timedelta(days=shift)
    there = run(bench, observations(rows, start), start)
    assert np.array_equal(here.wear_off.quantiles, there.wear_off.quantiles)
    assert here.effect_today == there.effect_today
    assert (there.wear_off.median - here.wear_off.median).days == shift


@EVERY
@given(rows=histories.filter(lambda r: len(r) > 1), data=st.data())
def test_the_order_of_observations_is_irrelevant(bench: Workbench, rows: list, data: st.DataObject) -> None:
    here = run(bench, observations(rows))
    there = run(bench, observations(data.draw(st.permutations(rows))))
    assert np.allclose(here.wear_off.quantiles, there.wear_off.quantiles, atol=0.3)
    assert here.effect_today.mean == pytest.approx(there.effect_today.mean, abs=2e-3)


@EVERY
@given(rows=histories, low=st.floats(0.1, 0.9), high=st.floats(0.1, 0.9))
def test_a_lower_level_to_keep_is_never_reached_earlier(bench: Workbench, rows: list, low: float, high: float) -> None:
    low, high = sorted((round(low, 2), round(high, 2)))
    seen = observations(rows)
    assert np.all(
        run(bench, seen, keep=low).wear_off.quantiles >= run(bench, seen, keep=high).wear_off.quantiles - 1e-6
    )


@EVERY
@given(units=st.floats(5, 80), more=st.floats(1, 3), keep=st.floats(0.2, 0.8))
def test_more_units_never_shorten(bench: Workbench, units: float, more: float, keep: float) -> None:
    """Before anything was seen. Given the same photos a stronger start may well mean a faster loss."""
    few, many = (run(bench, [], keep=round(keep, 2), units=u).wear_off.quantiles for u in (units, units * more))
    assert np.all(many >= few - 1e-6)


@EVERY
@given(rows=histories)
def test_quantiles_and_bands_are_in_order(bench: Workbench, rows: list) -> None:
    c = run(bench, observations(rows))
    assert np.all(np.diff(c.wear_off.quantiles) >= 0)
    e = c.effect_today
    assert e.lo90 <= e.lo50 <= e.hi50 <= e.hi90
    assert np.all(np.isfinite(c.wear_off.quantiles))


@EVERY
@given(day=st.integers(35, 110), sd=st.floats(0.02, 0.1), vaguer=st.floats(1.5, 4))
def test_a_vaguer_photo_of_what_was_expected_never_narrows(
    bench: Workbench, day: int, sd: float, vaguer: float
) -> None:
    """A photo that shows the expected: the vaguer it is, the wider the interval (a surprising one may widen it)."""
    expected = float(unseen(bench.bank).curve.mean[day])
    seen = [[PhotoEffect(START + timedelta(days=day), G, EffectScale.LINES, expected, s)] for s in (sd, sd * vaguer)]
    sharp, vague = (run(bench, s).wear_off for s in seen)
    # The crowd is finite: its interval is known to some 3 %.
    assert vague.days(0.95) - vague.days(0.05) >= 0.95 * (sharp.days(0.95) - sharp.days(0.05))


@EVERY
@given(day=st.integers(35, 110), sd=st.floats(0.03, 0.15), vaguer=st.floats(1.2, 4), lead=st.integers(0, 28))
def test_a_vaguer_photo_never_helps_the_booking_more(
    bench: Workbench, day: int, sd: float, vaguer: float, lead: int
) -> None:
    """On average over what it may show, which is the sense in which it holds for every photo."""
    particles = unseen(bench.bank).particles
    booking = Booking(lead, (0, 1, 2, 3, 4, 5, 6), START)
    on = START + timedelta(days=day)
    sharp, vague = (photo_values(particles, START, START, booking, [on], s)[0] for s in (sd, sd * vaguer))
    assert vague.error_with >= sharp.error_with - 0.35


@cache
def unseen(bank: Bank) -> AreaCourse:
    """The forecast before anything was seen."""
    c = forecast([Treatment(START, "onabotulinumtoxinA", G, 20)], [], today=START, bank=bank)
    assert c.overall is not None
    return c.overall
