"""Brows followed from one photo to another by their own hairs, beyond what landmarks see.

The landmarker knows what faces usually look like and pulls brows towards it: of a raise of 8.4 mm it shows 7, of a brow
approximation next to nothing. On the face map, which is laid out by those landmarks, the rest of the movement is left
as a shift of the brow's hairs; it is found by matching small windows (normalised correlation, parabola for the peak).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face import Atlas, FaceMap
from wearoff.units import sealed

#: For each part of a brow, the landmarks whose middle it lies at; the person's own right and left.
BROW_PARTS: dict[str, tuple[int, ...]] = {
    "inner_right": (107, 66, 55),
    "middle_right": (105, 52),
    "outer_right": (63, 70, 53),
    "inner_left": (336, 296, 285),
    "middle_left": (334, 282),
    "outer_left": (293, 300, 283),
}
_HALF_MM = (8.0, 7.0)
_SEARCH_MM = (4.0, 5.0)
_FINE_MM, _COARSE_MM = 0.3, 4.0
#: Below this correlation the window did not find itself again.
MIN_MATCH = 0.72


@dataclass(frozen=True, eq=False)
class BrowBand:
    """The part of the face map with both brows: lightness (h, w) uint8, and the parts' centres [px of the band]."""

    light: NDArray[np.uint8]
    centres: NDArray[np.int64]
    px_per_mm: float

    def __post_init__(self) -> None:
        if self.centres.shape != (len(BROW_PARTS), 2):
            raise ValueError(f"a brow band has {len(BROW_PARTS)} parts")
        object.__setattr__(self, "light", sealed(self.light, np.uint8))
        object.__setattr__(self, "centres", sealed(self.centres, np.int64))


@dataclass(frozen=True, slots=True)
class BrowShift:
    """How far a part of a brow lies off its landmarks [canonical mm]: to the person's left, and up."""

    left_mm: float
    up_mm: float
    match: float


def make_brow_band(face_map: FaceMap, atlas: Atlas) -> BrowBand:
    """Return the band around the brows of a face map."""
    px = atlas.px_per_mm
    centres = np.array([atlas.points_px[list(ids)].mean(axis=0) for ids in BROW_PARTS.values()])
    reach = np.add(_HALF_MM, _SEARCH_MM) * px + 2
    low = np.maximum(np.floor(centres.min(axis=0) - reach), 0).astype(int)
    high = np.ceil(centres.max(axis=0) + reach).astype(int) + 1
    part = face_map.rgb[low[1] : high[1], low[0] : high[0]]
    light = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    return BrowBand(np.asarray(light, np.uint8), np.round(centres - low).astype(np.int64), px)


def follow_brows(before: BrowBand, after: BrowBand) -> dict[str, BrowShift]:
    """Return for each part of the brows its shift from one band to the other; a part that is lost is left out."""
    px = before.px_per_mm
    a, b = (_detail(band) for band in (before, after))
    out = {}
    half = np.round(np.array(_HALF_MM) * px).astype(int)
    search = np.round(np.array(_SEARCH_MM) * px).astype(int)
    for name, (x, y) in zip(BROW_PARTS, before.centres, strict=True):
        # near the upper end of the map the window is cut
        up, above = min(half[1], int(y)), min(search[1], max(0, int(y) - half[1]))
        window = a[y - up : y + half[1], x - half[0] : x + half[0]]
        place = b[y - up - above : y + half[1] + search[1], x - half[0] - search[0] : x + half[0] + search[0]]
        if window.shape[1] < 2 * half[0] or place.shape[1] < 2 * (half[0] + search[0]) or window.std() < 1e-3:
            continue
        fit = cv2.matchTemplate(place, window, cv2.TM_CCOEFF_NORMED)
        _, match, _, (column, row) = cv2.minMaxLoc(fit)
        if match < MIN_MATCH:
            continue
        right = column + _peak(fit[row], column) - search[0]
        down = row + _peak(fit[:, column], row) - above
        out[name] = BrowShift(float(right / px), float(-down / px), float(match))
    return out


def _detail(band: BrowBand) -> NDArray[np.float32]:
    light = np.log(band.light.astype(np.float32) + 8)
    fine = cv2.GaussianBlur(light, (0, 0), _FINE_MM * band.px_per_mm)
    return np.asarray(fine - cv2.GaussianBlur(light, (0, 0), _COARSE_MM * band.px_per_mm), np.float32)


def _peak(values: NDArray[Any], at: int) -> float:
    """Return how far the top of the parabola through a maximum and its neighbours lies from it."""
    if at <= 0 or at >= len(values) - 1:
        return 0.0
    low, top, high = (float(v) for v in values[at - 1 : at + 2])
    bend = low - 2 * top + high
    return 0.0 if abs(bend) < 1e-9 else 0.5 * (low - high) / bend
