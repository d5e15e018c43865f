"""The curve of one area as SVG: bands, observations that can be opened, the level to keep and the wear-off day.

Written by hand and not by a plotting library: colours are classes that follow light, dark and paper, every dot is a
link to its photo, and each width gets its own drawing so that letters keep their size on a phone (ADR 0301).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
from markupsafe import Markup

from wearoff.course import AreaCourse, Curve
from wearoff.report.words import below_words, short_day
from wearoff.terms import EffectScale
from wearoff.units import FloatArray

#: What the effect axis shows; readings beyond it are drawn at its edge.
_LOW, _HIGH = -0.08, 1.08
_STEP_DAYS = 2
#: Two curves closer than this everywhere are drawn as one.
_APART = 0.06


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height [px] of a drawing at which its letters have their intended size, and a name for the page."""

    name: str
    width: int
    height: int


WIDE = Size("wide", 1040, 400)
MEDIUM = Size("medium", 500, 330)
NARROW = Size("narrow", 358, 290)


@dataclass(frozen=True, slots=True)
class Dot:
    """One observation: the effect (share) with its SD, the link to its photo, and what a screen reader says."""

    day: date
    effect: float
    sd: float
    scale: EffectScale
    href: str
    says: str


class _Plane:
    """Where days and effects lie on the drawing."""

    def __init__(self, size: Size, first: date, last: date) -> None:
        self.left, self.right = 48.0, size.width - 12.0
        self.top, self.bottom = 48.0, size.height - 28.0
        self.first, self.last = first, last

    def x(self, day: date) -> float:
        return self.left + (self.right - self.left) * (day - self.first).days / (self.last - self.first).days

    def y(self, effect: float) -> float:
        share = (min(max(effect, _LOW), _HIGH) - _LOW) / (_HIGH - _LOW)
        return self.bottom - (self.bottom - self.top) * share


def last_day(area: AreaCourse, today: date) -> date:
    """Return the last day that an area's chart needs: a little after today and after the end of the 90 % interval."""
    wanted = max(today, area.wear_off.day(0.95)) + timedelta(days=14)
    return min(wanted, area.treated_on + timedelta(days=int(area.curve.days[-1])))


