"""Learn the population from an installation's own finished cycles (empirical Bayes); nothing leaves the machine.

Every person's cycles give a Gaussian message about their own curve; summed over people, with what people differ by
taken into account, they say how far this installation's people lie from the trials' on average. With few people the
answer stays with the trials, and the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wearoff.course.bank import DIMENSIONS, Bank, open_bank
from wearoff.course.curve import LOG_H, LOG_T50, LOG_TAU, PEAK_EXCURSION, PEAK_LINES, fixed
from wearoff.course.cycles import Cycle, sort_into_cycles
from wearoff.course.likelihood import Setting, log_likelihood, setting_of
from wearoff.course.messages import hear_alone
from wearoff.course.observations import Observation, Treatment
from wearoff.course.posterior import PAST_MEMBERS
from wearoff.course.priors import Priors
from wearoff.course.workbench import Leaf, Workbench, leaf_covariance
from wearoff.units import FloatArray

#: Fewer people than this with a finished cycle teach nothing that the trials don't know better.
FEWEST_PEOPLE = 30
#: A cycle counts as finished when something was seen of it at least this late [d], at least this often.
FINISHED_DAY, FINISHED_TIMES = 45, 2
#: How far an installation's people may lie from the trials' (SD): logit peaks, log tau, log T50, log h.
BETWEEN_INSTALLATIONS = {PEAK_LINES: 0.3, PEAK_EXCURSION: 0.3, LOG_TAU: 0.15, LOG_T50: 0.2, LOG_H: 0.1}
_ROUNDS = 3

#: One person's history: treatments and everything seen.
History = tuple[Sequence[Treatment], Sequence[Observation]]


@dataclass(frozen=True, eq=False)
class PopulationUpdate:
    """The population after an installation's cycles: `shift` of the five means and its `sd`, each of shape (5,).

    `learned` is False where there were too few people; `priors` are then the old ones. `reason` says it in words.
    """

    priors: Priors
    shift: FloatArray
    sd: FloatArray
    people: int
    cycles: int
    learned: bool
    reason: str


def update_population(bank: Bank, histories: Sequence[History]) -> PopulationUpdate:
    """Return the population that the finished cycles of an installation's people speak for."""
    everybody = [_finished(treatments, seen) for treatments, seen in histories]
    everybody = [cycles for cycles in everybody if cycles]
    count = sum(len(c) for c in everybody)
    between = np.diag([BETWEEN_INSTALLATIONS[i] for i in range(DIMENSIONS)]) ** 2
    if len(everybody) < FEWEST_PEOPLE:
        reason = (
            f"{len(everybody)} people with a finished cycle are too few to learn from (at least {FEWEST_PEOPLE}); "
            "the forecast stays with the trials."
        )
        nothing = fixed(np.zeros(DIMENSIONS))
        return PopulationUpdate(
            bank.priors, nothing, fixed(np.sqrt(np.diag(between))), len(everybody), count, False, reason
        )
    shift = np.zeros(DIMENSIONS)
    cov = between
    for _ in range(_ROUNDS):
        precision, information = np.linalg.inv(between), np.zeros(DIMENSIONS)
        bench = Workbench(bank)
        for cycles in everybody:
            own_precision, own_information = _person(bench, cycles, shift)
            precision = precision + own_precision
            information = information + own_information
        cov = np.linalg.inv(precision)
        shift = cov @ information
    days = 100 * (np.exp(shift[LOG_T50]) - 1)
    reason = (
        f"Learned from {count} finished cycles of {len(everybody)} people: here it lasts {abs(days):.0f} % "
        f"{'longer' if days >= 0 else 'shorter'} than in the trials."
    )
    means = {k: fixed(v + shift) for k, v in bank.priors.area_means.items()}
    provenance = {**bank.priors.provenance, "learned_from": {"people": len(everybody), "cycles": count}}
    priors = replace(bank.priors, area_means=means, provenance=provenance)
    return PopulationUpdate(priors, fixed(shift), fixed(np.sqrt(np.diag(cov))), len(everybody), count, True, reason)


def updated_bank(update: PopulationUpdate, bank: Bank) -> Bank:
    """Return a bank drawn for the updated population."""
    return open_bank(update.priors, bank.products, bank.size, len(bank.spare_normals))


def _finished(treatments: Sequence[Treatment], seen: Sequence[Observation]) -> list[Cycle]:
    out = []
    for cycles in sort_into_cycles(treatments, seen).by_area.values():
        for c in cycles:
            days = [(o.day - c.start).days for o in c.observations]
            if len(days) >= FINISHED_TIMES and max(days) >= FINISHED_DAY:
                out.append(c)
    return sorted(out, key=lambda c: (c.start, c.area))


def _person(bench: Workbench, cycles: Sequence[Cycle], shift: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gaussian message (5, 5), (5,) of one person's cycles about the population's shift."""
    bank = bench.bank
    leaves = []
    for c in cycles:
        s = setting_of(bank, c)
        leaves.append(Leaf(c, Setting(s.mean + shift, s.extra_sd, s.delays)))
    n = len(leaves)
    middle = np.argmax([w for _, _, w in bank.priors.configurations])
    prior = leaf_covariance(bank, leaves)[middle]
    precision = np.zeros((n * DIMENSIONS, n * DIMENSIONS))
    information = np.zeros(n * DIMENSIONS)
    for i, leaf in enumerate(leaves):
        block = slice(i * DIMENSIONS, (i + 1) * DIMENSIONS)
        log_lik = log_likelihood(bench.crowd(leaf.setting, PAST_MEMBERS), leaf.cycle)
        p, h = hear_alone(bank, log_lik, prior[block, block])
        precision[block, block] = p
        # The message is about the deviation from the shifted mean; the shift itself is what is asked for.
        information[block] = h + p @ shift
    every = np.tile(np.eye(DIMENSIONS), (n, 1))
    # (L^-1 + S)^-1 without inverting L, which may be singular.
    shrunk = np.linalg.solve(np.eye(len(precision)) + precision @ prior, np.column_stack([precision, information]))
    return every.T @ shrunk[:, :-1] @ every, every.T @ shrunk[:, -1]
