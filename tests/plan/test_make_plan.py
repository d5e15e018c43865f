"""The plan keeps the least interval, says why, and asks for photos when they help."""

from datetime import date, timedelta

import numpy as np
import pytest

from wearoff.course import Bank, Particles, PhotoEffect, Treatment, forecast
from wearoff.plan import Booking, around, clinic_day, make_plan, next_photo, photo_values
from wearoff.terms import EffectScale, Region

START = date(2026, 3, 2)
G, LINES = Region.GLABELLA, EffectScale.LINES


def on(day: int) -> date:
    return START + timedelta(days=day)


def test_words() -> None:
    said = around(date(2026, 4, 20), date(2026, 4, 6), date(2026, 5, 9), date(2026, 3, 1))
    assert said == "around 20 April, most likely between 6 April and 9 May"
    assert around(date(2027, 1, 2), date(2026, 12, 6), date(2027, 1, 9), date(2026, 11, 1)).startswith(
        "around 2 January 2027"
    )


def test_maintenance_respects_the_least_interval(bank: Bank) -> None:
    fast = [PhotoEffect(on(d), G, LINES, e, 0.06) for d, e in ((20, 0.6), (40, 0.3), (55, 0.1))]
    course = forecast([Treatment(START, None, G)], fast, today=on(56), bank=bank)
    plan = make_plan(course, today=on(56))
    assert plan.maintenance is not None
    assert plan.maintenance.start >= on(84)
    assert "12 weeks" in plan.maintenance.reason
    sooner = make_plan(course, today=on(56), min_interval_days=60)
    assert sooner.maintenance is not None
    assert on(60) <= sooner.maintenance.start < on(84)


def test_window_lies_around_the_wear_off_day_and_not_in_the_past(bank: Bank) -> None:
    course = forecast([Treatment(START, "onabotulinumtoxinA", G, 20)], [], today=on(130), bank=bank)
    plan = make_plan(course, today=on(130))
    assert plan.maintenance is not None
    assert on(130) <= plan.maintenance.start <= plan.maintenance.best <= plan.maintenance.end
    assert "other people" in plan.maintenance.reason


def test_without_a_treatment_the_plan_says_so(bank: Bank) -> None:
    plan = make_plan(forecast([], [], today=on(3), bank=bank), today=on(3))
    assert plan.maintenance is None
    assert "treatment day" in plan.reason


def test_exercise_line_calls_custom_custom(bank: Bank) -> None:
    plan = make_plan(forecast([Treatment(START)], [], today=START, bank=bank), today=START)
    assert plan.exercise_free is not None
    assert plan.exercise_free.until == on(2)
    assert "not proven" in plan.exercise_free.reason


@pytest.mark.parametrize("weekday", range(7))
def test_clinic_day_is_a_working_day(weekday: int) -> None:
    booking = Booking(14, (1, 3), on(10))
    day = clinic_day(on(20 + weekday), booking, on(15))
    assert day.weekday() in (1, 3)
    assert day >= on(15)
    assert abs((day - on(20 + weekday)).days) <= 3


def test_the_next_photo_comes_late_enough_to_tell_and_early_enough_to_book(bank: Bank) -> None:
    course = forecast([Treatment(START, "onabotulinumtoxinA", G, 20)], [], today=on(20), bank=bank)
    assert course.overall is not None
    booking = Booking(14, (0, 1, 2, 3, 4), START)
    value = next_photo(course.overall.particles, START, on(20), booking)
    assert value is not None
    assert 50 <= (value.day - START).days <= 95
    assert value.error_with < value.error_without
    late = next_photo(course.overall.particles, START, on(20), Booking(42, (0, 1, 2, 3, 4), START))
    assert late is None or late.day < value.day


def test_a_photo_that_shows_nothing_adds_nothing() -> None:
    gone = np.linspace(80, 140, 200)
    days = np.arange(0, 160.0)
    same = np.full((200, 160), 0.5)
    told = np.clip(1 - days[None, :] / (2 * gone[:, None]), 0, 1)
    booking = Booking(7, (0, 1, 2, 3, 4), START)
    blind = photo_values(Particles(days, same, gone, 0.0), START, on(1), booking, [on(70)], 0.1)[0]
    seeing = photo_values(Particles(days, told, gone, 0.0), START, on(1), booking, [on(70)], 0.02)[0]
    assert blind.error_with == pytest.approx(blind.error_without, rel=0.02)
    assert seeing.error_with < 0.7 * seeing.error_without
