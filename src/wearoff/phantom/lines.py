"""Lines in the skin: anatomical families drawn per person, each with a static and a dynamic depth [mm].

A family is drawn as a depth map in skin coordinates at unit depth; what a photo shows is
`static + dynamic · activity` times that map. The true severity of a region is the integral of the groove's depth over
the area of its skin [mm³].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from wearoff.units import FloatArray

FloatMap = NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """The flat sheet that carries the skin's detail: (u, v) [mm] of its upper left corner, size and density."""

    left_mm: float = -168.0
    top_mm: float = 108.0
    width_mm: float = 336.0
    height_mm: float = 240.0
    px_per_mm: float = 8.0

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a map on this sheet."""
        return round(self.height_mm * self.px_per_mm), round(self.width_mm * self.px_per_mm)

    def to_px(self, uv: FloatArray) -> FloatArray:
        """Return pixel coordinates (column, row) of skin coordinates [mm]."""
        return np.stack([uv[..., 0] - self.left_mm, self.top_mm - uv[..., 1]], axis=-1) * self.px_per_mm - 0.5

    def grid(self) -> tuple[FloatMap, FloatMap]:
        """Return u and v [mm] of every pixel."""
        rows, columns = self.shape
        u = self.left_mm + (np.arange(columns, dtype=np.float32) + 0.5) / self.px_per_mm
        v = self.top_mm - (np.arange(rows, dtype=np.float32) + 0.5) / self.px_per_mm
        return np.broadcast_to(u, (rows, columns)), np.broadcast_to(v[:, None], (rows, columns))


@dataclass(frozen=True, eq=False)
class Stroke:
    """One line: its course (u, v) [n x 2, mm], relative depth along it [n] and width (1/e half) [mm]."""

    course_mm: FloatArray
    depth: FloatArray
    half_width_mm: float


@dataclass(frozen=True, eq=False)
class Family:
    """The lines of one region with their depths [mm] at rest (static) and added by a full contraction (dynamic)."""

    region: str
    strokes: tuple[Stroke, ...]
    static_mm: float
    dynamic_mm: float
    bulge: float = 0.25

    def depth_mm(self, activity: float) -> float:
        """Return the depth of the family's deepest line [mm] at `activity` (0 slack, 1 full contraction)."""
        return self.static_mm + self.dynamic_mm * activity


def _smooth_noise(rng: np.random.Generator, count: int, knots: int) -> FloatArray:
    knot = np.linspace(0, 1, knots)
    return np.asarray(CubicSpline(knot, rng.standard_normal(knots))(np.linspace(0, 1, count)))


def _taper(count: int, sharp: float = 1.0) -> FloatArray:
    return np.asarray(np.sin(np.pi * np.linspace(0, 1, count)) ** sharp)


def _broken(rng: np.random.Generator, count: int, amount: float = 0.35) -> FloatArray:
    wave = cv2.GaussianBlur(rng.standard_normal((1, count)).astype(np.float32), (0, 0), count / 28)[0]
    wave = wave / (wave.std() + 1e-9)
    return np.asarray(np.clip(1 - amount * 0.5 * (1 + wave), 0.1, 1))


