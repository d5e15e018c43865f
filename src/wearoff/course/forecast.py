"""The forecast: all areas, scales, cycles and reports of one person together, into one course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from wearoff.course.bank import Bank
from wearoff.course.course import LEVELS, AreaCourse, Course, Curve, Interval, Note, NoteKind, Particles, WearOff
from wearoff.course.curve import fixed
from wearoff.course.cycles import Cycle, sort_into_cycles
from wearoff.course.likelihood import Crowd, baseline_sd
from wearoff.course.notes import notes_of_leaf, words
from wearoff.course.observations import Grade, Observation, ObservationError, PhotoEffect, Treatment
from wearoff.course.posterior import infer, infer_one
from wearoff.course.priors import NECK
from wearoff.course.quasi import normals
from wearoff.course.workbench import Leaf, LeafPosterior, Workbench
from wearoff.terms import EffectScale
from wearoff.units import FloatArray

#: Equally likely courses that curves, the overall effect and the plan are made of.
PARTICLES = 512
#: Curves run over this many days [d] at least.
CURVE_DAYS = 240
#: A treatment within this many days [d] of the one before may find some of it left; less than this share is none.
OVERLAP_DAYS = 110
LITTLE_LEFT = 0.08
#: Levels to keep that make sense.
KEEP_RANGE = (0.05, 0.95)


def forecast(
    treatments: Iterable[Treatment],
    observations: Iterable[Observation],
    *,
    today: date,
    bank: Bank,
    keep: float = 0.5,
    areas: Sequence[str] = (),
    no_baseline: Iterable[str] = (),
) -> Course:
    """Forecast the wear-off of the latest treatment from everything seen of it and of earlier ones.

    `areas` names areas without observations that are to be forecast too; `no_baseline` the areas that were
    photographed but not before the treatment. What lies after `today` is left out and said. Without a treatment
    the course has no `overall` and says why. Raises ObservationError for a `keep` outside 0.05-0.95.
    """
    check_keep(keep)
    notes: list[Note] = []
    past_treatments = [t for t in treatments if t.day <= today]
    known = list(observations)
    given = len(known)
    known = [o for o in known if o.day <= today]
    if len(known) < given:
        notes.append(Note(NoteKind.FUTURE, f"{_count(given - len(known), 'observation')} after today left out."))
    notes += [
        Note(
            NoteKind.NO_BASELINE,
            f"There is no photo of {words(a)} from before the treatment, so how much of it is held back can't be "
            "measured. Take one before the next treatment.",
            a,
        )
        for a in no_baseline
    ]
    if not past_treatments:
        reason = "No treatment day is known, so nothing can be said about when the effect wears off."
        return Course(today, keep, {}, None, reason, False, (*notes, Note(NoteKind.NO_TREATMENT, reason)))
    sorted_ = sort_into_cycles(past_treatments, known, areas)
    notes += _left_out(sorted_.left_out)
    bench = Workbench(bank)
    leaves, current = _leaves(bench, sorted_.by_area, notes)
    if not leaves:
        reason = "None of the areas seen in the photos was treated."
        return Course(today, keep, {}, None, reason, False, tuple(notes))
    posterior = infer(bank, leaves, current, bench)
    built = []
    for leaf in posterior.leaves:
        course, few = _area_course(leaf, today, keep)
        built.append(course)
        notes += notes_of_leaf(leaf, few)
    from_person = any(leaf.cycle.observations for leaf in leaves)
    if not from_person:
        notes.append(
            Note(
                NoteKind.NO_OBSERVATION,
                "Nothing was seen of this treatment yet: the forecast is that of people in general.",
            )
        )
    overall = built[0] if len(built) == 1 else _overall(built, posterior.correlation, today, keep)
    if overall.wear_off.gone_by(today) > 0.9:
        notes.append(Note(NoteKind.ALREADY_GONE, "The effect has most likely fallen below the level already."))
    return Course(today, keep, {a.area: a for a in built}, overall, "", from_person, tuple(notes))


def check_keep(keep: float) -> None:
    """Raise ObservationError unless the level to keep makes sense."""
    if not KEEP_RANGE[0] <= keep <= KEEP_RANGE[1]:
        raise ObservationError(
            f"A level of {keep} can't be kept.", f"Give a share of the peak from {KEEP_RANGE[0]} to {KEEP_RANGE[1]}."
        )


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _left_out(left: Sequence[tuple[Observation, str]]) -> list[Note]:
    told: dict[str, list[Observation]] = {}
    for o, why in left:
        if not isinstance(o, Grade):
            told.setdefault(why, []).append(o)
    return [
        Note(NoteKind.LEFT_OUT, f"{_count(len(rows), 'observation')} left out: {why}.") for why, rows in told.items()
    ]


def _leaves(bench: Workbench, by_area: dict[str, tuple[Cycle, ...]], notes: list[Note]) -> tuple[list[Leaf], list[int]]:
    leaves: list[Leaf] = []
    current: list[int] = []
    for area, cycles in by_area.items():
        leaves += area_leaves(bench, cycles)
        current.append(len(leaves) - 1)
        gap = cycles[-1].days_since_previous
        if gap is not None and gap < 84:
            notes.append(
                Note(
                    NoteKind.OVERLAP,
                    f"The last treatment of {words(area)} came {gap} days after the one before, when part of that was "
                    "left; this is taken into account.",
                    area,
                )
            )
    return leaves, current


def area_leaves(bench: Workbench, cycles: Sequence[Cycle]) -> list[Leaf]:
    """Return the leaves of one area's cycles, each with what was left of the one before."""
    leaves: list[Leaf] = []
    for cycle in cycles:
        left = None
        if leaves and cycle.days_since_previous is not None and cycle.days_since_previous < OVERLAP_DAYS:
            left = _left_over(bench, leaves[-1], cycle.days_since_previous)
        leaves.append(Leaf(cycle, bench.setting(cycle, left)))
    return leaves


