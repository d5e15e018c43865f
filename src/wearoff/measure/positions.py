"""Positions of brows, eye corners, cheeks and mouth [mm], and how far they move between rest and an expression.

Positions are read in the head's own upright frame, so that a tilted head or another distance moves nothing; they are in
the same millimetres for all photos of a person when the faces were put on one scale (`wearoff.face.on_one_scale`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from wearoff.face import Face
from wearoff.measure.brows import BROW_PARTS, BrowBand, BrowShift, follow_brows
from wearoff.terms import Expression, Region
from wearoff.units import Measured

# Landmarks, the person's own right and left.
_BROW = {"right": (70, 63, 105, 66, 107), "left": (300, 293, 334, 296, 336)}
_INNER_BROW = {"right": (107, 66, 55), "left": (336, 296, 285)}
_EYE_CORNERS = (33, 133, 362, 263)
_UNDER_CORNER = {"right": (226, 31, 228, 229), "left": (446, 261, 448, 449)}
_CHEEK = {"right": (50, 101, 36, 205), "left": (280, 330, 266, 425)}
_MOUTH = {"right": 61, "left": 291}

#: What a pose difference of one degree does to a height [mm], and the landmarks' own repeat error [mm]
#: (median over devset repeats and phantom poses).
_PER_DEGREE_MM = 0.05
_REPEAT_MM = 0.20
#: Share of a brow's movement that landmarks alone may miss.
_UNSEEN_SHARE = 0.2


class Excursion(StrEnum):
    """A movement between rest and an expression, positive as the muscle pulls."""

    BROW_RAISE_RIGHT = "brow_raise_right"
    BROW_RAISE_LEFT = "brow_raise_left"
    BROW_APPROXIMATION = "brow_approximation"
    BROW_DESCENT = "brow_descent"
    EYE_SQUEEZE_RIGHT = "eye_squeeze_right"
    EYE_SQUEEZE_LEFT = "eye_squeeze_left"
    CHEEK_RISE_RIGHT = "cheek_rise_right"
    CHEEK_RISE_LEFT = "cheek_rise_left"


#: For each excursion the expression that makes it.
EXCURSIONS: Mapping[Excursion, Expression] = {
    Excursion.BROW_RAISE_RIGHT: Expression.RAISE,
    Excursion.BROW_RAISE_LEFT: Expression.RAISE,
    Excursion.BROW_APPROXIMATION: Expression.FROWN,
    Excursion.BROW_DESCENT: Expression.FROWN,
    Excursion.EYE_SQUEEZE_RIGHT: Expression.SMILE,
    Excursion.EYE_SQUEEZE_LEFT: Expression.SMILE,
    Excursion.CHEEK_RISE_RIGHT: Expression.SMILE,
    Excursion.CHEEK_RISE_LEFT: Expression.SMILE,
}
_BROW_EXCURSIONS: Mapping[Excursion, tuple[str, ...]] = {
    Excursion.BROW_RAISE_RIGHT: ("inner_right", "middle_right", "outer_right"),
    Excursion.BROW_RAISE_LEFT: ("inner_left", "middle_left", "outer_left"),
    Excursion.BROW_APPROXIMATION: ("inner_right", "inner_left"),
    Excursion.BROW_DESCENT: ("inner_right", "inner_left"),
}
_LID_OR_CHEEK: Mapping[Excursion, str] = {
    Excursion.EYE_SQUEEZE_RIGHT: "lower_lid_height_right",
    Excursion.EYE_SQUEEZE_LEFT: "lower_lid_height_left",
    Excursion.CHEEK_RISE_RIGHT: "cheek_height_right",
    Excursion.CHEEK_RISE_LEFT: "cheek_height_left",
}

#: The excursions that show what a treatment of a region does; a cheek is lifted by an untreated muscle.
REGION_EXCURSIONS: Mapping[Region, tuple[Excursion, ...]] = {
    Region.FOREHEAD: (Excursion.BROW_RAISE_RIGHT, Excursion.BROW_RAISE_LEFT),
    Region.GLABELLA: (Excursion.BROW_APPROXIMATION, Excursion.BROW_DESCENT),
    Region.CROWS_FEET_RIGHT: (Excursion.EYE_SQUEEZE_RIGHT,),
    Region.CROWS_FEET_LEFT: (Excursion.EYE_SQUEEZE_LEFT,),
}


@dataclass(frozen=True, slots=True)
class ExcursionValue:
    """One excursion [mm] with its standard deviation [mm]; the scale's own error is shared by all of a person."""

    name: Excursion
    value_mm: Measured