def area_chart(area: AreaCourse, dots: Sequence[Dot], today: date, last: date, size: Size, says: str) -> Markup:
    """Return the chart of an area up to the day `last` as inline SVG; `says` is its name for screen readers."""
    first = area.treated_on - timedelta(days=8)
    plane = _Plane(size, first, max(last, today + timedelta(days=7)))
    svg = Element(
        "svg",
        {
            "class": f"chart {size.name}",
            "viewBox": f"0 0 {size.width} {size.height}",
            "role": "group",
            "aria-label": says,
        },
    )
    picture = SubElement(svg, "g", {"aria-hidden": "true"})
    _axes(picture, plane)
    _band(picture, plane, area, area.curve.lo90, area.curve.hi90, "b90")
    _band(picture, plane, area, area.curve.lo50, area.curve.hi50, "b50")
    _verticals(picture, plane, area, today)
    _means(picture, plane, area, today)
    _level(picture, plane, area)
    for dot in dots:
        _dot(svg, plane, dot)
    return Markup(tostring(svg, encoding="unicode"))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(parent: Element, x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> None:
    SubElement(parent, "text", {"x": _n(x), "y": _n(y), "class": kind, "text-anchor": anchor}).text = text


def _line(parent: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    SubElement(parent, "line", {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2), "class": kind})


def _axes(parent: Element, plane: _Plane) -> None:
    for share in (0.0, 0.5, 1.0):
        y = plane.y(share)
        _line(parent, plane.left, y, plane.right, y, "grid")
        _text(parent, plane.left - 6, y + 4, f"{share:.0%}".replace("%", "\u202f%"), "tick", "end")
    months = [d for d in _month_starts(plane.first, plane.last) if plane.x(d) < plane.right - 14]
    every = 1 + int(len(months) * 40 > plane.right - plane.left)
    for i, day in enumerate(months):
        _line(parent, plane.x(day), plane.bottom, plane.x(day), plane.bottom + 4, "grid")
        if i % every == 0:
            name = short_day(day).split()[1] if day.month > 1 else str(day.year)
            _text(
                parent,
                plane.x(day),
                plane.bottom + 18,
                name,
                "tick",
                "middle",
            )


def _month_starts(first: date, last: date) -> list[date]:
    day, out = first.replace(day=1), []
    while day <= last:
        if day >= first:
            out.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return out


def _points(plane: _Plane, area: AreaCourse, values: FloatArray) -> list[str]:
    out = []
    for k in range(0, len(values), _STEP_DAYS):
        day = area.treated_on + timedelta(days=k)
        if day > plane.last:
            break
        out.append(f"{_n(plane.x(day))},{_n(plane.y(float(values[k])))}")
    return out


def _band(parent: Element, plane: _Plane, area: AreaCourse, low: FloatArray, high: FloatArray, kind: str) -> None:
    points = _points(plane, area, high) + _points(plane, area, low)[::-1]
    SubElement(parent, "polygon", {"points": " ".join(points), "class": kind})


def _verticals(parent: Element, plane: _Plane, area: AreaCourse, today: date) -> None:
    treated, now, gone = plane.x(area.treated_on), plane.x(today), area.wear_off.median
    _line(parent, treated, plane.top - 12, treated, plane.bottom, "event")
    _line(parent, now, plane.top - 12, now, plane.bottom, "today")
    if now - treated > 130:
        _text(parent, treated, plane.top - 17, f"treated {short_day(area.treated_on)}", "label")
    _text(parent, now, plane.top - 17, "today", "label strong", "middle" if now < plane.right - 24 else "end")
    if gone <= plane.last:
        x = plane.x(gone)
        middle = min(max(x, plane.left + 60), plane.right - 60)
        _text(
            parent,
            middle,
            plane.top - 33,
            f"{'wore' if gone <= today else 'wears'} off {short_day(gone)}",
            "label gone",
            "middle",
        )
        _line(parent, x, plane.top - 28, x, plane.bottom, "gone-line")


def _means(parent: Element, plane: _Plane, area: AreaCourse, today: date) -> None:
    points = _points(plane, area, area.curve.mean)
    at = max(0, min(len(points) - 1, (today - area.treated_on).days // _STEP_DAYS))
    SubElement(parent, "polyline", {"points": " ".join(points[: at + 1]), "class": "mean"})
    SubElement(parent, "polyline", {"points": " ".join(points[at:]), "class": "mean ahead"})
    for scale, curve in area.curves.items():
        if scale is area.main_scale or scale is not EffectScale.EXCURSION:
            continue
        gap = _gap(area.curve, curve, plane, area)
        if gap is None:
            continue
        SubElement(parent, "polyline", {"points": " ".join(_points(plane, area, curve.mean)), "class": "second"})
        day = area.treated_on + timedelta(days=gap)
        above = curve.mean[gap] > area.curve.mean[gap]
        _text(
            parent, plane.x(day), plane.y(float(curve.mean[gap])) + (-6 if above else 15), "movement", "label", "middle"
        )


def _gap(main: Curve, other: Curve, plane: _Plane, area: AreaCourse) -> int | None:
    """Return the day on which the two curves lie furthest apart, where a label can stand; None if they never part."""
    end = min(len(main.mean), len(other.mean), (plane.last - area.treated_on).days)
    apart = np.abs(main.mean[:end] - other.mean[:end])
    if apart.max() < _APART:
        return None
    inner = apart.copy()
    inner[:25] = 0
    inner[max(26, end - 25) :] = 0
    return int(inner.argmax())


def _level(parent: Element, plane: _Plane, area: AreaCourse) -> None:
    """Draw the level to keep, and on it the wear-off day with its 50 and 90 % interval."""
    gone = area.wear_off
    peak = int(area.curve.mean.argmax())
    level = gone.keep * float(area.curve.mean[peak])
    y = plane.y(level)
    _line(parent, plane.x(area.treated_on + timedelta(days=peak)), y, plane.right, y, "level")
    _text(parent, plane.x(area.treated_on + timedelta(days=peak)) + 4, y + 15, below_words(gone.keep), "label")
    ends = [min(plane.x(gone.day(q)), plane.right) for q in (0.05, 0.25, 0.75, 0.95)]
    _line(parent, ends[0], y, ends[3], y, "gone90")
    _line(parent, ends[1], y, ends[2], y, "gone50")
    x = plane.x(gone.median)
    if x <= plane.right:
        SubElement(parent, "circle", {"cx": _n(x), "cy": _n(y), "r": "4", "class": "gone-day"})


def _dot(svg: Element, plane: _Plane, dot: Dot) -> None:
    lines = dot.scale is EffectScale.LINES
    x, y = plane.x(dot.day) + (-3 if lines else 3), plane.y(dot.effect)
    link = SubElement(svg, "a", {"href": dot.href, "class": "dot" if lines else "dot open", "aria-label": dot.says})
    _line(link, x, plane.y(dot.effect - dot.sd), x, plane.y(dot.effect + dot.sd), "whisker")
    SubElement(link, "circle", {"cx": _n(x), "cy": _n(y), "r": "11", "class": "reach"})
    SubElement(link, "circle", {"cx": _n(x), "cy": _n(y), "r": "4.5", "class": "mark"})
    SubElement(link, "title").text = dot.says
