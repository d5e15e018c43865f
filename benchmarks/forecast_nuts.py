"""The forecast beside NUTS (numpyro), an oracle for the same model on the same simulated people.

    python benchmarks/forecast_nuts.py [--people 48] [--draws 500] [--chains 4] [--out FILE]

Needs an environment of its own with numpyro, jax and scipy beside wearoff; nothing of it is a dependency of Wearoff.
The model is written down here a second time, straight from docs/explanation/forecast.md: one curve per cycle, the
configurations summed out, Student-t photos, one baseline error and one noise factor per cycle. The wear-off day is
read off each drawn curve day by day, not by the library's iteration.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from forecast_peers import map_laplace
from forecast_people import LEVELS, World, crossing, effect, ours, scores, simulate
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.distributions import StudentT
from numpyro.infer import NUTS

from wearoff.course import open_bank
from wearoff.course.workbench import Workbench
from wearoff.terms import EffectScale

jax.config.update("jax_enable_x64", True)

DEGREES = 4
T_SCALE, DAY_TO_DAY_SD, NOISE_LOG_SD = 0.87, 0.02, 0.3
LAST_DAY = 900
#: Where in LEVELS the 5 % and 95 % quantiles lie, to half a percent.
ENDS = [4, 95]


def prior(bank, cycles):
    """Cholesky factors of the inverse covariance of all cycles' curves (C, 5c, 5c), log weights (C,), mean (5,)."""
    p = bank.priors
    roots = []
    for share, variance, _ in p.configurations:
        person, cycle = p.covariances(share, variance)
        joint = np.kron(np.ones((cycles, cycles)), person) + np.kron(np.eye(cycles), cycle)
        roots.append(np.linalg.cholesky(np.linalg.inv(joint)))
    weights = np.log([w for _, _, w in p.configurations])
    person, cycle = p.covariances(0.3, 1.2)
    start = np.linalg.cholesky(np.kron(np.ones((cycles, cycles)), person) + np.kron(np.eye(cycles), cycle))
    return np.array(roots), weights, np.asarray(p.area_means["glabella"]), start


def sampler(bank, cycles, sigma, draws, chains):
    """A compiled function of (keys, days, seen), days and seen a tuple of arrays, one per cycle.

    It returns curves (chains, draws, 5) of the last cycle and the number of divergences.
    """
    roots, weights, mean, start = prior(bank, cycles)
    half_log_det = np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(1)
    sd = T_SCALE * np.hypot(sigma, DAY_TO_DAY_SD)

    def deviations(z):
        # Drawn in coordinates in which the prior is nearly round; the density is that of the mixture itself.
        return start @ z["curves"]

    def surprise(z, days, seen):
        """Minus the log density, up to a constant."""
        x = deviations(z)
        spread = jnp.einsum("cij,i->cj", roots, x)
        total = jax.nn.logsumexp(weights + half_log_det - 0.5 * (spread**2).sum(1))
        total = total - 0.5 * (z["baseline"] ** 2).sum() - 0.5 * (z["noise"] ** 2).sum()
        curves = mean + x.reshape(cycles, 5)
        for k in range(cycles):
            peak, _, log_tau, log_t50, log_h = curves[k]
            h = jnp.exp(log_h)
            on = -jnp.expm1(-((days[k] * jnp.exp(-log_tau)) ** 1.5))
            off = (1 + jnp.exp(-h)) * jax.nn.sigmoid(-h * (days[k] * jnp.exp(-log_t50) - 1))
            baseline = jnp.exp(bank.priors.baseline_sd * z["baseline"][k])
            shown = 1 - (1 - jax.nn.sigmoid(peak) * on * off) * baseline
            scale = sd * jnp.exp(NOISE_LOG_SD * z["noise"][k])
            total = total + StudentT(DEGREES, shown, scale).log_prob(seen[k]).sum()
        return -total

    def chain(key, days, seen):
        kernel = NUTS(potential_fn=lambda z: surprise(z, days, seen), target_accept_prob=0.85)
        zero = {"curves": jnp.zeros(5 * cycles), "baseline": jnp.zeros(cycles), "noise": jnp.zeros(cycles)}
        state = kernel.init(key, draws, zero, (), {})

        def step(state, _):
            state = kernel.sample(state, (), {})
            return state, (mean + deviations(state.z)[-5:], state.diverging)

        _, (curves, diverging) = jax.lax.scan(step, state, length=2 * draws)
        return curves[draws:], diverging[draws:].sum()

    return jax.jit(jax.vmap(chain, in_axes=(0, None, None)))


