"""Leaves, the prior that ties them together, and what many forecasts from one bank have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from wearoff.course.bank import DIMENSIONS, Bank
from wearoff.course.curve import LOG_T50, PEAK_EXCURSION, PEAK_LINES
from wearoff.course.cycles import SAME_VISIT_DAYS, Cycle
from wearoff.course.likelihood import Crowd, Setting, bank_crowd, setting_of
from wearoff.course.messages import Gaussians
from wearoff.units import FloatArray

_NO_CYCLE = Cycle("glabella", date(2000, 1, 1), None, None, (), ())
_PEAKS = (PEAK_LINES, PEAK_EXCURSION)


@dataclass(frozen=True, eq=False)
class Leaf:
    """One cycle of one area with its setting."""

    cycle: Cycle
    setting: Setting


@dataclass(frozen=True, eq=False)
class LeafPosterior:
    """Weighted members for one leaf: `weights` (n,) sum to 1."""

    leaf: Leaf
    crowd: Crowd
    weights: FloatArray

    @property
    def effective_members(self) -> float:
        """Effective number of members."""
        return float(1 / np.sum(self.weights**2))


def leaf_covariance(bank: Bank, leaves: Sequence[Leaf]) -> FloatArray:
    """Prior covariance of all leaves' deviations under each configuration, shape (C, 5 L, 5 L)."""
    p = bank.priors
    n = len(leaves)
    same_area = np.array([[a.cycle.area == b.cycle.area for b in leaves] for a in leaves])
    apart = np.array([[abs((a.cycle.start - b.cycle.start).days) for b in leaves] for a in leaves])
    same_visit = apart <= SAME_VISIT_DAYS
    person_factor = np.where(same_area, 1.0, p.rho_regions_person)
    cycle_factor = np.where(same_visit, np.where(same_area, 1.0, p.rho_regions_cycle), 0.0)
    person, cycle = bank.person_covariance, bank.cycle_covariance
    blocks = person_factor[:, None, :, None] * person[:, None, :, None, :]
    blocks = blocks + cycle_factor[:, None, :, None] * cycle[:, None, :, None, :]
    out = blocks.reshape(len(person), n * DIMENSIONS, n * DIMENSIONS)
    extra = np.array([leaf.setting.extra_sd for leaf in leaves]) ** 2
    for index, column in ((LOG_T50, 0), *((i, 1) for i in _PEAKS)):
        at = np.arange(n) * DIMENSIONS + index
        out[:, at, at] += extra[:, column]
    return np.asarray(out)


def cycle_spread(bank: Bank, leaf: Leaf) -> FloatArray:
    """Covariance (C, 5, 5) of one leaf around its person, under each configuration."""
    out = np.array(bank.cycle_covariance)
    for index, sd in ((LOG_T50, leaf.setting.extra_sd[0]), *((i, leaf.setting.extra_sd[1]) for i in _PEAKS)):
        out[:, index, index] += sd**2
    return out


class Workbench:
    """What many forecasts from one bank have in common, kept by whoever runs them; it changes no answer.

    Crowds and sorted wear-off days per setting, and prior weights per extra variance, are made on first use.
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._settings: dict[tuple[object, ...], Setting] = {}
        self._crowds: dict[tuple[object, ...], Crowd] = {}
        self._priors: dict[tuple[float, float], FloatArray] = {}
        self._trees: dict[tuple[object, ...], tuple[FloatArray, FloatArray]] = {}
        self._sorted: dict[tuple[int, float], tuple[Crowd, FloatArray, NDArray[np.intp]]] = {}

    def setting(self, cycle: Cycle, left_over: FloatArray | None = None) -> Setting:
        """Return the mean curve for a cycle's area, product and dose, with its touch-ups."""
        if left_over is not None:
            return setting_of(self.bank, cycle, left_over)
        key = (cycle.area, cycle.product, cycle.units, cycle.touch_ups)
        if key not in self._settings:
            if len(self._settings) > 1024:
                self._settings.clear()
            self._settings[key] = setting_of(self.bank, cycle)
        return self._settings[key]

    def crowd(self, setting: Setting, size: int | None = None) -> Crowd:
        """Return the bank's members under a setting."""
        if setting.left_over is not None:
            return bank_crowd(self.bank, setting, size)
        key = (setting.mean.tobytes(), setting.delays, size)
        if key not in self._crowds:
            if len(self._crowds) > 256:
                self._crowds.clear()
                self._sorted.clear()
            self._crowds[key] = bank_crowd(self.bank, setting, size)
        return self._crowds[key]

    def covariance(self, leaves: Sequence[Leaf]) -> tuple[FloatArray, FloatArray]:
        """Return the prior covariance of all leaves and its inverse, each (C, 5 L, 5 L)."""
        areas = [leaf.cycle.area for leaf in leaves]
        starts = [leaf.cycle.start for leaf in leaves]
        key = (
            tuple(areas.index(a) for a in areas),
            tuple(next(i for i, s in enumerate(starts) if abs((s - t).days) <= SAME_VISIT_DAYS) for t in starts),
            tuple(leaf.setting.extra_sd for leaf in leaves),
        )
        if key not in self._trees:
            if len(self._trees) > 64:
                self._trees.clear()
            covariance = leaf_covariance(self.bank, leaves)
            self._trees[key] = (covariance, np.asarray(np.linalg.inv(covariance), dtype=np.float64))
        return self._trees[key]

    def log_prior(self, extra_sd: tuple[float, float]) -> FloatArray:
        """Return the log prior weight (M,) of every member for a person of whom nothing is known."""
        if extra_sd not in self._priors:
            one = Leaf(_NO_CYCLE, Setting(self.bank.reference, extra_sd, ()))
            covariance, _ = self.covariance([one])
            coefficients, _ = Gaussians(np.zeros(covariance.shape[:2]), covariance).coefficients()
            each = coefficients @ self.bank.features.T - self.bank.log_density + self.bank.log_configuration[:, None]
            self._priors[extra_sd] = np.logaddexp.reduce(each, axis=0)
        return self._priors[extra_sd]

    def sorted_wear_off(self, crowd: Crowd, keep: float) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return the members' wear-off days [d] in rising order, and that order."""
        key = (id(crowd), keep)
        if key not in self._sorted:
            days = crowd.wear_off(keep)
            order = np.argsort(days)
            if crowd.setting.left_over is not None or not crowd.tabled:
                return days[order], order
            self._sorted[key] = (crowd, days[order], order)
        return self._sorted[key][1:]
