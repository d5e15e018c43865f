"""The plan: when to come back, when to take the next photo, when to leave out exercise; each line with its why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wearoff.course import Course, WearOff
from wearoff.plan.photo_day import PHOTO_SD, Booking, PhotoValue, clinic_day, next_photo
from wearoff.plan.words import day_in_words, wear_off_in_words

#: The usual least interval between treatments in the products' labels [d].
LABEL_INTERVAL_DAYS = 84
WORKDAYS = (0, 1, 2, 3, 4)
#: Around this day [d] a photo shows the full benefit.
BENEFIT_DAY = 28


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` to `end`, the day to aim for, and why."""

    start: date
    end: date
    best: date
    reason: str

    def to_json(self) -> dict[str, str]:
        """Return the JSON form."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "best": self.best.isoformat(),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class PhotoDay:
    """A day to take photos on, and why."""

    day: date
    reason: str

    def to_json(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"day": self.day.isoformat(), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ExerciseFree:
    """Rest of the treatment day up to `hours` after it, without hard exercise; `until` is the last day it touches."""

    start: date
    until: date
    hours: int
    reason: str

    def to_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "from": self.start.isoformat(),
            "to": self.until.isoformat(),
            "hours": self.hours,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do next; a line is None where nothing can be said, and `reason` then says why."""

    maintenance: Window | None
    wear_off_words: str
    next_photo: PhotoDay | None
    benefit_photo: PhotoDay | None
    exercise_free: ExerciseFree | None
    reason: str

    def to_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "maintenance": self.maintenance and self.maintenance.to_json(),
            "wear_off_words": self.wear_off_words,
            "next_photo": self.next_photo and self.next_photo.to_json(),
            "benefit_photo": self.benefit_photo and self.benefit_photo.to_json(),
            "exercise_free": self.exercise_free and self.exercise_free.to_json(),
            "reason": self.reason,
        }


def make_plan(
    course: Course,
    *,
    today: date,
    min_interval_days: int = LABEL_INTERVAL_DAYS,
    lead_days: int = 14,
    clinic_weekdays: Sequence[int] = WORKDAYS,
    exercise_free_hours: int = 48,
    photo_sd: float = PHOTO_SD,
) -> Plan:
    """Return the plan for a course; `lead_days`: notice a clinic needs [d], `clinic_weekdays`: 0 Monday to 6 Sunday."""
    whole = course.overall
    if whole is None:
        return Plan(None, "", None, None, None, course.reason)
    treated = max(a.treated_on for a in course.areas.values())
    earliest = treated + timedelta(days=min_interval_days)
    booking = Booking(lead_days, tuple(sorted(set(clinic_weekdays))) or WORKDAYS, earliest)
    value = next_photo(whole.particles, whole.treated_on, today, booking, photo_sd)
    return Plan(
        maintenance=maintenance_window(whole.wear_off, today, booking, min_interval_days, course.from_person),
        wear_off_words=wear_off_in_words(whole.wear_off, today),
        next_photo=_photo_line(value, today, booking),
        benefit_photo=_benefit_line(treated, today),
        exercise_free=_exercise_line(treated, exercise_free_hours),
        reason="",
    )


def maintenance_window(w: WearOff, today: date, booking: Booking, min_interval_days: int, from_person: bool) -> Window:
    """Return the days to come back on: the middle half of the wear-off day, not before the least interval or today."""
    floor = max(booking.earliest, today)
    start, end = max(w.day(0.25), floor), max(w.day(0.75), floor)
    if (end - start).days < 7:
        end = start + timedelta(days=7)
    best = clinic_day(w.median, booking, floor)
    share = f"{round(100 * w.keep)} % of its peak"
    why = f"The effect falls below {share} {wear_off_in_words(w, today)}."
    if w.day(0.25) < booking.earliest:
        why += (
            f" Label practice is to leave at least {_weeks(min_interval_days)} between treatments, so not before "
            f"{day_in_words(booking.earliest, today)}."
        )
    if not from_person:
        why += " This rests on other people's results, not yet on your photos."
    return Window(start, end, best, why)


def _weeks(days: int) -> str:
    return f"{days // 7} weeks" if days % 7 == 0 else f"{days} days"


def _photo_line(value: PhotoValue | None, today: date, booking: Booking) -> PhotoDay | None:
    if value is None:
        return None
    return PhotoDay(
        value.day,
        f"Photos on this day leave {booking.lead_days} days to book, and bring the appointment closer to the day it "
        f"wears off: expected error about {round(value.error_with)} days instead of {round(value.error_without)}.",
    )


def _benefit_line(treated: date, today: date) -> PhotoDay | None:
    day = treated + timedelta(days=BENEFIT_DAY)
    if today > day:
        return None
    return PhotoDay(
        day,
        "Around four weeks after the treatment a photo shows the full benefit. It says little about when it ends.",
    )


def _exercise_line(treated: date, hours: int) -> ExerciseFree:
    return ExerciseFree(
        treated,
        treated + timedelta(days=-(-hours // 24)),
        hours,
        f"No hard exercise for the rest of the treatment day, better for {hours} hours: that is custom, to keep the "
        "product where it was put; it is not proven.",
    )
