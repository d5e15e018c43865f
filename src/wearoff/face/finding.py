"""Finding faces in a photo: a detector with retries, and landmarks as the median of jittered crops."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face.landmarker import Crop, Detection, Image, Landmarker, crop_around, overlap, view_around
from wearoff.face.pose import fit_canonical, head_pose, iris_scale, upright
from wearoff.face.values import Face

#: Below this probability the landmarker itself says that there is no face in the crop.
MIN_PRESENCE = 0.5
_SAME_FACE = 0.4
# Shift x, y [share of the side], zoom, rotation [rad] of the five crops. The median of five took the landmarks' SD
# from 0.61 % to 0.2 % of the inter-ocular distance; more crops gained little.
_JITTER = (
    (0.0, 0.0, 1.0, 0.0),
    (0.03, 0.015, 1.05, 0.06),
    (-0.03, 0.02, 0.96, -0.06),
    (0.015, -0.03, 1.08, -0.03),
    (-0.02, -0.015, 0.93, 0.03),
)
#: The standard error of a median of n normal values is this times that of their mean.
_MEDIAN_OVER_MEAN = 1.2533


def find_faces(image: Image, landmarker: Landmarker) -> tuple[Face, ...]:
    """Return the faces in an RGB image, shape (h, w, 3), largest first.

    Small faces are found by looking again into overlapping parts, faces lying sideways by turning the image.
    """
    detections = landmarker.detect(image)
    if not detections:
        detections = _detect_in_parts(image, landmarker)
    faces = [face for d in detections if (face := fit_face(image, d.crop, landmarker)) is not None]
    if not faces:
        faces = _find_turned(image, landmarker)
    return tuple(sorted(_distinct(faces), key=lambda face: -face.width_px))


def fit_face(image: Image, crop: Crop, landmarker: Landmarker) -> Face | None:
    """Return the face seen through a crop, or None where the landmarker sees none."""
    points, presence = landmarker.landmarks(view_around(image, crop), crop)
    if presence < MIN_PRESENCE:
        return None
    base = crop_around(points)
    view = view_around(image, base)
    seen = []
    for dx, dy, zoom, turn in _JITTER:
        jittered = Crop(base.x + dx * base.side, base.y + dy * base.side, base.side * zoom, base.angle + turn)
        points, presence = landmarker.landmarks(view, jittered)
        if presence >= MIN_PRESENCE:
            seen.append(points)
    if len(seen) < 3:
        return None
    stack = np.stack(seen)
    landmarks = np.median(stack, axis=0)
    spread = stack[:, :, :2].std(axis=0, ddof=1)
    sd = np.hypot(spread[:, 0], spread[:, 1]) / np.sqrt(2) * _MEDIAN_OVER_MEAN / np.sqrt(len(seen))
    fit = fit_canonical(landmarks, landmarker.canonical)
    pose = head_pose(fit)
    scale = iris_scale(landmarks, sd, pose)
    return Face(
        landmarks_px=landmarks,
        landmark_sd_px=sd,
        upright_mm=upright(landmarks, fit, scale.px_per_mm),
        px_per_canonical_mm=fit.px_per_canonical_mm,
        pose=pose,
        scale=scale,
        coefficients=landmarker.coefficients(landmarks),
        presence=float(presence),
    )


def _detect_in_parts(image: Image, landmarker: Landmarker) -> list[Detection]:
    """Look for small faces in overlapping windows of half and a quarter of the longer side."""
    height, width = image.shape[:2]
    for parts in (2, 4):
        side = int(max(height, width) / parts * 1.25)
        found: list[Detection] = []
        for top in range(0, max(1, height - side // 4), max(1, side * 4 // 5)):
            for left in range(0, max(1, width - side // 4), max(1, side * 4 // 5)):
                window = image[top : top + side, left : left + side]
                for d in landmarker.detect(window):
                    moved = Detection(d.score, d.left + left, d.top + top, d.right + left, d.bottom + top, d.eye_angle)
                    if all(overlap(moved, other) < _SAME_FACE for other in found):
                        found.append(moved)
        if found:
            return sorted(found, key=lambda d: -d.score)
    return []


def _find_turned(image: Image, landmarker: Landmarker) -> list[Face]:
    """Look for faces lying on a side or upside down, for photos that lost their orientation."""
    height, width = image.shape[:2]
    for quarter, code in ((1, cv2.ROTATE_90_CLOCKWISE), (3, cv2.ROTATE_90_COUNTERCLOCKWISE), (2, cv2.ROTATE_180)):
        turned: NDArray[np.uint8] = cv2.rotate(image, code)  # type: ignore[assignment]
        faces = []
        for d in landmarker.detect(turned):
            crop = d.crop
            x, y = {
                1: (crop.y, height - 1 - crop.x),
                3: (width - 1 - crop.y, crop.x),
                2: (width - 1 - crop.x, height - 1 - crop.y),
            }[quarter]
            face = fit_face(image, Crop(x, y, crop.side, crop.angle - quarter * np.pi / 2), landmarker)
            if face is not None:
                faces.append(face)
        if faces:
            return faces
    return []


def _distinct(faces: list[Face]) -> list[Face]:
    """Drop a face that two detections led to."""
    kept: list[Face] = []
    for face in faces:
        nose = face.landmarks_px[4, :2]
        if all(np.hypot(*(other.landmarks_px[4, :2] - nose)) > 0.25 * other.width_px for other in kept):
            kept.append(face)
    return kept
