"""The canonical face that the landmark model was made with: where each landmark sits on an average head."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearoff.units import sealed

#: Landmarks of the mesh; the ten that follow in the landmarker's output are the irises.
N_MESH = 468

#: Corners of the eyes, nose and temples: what expressions move least. The bundle's own choice holds cheeks and jaw too;
#: with it a smile read as a nod of 3 to 5 degrees (docs/adr/0405).
STEADY = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 2, 98, 327, 129, 358, 127, 356, 234, 454, 162, 389)


@dataclass(frozen=True, eq=False)
class CanonicalFace:
    """An average face: positions [mm], x to its left, y up, z to the front, and the triangles between them.

    Shapes: xyz_mm (468, 3), triangles (n, 3), pose_weights (468,) with sum 1 on the landmarks that move least.
    """

    xyz_mm: NDArray[np.float64]
    triangles: NDArray[np.int64]
    pose_weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.xyz_mm.shape != (N_MESH, 3) or self.pose_weights.shape != (N_MESH,):
            raise ValueError(f"a canonical face has {N_MESH} points")
        if self.triangles.ndim != 2 or self.triangles.shape[1] != 3:
            raise ValueError("triangles have three corners")
        for name in ("xyz_mm", "triangles", "pose_weights"):
            object.__setattr__(self, name, sealed(getattr(self, name)))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    shift = value = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Walk over the fields of one protocol-buffer message: number and value."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
        elif wire == 5:
            yield number, float(struct.unpack_from("<f", data, at)[0])
            at += 4
        elif wire == 2:
            length, at = _varint(data, at)
            yield number, data[at : at + length]
            at += length
        else:
            raise ValueError(f"unexpected wire type {wire} in the canonical face")


def read_canonical_face(data: bytes) -> CanonicalFace:
    """Return the canonical face out of the bundle's geometry metadata (a protocol-buffer message)."""
    vertices: list[float] = []
    indices: list[int] = []
    for _, part in _fields(data):
        inner = list(_fields(part)) if isinstance(part, bytes) else []
        if len(inner) > N_MESH:
            vertices = [v for _, v in inner if isinstance(v, float)]
            indices = [v for n, v in inner if n == 4 and isinstance(v, int)]
    weights = np.zeros(N_MESH)
    weights[list(STEADY)] = 1 / len(STEADY)
    xyz_cm = np.array(vertices).reshape(-1, 5)[:, :3]
    return CanonicalFace(xyz_cm * 10, np.array(indices, np.int64).reshape(-1, 3), weights)
