"""Rooms: what stands blurred behind a person, and the light in it."""

from __future__ import annotations

import cv2
import numpy as np

from wearoff.phantom.lines import FloatMap
from wearoff.phantom.scene import Light, Lighting


def backdrop(rng: np.random.Generator, blur: float = 9.0, size: int = 420) -> FloatMap:
    """Return the light [size·1.25 x size x 3] of a room out of focus: wall, door, shelf, picture, plant."""
    rows, columns = int(size * 1.25), size
    wall = rng.uniform(0.25, 0.42) * np.array([1.0, rng.uniform(0.93, 1.0), rng.uniform(0.82, 0.96)])
    image = np.empty((rows, columns, 3), np.float32)
    image[:] = wall
    image *= (
        np.linspace(1.15, 0.8, columns, dtype=np.float32)[None, :, None]
        if rng.random() < 0.5
        else np.linspace(0.8, 1.15, columns, dtype=np.float32)[None, :, None]
    )

    def box(x0: float, x1: float, y0: float, y1: float, colour: tuple[float, float, float]) -> None:
        image[int(y0 * rows) : int(y1 * rows), int(x0 * columns) : int(x1 * columns)] = colour

    side = rng.random() < 0.5
    door = rng.uniform(0.62, 0.70) if side else rng.uniform(0.22, 0.30)
    box(door, door + 0.012, 0, 1, tuple(wall * 1.5))
    box(door + 0.012 if side else 0.0, 1.0 if side else door, 0, 1, tuple(wall * rng.uniform(0.45, 0.7)))
    x = 0.08 if side else 0.68
    box(x, x + 0.25, 0.33, 0.345, (0.16, 0.10, 0.06))
    position = x + 0.01
    while position < x + 0.22:
        wide = rng.uniform(0.008, 0.022)
        box(
            position,
            position + wide,
            rng.uniform(0.25, 0.285),
            0.33,
            tuple(rng.uniform(0.04, 0.35) * rng.uniform(0.6, 1.0, 3)),
        )
        position += wide + 0.002
    box(x + 0.03, x + 0.2, 0.42, 0.6, (0.12, 0.11, 0.10))
    box(x + 0.04, x + 0.19, 0.43, 0.59, tuple(rng.uniform(0.2, 0.4) * rng.uniform(0.8, 1.0, 3)))
    for _ in range(40):
        cx, cy = rng.normal(0.86 if side else 0.14, 0.04), rng.normal(0.70, 0.05)
        cv2.ellipse(
            image,
            (int(cx * columns), int(cy * rows)),
            (int(rng.uniform(4, 12)), 4),
            float(rng.uniform(0, 180)),
            0,
            360,
            (0.05, 0.10, 0.045),
            -1,
        )
    return np.asarray(cv2.GaussianBlur(image, (0, 0), blur), dtype=np.float32)


def lighting(kind: str, rng: np.random.Generator) -> Lighting:
    """Return the light of a named room, each time a little different."""

    def near(*xyz: float) -> tuple[float, float, float]:
        x, y, z = (value + rng.normal(0, 60) for value in xyz)
        return x, y, z

    def tint(level: float, colour: tuple[float, float, float]) -> tuple[float, float, float]:
        level *= rng.uniform(0.85, 1.15)
        return level * colour[0], level * colour[1], level * colour[2]

    day, warm, white = (0.95, 1.0, 1.08), (1.20, 0.97, 0.70), (1.05, 1.0, 0.92)
    if kind in ("window_left", "window_right"):
        sign = -1 if kind == "window_left" else 1
        return Lighting(
            (
                Light(near(sign * 900, 260, 800), (1000, 1300), tint(3.6, day)),
                Light(near(-sign * 1100, 150, 500), (1400, 1500), tint(0.75, white)),
                Light(near(0, 1300, 400), (1400, 1400), tint(0.5, white)),
            ),
            tint(0.22, white),
        )
    if kind == "ceiling":
        return Lighting(
            (
                Light(near(0, 1250, 650), (900, 900), tint(5.0, white)),
                Light(near(200, -200, 1300), (1800, 1400), tint(0.7, white)),
            ),
            tint(0.25, white),
        )
    if kind == "lamp":
        return Lighting(
            (
                Light(near(650, 420, 750), (420, 420), tint(9.0, warm)),
                Light(near(-900, 300, 700), (1200, 1200), tint(1.3, warm)),
                Light(near(0, 1300, 500), (1200, 1200), tint(0.8, warm)),
            ),
            tint(0.18, warm),
        )
    if kind == "front":
        return Lighting(
            (
                Light(near(150, 350, 1300), (1500, 1200), tint(2.2, day)),
                Light(near(0, 1250, 400), (1200, 1200), tint(0.8, white)),
            ),
            tint(0.25, white),
        )
    raise ValueError(f"no such light: {kind!r}")