def nuts(bank, people, draws, chains):
    """Quantiles (n, 100), medians of the halves of the chains (n, 2), seconds (n,), worst R-hat, ESS, divergences."""
    run = sampler(bank, people.world.past + 1, people.world.sigma, draws, chains)
    n = len(people.x)
    grid = np.arange(0.0, LAST_DAY)
    q, halves, seconds = np.empty((n, len(LEVELS))), np.empty((n, 2)), np.empty(n)
    r_hat, ess, divergences = np.empty(n), np.empty(n), np.empty(n, dtype=int)
    # The first person goes twice: the first time is mostly the compiler's.
    for i in (0, *range(n)):
        begun = time.perf_counter()
        days = tuple(jnp.asarray(t[i]) for t in people.days)
        seen = tuple(jnp.asarray(np.clip(s[EffectScale.LINES][i], -2, 1.5)) for s in people.seen)
        curves, diverged = (np.asarray(v) for v in run(jax.random.split(jax.random.PRNGKey(i), chains), days, seen))
        gone = crossing(effect(curves.reshape(-1, 1, 5), grid[None]))
        q[i] = np.quantile(gone, LEVELS)
        seconds[i] = time.perf_counter() - begun
        by_chain = gone.reshape(chains, -1)
        halves[i] = [np.median(by_chain[: chains // 2]), np.median(by_chain[chains // 2 :])]
        r_hat[i] = split_gelman_rubin(by_chain)
        ess[i] = effective_sample_size(by_chain)
        divergences[i] = diverged.sum()
    return q, halves, seconds, r_hat.max(), ess.min(), divergences.sum()


def middle(q):
    return np.array([np.interp(0.5, LEVELS, r) for r in q])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=48)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--past", default="0,3")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    bench = Workbench(open_bank())
    lines = [
        f"## Beside NUTS ({args.people} people, lines, sigma 0.10, three photos at random days 3-84)",
        "",
        "| method | past cycles | median error | mean error | CRPS | 90 % coverage | 90 % width | seconds each |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    words = [""]
    for past in (int(p) for p in args.past.split(",")):
        people = simulate(bench.bank, World(past=past), args.people, 48)
        q, halves, seconds, r_hat, ess, divergences = nuts(bench.bank, people, args.draws, args.chains)
        ours(bench, simulate(bench.bank, World(past=past), 2, 1))
        begun = time.perf_counter()
        mine = ours(bench, people)
        each = (time.perf_counter() - begun) / args.people
        begun = time.perf_counter()
        laplace = map_laplace(bench.bank, people)
        laplace_each = (time.perf_counter() - begun) / args.people
        for name, got, cost in (
            ("NUTS", q, seconds.mean()),
            ("**wearoff**", mine, each),
            ("MAP + Laplace", laplace, laplace_each),
        ):
            s = scores(got, people.wear_off)
            lines.append(
                f"| {name} | {past} | {s['mae']:.1f} | {s['mean']:.1f} | {s['crps']:.2f} | {s['cover90']:.3f} | "
                f"{s['width90']:.0f} | {cost:.4f} |"
            )
        apart, laplace_apart = np.abs(middle(mine) - middle(q)), np.abs(middle(laplace) - middle(q))
        ends = np.abs(mine[:, ENDS] - q[:, ENDS]).mean()
        own = np.abs(halves[:, 0] - halves[:, 1]).mean() / 2
        words.append(
            f"{past} past cycles: medians of wearoff and NUTS lie {apart.mean():.2f} d apart on average (at most "
            f"{apart.max():.1f} d; MAP + Laplace {laplace_apart.mean():.2f} d), of which NUTS' own sampling is "
            f"{own:.2f} d; the ends of the 90 % interval {ends:.2f} d. Worst R-hat {r_hat:.3f}, smallest effective "
            f"sample {ess:.0f} of {args.draws * args.chains}, {divergences} divergences."
        )
        print(lines[-3], lines[-2], lines[-1], words[-1], sep="\n", flush=True)
    text = "\n".join((*lines, *words)) + "\n"
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
