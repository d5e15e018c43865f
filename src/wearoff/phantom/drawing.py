"""A person drawn from a few words: sex, age, ancestry, skin tone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wearoff.errors import InputError
from wearoff.phantom.expression import Strength
from wearoff.phantom.eyes import EyeSpec
from wearoff.phantom.glasses import GlassesSpec
from wearoff.phantom.hair import HairSpec
from wearoff.phantom.identity import identity, reflectance_of
from wearoff.phantom.person import PersonSpec
from wearoff.phantom.skin import SkinSpec
from wearoff.terms import Region

_GLASSES = {"none": None, "clear": GlassesSpec(), "sun": GlassesSpec(27.0, 22.0, dark=True)}
_USUAL_ITA = {"african": -20.0, "asian": 38.0, "caucasian": 48.0}


def draw_person(seed: int, words: Mapping[str, Any]) -> PersonSpec:
    """Return a person; what the words leave open is drawn from the seed.

    Words: `sex` ("female", "male" or a share of male), `age` [years], `ancestry` {african, asian, caucasian},
    `ita_deg`, `glasses` ("none", "clear", "sun"), `beard` (0-1), `lines` (scales every depth).
    """
    rng = np.random.default_rng([seed, 0])
    sex = words.get("sex", "female" if rng.random() < 0.75 else "male")
    if isinstance(sex, str) and sex not in ("female", "male"):
        raise InputError(f"No sex {sex!r}.", 'Say "female", "male" or a number from 0 (female) to 1 (male).')
    male = {"female": 0.0, "male": 1.0}[sex] if isinstance(sex, str) else float(sex)
    age = float(words.get("age", rng.uniform(28, 70)))
    ancestry = words.get("ancestry") or {("caucasian", "asian", "african")[int(rng.integers(3))]: 1.0}
    for kind in ancestry:
        if kind not in _USUAL_ITA:
            raise InputError(f"No ancestry {kind!r}.", f"There are {', '.join(_USUAL_ITA)}.")
    usual = sum(_USUAL_ITA[kind] * share for kind, share in ancestry.items()) / sum(ancestry.values())
    ita = float(words.get("ita_deg", np.clip(rng.normal(usual, 8), -55, 60)))
    glasses = str(words.get("glasses", "none"))
    if glasses not in _GLASSES:
        raise InputError(f"No glasses {glasses!r}.", f"There are {', '.join(_GLASSES)}.")
    old = float(np.clip((age - 25) / 50, 0, 1))
    scale = float(words.get("lines", 1.0))

    def depth(low: float, high: float, dynamic: float) -> tuple[float, float]:
        static = (low + (high - low) * old) * float(rng.uniform(0.7, 1.3))
        return round(scale * static, 4), round(scale * dynamic * (0.6 + 0.5 * old) * float(rng.uniform(0.8, 1.2)), 4)

    depths = {
        Region.FOREHEAD: depth(0.02, 0.16, 0.55),
        Region.GLABELLA: depth(0.02, 0.18, 0.60),
        Region.CROWS_FEET_LEFT: depth(0.02, 0.13, 0.50),
    }
    depths[Region.CROWS_FEET_RIGHT] = depths[Region.CROWS_FEET_LEFT]
    brown = float(np.clip((60 - ita) / 60, 0, 1))
    dark_eyes = brown > 0.35 or rng.random() < 0.4
    iris = (
        (0.060, 0.034, 0.018) if dark_eyes else ((0.115, 0.078, 0.040) if rng.random() < 0.5 else (0.10, 0.125, 0.14))
    )
    grey = max(0.0, old - 0.6)
    lips = 0.85 * np.array(reflectance_of(ita)) * [0.85, 0.62, 0.70]
    return PersonSpec(
        seed=seed,
        identity=identity(rng, male, age, ancestry, float(np.clip(rng.normal(0.5, 0.12), 0.2, 0.9)), character=0.75),
        depths_mm=depths,
        skin=SkinSpec(
            reflectance=reflectance_of(ita),
            redness=float(rng.uniform(0.5, 1.2)) * (1 - 0.5 * brown),
            freckles=int(rng.uniform(60, 320) * (1 - 0.5 * brown)),
            moles=int(rng.integers(2, 12)),
            beard=float(words.get("beard", male * rng.uniform(0.2, 0.8))),
            lips=(float(lips[0]), float(lips[1]), float(lips[2])),
        ),
        eye=EyeSpec(iris=iris, pupil_mm=float(rng.uniform(2.8, 4.2)), redness=float(rng.uniform(0.1, 0.5))),
        hair=HairSpec(
            brow=int(rng.uniform(380, 620) + 150 * male),
            lashes=int(64 - 16 * male),
            brow_height=float(rng.normal(0, 1.0)),
            part_mm=float(rng.choice([-1, 1]) * rng.uniform(8, 24)),
            length_mm=float(rng.uniform(22, 45)) if rng.random() < 0.15 + 0.8 * male else None,
        ),
        strength=Strength(
            raise_left_mm=float(rng.uniform(6, 10)),
            raise_right_mm=float(rng.uniform(6, 10)),
            approach_mm=float(rng.uniform(2, 3.5)),
            descent_mm=float(rng.uniform(3.5, 6)),
        ),
        forehead_lines=int(rng.integers(3, 6)),
        crease_mm=0.08 + 0.35 * old,
        eumelanin=float(np.clip(0.25 + 1.6 * brown + rng.normal(0, 0.25), 0.15, 1.6)) * (1 - 0.7 * grey),
        pheomelanin=float(rng.uniform(0.05, 0.5)) * (1 - grey),
        shirt=tuple(float(x) for x in rng.uniform(0.04, 0.4) * rng.uniform(0.6, 1.0, 3)),  # type: ignore[arg-type]
        glasses=_GLASSES[glasses],
        flat=reflectance_of(ita),
    )
