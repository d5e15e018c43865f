"""Head pose and scale from landmarks alone: weighted Procrustes on the canonical face, millimetres from the iris."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wearoff.face.canonical import N_MESH, CanonicalFace
from wearoff.face.values import Face, HeadPose
from wearoff.units import IRIS_MM, IRIS_SD_MM, Scale, ScaleSource

Points = NDArray[np.float64]

#: From image axes (x right, y down, z away) to head axes (x to the person's left when facing, y up, z forward).
_TO_HEAD_AXES = np.array([1.0, -1.0, -1.0])
_IRISES = ((469, 471, 470, 472), (474, 476, 475, 477))


@dataclass(frozen=True, eq=False)
class Fit:
    """The similarity that lays the canonical face on landmarks: rotation, size [px per canonical mm], centre [px]."""

    rotation: Points
    px_per_canonical_mm: float
    centre_px: Points


def fit_canonical(landmarks_px: Points, canonical: CanonicalFace) -> Fit:
    """Return the weighted least-squares similarity of the canonical face to landmarks, shape (478, 3) [px].

    Source: Umeyama 1991, doi:10.1109/34.88573, with weights.
    """
    used = canonical.pose_weights > 0
    weights = canonical.pose_weights[used][:, None]
    model = canonical.xyz_mm[used]
    seen = landmarks_px[:N_MESH][used] * _TO_HEAD_AXES
    model_centre, seen_centre = (weights * model).sum(axis=0), (weights * seen).sum(axis=0)
    a, b = model - model_centre, seen - seen_centre
    u, s, vt = np.linalg.svd((weights * a).T @ b)
    mirror = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * mirror @ vt).T
    size = float((s * mirror).sum() / (weights * a**2).sum())
    return Fit(rotation, size, seen_centre)


def head_pose(fit: Fit) -> HeadPose:
    """Return the angles [deg] of a fitted rotation."""
    r = fit.rotation
    pitch = np.degrees(np.arctan2(r[2, 1], r[2, 2]))
    yaw = np.degrees(np.arctan2(-r[2, 0], np.hypot(r[0, 0], r[1, 0])))
    roll = np.degrees(np.arctan2(r[1, 0], r[0, 0]))
    return HeadPose(float(-pitch), float(yaw), float(-roll))


def upright(landmarks_px: Points, fit: Fit, px_per_mm: float) -> Points:
    """Return landmarks in millimetres, turned to the front, shape (478, 3)."""
    centred: Points = (landmarks_px * _TO_HEAD_AXES - fit.centre_px) @ fit.rotation
    return centred / px_per_mm


def iris_scale(landmarks_px: Points, landmark_sd_px: Points, pose: HeadPose) -> Scale:
    """Return the scale [px/mm] from the visible width of the irises, 11.7 ± 0.42 mm in adults.

    A turned head narrows the iris by the cosine of the yaw; of the two diameters of an iris the vertical one is often
    cut by a lid, so it counts only where it is the larger.
    """
    widths, spread = [], 0.0
    for side, other, top, bottom in _IRISES:
        horizontal = np.hypot(*(landmarks_px[side, :2] - landmarks_px[other, :2])) / np.cos(np.radians(pose.yaw_deg))
        vertical = np.hypot(*(landmarks_px[top, :2] - landmarks_px[bottom, :2]))
        widths.append(max(horizontal, vertical))
        spread += float((landmark_sd_px[[side, other]] ** 2).sum()) / 4
    width = float(np.mean(widths))
    px_per_mm = width / IRIS_MM
    relative = np.hypot(IRIS_SD_MM / IRIS_MM, np.sqrt(spread) / width)
    return Scale(px_per_mm, float(px_per_mm * relative), ScaleSource.IRIS)


def on_one_scale(faces: Sequence[Face]) -> tuple[Face, ...]:
    """Return one person's faces with their millimetres put on one scale.

    The iris of a single photo is off by a few percent, and by far more behind a half-closed lid; the size of the whole
    face against the canonical one is steady. So the size of the person's head in millimetres is taken once, as the
    median over the photos with open eyes, and each photo's scale follows from its own face size.
    """
    if not faces:
        return ()
    open_eyed = [f for f in faces if max(f.coefficients["eyeBlinkLeft"], f.coefficients["eyeBlinkRight"]) < 0.5]
    sizes = np.array([f.mm_per_canonical_mm for f in open_eyed or faces])
    head = float(np.median(sizes))
    spread = float(sizes.std() / np.sqrt(len(sizes)) / head) if len(sizes) > 1 else 0.0
    out = []
    for face in faces:
        px_per_mm = face.px_per_canonical_mm / head
        relative = float(np.hypot(IRIS_SD_MM / IRIS_MM, spread))
        scale = Scale(px_per_mm, px_per_mm * relative, ScaleSource.IRIS)
        resized = face.upright_mm * (face.scale.px_per_mm / px_per_mm)
        out.append(replace(face, scale=scale, upright_mm=resized))
    return tuple(out)
