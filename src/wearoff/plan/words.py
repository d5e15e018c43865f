"""Days and intervals in words."""

from __future__ import annotations

from datetime import date

from wearoff.course import WearOff

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(day: date, today: date) -> str:
    """Return "20 April", with the year where it is not this year's."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def around(middle: date, low: date, high: date, today: date) -> str:
    """Return "around 20 April, most likely between 6 April and 9 May"."""
    between = f"between {day_in_words(low, today)} and {day_in_words(high, today)}"
    return f"around {day_in_words(middle, today)}, most likely {between}"


def wear_off_in_words(wear_off: WearOff, today: date) -> str:
    """Say the wear-off day with its 90 % interval."""
    return around(wear_off.median, wear_off.day(0.05), wear_off.day(0.95), today)
