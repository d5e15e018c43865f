"""One person's head: identity, skin coordinates, expressions in millimetres and pose.

Skin coordinates (u, v) [mm] belong to the resting skin: u is the arc on a cylinder round the head (positive to the
person's left), v the height over the eyes. They never change with expression or pose, so a line drawn at (u, v) stays
on its spot of skin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from wearoff.phantom.mesh import BaseMesh
from wearoff.phantom.subdivide import IntArray, Refined, refine, vertex_normals
from wearoff.units import FloatArray

#: Radius [mm] of the cylinder that unrolls the skin.
CYLINDER_MM = 85.0
#: Base-mesh vertices of the left half that anatomy hangs on.
_LEFT = {"brow_head": 6983, "brow_mid": 6996, "brow_tail": 6982, "cheek": 11765}


@dataclass(frozen=True, eq=False)
class Posed:
    """A head in one expression and pose: vertices and normals [n x 3, mm], and the other parts' base vertices."""

    skin: FloatArray
    normals: FloatArray
    base: FloatArray
    rotation: FloatArray
    pivot: FloatArray


def rotation_deg(pitch: float, yaw: float, roll: float) -> FloatArray:
    """Return the rotation of a head: pitch > 0 chin up, yaw > 0 to the person's left, roll > 0 to the left shoulder."""
    p, y, r = (math.radians(a) for a in (-pitch, yaw, -roll))
    rx = np.array([[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]])
    ry = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    rz = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
    return np.asarray(ry @ rx @ rz)


def _smoothstep(low: float, high: float, x: FloatArray) -> FloatArray:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


class Head:
    """The refined head of one identity (target weights), ready to be moved."""

    def __init__(self, base: BaseMesh, identity: Mapping[str, float], levels: int = 3) -> None:
        self.base = base
        self.rest_base = base.vertices + base.shape(identity)
        quads = base.groups["body"]
        top = base.vertices[np.unique(quads), 1].max()
        corners = base.vertices[quads]
        quads = quads[(corners[..., 1] > top - 330).all(1) & (np.abs(corners[..., 0]) < 230).all(1)]
        self.used = np.unique(quads)
        number = np.full(len(base.vertices), -1)
        number[self.used] = np.arange(len(self.used))
        self.mesh: Refined = refine(len(self.used), number[quads], levels)
        self.mirror = self._mirror()
        self.rest: FloatArray = self.mesh.matrix @ self.rest_base[self.used]
        self.rest_normals = vertex_normals(self.rest, self.mesh.quads)
        eyes = [self.rest_base[np.unique(base.groups[f"helper-{side}-eye"])] for side in "lr"]
        self.eye_centres = np.array([(e.min(0) + e.max(0)) / 2 for e in eyes])
        self.eye_radius = float(np.ptp(eyes[0][:, 0]) / 2)
        # the helper eye bulges forward: its back is the sphere
        for row, e in enumerate(eyes):
            self.eye_centres[row, 2] = e[:, 2].min() + self.eye_radius
        self.eye_height = float(self.eye_centres[:, 1].mean())
        self.axis_z = float(self.eye_centres[:, 2].mean()) - 68.0
        self.uv = self.skin_coordinates(self.rest)

    def _mirror(self) -> dict[str, int]:
        tree = cKDTree(self.base.vertices[self.used])
        found = {}
        for name, left in _LEFT.items():
            found[f"{name}_left"] = left
            _, near = tree.query(self.base.vertices[left] * [-1, 1, 1])
            found[f"{name}_right"] = int(self.used[near])
        return found

    def skin_coordinates(self, points: FloatArray) -> FloatArray:
        """Return (u, v) [n x 2, mm] of points on the resting skin."""
        u = CYLINDER_MM * np.arctan2(points[:, 0], points[:, 2] - self.axis_z)
        return np.asarray(np.stack([u, points[:, 1] - self.eye_height], axis=1))

    def anchor(self, name: str) -> FloatArray:
        """Return (u, v) [mm] of a named spot of skin, such as `brow_mid_left` or `canthus_right`."""
        return np.asarray(self.skin_coordinates(self.rest_spot(self.rest_base, name)[None])[0])

    def rest_spot(self, base_vertices: FloatArray, name: str) -> FloatArray:
        """Return the position [3, mm] of a named spot on a (moved) base mesh."""
        if name.startswith("canthus"):
            return np.asarray(base_vertices[self._canthus[name]].mean(axis=0))
        return np.asarray(base_vertices[self.mirror[name]])

    @cached_property
    def _canthus(self) -> dict[str, IntArray]:
        """Outer eye corner: the skin vertices nearest to the outer end of the lash strips."""
        found = {}
        tree = cKDTree(self.rest_base[self.used])
        for side, sign, name in (("l", 1, "left"), ("r", -1, "right")):
            low = self.rest_base[np.unique(self.base.groups[f"helper-{side}-eyelashes-1"])]
            end = low[np.argsort(sign * low[:, 0])[-4:]].mean(axis=0)
            _, near = tree.query(end, k=3)
            found[f"canthus_{name}"] = self.used[near]
        return found

    @cached_property
    def front(self) -> FloatArray:
        """Weight [n] of skin that faces outward (no inner lids, lips or nostrils)."""
        outward = self.rest - [0, 0, self.axis_z]
        outward[:, 1] *= 0.3
        outward /= np.linalg.norm(outward, axis=1, keepdims=True)
        return _smoothstep(-0.1, 0.3, (outward * self.rest_normals).sum(axis=1))

    def move(self, weights: Mapping[str, float]) -> FloatArray:
        """Return the base vertices [mm] with facial actions (target weights) applied to the resting face."""
        return np.asarray(self.rest_base + self.base.shape(weights))

    def pose(self, base: FloatArray, pitch: float, yaw: float, roll: float, with_body: bool = False) -> Posed:
        """Turn the head on its neck [deg]; the shoulders stay unless they turn with it."""
        rotation = rotation_deg(pitch, yaw, roll)
        pivot = np.array([0.0, self.eye_height - 70.0, self.axis_z - 5.0])
        skin = self.mesh.matrix @ base[self.used]
        share = _smoothstep(self.eye_height - 150.0, self.eye_height - 75.0, self.rest[:, 1])[:, None]
        if with_body:
            share = np.ones_like(share)
        skin = skin + share * ((skin - pivot) @ rotation.T + pivot - skin)
        turned = (base - pivot) @ rotation.T + pivot
        return Posed(skin, vertex_normals(skin, self.mesh.quads), turned, rotation, pivot)
