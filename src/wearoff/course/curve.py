"""The effect curve of one treatment: a mono-exponential toxin pool through a sigmoid, with an onset.

E(t) = A · on(t) · off(t) for t days after the treatment, with
on(t) = 1 - exp(-(t/tau)^1.5) and off(t) = (1 + e^-h) / (1 + e^(h (t/T50 - 1))).
The toxin pool halves every `half_life_days`, so a dose ratio r moves T50 by log2(r) half-lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from wearoff.units import FloatArray, sealed

#: Order of the five numbers of a curve: peak on lines, peak on excursion (logits), log tau, log T50, log h.
PARAMETERS = ("logit_peak_lines", "logit_peak_excursion", "log_tau", "log_t50", "log_h")
PEAK_LINES, PEAK_EXCURSION, LOG_TAU, LOG_T50, LOG_H = range(5)

AnyFloat = NDArray[np.floating]
Float32 = NDArray[np.float32]


def fixed(array: NDArray[np.generic]) -> FloatArray:
    """Return an own, read-only copy of an array as 64-bit floats."""
    return cast(FloatArray, sealed(array, np.float64))


def fixed32(array: NDArray[np.generic]) -> Float32:
    """Return an own, read-only copy of an array as 32-bit floats."""
    return cast(Float32, sealed(array, np.float32))


def onset(days: AnyFloat, log_tau: AnyFloat) -> AnyFloat:
    """Share of the peak that has set in `days` after the treatment (broadcast; 0 before it)."""
    x = np.maximum(days, 0.0) * np.exp(-log_tau)
    return np.asarray(-np.expm1(-x * np.sqrt(x)))


def remaining(days: AnyFloat, log_t50: AnyFloat, log_h: AnyFloat) -> AnyFloat:
    """Share of the peak that has not worn off `days` after the treatment (broadcast)."""
    h = np.exp(log_h)
    return np.asarray((1 + np.exp(-h)) / (1 + np.exp(np.minimum(h * (days * np.exp(-log_t50) - 1), 60.0))))


def logistic(x: AnyFloat) -> AnyFloat:
    """Inverse of the logit."""
    return np.asarray(1 / (1 + np.exp(-x)))


@dataclass(frozen=True, eq=False)
class PeakTable:
    """The highest value of on(t)·off(t) as a smooth function of log h and log(tau/T50), looked up bilinearly."""

    log_h0: float
    log_h_step: float
    log_ratio0: float
    log_ratio_step: float
    table: FloatArray

    def __call__(self, log_h: AnyFloat, log_tau: AnyFloat, log_t50: AnyFloat) -> FloatArray:
        """Return the highest value of on·off for each curve."""
        rows, cols = self.table.shape
        a = np.clip((log_h - self.log_h0) / self.log_h_step, 0, rows - 1.001)
        b = np.clip((log_tau - log_t50 - self.log_ratio0) / self.log_ratio_step, 0, cols - 1.001)
        i, j = a.astype(np.intp), b.astype(np.intp)
        a, b = a - i, b - j
        t = self.table
        low = t[i, j] * (1 - b) + t[i, j + 1] * b
        high = t[i + 1, j] * (1 - b) + t[i + 1, j + 1] * b
        return np.asarray(low * (1 - a) + high * a)


def peak_table() -> PeakTable:
    """Build the table of peaks (5 000 curves on 160 points; some 20 ms)."""
    log_h = np.linspace(-0.6, 3.4, 81)
    log_ratio = np.linspace(-6.5, 0.2, 68)
    log_x = np.linspace(-6.5, 0.6, 160)
    on = onset(np.exp(log_x)[None, :], log_ratio[:, None])
    off = remaining(np.exp(log_x)[None, :], np.zeros((1, 1)), log_h[:, None])
    table = np.max(off[:, None, :] * on[None, :, :], axis=2)
    return PeakTable(-0.6, float(log_h[1] - log_h[0]), -6.5, float(log_ratio[1] - log_ratio[0]), table)


def wear_off_days(
    keep: float, log_tau: AnyFloat, log_t50: AnyFloat, log_h: AnyFloat, peaks: PeakTable, rounds: int = 5
) -> FloatArray:
    """Days [d] after the treatment on which the effect falls below `keep` times its own peak, for each curve.

    The iteration starts above the crossing and comes down to the last one, so the answer falls with `keep`.
    """
    h = np.exp(log_h)
    ceiling = (1 + np.exp(-h)) / (keep * peaks(log_h, log_tau, log_t50))
    t50 = np.exp(log_t50)
    days = t50 * (1 + np.log(np.maximum(ceiling - 1, 1e-6)) / h)
    for _ in range(rounds):
        days = t50 * (1 + np.log(np.maximum(ceiling * onset(days, log_tau) - 1, 1e-6)) / h)
    return np.asarray(np.maximum(days, 0.0), dtype=np.float64)


def longer_by(ratio: float, days_between: float, half_life_days: float) -> float:
    """Days [d] by which a second dose, `ratio` of the first and given `days_between` later, puts wear-off back."""
    ke = np.log(2) / half_life_days
    return float(np.log1p(ratio * np.exp(ke * days_between)) / ke)
