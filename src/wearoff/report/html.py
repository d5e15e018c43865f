"""The report as one HTML file that opens offline, asks for nothing, and works without scripts and on paper."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wearoff.course import AreaCourse
from wearoff.plan.words import MONTHS, day_in_words
from wearoff.report.answer import AID, answer, further_notes, label_line
from wearoff.report.charts import MEDIUM, NARROW, WIDE, Dot, Size, area_chart, last_day
from wearoff.report.compare import MATCH, mismatches
from wearoff.report.pictures import Picture, opening_pair, pictures_of
from wearoff.report.study import EffectReading, Study
from wearoff.report.tables import CurveRow, curve_rows, plus_minus, region_tables
from wearoff.report.words import (
    COMPARE_ORDER,
    EXPRESSION_NAMES,
    EXPRESSION_ORDER,
    MOVEMENT_NAMES,
    REGION_NAMES,
    SCALE_NAMES,
    area_name,
    counted,
    dated,
    percent,
    short_day,
    signed_percent,
    since,
    week_day,
)
from wearoff.report.writing import write_whole
from wearoff.terms import OWN_EXPRESSION, EffectScale, Expression, Region

FILE_NAME = "report.html"
_DAY = re.compile(rf"(?<=\d) ({'|'.join(MONTHS)})\b")


def write_report(study: Study, folder: Path) -> Path:
    """Write report.html into a folder, whole or not at all, and return its path. Raises OutputError."""
    path = folder / FILE_NAME
    write_whole(path, render(study).encode())
    return path


@dataclass(frozen=True, eq=False)
class Pair:
    """Everything there is to compare of one expression; `before` and `after` open, and are one where there is one."""

    expression: Expression
    name: str
    pictures: tuple[Picture, ...]
    before: Picture
    after: Picture
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One area's chart in its sizes, with its words and its table."""

    name: str
    words: str
    drawings: tuple[Markup, ...]
    rows: tuple[CurveRow, ...]


def render(study: Study) -> str:
    """Return the page; the same study gives the same page."""
    whole = study.course.overall
    treated = sorted({t.day for t in study.treatments})
    pictures = pictures_of(study)
    pairs = _pairs(study, pictures)
    opening = {p.number for pair in pairs for p in (pair.before, pair.after)}
    css, script = _static("report.css"), _static("report.js")
    charts = _charts(study, pictures)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            aid=AID,
            answer=answer(study),
            charts=charts,
            columns=[
                {"day": day, "short": short_day(day), "since": since(day, treated)}
                for day in sorted({p.day for p in pictures})
            ],
            css=css,
            csp=_policy(css, script),
            data=_data(study, pairs, pictures),
            dated=dated,
            short=short_day,
            flags=_red_flags(),
            gallery=[p for p in pictures if p.number not in opening],
            match=MATCH,
            names=EXPRESSION_NAMES,
            notes=further_notes(study),
            numbers=_picture_numbers,
            overall=_overall_chart(study, whole) if whole is not None else None,
            pairs=pairs,
            pictures=pictures,
            plan_lines=_plan_lines(study),
            provenance=study.provenance,
            rejected=study.rejected,
            rows=[e for e in (*EXPRESSION_ORDER, Expression.OTHER) if any(p.expression is e for p in pictures)],
            script=script,
            spare=counted(sum(len(t.spare) for t in study.timepoints), "more photo") if _has_spare(study) else "",
            study=study,
            tables=region_tables(study),
            treatments=[_treatment_words(study, day) for day in reversed(treated)],
            whose="the sample person" if study.sample else study.name,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("wearoff.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kept"] = _kept_together
    return environment


def _kept_together(text: str) -> str:
    """Keep a number and its per cent sign, or a day and its month, on one line."""
    return _DAY.sub("\u00a0\\1", text).replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0")


@cache
def _static(name: str) -> Markup:
    return Markup(files("wearoff.report").joinpath("templates", name).read_text("utf-8"))


@cache
def _red_flags() -> tuple[str, ...]:
    told = json.loads(files("wearoff.report").joinpath("data/red_flags.json").read_text("utf-8"))
    return tuple(f["text"] for f in told["flags"] if f["status"] == "verified")


