"""Line severity: how much line there is in a region, from oriented ridges on its strip.

A line is a narrow valley in lightness along the region's own direction. For each of a few widths the strip is filtered
with elongated second derivatives of a Gaussian (gamma-normalised, Lindeberg 1998, doi:10.1023/A:1008097225773), turned
by up to 20 degrees; the severity is the mean of what lies above zero, in percent of contrast. The photo's own blur is
part of each filter's width, so that photos of different sharpness are compared at the same width, and widths finer than
a photo resolves are left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.measure.strips import Layer, Strip, mean_where
from wearoff.measure.uncertainty import line_sd
from wearoff.units import Measured, sealed

#: Widths of line [mm, SD of the Gaussian], blur of the photo included.
WIDTHS_MM = (0.3, 0.5, 0.9)
_LENGTH_MM = 1.5
_TURNS_DEG = (-20.0, -10.0, 0.0, 10.0, 20.0)
#: One line can not count for more than this contrast: a strand of hair or a frame would.
_MOST = 0.12
#: From this width on [px, SD of the filter] a strip of half the size serves as well.
_COARSE_PX = 2.2
_LIGHT_MM = 3.0
_EDGE_MM = 0.5
#: A region must show at least this share of itself.
MIN_VISIBLE = 0.25


@dataclass(frozen=True, eq=False)
class RegionLines:
    """The lines of one region in one photo.

    by_width (3,): severity [% of contrast] for each of WIDTHS_MM, NaN where the photo does not resolve that width;
    sd_by_width (3,): standard deviation [same]; visible: share of the region that could be used (0 to 1).
    """

    by_width: NDArray[np.float64]
    sd_by_width: NDArray[np.float64]
    visible: float

    def __post_init__(self) -> None:
        if self.by_width.shape != (len(WIDTHS_MM),) or self.sd_by_width.shape != (len(WIDTHS_MM),):
            raise ValueError(f"line severities come for {len(WIDTHS_MM)} widths")
        for name in ("by_width", "sd_by_width"):
            object.__setattr__(self, name, sealed(getattr(self, name), np.float64))

    @property
    def resolved(self) -> NDArray[np.bool_]:
        """Which widths the photo resolves."""
        return np.isfinite(self.by_width)

    def severity(self, widths: NDArray[np.bool_] | None = None) -> Measured | None:
        """Return the severity over the given widths (default: all resolved), or None where none is resolved."""
        used = self.resolved if widths is None else widths & self.resolved
        if not used.any():
            return None
        # neighbouring widths see the same skin: their errors go together, so the SDs are averaged, not divided
        return Measured(float(self.by_width[used].mean()), float(self.sd_by_width[used].mean()))


@lru_cache(maxsize=256)
def _kernel(width_px: float, length_px: float, turn_deg: float) -> NDArray[np.float32]:
    reach = int(np.ceil(max(3.5 * width_px, 2.2 * length_px)))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    turn = np.radians(turn_deg)
    along, across = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    kernel = (across**2 / width_px**2 - 1) * np.exp(-(across**2) / 2 / width_px**2 - along**2 / 2 / length_px**2)
    kernel -= kernel.mean()
    return np.asarray(kernel / (2 * np.pi * width_px * length_px), np.float32)


def measure_lines(strip: Strip, blur_mm: float) -> RegionLines | None:
    """Return the lines of a strip whose photo is blurred by `blur_mm` [mm, SD], or None where too little is visible."""
    px = strip.px_per_mm
    usable = strip.usable
    edge = max(1, round(_EDGE_MM * px))
    inner = cv2.erode(usable.astype(np.uint8), np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)) > 0
    visible = strip.visible
    if inner.sum() < 50 or visible < MIN_VISIBLE:
        return None
    weight = usable.astype(np.float32)
    flat = (strip.log_light - mean_where(strip.log_light, weight, _LIGHT_MM * px)) * weight
    severities = np.full(len(WIDTHS_MM), np.nan)
    sds = np.full(len(WIDTHS_MM), np.nan)
    for i, width_mm in enumerate(WIDTHS_MM):
        rest = width_mm**2 - blur_mm**2
        if rest < (0.5 * width_mm) ** 2:
            continue
        sigma_mm = float(np.sqrt(rest))
        # what is missing to the full width, the photo's blur did already: the derivative's size is made up for
        shrink = 2 if sigma_mm * px >= _COARSE_PX else 1  # wide lines need no fine sampling
        layer, mask = (flat, inner) if shrink == 1 else (_halved(flat), _halved(inner.astype(np.float32)) > 0.99)
        ridges = _ridges(layer, sigma_mm * px / shrink, _LENGTH_MM * px / shrink) * (width_mm / sigma_mm) ** 2
        severities[i] = 100 * float(np.minimum(ridges[mask], _MOST).mean())
        sds[i] = line_sd(severities[i], width_mm=width_mm, blur_mm=blur_mm, visible=visible)
    return RegionLines(severities, sds, visible)


def _halved(layer: Layer) -> Layer:
    size = (max(1, layer.shape[1] // 2), max(1, layer.shape[0] // 2))
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.float32)


def _ridges(flat: Layer, sigma_px: float, length_px: float) -> Layer:
    """Return the strongest response over the turns, zero where there is no valley."""
    best = np.zeros_like(flat)
    for turn in _TURNS_DEG:
        kernel = _kernel(round(sigma_px, 2), length_px, turn)
        np.maximum(best, cv2.filter2D(flat, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT), out=best)
    return best
