"""Numbers that say their unit and how well they are known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

#: Horizontal visible iris diameter [mm] and its standard deviation between adults
#: (doi:10.1097/00003226-200108000-00010).
IRIS_MM = 11.7
IRIS_SD_MM = 0.42

FloatArray = NDArray[np.float64]


def sealed(array: NDArray[np.generic], dtype: type | None = None) -> NDArray[np.generic]:
    """Return an own, read-only copy of an array, so that a frozen value cannot change from outside."""
    own = np.array(array, dtype=dtype, copy=True)
    own.setflags(write=False)
    return own


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its standard deviation; the unit stands in the name of what holds it.

    Raises ValueError for a value that is not finite or a standard deviation that is negative or not finite.
    """

    value: float
    sd: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a measured value must be finite, not {self.value}")
        if not (math.isfinite(self.sd) and self.sd >= 0):
            raise ValueError(f"a standard deviation must be finite and not negative, not {self.sd}")


class ScaleSource(StrEnum):
    """Where millimetres come from."""

    IRIS = "iris"
    MARKER = "marker"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels per millimetre [px/mm] at the face, its standard deviation [px/mm] and its source."""

    px_per_mm: float
    sd_px_per_mm: float
    source: ScaleSource

    def __post_init__(self) -> None:
        if not (math.isfinite(self.px_per_mm) and self.px_per_mm > 0):
            raise ValueError(f"a scale must be finite and above zero, not {self.px_per_mm}")
        if not (math.isfinite(self.sd_px_per_mm) and self.sd_px_per_mm >= 0):
            raise ValueError(f"a standard deviation must be finite and not negative, not {self.sd_px_per_mm}")
