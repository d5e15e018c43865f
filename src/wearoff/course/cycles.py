"""From a list of treatments and observations to cycles: which observation belongs to which treatment of which area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wearoff.course.observations import Grade, Observation, PhotoEffect, Treatment
from wearoff.course.priors import FACE, NECK
from wearoff.terms import EffectScale, Region

#: A second treatment of an area within this many days is a touch-up of the first; after it, a new cycle.
TOUCH_UP_DAYS = 35
#: Share of the first dose that a touch-up is taken for when its units are not known (assumed).
TOUCH_UP_SHARE = 0.25
#: Visits this close together belong to one cycle of the person, whatever area they treated [d].
SAME_VISIT_DAYS = 7


@dataclass(frozen=True, slots=True)
class TouchUp:
    """A second dose within a cycle: days [d] after the first, and its share of the first dose."""

    after_days: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Cycle:
    """One treatment of one area and what was seen of it until the next one."""

    area: str
    start: date
    product: str | None
    units: float | None
    touch_ups: tuple[TouchUp, ...]
    observations: tuple[Observation, ...]
    start_grade: Grade | None = None
    days_since_previous: int | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """Cycles of every area in order of time, and the observations that belong to none, with the reason."""

    by_area: dict[str, tuple[Cycle, ...]]
    left_out: tuple[tuple[Observation, str], ...]


def area_of(region: Region | None, scale: EffectScale | None = None) -> str:
    """Name the area of a region: its own name, "neck" on the neck scale, "face" where no region is given."""
    if scale is EffectScale.NECK:
        return NECK
    return FACE if region is None else region.value


def sort_into_cycles(
    treatments: Iterable[Treatment], observations: Sequence[Observation], areas: Sequence[str] | None = None
) -> Sorted:
    """Group treatments into cycles by area and hand each observation to the cycle it fell into.

    `areas` adds areas that have no observation. A treatment without a region counts for every area; an observation
    without a region (a report on the whole face) counts for every area that was treated.
    """
    ordered = sorted(treatments, key=lambda t: t.day)
    seen = dict.fromkeys(areas or ())
    for o in observations:
        if isinstance(o, PhotoEffect) or o.region is not None:
            seen[_area(o)] = None
    for t in ordered:
        if t.region is not None:
            seen[t.region.value] = None
    if not seen or (set(seen) != {FACE} and not set(seen) - {FACE}):
        seen[FACE] = None
    left: list[tuple[Observation, str]] = []
    by_area: dict[str, tuple[Cycle, ...]] = {}
    for area in seen:
        mine = [t for t in ordered if t.region is None or area in (t.region.value, FACE)]
        cycles = _group(area, mine)
        by_area[area] = cycles
    placed: dict[str, list[list[Observation]]] = {a: [[] for _ in cycles] for a, cycles in by_area.items()}
    starts: dict[str, Grade] = {}
    for o in observations:
        named = isinstance(o, PhotoEffect) or o.region is not None
        targets = [_area(o)] if named else list(by_area)
        found = False
        for area in targets:
            cycles = by_area.get(area, ())
            # What was seen on the day of a treatment was seen before the needle: it belongs to the cycle before.
            index = max((i for i, c in enumerate(cycles) if o.day > c.start), default=-1)
            if index >= 0:
                placed[area][index].append(o)
                found = True
            elif isinstance(o, Grade) and cycles:
                starts[area] = o
                found = True
        if not found:
            why = "it does not come after a treatment" if any(by_area.values()) else "no treatment day is known"
            left.append((o, why))
    for area, cycles in by_area.items():
        by_area[area] = tuple(
            replace(c, observations=tuple(mine), start_grade=starts.get(area))
            for c, mine in zip(cycles, placed[area], strict=True)
        )
    return Sorted({a: c for a, c in by_area.items() if c}, tuple(left))


def _area(o: Observation) -> str:
    return area_of(o.region, o.scale if isinstance(o, PhotoEffect) else None)


def _group(area: str, treatments: Sequence[Treatment]) -> tuple[Cycle, ...]:
    cycles: list[Cycle] = []
    merged: list[list[Treatment]] = []
    for t in treatments:
        if merged and (t.day - merged[-1][0].day).days <= TOUCH_UP_DAYS:
            merged[-1].append(t)
        else:
            merged.append([t])
    for group in merged:
        first_day = group[0].day
        same_day = [t for t in group if t.day == first_day]
        known = [t.units for t in same_day if t.units is not None]
        # Units of several sites on one day add up only where they are the same product's.
        units = sum(known) if known and len({t.product for t in same_day}) == 1 and area != FACE else None
        touch: dict[int, float] = {}
        for t in group:
            if t.day == first_day:
                continue
            same = t.product == group[0].product
            ratio = t.units / units if same and t.units is not None and units is not None else TOUCH_UP_SHARE
            days = (t.day - first_day).days
            touch[days] = touch.get(days, 0.0) + ratio
        previous = (first_day - cycles[-1].start).days if cycles else None
        cycles.append(
            Cycle(
                area=area,
                start=first_day,
                product=next((t.product for t in same_day if t.product), None),
                units=units,
                touch_ups=tuple(TouchUp(d, min(r, 2.0)) for d, r in sorted(touch.items())),
                observations=(),
                days_since_previous=previous,
            )
        )
    return tuple(cycles)
