"""The report's words for regions, expressions, days and shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wearoff.plan.words import MONTHS, day_in_words
from wearoff.terms import EffectScale, Expression, Region

#: Left and right are the person's own.
REGION_NAMES: dict[Region, str] = {
    Region.FOREHEAD: "Forehead",
    Region.GLABELLA: "Between the brows",
    Region.CROWS_FEET_LEFT: "Left crow’s feet",
    Region.CROWS_FEET_RIGHT: "Right crow’s feet",
}
EXPRESSION_NAMES: dict[Expression, str] = {
    Expression.REST: "At rest",
    Expression.RAISE: "Brows raised",
    Expression.FROWN: "Frowning",
    Expression.SMILE: "Smiling",
    Expression.OTHER: "Something else",
}
#: The order in which expressions are shown: from rest down the face.
EXPRESSION_ORDER = (Expression.REST, Expression.RAISE, Expression.FROWN, Expression.SMILE)
#: The order in which comparisons are offered: an effect shows in movement first.
COMPARE_ORDER = (Expression.RAISE, Expression.FROWN, Expression.SMILE, Expression.REST)
SCALE_NAMES: dict[EffectScale, str] = {
    EffectScale.LINES: "lines",
    EffectScale.EXCURSION: "movement",
    EffectScale.NECK: "neck severity",
}
MOVEMENT_NAMES: dict[Region, str] = {
    Region.FOREHEAD: "how far the brows rise",
    Region.GLABELLA: "how far the brows draw together and down",
    Region.CROWS_FEET_LEFT: "how far the lid under the left eye lifts",
    Region.CROWS_FEET_RIGHT: "how far the lid under the right eye lifts",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def area_name(area: str) -> str:
    """Name an area of a course, or all of them together."""
    if area in Region._value2member_map_:
        return REGION_NAMES[Region(area)]
    return {"overall": "All areas together"}.get(area, area.replace("_", " ").capitalize())


def percent(share: float) -> str:
    """Return a share as "31 %", never below zero or above all of it."""
    return f"{round(100 * min(max(share, 0.0), 1.0))} %"


def below_words(keep: float) -> str:
    """Name the level to keep: "half of its best"."""
    return f"{'half' if abs(keep - 0.5) < 0.005 else percent(keep)} of its best"


def signed_percent(share: float) -> str:
    """Return a measured share as it came out, which may lie below zero or above all."""
    return f"{round(100 * share)} %".replace("-", "−")


def short_day(day: date, year: bool = False) -> str:
    """Return "1 Jul", or with its year "1 Jul 2026"."""
    text = f"{day.day} {MONTHS[day.month - 1][:3]}"
    return f"{text} {day.year}" if year else text


def dated(day: date) -> str:
    """Return "1 July 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def week_day(day: date, today: date) -> str:
    """Return "Monday 20 April", with the year where it is not this year's."""
    return f"{WEEKDAYS[day.weekday()]} {day_in_words(day, today)}"


def span(start: date, end: date, today: date) -> str:
    """Return "12 to 28 April" or "28 March to 4 April"."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day_in_words(end, today)}"
    return f"{day_in_words(start, today)} to {day_in_words(end, today)}"


def since(day: date, treated: Sequence[date], baseline: date | None) -> str:
    """Say how a day lies to the last treatment until then: "day 18"; "before" for a baseline; empty without any."""
    if not treated:
        return ""
    until_then = [t for t in treated if t <= day]
    if not until_then or day == baseline:
        return "before"
    days = (day - max(until_then)).days
    return f"day {days}" if days else "treatment day"


def counted(n: int, one: str, many: str = "") -> str:
    """Return "1 photo", "3 photos"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """Join with commas and a last "and"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
