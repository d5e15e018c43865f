"""The report as one HTML file that opens offline, asks for nothing, and works without scripts and on paper."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wearoff.plan.words import MONTHS
from wearoff.report.answer import AID, answer, further_notes, plan_lines
from wearoff.report.compare import MATCH, Pair, mismatches, pairs_of
from wearoff.report.curves import area_charts, overall_chart
from wearoff.report.pictures import Picture, pictures_of
from wearoff.report.study import Study
from wearoff.report.tables import plus_minus, region_tables
from wearoff.report.words import (
    EXPRESSION_NAMES,
    EXPRESSION_ORDER,
    REGION_NAMES,
    counted,
    dated,
    percent,
    short_day,
    since,
)
from wearoff.report.writing import write_whole
from wearoff.terms import Expression

FILE_NAME = "report.html"
_DAY = re.compile(rf"(?<=\d) ({'|'.join(MONTHS)})\b")


def write_report(study: Study, folder: Path) -> Path:
    """Write report.html into a folder, whole or not at all, and return its path. Raises OutputError."""
    path = folder / FILE_NAME
    write_whole(path, render(study).encode())
    return path


def render(study: Study) -> str:
    """Return the page; the same study gives the same page."""
    treated = sorted({t.day for t in study.treatments})
    pictures = pictures_of(study)
    pairs = pairs_of(study, pictures)
    opening = {shown.picture.number for pair in pairs for shown in pair.shown}
    css, script = _static("report.css"), _static("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            aid=AID,
            answer=answer(study),
            charts=area_charts(study, pictures),
            columns=[
                {"day": day, "short": short_day(day), "since": since(day, treated, study.baseline_day)}
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
            overall=overall_chart(study),
            pairs=pairs,
            pictures=pictures,
            plan_lines=plan_lines(study),
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


def _treatment_words(study: Study, day: date) -> str:
    parts = []
    for t in (t for t in study.treatments if t.day == day):
        where = REGION_NAMES[t.region].lower() if t.region else ""
        units = f"{t.units:g} units" if t.units is not None else ""
        note = f"({t.note})" if t.note else ""
        parts.append(" ".join(x for x in (t.product or "", units, where, note) if x))
    told = "; ".join(dict.fromkeys(p for p in parts if p))
    return f"{dated(day)}: {told}" if told else dated(day)


def _has_spare(study: Study) -> bool:
    return any(t.spare for t in study.timepoints)
