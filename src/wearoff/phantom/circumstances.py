"""What differs from photo to photo though the face does not: pose, distance, light, colour, noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wearoff.phantom import rooms
from wearoff.phantom.camera import CameraSpec
from wearoff.phantom.shooting import PhotoSpec

#: The kinds of light of `rooms.lighting`.
LIGHTS = ("window_left", "window_right", "ceiling", "lamp", "front")


def at_home(
    rng: np.random.Generator, photo: PhotoSpec, pose_deg: float = 2.5, distance_share: float = 0.25
) -> PhotoSpec:
    """Return a photo as taken at home: pose, distance, colour, noise and gaze differ each time."""
    pitch, yaw, roll = (round(float(x), 2) for x in rng.normal(0, pose_deg, 3) * [1, 1, 0.6])
    view = replace(
        photo.view,
        distance_mm=round(photo.view.distance_mm * float(rng.uniform(1 - distance_share, 1 + distance_share)), 1),
        centre_mm=(float(rng.normal(0, 3)), float(np.clip(rng.normal(-3, 3), -9, 3))),
    )
    return replace(
        photo,
        pitch=pitch,
        yaw=yaw,
        roll=roll,
        smile=float(np.clip(rng.normal(1, 0.05), 0.85, 1.15)),
        gaze_mm=(float(rng.normal(0, 8)), float(rng.normal(0, 8))),
        view=view,
        camera=CameraSpec(
            exposure=float(rng.uniform(0.85, 1.15)),
            balance=(float(rng.normal(1, 0.025)), 1.0, float(rng.normal(1, 0.03))),
            blur_px=float(rng.uniform(0.4, 0.9)),
            noise=float(rng.uniform(0.005, 0.018)),
            sharpen=float(rng.uniform(0.15, 0.5)),
            metering=0.6,
        ),
    )


def nuisance(rng: np.random.Generator, photo: PhotoSpec) -> PhotoSpec:
    """Return the photo with another pose (±8°), light, distance (±30 %), white balance and noise."""
    moved = at_home(rng, photo, distance_share=0.3)
    pitch, yaw, roll = (round(float(x), 2) for x in rng.uniform(-8, 8, 3))
    light = rooms.lighting(LIGHTS[int(rng.integers(len(LIGHTS)))], rng)
    return replace(moved, pitch=pitch, yaw=yaw, roll=roll, lighting=light, smile=photo.smile)
