"""The fixed test bench: scenes that vary one thing at a time, with everything else known or held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from wearoff.phantom import rooms
from wearoff.phantom.circumstances import nuisance
from wearoff.phantom.drawing import draw_person
from wearoff.phantom.person import PersonSpec
from wearoff.phantom.scene import View
from wearoff.phantom.shooting import PhotoSpec
from wearoff.phantom.studio import Job
from wearoff.terms import OWN_EXPRESSION, Expression, Region

_MOVING = (Expression.RAISE, Expression.FROWN, Expression.SMILE)
_WOMAN = {"sex": "female", "age": 50, "ancestry": {"caucasian": 1.0}, "ita_deg": 45}


def _job(scene: str, name: str, person: PersonSpec, photo: PhotoSpec, **note: Any) -> Job:
    return Job(f"{scene}/{name}.jpg", person, photo, None, 4, {"scene": scene, **note})


def _plain(expression: Expression, share: float, view: View, samples: int, seed: int) -> PhotoSpec:
    own = {region: share for region in Region if OWN_EXPRESSION[region] is expression}
    light = rooms.lighting("front", np.random.default_rng(3))
    return PhotoSpec(expression, own, light, view=view, samples=samples, seed=seed)


def repeatability(seed: int, view: View, samples: int) -> list[Job]:
    """Return (a): one face, brows raised by three fifths, 30 times with everything around it different."""
    person = draw_person(seed, _WOMAN)
    rng = np.random.default_rng([seed, 1])
    jobs = []
    for k in range(30):
        photo = nuisance(rng, _plain(Expression.RAISE, 0.6, view, samples, seed + k))
        jobs.append(replace(_job("repeatability", f"{k:02d}", person, photo), quality=int(rng.integers(75, 95))))
    return jobs


def linearity(seed: int, view: View, samples: int) -> list[Job]:
    """Return (b): lines from 0 to 100 % in ten steps at a fixed movement, for each moving expression."""
    return _steps("linearity", seed, view, samples)


def excursion(seed: int, view: View, samples: int) -> list[Job]:
    """Return (c): movement from 0 to 100 % in ten steps with lines held at three tenths, for each moving expression."""
    return _steps("excursion", seed, view, samples)


def _steps(scene: str, seed: int, view: View, samples: int) -> list[Job]:
    person = draw_person(seed, _WOMAN)
    jobs = [_job(scene, "rest", person, _plain(Expression.REST, 0, view, samples, seed), share=0.0)]
    for expression in _MOVING:
        for step in range(11):
            move, lines = (0.5, step / 10) if scene == "linearity" else (step / 10, 0.3)
            photo = _plain(expression, move, view, samples, seed + step)
            photo = replace(photo, line_share=lines)
            jobs.append(_job(scene, f"{expression.value}_{step:02d}", person, photo, share=step / 10))
    return jobs


def pose(seed: int, view: View, samples: int) -> list[Job]:
    """Return (d): pitch, yaw and roll, one at a time and together, to ±40°, on two heads."""
    jobs = []
    for head in range(2):
        person = draw_person(seed + head, {**_WOMAN, "sex": ("female", "male")[head]})
        turns = [(p, 0, 0) for p in (-30, -20, -10, 10, 20, 30)] + [(0, 0, r) for r in (-40, -20, 20, 40)]
        turns += [(0, y, 0) for y in (-40, -30, -20, -10, 0, 10, 20, 30, 40)]
        turns += [(p, y, 0) for p in (-15, 15) for y in (-25, 25)]
        for p, y, r in turns:
            photo = replace(
                _plain(Expression.REST, 0, view, samples, seed), pitch=float(p), yaw=float(y), roll=float(r)
            )
            jobs.append(_job("pose", f"{head}_p{p:+d}_y{y:+d}_r{r:+d}", person, photo))
    return jobs


def identity(seed: int, view: View, samples: int) -> list[Job]:
    """Return (e): two people with nearly the same face and different skin, four photos each."""
    first = draw_person(seed, _WOMAN)
    other = draw_person(seed + 1, _WOMAN)
    blend = {
        name: 0.85 * first.identity.get(name, 0) + 0.15 * other.identity.get(name, 0)
        for name in sorted({*first.identity, *other.identity})
    }
    twin = replace(first, seed=seed + 1, identity=blend)
    rng = np.random.default_rng([seed, 5])
    return [
        _job(
            "identity", f"{name}_{k}", who, nuisance(rng, _plain(Expression.REST, 0, view, samples, seed + k)), who=name
        )
        for name, who in (("first", first), ("twin", twin))
        for k in range(4)
    ]


def tones(seed: int, view: View, samples: int) -> list[Job]:
    """Return (f): the same face in six skin tones (ITA), with lines at 0, 50 and 100 %."""
    jobs = []
    for ita in (58, 48, 34, 19, -10, -45):
        person = draw_person(seed, {**_WOMAN, "ita_deg": ita})
        for step in (0, 5, 10):
            photo = replace(_plain(Expression.RAISE, 0.5, view, samples, seed), line_share=step / 10)
            jobs.append(_job("tones", f"ita{ita:+d}_{step:02d}", person, photo, ita_deg=ita, share=step / 10))
    return jobs


SCENES: dict[str, Callable[[int, View, int], list[Job]]] = {
    "repeatability": repeatability,
    "linearity": linearity,
    "excursion": excursion,
    "pose": pose,
    "identity": identity,
    "tones": tones,
}
