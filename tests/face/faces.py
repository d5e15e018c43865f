"""Faces made of the canonical mesh: pose, size and movement are exactly known."""

from __future__ import annotations

import numpy as np

from wearoff.face import CanonicalFace, Face
from wearoff.face.landmarker import COEFFICIENT_NAMES
from wearoff.face.pose import fit_canonical, head_pose, upright
from wearoff.units import IRIS_MM, Scale, ScaleSource


def rotation(pitch_deg: float, yaw_deg: float, roll_deg: float) -> np.ndarray:
    p, y, r = np.radians([-pitch_deg, yaw_deg, -roll_deg])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def canonical_landmarks(
    canonical: CanonicalFace, moves: dict[int, tuple[float, float, float]] | None = None
) -> np.ndarray:
    """Return 478 points [mm]: the mesh, moved where asked, and irises of 11.7 mm in the eyes."""
    points = np.zeros((478, 3))
    points[:468] = canonical.xyz_mm
    for index, shift in (moves or {}).items():
        points[index] += shift
    for centre, corners, ring in ((468, (33, 133), (469, 470, 471, 472)), (473, (362, 263), (474, 475, 476, 477))):
        middle = points[list(corners)].mean(axis=0)
        points[centre] = middle
        half = IRIS_MM / 2
        for index, shift in zip(ring, ((half, 0, 0), (0, half, 0), (-half, 0, 0), (0, -half, 0)), strict=True):
            points[index] = middle + shift
    return points


def make_face(
    canonical: CanonicalFace,
    *,
    px_per_mm: float = 4.0,
    pose: tuple[float, float, float] = (0.0, 0.0, 0.0),
    centre: tuple[float, float] = (500.0, 600.0),
    moves: dict[int, tuple[float, float, float]] | None = None,
    coefficients: dict[str, float] | None = None,
) -> Face:
    """Return a face as a parallel camera would see it."""
    seen = canonical_landmarks(canonical, moves) @ rotation(*pose).T * px_per_mm
    pixels = np.column_stack([centre[0] + seen[:, 0], centre[1] - seen[:, 1], -seen[:, 2]])
    fit = fit_canonical(pixels, canonical)
    return Face(
        landmarks_px=pixels,
        landmark_sd_px=np.full(478, 0.3),
        upright_mm=upright(pixels, fit, px_per_mm),
        px_per_canonical_mm=fit.px_per_canonical_mm,
        pose=head_pose(fit),
        scale=Scale(px_per_mm, 0.03 * px_per_mm, ScaleSource.IRIS),
        coefficients={name: (coefficients or {}).get(name, 0.0) for name in COEFFICIENT_NAMES},
        presence=1.0,
    )
