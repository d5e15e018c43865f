"""Studies made up of drawn portraits and given effects; forecast and plan are the real ones."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.course import PhotoEffect, Treatment, forecast, open_bank
from wearoff.face import ExpressionReading, Face, HeadPose
from wearoff.measure import Excursion, ExcursionValue, RegionLines
from wearoff.photo.dating import DaySource, Taken
from wearoff.photo.reasons import Reason, Rejected
from wearoff.plan import make_plan
from wearoff.report.study import EffectReading, MeasuredPhoto, Study, Timepoint
from wearoff.terms import OWN_EXPRESSION, EffectScale, Expression, Region
from wearoff.units import Measured, Scale, ScaleSource

TREATED = date(2026, 7, 2)
TODAY = date(2026, 10, 24)
DAYS = (-1, 7, 18, 33, 54, 75, 96, 113)
SHOWN = (Expression.REST, Expression.RAISE, Expression.FROWN, Expression.SMILE)


def held_back(days: float) -> float:
    """Return a plain course of the effect: on within ten days, half gone after about fifteen weeks."""
    if days <= 1:
        return 0.0
    return float(0.85 * (1 - np.exp(-days / 5)) / (1 + np.exp((days - 105) / 16)))


@cache
def portrait(expression: Expression, effect: float, light: float = 1.0) -> NDArray[np.uint8]:
    """Draw a face whose lines and brows show the expression as far as the effect lets it."""
    image = np.empty((860, 720, 3), np.uint8)
    image[:] = np.linspace(205, 180, 860)[:, None, None] * np.array([1.0, 0.99, 0.97])
    skin, ink = (213, 178, 156), (120, 84, 70)
    cv2.ellipse(image, (360, 420), (250, 340), 0, 0, 360, skin, -1, cv2.LINE_AA)
    move = 1 - effect
    lift = (
        round(28 * move)
        if expression is Expression.RAISE
        else -round(14 * move)
        if expression is Expression.FROWN
        else 0
    )
    for side in (-1, 1):
        x = 360 + side * 110
        cv2.ellipse(image, (x, 361), (48, 22), 0, 0, 360, (250, 248, 245), -1, cv2.LINE_AA)
        cv2.circle(image, (x, 361), 20, (94, 74, 52), -1, cv2.LINE_AA)
        cv2.circle(image, (x, 361), 9, (20, 16, 14), -1, cv2.LINE_AA)
        cv2.ellipse(image, (x, 318 - lift), (66, 20), 0, 185, 355, ink, 9, cv2.LINE_AA)
    shade = tuple(round(s * (1 - 0.22 * move)) for s in skin)
    if expression is Expression.RAISE:
        for row in (165, 195, 225):
            cv2.ellipse(image, (360, row + 60), (190, 60), 0, 215, 325, shade, 4, cv2.LINE_AA)
    if expression is Expression.FROWN:
        for x in (346, 374):
            cv2.line(image, (x, 262), (x + (x - 360) // 3, 312), shade, 4, cv2.LINE_AA)
    if expression is Expression.SMILE:
        for side in (-1, 1):
            for turn in (-22, -6, 10, 24):
                start = (360 + side * 176, 358 + turn)
                cv2.line(image, start, (360 + side * 218, 358 + round(1.9 * turn)), shade, 3, cv2.LINE_AA)
    cv2.ellipse(image, (360, 470), (28, 40), 0, 20, 160, (180, 140, 120), 4, cv2.LINE_AA)
    wide = 96 if expression is Expression.SMILE else 66
    cv2.ellipse(image, (360, 580), (wide, 34 if wide > 70 else 8), 0, 10, 170, (160, 84, 80), 9, cv2.LINE_AA)
    noise = np.random.default_rng(1).normal(0, 2.0, image.shape)
    image = np.clip(image * light + noise, 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 86])
    return np.asarray(jpeg, np.uint8).ravel()


def a_photo(
    file: str,
    day: date,
    expression: Expression,
    effect: float = 0.0,
    *,
    yaw: float = 0.0,
    blur_mm: float = 0.2,
    light: float = 1.0,
    jpeg: NDArray[np.uint8] | None = None,
) -> MeasuredPhoto:
    scale = Scale(5.0, 0.18, ScaleSource.IRIS)
    face = Face(
        np.zeros((478, 3)), np.full(478, 0.4), np.zeros((478, 3)), 5.0, HeadPose(0.4, yaw, -0.7), scale, {}, 0.99
    )
    lines: dict[Region, RegionLines | None] = {}
    for k, region in enumerate(Region):
        dynamic = 1.6 * (1 - effect) if OWN_EXPRESSION[region] is expression else 0.0
        value = 0.7 + 0.1 * k + dynamic
        lines[region] = RegionLines(np.full(3, value), np.full(3, 0.04 * value + 0.05), 0.93)
    return MeasuredPhoto(
        file=file,
        sha256=hashlib.sha256(file.encode()).hexdigest(),
        taken=Taken(day, DaySource.EXIF),
        face=face,
        reading=ExpressionReading(expression, {}, relative_to_rest=True),
        lines=lines,
        positions_mm={},
        px_per_mm=5.0,
        px_per_mm_sd=0.18,
        blur_mm=blur_mm,
        lightness=150 * light,
        landmark_sd_px=0.4,
        portrait=portrait(expression, effect, light) if jpeg is None else jpeg,
    )


_MOVEMENTS = {
    Expression.RAISE: ((Excursion.BROW_RAISE_RIGHT, 7.1), (Excursion.BROW_RAISE_LEFT, 6.8)),
    Expression.FROWN: ((Excursion.BROW_APPROXIMATION, 4.2), (Excursion.BROW_DESCENT, 3.1)),
    Expression.SMILE: ((Excursion.EYE_SQUEEZE_RIGHT, 2.6), (Excursion.EYE_SQUEEZE_LEFT, 2.4)),
}


def a_timepoint(days: int, *, name: str = "{day}_{expression}.jpg", shown: tuple[Expression, ...] = SHOWN) -> Timepoint:
    day, effect = TREATED + timedelta(days=days), held_back(days)
    light = 1 + 0.12 * np.sin(days)
    photos = {
        e: a_photo(
            name.format(day=day.isoformat(), expression=e.value),
            day,
            e,
            effect,
            yaw=11.0 if days == 54 else float(2 * np.sin(3 * days)),
            blur_mm=0.55 if days == 75 else 0.2,
            light=float(light),
        )
        for e in shown
    }
    moves = tuple(
        ExcursionValue(move, Measured(full * (1 - effect), 0.4)) for e in shown for move, full in _MOVEMENTS.get(e, ())
    )
    return Timepoint(day, photos, (), moves)


def some_effects(timepoints: tuple[Timepoint, ...]) -> tuple[EffectReading, ...]:
    random = np.random.default_rng(5)
    out = []
    for t in timepoints:
        days = (t.day - TREATED).days
        if days <= 0:
            continue
        for region in Region:
            if OWN_EXPRESSION[region] not in t.photos:
                continue
            for scale, sd, unit in ((EffectScale.LINES, 0.07, 1.6), (EffectScale.EXCURSION, 0.10, 5.0)):
                effect = held_back(days) + float(random.normal(0, sd))
                before, now = Measured(unit, 0.05 * unit), Measured(unit * (1 - effect), sd * unit)
                out.append(EffectReading(t.day, region, scale, effect, sd, 0.05, before, now))
    return tuple(out)


REJECTED = (
    Rejected(
        "2026-08-01 garden.jpg", Reason.TURNED_AWAY, "by 41° to the side", taken=Taken(date(2026, 8, 1), DaySource.EXIF)
    ),
    Rejected("holiday.jpg", Reason.NOT_AN_IMAGE, "it is a text file"),
    Rejected("<img src=x onerror=alert(1)>.jpg", Reason.BLURRED),
)


def a_study(
    *,
    days: tuple[int, ...] = DAYS,
    treated: bool = True,
    today: date = TODAY,
    rejected: tuple[Rejected, ...] = REJECTED,
    timepoints: tuple[Timepoint, ...] | None = None,
    name: str = "",
    sample: bool = False,
) -> Study:
    """Return a study; with no day in `days` before the treatment there is no baseline and no effect."""
    if timepoints is None:
        timepoints = tuple(a_timepoint(d) for d in days)
    treatments = (Treatment(TREATED, "letibotulinumtoxinA", None, 44.0),) if treated else ()
    has_baseline = treated and any(t.day <= TREATED for t in timepoints)
    effects = some_effects(timepoints) if has_baseline else ()
    course = forecast(
        treatments,
        [PhotoEffect(e.day, e.region, e.scale, e.effect, e.sd, e.baseline_sd) for e in effects],
        today=today,
        bank=open_bank(),
        areas=tuple(sorted(r.value for r in Region)) if treated else (),
        no_baseline=() if has_baseline or not treated else tuple(r.value for r in Region),
    )
    return Study(
        today=today,
        keep=0.5,
        treatments=treatments,
        timepoints=timepoints,
        baseline_day=timepoints[0].day if has_baseline else None,
        effects=effects,
        course=course,
        plan=make_plan(course, today=today),
        rejected=rejected,
        notes=(),
        provenance={"wearoff": "0.1.0", "face_landmarks_detector.tflite": "ab" * 32},
        sample=sample,
        name=name,
    )
