"""From measured photos to timepoints, and from timepoints to effects against the baseline timepoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from wearoff.course import NoSuppression, Treatment, suppressed_share
from wearoff.measure import REGION_EXCURSIONS, WIDTHS_MM, ExcursionValue, measure_excursions
from wearoff.report.study import EffectReading, MeasuredPhoto, Timepoint
from wearoff.terms import OWN_EXPRESSION, EffectScale, Expression, Region
from wearoff.units import Measured

#: Photos whose heads are turned this much apart [deg] are no longer compared; below, the difference widens the SD.
MAX_POSE_DIFFERENCE_DEG = 18.0
#: Share of a line severity that a pose difference of one degree can feign.
_LINES_PER_DEGREE = 0.008
#: Light from another side makes the same lines stronger or weaker: share of the lines that an expression adds (SD over
#: eight sets of the sample person under window, ceiling, lamp and front light).
_LIGHT_SHARE = 0.28
#: Severity does not grow quite in proportion to depth: what that leaves, as a share of the baseline. It goes the same
#: way on neighbouring days, so that many photos do not average it away; hence more than one photo's part.
_NOT_STRAIGHT = 0.2
#: The finest width answers to noise and sharpness more than to lines of expression: residual log-SD 0.97 against 0.37.
_DYNAMIC_WIDTHS = np.array(WIDTHS_MM) >= 0.5
#: How much less a resting photo of another day says than one of the same day.
_OTHER_DAYS_REST = 1.5

_AREA_WORDS = {
    Region.FOREHEAD: "Forehead",
    Region.GLABELLA: "Between the brows",
    Region.CROWS_FEET_LEFT: "Left crow’s feet",
    Region.CROWS_FEET_RIGHT: "Right crow’s feet",
}
_SCALE_WORDS = {EffectScale.LINES: "lines", EffectScale.EXCURSION: "movement"}


def make_timepoints(photos: Iterable[MeasuredPhoto]) -> tuple[Timepoint, ...]:
    """Return the timepoints in order of their days; every photo must have a day."""
    by_day: dict[date, list[MeasuredPhoto]] = {}
    for photo in photos:
        if photo.taken is None:
            raise ValueError(f"{photo.file} has no day")
        by_day.setdefault(photo.taken.day, []).append(photo)
    out = []
    for day in sorted(by_day):
        best: dict[Expression, MeasuredPhoto] = {}
        spare = []
        for photo in sorted(by_day[day], key=_rank):
            if photo.expression in best:
                spare.append(photo)
            else:
                best[photo.expression] = photo
        out.append(Timepoint(day, best, tuple(spare), _excursions(best)))
    return tuple(out)


def _rank(photo: MeasuredPhoto) -> tuple[float, str]:
    """Order repeats of one expression: the strongest, straightest and sharpest first; the name settles a tie."""
    strength = photo.reading.strengths.get(photo.expression, 0.0)
    turned = max(abs(photo.face.pose.yaw_deg), abs(photo.face.pose.pitch_deg))
    return (-strength + 0.03 * turned + photo.blur_mm, photo.file)


def _excursions(photos: dict[Expression, MeasuredPhoto]) -> tuple[ExcursionValue, ...]:
    rest = photos.get(Expression.REST)
    if rest is None:
        return ()
    out: list[ExcursionValue] = []
    for expression, photo in photos.items():
        if expression is not Expression.REST:
            out += measure_excursions(rest.face, photo.face, expression, rest_brows=rest.brows, moved_brows=photo.brows)
    return tuple(out)


def baseline_timepoint(timepoints: Sequence[Timepoint], treatment: date) -> Timepoint | None:
    """Return the last timepoint before a treatment (its own day counts: photos are taken before the injections)."""
    before = [t for t in timepoints if t.day <= treatment]
    return before[-1] if before else None


def measure_effects(
    timepoints: Sequence[Timepoint], treatments: Sequence[Treatment]
) -> tuple[tuple[EffectReading, ...], tuple[str, ...], dict[Region, date | None]]:
    """Return the effects of every treatment cycle on every treated region, notes in words, and the baselines.

    The notes say what could not be compared; the baselines are, for each treated region, the day of the baseline
    timepoint of its latest treatment (None: there is none).
    """
    effects: list[EffectReading] = []
    notes: list[str] = []
    baselines: dict[Region, date | None] = {}
    faint: list[tuple[Region, EffectScale, str]] = []
    for region in Region:
        days = sorted({t.day for t in treatments if t.region in (None, region)})
        for start, end in zip(days, [*days[1:], date.max][: len(days)], strict=True):
            baseline = baseline_timepoint(timepoints, start)
            if baseline is not None and OWN_EXPRESSION[region] not in baseline.photos:
                baseline = None
            if start == days[-1]:
                baselines[region] = baseline.day if baseline else None
            if baseline is None:
                continue
            for timepoint in timepoints:
                if start < timepoint.day <= end and timepoint is not baseline:
                    found, why = _effects_of(region, baseline, timepoint, timepoints, faint)
                    effects += found
                    notes += why
    told = {(e.region, e.scale) for e in effects}
    notes += [
        f"{_AREA_WORDS[region]}, {_SCALE_WORDS[scale]}: {reason[0].lower()}{reason[1:]}"
        for region, scale, reason in faint
        if (region, scale) not in told
    ]
    return tuple(effects), tuple(dict.fromkeys(notes)), baselines


def _effects_of(
    region: Region,
    baseline: Timepoint,
    now: Timepoint,
    all_timepoints: Sequence[Timepoint],
    faint: list[tuple[Region, EffectScale, str]],
) -> tuple[list[EffectReading], list[str]]:
    own = OWN_EXPRESSION[region]
    before_photo, now_photo = baseline.photos.get(own), now.photos.get(own)
    if before_photo is None or now_photo is None:
        return [], []
    turned = before_photo.face.pose.angle_to(now_photo.face.pose)
    if turned > MAX_POSE_DIFFERENCE_DEG:
        return [], [
            f"{now_photo.file} is not compared with {before_photo.file}: the head is turned by {turned:.0f}° more or "
            "less. Next time look into the camera as in the first photo."
        ]
    readings: list[EffectReading] = []
    lines = _dynamic_lines(region, baseline, now, all_timepoints, turned)
    excursions = _excursion_pair(region, baseline, now)
    for scale, pair in ((EffectScale.LINES, lines), (EffectScale.EXCURSION, excursions)):
        if pair is None:
            continue
        before, after = pair
        share = suppressed_share(before, after)
        if isinstance(share, NoSuppression):
            faint.append((region, scale, share.reason))
            continue
        readings.append(EffectReading(now.day, region, scale, share.effect, share.sd, share.baseline_sd, before, after))
    return readings, []


def _rest_of(timepoint: Timepoint, all_timepoints: Sequence[Timepoint]) -> tuple[MeasuredPhoto | None, float]:
    """Return the resting photo of a day, or that of the nearest day with the factor by which it is less certain."""
    if Expression.REST in timepoint.photos:
        return timepoint.photos[Expression.REST], 1.0
    with_rest = [t for t in all_timepoints if Expression.REST in t.photos]
    if not with_rest:
        return None, 1.0
    nearest = min(with_rest, key=lambda t: abs((t.day - timepoint.day).days))
    return nearest.photos[Expression.REST], _OTHER_DAYS_REST


def _dynamic_lines(
    region: Region, baseline: Timepoint, now: Timepoint, all_timepoints: Sequence[Timepoint], turned_deg: float
) -> tuple[Measured, Measured] | None:
    """Return what the expression adds to the resting lines, before and now, over the widths that all photos resolve.

    The difference to rest takes out what is no line of expression: pores, static lines, the noise of that day's photo.
    """
    own = OWN_EXPRESSION[region]
    (rest_before, loose_before), (rest_now, loose_now) = (
        _rest_of(baseline, all_timepoints),
        _rest_of(now, all_timepoints),
    )
    if rest_before is None or rest_now is None:
        return None
    all_lines = [p.lines.get(region) for p in (rest_before, baseline.photos[own], rest_now, now.photos[own])]
    if any(lines is None for lines in all_lines):
        return None
    known = [lines for lines in all_lines if lines is not None]
    widths = np.logical_and.reduce([_DYNAMIC_WIDTHS, *(lines.resolved for lines in known)])
    values = [lines.severity(widths) for lines in known]
    if any(value is None for value in values):
        return None
    rest0, own0, rest1, own1 = (value for value in values if value is not None)

    def added(rest: Measured, own_value: Measured, loose: float) -> Measured:
        more = own_value.value - rest.value
        pose_sd = _LINES_PER_DEGREE * turned_deg * own_value.value
        return Measured(more, math.hypot(rest.sd * loose, own_value.sd, pose_sd, _LIGHT_SHARE * more))

    before, after = added(rest0, own0, loose_before), added(rest1, own1, loose_now)
    return before, Measured(after.value, math.hypot(after.sd, _NOT_STRAIGHT * before.value))


def _excursion_pair(region: Region, baseline: Timepoint, now: Timepoint) -> tuple[Measured, Measured] | None:
    """Return the mean of the region's excursions [mm], before and now."""
    wanted = REGION_EXCURSIONS[region]
    pairs = []
    for timepoint in (baseline, now):
        found = [e.value_mm for e in timepoint.excursions if e.name in wanted]
        if len(found) != len(wanted):
            return None
        # left and right share pose and scale, so their errors are taken to go together
        pairs.append(Measured(float(np.mean([v.value for v in found])), float(np.mean([v.sd for v in found]))))
    return pairs[0], pairs[1]
