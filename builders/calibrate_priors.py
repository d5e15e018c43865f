# ruff: noqa: E501 - one published number a line
"""Fit the population of curves to published responder tables and write priors.json and the page that shows the fit.

    python builders/calibrate_priors.py ../shared/evidence/evidence.yaml

Every target names an entry of the evidence file and the place of its number in it; the number is read from there.
Entries with status `verified` are targets at their own standard error; `recalled` ones count with twice that and are
marked on the page. What no table tells is fixed below, under ASSUMED, and written into the data file as assumed.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import least_squares
from scipy.special import ndtr

from wearoff.course.curve import onset, remaining
from wearoff.course.quasi import normals, sobol

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "src/wearoff/course/data/priors.json"
PAGE = HERE / "docs/reference/calibration.md"
N = 4096
Z = normals(N, 3, 3)
GRADE = 1.5 + 2 * sobol(N, 4, 5)[:, 3]
START_GRADE = np.where(GRADE < 2.5, 2.0, 3.0)
#: A rater's error on the 0-3 scale [grades]; the same that the library takes for a clinician (a little less: trained raters).
RATER = 0.35
#: How trials differ from each other: logit of the peak, log T50, share of people who start severe.
TRIAL_SD = (0.25, 0.08, 0.15)
FLOOR_SE = 0.03

ASSUMED = {
    "between_cycles": [0.2, 0.2, 0.4, 0.25, 0.4],
    "rho_peak_t50": 0.3,
    "rho_peaks": 0.6,
    "rho_regions_person": 0.7,
    "rho_regions_cycle": 0.5,
    "unknown_product_sd": 0.08,
    "unknown_units_sd": 0.08,
    "baseline_sd": 0.08,
    "configurations": [
        [share, variance, round(p * q, 4)]
        for share, p in ((0.1, 0.25), (0.3, 0.5), (0.6, 0.25))
        for variance, q in ((0.8, 0.8), (2.0, 0.2))
    ],
}
SPREAD_TAU, SPREAD_H, LOG_TAU = 0.40, 0.20, math.log(3.5)
#: Median peak suppression of movement (strain imaging of the glabella), from the design notes; not in the evidence file.
EXCURSION_PEAK = 0.88


@dataclass(frozen=True)
class Target:
    """One published number: where it stands, what it is, and for whom."""

    entry: str
    path: tuple[Any, ...]
    endpoint: str
    day: float
    region: str = "glabella"
    product: str = "ona"
    dose: float = 1.0
    n: int = 200
    value: float | None = None
    count: bool = True


def rows(entry: str, path: str, endpoint: str, days: list[float], **kw: Any) -> list[Target]:
    """Targets for a row of numbers at several days."""
    return [Target(entry, (path, i), endpoint, d, **kw) for i, d in enumerate(days)]


LABEL_DAYS = [7.0, 30.0, 60.0, 90.0, 120.0]
TARGETS: list[Target] = [
    *rows("tc_ona_gl_label_investigator", "active_pct", "clear", LABEL_DAYS, n=405),
    *rows("tc_ona_gl_label_subject", "active_pct", "subject", LABEL_DAYS, n=405),
    Target("tc_ona_gl_carruthers2003", ("investigator_none_or_mild_at_peak_pct",), "clear", 30, n=202),
    Target("tc_ona_gl_carruthers2003", ("patient_responder_at_peak_pct",), "subject", 30, n=202),
    Target("tc_ona_gl_duration_glogau", ("day30_responders_pct",), "clear", 30, n=621),
    Target("tc_ona_gl_duration_glogau", ("median_duration_days_max_contraction",), "median_kept", 120, n=523),
    Target("tc_pra_evb003", ("day30_none_or_mild_pct", "ona"), "clear", 30, n=246),
    Target("tc_pra_evb003", ("day30_none_or_mild_pct", "prabo"), "clear", 30, product="prabo", n=245),
    Target("tc_pra_ev001_002", ("day30_two_grade_composite_pct", "EV-001"), "composite", 30, product="prabo", n=246),
    Target("tc_pra_ev001_002", ("day30_two_grade_composite_pct", "EV-002"), "composite", 30, product="prabo", n=246),
    Target("tc_ona_gl_dose_response", ("responder_week24_pct", 1), "one_grade", 168, n=46),
    Target("tc_ona_gl_dose_response", ("responder_week24_pct", 2), "one_grade", 168, dose=2, n=46),
    Target("tc_ona_gl_dose_response", ("responder_week24_pct", 3), "one_grade", 168, dose=3, n=46),
    Target("tc_ona_gl_dose_response", ("responder_week24_pct", 4), "one_grade", 168, dose=4, n=46),
    Target("tc_ona_gl_dose_response", ("median_duration_weeks", "20"), "median_one_grade", 138, n=46),
    Target("tc_ona_gl_dose_response", ("median_duration_weeks", "40_to_80"), "median_one_grade", 168, dose=2, n=46),
    Target("tc_ona_ufl_pooled_150d", ("responders_ge1grade_pct", "glabella"), "one_grade", 150, n=921),
    Target("tc_ona_ufl_pooled_150d", ("responders_ge1grade_pct", "forehead"), "one_grade", 150, region="forehead", n=921),
    Target("tc_ona_ufl_pooled_150d", ("responders_ge1grade_pct", "canthal"), "one_grade", 150, region="crows_feet", n=833),
    Target("tc_ona_fhl_dose", ("investigator_none_or_mild_day30_pct", "40U"), "clear", 30, region="forehead", n=70),
    Target("tc_ona_fhl_dose", ("investigator_none_or_mild_day30_pct", "30U"), "clear", 30, region="forehead", dose=0.5, n=70),
    Target("tc_ona_fhl_dose", ("subject_pct", "40U"), "subject", 30, region="forehead", n=70),
    Target("tc_ona_fhl_label", ("study1", "active_40U_pct"), "composite", 30, region="forehead", n=290),
    Target("tc_ona_fhl_label", ("study2", "active_40U_pct"), "composite", 30, region="forehead", n=318),
    Target("tc_ona_lcl_ph3a", ("investigator_none_or_mild_day30_pct",), "clear", 30, region="crows_feet", n=222),
    Target("tc_ona_lcl_ph3a", ("subject_pct",), "subject", 30, region="crows_feet", n=222),
    Target("tc_ona_lcl_ph3a", ("two_grade_composite_pct",), "composite", 30, region="crows_feet", n=222),
    Target("tc_ona_lcl_repeat", ("none_or_mild_day30_pct", "24U"), "clear", 30, region="crows_feet", n=227),
    Target("tc_ona_lcl_label_composite", ("day30_two_grade_composite_pct", "LCL-2"), "composite", 30, region="crows_feet", n=306),
    Target("tc_abo_gl_schlessinger", ("peak_none_or_mild_pct",), "clear", 30, product="abo", n=220),
    Target("tc_abo_gl_schlessinger", ("month1_two_grade_composite_pct",), "composite", 30, product="abo", n=220),
    *[
        Target("tc_abo_gl_dose_response", (f"week{w}_pct", i), "one_grade", 7.0 * w, product="abo", dose=d / 50, n=80)
        for w in (4, 24, 36)
        for i, d in ((1, 50), (2, 75), (3, 100), (4, 125))
    ],
    *[Target("tc_abo_gl_label_day30", ("two_grade_composite_day30_pct", g), "composite", 30, product="abo", n=n)
      for g, n in (("GL-1", 105), ("GL-2", 71), ("GL-3", 200))],
    Target("tc_inc_ufl_kerscher", ("none_or_mild_pct", "glabella"), "clear", 30, product="inco", n=105),
    Target("tc_inc_ufl_kerscher", ("none_or_mild_pct", "forehead"), "clear", 30, region="forehead", product="inco", n=105),
    Target("tc_inc_ufl_kerscher", ("none_or_mild_pct", "canthal"), "clear", 30, region="crows_feet", product="inco", n=105),
    *[Target("tc_inc_gl_label", ("two_grade_composite_day30_pct", g), "composite", 30, product="inco", n=183) for g in ("GL-1", "GL-2")],
    Target("tc_dax_gl_sakura_pool", ("median_weeks_none_or_mild",), "median_not_both_lost", 168, product="daxi", n=405),
    Target("tc_dax_gl_china", ("week4_investigator_none_or_mild_pct",), "clear", 28, product="daxi", n=205),
    Target("tc_dax_gl_china", ("week4_patient_none_or_mild_pct",), "subject", 28, product="daxi", n=205),
    Target("tc_dax_gl_china", ("week4_two_grade_composite_pct",), "composite", 28, product="daxi", n=205),
    Target("tc_dax_gl_china", ("median_weeks_to_loss",), "median_not_both_lost", 167, product="daxi", n=205),
    *[Target("tc_dax_gl_sakura_week4", ("two_grade_composite_week4_pct", s), "composite", 28, product="daxi", n=203)
      for s in ("SAKURA 1", "SAKURA 2")],
    Target("tc_rel_gl_ready1", ("month1_two_grade_composite_pct",), "composite", 30, product="rela", n=199),
    *[Target("tc_rel_gl_ready1_subject", ("ge1grade_subject_pct", i), "subject_one_grade", d, product="rela", n=233)
      for i, d in enumerate((7.0, 30.0, 90.0, 180.0))],
    Target("tc_rel_lcl_ready2", ("month1_none_or_mild_pct",), "clear", 30, region="crows_feet", product="rela", n=230),
    Target("tc_rel_lcl_ready2", ("month1_two_grade_composite_pct",), "composite", 30, region="crows_feet", product="rela", n=230),
    Target("tc_rel_lcl_ready2", ("month6_none_or_mild_pct",), "clear", 180, region="crows_feet", product="rela", n=230),
    Target("tc_rel_lcl_ready2", ("month6_ge1grade_pct",), "one_grade", 180, region="crows_feet", product="rela", n=230),
    *[Target("tc_niv_gl", ("day30_two_grade_composite_pct", i), "composite", 30, product="nivo", n=200) for i in range(3)],
    *[Target("tc_let_gl_rates", ("week4_composite_pct", b), "composite", 28, product="leti", n=300)
      for b in ("BLESS I", "BLESS II", "BLESS III")],
]  # fmt: skip

#: Fitted numbers: start, and the width of a weak prior that keeps the undetermined from running away.
PARAMETERS: dict[str, tuple[float, float]] = {
    "crows_feet_subject": (0.0, 0.3), "daxi_subject": (0.0, 0.2), "rela_subject": (0.0, 0.2),
    "peak": (0.35, 1.0), "log_spread_peak": (-0.5, 0.5), "log_t50": (4.66, 0.3), "log_spread_t50": (-1.35, 0.3),
    "log_h": (1.39, 0.25), "subject": (0.22, 0.2), "log_half_life": (math.log(30), 0.4), "peak_dose": (0.3, 0.2),
    "forehead_peak": (0.0, 0.5), "forehead_t50": (0.0, 0.10), "crows_feet_peak": (-0.3, 0.5), "crows_feet_t50": (-0.05, 0.10),
    **{f"{p}_peak": (0.2, 0.7) for p in ("daxi", "abo", "rela", "inco", "prabo", "nivo", "leti")},
    **{f"{p}_t50": (0.0, 0.2) for p in ("daxi", "abo", "rela")},
    **{f"{p}_t50": (0.0, 0.03) for p in ("inco", "prabo", "nivo", "leti")},
}  # fmt: skip
#: Trials: rows of one label come from the same people, and so do the two reports of one trial.
SAME_PEOPLE = {
    "tc_ona_gl_label_subject": "tc_ona_gl_label_investigator", "tc_rel_gl_ready1_subject": "tc_rel_gl_ready1",
}  # fmt: skip
#: Entries that hold several trials, one number each.
SEVERAL_TRIALS = {
    "tc_ona_fhl_label", "tc_abo_gl_label_day30", "tc_inc_gl_label", "tc_let_gl_rates", "tc_dax_gl_sakura_week4",
    "tc_niv_gl", "tc_pra_ev001_002",
}  # fmt: skip


def trial(t: Target) -> str:
    """Name of the trial a number comes from."""
    if t.entry in SEVERAL_TRIALS:
        return f"{t.entry}/{t.path[0] if t.entry == 'tc_ona_fhl_label' else t.path[-1]}"
    return SAME_PEOPLE.get(t.entry, t.entry)


TRIALS = tuple(dict.fromkeys(trial(t) for t in TARGETS))
PARAMETERS |= {
    f"{name}:{k}": (m, sd)
    for name in TRIALS
    for k, m, sd in (("peak", 0.0, TRIAL_SD[0]), ("t50", 0.0, TRIAL_SD[1]), ("severe", 0.5, TRIAL_SD[2]))
}
NAMES = tuple(PARAMETERS)
GENERIC = {
    "ona": "onabotulinumtoxinA", "abo": "abobotulinumtoxinA", "inco": "incobotulinumtoxinA", "prabo": "prabotulinumtoxinA",
    "daxi": "daxibotulinumtoxinA", "leti": "letibotulinumtoxinA", "rela": "relabotulinumtoxinA", "nivo": "nivobotulinumtoxinA",
}  # fmt: skip


def people_in_general(x: dict[str, float]) -> dict[str, float]:
    """The same population without what is particular to each trial."""
    return {k: v for k, v in x.items() if ":" not in k}


def effects(x: dict[str, float], t: Target, day: float) -> np.ndarray:
    """Effect of a trial's people on a day."""
    rho = ASSUMED["rho_peak_t50"]
    mean_t50 = x["log_t50"] + x.get(f"{t.region}_t50", 0.0) + x.get(f"{t.product}_t50", 0.0)
    mean_t50 += x.get(f"{trial(t)}:t50", 0.0)
    ke = math.log(2) / math.exp(x["log_half_life"])
    mean_t50 += math.log(max(1 + math.log(t.dose) / ke / math.exp(mean_t50), 0.4))
    peak = (
        x["peak"] + x.get(f"{t.region}_peak", 0.0) + x.get(f"{t.product}_peak", 0.0) + x["peak_dose"] * math.log(t.dose)
    )
    peak += x.get(f"{trial(t)}:peak", 0.0)
    a = 1 / (1 + np.exp(-(peak + math.exp(x["log_spread_peak"]) * Z[:, 0])))
    log_t50 = mean_t50 + math.exp(x["log_spread_t50"]) * (rho * Z[:, 0] + math.sqrt(1 - rho**2) * Z[:, 1])
    on = onset(np.asarray(day), LOG_TAU + SPREAD_TAU * Z[:, 2])
    # The spread of h hardly shows in any table; its share is left out of the trial simulation.
    return a * on * remaining(np.asarray(day), log_t50, np.asarray(x["log_h"]))


