"""A specification file (TOML) as a list of photos to render."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from wearoff.errors import InputError
from wearoff.phantom import bench, rooms
from wearoff.phantom.circumstances import LIGHTS, at_home
from wearoff.phantom.course import CourseLaw
from wearoff.phantom.drawing import draw_person
from wearoff.phantom.files import phone_name
from wearoff.phantom.person import PersonSpec
from wearoff.phantom.scene import View
from wearoff.phantom.shooting import PhotoSpec
from wearoff.phantom.studio import Detail, Job
from wearoff.terms import OWN_EXPRESSION, Expression, Region

_TOP = {"seed", "width", "height", "px_per_mm", "samples", "draft", "person", "scenes"}
_PERSON = {
    "name",
    "sex",
    "age",
    "ancestry",
    "ita_deg",
    "glasses",
    "beard",
    "lines",
    "treated",
    "days",
    "course",
    "kind",
}


@dataclass(frozen=True)
class Spec:
    """What a specification asks for."""

    jobs: tuple[Job, ...]
    detail: Detail


def read_spec(path: Path) -> Spec:
    """Read a specification; docs/phantom.md describes its keys.

    Raises InputError, naming the key, when it is not TOML or asks for something there is not.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"Cannot read {path.name}: {error}.", "See docs/phantom.md for a specification.") from error
    _known(table, _TOP, path.name)
    seed = int(table.get("seed", 1))
    view = View(
        px_per_mm=float(table.get("px_per_mm", 5.1)),
        width=int(table.get("width", 960)),
        height=int(table.get("height", 1200)),
    )
    samples = int(table.get("samples", 12))
    detail = Detail(2, 5.0) if table.get("draft") else Detail()
    jobs: list[Job] = []
    for scene in table.get("scenes", []):
        if scene not in bench.SCENES:
            raise InputError(f"{path.name}: no scene {scene!r}.", f"There are {', '.join(bench.SCENES)}.")
        jobs += bench.SCENES[scene](seed, view, samples)
    for number, row in enumerate(table.get("person", [])):
        _known(row, _PERSON, f"{path.name}, person {number + 1}")
        jobs += _series(row, [seed, number], view, samples)
    if table.get("draft"):
        jobs = [replace(job, person=_fewer_hairs(job.person)) for job in jobs]
    if not jobs:
        raise InputError(f"{path.name} asks for no photo.", "Give [[person]] tables or scenes = [...].")
    return Spec(tuple(jobs), detail)


def _fewer_hairs(person: PersonSpec) -> PersonSpec:
    """Return the person with a quarter of the strands, twice as thick: what a small picture shows of them."""
    hair = person.hair
    return replace(
        person, hair=replace(hair, scalp=hair.scalp // 4, brow=hair.brow // 2, thickness_mm=2 * hair.thickness_mm)
    )


def _known(table: Mapping[str, Any], names: set[str], where: str) -> None:
    for name in table:
        if name not in names:
            raise InputError(f"{where}: unknown key {name!r}.", f"Known are {', '.join(sorted(names))}.")


def _series(row: Mapping[str, Any], seed: list[int], view: View, samples: int) -> list[Job]:
    """Return a person's photos: every expression on every day, at home."""
    rng = np.random.default_rng(seed)
    person = draw_person(int(rng.integers(2**31)), row)
    name = str(row.get("name", f"person{seed[-1] + 1}"))
    treated = row.get("treated", dt.date(2026, 8, 6))
    laws = _laws(row.get("course", {}), rng)
    jobs = []
    for day in row.get("days", [-4, 14, 42, 84]):
        light = rooms.lighting(LIGHTS[int(rng.integers(len(LIGHTS)))], rng)
        moment = dt.datetime.combine(
            treated + dt.timedelta(days=day), dt.time(int(rng.integers(7, 21)), int(rng.integers(60)))
        )
        room_seed = int(rng.integers(2**31))
        for expression in (Expression.REST, Expression.FROWN, Expression.RAISE, Expression.SMILE):
            moment += dt.timedelta(seconds=int(rng.integers(6, 15)))
            effort = float(np.clip(rng.normal(1, 0.03), 0.9, 1.1))
            own = [region for region in laws if OWN_EXPRESSION[region] is expression]
            photo = at_home(
                rng,
                PhotoSpec(
                    expression, {region: (1 - laws[region].effect(day)) * effort for region in own}, light, view=view
                ),
            )
            kind = str(row.get("kind", "JPEG"))
            file = f"{name}/{phone_name(moment, 'heic' if kind == 'HEIF' else 'jpg')}"
            note = {
                "person": name,
                "day": day,
                "effect": {region.value: round(law.effect(day), 5) for region, law in laws.items()},
                "wear_off_days": {region.value: round(law.wear_off_day(), 2) for region, law in laws.items()},
            }
            photo = replace(photo, samples=samples, seed=int(rng.integers(2**31)))
            jobs.append(Job(file, person, photo, moment, room_seed, note, int(rng.integers(82, 93)), kind))
    return jobs


def _laws(asked: Mapping[str, float], rng: np.random.Generator) -> dict[Region, CourseLaw]:
    """Return the courses of the four regions; what is not asked for is drawn (docs/phantom.md)."""
    _known(asked, {"peak", "onset_days", "half_days", "steepness"}, "course")
    peak = 1 / (1 + np.exp(-rng.normal(np.log(0.85 / 0.15), 0.5)))
    half = 108 * np.exp(rng.normal(0, 0.22))
    laws = {}
    for region in Region:
        drawn = {
            "peak": float(peak),
            "onset_days": 3.5,
            "half_days": float(half * np.exp(rng.normal(0, 0.04))),
            "steepness": 4.0,
        }
        laws[region] = CourseLaw(**{**drawn, **{key: float(value) for key, value in asked.items()}})
    return laws
