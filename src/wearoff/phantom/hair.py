"""Hair: strands on the scalp, brows and lashes as curves that ride on the moved skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from wearoff.phantom.head import Head, Posed
from wearoff.units import FloatArray


@dataclass(frozen=True)
class HairSpec:
    """How much hair: strands on the scalp, hairs per brow, lashes per lid; where it is parted and how long it is.

    Without `length_mm` it is swept behind the ears.
    """

    scalp: int = 26000
    brow: int = 520
    lashes: int = 64
    thickness_mm: float = 0.085
    brow_height: float = 0.0
    part_mm: float = 16.0
    length_mm: float | None = None


@dataclass(frozen=True, eq=False)
class Curves:
    """Strands as control points [n x k x 3, mm] with radii [n x k, mm]."""

    points: FloatArray
    radii: FloatArray


#: Hairline: angle from straight ahead [deg] and height over the eyes [mm].
_HAIRLINE = np.array(
    [
        [0, 72],
        [14, 74],
        [26, 72],
        [36, 64],
        [45, 50],
        [52, 34],
        [58, 18],
        [65, 0],
        [72, -10],
        [79, 14],
        [90, 22],
        [104, 14],
        [116, -18],
        [130, -42],
        [180, -60],
    ],
    dtype=float,
)


def hairline_mm(angle_deg: FloatArray) -> FloatArray:
    """Return the height [mm] of the hairline over the eyes at an angle from straight ahead [deg]."""
    return np.asarray(np.interp(np.abs(angle_deg), _HAIRLINE[:, 0], _HAIRLINE[:, 1]))


class Scalp:
    """The rounded skull below the hair, as a radius over directions from its centre."""

    def __init__(self, head: Head) -> None:
        self.centre = np.array([0.0, head.eye_height + 18.0, head.axis_z - 8.0])
        rel = head.rest - self.centre
        radius = np.linalg.norm(rel, axis=1)
        angle = np.degrees(np.arctan2(head.rest[:, 0], head.rest[:, 2] - head.axis_z))
        v = head.uv[:, 1]
        # ears stick out of the skull and are no scalp
        ear = (np.abs(angle) > 62) & (np.abs(angle) < 118) & (v < 22) & (v > -70)
        keep = ~ear & (v > -75) & (radius > 60)
        # smooth map over longitude (seam in front, where longitude 0 is) and latitude, 2° apart
        tree = cKDTree(rel[keep] / radius[keep, None])
        lon, lat = np.radians(np.meshgrid(np.arange(0, 360, 2.0), np.arange(-90, 91, 2.0)))
        way = np.stack([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)], axis=-1)
        _, near = tree.query(way.reshape(-1, 3), k=6)
        grid = radius[keep][near].mean(axis=-1).reshape(lon.shape)
        self._map = gaussian_filter(grid, 2.2, mode=("nearest", "wrap"))

    def radius(self, directions: FloatArray) -> FloatArray:
        """Return the skull's radius [mm] along unit directions [n x 3]."""
        lon = np.degrees(np.arctan2(directions[:, 0], directions[:, 2])) % 360 / 2
        lat = (np.degrees(np.arcsin(np.clip(directions[:, 1], -1, 1))) + 90) / 2
        return np.asarray(map_coordinates(self._map, [lat, lon], order=1, mode="grid-wrap"))


