"""The canonical frame of face maps: which pixel is which spot of skin, and where the regions lie on it.

The frame is the canonical face unrolled from a cylinder about a vertical axis inside the head, so that a millimetre at
the temple is about as wide as one on the nose; x grows to the person's left, y grows downwards, as in a photo of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from wearoff.face.canonical import CanonicalFace
from wearoff.terms import Region
from wearoff.units import sealed

Points = NDArray[np.float64]

#: Axis of the cylinder [mm on the z axis of the canonical face] and its radius [mm]: the nose bridge keeps its size.
_AXIS_Z_MM = -110.0
_RADIUS_MM = 160.0
_MARGIN_MM = 2.0
#: The frame ends this far [mm] from the midline: what lies behind is never seen from the front.
_HALF_WIDTH_MM = 80.0
#: The warp is computed on every n-th pixel and interpolated between; at 4 the error is below 0.02 px.
_STRIDE = 4

#: Outer eye corner and inner eye corner of each side (the person's own).
OUTER_CORNER = {"right": 33, "left": 263}


@dataclass(frozen=True, eq=False)
class Atlas:
    """The canonical frame at a fixed number of pixels per millimetre.

    points_px (468, 2): where each landmark of the mesh lies in the frame.
    corners (h', w', 3) and shares (h', w', 3): for every fourth pixel, the landmarks around it and their weights.
    regions: for each region a mask (h, w) bool.
    """

    px_per_mm: float
    height: int
    width: int
    points_px: Points
    corners: NDArray[np.int64]
    shares: NDArray[np.float64]
    inside: NDArray[np.bool_]
    regions: dict[Region, NDArray[np.bool_]]

    def __post_init__(self) -> None:
        for name in ("points_px", "corners", "shares", "inside"):
            object.__setattr__(self, name, sealed(getattr(self, name)))
        object.__setattr__(self, "regions", {region: sealed(mask) for region, mask in self.regions.items()})

    @property
    def stride(self) -> int:
        """Pixels of the frame between two nodes of the warp."""
        return _STRIDE


def _unrolled(xyz_mm: Points) -> Points:
    angle = np.arctan2(xyz_mm[:, 0], xyz_mm[:, 2] - _AXIS_Z_MM)
    return np.column_stack([_RADIUS_MM * angle, -xyz_mm[:, 1]])


def make_atlas(canonical: CanonicalFace, px_per_mm: float = 4.0) -> Atlas:
    """Return the canonical frame at `px_per_mm` [px/mm] of the canonical face."""
    flat = _unrolled(canonical.xyz_mm)
    origin = np.array([-_HALF_WIDTH_MM, flat[:, 1].min() - _MARGIN_MM])
    extent_mm = np.array([_HALF_WIDTH_MM, flat[:, 1].max() + _MARGIN_MM]) - origin
    points = (flat - origin) * px_per_mm
    # whole strides, so that the coarse grid ends exactly at the last pixel
    width, height = (np.ceil(extent_mm * px_per_mm / _STRIDE) * _STRIDE).astype(int) + 1
    mesh = Delaunay(points)
    x, y = np.meshgrid(np.arange(0, width, _STRIDE), np.arange(0, height, _STRIDE))
    nodes = np.column_stack([x.ravel(), y.ravel()]).astype(float)
    triangle = mesh.find_simplex(nodes)
    transform = mesh.transform[triangle]
    first_two = np.einsum("nij,nj->ni", transform[:, :2], nodes - transform[:, 2])
    shares = np.column_stack([first_two, 1 - first_two.sum(axis=1)])
    shape = (*x.shape, 3)
    return Atlas(
        px_per_mm=px_per_mm,
        height=int(height),
        width=int(width),
        points_px=points,
        corners=mesh.simplices[triangle].reshape(shape).astype(np.int64),
        shares=shares.reshape(shape),
        inside=(triangle >= 0).reshape(x.shape),
        regions=_regions(points, px_per_mm, int(height), int(width)),
    )


def _inside_polygon(corners: Points, x: Points, y: Points) -> NDArray[np.bool_]:
    """Tell for each point whether it lies inside a polygon (even-odd rule)."""
    hit = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        hit ^= crosses & (x < at)
    return hit


#: Above the brows, below the hairline; the brow's own landmarks are moved up by a margin, so that hair stays outside.
_BROW_UPPER = (70, 63, 105, 66, 107, 9, 336, 296, 334, 293, 300)
_HAIRLINE = (284, 332, 297, 338, 10, 109, 67, 103, 54)
_BROW_MARGIN_MM = 3.5
_HAIRLINE_MARGIN_MM = 3.0
_TEMPLE_MARGIN_MM = 8.0
#: Crow's feet: a fan about the outer corner of the eye; radii [mm] and angles [deg, 0 outwards, positive upwards].
FAN_MM = (7.0, 28.0)
FAN_DEG = (-58.0, 38.0)


def _regions(points: Points, px_per_mm: float, height: int, width: int) -> dict[Region, NDArray[np.bool_]]:
    x, y = (a.astype(float) for a in np.meshgrid(np.arange(width), np.arange(height)))
    masks: dict[Region, NDArray[np.bool_]] = {}

    brow = points[list(_BROW_UPPER)] - (0, _BROW_MARGIN_MM * px_per_mm)
    top = points[list(_HAIRLINE)] + (0, _HAIRLINE_MARGIN_MM * px_per_mm)
    sides = np.abs(x - points[10, 0]) < np.abs(points[300, 0] - points[10, 0]) - _TEMPLE_MARGIN_MM * px_per_mm
    masks[Region.FOREHEAD] = _inside_polygon(np.concatenate([brow, top]), x, y) & sides

    # Between the inner ends of the brows, from the root of the nose to a finger's breadth above the brows.
    root, above = points[168], points[151]
    half_low = 0.75 * np.abs(points[285, 0] - points[55, 0]) / 2
    half_high = 1.15 * np.abs(points[336, 0] - points[107, 0]) / 2
    low, high = root[1] + 1.0 * px_per_mm, points[9, 1] + 0.45 * (above[1] - points[9, 1])
    left, right = root[0] - np.array([half_low, half_high]), root[0] + np.array([half_low, half_high])
    corners = np.array([[left[0], low], [left[1], high], [right[1], high], [right[0], low]])
    masks[Region.GLABELLA] = _inside_polygon(corners, x, y)
    masks[Region.FOREHEAD] &= ~masks[Region.GLABELLA]

    for region, side, outwards in ((Region.CROWS_FEET_RIGHT, "right", -1), (Region.CROWS_FEET_LEFT, "left", 1)):
        corner = points[OUTER_CORNER[side]]
        out_mm, up_mm = outwards * (x - corner[0]) / px_per_mm, (corner[1] - y) / px_per_mm
        radius, angle = np.hypot(out_mm, up_mm), np.degrees(np.arctan2(up_mm, out_mm))
        fan = (radius >= FAN_MM[0]) & (radius <= FAN_MM[1]) & (angle >= FAN_DEG[0]) & (angle <= FAN_DEG[1])
        masks[region] = fan
    return masks
