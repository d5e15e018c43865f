"""Expressions as muscles in millimetres: how far a full contraction moves the skin of this person.

A contraction of 1 is the person's own full movement before treatment; toxin takes a share of it away. Movements are
read off the mesh afterwards, so that the truth is what the mesh did, not what was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearoff.phantom.head import Head
from wearoff.units import FloatArray

_SIDES = (("left", "Left", 1.0), ("right", "Right", -1.0))


@dataclass(frozen=True)
class Muscles:
    """Contractions (0 slack, 1 this person's full): of the brow lifter, the frowner, the eye ring, the smile.

    `depressor` draws the mouth's corners down and presses the lips, as people do who frown in earnest.
    """

    frontalis_left: float = 0.0
    frontalis_right: float = 0.0
    corrugator: float = 0.0
    orbicularis_left: float = 0.0
    orbicularis_right: float = 0.0
    zygomatic: float = 0.0
    depressor: float = 0.0
    lids: float = 0.0


@dataclass(frozen=True)
class Strength:
    """What a full contraction does [mm]: mid-brow lift, brow heads' approach (each side) and descent."""

    raise_left_mm: float = 8.5
    raise_right_mm: float = 8.0
    approach_mm: float = 3.0
    descent_mm: float = 5.2
    squint: float = 0.8
    smile: float = 0.75


@dataclass(frozen=True)
class Excursion:
    """How far landmarks moved from rest [mm]; up, inward and closing are positive."""

    brow_raise_left: float
    brow_raise_right: float
    brow_raise_inner: float
    frown_approach: float
    frown_descent: float
    canthus_left: float
    canthus_right: float
    cheek_rise_left: float
    cheek_rise_right: float


def contract(head: Head, muscles: Muscles, strength: Strength) -> FloatArray:
    """Return the base vertices [n x 3, mm] of the face with these contractions."""
    weights: dict[str, float] = {}

    def add(name: str, amount: float) -> None:
        weights[f"faceunits/{name}"] = weights.get(f"faceunits/{name}", 0.0) + amount

    lift = {side: _rise_per_unit(head, side) for side, _, _ in _SIDES}
    asked = {
        "left": muscles.frontalis_left * strength.raise_left_mm,
        "right": muscles.frontalis_right * strength.raise_right_mm,
    }
    for side, capital, _ in _SIDES:
        unit = asked[side] / lift[side]
        add(f"browOuterUp{capital}", unit)
        add("browInnerUp", 0.5 * unit)
        add(f"eyeWide{capital}", 0.04 * asked[side])
        squint = muscles.orbicularis_left if side == "left" else muscles.orbicularis_right
        add(f"cheekSquint{capital}", 0.75 * strength.squint * squint)
        add(f"eyeSquint{capital}", 0.70 * strength.squint * squint)
        add(f"mouthSmile{capital}", strength.smile * muscles.zygomatic)
        add(f"cheekSquint{capital}", 0.22 * muscles.zygomatic)
        add(f"mouthUpperUp{capital}", 0.06 * muscles.zygomatic)
        add(f"eyeBlink{capital}", muscles.lids)
        add(f"mouthFrown{capital}", 0.30 * muscles.depressor)
        add(f"mouthPress{capital}", 0.20 * muscles.depressor)
        add(f"eyeSquint{capital}", 0.12 * muscles.depressor)
        add(f"noseSneer{capital}", 0.12 * muscles.corrugator)
        add(f"eyeSquint{capital}", 0.22 * muscles.corrugator)
    moved = head.move(weights)
    if muscles.corrugator:
        moved = moved + muscles.corrugator * _frown_field(head, strength)
    if muscles.orbicularis_left or muscles.orbicularis_right:
        moved = moved + _canthus_field(head, muscles)
    return np.asarray(moved)


def _rise_per_unit(head: Head, side: str) -> float:
    capital = "Left" if side == "left" else "Right"
    spot = head.mirror[f"brow_mid_{side}"]
    shift = (
        head.base.target(f"faceunits/browOuterUp{capital}")[spot, 1]
        + head.base.target("faceunits/browInnerUp")[spot, 1]
    )
    return float(shift)


def _front_gauss(head: Head, centre: FloatArray, sx: float, sy: float) -> FloatArray:
    rest = head.rest_base
    d = rest - centre
    near = np.exp(-0.5 * ((d[:, 0] / sx) ** 2 + (d[:, 1] / sy) ** 2))
    return np.asarray(near * (np.abs(d[:, 2]) < 30))


def _frown_field(head: Head, strength: Strength) -> FloatArray:
    """Brow heads drawn inward and down, with the skin between them pushed forward a little."""
    field = np.zeros_like(head.rest_base)
    for side, _, sign in _SIDES:
        spot = head.rest_spot(head.rest_base, f"brow_head_{side}")
        near = _front_gauss(head, spot, 11.0, 9.0)
        field[:, 0] -= sign * strength.approach_mm * near
        field[:, 1] -= strength.descent_mm * near
        field[:, 2] += 1.3 * _front_gauss(head, spot + np.array([-sign * 3, 0, 0]), 6.0, 7.0)
        tail = head.rest_spot(head.rest_base, f"brow_mid_{side}")
        field[:, 1] -= 0.45 * strength.descent_mm * _front_gauss(head, tail, 12.0, 9.0)
    # the sum of both sides is scaled so that the brow heads move by exactly what was asked
    left = field[head.mirror["brow_head_left"]]
    field[:, 0] *= strength.approach_mm / max(-left[0], 1e-6)
    field[:, 1] *= strength.descent_mm / max(-left[1], 1e-6)
    return field


def _canthus_field(head: Head, muscles: Muscles) -> FloatArray:
    """Return how the eye ring draws the outer corner's skin inward."""
    field = np.zeros_like(head.rest_base)
    for side, amount in (("left", muscles.orbicularis_left), ("right", muscles.orbicularis_right)):
        sign = 1.0 if side == "left" else -1.0
        spot = head.rest_spot(head.rest_base, f"canthus_{side}")
        near = _front_gauss(head, spot + np.array([sign * 6, 0, -4]), 9.0, 12.0)
        field[:, 0] -= sign * 2.6 * amount * near
        field[:, 2] -= 0.4 * amount * near
    return field


def measure(head: Head, moved: FloatArray) -> Excursion:
    """Read the movements [mm] off a moved base mesh."""
    shift = {name: head.rest_spot(moved, name) - head.rest_spot(head.rest_base, name) for name in _NAMES}
    inner = (shift["brow_head_left"][1] + shift["brow_head_right"][1]) / 2
    return Excursion(
        brow_raise_left=float(shift["brow_mid_left"][1]),
        brow_raise_right=float(shift["brow_mid_right"][1]),
        brow_raise_inner=float(inner),
        frown_approach=float(shift["brow_head_right"][0] - shift["brow_head_left"][0]),
        frown_descent=float(-inner),
        canthus_left=float(-shift["canthus_left"][0]),
        canthus_right=float(shift["canthus_right"][0]),
        cheek_rise_left=float(shift["cheek_left"][1]),
        cheek_rise_right=float(shift["cheek_right"][1]),
    )


_NAMES = tuple(f"{part}_{side}" for part in ("brow_head", "brow_mid", "canthus", "cheek") for side in ("left", "right"))
