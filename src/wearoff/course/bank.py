"""The prior bank: a fixed, quasi-random crowd of people with their curves, drawn once and weighted ever after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearoff.course.curve import (
    LOG_H,
    LOG_T50,
    LOG_TAU,
    Float32,
    PeakTable,
    fixed,
    fixed32,
    onset,
    peak_table,
    remaining,
)
from wearoff.course.priors import FACE, Priors, load_priors
from wearoff.course.products import Products, load_products
from wearoff.course.quasi import normals
from wearoff.units import FloatArray

DIMENSIONS = 5
#: The bank is drawn this much wider (in variance) than the population, so that the unusual are in it too.
INFLATION = 1.8
#: How well a photo's own standard deviation is itself known (log scale).
NOISE_LOG_SD = 0.3
#: Last day [d] of the tables of what remains, and of the onset.
LAST_DAY = 560
LAST_ONSET_DAY = 100
_SEED = 20


def quadratic_features(x: FloatArray) -> FloatArray:
    """Return 1, x_i and x_i x_j (i <= j) for each row, shape (n, 21): Gaussians and moments become products with it."""
    i, j = np.triu_indices(DIMENSIONS)
    return np.concatenate([np.ones((len(x), 1)), x, x[:, i] * x[:, j]], axis=1)


@dataclass(frozen=True, eq=False)
class Bank:
    """Members of the prior bank.

    `deviations` (M, 5): from the mean of whatever product, region and dose is asked for; `baseline_z` (M, 2): baseline
    error on lines and excursion in standard deviations; `noise` (M,): factor on a photo's SD; `features` (M, 21);
    `log_density` (M,): of the proposal; `onset_table` (days, M) and `remaining_table` (days, M): on whole days, for
    the glabella's mean curve; `spare_normals` (S, 8): for the second round of draws; `person_covariance`,
    `cycle_covariance` (C, 5, 5) and `log_configuration` (C,): of each configuration that is averaged over.
    """

    priors: Priors
    products: Products
    deviations: FloatArray
    baseline_z: Float32
    noise: Float32
    log_noise: Float32
    features: Float32
    log_density: Float32
    onset_table: Float32
    remaining_table: Float32
    peaks: PeakTable
    spare_normals: FloatArray
    reference: FloatArray
    person_covariance: FloatArray
    cycle_covariance: FloatArray
    log_configuration: FloatArray

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.deviations)


def open_bank(
    priors: Priors | None = None, products: Products | None = None, size: int = 4096, spare: int = 1024
) -> Bank:
    """Draw the prior bank (once; some 0.3 s and 14 MB for 4096 members); keep it and hand it to every forecast."""
    p = priors or load_priors()
    z = normals(size, DIMENSIONS + 3, _SEED)
    person, cycle = p.covariances(float(p.between_cycles[LOG_T50]), 1.0)
    spread = (person + cycle) * INFLATION
    chol = np.linalg.cholesky(spread)
    dev = z[:, :DIMENSIONS] @ chol.T
    log_density = -0.5 * np.sum(z[:, :DIMENSIONS] ** 2, axis=1) - np.log(np.diag(chol)).sum()
    mean = np.asarray(p.area_means["glabella"])
    x = (dev + mean).astype(np.float32)
    onset_days = np.arange(LAST_ONSET_DAY + 1, dtype=np.float32)[:, None]
    days = np.arange(LAST_DAY + 1, dtype=np.float32)[:, None]
    log_noise = NOISE_LOG_SD * z[:, 7]
    return Bank(
        priors=p,
        products=products or load_products(),
        deviations=fixed(dev),
        baseline_z=fixed32(z[:, 5:7]),
        noise=fixed32(np.exp(log_noise)),
        log_noise=fixed32(log_noise),
        features=fixed32(quadratic_features(dev)),
        log_density=fixed32(log_density),
        onset_table=fixed32(onset(onset_days, x[None, :, LOG_TAU])),
        remaining_table=fixed32(remaining(days, x[None, :, LOG_T50], x[None, :, LOG_H])),
        peaks=peak_table(),
        spare_normals=fixed(normals(spare, DIMENSIONS + 3, _SEED + 1)),
        reference=fixed(mean),
        person_covariance=fixed(np.array([p.covariances(s, v)[0] for s, v, _ in p.configurations])),
        cycle_covariance=fixed(np.array([p.covariances(s, v)[1] for s, v, _ in p.configurations])),
        log_configuration=fixed(np.log([w for _, _, w in p.configurations])),
    )


def area_mean(bank: Bank, area: str) -> FloatArray:
    """Return the population mean (5,) of an area; areas without data of their own get the face's."""
    means = bank.priors.area_means
    return np.asarray(means.get(area, means[FACE]))
