"""Booking a fortnight ahead: how close the appointment comes to the wear-off day, by how the photos are timed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from forecast_people import People, World, cycle_of, cycle_start, effect, observe, simulate

from wearoff.course import Particles, forecast
from wearoff.course.curve import PEAK_EXCURSION, PEAK_LINES
from wearoff.course.cycles import Cycle
from wearoff.course.likelihood import setting_of
from wearoff.course.posterior import infer_one
from wearoff.course.workbench import Leaf, Workbench
from wearoff.plan import Booking, next_photo
from wearoff.terms import EffectScale

LEAD = 14
ANY_DAY = (0, 1, 2, 3, 4, 5, 6)


def photo_at(people: People, i: int, day: int, rng) -> dict[EffectScale, float]:
    """One more timepoint of the current cycle of person i."""
    one = People(people.world, people.x[i : i + 1], None, people.wear_off[i : i + 1])
    one.baseline = people.baseline[i : i + 1]
    k = people.world.past
    return {s: float(observe(one, k, s, np.array([[float(day)]]), rng)[0, 0]) for s in people.world.scales}


def run(bench: Workbench, world: World, n: int, seed: int, schedule: tuple[int, ...] | None, most: int = 3):
    """Return |booked - true| (n,) and photos taken (n,) for a fixed schedule, or the adaptive one where it is None."""
    people = simulate(bench.bank, replace(world, photos=0), n, seed)
    past = world.past
    errors, taken = np.empty(n), np.zeros(n)
    for i in range(n):
        rng = np.random.default_rng((seed, i))
        before = [cycle_of(people, i, k) for k in range(past)]
        start = cycle_start(past)
        seen: list[tuple[int, dict[EffectScale, float]]] = []
        today = 7
        plan = list(schedule or ())
        while True:
            p = _posterior(bench, before, start, seen, world)
            days, order = bench.sorted_wear_off(p.crowd, 0.5)
            cum = np.cumsum(p.weights[order])
            median = float(np.interp(0.5, cum, days))
            if schedule is not None:
                day = plan.pop(0) if plan else None
            elif len(seen) >= most:
                day = None
            else:
                pick = order[np.minimum(np.searchsorted(cum, (np.arange(96) + 0.5) / 96), len(order) - 1)]
                few = p.crowd.some(pick)
                grid = np.arange(today + 1.0, 300.0, 5.0)
                parts = Particles(
                    grid, few.curves(grid, world.scales[0]), few.wear_off(0.5), bench.bank.priors.baseline_sd
                )
                booking = Booking(LEAD, ANY_DAY, start)
                value = next_photo(
                    parts,
                    start,
                    start + timedelta(days=today),
                    booking,
                    photo_sd=world.sigma / np.sqrt(len(world.scales)),
                )
                day = None if value is None else (value.day - start).days
            if day is None:
                errors[i] = abs(max(median, today + LEAD) - people.wear_off[i])
                taken[i] = len(seen)
                break
            seen.append((day, photo_at(people, i, day, rng)))
            today = day
    return errors, taken


def _posterior(bench, before, start, seen, world):
    from wearoff.course import PhotoEffect
    from wearoff.terms import Region

    photos = tuple(
        PhotoEffect(start + timedelta(days=d), Region.GLABELLA, s, float(np.clip(y, -2, 1.5)), world.sigma)
        for d, ys in seen
        for s, y in ys.items()
    )
    cycles = [*before, Cycle("glabella", start, "onabotulinumtoxinA", 20.0, (), photos)]
    return infer_one(bench, [Leaf(c, setting_of(bench.bank, c)) for c in cycles])


REGIONS = ("glabella", "forehead", "crows_feet_left")


def run_joint(bench: Workbench, world: World, n: int, seed: int, most: int = 3):
    """The same with lines and excursion of three regions of one person, for the wear-off day of all together."""
    from forecast_people import crossing, curve_on_days

    from wearoff.course import PhotoEffect, Treatment
    from wearoff.course.bank import area_mean
    from wearoff.terms import Region

    bank, rng = bench.bank, np.random.default_rng(seed)
    p = bank.priors
    person, cycle = p.covariances(world.share, world.variance)
    c, r = world.past + 1, len(REGIONS)
    rho_p = np.full((r, r), p.rho_regions_person) + (1 - p.rho_regions_person) * np.eye(r)
    rho_c = np.full((r, r), p.rho_regions_cycle) + (1 - p.rho_regions_cycle) * np.eye(r)
    theta = rng.multivariate_normal(np.zeros(5 * r), np.kron(rho_p, person), n).reshape(n, r, 5)
    mean = np.array([area_mean(bank, a) for a in REGIONS])
    x = (
        mean
        + theta[:, None]
        + rng.multivariate_normal(np.zeros(5 * r), np.kron(rho_c, cycle), (n, c)).reshape(n, c, r, 5)
    )
    grid = np.arange(0, 460.0)
    whole = sum(curve_on_days(world, x[:, -1, k], None, 0, EffectScale.LINES, grid) for k in range(r)) / r
    truth = crossing(whole)
    baseline = np.exp(p.baseline_sd * rng.normal(size=(n, c, r, 2)))
    regions = [Region(a) for a in REGIONS]

    def photos(i: int, k: int, day: int, draw) -> list[PhotoEffect]:
        out = []
        for a, region in enumerate(regions):
            for s, col in ((EffectScale.LINES, 0), (EffectScale.EXCURSION, 1)):
                peak = 1 / (1 + np.exp(-x[i, k, a, PEAK_EXCURSION if col else PEAK_LINES]))
                e = peak * float(effect(x[i, k, a], np.asarray(float(day)), world.family))
                gross = 0.35 * draw.normal() if draw.random() < 0.04 else 0.0
                y = 1 - (1 - e) * baseline[i, k, a, col] + world.sigma * draw.normal() + gross
                out.append(
                    PhotoEffect(
                        cycle_start(k) + timedelta(days=day), region, s, float(np.clip(y, -2, 1.5)), world.sigma
                    )
                )
        return out

    errors, taken, inside = np.empty(n), np.zeros(n), np.zeros(n)
    for i in range(n):
        draw = np.random.default_rng((seed, i))
        treatments = [Treatment(cycle_start(k), "onabotulinumtoxinA") for k in range(c)]
        seen = [
            o
            for k in range(world.past)
            for d in sorted(draw.integers(3, 140, world.past_photos))
            for o in photos(i, k, int(d), draw)
        ]
        start, today = cycle_start(world.past), 7
        while True:
            course = forecast(treatments, seen, today=start + timedelta(days=today), bank=bank, areas=REGIONS)
            w = course.overall.wear_off
            value = None
            if taken[i] < most:
                value = next_photo(
                    course.overall.particles, start, start + timedelta(days=today), Booking(LEAD, ANY_DAY, start),
                    photo_sd=world.sigma / np.sqrt(2 * r),
                )  # fmt: skip
            if value is None:
                errors[i] = abs(max(w.days(0.5), today + LEAD) - truth[i])
                inside[i] = w.days(0.05) <= truth[i] <= w.days(0.95)
                break
            today = (value.day - start).days
            seen += photos(i, world.past, today, draw)
            taken[i] += 1
    return errors, taken, inside
