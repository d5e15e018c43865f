"""Values refuse what cannot be, and effects carry the right errors."""

from datetime import date

import numpy as np
import pytest

from wearoff.course import (
    Grade,
    NoSuppression,
    ObservationError,
    PhotoEffect,
    Suppression,
    Treatment,
    WornOff,
    load_products,
    suppressed_share,
)
from wearoff.course.products import UnknownProductError
from wearoff.terms import EffectScale
from wearoff.units import Measured

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("effect", [7.0, 60.0, -3.0, float("nan")])
def test_an_effect_that_cannot_be_is_refused(effect: float) -> None:
    with pytest.raises(ObservationError, match="cannot be"):
        PhotoEffect(DAY, None, EffectScale.LINES, effect, 0.1)


@pytest.mark.parametrize("sd", [0.0, -0.1, float("inf")])
def test_a_photo_without_a_standard_deviation_is_refused(sd: float) -> None:
    with pytest.raises(ObservationError, match="standard deviation"):
        PhotoEffect(DAY, None, EffectScale.LINES, 0.5, sd)


def test_grades_units_and_reports_are_checked() -> None:
    with pytest.raises(ObservationError, match="grade"):
        Grade(DAY, None, 4)
    with pytest.raises(ObservationError, match="Units"):
        Treatment(DAY, units=0)
    with pytest.raises(ObservationError, match="days"):
        WornOff(DAY, 0)


def test_suppressed_share_agrees_with_sampling() -> None:
    baseline, now = Measured(10.0, 0.5), Measured(4.0, 0.4)
    share = suppressed_share(baseline, now)
    assert isinstance(share, Suppression)
    rng = np.random.default_rng(0)
    drawn = 1 - rng.normal(4.0, 0.4, 200_000) / rng.normal(10.0, 0.5, 200_000)
    assert share.effect == pytest.approx(0.6)
    assert share.total_sd == pytest.approx(drawn.std(), rel=0.05)
    assert share.smallest_detectable == pytest.approx(1.96 * np.hypot(0.04, 0.05))


def test_nothing_to_suppress_gives_a_reason() -> None:
    assert isinstance(suppressed_share(Measured(1.0, 0.5), Measured(0.5, 0.5)), NoSuppression)


@pytest.mark.parametrize(
    ("written", "generic"),
    [
        ("Botox", "onabotulinumtoxinA"),
        ("  vistabel® ", "onabotulinumtoxinA"),
        ("DYSPORT", "abobotulinumtoxinA"),
        ("incobotulinumtoxina", "incobotulinumtoxinA"),
        ("botox_cosmetic", "onabotulinumtoxinA"),
        ("daxi", "daxibotulinumtoxinA"),
    ],
)
def test_products_are_found_by_brand_and_short_name(written: str, generic: str) -> None:
    assert load_products().canonical(written) == generic


def test_an_unknown_product_names_the_known_ones() -> None:
    with pytest.raises(UnknownProductError) as caught:
        load_products().canonical("smoothex")
    assert "onabotulinumtoxinA" in caught.value.advice
