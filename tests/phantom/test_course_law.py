from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wearoff.phantom.course import CourseLaw, mean_wear_off_day

LAW = CourseLaw(peak=0.85, onset_days=3.5, half_days=112.0, steepness=4.0)


@pytest.mark.parametrize(
    ("day", "by_hand"),
    [
        (-4, 0.0),
        (0, 0.0),
        (7, 0.85 * (1 - math.exp(-(2**1.5))) * (1 + math.exp(-4)) / (1 + math.exp(4 * (7 / 112 - 1)))),
        (112, 0.85 * (1 + math.exp(-4)) / 2),
    ],
)
def test_effect_is_the_written_formula(day: float, by_hand: float) -> None:
    assert LAW.effect(day) == pytest.approx(by_hand, abs=1e-12)


@given(
    st.floats(0.3, 1.0),
    st.floats(1.0, 6.0),
    st.floats(60, 180),
    st.floats(2.5, 8.0),
    st.sampled_from([0.25, 0.5, 0.75]),
)
def test_on_the_wear_off_day_the_share_to_keep_is_left(
    a: float, tau: float, half: float, h: float, keep: float
) -> None:
    law = CourseLaw(a, tau, half, h)
    peak_day, peak = law.highest()
    day = law.wear_off_day(keep)
    assert day > peak_day
    assert law.effect(day) == pytest.approx(keep * peak, rel=1e-6)
    assert law.effect(day + 1) < keep * peak < law.effect(day - 1)


def test_the_mean_of_alike_courses_wears_off_with_them_and_of_different_ones_between() -> None:
    slow = CourseLaw(half_days=130.0)
    assert mean_wear_off_day([LAW, LAW]) == pytest.approx(LAW.wear_off_day(), abs=0.06)
    assert LAW.wear_off_day() < mean_wear_off_day([LAW, slow]) < slow.wear_off_day()


def test_an_impossible_course_is_refused() -> None:
    with pytest.raises(ValueError, match="not a course"):
        CourseLaw(peak=1.2)