def forehead_lines(
    rng: np.random.Generator, count: int = 4, brow_mm: float = 20.0, top_mm: float = 66.0
) -> list[Stroke]:
    """Horizontals that follow the brows: arched over each brow, dipping in the middle, often interrupted."""
    strokes = []
    n = 160
    for k, height in enumerate(np.linspace(brow_mm + 13, top_mm - 8, count)):
        half = rng.uniform(38, 50) * (1 - 0.08 * abs(k - count / 2))
        shift = rng.uniform(-4, 4)
        u = np.linspace(-half, half, n) + shift
        arch = 2.2 * np.cos(2 * np.pi * (np.abs(u) - 27) / 88) * (1 - 0.2 * k) - 0.8 * np.exp(-((u / 11) ** 2))
        v = height + arch - 0.0016 * u**2 + 0.5 * _smooth_noise(rng, n, 9) + rng.uniform(-1.0, 1.0)
        weight = (0.75, 1.0, 0.9, 0.7, 0.55)[min(k, 4)] * rng.uniform(0.85, 1.1)
        depth = weight * _taper(n, 0.55) * _broken(rng, n)
        strokes.append(Stroke(np.stack([u, v], axis=1), depth, rng.uniform(0.5, 0.72)))
        if rng.random() < 0.7:  # a shorter companion
            a = int(rng.integers(0, n // 2))
            b = a + int(rng.integers(n // 4, n // 2))
            part = slice(a, b)
            companion = np.stack([u[part], v[part] + rng.choice([-1, 1]) * rng.uniform(2.4, 4.0)], axis=1)
            strokes.append(Stroke(companion, 0.38 * weight * _taper(b - a), rng.uniform(0.3, 0.42)))
    return strokes


def glabellar_lines(rng: np.random.Generator) -> list[Stroke]:
    """Draw the "11": two uprights between the brow heads, fine companions, a short horizontal at the nose's root."""
    strokes = []
    n = 80
    for sign in (-1, 1):
        t = np.linspace(0, 1, n)
        length = rng.uniform(19, 24)
        v = 7.0 + rng.uniform(-1, 1) + length * t
        u = sign * (7.6 + rng.uniform(-0.8, 0.8) + 1.8 * t**1.5 + 1.0 * np.sin(2.2 * t)) + 0.3 * _smooth_noise(
            rng, n, 8
        )
        strokes.append(
            Stroke(np.stack([u, v], axis=1), rng.uniform(0.9, 1.0) * _taper(n, 0.7) * _broken(rng, n, 0.2), 0.55)
        )
        for _ in range(2):
            off = rng.uniform(2.2, 4.5) * rng.choice([-0.7, 1.0])
            a, b = sorted(rng.uniform(0, 1, 2) * [0.4, 1.0] + [0, 0.3])
            part = (t >= a) & (t <= min(b, 1))
            if part.sum() > 12:
                course = np.stack([u[part] + sign * off, v[part] + 1.5], axis=1)
                strokes.append(Stroke(course, 0.4 * _taper(int(part.sum())), 0.35))
    u = np.linspace(-7.5, 7.5, n)
    v = 4.0 + 0.012 * u**2 + 0.25 * _smooth_noise(rng, n, 6)
    strokes.append(Stroke(np.stack([u, v], axis=1), 0.55 * _taper(n, 0.8), 0.5))
    return strokes


def crows_feet(rng: np.random.Generator, corner_mm: FloatArray, count: int = 6) -> list[Stroke]:
    """Draw a fan outward from the outer eye corner (u, v) [mm]; curved away from the eye, forked now and then."""
    side = float(np.sign(corner_mm[0]))
    strokes = []
    n = 70
    angles = np.linspace(42, -52, count) + rng.uniform(-4, 4, count)
    for angle in angles:
        start = rng.uniform(5.0, 8.5)
        length = rng.uniform(15, 24) * (1 - 0.004 * abs(angle))
        t = np.linspace(0, 1, n)
        bend = math.radians(angle) * (1 + 0.35 * t)
        r = start + length * t
        u = corner_mm[0] + side * r * np.cos(bend)
        v = corner_mm[1] - 1.0 + r * np.sin(bend) - 1.2 * t + 0.3 * _smooth_noise(rng, n, 7)
        weight = rng.uniform(0.65, 1.0)
        strokes.append(
            Stroke(np.stack([u, v], axis=1), weight * _taper(n, 0.6) * _broken(rng, n, 0.25), rng.uniform(0.36, 0.5))
        )
        if rng.random() < 0.6:
            fork = np.stack([u[n // 3 :], v[n // 3 :] + rng.choice([-1, 1]) * 2.6 * t[: n - n // 3]], axis=1)
            strokes.append(Stroke(fork, 0.45 * weight * _taper(len(fork)), 0.32))
    return strokes


def creases(rng: np.random.Generator) -> list[Stroke]:
    """Folds that no treatment of the upper face touches: beside nose and mouth, and below the eyes."""
    strokes = []
    n = 90
    t = np.linspace(0, 1, n)
    for sign in (-1, 1):
        u = sign * (18.5 + 15.5 * t**1.25 + rng.uniform(-0.8, 0.8))
        v = -40.0 - 29.0 * t + 2.0 * np.sin(np.pi * t) + 0.25 * _smooth_noise(rng, n, 6)
        strokes.append(Stroke(np.stack([u, v], axis=1), rng.uniform(0.85, 1.0) * _taper(n, 0.8), 1.5))
        u = sign * (17.0 + 20.0 * t)
        v = -10.5 - 5.5 * np.sin(np.pi * (0.15 + 0.7 * t)) - 2.0 * t + 0.2 * _smooth_noise(rng, n, 6)
        strokes.append(Stroke(np.stack([u, v], axis=1), 0.30 * _taper(n, 0.9), 1.0))
    return strokes


def draw(sheet: Sheet, strokes: tuple[Stroke, ...] | list[Stroke], bulge: float = 0.25) -> tuple[FloatMap, FloatMap]:
    """Return (groove, relief) maps at unit depth: the groove's depth ≥ 0, and the height with raised shoulders."""
    groove = np.zeros(sheet.shape, np.float32)
    relief = np.zeros(sheet.shape, np.float32)
    for stroke in strokes:
        fine = max(2, int(np.linalg.norm(np.diff(stroke.course_mm, axis=0), axis=1).sum() * sheet.px_per_mm * 1.5))
        at = np.linspace(0, len(stroke.course_mm) - 1, fine)
        course = np.stack(
            [np.interp(at, np.arange(len(stroke.course_mm)), stroke.course_mm[:, k]) for k in (0, 1)], axis=1
        )
        depth = np.interp(at, np.arange(len(stroke.depth)), stroke.depth)
        px = sheet.to_px(course)
        pad = int(4.5 * stroke.half_width_mm * sheet.px_per_mm) + 2
        low = np.maximum(np.floor(px.min(axis=0)).astype(int) - pad, 0)
        high = np.minimum(np.ceil(px.max(axis=0)).astype(int) + pad, [sheet.shape[1], sheet.shape[0]])
        if (high <= low).any():
            continue
        size = (high - low)[::-1]
        seeds = np.ones(size, np.uint8)
        value = np.zeros(size, np.float32)
        cell = np.clip(np.round(px - low).astype(int), 0, size[::-1] - 1)
        seeds[cell[:, 1], cell[:, 0]] = 0
        np.maximum.at(value, (cell[:, 1], cell[:, 0]), depth.astype(np.float32))
        distance, label = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        lookup = np.zeros(int(label.max()) + 1, np.float32)
        lookup[label[seeds == 0]] = value[seeds == 0]
        here = lookup[label]
        here = cv2.GaussianBlur(here, (0, 0), 0.5 * sheet.px_per_mm)
        s = distance / (stroke.half_width_mm * sheet.px_per_mm)
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        valley = here * np.exp(-(s**2))
        shoulder = here * bulge * np.exp(-(((s - 2.0) / 0.9) ** 2))
        groove[window] = np.maximum(groove[window], valley)
        relief[window] = np.maximum(relief[window], shoulder)
    # skin that folds also heaves: a broad, shallow trough round every line
    trough = cv2.GaussianBlur(groove, (0, 0), 1.6 * sheet.px_per_mm)
    return groove, relief - groove - 0.9 * trough