def scalp_strands(rng: np.random.Generator, head: Head, spec: HairSpec, points: int = 14) -> Curves:
    """Parted hair swept behind the ears, on the resting head (it moves with the head only)."""
    scalp = Scalp(head)
    want = spec.scalp
    roots = np.empty((0, 3))
    while len(roots) < want:
        d = rng.standard_normal((want * 4, 3))
        d /= np.linalg.norm(d, axis=1, keepdims=True)
        at = scalp.centre + d * scalp.radius(d)[:, None]
        angle = np.degrees(np.arctan2(at[:, 0], at[:, 2] - head.axis_z))
        above = at[:, 1] - head.eye_height - hairline_mm(angle)
        edge = rng.normal(0, 2.2, len(d)) + 2.0 * np.sin(angle / 3.1) + 1.2 * np.sin(angle / 1.3)
        dense = np.clip((above + edge) / 6.0, 0, 1) ** 0.7 > rng.random(len(d))
        # dense where roots are seen: along the parting and the hairline
        seen = np.maximum(
            np.exp(-np.abs(at[:, 0] - spec.part_mm) / 5) * (at[:, 1] > head.eye_height + 60), np.exp(-np.abs(above) / 9)
        )
        dense &= rng.random(len(d)) < 0.16 + 0.84 * seen
        roots = np.concatenate([roots, d[dense]])
    roots = roots[:want]
    # parted on the person's left; each side is swept down and back, behind the ear
    at = scalp.centre + roots * scalp.radius(roots)[:, None]
    side = np.where(at[:, 0] > spec.part_mm + rng.normal(0, 0.6, want), 1.0, -1.0)
    knot = np.stack([0.80 * side, np.full(want, -0.42), np.full(want, -0.62)], axis=1)
    knot += rng.normal(0, 0.05, knot.shape)
    knot /= np.linalg.norm(knot, axis=1, keepdims=True)
    t = np.linspace(0, 1, points)
    cosine = np.clip((roots * knot).sum(axis=1), -1, 0.999)
    omega = np.arccos(cosine)
    reach = rng.uniform(0.75, 1.0, want)
    if spec.length_mm is not None:
        reach = np.minimum(reach, spec.length_mm * rng.uniform(0.6, 1.0, want) / (omega * 95))
    tt = t[None] * reach[:, None]
    way = (
        np.sin((1 - tt) * omega[:, None])[..., None] * roots[:, None]
        + np.sin(tt * omega[:, None])[..., None] * knot[:, None]
    ) / np.sin(omega)[:, None, None]
    # locks: neighbouring strands sway together
    lock = rng.integers(0, 240, want)
    sway = rng.normal(0, 0.016, (240, 3))[lock][:, None] * np.sin(np.pi * tt)[..., None]
    sway = sway + rng.normal(0, 0.009, (want, 1, 3)) * np.sin(np.pi * tt)[..., None]
    way = way + sway
    way /= np.linalg.norm(way, axis=-1, keepdims=True)
    radius = scalp.radius(way.reshape(-1, 3)).reshape(want, points)
    layer = rng.uniform(0.0, 1.0, want) ** 0.8
    lift = 0.2 + (11.0 * layer[:, None]) * (1 - np.exp(-t[None] * omega[:, None] * 95 / 18))
    stray = (rng.random(want) < 0.012)[:, None] * rng.gamma(2.0, 1.6, (want, 1)) * np.sin(np.pi * t)[None]
    at = scalp.centre + way * (radius + lift + stray)[..., None]
    radii = np.full((want, points), spec.thickness_mm) * rng.uniform(0.7, 1.1, (want, 1))
    radii = radii * np.concatenate([np.full(points - 2, 1.0), [0.8, 0.5]])
    radii[:, 0] *= 0.6
    return Curves(at, radii)


def with_head(curves: Curves, posed: Posed) -> Curves:
    """Turn strands that belong to the resting head with the posed head."""
    moved = (curves.points - posed.pivot) @ posed.rotation.T + posed.pivot
    return Curves(moved, curves.radii)


@dataclass(frozen=True, eq=False)
class Rooted:
    """Short hairs rooted in the skin: nearest skin vertex, jitter, direction and size in the skin's own frame."""

    vertex: np.ndarray
    offset: FloatArray
    heading: FloatArray
    length: FloatArray
    lift: FloatArray
    bend: FloatArray
    radius: float


def brow_roots(rng: np.random.Generator, head: Head, spec: HairSpec) -> Rooted:
    """Hairs of both brows: upright at the head, along the brow in the middle, converging at the tail."""
    uv, heading, length = [], [], []
    for name, sign in (("left", 1.0), ("right", -1.0)):
        a, b, c = (head.anchor(f"brow_{part}_{name}") for part in ("head", "mid", "tail"))
        a, b, c = a + np.array([sign * -2.0, 1.0]), b + np.array([sign * 2, 0.5]), c + np.array([sign * 7, -1.0])
        n = spec.brow
        s = rng.beta(1.15, 1.35, n)
        line = (
            (1 - s[:, None]) ** 2 * a + 2 * (1 - s[:, None]) * s[:, None] * (2 * b - (a + c) / 2) + s[:, None] ** 2 * c
        )
        half = np.interp(s, [0, 0.08, 0.35, 0.7, 1], [2.6, 3.9, 4.0, 2.5, 0.6])
        across = rng.uniform(-1, 1, n) * 0.75 + rng.normal(0, 0.18, n)
        line = line + np.stack([np.zeros(n), across * half + spec.brow_height], axis=1)
        angle = (
            np.interp(s, [0, 0.15, 0.4, 1], [72, 48, 18, -22])
            + rng.normal(0, 9, n)
            - across * np.interp(s, [0, 0.3, 1], [4, 16, 12])
        )
        angle = np.radians(angle)
        uv.append(line)
        heading.append(np.stack([sign * np.cos(angle), np.sin(angle)], axis=1))
        length.append(np.interp(s, [0, 0.3, 0.8, 1], [5.2, 7.5, 6.0, 4.0]) * rng.uniform(0.7, 1.15, n))
    where = np.concatenate(uv)
    front = np.flatnonzero(head.front > 0.5)
    _, near = cKDTree(head.uv[front]).query(where)
    vertex = front[near]
    total = len(where)
    return Rooted(
        vertex,
        where - head.uv[vertex],
        np.concatenate(heading),
        np.concatenate(length),
        rng.uniform(0.14, 0.32, total),
        rng.normal(0, 0.10, total),
        0.042,
    )


