"""Rows of the report's tables: what was measured on each day and region, and what the curve says on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wearoff.course import AreaCourse
from wearoff.course.effects import Suppression
from wearoff.measure import REGION_EXCURSIONS
from wearoff.report.study import EffectReading, Study, Timepoint
from wearoff.report.words import MOVEMENT_NAMES, REGION_NAMES, SCALE_NAMES, dated, percent, signed_percent, since
from wearoff.terms import OWN_EXPRESSION, EffectScale, Expression, Region
from wearoff.units import Measured

#: The curve's table has a row every so many days [d].
_CURVE_STEP = 14
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One day of one region, every number with its SD, in words."""

    day: str
    since: str
    rest: str
    own: str
    movement: str
    from_lines: str
    from_movement: str


@dataclass(frozen=True, slots=True)
class RegionTable:
    """The days of one region, what its movement is, and the smallest effect that its photos can tell from none."""

    name: str
    own: str
    movement: str
    rows: tuple[Row, ...]
    smallest: str


@dataclass(frozen=True, slots=True)
class CurveRow:
    """What a curve says on one day."""

    day: str
    mean: str
    half: str
    most: str


def plus_minus(value: Measured | None, digits: int, unit: str = "") -> str:
    """Return "1.62 ± 0.08"; a dash for nothing."""
    if value is None:
        return NOTHING
    return f"{value.value:.{digits}f} ± {value.sd:.{digits}f}{unit}".replace("-", "−")


def region_tables(study: Study) -> tuple[RegionTable, ...]:
    """Return one table per region in which anything was seen."""
    effects = {(e.day, e.region, e.scale): e for e in study.effects}
    out = []
    for region, name in REGION_NAMES.items():
        rows = [row for t in study.timepoints if (row := _row(t, region, effects, study)) is not None]
        if rows:
            own = {Expression.RAISE: "brows raised", Expression.FROWN: "frowning", Expression.SMILE: "smiling"}
            out.append(
                RegionTable(
                    name, own[OWN_EXPRESSION[region]], MOVEMENT_NAMES[region], tuple(rows), _smallest(study, region)
                )
            )
    return tuple(out)


def _row(
    t: Timepoint,
    region: Region,
    effects: dict[tuple[date, Region, EffectScale], EffectReading],
    study: Study,
) -> Row | None:
    rest, own = _severity(t, region, Expression.REST), _severity(t, region, OWN_EXPRESSION[region])
    movement = _movement(t, region)
    if rest is None and own is None and movement is None:
        return None
    lines, moved = (effects.get((t.day, region, s)) for s in (EffectScale.LINES, EffectScale.EXCURSION))
    return Row(
        day=dated(t.day),
        since=since(t.day, [x.day for x in study.treatments], study.baseline_day),
        rest=plus_minus(rest, 2),
        own=plus_minus(own, 2),
        movement=plus_minus(movement, 1),
        from_lines=effect_words(lines),
        from_movement=effect_words(moved),
    )


def effect_words(reading: EffectReading | None) -> str:
    """Return "62 % ± 7 %" for a reading; a dash for none."""
    if reading is None:
        return NOTHING
    return f"{signed_percent(reading.effect)} ± {signed_percent(reading.sd)}"


def _severity(t: Timepoint, region: Region, expression: Expression) -> Measured | None:
    photo = t.photos.get(expression)
    lines = photo.lines.get(region) if photo else None
    return lines.severity() if lines else None


def _movement(t: Timepoint, region: Region) -> Measured | None:
    values = [e.value_mm for e in t.excursions if e.name in REGION_EXCURSIONS[region]]
    if not values:
        return None
    # both sides share pose and scale: their errors go together
    return Measured(float(np.mean([v.value for v in values])), float(np.mean([v.sd for v in values])))


def _smallest(study: Study, region: Region) -> str:
    """Say the smallest effect that is told from none with 95 % confidence, by the typical photo of this region."""
    told = []
    for scale in (EffectScale.LINES, EffectScale.EXCURSION):
        least = [
            Suppression(e.effect, e.sd, e.baseline_sd).smallest_detectable
            for e in study.effects
            if e.region is region and e.scale is scale
        ]
        if least:
            told.append(f"{percent(float(np.median(least)))} from {SCALE_NAMES[scale]}")
    if not told:
        return ""
    return f"An effect smaller than {' or '.join(told)} can’t be told from none."


def curve_rows(area: AreaCourse, today: date) -> tuple[CurveRow, ...]:
    """Return the curve every other week from the treatment on, and today."""
    curve = area.curve
    end = min(len(curve.days) - 1, max((area.wear_off.day(0.95) - area.treated_on).days, 0) + _CURVE_STEP)
    days = set(range(0, end + 1, _CURVE_STEP))
    now = (today - area.treated_on).days
    if 0 <= now < len(curve.days):
        days.add(now)
    out = []
    for k in sorted(days):
        day = area.treated_on + timedelta(days=k)
        out.append(
            CurveRow(
                day=dated(day) + (" (today)" if k == now else ""),
                mean=percent(float(curve.mean[k])),
                half=f"{percent(float(curve.lo50[k]))} to {percent(float(curve.hi50[k]))}",
                most=f"{percent(float(curve.lo90[k]))} to {percent(float(curve.hi90[k]))}",
            )
        )
    return tuple(out)