def share(x: dict[str, float], t: Target, day: float | None = None) -> float:
    """Share of people who meet a target's endpoint on a day."""
    d = t.day if day is None else day
    s = GRADE * (1 - effects(x, t, d))
    kind = x["subject"] + x.get(f"{t.region}_subject", 0.0) + x.get(f"{t.product}_subject", 0.0)
    severe = min(max(x.get(f"{trial(t)}:severe", 0.5), 0.05), 0.95)
    w = np.where(START_GRADE > 2.5, severe, 1 - severe)
    w /= w.sum()
    clear = ndtr((1.5 - s) / RATER)
    subject = ndtr((1.5 + kind - s) / RATER)
    if t.endpoint == "clear":
        return float(w @ clear)
    if t.endpoint == "subject":
        return float(w @ subject)
    if t.endpoint == "composite":
        both = ndtr((START_GRADE - 1.5 - s) / RATER) * ndtr((START_GRADE - 1.5 + kind - s) / RATER)
        return float(w @ both)
    if t.endpoint in ("one_grade", "median_one_grade"):
        return float(w @ ndtr((START_GRADE - 0.5 - s) / RATER))
    if t.endpoint == "subject_one_grade":
        return float(w @ ndtr((START_GRADE - 0.5 + kind - s) / RATER))
    if t.endpoint == "median_kept":
        first = w * ndtr((1.5 - GRADE * (1 - effects(x, t, 30))) / RATER)
        return float((clear @ first) / first.sum())
    if t.endpoint == "median_not_both_lost":
        return float(w @ (1 - (1 - clear) * (1 - subject)))
    raise ValueError(t.endpoint)


