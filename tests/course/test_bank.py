"""The bank is what it says it is: evenly spread, true to the formula, the same every time."""

import numpy as np
from scipy.stats import qmc

from wearoff.course import Bank, open_bank
from wearoff.course.curve import LOG_H, LOG_T50, LOG_TAU, onset, peak_table, remaining, wear_off_days
from wearoff.course.quasi import sobol


def test_sobol_points_are_those_of_another_implementation() -> None:
    theirs = qmc.Sobol(10, scramble=False, bits=30).random(256)
    assert np.allclose(sobol(256, 10), theirs, atol=2e-9)


def test_two_banks_are_the_same(bank: Bank) -> None:
    again = open_bank()
    assert np.array_equal(bank.deviations, again.deviations)
    assert np.array_equal(bank.remaining_table, again.remaining_table)


def test_wear_off_is_where_the_curve_crosses() -> None:
    rng = np.random.default_rng(1)
    log_tau, log_t50, log_h = rng.normal(1.25, 0.5, 400), rng.normal(4.66, 0.35, 400), rng.normal(1.4, 0.3, 400)
    days = np.arange(0, 500, 0.05)
    on_off = onset(days[None], log_tau[:, None]) * remaining(days[None], log_t50[:, None], log_h[:, None])
    peak = on_off.max(axis=1)
    table = peak_table()
    assert np.allclose(table(log_h, log_tau, log_t50), peak, atol=2e-3)
    for keep in (0.2, 0.5, 0.8):
        above = on_off >= keep * peak[:, None]
        last = days[above.shape[1] - 1 - above[:, ::-1].argmax(axis=1)]
        assert np.allclose(wear_off_days(keep, log_tau, log_t50, log_h, table), last, atol=0.6)


def test_population_of_the_bank_has_the_spread_it_was_drawn_with(bank: Bank) -> None:
    p = bank.priors
    person, cycle = p.covariances(0.25, 1.0)
    assert np.allclose(np.cov(bank.deviations.T), (person + cycle) * 1.8, atol=0.02)
    assert np.allclose(bank.deviations.mean(axis=0), 0, atol=0.01)


def test_tables_agree_with_the_formula(bank: Bank) -> None:
    x = bank.deviations + bank.reference
    for day in (3, 30, 150):
        assert np.allclose(bank.remaining_table[day], remaining(np.asarray(day), x[:, LOG_T50], x[:, LOG_H]), atol=1e-4)
        if day < 100:
            assert np.allclose(bank.onset_table[day], onset(np.asarray(day), x[:, LOG_TAU]), atol=1e-4)
