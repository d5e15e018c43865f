"""The charts of a study with their words, their dots and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from wearoff.course import AreaCourse
from wearoff.plan import day_in_words
from wearoff.report.charts import MEDIUM, NARROW, WIDE, Dot, Size, area_chart, last_day
from wearoff.report.pictures import Picture
from wearoff.report.study import EffectReading, Study
from wearoff.report.tables import CurveRow, curve_rows
from wearoff.report.words import (
    MOVEMENT_NAMES,
    REGION_NAMES,
    SCALE_NAMES,
    area_name,
    below_words,
    counted,
    percent,
    signed_percent,
    span,
)
from wearoff.terms import OWN_EXPRESSION, EffectScale, Region


@dataclass(frozen=True, slots=True)
class Chart:
    """One area's chart in its sizes, with its words and its table."""

    name: str
    words: str
    drawings: tuple[Markup, ...]
    rows: tuple[CurveRow, ...]


def _dot_of(reading: EffectReading, pictures: tuple[Picture, ...], today: date) -> Dot | None:
    own = OWN_EXPRESSION[reading.region]
    picture = next((p for p in pictures if p.day == reading.day and p.expression is own), None)
    if picture is None:
        return None
    share = f"{signed_percent(reading.effect)} ± {signed_percent(reading.sd)} held back"
    says = f"{day_in_words(reading.day, today)}: {share}, from {SCALE_NAMES[reading.scale]}. Open the photo."
    return Dot(reading.day, reading.effect, reading.sd, reading.scale, f"#photo-{picture.number}", says)


def area_charts(study: Study, pictures: tuple[Picture, ...]) -> tuple[Chart, ...]:
    """Return a chart for each area that was seen in the photos, all on one time axis."""
    out = []
    areas = {
        name: study.course.areas[name] for name in _area_order(study) if study.course.areas[name].observations_used
    }
    last = max((last_day(area, study.today) for area in areas.values()), default=study.today)
    for name, area in areas.items():
        dots = [
            dot
            for e in study.effects
            if e.region.value == name and e.day > area.treated_on and (dot := _dot_of(e, pictures, study.today))
        ]
        region = Region(name) if name in Region._value2member_map_ else None
        moved = any(d.scale is EffectScale.EXCURSION for d in dots)
        words = f"Open dots: {MOVEMENT_NAMES[region]}." if region and moved else ""
        out.append(_chart(study, area, dots, (MEDIUM, NARROW), last, words))
    return tuple(out)


def _area_order(study: Study) -> list[str]:
    """Return the areas from the forehead down, others behind."""
    known = [region.value for region in REGION_NAMES]
    return sorted(study.course.areas, key=lambda name: (known.index(name) if name in known else len(known), name))


def overall_chart(study: Study) -> Chart | None:
    """Return the chart of all areas together; None where nothing can be forecast."""
    whole = study.course.overall
    if whole is None:
        return None
    return _chart(study, whole, [], (WIDE, NARROW), last_day(whole, study.today), "")


def _chart(study: Study, area: AreaCourse, dots: list[Dot], sizes: tuple[Size, ...], last: date, words: str) -> Chart:
    name = area_name(area.area)
    gone, now, today = area.wear_off, area.effect_today, study.today
    says = f"{name}: effect over time, with {counted(len(dots), 'observation')}. The table below has the same numbers."
    told = (
        f"{'' if study.course.from_person else 'In other people: '}"
        f"{percent(now.mean)} held back today ({percent(now.lo90)} to {percent(now.hi90)}). "
        f"Below {below_words(gone.keep)} around {day_in_words(gone.median, today)} "
        f"({span(gone.day(0.05), gone.day(0.95), today)})."
    )
    drawings = tuple(area_chart(area, dots, study.today, last, size, says) for size in sizes)
    return Chart(name, f"{told} {words}".strip(), drawings, curve_rows(area, study.today))
