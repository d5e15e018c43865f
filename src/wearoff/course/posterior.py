"""From the crowd to the person: weights by what was seen, joined over cycles and areas by Gaussian messages.

Every cycle of every area is a leaf with five parameters. Leaves share the person, and those of one visit the cycle.
A leaf's photos are heard by weighting the crowd under the Gaussian that all other leaves imply (expectation
propagation, Minka 2001); what the leaf adds is passed on as a Gaussian. The last word on a leaf is always the weighted
crowd itself, not the Gaussian. All of it is averaged over configurations of between-cycle share and variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wearoff.course.bank import DIMENSIONS, NOISE_LOG_SD, Bank, quadratic_features
from wearoff.course.curve import LOG_T50, PEAK_EXCURSION, PEAK_LINES, Float32
from wearoff.course.cycles import SAME_VISIT_DAYS, Cycle
from wearoff.course.likelihood import AnyFloat, Crowd, Setting, bank_crowd, log_likelihood
from wearoff.units import FloatArray

_NO_CYCLE = Cycle("glabella", date(2000, 1, 1), None, None, (), ())
_PEAKS = (PEAK_LINES, PEAK_EXCURSION)
_I, _J = np.triu_indices(DIMENSIONS)
_OFF_DIAGONAL = np.where(_I == _J, 1.0, 2.0)
#: Members with which past cycles are heard; the cycle asked about is heard with the whole bank.
PAST_MEMBERS = 2048
#: Below this effective number of members a second, closer round of draws is made.
ENOUGH_MEMBERS = 250.0


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


@dataclass(frozen=True, eq=False)
class _Gaussians:
    """One Gaussian per configuration: mean (C, 5), covariance (C, 5, 5)."""

    mean: FloatArray
    cov: FloatArray

    def coefficients(self) -> tuple[FloatArray, FloatArray]:
        """Coefficients (C, 21) of the log-density on the quadratic features, and the precision (C, 5, 5)."""
        precision: FloatArray = np.asarray(np.linalg.inv(self.cov), dtype=np.float64)
        linear = np.einsum("cij,cj->ci", precision, self.mean)
        constant = -0.5 * np.einsum("ci,ci->c", linear, self.mean) - 0.5 * np.linalg.slogdet(self.cov)[1]
        quadratic = -0.5 * precision[:, _I, _J] * _OFF_DIAGONAL
        return np.concatenate([constant[:, None], linear, quadratic], axis=1), precision


def _moments(features: Float32, weights: Float32) -> _Gaussians:
    """Mean and covariance of weighted members, for every row of normalised weights (C, n)."""
    m = (weights @ features).astype(np.float64)
    mean = m[:, 1 : 1 + DIMENSIONS]
    cov = np.empty((len(m), DIMENSIONS, DIMENSIONS))
    second = m[:, 1 + DIMENSIONS :] - mean[:, _I] * mean[:, _J]
    cov[:, _I, _J] = second
    cov[:, _J, _I] = second
    return _Gaussians(mean, cov + 1e-9 * np.eye(DIMENSIONS))


@dataclass(frozen=True, eq=False)
class Posterior:
    """The current leaf of every area, the correlation of their log T50, and the configurations' weights (C,)."""

    leaves: tuple[LeafPosterior, ...]
    correlation: FloatArray
    configuration_weights: FloatArray


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


@dataclass(frozen=True, eq=False)
class _Heard:
    """What a leaf says under its cavity, per configuration: evidence (C,), and its Gaussian message."""

    evidence: FloatArray
    precision: FloatArray
    information: FloatArray


def _before_and_after(
    features: Float32, log_density: Float32, likelihood: Float32, cavity: _Gaussians
) -> tuple[_Gaussians, _Gaussians, FloatArray, FloatArray]:
    """Moments of the members under the cavity and with the photos, evidence (C,), and the cavity's precision."""
    coefficients, cavity_precision = cavity.coefficients()
    log_prior = coefficients.astype(np.float32) @ features.T - log_density
    prior = np.exp(log_prior - log_prior.max(axis=1, keepdims=True))
    tilted = prior * likelihood
    prior_sum, tilted_sum = prior.sum(axis=1, keepdims=True), tilted.sum(axis=1, keepdims=True)
    c = len(prior)
    both = _moments(features, np.concatenate([prior / prior_sum, tilted / tilted_sum]))
    before, after = _Gaussians(both.mean[:c], both.cov[:c]), _Gaussians(both.mean[c:], both.cov[c:])
    return before, after, np.log(tilted_sum / prior_sum)[:, 0].astype(np.float64), cavity_precision


