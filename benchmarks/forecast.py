# ruff: noqa: E501 - tables
"""The forecast measured: against other ways, against the exact posterior, under stress, for booking, and its speed.

    python benchmarks/forecast.py [--quick] [--only peers,grid,levels,stress,booking,joint,population,speed,clinic] [--out FILE]

People are simulated (see forecast_people.py); no photo is needed. Prints Markdown; --out writes it to a file too.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from forecast_booking import run, run_joint
from forecast_peers import PEERS
from forecast_people import LEVELS, World, exact, ours, scores, simulate

from wearoff.course import open_bank
from wearoff.course.workbench import Workbench
from wearoff.exchange.forecast_lines import forecast_lines
from wearoff.terms import EffectScale

L, X = EffectScale.LINES, EffectScale.EXCURSION


class Report:
    """Collects Markdown and prints it as it comes."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, *lines: str) -> None:
        for line in lines:
            self.lines.append(line)
            print(line, flush=True)


def row(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def number(v: dict[str, float], key: str, digits: int = 1) -> str:
    return f"{v[key]:.{digits}f}" if key in v else "-"


def peers(out: Report, bench: Workbench, n: int) -> None:
    out.say("", f"## Other ways ({n} people, lines, sigma 0.10, three photos at random days 3-84)", "")
    out.say(
        row("method", "past cycles", "median error", "mean error", "CRPS", "90 % coverage", "90 % width"),
        row(*["---"] * 7),
    )
    for past in (0, 3):
        people = simulate(bench.bank, World(past=past), n, 11)
        made = {name: f(bench.bank, people) for name, f in PEERS.items()}
        made["**wearoff**"] = ours(bench, people)
        few = 200
        people_few = _first(people, few)
        made[f"exact posterior (first {few})"] = exact(bench.bank, people_few)
        made[f"wearoff (first {few})"] = made["**wearoff**"][:few]
        for name, q in made.items():
            if np.isnan(q).all():
                continue
            s = scores(q, people.wear_off[: len(q)])
            out.say(
                row(
                    name,
                    past,
                    number(s, "mae"),
                    number(s, "mean"),
                    number(s, "crps"),
                    number(s, "cover90", 3),
                    number(s, "width90", 0),
                )
            )


def _first(people, n):
    from forecast_people import People

    few = People(
        people.world, people.x[:n], None if people.process is None else people.process[:n], people.wear_off[:n]
    )
    few.days = [d[:n] for d in people.days]
    few.seen = [{k: v[:n] for k, v in s.items()} for s in people.seen]
    few.baseline = people.baseline[:n]
    return few


def grid(out: Report, bench: Workbench, n: int, n_exact: int) -> None:
    out.say("", f"## Every cell: coverage ({n} people) and CRPS against the exact posterior ({n_exact} people)", "")
    out.say(
        "The exact posterior knows the truth's own variances, noise and share of gross errors; particle filter, 16,384 particles.",
        "",
    )
    out.say(row("past", "photos", "sigma", "median error", "90 % coverage", "CRPS", "CRPS / exact"), row(*["---"] * 7))
    cover, ratios = [], []
    for past in (0, 1, 3):
        for photos in range(7):
            for sigma in (0.05, 0.10, 0.15) if photos else (0.10,):
                people = simulate(bench.bank, World(sigma=sigma, photos=photos, past=past), n, 100 + past * 10 + photos)
                q = ours(bench, people)
                s = scores(q, people.wear_off)
                ratio = "-"
                if n_exact and photos in (0, 1, 3, 6):
                    few = _first(people, n_exact)
                    best = scores(exact(bench.bank, few), few.wear_off)
                    ratios.append(scores(q[:n_exact], few.wear_off)["crps"] / best["crps"])
                    ratio = f"{ratios[-1]:.3f}"
                cover.append(s["cover90"])
                out.say(row(past, photos, sigma, number(s, "mae"), number(s, "cover90", 3), number(s, "crps"), ratio))
    out.say(
        "",
        f"Coverage from {min(cover):.3f} to {max(cover):.3f} (standard error of one cell {np.sqrt(0.09 / n):.3f}), mean {np.mean(cover):.3f}.",
    )
    if ratios:
        out.say(f"CRPS from {min(ratios):.3f} to {max(ratios):.3f} times the exact posterior's.")


STRESS = {
    "nominal": World(photos=4),
    "curve: Weibull": World(photos=4, family="weibull"),
    "curve: log-logistic": World(photos=4, family="loglogistic"),
    "curve: plateau, then exponential": World(photos=4, family="plateau_exponential"),
    "curve: plateau, then straight": World(photos=4, family="straight"),
    "process noise 0.06": World(photos=4, process_sd=0.06),
    "rebound to 0.15 above the start": World(photos=4, rebound=0.15),
    "variances x 1.5": World(photos=4, variance=1.5),
    "variances x 2": World(photos=4, variance=2.0),
    "T50 15 % shorter": World(photos=4, t50_shift=-0.163),
    "T50 15 % longer": World(photos=4, t50_shift=0.14),
    "between-cycle share 0.05": World(photos=4, share=0.05),
    "between-cycle share 0.5": World(photos=4, share=0.5),
    "between-cycle share 0.8": World(photos=4, share=0.8),
}


def stress(out: Report, bench: Workbench, n: int) -> None:
    from dataclasses import replace

    out.say("", f"## Under stress: 90 % coverage and median error ({n} people, four photos, sigma 0.10)", "")
    out.say(
        row("truth", "coverage, no past", "3 past cycles", "median error, no past", "3 past cycles"), row(*["---"] * 5)
    )
    for name, world in STRESS.items():
        got = []
        for past in (0, 3):
            people = simulate(bench.bank, replace(world, past=past), n, 7)
            got.append(scores(ours(bench, people), people.wear_off))
        out.say(row(name, *(number(s, "cover90", 3) for s in got), *(number(s, "mae") for s in got)))


FIGURE = Path(__file__).resolve().parent.parent / "docs/explanation/forecast-calibration.svg"


def levels(out: Report, bench: Workbench, n: int) -> None:
    """Claimed against found: how often the truth lies below each quantile."""
    out.say("", f"## Claimed against found ({n} people, three photos, sigma 0.10)", "")
    claimed = np.array([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
    out.say(row("truth below the quantile", *(f"{c:.0%}" for c in claimed)), row(*["---"] * (1 + len(claimed))))
    curves = {}
    for past in (0, 3):
        people = simulate(bench.bank, World(past=past), n, 31)
        q = ours(bench, people)
        below = np.array([[np.interp(c, LEVELS, r) for c in np.linspace(0.02, 0.98, 49)] for r in q])
        curves[past] = (people.wear_off[:, None] <= below).mean(axis=0)
        found = [
            np.mean([t <= np.interp(c, LEVELS, r) for t, r in zip(people.wear_off, q, strict=True)]) for c in claimed
        ]
        out.say(row(f"{past} past cycles", *(f"{f:.1%}" for f in found)))
    FIGURE.write_text(_figure(curves), encoding="utf-8")


def _figure(curves: dict[int, np.ndarray]) -> str:
    """A small chart: the diagonal is honesty."""
    size, edge = 320, 44
    at = np.linspace(0.02, 0.98, 49)

    def place(x: float, y: float) -> str:
        return f"{edge + x * size:.1f},{edge / 2 + (1 - y) * size:.1f}"

    drawn = []
    for (past, found), colour in zip(curves.items(), ("#0b6e6e", "#8a5a00"), strict=True):
        points = " ".join(place(a, f) for a, f in zip(at, found, strict=True))
        x, y = place(0.62, 0.30 - 0.07 * (past > 0)).split(",")
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn.append(f'<text x="{x}" y="{y}" fill="{colour}">{past} past cycles</text>')
    ticks = "".join(
        f'<text x="{place(v, 0).split(",")[0]}" y="{edge / 2 + size + 16:.0f}" text-anchor="middle">{v:.0%}</text>'
        f'<text x="{edge - 6}" y="{float(place(0, v).split(",")[1]) + 4:.0f}" text-anchor="end">{v:.0%}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    a, b = place(0, 0).split(","), place(1, 1).split(",")
    width, height = size + 1.5 * edge, size + 1.7 * edge
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#333" role="img" '
        'aria-label="Claimed probability against the share of people it held for">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<line x1="{a[0]}" y1="{a[1]}" x2="{b[0]}" y2="{b[1]}" stroke="#bbb" stroke-dasharray="4 4"/>'
        f'{"".join(drawn)}{ticks}<text x="{edge + size / 2:.0f}" y="{edge / 2 + size + 34:.0f}" text-anchor="middle">'
        "claimed: worn off by this day</text>"
        f'<text transform="translate(30 {edge / 2 + size / 4:.0f}) rotate(-90)" text-anchor="middle">found</text></svg>\n'
    )


def booking(out: Report, bench: Workbench, n: int) -> None:
    out.say(
        "",
        f"## Booking 14 days ahead, at most three photos, sigma 0.10 ({n} people): error [d] median / mean, photos taken",
        "",
    )
    out.say(
        row("scale", "past cycles", "14/28/56", "28/56/84", "adaptive", "mean cut against 14/28/56"), row(*["---"] * 6)
    )
    for scales, name in (((L,), "lines"), ((X,), "excursion"), ((L, X), "both")):
        for past in (0, 3):
            world = World(scales=scales, past=past)
            cells, means = [], []
            for schedule in ((14, 28, 56), (28, 56, 84), None):
                e, k = run(bench, world, n, 5, schedule)
                cells.append(f"{np.median(e):.1f} / {e.mean():.1f}, {k.mean():.1f}")
                means.append(e.mean())
            out.say(row(name, past, *cells, f"{100 * (1 - means[2] / means[0]):.0f} %"))


def joint(out: Report, bench: Workbench, n: int) -> None:
    out.say("", "## Lines and excursion of three regions together, adaptive photos, booking 14 days ahead", "")
    out.say(row("past cycles", "people", "median error", "mean error", "photos", "90 % coverage"), row(*["---"] * 6))
    for past, count in ((0, n), (3, n // 2)):
        e, k, inside = run_joint(bench, World(past=past), count, 5)
        out.say(row(past, count, f"{np.median(e):.1f}", f"{e.mean():.1f}", f"{k.mean():.1f}", f"{inside.mean():.3f}"))


def population(out: Report, bench: Workbench, n: int) -> None:
    from forecast_people import cycle_of

    from wearoff.course import Treatment
    from wearoff.course.population import update_population, updated_bank
    from wearoff.terms import Region

    out.say("", "## A population that is not the trials': T50 35 % longer, learned from finished cycles", "")
    out.say(row("finished cycles", "shift of T50 found", "median error", "90 % coverage"), row(*["---"] * 4))
    truth = simulate(bench.bank, World(photos=3, t50_shift=0.3), n, 3)
    s = scores(ours(bench, truth), truth.wear_off)
    out.say(row("none", "-", number(s, "mae"), number(s, "cover90", 3)))
    for count in (20, 100, 300):
        seen = simulate(bench.bank, World(photos=4, last_day=140, t50_shift=0.3), count, 9)
        cycles = [cycle_of(seen, i, 0) for i in range(count)]
        histories = [([Treatment(c.start, c.product, Region.GLABELLA, c.units)], c.observations) for c in cycles]
        update = update_population(bench.bank, histories)
        better = Workbench(updated_bank(update, bench.bank)) if update.learned else bench
        s = scores(ours(better, truth), truth.wear_off)
        found = f"{100 * (np.exp(update.shift[3]) - 1):+.0f} %" if update.learned else "too few, said so"
        out.say(row(count, found, number(s, "mae"), number(s, "cover90", 3)))


def lines_for_speed(n: int, past: int, photos: int) -> list[str]:
    rng = np.random.default_rng(1)
    start = date(2025, 1, 1)
    out = []
    for i in range(n):
        treatments, seen = [], []
        for k in range(past + 1):
            s = start + timedelta(days=150 * k)
            treatments.append({"day": s.isoformat(), "product": "onabotulinumtoxinA", "units": 20})
            for d in sorted(rng.integers(5, 84, photos if k == past else 3)):
                seen.append(
                    {
                        "day": (s + timedelta(days=int(d))).isoformat(),
                        "effect": round(float(rng.normal(0.5, 0.15)), 3),
                        "sd": 0.1,
                    }
                )
        today = start + timedelta(days=150 * past + 85)
        out.append(
            json.dumps(
                {
                    "id": i,
                    "region": "glabella",
                    "today": today.isoformat(),
                    "treatments": treatments,
                    "observations": seen,
                }
            )
        )
    return out


def speed(out: Report, bench: Workbench, n: int) -> None:
    from wearoff.course.quick import quick_course
    from wearoff.exchange.forecast_lines import read_request

    yard = sorted(_yardstick() for _ in range(100))
    out.say("", f"## Speed on one core ({n} lines; milliseconds each: fastest tenth / median)", "")
    out.say(
        f"Load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; the exponential of a million doubles takes "
        f"{1e3 * yard[10]:.2f} / {1e3 * yard[50]:.2f} ms. On a machine shared with others only the fastest tenth says what the work costs.",
        "",
    )
    out.say(
        row("history", "forecast", "whole line: JSON, forecast, photo day, window", "lines a minute"), row(*["---"] * 4)
    )
    for past, photos in ((0, 0), (0, 1), (0, 3), (1, 3), (3, 3)):
        rows = lines_for_speed(n, past, photos)
        requests = [read_request(json.loads(r), bench.bank) for r in rows]
        quick, whole = [], []
        for q in requests:
            t = time.perf_counter()
            quick_course(bench, q.areas[0], q.treatments, q.observations, q.today, q.keep)
            quick.append(time.perf_counter() - t)
        answers = forecast_lines(rows, bench.bank)
        while True:
            t = time.perf_counter()
            if next(answers, None) is None:
                break
            whole.append(time.perf_counter() - t)
        cells = [f"{1e3 * np.quantile(v, 0.1):.2f} / {1e3 * np.median(v):.2f}" for v in (quick, whole)]
        out.say(
            row(
                f"{past} past cycles, {photos} photos",
                *cells,
                f"{60 / np.quantile(whole, 0.1):,.0f} / {60 / np.median(whole):,.0f}",
            )
        )


def clinic(out: Report, bench: Workbench, n: int) -> None:
    """All people of a large clinic again, one after the other; a tenth of them where all have a long history."""
    out.say(
        "", "## A clinic of 50,000 people re-forecast on one core (whole lines, three photos in the last cycle)", ""
    )
    out.say(row("past cycles", "people run", "seconds", "of the processor", "seconds for 50,000"), row(*["---"] * 5))
    for past, count in ((0, n), (3, n // 10)):
        rows = lines_for_speed(count, past, 3)
        wall, busy = time.perf_counter(), time.process_time()
        answered = sum("wear_off" in answer for answer in forecast_lines(rows, bench.bank))
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        assert answered == count
        note = "" if count == 50_000 else " (extrapolated)"
        cells = f"{count:,}", f"{wall:.1f}", f"{busy:.1f}", f"{wall * 50_000 / count:.0f}{note}"
        out.say(row(past, *cells))


def _yardstick() -> float:
    x = np.linspace(-1, 1, 1_000_000)
    t = time.process_time()
    np.exp(x)
    return time.process_time() - t


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the people")
    parser.add_argument("--only", default="peers,grid,levels,stress,booking,joint,population,speed,clinic")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    tenth = 10 if args.quick else 1
    bench, out = Workbench(open_bank()), Report()
    parts = {
        "peers": lambda: peers(out, bench, 1000 // tenth),
        "grid": lambda: grid(out, bench, 600 // tenth, 100 // tenth),
        "levels": lambda: levels(out, bench, 1000 // tenth),
        "stress": lambda: stress(out, bench, 1000 // tenth),
        "booking": lambda: booking(out, bench, 600 // tenth),
        "joint": lambda: joint(out, bench, 200 // tenth),
        "population": lambda: population(out, bench, 600 // tenth),
        "speed": lambda: speed(out, bench, 1000 // tenth),
        "clinic": lambda: clinic(out, bench, 50_000 // tenth),
    }
    for name in args.only.split(","):
        parts[name]()
    if args.out:
        args.out.write_text("\n".join(out.lines).strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