def _left_over(bench: Workbench, previous: Leaf, gap: int) -> FloatArray | None:
    """Mean effect still left of the cycle before, on whole days since the new treatment; None where it is nothing."""
    alone = infer_one(bench, [previous])
    scale = main_scale(previous.cycle)
    days = range(0, 60, 6)
    sparse = [float(alone.weights @ alone.crowd.effect(float(gap + d), scale)) for d in days]
    if sparse[0] < LITTLE_LEFT:
        return None
    return np.interp(np.arange(60), list(days), sparse)


def main_scale(cycle: Cycle) -> EffectScale:
    """Return the scale that people see first: lines where they were looked at, else what was."""
    if cycle.area == NECK:
        return EffectScale.NECK
    scales = [o.scale for o in cycle.observations if isinstance(o, PhotoEffect)]
    return scales[0] if scales and EffectScale.LINES not in scales else EffectScale.LINES


def quantiles_of(days: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the quantiles at LEVELS of rising `days` (n,) with weights (n,).

    Whole steps, not interpolated: only so is every quantile later when every member is later.
    """
    cumulative = np.cumsum(weights)
    at = np.searchsorted(cumulative, LEVELS * cumulative[-1])
    return np.asarray(days[np.minimum(at, len(days) - 1)])


def wear_off_of(posterior: LeafPosterior, keep: float) -> WearOff:
    """Return the wear-off day of one leaf."""
    days = posterior.crowd.wear_off(keep)
    order = np.argsort(days)
    quantiles = quantiles_of(days[order], posterior.weights[order])
    return WearOff(posterior.leaf.cycle.start, keep, fixed(quantiles))


def _resample(posterior: LeafPosterior, order: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    cumulative = np.cumsum(posterior.weights[order])
    at = np.searchsorted(cumulative, (np.arange(n) + 0.5) / n * cumulative[-1])
    return np.asarray(order[np.clip(at, 0, len(order) - 1)])


def _area_course(posterior: LeafPosterior, today: date, keep: float) -> tuple[AreaCourse, Crowd]:
    cycle = posterior.leaf.cycle
    since = (today - cycle.start).days
    days = np.arange(max(CURVE_DAYS, since + 30) + 1, dtype=np.float64)
    all_days = posterior.crowd.wear_off(keep)
    pick = _resample(posterior, np.argsort(all_days), PARTICLES)
    crowd = posterior.crowd
    few = crowd.some(pick)
    main = main_scale(cycle)
    scales = [o.scale for o in cycle.observations if isinstance(o, PhotoEffect)]
    curves: dict[EffectScale, Curve] = {}
    effects: dict[EffectScale, FloatArray] = {}
    for scale in dict.fromkeys([main, *scales]):
        effects[scale] = few.curves(days, scale)
        curves[scale] = _curve(scale, days, effects[scale])
    course = AreaCourse(
        area=cycle.area,
        treated_on=cycle.start,
        product=cycle.product,
        main_scale=main,
        curves=curves,
        effect_today=_interval(effects[main][:, since]),
        wear_off=wear_off_of(posterior, keep),
        particles=Particles(
            fixed(days),
            fixed(effects[main]),
            fixed(all_days[pick]),
            baseline_sd(crowd.bank, cycle, main),
        ),
        observations_used=len(cycle.observations),
    )
    return course, few


def _curve(scale: EffectScale, days: FloatArray, effect: FloatArray) -> Curve:
    lo90, lo50, hi50, hi90 = np.quantile(effect, [0.05, 0.25, 0.75, 0.95], axis=0)
    rows = [fixed(v) for v in (days, effect.mean(axis=0), lo50, hi50, lo90, hi90)]
    return Curve(scale, *rows)


def _interval(effect: FloatArray) -> Interval:
    lo90, lo50, hi50, hi90 = (float(v) for v in np.quantile(effect, [0.05, 0.25, 0.75, 0.95]))
    return Interval(float(effect.mean()), lo50, hi50, lo90, hi90)


def _overall(areas: Sequence[AreaCourse], correlation: FloatArray, today: date, keep: float) -> AreaCourse:
    """Join the areas: each keeps its own distribution, tied to the others by the rank correlation of the person."""
    start = max(a.treated_on for a in areas)
    n = PARTICLES
    z = normals(n, len(areas), 7) @ np.linalg.cholesky(correlation + 1e-9 * np.eye(len(areas))).T
    rank = np.argsort(np.argsort(z, axis=0), axis=0)
    length = min(len(a.curve.days) - (start - a.treated_on).days for a in areas)
    effect = np.zeros((n, length))
    for k, a in enumerate(areas):
        offset = (start - a.treated_on).days
        effect += a.particles.effect[rank[:, k], offset : offset + length] / len(areas)
    gone = _crossing(effect, keep)
    # A late end that lies beyond the curve is taken from the areas' own days.
    beyond = gone >= length - 1
    if beyond.any():
        own = np.mean(
            [a.particles.wear_off[rank[:, k]] - (start - a.treated_on).days for k, a in enumerate(areas)], axis=0
        )
        gone[beyond] = np.maximum(own[beyond], length - 1)
    order = np.argsort(gone)
    days = np.arange(length, dtype=np.float64)
    main = areas[0].main_scale
    return AreaCourse(
        area="overall",
        treated_on=start,
        product=areas[0].product if len({a.product for a in areas}) == 1 else None,
        main_scale=main,
        curves={main: _curve(main, days, effect)},
        effect_today=_interval(effect[:, min((today - start).days, length - 1)]),
        wear_off=WearOff(start, keep, fixed(np.quantile(gone, LEVELS))),
        particles=Particles(
            fixed(days),
            fixed(effect[order]),
            fixed(gone[order]),
            float(np.sqrt(np.mean([a.particles.baseline_sd**2 for a in areas]) / len(areas))),
        ),
        observations_used=sum(a.observations_used for a in areas),
    )


def _crossing(effect: FloatArray, keep: float) -> FloatArray:
    """Day [d] on which each row (n, days) falls below `keep` of its own peak, for the first time after it."""
    peak_at = effect.argmax(axis=1)
    level = keep * effect.max(axis=1)
    days = np.arange(effect.shape[1])
    below = (effect < level[:, None]) & (days[None, :] > peak_at[:, None])
    j = np.where(below.any(axis=1), below.argmax(axis=1), effect.shape[1] - 1)
    j = np.maximum(j, 1)
    row = np.arange(len(effect))
    before, after = effect[row, j - 1], effect[row, j]
    part = np.clip((before - level) / np.maximum(before - after, 1e-9), 0, 1)
    return np.asarray(j - 1 + part, dtype=np.float64)