def measure_positions(face: Face) -> dict[str, Measured]:
    """Return the positions [mm] of one face by name."""
    mm = face.upright_mm
    eyes = float(mm[list(_EYE_CORNERS), 1].mean())
    out: dict[str, float] = {}
    for side in ("right", "left"):
        out[f"brow_height_{side}"] = float(mm[list(_BROW[side]), 1].mean()) - eyes
        out[f"lower_lid_height_{side}"] = float(mm[list(_UNDER_CORNER[side]), 1].mean()) - eyes
        out[f"cheek_height_{side}"] = float(mm[list(_CHEEK[side]), 1].mean()) - eyes
        out[f"mouth_corner_height_{side}"] = float(mm[_MOUTH[side], 1]) - eyes
    out["inner_brow_height"] = float(mm[[*_INNER_BROW["right"], *_INNER_BROW["left"]], 1].mean()) - eyes
    out["brow_gap"] = _distance(mm, 107, 336)
    out["mouth_width"] = _distance(mm, _MOUTH["right"], _MOUTH["left"])
    noise = max(_REPEAT_MM, face.sd_px / face.scale.px_per_mm)
    relative = face.scale.sd_px_per_mm / face.scale.px_per_mm
    return {name: Measured(value, math.hypot(noise, relative * value)) for name, value in out.items()}


def _distance(mm: NDArray[np.float64], a: int, b: int) -> float:
    return float(np.hypot(*(mm[b, :2] - mm[a, :2])))


def measure_excursions(
    rest: Face,
    moved: Face,
    expression: Expression,
    *,
    rest_brows: BrowBand | None = None,
    moved_brows: BrowBand | None = None,
) -> tuple[ExcursionValue, ...]:
    """Return the excursions [mm] that belong to an expression, between a resting face and one that makes it.

    Both faces must be on one scale. With both brow bands the brows are followed by their hairs as well; without, what
    the landmarks do not see is missing and the standard deviation is wider. A difference of pose widens it too.
    """
    shifts = follow_brows(rest_brows, moved_brows) if rest_brows and moved_brows else {}
    turned = rest.pose.angle_to(moved.pose)
    noise = [max(_REPEAT_MM, f.sd_px / f.scale.px_per_mm) for f in (rest, moved)]
    out = []
    for name, own in EXCURSIONS.items():
        if own is not expression:
            continue
        value, followed = _moved_mm(name, rest, moved, shifts)
        unseen = 0.0 if followed else _UNSEEN_SHARE * abs(value)
        sd = math.hypot(*noise, _PER_DEGREE_MM * turned, unseen)
        out.append(ExcursionValue(name, Measured(value, sd)))
    return tuple(out)


def _moved_mm(name: Excursion, rest: Face, moved: Face, shifts: Mapping[str, BrowShift]) -> tuple[float, bool]:
    """Return an excursion [mm], and whether all that it takes could be followed."""
    if name in _LID_OR_CHEEK:
        position = _LID_OR_CHEEK[name]
        return measure_positions(moved)[position].value - measure_positions(rest)[position].value, True
    parts = _BROW_EXCURSIONS[name]
    steps = [_brow_step(part, rest, moved, shifts.get(part)) for part in parts]
    followed = all(part in shifts for part in parts)
    if name is Excursion.BROW_APPROXIMATION:
        right, left = steps
        return float(right[0] - left[0]), followed
    up = float(np.mean([step[1] for step in steps]))
    return (-up if name is Excursion.BROW_DESCENT else up), followed


def _brow_step(part: str, rest: Face, moved: Face, shift: BrowShift | None) -> tuple[float, float]:
    """Return how far a part of a brow moved against the eyes [mm]: to the person's left, and up."""
    ids, corners = list(BROW_PARTS[part]), list(_EYE_CORNERS)
    landmarks = moved.upright_mm[ids, :2].mean(axis=0) - rest.upright_mm[ids, :2].mean(axis=0)
    eyes = moved.upright_mm[corners, :2].mean(axis=0) - rest.upright_mm[corners, :2].mean(axis=0)
    step = landmarks - eyes
    if shift is not None:
        step = step + np.array([shift.left_mm, shift.up_mm]) * moved.mm_per_canonical_mm
    return float(step[0]), float(step[1])
