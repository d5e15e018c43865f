"""What a report is made of: one person's photos, timepoints, effects, course and plan; values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from wearoff.course import Course, Treatment
from wearoff.face import ExpressionReading, Face
from wearoff.measure import BrowBand, ExcursionValue, RegionLines
from wearoff.photo.dating import Taken
from wearoff.photo.reasons import Rejected
from wearoff.plan import Plan
from wearoff.terms import EffectScale, Expression, Region
from wearoff.units import Measured


@dataclass(frozen=True, eq=False)
class MeasuredPhoto:
    """One photo with its face on the person's scale, the expression read against the person's rest, and its lines.

    portrait: JPEG bytes of the aligned face without any tags; px_per_mm at the pixels of the file.
    """

    file: str
    sha256: str
    taken: Taken | None
    face: Face
    reading: ExpressionReading
    lines: Mapping[Region, RegionLines | None]
    positions_mm: Mapping[str, Measured]
    px_per_mm: float
    px_per_mm_sd: float
    blur_mm: float
    lightness: float
    landmark_sd_px: float
    portrait: NDArray[np.uint8]
    brows: BrowBand | None = None

    @property
    def expression(self) -> Expression:
        """The expression it shows."""
        return self.reading.expression


@dataclass(frozen=True, eq=False)
class Timepoint:
    """The photos of one day: the best one for each expression, the spare ones, and the excursions [mm] among them."""

    day: date
    photos: Mapping[Expression, MeasuredPhoto]
    spare: tuple[MeasuredPhoto, ...]
    excursions: tuple[ExcursionValue, ...]


@dataclass(frozen=True, slots=True)
class EffectReading:
    """The effect on one region on one day, on one scale, and what it was read from.

    baseline and now: line severity [% of contrast] that the expression adds to rest, or excursion [mm];
    sd: standard deviation of the effect from this day's photos; baseline_sd: relative error shared by all days.
    """

    day: date
    region: Region
    scale: EffectScale
    effect: float
    sd: float
    baseline_sd: float
    baseline: Measured
    now: Measured


@dataclass(frozen=True, eq=False)
class Study:
    """Everything a report shows; `name` is what the person or the folder goes by, empty where nothing is known."""

    today: date
    keep: float
    treatments: tuple[Treatment, ...]
    timepoints: tuple[Timepoint, ...]
    baseline_day: date | None
    effects: tuple[EffectReading, ...]
    course: Course
    plan: Plan
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    provenance: Mapping[str, str]
    sample: bool = False
    name: str = ""
