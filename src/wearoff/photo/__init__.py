"""Bytes to Photo: decoding, capture day, exposure and blur; what cannot be used comes back as a `Rejected` value."""

from wearoff.photo.dates_table import DatesRow, DatesTable, parse_day, read_dates
from wearoff.photo.dating import DaySource, Taken
from wearoff.photo.finding import OWN_OUTPUT_MARKER, FolderProblem, Found, FoundFile, find_photos
from wearoff.photo.quality import Quality, edge_blur_px
from wearoff.photo.reading import Photo, read_bytes, read_photo
from wearoff.photo.reasons import Reason, Rejected

__all__ = [
    "OWN_OUTPUT_MARKER",
    "DatesRow",
    "DatesTable",
    "DaySource",
    "FolderProblem",
    "Found",
    "FoundFile",
    "Photo",
    "Quality",
    "Reason",
    "Rejected",
    "Taken",
    "edge_blur_px",
    "find_photos",
    "parse_day",
    "read_bytes",
    "read_dates",
    "read_photo",
]
