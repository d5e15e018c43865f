"""Simulated people with known wear-off days, and the other ways of forecasting that the benchmark compares with.

The truth is drawn from the population of priors.json (between-cycle share 0.25) unless told otherwise: photos carry
Gaussian noise of known SD, 4 % gross errors of SD 0.35, and a baseline error of 8 % shared by a cycle's photos.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np

from wearoff.course import Bank, PhotoEffect
from wearoff.course.curve import LOG_H, LOG_T50, LOG_TAU, PEAK_EXCURSION, PEAK_LINES, onset, remaining, wear_off_days
from wearoff.course.cycles import Cycle
from wearoff.course.likelihood import setting_of
from wearoff.course.posterior import infer_one
from wearoff.course.workbench import Leaf, Workbench
from wearoff.terms import EffectScale, Region

START = date(2020, 1, 6)
LEVELS = (np.arange(100) + 0.5) / 100
GROSS_SHARE, GROSS_SD = 0.04, 0.35
NU = NormalDist()


def effect(x, t, family="pool"):
    """Effect of curves x (..., 5) on days t, relative to a peak of one; other families stand for model error."""
    tau, t50, h = np.exp(x[..., LOG_TAU]), np.exp(x[..., LOG_T50]), np.exp(x[..., LOG_H])
    t = np.maximum(t, 1e-9)
    if family == "pool":
        return onset(t, x[..., LOG_TAU]) * remaining(t, x[..., LOG_T50], x[..., LOG_H])
    if family == "weibull":
        return (t / tau) ** 2 / (0.45 + (t / tau) ** 2) * np.exp(-np.log(2) * (t / t50) ** np.maximum(h / 1.386, 1.2))
    if family == "loglogistic":
        return -np.expm1(-t / tau) / (1 + (t / t50) ** h)
    if family == "plateau_exponential":
        rate = h / (2 * t50)
        start = t50 - np.log(2) / rate
        return -np.expm1(-t / tau) * np.where(t < start, 1.0, np.exp(-rate * np.maximum(t - start, 0)))
    if family == "straight":
        return -np.expm1(-((t / tau) ** 1.5)) * np.clip(0.5 - h / (4 * t50) * (t - t50), 0, 1)
    raise ValueError(family)


@dataclass(frozen=True)
class World:
    """How the simulated people differ from what the forecast believes."""

    sigma: float = 0.10
    photos: int = 3
    past: int = 0
    past_photos: int = 4
    last_day: int = 84
    past_last_day: int = 140
    scales: tuple[EffectScale, ...] = (EffectScale.LINES,)
    family: str = "pool"
    share: float = 0.25
    variance: float = 1.0
    t50_shift: float = 0.0
    process_sd: float = 0.0
    rebound: float = 0.0
    worn_off_sd: float | None = None
    days: tuple[int, ...] | None = None


@dataclass
class People:
    """n people: curves (n, cycles, 5), effects per day are made on demand; truth (n,) [d]."""

    world: World
    x: np.ndarray
    process: np.ndarray | None
    wear_off: np.ndarray
    days: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    baseline: np.ndarray | None = None


def crossing(e, keep=0.5):
    """Day on which each row of e (n, days) falls below keep times its own peak, after the peak."""
    at, level = e.argmax(1), keep * e.max(1)
    below = (e < level[:, None]) & (np.arange(e.shape[1])[None] > at[:, None])
    j = np.maximum(np.where(below.any(1), below.argmax(1), e.shape[1] - 1), 1)
    r = np.arange(len(e))
    return j - 1 + np.clip((e[r, j - 1] - level) / np.maximum(e[r, j - 1] - e[r, j], 1e-9), 0, 1)


def simulate(bank: Bank, world: World, n: int, seed: int) -> People:
    """Draw n people with their cycles, and photos of every cycle (the current one last)."""
    rng = np.random.default_rng(seed)
    person, cycle = bank.priors.covariances(world.share, world.variance)
    c = world.past + 1
    mean = np.array(bank.reference)
    mean[LOG_T50] += world.t50_shift
    x = (
        mean
        + rng.multivariate_normal(np.zeros(5), person, n)[:, None]
        + rng.multivariate_normal(np.zeros(5), cycle, (n, c))
    )
    grid = np.arange(0, 460.0)
    process = None
    if world.process_sd:
        process = np.empty((n, c, len(grid)))
        a = np.exp(-1 / 20)
        process[..., 0] = rng.normal(size=(n, c)) * world.process_sd
        for i in range(1, len(grid)):
            process[..., i] = a * process[..., i - 1] + world.process_sd * np.sqrt(1 - a * a) * rng.normal(size=(n, c))
        kernel = np.ones(7) / 7
        process = np.apply_along_axis(lambda v: np.convolve(v, kernel, mode="same"), 2, process)
    if world.family == "pool" and process is None and not world.rebound:
        gone = wear_off_days(0.5, x[:, -1, LOG_TAU], x[:, -1, LOG_T50], x[:, -1, LOG_H], bank.peaks)
    else:
        gone = crossing(curve_on_days(world, x[:, -1], process, -1, EffectScale.LINES, grid))
    people = People(world, x, process, gone)
    people.baseline = np.exp(bank.priors.baseline_sd * rng.normal(size=(n, c, 2)))
    for k in range(c):
        last = k == c - 1
        count = world.photos if last else world.past_photos
        if last and world.days is not None:
            t = np.tile(np.array(world.days, dtype=float), (n, 1))
        else:
            high = world.last_day if last else world.past_last_day
            t = np.sort(np.round(rng.uniform(3, high, (n, count))), axis=1)
        people.days.append(t)
        people.seen.append({s: observe(people, k, s, t, rng) for s in world.scales})
    return people


def curve_on_days(world, x, process, k, scale, grid):
    """Effect (n, days) of one cycle on whole days."""
    a = 1 / (1 + np.exp(-x[:, PEAK_EXCURSION if scale is EffectScale.EXCURSION else PEAK_LINES]))
    shape = effect(x[:, None, :], grid[None, :], world.family)
    e = a[:, None] * shape
    if world.rebound:
        e = e - world.rebound * (1 - shape) * np.clip(grid / 60, 0, 1)
    if process is not None:
        e = e + process[:, k, : len(grid)]
    return e


def observe(people, k, scale, t, rng):
    """Photos of cycle k on days t (n, m)."""
    w = people.world
    x = people.x[:, k]
    a = 1 / (1 + np.exp(-x[:, PEAK_EXCURSION if scale is EffectScale.EXCURSION else PEAK_LINES]))
    shape = effect(x[:, None, :], t, w.family)
    e = a[:, None] * shape
    if w.rebound:
        e = e - w.rebound * (1 - shape) * np.clip(t / 60, 0, 1)
    if people.process is not None:
        e = e + np.take_along_axis(people.process[:, k], t.astype(int), 1)
    b = people.baseline[:, k, 1 if scale is EffectScale.EXCURSION else 0][:, None]
    noise = w.sigma * rng.normal(size=t.shape)
    noise += np.where(rng.random(t.shape) < GROSS_SHARE, GROSS_SD, 0) * rng.normal(size=t.shape)
    return 1 - (1 - e) * b + noise


def cycle_start(k: int) -> date:
    """Day of the k-th treatment."""
    return START + timedelta(days=210 * k)


def cycle_of(people: People, i: int, k: int, upto: float | None = None, area: str = "glabella") -> Cycle:
    """Cycle k of person i as the library takes it."""
    start = cycle_start(k)
    region = Region(area)
    seen = tuple(
        PhotoEffect(start + timedelta(days=int(t)), region, s, float(np.clip(y, -2, 1.5)), people.world.sigma)
        for s, ys in people.seen[k].items()
        for t, y in zip(people.days[k][i], ys[i], strict=True)
        if upto is None or t <= upto
    )
    return Cycle(area, start, "onabotulinumtoxinA", 20.0, (), seen)


def ours(bench: Workbench, people: People, members=None) -> np.ndarray:
    """Quantiles (n, 100) of the wear-off day by the library."""
    out = np.empty((len(people.x), len(LEVELS)))
    for i in range(len(out)):
        leaves = [
            Leaf(c, setting_of(bench.bank, c)) for c in (cycle_of(people, i, k) for k in range(people.world.past + 1))
        ]
        p = infer_one(bench, leaves)
        days, order = bench.sorted_wear_off(p.crowd, 0.5)
        cum = np.cumsum(p.weights[order])
        out[i] = np.interp(LEVELS, cum - 0.5 * p.weights[order], days)
    return out


def exact(bank: Bank, people: People, particles: int = 16384, seed: int = 0) -> np.ndarray:
    """Quantiles (n, 100) by a particle filter that knows the truth's own model: population, noise, gross errors."""
    w = people.world
    rng = np.random.default_rng(seed)
    person, cycle = bank.priors.covariances(w.share, w.variance)
    mean = np.array(bank.reference)
    mean[LOG_T50] += w.t50_shift
    c = w.past + 1
    pi, ki = np.linalg.inv(person), np.linalg.inv(cycle)
    out = np.empty((len(people.x), len(LEVELS)))
    for i in range(len(out)):
        total = np.zeros((particles, 5))
        for k in range(c):
            v = np.linalg.inv(pi + k * ki)
            draw = rng.normal(size=(particles, 5)) @ np.linalg.cholesky(v + cycle).T
            x = mean + total @ (v @ ki).T + draw
            lw = np.zeros(particles)
            t = people.days[k][i]
            shape = effect(x[:, None, :], t[None, :], w.family)
            for s, ys in people.seen[k].items():
                a = 1 / (1 + np.exp(-x[:, PEAK_EXCURSION if s is EffectScale.EXCURSION else PEAK_LINES]))
                b = np.exp(bank.priors.baseline_sd * rng.normal(size=particles))
                r = ys[i][None, :] - 1 + (1 - a[:, None] * shape) * b[:, None]
                wide = w.sigma**2 + GROSS_SD**2
                lw += np.log(
                    (1 - GROSS_SHARE) * np.exp(-0.5 * (r / w.sigma) ** 2) / w.sigma
                    + GROSS_SHARE * np.exp(-0.5 * r * r / wide) / np.sqrt(wide)
                ).sum(1)
            wt = np.exp(lw - lw.max())
            wt /= wt.sum()
            if k < c - 1:
                pick = np.searchsorted(np.cumsum(wt), (np.arange(particles) + rng.random()) / particles)
                pick = np.minimum(pick, particles - 1)
                total = rng.permutation(total[pick] + x[pick] - mean)
        gone = wear_off_days(0.5, x[:, LOG_TAU], x[:, LOG_T50], x[:, LOG_H], bank.peaks)
        order = np.argsort(gone)
        cum = np.cumsum(wt[order])
        out[i] = np.interp(LEVELS, cum - 0.5 * wt[order], gone[order])
    return out


def scores(q: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Median and mean absolute error, 90 % coverage and width, CRPS [d] of quantiles (n, 100) or points (n,)."""
    if q.ndim == 1:
        e = np.abs(q - truth)
        return {"mae": float(np.median(e)), "mean": float(e.mean()), "crps": float(e.mean())}
    mid = np.array([np.interp(0.5, LEVELS, row) for row in q])
    lo = np.array([np.interp(0.05, LEVELS, row) for row in q])
    hi = np.array([np.interp(0.95, LEVELS, row) for row in q])
    e = np.abs(mid - truth)
    pin = 2 * np.where(truth[:, None] >= q, LEVELS * (truth[:, None] - q), (1 - LEVELS) * (q - truth[:, None]))
    return {
        "mae": float(np.median(e)), "mean": float(e.mean()), "cover90": float(((truth >= lo) & (truth <= hi)).mean()),
        "width90": float((hi - lo).mean()), "crps": float(pin.mean()),
    }  # fmt: skip
