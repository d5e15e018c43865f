"""Forecasts for many people at once: one JSON object a line in, one out; a bad line does not stop the rest.

The form of a line is in docs/reference/forecast-jsonl.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wearoff.course import (
    Bank,
    Grade,
    Observation,
    PhotoEffect,
    Rater,
    StillFine,
    Treatment,
    WearOff,
    WornOff,
    forecast,
)
from wearoff.course.forecast import check_keep
from wearoff.course.quick import MOST_DAYS, STEP_DAYS, QuickCourse, quick_course
from wearoff.course.workbench import Workbench
from wearoff.errors import InputError, WearoffError
from wearoff.plan import Booking, next_photo
from wearoff.plan.plan import LABEL_INTERVAL_DAYS, WORKDAYS, maintenance_window, make_plan
from wearoff.terms import EffectScale, Region

#: Days after today on which `gone_by` is told when a line asks for none.
GONE_AFTER_DAYS = (0, 28, 56, 84)


class LineError(InputError):
    """A line that is not a request."""

    code = "line"


class FieldError(InputError):
    """A field of a line that is missing or cannot be read."""

    code = "field"


class DayError(InputError):
    """Days that cannot be: an observation before the treatment, a treatment after today."""

    code = "day"


@dataclass(frozen=True)
class Request:
    """One line, read."""

    id: object
    areas: tuple[str, ...]
    keep: float
    today: date
    treatments: tuple[Treatment, ...]
    observations: tuple[Observation, ...]
    gone_by: tuple[date, ...]
    lead_days: int
    weekdays: tuple[int, ...]
    min_interval_days: int


def forecast_lines(lines: Iterable[str], bank: Bank, *, today: date | None = None) -> Iterator[dict[str, Any]]:
    """Yield one result, or one error with its line number, for every line that is not blank.

    `today` holds for lines that name none. Streams: nothing but the current line is held.
    """
    bench = Workbench(bank)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: object = None
        try:
            try:
                data = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as e:
                what = e.msg if isinstance(e, json.JSONDecodeError) else "nested too deeply"
                raise LineError(f"This line is not JSON: {what}.", "Write one JSON object a line.") from e
            if not isinstance(data, dict):
                raise LineError("This line is not a JSON object.", "Write one JSON object a line.")
            name = data.get("id")
            yield answer(read_request(data, bank, today), bench)
        except WearoffError as e:
            yield {
                "id": name,
                "error": {"code": e.code, "message": e.message, "advice": e.advice},
                "line": number,
            }


def answer(request: Request, bench: Workbench) -> dict[str, Any]:
    """Return the result object for one request."""
    if len(request.areas) == 1 and all(t.region is None or t.region.value in request.areas for t in request.treatments):
        quick = quick_course(
            bench, request.areas[0], request.treatments, request.observations, request.today, request.keep
        )
        if quick is not None:
            return _from_quick(request, quick)
    return _from_course(request, bench.bank)


def _from_quick(request: Request, quick: QuickCourse) -> dict[str, Any]:
    booking = _booking(request, quick.cycle.start)
    value = next_photo(
        quick.particles, quick.cycle.start, request.today, booking, step_days=STEP_DAYS, most_days=MOST_DAYS
    )
    window = maintenance_window(quick.wear_off, request.today, booking, request.min_interval_days, quick.from_person)
    today = quick.effect_today
    return {
        "id": request.id,
        "effect_today": {"mean": round(today.mean, 4), "lo90": round(today.lo90, 4), "hi90": round(today.hi90, 4)},
        "wear_off": quick.wear_off.to_json(),
        "gone_by": _gone_by(request, quick.wear_off),
        "next_photo_day": None if value is None else value.day.isoformat(),
        "maintenance": window.to_json(),
        "notes": [n.text for n in quick.notes],
    }


def _from_course(request: Request, bank: Bank) -> dict[str, Any]:
    course = forecast(
        request.treatments, request.observations, today=request.today, bank=bank, keep=request.keep, areas=request.areas
    )
    whole = course.overall
    if whole is None:
        return {
            "id": request.id, "effect_today": None, "wear_off": None, "gone_by": {}, "next_photo_day": None,
            "maintenance": None, "notes": [n.text for n in course.notes],
        }  # fmt: skip
    plan = make_plan(
        course,
        today=request.today,
        min_interval_days=request.min_interval_days,
        lead_days=request.lead_days,
        clinic_weekdays=request.weekdays,
    )
    out: dict[str, Any] = {
        "id": request.id,
        "effect_today": {
            "mean": round(whole.effect_today.mean, 4),
            "lo90": round(whole.effect_today.lo90, 4),
            "hi90": round(whole.effect_today.hi90, 4),
        },
        "wear_off": whole.wear_off.to_json(),
        "gone_by": _gone_by(request, whole.wear_off),
        "next_photo_day": None if plan.next_photo is None else plan.next_photo.day.isoformat(),
        "maintenance": None if plan.maintenance is None else plan.maintenance.to_json(),
        "notes": [n.text for n in course.notes],
    }
    if len(course.areas) > 1:
        out["regions"] = {
            a.area: {"effect_today": round(a.effect_today.mean, 4), "wear_off": a.wear_off.to_json()}
            for a in course.areas.values()
        }
    return out


def _booking(request: Request, treated: date) -> Booking:
    return Booking(request.lead_days, request.weekdays, treated + timedelta(days=request.min_interval_days))


def _gone_by(request: Request, wear_off: WearOff) -> dict[str, float]:
    days = request.gone_by or tuple(request.today + timedelta(days=d) for d in GONE_AFTER_DAYS)
    return {d.isoformat(): round(wear_off.gone_by(d), 4) for d in days}


def read_request(data: Mapping[str, Any], bank: Bank, today: date | None = None) -> Request:
    """Return a request from its JSON object; raise a named error for what cannot be."""
    scale = _scale(data.get("scale", "lines"))
    region = _region(data.get("region"), scale)
    day = _day(data["today"], "today") if data.get("today") is not None else today
    if day is None:
        raise FieldError("There is no 'today'.", "Give the day for which the forecast holds, like 2026-03-01.")
    keep = _number(data.get("keep", 0.5), "keep")
    check_keep(keep)
    treatments = tuple(_treatment(t, region, bank) for t in _list(data, "treatments"))
    observations = tuple(_observation(o, region, scale) for o in _list(data, "observations"))
    _check_days(treatments, observations, day)
    named = [o.region for o in observations if o.region is not None] + [t.region for t in treatments if t.region]
    areas = ["neck"] if scale is EffectScale.NECK else list(dict.fromkeys(r.value for r in named))
    gone = data.get("gone_by") or ()
    if not isinstance(gone, list | tuple):
        raise FieldError("'gone_by' is not a list.", "Give a list of days.")
    return Request(
        id=data.get("id"),
        areas=tuple(areas) or ("face",),
        keep=keep,
        today=day,
        treatments=treatments,
        observations=observations,
        gone_by=tuple(_day(g, "gone_by") for g in gone),
        lead_days=_whole(data.get("lead_days", 14), "lead_days", 0, 365),
        weekdays=_weekdays(data.get("clinic_weekdays")),
        min_interval_days=_whole(data.get("min_interval_days", LABEL_INTERVAL_DAYS), "min_interval_days", 0, 730),
    )


def _weekdays(value: Any) -> tuple[int, ...]:
    if value is None:
        return WORKDAYS
    if isinstance(value, list) and value:
        return tuple(sorted({_whole(v, "clinic_weekdays", 0, 6) for v in value}))
    raise FieldError("'clinic_weekdays' is not a list of days.", "Give numbers from 0 (Monday) to 6 (Sunday).")


def _list(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise FieldError(f"'{name}' is not a list of objects.", f'Write "{name}": [{{...}}, ...].')
    return value


def _day(value: Any, name: str) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FieldError(f"'{name}' is not a day: {value!r}.", "Write it as year-month-day, like 2026-03-01.")


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FieldError(f"'{name}' is not a number: {value!r}.", "Write a plain number.")
    return float(value)


def _whole(value: Any, name: str, low: int, high: int) -> int:
    number = _number(value, name)
    if number != int(number) or not low <= number <= high:
        raise FieldError(f"'{name}' is {value!r}.", f"Give a whole number from {low} to {high}.")
    return int(number)


def _scale(value: Any) -> EffectScale:
    try:
        return EffectScale(value)
    except ValueError as e:
        raise FieldError(f"The scale {value!r} is not known.", "Use lines, excursion or neck.") from e


def _region(value: Any, scale: EffectScale) -> Region | None:
    if value is None or value == "" or (scale is EffectScale.NECK and value == "neck"):
        return None
    try:
        return Region(value)
    except ValueError as e:
        raise FieldError(
            f"The region {value!r} is not known.", f"Use one of {', '.join(r.value for r in Region)}, or leave it out."
        ) from e


def _treatment(row: Mapping[str, Any], region: Region | None, bank: Bank) -> Treatment:
    product = row.get("product")
    if product is not None and not isinstance(product, str):
        raise FieldError(f"'product' is not a text: {product!r}.", "Write its name, or leave it out.")
    units = row.get("units")
    own = _region(row.get("region"), EffectScale.LINES) or region
    return Treatment(
        _day(row.get("day"), "day"),
        bank.products.canonical(product) if product else None,
        own,
        None if units is None else _number(units, "units"),
    )


def _observation(row: Mapping[str, Any], region: Region | None, scale: EffectScale) -> Observation:
    own_scale = _scale(row["scale"]) if "scale" in row else scale
    own = _region(row["region"], own_scale) if "region" in row else region
    if "effect" in row:
        baseline = row.get("baseline_sd")
        return PhotoEffect(
            _day(row.get("day"), "day"), own, own_scale, _number(row["effect"], "effect"),
            _number(row.get("sd", 0.1), "sd"), None if baseline is None else _number(baseline, "baseline_sd"),
        )  # fmt: skip
    if "grade" in row:
        by = row.get("by", "self")
        if by not in ("self", "clinician"):
            raise FieldError(f"'by' is {by!r}.", "Use self or clinician.")
        return Grade(_day(row.get("day"), "day"), own, _number(row["grade"], "grade"), Rater(by))
    if "worn_off" in row:
        return WornOff(_day(row["worn_off"], "worn_off"), _number(row.get("sd", 10.0), "sd"), own)
    if "still_fine" in row:
        return StillFine(_day(row["still_fine"], "still_fine"), own)
    raise FieldError("An observation says nothing.", "Give effect and sd, or grade, worn_off or still_fine.")


def _check_days(treatments: Sequence[Treatment], observations: Sequence[Observation], today: date) -> None:
    for t in treatments:
        if t.day > today:
            raise DayError(f"The treatment on {t.day.isoformat()} comes after today.", "Check the days.")
    first = min((t.day for t in treatments), default=None)
    for o in observations:
        if o.day > today:
            raise DayError(f"The observation of {o.day.isoformat()} comes after today.", "Check the days.")
        # A grade before the first treatment is welcome: it tells where the person started.
        if first is not None and o.day < first and not isinstance(o, Grade):
            raise DayError(
                f"The observation of {o.day.isoformat()} comes before the first treatment.",
                "Give the treatment it belongs to, or leave it out.",
            )
