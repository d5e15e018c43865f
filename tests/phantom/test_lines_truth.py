from __future__ import annotations

import numpy as np
import pytest

from wearoff.phantom.lines import Family, Sheet, Stroke, crows_feet, draw, forehead_lines, glabellar_lines

SHEET = Sheet(left_mm=-70, top_mm=80, width_mm=140, height_mm=120, px_per_mm=6)


def straight(length_mm: float, half_width_mm: float) -> Stroke:
    course = np.stack([np.linspace(-length_mm / 2, length_mm / 2, 50), np.full(50, 40.0)], axis=1)
    return Stroke(course, np.ones(50), half_width_mm)


def test_the_volume_of_a_straight_groove_is_that_of_its_profile() -> None:
    groove, _ = draw(SHEET, [straight(40.0, 0.6)])
    volume = float(groove.sum()) / SHEET.px_per_mm**2
    # a Gaussian groove: depth · length · half width · sqrt(pi), and rounded ends
    assert volume == pytest.approx(40.0 * 0.6 * np.sqrt(np.pi), rel=0.06)
    assert groove.max() == pytest.approx(1.0, abs=0.02)


def test_a_groove_lies_where_it_was_drawn() -> None:
    groove, _ = draw(SHEET, [straight(40.0, 0.6)])
    u, v = SHEET.grid()
    assert float((v * groove).sum() / groove.sum()) == pytest.approx(40.0, abs=0.1)
    assert float((u * groove).sum() / groove.sum()) == pytest.approx(0.0, abs=0.1)


def test_relief_goes_down_in_the_groove_and_up_beside_it() -> None:
    _, relief = draw(SHEET, [straight(40.0, 0.6)])
    column = relief[:, SHEET.shape[1] // 2]
    assert column.min() < -0.9
    assert column.max() > 0.02


@pytest.mark.parametrize("drawn", ["forehead", "glabella", "crows_feet"])
def test_every_family_is_drawn_the_same_from_the_same_seed_and_lies_in_its_region(drawn: str) -> None:
    def family(seed: int) -> list[Stroke]:
        rng = np.random.default_rng(seed)
        if drawn == "forehead":
            return forehead_lines(rng)
        if drawn == "glabella":
            return glabellar_lines(rng)
        return crows_feet(rng, np.array([40.0, -3.0]))

    once, again, other = (draw(SHEET, family(seed))[0] for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    points = np.concatenate([stroke.course_mm for stroke in family(1)])
    low, high = {
        "forehead": ((-60, 24), (60, 75)),
        "glabella": ((-16, 0), (16, 36)),
        "crows_feet": ((40, -30), (78, 24)),
    }[drawn]
    assert (points >= low).all()
    assert (points <= high).all()


def test_severity_grows_with_contraction_and_keeps_its_static_part() -> None:
    family = Family("forehead", (straight(40, 0.6),), static_mm=0.1, dynamic_mm=0.5)
    depths = [family.depth_mm(c) for c in np.linspace(0, 1, 6)]
    assert depths[0] == 0.1
    assert depths == sorted(depths)
    assert depths[-1] == pytest.approx(0.6)