def median_day(x: dict[str, float], t: Target) -> float:
    """Day on which a median endpoint's share falls to one half; visits a month apart find a loss half a month late."""
    days = np.arange(20.0, 400.0, 2.0)
    shares = np.array([share(x, t, float(d)) for d in days])
    late = 15.0 if t.endpoint == "median_kept" else 0.0
    return float(np.interp(-0.5, -shares, days)) + late


def number(value: Any) -> float:
    """A number as the evidence file writes it ('>43' means at least that)."""
    return float(str(value).lstrip("<>=~ "))


def read(entries: dict[str, dict[str, Any]], t: Target) -> tuple[float, float, str, str]:
    """Return published share or median day, its standard error, its status and how it is written."""
    entry = entries[t.entry]
    value: Any = entry["values"]
    for step in t.path:
        value = value[step]
    raw = number(value)
    if t.endpoint.startswith("median"):
        day = raw if raw > 60 else raw * 7
        return day, 0.08 * day, entry["status"], str(value)
    p = raw / 100
    return p, math.hypot(math.sqrt(p * (1 - p) / t.n), FLOOR_SE), entry["status"], str(value)


def fit(entries: dict[str, dict[str, Any]]) -> tuple[dict[str, float], dict[str, float]]:
    """Fit all parameters together; returns values and standard errors."""
    known = [(t, *read(entries, t)[:3]) for t in TARGETS]

    def residuals(v: np.ndarray) -> np.ndarray:
        x = dict(zip(NAMES, v, strict=True))
        out = []
        for t, value, se, status in known:
            wide = se * (2 if status == "recalled" else 1)
            if t.endpoint.startswith("median"):
                # The share still well on the published median day should be one half; medians read at visits lag.
                at = value - (15 if t.endpoint == "median_kept" else 0)
                out.append((share(x, t, at) - 0.5) / (0.05 * (2 if status == "recalled" else 1)))
            else:
                out.append((share(x, t) - value) / wide)
        prior = [(x[k] - m) / s for k, (m, s) in PARAMETERS.items()]
        return np.array(out + prior)

    start = np.array([m for m, _ in PARAMETERS.values()])
    best = least_squares(residuals, start, diff_step=1e-4, loss="soft_l1", xtol=1e-5, ftol=1e-5)
    se = np.sqrt(np.diag(np.linalg.inv(best.jac.T @ best.jac)))
    return dict(zip(NAMES, best.x, strict=True)), dict(zip(NAMES, se, strict=True))


