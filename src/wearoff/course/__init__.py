"""From measured effects and treatments to a course: how much is left, and when it will be gone."""

from wearoff.course.bank import Bank, open_bank
from wearoff.course.course import AreaCourse, Course, Curve, Interval, Note, NoteKind, Particles, WearOff
from wearoff.course.effects import NoSuppression, Suppression, photo_effect, suppressed_share
from wearoff.course.forecast import forecast
from wearoff.course.observations import (
    Grade,
    Observation,
    ObservationError,
    PhotoEffect,
    Rater,
    StillFine,
    Treatment,
    WornOff,
)
from wearoff.course.products import Products, UnknownProductError, load_products

__all__ = [
    "AreaCourse",
    "Bank",
    "Course",
    "Curve",
    "Grade",
    "Interval",
    "NoSuppression",
    "Note",
    "NoteKind",
    "Observation",
    "ObservationError",
    "Particles",
    "PhotoEffect",
    "Products",
    "Rater",
    "StillFine",
    "Suppression",
    "Treatment",
    "UnknownProductError",
    "WearOff",
    "WornOff",
    "forecast",
    "load_products",
    "open_bank",
    "photo_effect",
    "suppressed_share",
]
