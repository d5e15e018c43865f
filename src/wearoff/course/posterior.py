"""From the crowd to the person: weights by what was seen, joined over cycles and areas by Gaussian messages.

Every cycle of every area is a leaf with five parameters. Leaves share the person, and those of one visit the cycle.
A leaf's photos are heard by weighting the crowd under the Gaussian that all other leaves imply (expectation
propagation, Minka 2001); what the leaf adds is passed on as a Gaussian. The last word on a leaf is always the weighted
crowd itself, not the Gaussian. All of it is averaged over configurations of between-cycle share and variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wearoff.course.bank import DIMENSIONS, NOISE_LOG_SD, Bank, quadratic_features
from wearoff.course.curve import LOG_T50, AnyFloat, Float32
from wearoff.course.cycles import SAME_VISIT_DAYS
from wearoff.course.likelihood import Crowd, log_likelihood
from wearoff.course.messages import Gaussians, Tree, hear, heard_moments
from wearoff.course.workbench import Leaf, LeafPosterior, Workbench, cycle_spread
from wearoff.units import FloatArray

#: Members with which past cycles are heard; the cycle asked about is heard with the whole bank.
PAST_MEMBERS = 2048
#: Below this effective number of members a second, closer round of draws is made.
ENOUGH_MEMBERS = 250.0


@dataclass(frozen=True, eq=False)
class Posterior:
    """The current leaf of every area, the correlation of their log T50, and the configurations' weights (C,)."""

    leaves: tuple[LeafPosterior, ...]
    correlation: FloatArray
    configuration_weights: FloatArray


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
        coefficients, _ = Gaussians(np.zeros(covariance.shape[:2]), covariance).coefficients()
        found = _closer(bench.bank, found, coefficients, bench.bank.log_configuration)
    return found


def _past(bench: Workbench, leaves: Sequence[Leaf]) -> tuple[Gaussians, FloatArray]:
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
        own = cov + cycle_spread(bank, leaf)
        log_lik = log_likelihood(bench.crowd(leaf.setting, PAST_MEMBERS), leaf.cycle)
        likelihood = np.exp(log_lik - log_lik.max()).astype(np.float32)
        evidence, moved, narrowed = heard_moments(features, log_density, likelihood, Gaussians(mean, own))
        log_config = log_config + evidence
        gain = cov @ np.linalg.inv(own)
        back = np.swapaxes(gain, 1, 2)
        mean = mean + np.einsum("cij,cj->ci", gain, moved - mean)
        cov = cov - gain @ cov + gain @ narrowed @ back
        cov = (cov + np.swapaxes(cov, 1, 2)) / 2
    return Gaussians(mean, cov + cycle_spread(bank, leaves[-1])), log_config


def infer(bank: Bank, leaves: Sequence[Leaf], current: Sequence[int], bench: Workbench | None = None) -> Posterior:
    """Hear all leaves, in order, and return the posterior of the `current` ones (indices into `leaves`)."""
    bench = bench or Workbench(bank)
    tree = Tree(*bench.covariance(leaves))
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
            heard = hear(bank.features[:n], bank.log_density[:n], likelihoods[i], tree.cavity(i))
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
    bench: Workbench, leaf: Leaf, cavity: Gaussians, log_lik: AnyFloat | None, log_config: FloatArray, counted: bool
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