def neck(entries: dict[str, dict[str, Any]]) -> tuple[float, float]:
    """Mean log T50 of the neck for abobotulinumtoxinA, and the shift of type B, from the published means."""
    weeks = number(entries["cd_abo_truong2005_result"]["values"]["median_duration_weeks"])
    # That duration ends when four fifths of the peak gain are lost: T(0.2) = T50 (1 + log 4 / h) with h = 4.
    t50 = weeks * 7 / (1 + math.log(4.0) / 4.0)
    data = entries["cd_botB_dataset"]["values"]
    change = -np.array([data["mean_change"][k] for k in ("5000U", "10000U")]).mean(axis=0)
    days = np.array(data["week"]) * 7.0
    after = days >= days[change.argmax()]
    half = float(np.interp(-0.5 * change.max(), -change[after], days[after]))
    return math.log(t50), math.log(half / t50)


def main(path: str) -> None:
    """Fit, write the data file and the page."""
    raw = Path(path).read_bytes()
    entries = {e["id"]: e for e in yaml.safe_load(raw)}
    x, se = fit(entries)
    neck_t50, type_b = neck(entries)
    excursion = math.log(EXCURSION_PEAK / (1 - EXCURSION_PEAK))
    spread_peak = round(math.exp(x["log_spread_peak"]), 4)

    def area(name: str) -> list[float]:
        dp, dt = x.get(f"{name}_peak", 0.0), x.get(f"{name}_t50", 0.0)
        return [round(v, 4) for v in (x["peak"] + dp, excursion + dp, LOG_TAU, x["log_t50"] + dt, x["log_h"])]

    means = {"glabella": area("glabella"), "forehead": area("forehead")}
    means["crows_feet_left"] = means["crows_feet_right"] = area("crows_feet")
    means["face"] = [
        round(float(v), 4) for v in np.mean([means[k] for k in ("glabella", "forehead", "crows_feet_left")], axis=0)
    ]
    means["neck"] = [-0.4, -0.4, round(math.log(8.0), 4), round(neck_t50, 4), means["glabella"][4]]
    shifts = {GENERIC[p]: [round(x.get(f"{p}_t50", 0.0), 4), round(x.get(f"{p}_peak", 0.0), 4)] for p in GENERIC}
    shifts["rimabotulinumtoxinB"] = [round(type_b, 4), 0.0]
    data = {
        "schema": 1,
        "provenance": {
            "made_by": "builders/calibrate_priors.py",
            "evidence_sha256": hashlib.sha256(raw).hexdigest(),
            "targets": sorted({f"{t.entry} ({entries[t.entry]['status']})" for t in TARGETS}),
            "standard_errors": {k: round(v, 4) for k, v in se.items() if ":" not in k},
            "assumed": [
                *ASSUMED, "spread of log tau and log h", "mean log tau", "peak on the excursion scale",
                "peak and onset on the neck scale", "extra_peak_sd",
            ],
        },
        "half_life_days": round(math.exp(x["log_half_life"]), 2),
        "peak_per_log_dose": round(max(x["peak_dose"], 0.0), 4),
        "area_means": means,
        "extra_peak_sd": {"neck": 0.8},
        "product_shift": shifts,
        "people": {
            "spread": [spread_peak, spread_peak, SPREAD_TAU, round(math.exp(x["log_spread_t50"]), 4), SPREAD_H],
            **ASSUMED,
        },
    }  # fmt: skip
    OUT.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(entries, x, se, data), encoding="utf-8")
    print(f"wrote {OUT.relative_to(HERE)} and {PAGE.relative_to(HERE)}")