def grow(rooted: Rooted, posed: Posed, points: int = 6) -> Curves:
    """Return the hairs on the moved skin."""
    normal = posed.normals[rooted.vertex]
    up = posed.rotation @ np.array([0.0, 1.0, 0.0])
    side = np.cross(np.broadcast_to(up, normal.shape), normal)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    high = np.cross(normal, side)
    root = posed.skin[rooted.vertex] + rooted.offset[:, :1] * side + rooted.offset[:, 1:] * high - 0.15 * normal
    t = np.linspace(0, 1, points)
    along = rooted.heading[:, :1] * side + rooted.heading[:, 1:] * high
    turn = -rooted.heading[:, 1:] * side + rooted.heading[:, :1] * high
    size = rooted.length[:, None, None]
    at = (
        root[:, None]
        + size * t[None, :, None] * along[:, None]
        + size * (t**2)[None, :, None] * (rooted.bend[:, None] * turn)[:, None]
        + size * (rooted.lift[:, None] * np.sin(0.75 * np.pi * t)[None])[..., None] * normal[:, None]
    )
    radii = rooted.radius * np.broadcast_to(np.clip(1.15 - t**2, 0.15, 1), at.shape[:2])
    return Curves(at, radii.copy())


def lashes(rng: np.random.Generator, head: Head, posed: Posed, spec: HairSpec, points: int = 7) -> Curves:
    """Lashes along the lids, from the base mesh's own lash strips (they follow every movement of the lids)."""
    out, radii = [], []
    t = np.linspace(0, 1, points)
    skin = cKDTree(head.rest_base[head.used])
    for side, sign in (("l", 1.0), ("r", -1.0)):
        for strip, count, length, curl in (("2", spec.lashes, 8.0, 0.55), ("1", spec.lashes // 2, 4.2, -0.3)):
            index = np.unique(head.base.groups[f"helper-{side}-eyelashes-{strip}"])
            rest = head.rest_base[index]
            gap, _ = skin.query(rest)
            rim = index[gap < np.quantile(gap, 0.42)]
            order = np.argsort(head.rest_base[rim, 0] * sign)
            line = posed.base[rim[order]]
            keep = np.concatenate([[True], np.diff(head.rest_base[rim[order], 0]) * sign > 0.35])
            line = line[keep]
            s = np.sort(rng.uniform(0.14, 0.98, count))
            at = np.linspace(0, 1, len(line))
            root = np.stack([np.interp(s, at, line[:, k]) for k in range(3)], axis=1)
            forward = posed.rotation @ np.array([0.0, 0.0, 1.0])
            up = posed.rotation @ np.array([0.0, 1.0, 0.0])
            out_dir = posed.rotation @ np.array([sign, 0.0, 0.0])
            fan = (s - 0.42) * 1.5 + rng.normal(0, 0.10, count)
            size = length * np.interp(s, [0, 0.3, 0.85, 1], [0.55, 0.85, 1.1, 0.9]) * rng.uniform(0.75, 1.1, count)
            first = forward[None] + fan[:, None] * out_dir
            first /= np.linalg.norm(first, axis=1, keepdims=True)
            bend = curl * size
            path = (
                root[:, None]
                + (size[:, None] * t[None])[..., None] * first[:, None] * 0.8
                + (bend[:, None] * (t[None] ** 1.8))[..., None] * up
                - (0.12 * size[:, None] * np.sin(np.pi * t)[None])[..., None] * up * (1 if strip == "2" else -1)
            )
            out.append(path)
            thick = 0.10 if strip == "2" else 0.055
            radii.append(np.broadcast_to(thick * np.clip(1.05 - t, 0.12, 1), path.shape[:2]))
    return Curves(np.concatenate(out), np.concatenate(radii))
