"""Glasses: a frame of tubes and, for sunglasses, dark lenses; they turn with the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearoff.phantom.hair import Curves
from wearoff.phantom.head import Head, Posed
from wearoff.phantom.subdivide import IntArray
from wearoff.units import FloatArray


@dataclass(frozen=True)
class GlassesSpec:
    """Half width and half height of a lens [mm], thickness of the frame [mm], and whether the lenses are dark."""

    half_width_mm: float = 25.0
    half_height_mm: float = 20.0
    tube_mm: float = 1.3
    dark: bool = False


@dataclass(frozen=True, eq=False)
class Glasses:
    """The parts of glasses on one posed head."""

    frame: Curves
    lens_vertices: FloatArray
    lens_quads: IntArray


def _rim(spec: GlassesSpec, angle: FloatArray, size: float) -> FloatArray:
    # a superellipse: between oval and rectangle
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.75 * spec.half_width_mm * size
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.75 * spec.half_height_mm * size
    return np.asarray(np.stack([x, y, -0.006 * x**2], axis=-1))


def put_on(head: Head, posed: Posed, spec: GlassesSpec) -> Glasses:
    """Return glasses on the nose of a posed head."""
    bridge_z = float(head.rest_spot(head.rest_base, "brow_mid_left")[2]) + 6.0
    tubes: list[FloatArray] = []
    lenses: list[FloatArray] = []
    quads: list[IntArray] = []
    points = 40
    for side, centre in zip((1.0, -1.0), head.eye_centres, strict=True):
        at = np.array([centre[0] + side * 2.0, centre[1] - 2.5, bridge_z])
        tubes.append(at + _rim(spec, np.linspace(0, 2 * np.pi, points), 1.0))
        outer = at + np.array([side * spec.half_width_mm, 6.0, -0.006 * spec.half_width_mm**2])
        ear = np.array([side * 72.0, head.eye_height + 4.0, head.axis_z + 8.0])
        arm = np.linspace(outer, ear, points)
        arm[:, 0] += side * 5.0 * np.sin(np.pi * np.linspace(0, 1, points))
        tubes.append(arm)
        rings = np.linspace(0, 1, 12)
        first = sum(len(lens) for lens in lenses)
        lenses.append(np.concatenate([at + _rim(spec, np.linspace(0, 2 * np.pi, points), r) for r in rings]))
        grid = first + np.arange(len(rings) - 1)[:, None] * points + np.arange(points - 1)[None]
        quads.append(np.stack([grid, grid + points, grid + points + 1, grid + 1], axis=-1).reshape(-1, 4))
    left, right = (c[0] for c in head.eye_centres)
    x = np.linspace(left + 2 - spec.half_width_mm, right - 2 + spec.half_width_mm, points)
    arch = 3.0 * (1 - (2 * (x - x.mean()) / np.ptp(x)) ** 2)
    height = np.full(points, head.eye_height + 1.0) + arch
    tubes.append(np.stack([x, height, np.full(points, bridge_z)], axis=1))

    def turned(at: FloatArray) -> FloatArray:
        return np.asarray((at - posed.pivot) @ posed.rotation.T + posed.pivot)

    strands = np.stack(tubes)
    return Glasses(
        Curves(turned(strands), np.full(strands.shape[:2], spec.tube_mm)),
        turned(np.concatenate(lenses)),
        np.concatenate(quads),
    )
