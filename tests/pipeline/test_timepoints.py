"""From photos of known movement and known lines to the effect: the truth is what was put in."""

from datetime import date, timedelta

import numpy as np
import pytest
from faces import make_face

from wearoff.course import Treatment
from wearoff.face import CanonicalFace, ExpressionReading
from wearoff.measure import RegionLines, measure_positions
from wearoff.photo import DaySource, Taken
from wearoff.pipeline.timepoints import baseline_timepoint, make_timepoints, measure_effects
from wearoff.report.study import EffectReading, MeasuredPhoto
from wearoff.terms import OWN_EXPRESSION, EffectScale, Expression, Region

TREATED = date(2026, 3, 1)
FULL_RAISE_MM, FULL_LINES, PORES = 8.0, 1.2, 0.3
BROWS = (70, 63, 105, 66, 107, 55, 52, 53, 300, 293, 334, 296, 336, 285, 282, 283)


def lines(percent: float, *, finest: bool = True) -> RegionLines:
    values = np.full(3, percent)
    if not finest:
        values[0] = np.nan
    return RegionLines(values, np.full(3, 0.03), 1.0)


def photo(
    canonical: CanonicalFace,
    day: date,
    expression: Expression,
    *,
    share: float = 1.0,
    pose: tuple[float, float, float] = (0.0, 0.0, 0.0),
    finest: bool = True,
    name: str = "",
    strength: float = 1.0,
) -> MeasuredPhoto:
    """Return a photo in which `share` of the full movement and of the full lines is left."""
    moves = dict.fromkeys(BROWS, (0.0, FULL_RAISE_MM * share, 0.0)) if expression is Expression.RAISE else {}
    face = make_face(canonical, moves=moves, pose=pose)
    severity = {r: PORES + (FULL_LINES * share if OWN_EXPRESSION[r] is expression else 0.0) for r in Region}
    return MeasuredPhoto(
        file=name or f"{day.isoformat()}-{expression.value}.jpg",
        sha256="0" * 64,
        taken=Taken(day, DaySource.EXIF),
        face=face,
        reading=ExpressionReading(expression, {expression: strength}, relative_to_rest=True),
        lines={r: lines(v, finest=finest) for r, v in severity.items()},
        positions_mm=measure_positions(face),
        px_per_mm=4.0,
        px_per_mm_sd=0.1,
        blur_mm=0.15,
        lightness=150.0,
        landmark_sd_px=0.3,
        portrait=np.zeros(4, np.uint8),
    )


def day_set(canonical: CanonicalFace, day: date, share: float = 1.0, **how: object) -> list[MeasuredPhoto]:
    return [photo(canonical, day, e, share=share, **how) for e in Expression if e is not Expression.OTHER]  # type: ignore[arg-type]


def by_scale(effects: tuple[EffectReading, ...], region: Region, day: date) -> dict[EffectScale, EffectReading]:
    return {e.scale: e for e in effects if e.region is region and e.day == day}


@pytest.mark.parametrize("left", [0.0, 0.15, 0.5, 1.0])
def test_the_effect_is_the_share_that_is_suppressed(canonical: CanonicalFace, left: float) -> None:
    now = TREATED + timedelta(days=28)
    timepoints = make_timepoints([*day_set(canonical, TREATED), *day_set(canonical, now, left)])
    effects, notes, baselines = measure_effects(timepoints, [Treatment(TREATED)])
    found = by_scale(effects, Region.FOREHEAD, now)
    # pores are in both photos of a day and cancel; the lines' part is exact
    assert found[EffectScale.LINES].effect == pytest.approx(1 - left, abs=1e-9)
    assert found[EffectScale.EXCURSION].effect == pytest.approx(1 - left, abs=0.02)
    assert found[EffectScale.LINES].sd > 0
    # these faces raise their brows and do not frown or squeeze: that is said, once for each region
    assert len(notes) == 3
    assert all("movement: there was too little to see" in note for note in notes)
    assert set(baselines.values()) == {TREATED}


def test_only_treated_regions_are_judged(canonical: CanonicalFace) -> None:
    now = TREATED + timedelta(days=28)
    timepoints = make_timepoints([*day_set(canonical, TREATED), *day_set(canonical, now, 0.3)])
    effects, _, baselines = measure_effects(timepoints, [Treatment(TREATED, region=Region.GLABELLA)])
    assert {e.region for e in effects} == {Region.GLABELLA}
    assert set(baselines) == {Region.GLABELLA}


