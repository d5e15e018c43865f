"""The short way for one area: the same posterior as `forecast`, without curves; for many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from wearoff.course.course import Interval, Note, NoteKind, Particles, WearOff
from wearoff.course.cycles import Cycle, sort_into_cycles
from wearoff.course.forecast import area_leaves, main_scale, quantiles_of
from wearoff.course.likelihood import baseline_sd
from wearoff.course.notes import notes_of_leaf
from wearoff.course.observations import Observation, Treatment
from wearoff.course.posterior import infer_one
from wearoff.course.workbench import LeafPosterior, Workbench
from wearoff.terms import EffectScale

#: Equally likely courses that the next photo is planned with, and every how many days [d] their effect is kept.
FEW = 40
STEP_DAYS = 7
MOST_DAYS = 6
_BINS = 600
_LOW, _HIGH = -1.0, 1.0


@dataclass(frozen=True, eq=False)
class QuickCourse:
    """Effect today, wear-off day, and what the plan needs, for one area's current cycle."""

    cycle: Cycle
    effect_today: Interval
    wear_off: WearOff
    particles: Particles
    from_person: bool
    notes: tuple[Note, ...]


def quick_course(
    bench: Workbench,
    area: str,
    treatments: Sequence[Treatment],
    observations: Sequence[Observation],
    today: date,
    keep: float,
) -> QuickCourse | None:
    """Return the course of one area on a day, or None where there is no treatment."""
    cycles = sort_into_cycles(treatments, observations, (area,)).by_area.get(area)
    if not cycles:
        return None
    posterior = infer_one(bench, area_leaves(bench, cycles))
    scale = main_scale(cycles[-1])
    days, order = bench.sorted_wear_off(posterior.crowd, keep)
    weights = posterior.weights[order]
    quantiles = quantiles_of(days, weights)
    cumulative = np.cumsum(weights)
    since = float((today - cycles[-1].start).days)
    from_person = any(c.observations for c in cycles)
    at = np.searchsorted(cumulative, (np.arange(FEW) + 0.5) / FEW * cumulative[-1])
    at = np.minimum(at, len(order) - 1)
    few = posterior.crowd.some(order[at])
    notes = list(notes_of_leaf(posterior, few))
    if not from_person:
        notes.append(
            Note(NoteKind.NO_OBSERVATION, "Nothing was seen of this treatment yet: this holds for people in general.")
        )
    ahead = np.arange(max(since + 1, 7.0), max(quantiles[180], since + 8), 1.0)[::3]
    return QuickCourse(
        cycles[-1],
        _effect_interval(posterior, since, scale),
        WearOff(cycles[-1].start, keep, quantiles),
        Particles(ahead, few.curves(ahead, scale), days[at], baseline_sd(bench.bank, cycles[-1], scale)),
        from_person,
        tuple(notes),
    )


def _effect_interval(posterior: LeafPosterior, since: float, scale: EffectScale) -> Interval:
    """Mean and intervals of the effect on one day, read off a fine histogram (a sort would cost five times more)."""
    effect = np.asarray(posterior.crowd.effect(since, scale))
    w = posterior.weights
    bins = np.clip((effect - _LOW) * (_BINS / (_HIGH - _LOW)), 0, _BINS - 1).astype(np.intp)
    cumulative = np.concatenate([[0.0], np.cumsum(np.bincount(bins, weights=w, minlength=_BINS))])
    edges = np.linspace(_LOW, _HIGH, _BINS + 1)
    lo90, lo50, hi50, hi90 = (float(v) for v in np.interp([0.05, 0.25, 0.75, 0.95], cumulative, edges))
    return Interval(float(w @ effect), lo50, hi50, lo90, hi90)
