"""Which expression a face shows: against the person's own resting face where there is one, else on its own.

A treated muscle hardly moves: a frown four weeks after an injection looks like rest. So the photos of one day are
read together (`read_timepoint`): who tried to frown frowned more than the others, however little.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from wearoff.face.values import ExpressionReading, Face
from wearoff.terms import Expression

_BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
_INNER_BROWS = (107, 66, 55, 336, 296, 285)
_EYE_CORNERS = (33, 133, 362, 263)
#: One unit of strength [mm on the canonical face]: a movement that anyone would call the expression.
_FULL_RAISE_MM = 5.0
_FULL_FROWN_MM = 3.0
_FULL_SMILE_MM = 4.0
#: From these strengths on a movement against the own rest is an expression, not noise. The smile's is low: the
#: weakest of 18 posed smiles of the development set reaches 0.21, repeats of rest stay below 0.1.
_SHOWN = {Expression.RAISE: 0.40, Expression.FROWN: 0.45, Expression.SMILE: 0.15}


def _shape(face: Face) -> dict[str, float]:
    """Return the distances [mm on the canonical face] that expressions change."""
    mm = face.upright_mm / face.mm_per_canonical_mm
    eyes = float(mm[list(_EYE_CORNERS), 1].mean())
    corners, lips = mm[[61, 291]], mm[[0, 17]]
    return {
        "brow": float(mm[list(_BROWS), 1].mean()) - eyes,
        "inner": float(mm[list(_INNER_BROWS), 1].mean()) - eyes,
        "gap": float(np.hypot(*(mm[336, :2] - mm[107, :2]))),
        "mouth": float(np.hypot(*(mm[291, :2] - mm[61, :2]))),
        "lift": float(corners[:, 1].mean() - lips[:, 1].mean()),
        "behind": float(lips[:, 2].mean() - corners[:, 2].mean()),
    }


def _strengths(face: Face, rest: Face) -> dict[Expression, float]:
    now, before = _shape(face), _shape(rest)
    moved = {name: now[name] - before[name] for name in now}
    frown = (-moved["gap"] - moved["inner"]) / 2
    smile = (0.5 * moved["mouth"] / 2 + moved["lift"] + 1.5 * moved["behind"]) / 2

    def more(*names: str) -> float:
        return float(np.mean([face.coefficients[n] - rest.coefficients[n] for n in names]))

    return {
        Expression.RAISE: moved["brow"] / _FULL_RAISE_MM,
        Expression.FROWN: frown / _FULL_FROWN_MM + 0.3 * more("browDownLeft", "browDownRight"),
        Expression.SMILE: smile / _FULL_SMILE_MM + 0.5 * more("mouthSmileLeft", "mouthSmileRight"),
    }


def read_against_rest(face: Face, rest: Face) -> ExpressionReading:
    """Return the expression of a face against the same person's resting face."""
    strengths = _strengths(face, rest)
    over = {e: s / _SHOWN[e] for e, s in strengths.items()}
    best = max(over, key=lambda e: over[e])
    expression = best if over[best] >= 1 else Expression.REST
    return ExpressionReading(expression, strengths, relative_to_rest=True)


def read_alone(face: Face) -> ExpressionReading:
    """Return the expression of a face without knowing the person's rest: only what is plain counts."""
    c = face.coefficients
    smile = (c["mouthSmileLeft"] + c["mouthSmileRight"]) / 2
    frown = (c["browDownLeft"] + c["browDownRight"]) / 2
    raise_ = max(c["browInnerUp"], (c["browOuterUpLeft"] + c["browOuterUpRight"]) / 2)
    strengths = {Expression.SMILE: float(smile), Expression.FROWN: float(frown), Expression.RAISE: float(raise_)}
    if c["jawOpen"] > 0.5 or max(c["mouthPucker"], c["mouthFunnel"]) > 0.95:
        return ExpressionReading(Expression.OTHER, strengths)
    if smile >= 0.5:
        return ExpressionReading(Expression.SMILE, strengths)
    if raise_ >= 0.62:
        return ExpressionReading(Expression.RAISE, strengths)
    if frown >= 0.75:
        return ExpressionReading(Expression.FROWN, strengths)
    return ExpressionReading(Expression.REST, strengths)


_SET = (Expression.REST, Expression.RAISE, Expression.FROWN, Expression.SMILE)


def pick_rest(faces: Sequence[Face]) -> int:
    """Return which of one person's faces is most at rest.

    A raise lies above and a frown below the person's usual brows, so rest is where the brows are in the middle of all
    the photos and the mouth smiles least; with two photos the coefficients decide about the brows.
    """
    shapes = [_shape(face) for face in faces]
    middle = {name: float(np.median([shape[name] for shape in shapes])) for name in shapes[0]}

    def unrest(face: Face, shape: dict[str, float]) -> float:
        alone = read_alone(face).strengths
        brow = abs(shape["brow"] - middle["brow"]) / _FULL_RAISE_MM
        frown = abs(shape["gap"] + shape["inner"] - middle["gap"] - middle["inner"]) / 2 / _FULL_FROWN_MM
        smile = (shape["lift"] + 0.5 * shape["mouth"] + shape["behind"]) / _FULL_SMILE_MM
        return brow + frown + smile + alone[Expression.SMILE] + 0.5 * sum(alone.values())

    return int(np.argmin([unrest(face, shape) for face, shape in zip(faces, shapes, strict=True)]))


def read_timepoint(faces: Sequence[Face], rest: Face) -> tuple[ExpressionReading, ...]:
    """Return the expressions of one day's photos, read together against the person's resting face.

    With exactly four photos that could be a whole set, the four expressions are dealt out so that their strengths fit
    best: that finds the frown of a treated person. Otherwise each photo is read by itself.
    """
    alone = tuple(read_against_rest(face, rest) for face in faces)
    if len(faces) != len(_SET):
        return alone
    strengths = [reading.strengths for reading in alone]

    def fit(order: tuple[Expression, ...]) -> float:
        return sum(s[e] / _SHOWN[e] for s, e in zip(strengths, order, strict=True) if e is not Expression.REST) - sum(
            abs(s[other]) / _SHOWN[other]
            for s, e in zip(strengths, order, strict=True)
            if e is Expression.REST
            for other in _SHOWN
        )

    best = max(permutations(_SET), key=fit)
    clear_elsewhere = any(
        reading.expression is not Expression.REST and reading.expression is not given
        for reading, given in zip(alone, best, strict=True)
    )
    if clear_elsewhere:
        return alone
    return tuple(ExpressionReading(e, s, relative_to_rest=True) for e, s in zip(best, strengths, strict=True))