ENDPOINTS = {
    "clear": "clinician: none or mild", "subject": "person: none or mild, or much better",
    "composite": "two grades better, both", "one_grade": "clinician: one grade better",
    "subject_one_grade": "person: one grade better", "median_kept": "median day, responders of day 30",
    "median_one_grade": "median day, one grade better", "median_not_both_lost": "median day until both say lost",
}  # fmt: skip


def page(entries: dict[str, Any], x: dict[str, float], se: dict[str, float], data: dict[str, Any]) -> str:
    """Return the page: simulated against published, table by table."""
    lines, misses = [], []
    general = people_in_general(x)
    hits = own_hits = 0
    for t in TARGETS:
        value, _, status, written = read(entries, t)
        if t.endpoint.startswith("median"):
            both = [median_day(v, t) for v in (general, x)]
            good, own = (abs(v / value - 1) <= 0.10 or (written.startswith(">") and v > value) for v in both)
            cells = f"{value:.0f} d | {both[0]:.0f} d | {both[1]:.0f} d"
        else:
            both = [share(v, t) for v in (general, x)]
            # '>43' and the like only bound the share from below.
            good, own = (abs(v - value) <= 0.04 or (written.startswith(">") and v > value) for v in both)
            cells = f"{written} % | {100 * both[0]:.0f} % | {100 * both[1]:.0f} %"
        dose = f", {t.dose:g} × reference dose" if t.dose != 1 else ""
        who = f"{GENERIC[t.product]}, {t.region.replace('_', ' ')}{dose}"
        day = "" if t.endpoint.startswith("median") else f"{t.day:g}"
        verdict = "yes" if good else ("own people" if own else "**no**")
        lines.append(f"| {who} | {ENDPOINTS[t.endpoint]} | {day} | {cells} | {verdict} | `{t.entry}` | {status} |")
        hits += good
        own_hits += own
        if not own:
            shown = dict(zip(("published", "people in general", "own people"), cells.split(" | "), strict=True))
            told = ", ".join(f"{k} {v}" for k, v in shown.items())
            misses.append(
                f"- {who}, {ENDPOINTS[t.endpoint]}{f', day {day}' if day else ''}: {told} ({status}, `{t.entry}`)"
            )
    x = general
    body = "\n".join(lines)
    numbers = "\n".join(f"| {k} | {v:.3f} | {se[k]:.3f} |" for k, v in x.items())
    return f"""# Simulated against published

Made by `builders/calibrate_priors.py`; do not edit. The curves of `wearoff.course` are drawn for {N} people, rated on
a 0-3 scale with a rater's error of {RATER} grades (start: half moderate, half severe), and asked what the trials
asked. "Fits" means within 4 points, and within 10 % for a median. Trials of the same product and endpoint differ by
more than their standard errors, so each trial also gets people of its own: a peak, a T50 and a share of severe starts
that differ a little from everybody's (SD {TRIAL_SD[0]}, {TRIAL_SD[1]} and {TRIAL_SD[2]}). "People in general" is what
`wearoff` forecasts with; "own people" shows whether the curve can be that of the trial at all. Rows marked `recalled` come from memory of a label
and have not been checked against it; they count half as much in the fit and are never shown to people as facts.

**Of {len(TARGETS)} published numbers {hits} fit people in general, and {own_hits} the trial's own people.** What does
not fit either way is listed below the table.

| treatment | endpoint | day | published | people in general | own people | fits | entry | status |
|---|---|---|---|---|---|---|---|---|
{body}

## What can't be fitted

{chr(10).join(misses)}

Reasons: two endpoints of one trial that a single rating with one rater's error can't give together; endpoints that
the results page does not define; numbers of one trial that contradict another's by more than both trials' errors.

## The numbers

| number | value | standard error |
|---|---|---|
{numbers}

Logits for peaks, logs of days for times; products and regions are shifts from onabotulinumtoxinA in the glabella.
Assumed, not fitted: {", ".join(data["provenance"]["assumed"])}.
"""


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(HERE.parent / "shared/evidence/evidence.yaml"))
