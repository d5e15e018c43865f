"""Eyes: a globe with a corneal dome, painted sclera, iris and pupil in true millimetres."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from wearoff.phantom.lines import FloatMap
from wearoff.phantom.subdivide import IntArray
from wearoff.units import FloatArray

#: The globe stands back behind the lids by this share of its radius.
GLOBE_SHARE = 0.985
#: Horizontal iris diameter [mm] as painted on the whole globe; what a photo shows is GLOBE_SHARE of it: 11.52 mm,
#: within the spread between people (11.7 ± 0.42).
IRIS_MM = 11.7
VISIBLE_IRIS_MM = IRIS_MM * GLOBE_SHARE


@dataclass(frozen=True)
class EyeSpec:
    """Colour of the iris (linear r, g, b), pupil diameter [mm] and redness of the white."""

    iris: tuple[float, float, float] = (0.115, 0.078, 0.040)
    pupil_mm: float = 3.4
    redness: float = 0.3


def globe(radius_mm: float, rings: int = 160, spokes: int = 192) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return vertices [mm] of a globe that looks along +z, its quads, and polar texture coordinates (to 110°)."""
    t = np.linspace(0, 1, rings)
    theta = np.radians(110) * t**1.3
    phi = np.linspace(0, 2 * np.pi, spokes + 1)
    theta2, phi2 = np.meshgrid(theta, phi, indexing="ij")
    rho = radius_mm * np.sin(theta2)
    limbus = IRIS_MM / 2 + 0.5
    dome = np.where(theta2 < 1.2, 1.45 * np.clip(1 - (rho / limbus) ** 2, 0, None) ** 1.25, 0)
    z = radius_mm * np.cos(theta2) + dome
    vertices = np.stack([rho * np.cos(phi2), rho * np.sin(phi2), z], axis=-1).reshape(-1, 3)
    s = theta2 / np.radians(110)
    uv = np.stack([0.5 + 0.5 * s * np.cos(phi2), 0.5 + 0.5 * s * np.sin(phi2)], axis=-1).reshape(-1, 2)
    a = np.arange(rings - 1)[:, None] * (spokes + 1) + np.arange(spokes)[None]
    quads = np.stack([a, a + spokes + 1, a + spokes + 2, a + 1], axis=-1).reshape(-1, 4)
    return vertices, quads, uv


def paint(rng: np.random.Generator, spec: EyeSpec, radius_mm: float, nasal: float, size: int = 1200) -> FloatMap:
    """Return the eye's linear reflectance [size x size x 3]; `nasal` is +1 when the nose is on the +x side."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(axis, axis)
    s = np.hypot(x, y)
    phi = np.arctan2(y, x)
    rho = radius_mm * np.sin(np.clip(np.radians(110) * s, 0, np.pi / 2)) + np.where(s > 0.82, 40 * (s - 0.82), 0)
    r_iris = IRIS_MM / 2
    white: FloatMap = np.full((size, size, 3), (0.60, 0.545, 0.505), np.float32)
    far = np.clip((rho - 7.0) / 6.0, 0, 1)[..., None]
    white *= 1 - far * np.array([0.08, 0.22, 0.24], np.float32)
    inner = np.clip((x * nasal * radius_mm * 1.9 - 10.2) / 2.0, 0, 1)[..., None]
    white = np.asarray(white * (1 - inner) + inner * np.array([0.50, 0.25, 0.22]), np.float32)
    field = cv2.GaussianBlur(rng.standard_normal((size, size)).astype(np.float32), (0, 0), 5)
    angle = np.arctan2(*np.gradient(field))
    thread = np.clip(1 - np.abs(field / field.std()) / 0.05, 0, 1) * (np.abs(np.sin(angle)) > 0.3)
    vein = cv2.GaussianBlur(np.asarray(thread, np.float64), (0, 0), 1.2) * np.clip((rho - 6.5) / 5, 0, 1)
    white *= 1 - spec.redness * 0.9 * vein[..., None] * np.array([0.1, 0.6, 0.6], np.float32)

    threads = rng.standard_normal((1, 720)).astype(np.float32)
    fibres = cv2.GaussianBlur(np.tile(threads, (1, 3)), (0, 0), 1.5)[:, 720:1440]
    fine = cv2.resize(rng.standard_normal((12, 720)).astype(np.float32), (720, 256), interpolation=cv2.INTER_CUBIC)
    column = ((phi / (2 * np.pi) + 0.5) * 719).astype(np.float32)
    row = np.clip(rho / r_iris * 255, 0, 255).astype(np.float32)
    strand = cv2.remap(0.6 * fine + 1.2 * np.repeat(fibres, 256, axis=0), column, row, cv2.INTER_LINEAR)
    q = rho / r_iris
    light = 1 + 0.28 * strand
    iris = np.array(spec.iris, np.float32) * light[..., None]
    collar = np.exp(-(((q - 0.48) / 0.12) ** 2))[..., None]
    iris = iris * (1 + 0.75 * collar * np.array([1.25, 1.0, 0.75], np.float32))
    iris *= (1 - 0.72 * np.clip((q - 0.80) / 0.18, 0, 1) ** 1.5)[..., None]
    pupil = 1 / (1 + np.exp((rho - spec.pupil_mm / 2) / 0.07))
    iris = iris * (1 - pupil[..., None]) + 0.004 * pupil[..., None]
    edge = 1 / (1 + np.exp((rho - r_iris) / 0.16))
    return np.asarray(np.clip(white * (1 - edge[..., None]) + iris * edge[..., None], 0.002, 0.9), dtype=np.float32)


def look_at(centre: FloatArray, at: FloatArray) -> FloatArray:
    """Return the rotation that turns +z at `centre` towards the point `at`."""
    z = (at - centre) / np.linalg.norm(at - centre)
    x = np.cross([0, 1, 0], z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], axis=1)
