"""An installation's own cycles move the population, and only when there are enough of them."""

from datetime import date, timedelta

import numpy as np
import pytest

from wearoff.course import Bank, PhotoEffect, Treatment
from wearoff.course.curve import LOG_H, LOG_T50, LOG_TAU, PEAK_LINES, onset, remaining
from wearoff.course.population import History, update_population, updated_bank
from wearoff.terms import EffectScale, Region

START = date(2025, 1, 1)


def people(bank: Bank, n: int, shift: float, cycles: int = 2, seed: int = 0) -> list[History]:
    rng = np.random.default_rng(seed)
    person, cycle = bank.priors.covariances(0.25, 1.0)
    mean = np.array(bank.reference)
    mean[LOG_T50] += shift
    out: list[History] = []
    for _ in range(n):
        theta = mean + rng.multivariate_normal(np.zeros(5), person)
        treatments, seen = [], []
        for k in range(cycles):
            x = theta + rng.multivariate_normal(np.zeros(5), cycle)
            s = START + timedelta(days=200 * k)
            treatments.append(Treatment(s, "onabotulinumtoxinA", Region.GLABELLA, 20))
            for day in (20, 60, 90, 120):
                t = np.asarray(float(day))
                e = float(onset(t, x[LOG_TAU]) * remaining(t, x[LOG_T50], x[LOG_H])) / (1 + np.exp(-x[PEAK_LINES]))
                y = 1 - (1 - e) * np.exp(0.08 * rng.normal()) + 0.1 * rng.normal()
                seen.append(PhotoEffect(s + timedelta(days=day), Region.GLABELLA, EffectScale.LINES, float(y), 0.1))
        out.append((treatments, seen))
    return out


def test_too_few_people_teach_nothing(bank: Bank) -> None:
    update = update_population(bank, people(bank, 10, 0.3))
    assert not update.learned
    assert "too few" in update.reason
    assert update.priors is bank.priors


@pytest.mark.parametrize("shift", [0.3, -0.16])
def test_a_shifted_population_is_found(bank: Bank, shift: float) -> None:
    update = update_population(bank, people(bank, 120, shift))
    assert update.learned
    assert update.shift[LOG_T50] == pytest.approx(shift, abs=0.07)
    assert update.sd[LOG_T50] < 0.05
    assert ("longer" in update.reason) == (shift > 0)
    again = updated_bank(update, bank)
    assert again.reference[LOG_T50] == pytest.approx(bank.reference[LOG_T50] + update.shift[LOG_T50])


def test_people_like_the_trials_change_little(bank: Bank) -> None:
    update = update_population(bank, people(bank, 80, 0.0, seed=3))
    assert abs(update.shift[LOG_T50]) < 0.08
