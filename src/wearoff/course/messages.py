"""Gaussian messages: what the members say of one leaf, told as a Gaussian, for every configuration at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearoff.course.bank import DIMENSIONS, Bank
from wearoff.course.curve import AnyFloat, Float32
from wearoff.units import FloatArray

_I, _J = np.triu_indices(DIMENSIONS)
_OFF_DIAGONAL = np.where(_I == _J, 1.0, 2.0)


@dataclass(frozen=True, eq=False)
class Gaussians:
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


def moments(features: Float32, weights: Float32) -> Gaussians:
    """Mean and covariance of weighted members, for every row of normalised weights (C, n)."""
    m = (weights @ features).astype(np.float64)
    mean = m[:, 1 : 1 + DIMENSIONS]
    cov = np.empty((len(m), DIMENSIONS, DIMENSIONS))
    second = m[:, 1 + DIMENSIONS :] - mean[:, _I] * mean[:, _J]
    cov[:, _I, _J] = second
    cov[:, _J, _I] = second
    return Gaussians(mean, cov + 1e-9 * np.eye(DIMENSIONS))


@dataclass(frozen=True, eq=False)
class Heard:
    """What a leaf says under its cavity, per configuration: evidence (C,), and its Gaussian message."""

    evidence: FloatArray
    precision: FloatArray
    information: FloatArray


def before_and_after(
    features: Float32, log_density: Float32, likelihood: Float32, cavity: Gaussians
) -> tuple[Gaussians, Gaussians, FloatArray, FloatArray]:
    """Moments of the members under the cavity and with the photos, evidence (C,), and the cavity's precision."""
    coefficients, cavity_precision = cavity.coefficients()
    log_prior = coefficients.astype(np.float32) @ features.T - log_density
    prior = np.exp(log_prior - log_prior.max(axis=1, keepdims=True))
    tilted = prior * likelihood
    prior_sum, tilted_sum = prior.sum(axis=1, keepdims=True), tilted.sum(axis=1, keepdims=True)
    c = len(prior)
    both = moments(features, np.concatenate([prior / prior_sum, tilted / tilted_sum]))
    before, after = Gaussians(both.mean[:c], both.cov[:c]), Gaussians(both.mean[c:], both.cov[c:])
    return before, after, np.log(tilted_sum / prior_sum)[:, 0].astype(np.float64), cavity_precision


def hear(features: Float32, log_density: Float32, likelihood: Float32, cavity: Gaussians) -> Heard:
    """Hear one leaf: `features` (n, 21), `log_density` and `likelihood` (n,) of the members, under its cavity."""
    # What the members say of the cavity itself is taken off, not the exact cavity: where the photos say nothing, the
    # sampling noise of both is the same and cancels.
    before, after, evidence, cavity_precision = before_and_after(features, log_density, likelihood, cavity)
    precision, information = message(before, after, cavity.mean, cavity_precision)
    return Heard(evidence, precision, information)


def heard_moments(
    features: Float32, log_density: Float32, likelihood: Float32, cavity: Gaussians
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Evidence (C,), and mean and covariance of one leaf after its photos under its cavity."""
    before, after, evidence, _ = before_and_after(features, log_density, likelihood, cavity)
    # Carried over from what the members say of the cavity to the exact cavity, see hear.
    turn = np.linalg.cholesky(cavity.cov) @ np.linalg.inv(np.linalg.cholesky(before.cov))
    return evidence, after.mean - before.mean + cavity.mean, turn @ after.cov @ np.swapaxes(turn, 1, 2)


def hear_alone(bank: Bank, log_lik: AnyFloat, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the Gaussian message, precision (5, 5) and information (5,), of one leaf under a prior of its own."""
    n = len(log_lik)
    likelihood = np.exp(log_lik - log_lik.max()).astype(np.float32)
    cavity = Gaussians(np.zeros((1, DIMENSIONS)), covariance[None])
    heard = hear(bank.features[:n], bank.log_density[:n], likelihood, cavity)
    return heard.precision[0], heard.information[0]


def message(
    before: Gaussians, after: Gaussians, cavity_mean: FloatArray, cavity_precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return precision (C, 5, 5), never negative, and information (C, 5) that the photos add to the cavity."""
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


class Tree:
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

    def cavity(self, leaf: int) -> Gaussians:
        """Return what all other leaves imply for one."""
        mean, cov = self.joint(without=leaf)
        s = slice(leaf * DIMENSIONS, (leaf + 1) * DIMENSIONS)
        return Gaussians(mean[:, s], cov[:, s, s])
