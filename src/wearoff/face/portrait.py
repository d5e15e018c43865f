"""Face -> portrait: the photo turned, scaled and shifted so that faces of different dates lie on each other.

Unlike the face map, a portrait only turns and scales: the person looks like themselves, and a raised brow stays raised.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face.canonical import N_MESH, CanonicalFace
from wearoff.face.values import Face

#: Size of a portrait [px], the person's scale on it [px per canonical mm] and where the eyes' height lies.
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 720, 860
_PX_PER_CANONICAL_MM = 3.6
_EYES_AT = 0.42
#: Grey [RGB] where the photo ends.
_BEYOND = (128, 128, 128)


def portrait_transform(face: Face, canonical: CanonicalFace) -> NDArray[np.float64]:
    """Return the turn, scale and shift from the photo to the portrait [px], shape (2, 3).

    Fitted to the landmarks that move least with expressions, weighted least squares.
    """
    used = canonical.pose_weights > 0
    weights = canonical.pose_weights[used]
    seen = face.landmarks_px[:N_MESH][used, :2]
    model = canonical.xyz_mm[used, :2] * (1, -1) * _PX_PER_CANONICAL_MM
    seen_centre, model_centre = weights @ seen, weights @ model
    a, b = seen - seen_centre, model - model_centre
    # similarity in the complex plane: b = z a
    za, zb = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    z = complex((weights * zb * za.conj()).sum() / (weights * np.abs(za) ** 2).sum())
    eyes = canonical.xyz_mm[[33, 133, 362, 263], 1].mean() * -_PX_PER_CANONICAL_MM
    target = model_centre + np.array([PORTRAIT_WIDTH / 2, PORTRAIT_HEIGHT * _EYES_AT - eyes])
    turn = np.array([[z.real, -z.imag], [z.imag, z.real]])
    return np.column_stack([turn, target - turn @ seen_centre])


def make_portrait(image: NDArray[np.uint8], face: Face, canonical: CanonicalFace) -> NDArray[np.uint8]:
    """Return the face of an RGB image as a portrait, shape (860, 720, 3)."""
    matrix = portrait_transform(face, canonical)
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    source = image
    shrink = int(1 / max(zoom, 1e-6))
    if shrink >= 2:  # bilinear sampling alone would alias
        rows, columns = image.shape[0] // shrink * shrink, image.shape[1] // shrink * shrink
        source = cv2.resize(  # type: ignore[assignment]
            image[:rows, :columns], (columns // shrink, rows // shrink), interpolation=cv2.INTER_AREA
        )
        matrix[:, 2] += matrix[:, :2] @ np.full(2, (shrink - 1) / 2)
        matrix[:, :2] *= shrink
    out = cv2.warpAffine(
        source,
        matrix,
        (PORTRAIT_WIDTH, PORTRAIT_HEIGHT),
        flags=cv2.INTER_CUBIC if zoom > 1 else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_BEYOND,
    )
    return np.asarray(out, np.uint8)
