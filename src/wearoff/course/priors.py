"""What trials say about everybody: mean curve per product, region and scale, and how people and cycles differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from wearoff.course.curve import LOG_T50, PEAK_EXCURSION, PEAK_LINES, fixed
from wearoff.units import FloatArray

NECK = "neck"
FACE = "face"


@dataclass(frozen=True, eq=False)
class Priors:
    """Population of curves.

    `area_means`: mean of the five parameters per area (region name, "face" for no region given, "neck"), for
    onabotulinumtoxinA at its reference units; `extra_peak_sd`: additional spread of the peak (logit) of an area;
    `product_shift`: (log T50, logit peak) per product; `spread`: total standard deviation of one cycle of one person;
    `between_cycles`: share of that variance between the cycles of one person; `rho_*`: correlations;
    `configurations`: (between-cycle share of log T50, variance factor, weight), averaged over. The data file names
    what in it is assumed.
    """

    area_means: Mapping[str, FloatArray]
    extra_peak_sd: Mapping[str, float]
    product_shift: Mapping[str, tuple[float, float]]
    half_life_days: float
    peak_per_log_dose: float
    spread: FloatArray
    between_cycles: FloatArray
    rho_peak_t50: float
    rho_peaks: float
    rho_regions_person: float
    rho_regions_cycle: float
    unknown_product_sd: float
    unknown_units_sd: float
    baseline_sd: float
    configurations: tuple[tuple[float, float, float], ...]
    provenance: Mapping[str, object]

    def correlation(self) -> FloatArray:
        """Correlation of the five parameters, shape (5, 5)."""
        c = np.eye(5)
        c[PEAK_LINES, PEAK_EXCURSION] = c[PEAK_EXCURSION, PEAK_LINES] = self.rho_peaks
        for peak in (PEAK_LINES, PEAK_EXCURSION):
            c[peak, LOG_T50] = c[LOG_T50, peak] = self.rho_peak_t50
        return c

    def covariances(self, share: float, variance: float) -> tuple[FloatArray, FloatArray]:
        """Person and cycle covariance (5, 5) for one between-cycle `share` of log T50 and one `variance` factor."""
        scaled = np.minimum(self.between_cycles * share / self.between_cycles[LOG_T50], 0.9)
        c = self.correlation()
        person = self.spread * np.sqrt(variance * (1 - scaled))
        cycle = self.spread * np.sqrt(variance * scaled)
        return c * np.outer(person, person), c * np.outer(cycle, cycle)


def load_priors() -> Priors:
    """Read the calibrated population that ships with the package."""
    return priors_from_json(json.loads(files("wearoff.course").joinpath("data/priors.json").read_text("utf-8")))


def priors_from_json(data: Mapping[str, Any]) -> Priors:
    """Make the population from its JSON form (see builders/calibrate_priors.py)."""
    people = dict(data["people"])
    return Priors(
        area_means={k: fixed(np.asarray(v)) for k, v in data["area_means"].items()},
        extra_peak_sd={k: float(v) for k, v in data["extra_peak_sd"].items()},
        product_shift={k: (float(v[0]), float(v[1])) for k, v in data["product_shift"].items()},
        spread=fixed(np.asarray(people.pop("spread"))),
        between_cycles=fixed(np.asarray(people.pop("between_cycles"))),
        configurations=tuple((float(s), float(v), float(w)) for s, v, w in people.pop("configurations")),
        half_life_days=float(data["half_life_days"]),
        peak_per_log_dose=float(data["peak_per_log_dose"]),
        provenance=dict(data["provenance"]),
        **{k: float(v) for k, v in people.items()},
    )
