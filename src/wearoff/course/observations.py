"""What goes into a forecast: treatments and observations, each with its day; values, checked at birth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wearoff.errors import InputError
from wearoff.terms import EffectScale, Region

#: Effects outside this range are a mistake in the input, not a rebound.
EFFECT_RANGE = (-2.0, 1.5)


class ObservationError(InputError):
    """An observation or a treatment that cannot be."""

    code = "observation"


@dataclass(frozen=True, slots=True)
class Treatment:
    """One region injected on one day; `product` is a generic substance name, `units` are that product's own units.

    `region` None means every region that is looked at. Raises ObservationError for units that are not above zero.
    """

    day: date
    product: str | None = None
    region: Region | None = None
    units: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.units is not None and not (math.isfinite(self.units) and self.units > 0):
            raise ObservationError(
                f"Units must be a number above zero, not {self.units}.", "Leave the units out if you don't know them."
            )


class Rater(StrEnum):
    """Who gave a 0-3 grade."""

    SELF = "self"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class PhotoEffect:
    """The suppressed share of the baseline read from one day's photos, and its own standard deviation.

    `baseline_sd` is the relative standard deviation of the baseline it was compared with, an error shared by all
    photos of the cycle and therefore not part of `sd`; None if not known.
    """

    day: date
    region: Region | None
    scale: EffectScale
    effect: float
    sd: float
    baseline_sd: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.effect) and EFFECT_RANGE[0] <= self.effect <= EFFECT_RANGE[1]):
            raise ObservationError(
                f"An effect of {self.effect} cannot be: 0 is none, 1 is all.",
                f"Give a share between {EFFECT_RANGE[0]:g} and {EFFECT_RANGE[1]:g}, not a percentage.",
            )
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise ObservationError(
                f"A standard deviation of {self.sd} cannot be.", "Give one above zero; 0.1 is usual for one photo."
            )
        if self.baseline_sd is not None and not (math.isfinite(self.baseline_sd) and self.baseline_sd >= 0):
            raise ObservationError(f"A baseline standard deviation of {self.baseline_sd} cannot be.", "Leave it out.")


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade 0-3 (none, mild, moderate, severe) at the region's own expression; before a treatment it is the start."""

    day: date
    region: Region | None
    grade: float
    by: Rater = Rater.SELF

    def __post_init__(self) -> None:
        if not (math.isfinite(self.grade) and 0 <= self.grade <= 3):
            raise ObservationError(f"A grade of {self.grade} cannot be.", "Grades run from 0 (none) to 3 (severe).")


@dataclass(frozen=True, slots=True)
class WornOff:
    """The person says that it had worn off around `day`, give or take `sd_days` [d]."""

    day: date
    sd_days: float = 10.0
    region: Region | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.sd_days) and self.sd_days > 0):
            raise ObservationError(
                f"A standard deviation of {self.sd_days} days cannot be.", "Give one above zero; 10 is usual."
            )


@dataclass(frozen=True, slots=True)
class StillFine:
    """The person says that the effect was still fine on `day`."""

    day: date
    region: Region | None = None


Observation = PhotoEffect | Grade | WornOff | StillFine
