"""Who a person is: sex, age, ancestry and a face of their own, as weights of the base mesh's targets."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

_DETAILS = (
    ("head/head-oval", None, 0.5),
    ("head/head-square", None, 0.35),
    ("head/head-fat-incr", "head/head-fat-decr", 0.35),
    ("head/head-scale-horiz-incr", "head/head-scale-horiz-decr", 0.3),
    ("head/head-scale-vert-incr", "head/head-scale-vert-decr", 0.3),
    ("forehead/forehead-scale-vert-incr", "forehead/forehead-scale-vert-decr", 0.4),
    ("forehead/forehead-temple-incr", "forehead/forehead-temple-decr", 0.4),
    ("nose/nose-scale-horiz-incr", "nose/nose-scale-horiz-decr", 0.5),
    ("nose/nose-scale-vert-incr", "nose/nose-scale-vert-decr", 0.4),
    ("nose/nose-hump-incr", "nose/nose-hump-decr", 0.5),
    ("nose/nose-point-up", "nose/nose-point-down", 0.5),
    ("mouth/mouth-scale-horiz-incr", "mouth/mouth-scale-horiz-decr", 0.4),
    ("mouth/mouth-upperlip-volume-incr", "mouth/mouth-upperlip-volume-decr", 0.5),
    ("mouth/mouth-lowerlip-volume-incr", "mouth/mouth-lowerlip-volume-decr", 0.5),
    ("chin/chin-width-incr", "chin/chin-width-decr", 0.5),
    ("chin/chin-height-incr", "chin/chin-height-decr", 0.4),
    ("chin/chin-prominent-incr", "chin/chin-prominent-decr", 0.4),
    ("eyebrows/eyebrows-trans-up", "eyebrows/eyebrows-trans-down", 0.4),
    ("eyebrows/eyebrows-angle-up", "eyebrows/eyebrows-angle-down", 0.4),
)
_PAIRED = (
    ("eyes/{}-eye-height2-incr", "eyes/{}-eye-height2-decr", 0.3),
    ("eyes/{}-eye-eyefold-down", "eyes/{}-eye-eyefold-up", 0.4),
    ("cheek/{}-cheek-bones-incr", "cheek/{}-cheek-bones-decr", 0.5),
    ("cheek/{}-cheek-volume-incr", "cheek/{}-cheek-volume-decr", 0.4),
)
_ASYMMETRY = ("asym-brown-1", "asym-brown-2", "asym-eye-1", "asym-jaw-2", "asym-mouth-1", "asym-nose-1", "asym-cheek-1")


def identity(
    rng: np.random.Generator,
    male: float,
    age_years: float,
    ancestry: Mapping[str, float],
    weight: float = 0.5,
    character: float = 1.0,
) -> dict[str, float]:
    """Return target weights of a person.

    `male` runs from 0 (female) to 1, `weight` from 0 (slight) over 0.5 to 1; `ancestry` weighs african, asian and
    caucasian; `character` scales how much the face differs from the average of its kind. `age_years` is 25 to 90.
    """
    old = float(np.clip((age_years - 25) / 65, 0, 1))
    total = sum(ancestry.values())
    weights: dict[str, float] = {}
    heavy = max(0.0, 2 * weight - 1)
    slight = max(0.0, 1 - 2 * weight)
    for sex, share in (("female", 1 - male), ("male", male)):
        for age, part in (("young", 1 - old), ("old", old)):
            for build, much in (("min", slight), ("average", 1 - heavy - slight), ("max", heavy)):
                weights[f"macrodetails/universal-{sex}-{age}-averagemuscle-{build}weight"] = share * part * much
            for kind, amount in ancestry.items():
                weights[f"macrodetails/{kind}-{sex}-{age}"] = share * part * amount / total
    for more, less, spread in _DETAILS:
        _lean(weights, more, less, character * float(rng.normal(0, spread)))
    for more, less, spread in _PAIRED:
        amount = float(rng.normal(0, spread))
        for side in "lr":
            own = character * (amount + float(rng.normal(0, 0.06)))
            _lean(weights, more.format(side), less.format(side), own)
    for name in _ASYMMETRY:
        side = "l" if rng.random() < 0.5 else "r"
        weights[f"asym/{name}-{side}"] = character * abs(float(rng.normal(0, 0.15)))
    for side in "lr":
        weights[f"eyes/{side}-eye-bag-incr"] = 0.6 * old + 0.1 * abs(float(rng.normal(0, 1)))
    weights["mouth/mouth-laugh-lines-in"] = 0.6 * old
    weights["neck/neck-scale-horiz-decr"] = 0.35 * (1 - male)
    return {name: round(value, 5) for name, value in weights.items() if abs(value) > 1e-6}


def _lean(weights: dict[str, float], more: str, less: str | None, amount: float) -> None:
    amount = float(np.clip(amount, -1, 1))
    if amount > 0:
        weights[more] = amount
    elif less is not None:
        weights[less] = -amount


#: ITA [deg], and the b* and a* that skin of that tone usually has.
_TONES = np.array(
    [[-60, 9, 7], [-30, 14, 10], [0, 18, 12], [20, 19, 12], [35, 18, 11], [45, 16, 10], [60, 13, 8]], dtype=float
)


def reflectance_of(ita_deg: float) -> tuple[float, float, float]:
    """Return linear sRGB reflectance of skin with an individual typology angle ITA = atan((L* - 50) / b*) [deg].

    Chardon et al. 1991 (doi:10.1111/j.1467-2494.1991.tb00561.x) define the angle: over 55 very light, 41-55 light,
    28-41 intermediate, 10-28 tan, -30-10 brown, below dark. The usual a* and b* are rounded from many publications.
    """
    b = float(np.interp(ita_deg, _TONES[:, 0], _TONES[:, 1]))
    a = float(np.interp(ita_deg, _TONES[:, 0], _TONES[:, 2]))
    lightness = 50 + b * math.tan(math.radians(ita_deg))
    fy = (lightness + 16) / 116
    white = (0.95047, 1.0, 1.08883)
    xyz = [w * _cube(f) for w, f in zip(white, (fy + a / 500, fy, fy - b / 200), strict=True)]
    matrix = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    red, green, blue = (float(np.clip(value, 0.01, 0.9)) for value in matrix @ np.array(xyz))
    return red, green, blue


def _cube(f: float) -> float:
    return f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29)