def _hear(features: Float32, log_density: Float32, likelihood: Float32, cavity: _Gaussians) -> _Heard:
    # What the members say of the cavity itself is taken off, not the exact cavity: where the photos say nothing, the
    # sampling noise of both is the same and cancels.
    before, after, evidence, cavity_precision = _before_and_after(features, log_density, likelihood, cavity)
    precision, information = _message(before, after, cavity.mean, cavity_precision)
    return _Heard(evidence, precision, information)


def hear_alone(bank: Bank, log_lik: AnyFloat, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the Gaussian message, precision (5, 5) and information (5,), of one leaf under a prior of its own."""
    n = len(log_lik)
    likelihood = np.exp(log_lik - log_lik.max()).astype(np.float32)
    cavity = _Gaussians(np.zeros((1, DIMENSIONS)), covariance[None])
    heard = _hear(bank.features[:n], bank.log_density[:n], likelihood, cavity)
    return heard.precision[0], heard.information[0]


def _message(
    before: _Gaussians, after: _Gaussians, cavity_mean: FloatArray, cavity_precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    gained = np.linalg.inv(after.cov) - np.linalg.inv(before.cov)
    root = np.linalg.cholesky(before.cov)
    inside = np.swapaxes(root, 1, 2) @ gained @ root
    values, vectors = np.linalg.eigh((inside + np.swapaxes(inside, 1, 2)) / 2)
    values = np.maximum(values, 0.0)
    back = np.linalg.inv(root)
    half = np.swapaxes(back, 1, 2) @ vectors
    precision = (half * values[:, None, :]) @ np.swapaxes(half, 1, 2)
    moved = after.mean - before.mean + cavity_mean
    total = np.einsum("cij,cj->ci", cavity_precision + precision, moved)
    return precision, total - np.einsum("cij,cj->ci", cavity_precision, cavity_mean)


class _Tree:
    """Gaussian messages of all leaves under all configurations (an accumulator that lives within one forecast)."""

    def __init__(self, covariance: FloatArray, precision: FloatArray) -> None:
        self.prior_precision = precision
        self.covariance = covariance
        c, n, _ = covariance.shape
        self.count = n // DIMENSIONS
        self.precision = np.zeros((self.count, c, DIMENSIONS, DIMENSIONS))
        self.information = np.zeros((self.count, c, DIMENSIONS))

    def joint(self, without: int | None = None) -> tuple[FloatArray, FloatArray]:
        """Mean (C, 5 L) and covariance (C, 5 L, 5 L) from all messages but that of one leaf."""
        if all(i == without or not self.precision[i].any() for i in range(self.count)):
            return np.zeros(self.covariance.shape[:2]), self.covariance
        total = self.prior_precision.copy()
        info = np.zeros(total.shape[:2])
        for i in range(self.count):
            if i == without:
                continue
            s = slice(i * DIMENSIONS, (i + 1) * DIMENSIONS)
            total[:, s, s] += self.precision[i]
            info[:, s] = self.information[i]
        cov: FloatArray = np.asarray(np.linalg.inv(total), dtype=np.float64)
        return np.einsum("cij,cj->ci", cov, info), cov

    def cavity(self, leaf: int) -> _Gaussians:
        mean, cov = self.joint(without=leaf)
        s = slice(leaf * DIMENSIONS, (leaf + 1) * DIMENSIONS)
        return _Gaussians(mean[:, s], cov[:, s, s])


class Workbench:
    """What many forecasts from one bank have in common, kept by whoever runs them; it changes no answer.

    Crowds and sorted wear-off days per setting, and prior weights per extra variance, are made on first use.
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._crowds: dict[tuple[object, ...], Crowd] = {}
        self._priors: dict[tuple[float, float], FloatArray] = {}
        self._trees: dict[tuple[object, ...], tuple[FloatArray, FloatArray]] = {}
        self._sorted: dict[tuple[int, float], tuple[Crowd, FloatArray, NDArray[np.intp]]] = {}

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
            coefficients, _ = _Gaussians(np.zeros(covariance.shape[:2]), covariance).coefficients()
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


def infer_one(bench: Workbench, leaves: Sequence[Leaf]) -> LeafPosterior:
    """Return the posterior of the last leaf of one area, given the ones before it."""
    leaf = leaves[-1]
    if any(other.cycle.observations for other in leaves[:-1]):
        apart = all((b.cycle.start - a.cycle.start).days > SAME_VISIT_DAYS for a, b in pairwise(leaves))
        if not apart:
            return infer(bench.bank, leaves, [len(leaves) - 1], bench).leaves[0]
        cavity, log_config = _past(bench, leaves)
        log_lik = log_likelihood(bench.crowd(leaf.setting), leaf.cycle) if leaf.cycle.observations else None
        return _last_word(bench, leaf, cavity, log_lik, log_config, counted=False)[0]
    crowd = bench.crowd(leaf.setting)
    log_w = bench.log_prior(leaf.setting.extra_sd)
    if leaf.cycle.observations:
        log_w = log_w + log_likelihood(crowd, leaf.cycle)
    w = np.exp(log_w - log_w.max())
    found = LeafPosterior(leaf, crowd, w / w.sum())
    if leaf.cycle.observations and found.effective_members < ENOUGH_MEMBERS:
        covariance, _ = bench.covariance([leaf])
        coefficients, _ = _Gaussians(np.zeros(covariance.shape[:2]), covariance).coefficients()
        found = _closer(bench.bank, found, coefficients, bench.bank.log_configuration)
    return found


def _past(bench: Workbench, leaves: Sequence[Leaf]) -> tuple[_Gaussians, FloatArray]:
    """Hear the past cycles of one area in order; return what they imply for the last, and the configurations' weights.

    The same as `infer` for this case, carrying only the person (5 numbers) from cycle to cycle.
    """
    bank = bench.bank
    mean = np.zeros(bank.person_covariance.shape[:2])
    cov = np.asarray(bank.person_covariance)
    log_config = np.asarray(bank.log_configuration)
    features, log_density = bank.features[:PAST_MEMBERS], bank.log_density[:PAST_MEMBERS]
    for leaf in leaves[:-1]:
        if not leaf.cycle.observations:
            continue
        own = cov + _cycle_spread(bank, leaf)
        log_lik = log_likelihood(bench.crowd(leaf.setting, PAST_MEMBERS), leaf.cycle)
        likelihood = np.exp(log_lik - log_lik.max()).astype(np.float32)
        evidence, moved, narrowed = _heard_moments(features, log_density, likelihood, _Gaussians(mean, own))
        log_config = log_config + evidence
        gain = cov @ np.linalg.inv(own)
        back = np.swapaxes(gain, 1, 2)
        mean = mean + np.einsum("cij,cj->ci", gain, moved - mean)
        cov = cov - gain @ cov + gain @ narrowed @ back
        cov = (cov + np.swapaxes(cov, 1, 2)) / 2
    return _Gaussians(mean, cov + _cycle_spread(bank, leaves[-1])), log_config


def _cycle_spread(bank: Bank, leaf: Leaf) -> FloatArray:
    out = np.array(bank.cycle_covariance)
    for index, sd in ((LOG_T50, leaf.setting.extra_sd[0]), *((i, leaf.setting.extra_sd[1]) for i in _PEAKS)):
        out[:, index, index] += sd**2
    return out


def _heard_moments(
    features: Float32, log_density: Float32, likelihood: Float32, cavity: _Gaussians
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Evidence (C,), and mean and covariance of one leaf after its photos under its cavity."""
    before, after, evidence, _ = _before_and_after(features, log_density, likelihood, cavity)
    # Carried over from what the members say of the cavity to the exact cavity, see _hear.
    turn = np.linalg.cholesky(cavity.cov) @ np.linalg.inv(np.linalg.cholesky(before.cov))
    return evidence, after.mean - before.mean + cavity.mean, turn @ after.cov @ np.swapaxes(turn, 1, 2)


def infer(bank: Bank, leaves: Sequence[Leaf], current: Sequence[int], bench: Workbench | None = None) -> Posterior:
    """Hear all leaves, in order, and return the posterior of the `current` ones (indices into `leaves`)."""
    bench = bench or Workbench(bank)
    tree = _Tree(*bench.covariance(leaves))
    log_config = bank.log_configuration
    telling = [i for i, leaf in enumerate(leaves) if leaf.cycle.observations]
    logs: dict[int, AnyFloat] = {}
    likelihoods: dict[int, Float32] = {}
    for i in telling:
        crowd = bench.crowd(leaves[i].setting, None if i in current else PAST_MEMBERS)
        logs[i] = log_likelihood(crowd, leaves[i].cycle)
        likelihoods[i] = np.exp(logs[i] - logs[i].max()).astype(np.float32)
    # One way through the past is exact but for the Gaussian form; several areas at once need a second look.
    sweeps = 1 if len(current) == 1 else 2
    for sweep in range(sweeps):
        for i in telling:
            if len(current) == 1 and i == current[0]:
                continue
            n = len(likelihoods[i])
            heard = _hear(bank.features[:n], bank.log_density[:n], likelihoods[i], tree.cavity(i))
            tree.precision[i], tree.information[i] = heard.precision, heard.information
            if sweep == 0:
                log_config = log_config + heard.evidence
    result = []
    final = log_config
    for i in current:
        posterior, evidence = _last_word(bench, leaves[i], tree.cavity(i), logs.get(i), log_config, len(current) > 1)
        result.append(posterior)
        if len(current) == 1:
            final = log_config + evidence
    share = _normalised(final)
    _, cov = tree.joint()
    mixed = np.einsum("c,cij->ij", share, cov)
    pick = np.array([i * DIMENSIONS + LOG_T50 for i in current])
    t50 = mixed[np.ix_(pick, pick)]
    sd = np.sqrt(np.diag(t50))
    return Posterior(tuple(result), t50 / np.outer(sd, sd), share)


def _normalised(log_weights: FloatArray) -> FloatArray:
    w = np.exp(log_weights - log_weights.max())
    return np.asarray(w / w.sum())


def _last_word(
    bench: Workbench, leaf: Leaf, cavity: _Gaussians, log_lik: AnyFloat | None, log_config: FloatArray, counted: bool
) -> tuple[LeafPosterior, FloatArray]:
    bank = bench.bank
    crowd = bench.crowd(leaf.setting)
    coefficients, _ = cavity.coefficients()
    joint = coefficients.astype(np.float32) @ bank.features.T - bank.log_density
    if log_lik is not None:
        joint += log_lik
    top = joint.max(axis=1, keepdims=True)
    each = np.exp(joint - top)
    sums = each.sum(axis=1).astype(np.float64)
    mass = top[:, 0] + np.log(sums)
    # Where this leaf's evidence is already in the configurations' weights, each counts by its normalised weights.
    offset = log_config - mass if counted else log_config
    shares = _normalised(offset + mass)
    w = ((shares / sums).astype(np.float32) @ each).astype(np.float64)
    found = LeafPosterior(leaf, crowd, w / w.sum())
    if log_lik is not None and found.effective_members < ENOUGH_MEMBERS:
        found = _closer(bank, found, coefficients, offset)
    return found, mass


def _closer(bank: Bank, rough: LeafPosterior, coefficients: FloatArray, log_config: FloatArray) -> LeafPosterior:
    """Draw again around what the rough weights say and weight exactly: the unusual person, or many good photos."""
    weights, crowd = rough.weights, rough.crowd
    log_noise = np.asarray(crowd.log_noise, dtype=np.float64) / NOISE_LOG_SD
    u = np.column_stack([crowd.deviations, crowd.baseline_z, log_noise])
    mean = weights @ u
    centred = u - mean
    few = 1.0 / max(rough.effective_members, 2.0)
    cov = (centred * weights[:, None]).T @ centred
    # With few effective members the spread is underestimated and noisy: lean towards the prior's own.
    prior_var = np.concatenate([np.diag(np.cov(bank.deviations[:256].T)), np.ones(3)])
    cov = cov * (1 + 2 * few) + np.diag(prior_var) * (0.25 * few + 1e-4)
    chol = np.linalg.cholesky(cov)
    z = bank.spare_normals
    scales = np.array([1.0, 1.35, 2.0])
    which = np.arange(len(z)) % 3
    draws = mean + (z * scales[which][:, None]) @ chol.T
    solved = np.sum(z**2, axis=1) * scales[which] ** 2
    dims = z.shape[1]
    density = sum(np.exp(-0.5 * solved / s**2 - dims * np.log(s)) for s in scales)
    log_q = np.log(np.asarray(density) + 1e-300)
    near = Crowd(
        bank=bank,
        setting=crowd.setting,
        deviations=draws[:, :DIMENSIONS],
        baseline_z=draws[:, DIMENSIONS : DIMENSIONS + 2].astype(np.float32),
        noise=np.exp(NOISE_LOG_SD * draws[:, 7]).astype(np.float32),
        log_noise=(NOISE_LOG_SD * draws[:, 7]).astype(np.float32),
        tabled=False,
    )
    log_prior = coefficients @ quadratic_features(near.deviations).T + log_config[:, None]
    top = log_prior.max(axis=0)
    mixed = top + np.log(np.exp(log_prior - top).sum(axis=0))
    nuisance = -0.5 * np.sum(draws[:, DIMENSIONS:] ** 2, axis=1)
    log_w = log_likelihood(near, rough.leaf.cycle) + mixed + nuisance - log_q
    w = np.exp(log_w - log_w.max())
    found = LeafPosterior(rough.leaf, near, np.asarray(w / w.sum()))
    return found if found.effective_members > rough.effective_members else rough
