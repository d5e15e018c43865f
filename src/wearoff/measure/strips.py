"""Regions straightened into strips in which the region's lines run along the rows.

Forehead lines run along x, glabellar lines along y, and crow's feet fan out from the corner of the eye; in its strip
each family runs along the rows, so that one set of filters serves all.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face import Atlas, FaceMap
from wearoff.face.atlas import FAN_DEG, FAN_MM, OUTER_CORNER
from wearoff.terms import Region
from wearoff.units import sealed

Layer = NDArray[np.float32]

#: A strip of crow's feet begins this far [mm] from the corner of the eye, beyond the lashes; its rows run from a point
#: behind the corner.
FAN_FROM_MM = 9.0
FAN_SOURCE_MM = 6.0
_SIDES = {Region.CROWS_FEET_RIGHT: ("right", -1), Region.CROWS_FEET_LEFT: ("left", 1)}


@dataclass(frozen=True, eq=False)
class StripFrame:
    """Where each pixel of a region's strip lies on the face map: x and y [px of the map], and what belongs to it."""

    x: Layer
    y: Layer
    inside: NDArray[np.bool_]
    px_per_mm: float

    def __post_init__(self) -> None:
        for name in ("x", "y", "inside"):
            object.__setattr__(self, name, sealed(getattr(self, name)))


@dataclass(frozen=True, eq=False)
class Strip:
    """One region of one photo, straightened: log of the skin's lightness, and which pixels can be used.

    visible: share of the region (0 to 1) that can be used.
    """

    log_light: Layer
    usable: NDArray[np.bool_]
    px_per_mm: float
    visible: float

    def __post_init__(self) -> None:
        for name in ("log_light", "usable"):
            object.__setattr__(self, name, sealed(getattr(self, name)))


def strip_frames(atlas: Atlas) -> dict[Region, StripFrame]:
    """Return the strip of each region of an atlas."""
    frames = {}
    for region in (Region.FOREHEAD, Region.GLABELLA):
        rows, columns = np.nonzero(atlas.regions[region])
        x, y = np.meshgrid(
            np.arange(columns.min(), columns.max() + 1, dtype=np.float32),
            np.arange(rows.min(), rows.max() + 1, dtype=np.float32),
        )
        if region is Region.GLABELLA:
            x, y = x.T, y.T
        frames[region] = _frame(x, y, atlas, region)
    for region, (side, outwards) in _SIDES.items():
        px = atlas.px_per_mm
        radii = np.arange(FAN_FROM_MM, FAN_MM[1], 1 / px) + FAN_SOURCE_MM
        step_deg = np.degrees(1 / px / radii.mean())
        angles = np.radians(np.arange(FAN_DEG[1], FAN_DEG[0], -step_deg))
        radius, angle = np.meshgrid(radii, angles)
        corner = atlas.points_px[OUTER_CORNER[side]]
        x = corner[0] + outwards * px * (radius * np.cos(angle) - FAN_SOURCE_MM)
        y = corner[1] - px * radius * np.sin(angle)
        frames[region] = _frame(x.astype(np.float32), y.astype(np.float32), atlas, region)
    return frames


def _frame(x: Layer, y: Layer, atlas: Atlas, region: Region) -> StripFrame:
    inside = cv2.remap(atlas.regions[region].astype(np.uint8), x, y, cv2.INTER_NEAREST) > 0
    return StripFrame(np.ascontiguousarray(x), np.ascontiguousarray(y), inside, atlas.px_per_mm)


#: Red and green: relief shows in all channels, while redness and pigment show least in red.
_CHANNELS = np.array([0.6, 0.4, 0.0], np.float32)
#: Keeps the logarithm finite in black; about the noise of a camera.
_FLOOR = 4.0
#: Hair, lashes and brows: darker than the skin around by this (log) over a patch as wide as a few strands.
_HAIR_LOG = -0.40
_HAIR_WIDTH_MM = 1.2
_SURROUND_MM = 5.0


def make_strip(face_map: FaceMap, frame: StripFrame) -> Strip:
    """Return one region of a face map as a strip; hair, glare and what lies outside the photo are not usable."""
    px = frame.px_per_mm
    rgb = cv2.remap(face_map.rgb, frame.x, frame.y, cv2.INTER_LINEAR)
    light = rgb.astype(np.float32) @ _CHANNELS
    log_light = np.log(light + _FLOOR)
    usable = frame.inside & (cv2.remap(face_map.valid.astype(np.uint8), frame.x, frame.y, cv2.INTER_NEAREST) > 0)
    usable &= rgb.max(axis=2) < 253
    if usable.any():
        weight = usable.astype(np.float32)
        around = mean_where(log_light, weight, _SURROUND_MM * px)
        dark = cv2.GaussianBlur(log_light, (0, 0), _HAIR_WIDTH_MM * px / 2) - around < _HAIR_LOG
        usable &= cv2.dilate(dark.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    return Strip(log_light, usable, px, float(usable.sum() / max(1, frame.inside.sum())))


def mean_where(layer: Layer, weight: Layer, sigma_px: float) -> Layer:
    """Return the local mean of a layer over a Gaussian window [px, SD], counting only what has weight."""
    shrink = max(1, int(sigma_px / 4))  # a wide window needs no fine sampling
    size = (layer.shape[1], layer.shape[0])
    small = (max(1, size[0] // shrink), max(1, size[1] // shrink))

    def smooth(values: Layer) -> Layer:
        reduced = cv2.resize(values, small, interpolation=cv2.INTER_AREA) if shrink > 1 else values
        return np.asarray(cv2.GaussianBlur(reduced, (0, 0), sigma_px / shrink), np.float32)

    mean = smooth(layer * weight) / np.maximum(smooth(weight), 1e-3)
    return np.asarray(cv2.resize(mean, size, interpolation=cv2.INTER_LINEAR) if shrink > 1 else mean, np.float32)
