"""Catmull-Clark subdivision as one sparse matrix, so that every expression of one head is refined by a product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from wearoff.units import FloatArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Refined:
    """A finer mesh: `matrix` [fine x coarse] makes its vertices from the coarse ones, `quads` are its faces."""

    matrix: sparse.csr_matrix
    quads: IntArray


def _step(count: int, quads: IntArray) -> Refined:
    faces = len(quads)
    rows = np.repeat(np.arange(faces), 4)
    face_points = sparse.csr_matrix((np.full(4 * faces, 0.25), (rows, quads.ravel())), (faces, count))

    half = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    edges, inverse = np.unique(np.sort(half, axis=1), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    uses = np.bincount(inverse, minlength=len(edges))
    inner = uses == 2
    number = np.arange(len(edges))
    ends = sparse.csr_matrix((np.ones(2 * len(edges)), (np.repeat(number, 2), edges.ravel())), (len(edges), count))
    beside = sparse.csr_matrix((np.ones(len(inverse)), (inverse, np.repeat(np.arange(faces), 4))), (len(edges), faces))
    edge_points = sparse.diags(np.where(inner, 0.25, 0.5)) @ ends + sparse.diags(np.where(inner, 0.25, 0.0)) @ (
        beside @ face_points
    )

    on_edge = ends.T.tocsr()  # vertex x edge
    valence = np.asarray(on_edge.sum(axis=1)).ravel()
    around = sparse.csr_matrix((np.ones(4 * faces), (quads.ravel(), rows)), (count, faces))
    face_count = np.maximum(np.asarray(around.sum(axis=1)).ravel(), 1)
    rim_edges = on_edge @ sparse.diags((~inner).astype(float))
    rim = np.asarray(rim_edges.sum(axis=1)).ravel() > 0
    n = np.maximum(valence, 1)
    mean_faces = sparse.diags(1 / face_count) @ around @ face_points
    mean_edges = sparse.diags(1 / n) @ on_edge @ (ends * 0.5)
    smooth = (
        sparse.diags(1 / n) @ mean_faces
        + sparse.diags(2 / n) @ mean_edges
        + sparse.diags((n - 3) / n) @ sparse.identity(count)
    )
    # a rim vertex follows its two rim edges only, so that the opening of an eye keeps its line
    rim_count = np.maximum(np.asarray(rim_edges.sum(axis=1)).ravel(), 1)
    on_rim = 0.5 * sparse.identity(count) + 0.5 * sparse.diags(1 / rim_count) @ rim_edges @ (ends * 0.5)
    keep = valence == 0
    vertex_points = (
        sparse.diags((~rim & ~keep).astype(float)) @ smooth
        + sparse.diags((rim & ~keep).astype(float)) @ on_rim
        + sparse.diags(keep.astype(float)) @ sparse.identity(count)
    )
    matrix = sparse.vstack([vertex_points, edge_points, face_points]).tocsr()

    e = (count + inverse).reshape(-1, 4)
    centre = count + len(edges) + np.arange(faces)
    fine = np.stack([np.stack([quads[:, k], e[:, k], centre, e[:, k - 1]], axis=1) for k in range(4)], axis=1)
    return Refined(matrix, fine.reshape(-1, 4))


def refine(count: int, quads: IntArray, levels: int) -> Refined:
    """Refine a quad mesh of `count` vertices `levels` times; children of quad q are quads q·4^levels onwards."""
    matrix: sparse.csr_matrix = sparse.identity(count, format="csr")
    for _ in range(levels):
        finer = _step(matrix.shape[0], quads)
        matrix = (finer.matrix @ matrix).tocsr()
        quads = finer.quads
    return Refined(matrix, quads)


def vertex_normals(vertices: FloatArray, quads: IntArray) -> FloatArray:
    """Return area-weighted unit normals [n x 3] of a quad mesh."""
    corner = vertices[quads]
    face = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    normal = np.zeros_like(vertices)
    for k in range(4):
        for axis in range(3):
            normal[:, axis] += np.bincount(quads[:, k], weights=face[:, axis], minlength=len(vertices))
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    return np.asarray(normal / np.maximum(length, 1e-12))