def test_without_a_baseline_there_is_no_effect_and_it_is_known_where(canonical: CanonicalFace) -> None:
    timepoints = make_timepoints(day_set(canonical, TREATED + timedelta(days=28), 0.3))
    effects, _, baselines = measure_effects(timepoints, [Treatment(TREATED)])
    assert effects == ()
    assert set(baselines.values()) == {None}


def test_each_treatment_has_its_own_baseline(canonical: CanonicalFace) -> None:
    second = TREATED + timedelta(days=120)
    photos = [
        *day_set(canonical, TREATED, 1.0),
        *day_set(canonical, TREATED + timedelta(days=40), 0.2),
        *day_set(canonical, second, 0.8),
        *day_set(canonical, second + timedelta(days=30), 0.2),
    ]
    effects, _, baselines = measure_effects(make_timepoints(photos), [Treatment(TREATED), Treatment(second)])
    at = {e.day: e.effect for e in effects if e.region is Region.GLABELLA and e.scale is EffectScale.LINES}
    assert at[TREATED + timedelta(days=40)] == pytest.approx(0.8)
    assert at[second] == pytest.approx(0.2)
    assert at[second + timedelta(days=30)] == pytest.approx(0.75)
    assert baselines[Region.GLABELLA] == second


def test_a_turned_head_widens_the_doubt_and_a_far_turned_one_is_not_compared(canonical: CanonicalFace) -> None:
    now = TREATED + timedelta(days=28)

    def sd(yaw: float) -> tuple[list[float], tuple[str, ...]]:
        photos = [*day_set(canonical, TREATED), *day_set(canonical, now, 0.3, pose=(0.0, yaw, 0.0))]
        effects, notes, _ = measure_effects(make_timepoints(photos), [Treatment(TREATED)])
        return [e.sd for e in effects if e.region is Region.FOREHEAD and e.scale is EffectScale.LINES], notes

    straight, turned, far = sd(0.0), sd(10.0), sd(25.0)
    assert turned[0][0] > straight[0][0]
    assert far[0] == []
    assert "25°" in far[1][0]
    assert "look into the camera" in far[1][0]


def test_photos_of_different_sharpness_are_compared_at_the_width_both_resolve(canonical: CanonicalFace) -> None:
    now = TREATED + timedelta(days=28)
    photos = [*day_set(canonical, TREATED), *day_set(canonical, now, 0.5, finest=False)]
    effects, _, _ = measure_effects(make_timepoints(photos), [Treatment(TREATED)])
    assert by_scale(effects, Region.GLABELLA, now)[EffectScale.LINES].effect == pytest.approx(0.5)


def test_a_day_without_a_resting_photo_borrows_the_nearest_one_and_is_less_certain(canonical: CanonicalFace) -> None:
    now = TREATED + timedelta(days=28)
    full = [*day_set(canonical, TREATED), *day_set(canonical, now, 0.5)]
    without = [p for p in full if not (p.taken and p.taken.day == now and p.expression is Expression.REST)]
    a, b = (
        by_scale(measure_effects(make_timepoints(photos), [Treatment(TREATED)])[0], Region.GLABELLA, now)
        for photos in (full, without)
    )
    assert b[EffectScale.LINES].effect == pytest.approx(a[EffectScale.LINES].effect)
    assert b[EffectScale.LINES].sd > a[EffectScale.LINES].sd
    assert EffectScale.EXCURSION not in b, "movement needs the same day's rest"


def test_of_several_photos_the_strongest_expression_counts_and_the_others_are_kept(canonical: CanonicalFace) -> None:
    weak = photo(canonical, TREATED, Expression.FROWN, name="weak.jpg", strength=0.6)
    strong = photo(canonical, TREATED, Expression.FROWN, name="strong.jpg", strength=1.2)
    (timepoint,) = make_timepoints([weak, strong])
    assert timepoint.photos[Expression.FROWN].file == "strong.jpg"
    assert [p.file for p in timepoint.spare] == ["weak.jpg"]


def test_the_baseline_is_the_last_timepoint_before_the_treatment(canonical: CanonicalFace) -> None:
    days = [TREATED + timedelta(days=d) for d in (-30, -2, 10)]
    timepoints = make_timepoints([photo(canonical, d, Expression.REST) for d in days])
    found = baseline_timepoint(timepoints, TREATED)
    assert found is not None
    assert found.day == days[1]
    assert baseline_timepoint(timepoints, days[0] - timedelta(days=1)) is None


def test_the_order_of_the_photos_does_not_matter(canonical: CanonicalFace) -> None:
    photos = [*day_set(canonical, TREATED), *day_set(canonical, TREATED + timedelta(days=28), 0.4)]
    forth, back = (measure_effects(make_timepoints(p), [Treatment(TREATED)])[0] for p in (photos, photos[::-1]))
    assert forth == back