def _policy(css: str, script: str) -> str:
    """Return a policy under which only this page's own style and script run, and nothing is ever asked for."""

    def pinned(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; img-src data:; style-src {pinned(css)}; script-src {pinned(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _pairs(study: Study, pictures: tuple[Picture, ...]) -> tuple[Pair, ...]:
    out = []
    for expression in COMPARE_ORDER:
        own = tuple(p for p in pictures if p.expression is expression)
        if not own:
            continue
        ends = opening_pair([p.day for p in own], study.baseline_day)
        before, after = (next(p for p in own if p.day == day) for day in (ends[0], ends[-1]))
        remarks = mismatches(before.photo, after.photo, study.today)
        out.append(Pair(expression, EXPRESSION_NAMES[expression], own, before, after, remarks))
    return tuple(out)


def _data(study: Study, pairs: tuple[Pair, ...], pictures: tuple[Picture, ...]) -> Markup:
    """Return what the script needs: titles of the photos, and the remarks on each two that can be compared."""
    remarks = {
        f"{a.number}-{b.number}": said
        for pair in pairs
        for i, a in enumerate(pair.pictures)
        for b in pair.pictures[i + 1 :]
        if (said := mismatches(a.photo, b.photo, study.today))
    }
    told = {
        "match": MATCH,
        "remarks": remarks,
        "photos": [
            {"title": p.title, "day": short_day(p.day, year=True), "since": p.since, "kind": p.expression.value}
            for p in pictures
        ],
    }
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"))


def _picture_numbers(picture: Picture) -> list[tuple[str, str]]:
    """Return what is known of one photo, as pairs of a name and a value."""
    photo, pose = picture.photo, picture.photo.face.pose
    rows = [
        ("File", photo.file),
        ("Head", f"{_side(pose.yaw_deg, 'left', 'right')}, {_side(pose.pitch_deg, 'chin up', 'chin down')}"),
        ("Sharpness", f"detail of {max(2.4 * photo.blur_mm, 0.1):.1f} mm"),
        ("Scale", f"{photo.px_per_mm:.1f} ± {photo.px_per_mm_sd:.1f} pixels per mm, from the iris"),
    ]
    for region, name in REGION_NAMES.items():
        lines = photo.lines.get(region)
        severity = lines.severity() if lines else None
        if severity is not None and lines is not None:
            rows.append(
                (f"{name}: lines", f"{plus_minus(severity, 2)} % of contrast, {percent(lines.visible)} visible")
            )
    return rows


def _side(angle: float, positive: str, negative: str) -> str:
    if abs(angle) < 0.5:
        return "straight" if positive == "left" else "level"
    return f"{abs(angle):.0f}° {positive if angle > 0 else negative}"


def _dot_of(reading: EffectReading, pictures: tuple[Picture, ...], today: date) -> Dot | None:
    own = OWN_EXPRESSION[reading.region]
    picture = next((p for p in pictures if p.day == reading.day and p.expression is own), None)
    if picture is None:
        return None
    share = f"{signed_percent(reading.effect)} ± {signed_percent(reading.sd)} held back"
    says = f"{day_in_words(reading.day, today)}: {share}, from {SCALE_NAMES[reading.scale]}. Open the photo."
    return Dot(reading.day, reading.effect, reading.sd, reading.scale, f"#photo-{picture.number}", says)


def _charts(study: Study, pictures: tuple[Picture, ...]) -> tuple[Chart, ...]:
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


def _overall_chart(study: Study, whole: AreaCourse) -> Chart:
    return _chart(study, whole, [], (WIDE, NARROW), last_day(whole, study.today), "")


def _chart(study: Study, area: AreaCourse, dots: list[Dot], sizes: tuple[Size, ...], last: date, words: str) -> Chart:
    name = area_name(area.area)
    gone, now = area.wear_off, area.effect_today
    tense = "has most likely fallen" if gone.median <= study.today else "most likely falls"
    level = f"{round(100 * gone.keep)} % of its best"
    says = f"{name}: effect over time, with {counted(len(dots), 'observation')}. The table below has the same numbers."
    about = "About" if study.course.from_person else "In other people: about"
    told = (
        f"{about} {percent(now.mean)} held back today (between {percent(now.lo90)} and {percent(now.hi90)}). "
        f"It {tense} below {level} around {day_in_words(gone.median, study.today)}, between "
        f"{day_in_words(gone.day(0.05), study.today)} and {day_in_words(gone.day(0.95), study.today)}."
    )
    drawings = tuple(area_chart(area, dots, study.today, last, size, says) for size in sizes)
    return Chart(name, f"{told} {words}".strip(), drawings, curve_rows(area, study.today))


def _plan_lines(study: Study) -> list[tuple[str, str]]:
    """Return the lines of the plan that still lie ahead, each with its why."""
    plan, today = study.plan, study.today
    out = []
    if plan.maintenance is not None:
        out.append((f"Next treatment: {week_day(plan.maintenance.best, today)}", plan.maintenance.reason))
    for photos in dict.fromkeys(p for p in (plan.next_photo, plan.benefit_photo) if p is not None):
        out.append((f"Photos: {week_day(photos.day, today)}", photos.reason))
    if plan.exercise_free is not None and plan.exercise_free.until >= today:
        out.append((f"No hard exercise until {week_day(plan.exercise_free.until, today)}", plan.exercise_free.reason))
    label = label_line(study)
    if label:
        out.append(("Least interval", label))
    return out


def _treatment_words(study: Study, day: date) -> str:
    parts = []
    for t in (t for t in study.treatments if t.day == day):
        where = REGION_NAMES[t.region].lower() if t.region else ""
        units = f"{t.units:g} units" if t.units is not None else ""
        parts.append(" ".join(x for x in (t.product or "", units, where) if x))
    told = "; ".join(dict.fromkeys(p for p in parts if p))
    return f"{dated(day)}: {told}" if told else dated(day)


def _has_spare(study: Study) -> bool:
    return any(t.spare for t in study.timepoints)
