"""Other ways to forecast the wear-off day, each given the same photos as the library."""

from __future__ import annotations

import numpy as np
from forecast_people import LEVELS, NU, People
from scipy.optimize import least_squares

from wearoff.course.bank import Bank
from wearoff.course.curve import LOG_H, LOG_T50, LOG_TAU, PEAK_LINES, onset, remaining, wear_off_days
from wearoff.terms import EffectScale

LINES = EffectScale.LINES


def fixed_twelve_weeks(bank: Bank, people: People) -> np.ndarray:
    """What is told to everybody."""
    return np.full(len(people.x), 84.0)


def population_median(bank: Bank, people: People) -> np.ndarray:
    """The middle of everybody's wear-off days."""
    m = bank.reference
    day = wear_off_days(0.5, np.array([m[LOG_TAU]]), np.array([m[LOG_T50]]), np.array([m[LOG_H]]), bank.peaks)[0]
    return np.full(len(people.x), day)


def line_through_last(bank: Bank, people: People, k: int = -1) -> np.ndarray:
    """A straight line through the last three photos, down to half of the highest."""
    t, y = people.days[k], people.seen[k][LINES]
    middle = population_median(bank, people)
    if t.shape[1] < 2:
        return middle
    tt, yy, peak = t[:, -3:], y[:, -3:], y.max(1)
    mean = tt.mean(1, keepdims=True)
    slope = ((tt - mean) * (yy - yy.mean(1, keepdims=True))).sum(1) / np.maximum(((tt - mean) ** 2).sum(1), 1e-9)
    day = mean[:, 0] + (0.5 * peak - yy.mean(1)) / np.where(slope < -1e-4, slope, np.nan)
    return np.clip(np.where(np.isfinite(day), np.maximum(day, tt[:, -1]), middle), 0, 420)


def last_cycle(bank: Bank, people: People) -> np.ndarray:
    """The mean of the past cycles as their photos show them, by joining the dots."""
    if not people.world.past:
        return np.full(len(people.x), np.nan)
    middle = population_median(bank, people)
    out = np.empty((people.world.past, len(people.x)))
    for k in range(people.world.past):
        t, y = people.days[k], people.seen[k][LINES]
        for i in range(len(out[0])):
            level, at = 0.5 * y[i].max(), int(y[i].argmax())
            out[k, i] = middle[i]
            for j in range(at + 1, len(t[i])):
                if y[i, j] < level:
                    part = (y[i, j - 1] - level) / max(y[i, j - 1] - y[i, j], 1e-9)
                    out[k, i] = t[i, j - 1] + part * (t[i, j] - t[i, j - 1])
                    break
            else:
                out[k, i] = max(middle[i], t[i, -1]) if y[i].max() > 0 else middle[i]
    return out.mean(0)


def least_squares_curve(bank: Bank, people: People) -> np.ndarray:
    """The curve that fits this cycle's photos best (peak and T50 free), without a prior."""
    t, y = people.days[-1], people.seen[-1][LINES]
    if t.shape[1] < 2:
        return population_median(bank, people)
    m = bank.reference
    grid = np.linspace(np.log(20), np.log(400), 150)
    shape = onset(t[:, None, :], np.asarray(m[LOG_TAU])) * remaining(
        t[:, None, :], grid[None, :, None], np.asarray(m[LOG_H])
    )
    a = np.clip((shape * y[:, None]).sum(2) / np.maximum((shape**2).sum(2), 1e-9), 0.02, 1)
    best = ((y[:, None] - a[..., None] * shape) ** 2).sum(2).argmin(1)
    log_t50 = grid[best]
    same = np.ones(len(best))
    return np.clip(wear_off_days(0.5, m[LOG_TAU] * same, log_t50, m[LOG_H] * same, bank.peaks), 0, 420)


def map_laplace(bank: Bank, people: People) -> np.ndarray:
    """The most likely curve with the same prior and its local Gaussian, cycle after cycle; quantiles (n, 100)."""
    person, cycle = bank.priors.covariances(0.25, 1.0)
    free = [PEAK_LINES, LOG_TAU, LOG_T50, LOG_H]
    om, ka = person[np.ix_(free, free)], cycle[np.ix_(free, free)]
    z = np.array([NU.inv_cdf(p) for p in LEVELS])
    mean0 = np.asarray(bank.reference)[free]
    sd, sb = people.world.sigma, bank.priors.baseline_sd
    out = np.empty((len(people.x), len(LEVELS)))

    def day(v):
        v = np.atleast_2d(v)
        return wear_off_days(0.5, v[:, 1], v[:, 2], v[:, 3], bank.peaks)

    for i in range(len(out)):
        mean, cov = mean0, om
        for k in range(people.world.past + 1):
            t, y = people.days[k][i], people.seen[k][LINES][i]
            spread = np.zeros((5, 5))
            spread[:4, :4], spread[4, 4] = cov + ka, sb**2
            root = np.linalg.inv(np.linalg.cholesky(spread))
            centre = np.r_[mean, 0.0]

            def residual(v, t=t, y=y, root=root, centre=centre):
                e = onset(t, v[1]) * remaining(t, v[2], v[3]) / (1 + np.exp(-v[0]))
                r = (y - 1 + (1 - e) * np.exp(v[4])) / sd
                # Gross errors count like the logarithm of a Student-t with four degrees of freedom.
                return np.r_[np.sign(r) * np.sqrt(5 * np.log1p(r * r / 4)), root @ (v - centre)]

            fit = least_squares(residual, centre, method="trf", max_nfev=30)
            v = np.linalg.inv(fit.jac.T @ fit.jac)[:4, :4]
            if k == people.world.past:
                middle = day(fit.x[:4])[0]
                step = 1e-4 * np.eye(4)
                g = (np.log(day(fit.x[:4] + step)) - np.log(day(fit.x[:4] - step))) / 2e-4
                out[i] = middle * np.exp(np.sqrt(g @ v @ g) * z)
            gain = cov @ np.linalg.inv(cov + ka)
            mean, cov = mean + gain @ (fit.x[:4] - mean), cov - gain @ cov + gain @ v @ gain.T
    return out


PEERS = {
    "fixed 12 weeks": fixed_twelve_weeks,
    "population median": population_median,
    "last cycles, joined dots": last_cycle,
    "line through the last three": line_through_last,
    "least squares, no prior": least_squares_curve,
    "MAP + Laplace": map_laplace,
}
