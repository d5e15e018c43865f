"""What the face stage finds in a photo: landmarks, head pose, scale and expression; and the face map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wearoff.terms import Expression
from wearoff.units import Scale, sealed


@dataclass(frozen=True, slots=True)
class HeadPose:
    """How the head is turned [deg] against the camera; compare differences, the zero point is the average face's.

    pitch: chin up is positive; yaw: turned to the person's left is positive; roll: towards the person's left shoulder.
    """

    pitch_deg: float
    yaw_deg: float
    roll_deg: float

    def angle_to(self, other: HeadPose) -> float:
        """Return the largest difference [deg] in pitch or yaw (roll is undone by alignment)."""
        return max(abs(self.pitch_deg - other.pitch_deg), abs(self.yaw_deg - other.yaw_deg))


@dataclass(frozen=True, eq=False)
class Face:
    """One face in one photo.

    landmarks_px (478, 3): x, y in pixels of the decoded photo (pixel centres at whole numbers) and depth.
    landmark_sd_px (478,): standard deviation of each landmark over the jittered crops.
    upright_mm (478, 3): the landmarks in millimetres, turned to the front; x to the person's left, y up, z forward,
    origin at the centroid of the landmarks that move least.
    px_per_canonical_mm: size of the face against the canonical one, known much better than the iris.
    coefficients: the 52 expression coefficients (0 to 1) by name.
    """

    landmarks_px: NDArray[np.float64]
    landmark_sd_px: NDArray[np.float64]
    upright_mm: NDArray[np.float64]
    px_per_canonical_mm: float
    pose: HeadPose
    scale: Scale
    coefficients: Mapping[str, float]
    presence: float

    def __post_init__(self) -> None:
        if self.landmarks_px.shape != (478, 3) or self.upright_mm.shape != (478, 3):
            raise ValueError("a face has 478 landmarks with x, y, z")
        if self.landmark_sd_px.shape != (478,):
            raise ValueError("a face has 478 standard deviations")
        for name in ("landmarks_px", "landmark_sd_px", "upright_mm"):
            object.__setattr__(self, name, sealed(getattr(self, name), np.float64))
        object.__setattr__(self, "coefficients", dict(self.coefficients))

    @property
    def mm_per_canonical_mm(self) -> float:
        """How large this head is against the canonical one, as far as the iris tells."""
        return self.px_per_canonical_mm / self.scale.px_per_mm

    @property
    def sd_px(self) -> float:
        """The typical standard deviation of a landmark [px]."""
        return float(np.median(self.landmark_sd_px))

    @property
    def width_px(self) -> float:
        """Distance [px] between the two sides of the face (landmarks 234 and 454)."""
        return float(np.hypot(*(self.landmarks_px[454, :2] - self.landmarks_px[234, :2])))

    @property
    def outer_eye_px(self) -> float:
        """Distance [px] between the outer corners of the eyes."""
        return float(np.hypot(*(self.landmarks_px[263, :2] - self.landmarks_px[33, :2])))


@dataclass(frozen=True, slots=True)
class ExpressionReading:
    """The expression of a face and how strongly each one is present (0 none, 1 full)."""

    expression: Expression
    strengths: Mapping[Expression, float] = field(default_factory=dict)
    relative_to_rest: bool = False


@dataclass(frozen=True, eq=False)
class FaceMap:
    """The face resampled into the canonical frame, so that one pixel is the same spot of skin on every date.

    rgb (h, w, 3) uint8; valid (h, w) bool: inside the photo and turned to the camera;
    sampling_px_per_mm (h, w) float32: pixels of the photo per millimetre of canonical skin there.
    """

    rgb: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    sampling_px_per_mm: NDArray[np.float32]
    px_per_mm: float

    def __post_init__(self) -> None:
        if (
            self.rgb.ndim != 3
            or self.rgb.shape[:2] != self.valid.shape
            or self.valid.shape != self.sampling_px_per_mm.shape
        ):
            raise ValueError("the layers of a face map have one size")
        for name in ("rgb", "valid", "sampling_px_per_mm"):
            object.__setattr__(self, name, sealed(getattr(self, name)))
