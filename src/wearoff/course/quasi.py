"""Quasi-random standard normals: a Sobol sequence with a fixed digital shift, so every run draws the same bank.

Direction numbers: Joe and Kuo 2008, doi:10.1137/070709359 (first ten dimensions).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from wearoff.units import FloatArray

_BITS = 30
_JOE_KUO: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
)


def _directions(dimension: int) -> list[int]:
    if dimension == 0:
        return [1 << (_BITS - 1 - i) for i in range(_BITS)]
    degree, polynomial, start = _JOE_KUO[dimension - 1]
    m = list(start)
    for i in range(degree, _BITS):
        new = m[i - degree] ^ (m[i - degree] << degree)
        for k in range(1, degree):
            if (polynomial >> (degree - 1 - k)) & 1:
                new ^= m[i - k] << k
        m.append(new)
    return [m[i] << (_BITS - 1 - i) for i in range(_BITS)]


def sobol(count: int, dimensions: int, shift_seed: int | None = None) -> FloatArray:
    """Return `count` points [0, 1) of the Sobol sequence in Gray-code order, shape (count, dimensions)."""
    if dimensions > len(_JOE_KUO) + 1:
        raise ValueError(f"at most {len(_JOE_KUO) + 1} dimensions, not {dimensions}")
    index = np.arange(count, dtype=np.int64)
    gray = index ^ (index >> 1)
    points = np.zeros((count, dimensions), dtype=np.int64)
    for d in range(dimensions):
        for bit, direction in enumerate(_directions(d)):
            points[:, d] ^= ((gray >> bit) & 1) * direction
    if shift_seed is not None:
        points ^= np.random.default_rng(shift_seed).integers(0, 1 << _BITS, size=dimensions)
    return np.asarray((points + 0.5) / (1 << _BITS))


def normals(count: int, dimensions: int, shift_seed: int) -> FloatArray:
    """Return `count` quasi-random standard normals, shape (count, dimensions)."""
    inverse = NormalDist().inv_cdf
    u = sobol(count, dimensions, shift_seed)
    return np.asarray([inverse(float(x)) for x in u.ravel()]).reshape(u.shape)
