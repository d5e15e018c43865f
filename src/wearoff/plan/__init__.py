"""From a course to what to do next, each line with its why."""

from wearoff.plan.photo_day import Booking, PhotoValue, clinic_day, next_photo, photo_values
from wearoff.plan.plan import ExerciseFree, PhotoDay, Plan, Window, maintenance_window, make_plan
from wearoff.plan.words import around, day_in_words, wear_off_in_words

__all__ = [
    "Booking",
    "ExerciseFree",
    "PhotoDay",
    "PhotoValue",
    "Plan",
    "Window",
    "around",
    "clinic_day",
    "day_in_words",
    "maintenance_window",
    "make_plan",
    "next_photo",
    "photo_values",
    "wear_off_in_words",
]
