"""The result of a forecast: the effect over days with its interval, what is left today, and the wear-off day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from wearoff.terms import EffectScale
from wearoff.units import FloatArray

#: Quantiles at which the wear-off day is kept, so that any probability can be read off it.
LEVELS = np.linspace(0.005, 0.995, 199)
_LEVEL_STEP = float(LEVELS[1] - LEVELS[0])


class NoteKind(StrEnum):
    """What a note is about; stable names for programs."""

    NO_TREATMENT = "no_treatment"
    NO_OBSERVATION = "no_observation"
    NO_BASELINE = "no_baseline"
    ALL_BEFORE_ONSET = "all_before_onset"
    NEVER_CLEAR = "never_clear"
    OUTLIER = "outlier"
    BAD_BASELINE = "bad_baseline"
    LEFT_OUT = "left_out"
    UNTREATED = "untreated"
    FUTURE = "future"
    ASSUMED = "assumed"
    OVERLAP = "overlap"
    WIDE = "wide"
    ALREADY_GONE = "already_gone"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence of what can or can't be known; `area` is empty where it holds for the whole face."""

    kind: NoteKind
    text: str
    area: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"kind": self.kind.value, "text": self.text, "area": self.area}


@dataclass(frozen=True, slots=True)
class Interval:
    """An effect (share) with its 50 and 90 % interval."""

    mean: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float

    def to_json(self) -> dict[str, float]:
        """Return the JSON form, rounded to 4 digits."""
        return {name: round(getattr(self, name), 4) for name in ("mean", "lo50", "hi50", "lo90", "hi90")}


@dataclass(frozen=True, eq=False)
class Curve:
    """Effect on whole days since the treatment [d]: mean and the 50 and 90 % band, each of shape (days,)."""

    scale: EffectScale
    days: FloatArray
    mean: FloatArray
    lo50: FloatArray
    hi50: FloatArray
    lo90: FloatArray
    hi90: FloatArray

    def to_json(self) -> dict[str, object]:
        """Return the JSON form, rounded to 4 digits."""
        out: dict[str, object] = {"scale": self.scale.value, "days": [int(d) for d in self.days]}
        for name in ("mean", "lo50", "hi50", "lo90", "hi90"):
            out[name] = [round(float(v), 4) for v in getattr(self, name)]
        return out


@dataclass(frozen=True, eq=False)
class WearOff:
    """The wear-off day for the level `keep` of the own peak: quantiles (199,) [d] since `treated_on`, at LEVELS."""

    treated_on: date
    keep: float
    quantiles: FloatArray

    def days(self, level: float) -> float:
        """Return a quantile [d] since the treatment."""
        # By hand: np.interp costs ten times as much for one number.
        at = min(max((level - LEVELS[0]) / _LEVEL_STEP, 0.0), len(LEVELS) - 1.0)
        low = min(int(at), len(LEVELS) - 2)
        q = self.quantiles
        return float(q[low] + (at - low) * (q[low + 1] - q[low]))

    def day(self, level: float) -> date:
        """Return a quantile as a calendar day."""
        return self.treated_on + timedelta(days=round(self.days(level)))

    @property
    def median(self) -> date:
        """The day that is as likely too early as too late."""
        return self.day(0.5)

    def gone_by(self, day: date) -> float:
        """Return the probability that the effect has fallen below the level by a day (the holiday, the wedding)."""
        since = (day - self.treated_on).days + 0.5
        return float(np.interp(since, self.quantiles, LEVELS, left=0.0, right=1.0))

    def to_json(self) -> dict[str, object]:
        """Return calendar days of the quantiles that people look at."""
        named = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
        out: dict[str, object] = {k: self.day(v).isoformat() for k, v in named.items()}
        return {**out, "keep": self.keep}


@dataclass(frozen=True, eq=False)
class Particles:
    """Equally likely courses: effect (n, k) on `days` (k,) since the treatment, and wear-off days [d] (n,), rising.

    What the plan simulates the next photo with; `baseline_sd` is the baseline error those photos will share.
    """

    days: FloatArray
    effect: FloatArray
    wear_off: FloatArray
    baseline_sd: float


@dataclass(frozen=True, eq=False)
class AreaCourse:
    """The course of one area, or of all of them together (`area` "overall").

    `curves` has one curve per scale that was looked at, `main_scale` names the one that people see first.
    """

    area: str
    treated_on: date
    product: str | None
    main_scale: EffectScale
    curves: Mapping[EffectScale, Curve]
    effect_today: Interval
    wear_off: WearOff
    particles: Particles
    observations_used: int

    @property
    def curve(self) -> Curve:
        """The curve on the main scale."""
        return self.curves[self.main_scale]

    def to_json(self) -> dict[str, object]:
        """Return the JSON form, without the particles."""
        return {
            "area": self.area,
            "treated_on": self.treated_on.isoformat(),
            "product": self.product,
            "main_scale": self.main_scale.value,
            "effect_today": self.effect_today.to_json(),
            "wear_off": self.wear_off.to_json(),
            "observations_used": self.observations_used,
            "curves": {k.value: v.to_json() for k, v in self.curves.items()},
        }


@dataclass(frozen=True, eq=False)
class Course:
    """What is known of a person's current treatment on a day.

    `overall` is None where nothing can be forecast; `reason` then says why. `from_person` tells whether anything of
    this person was used, or the forecast holds for people in general.
    """

    today: date
    keep: float
    areas: Mapping[str, AreaCourse]
    overall: AreaCourse | None
    reason: str
    from_person: bool
    notes: tuple[Note, ...]

    def to_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "today": self.today.isoformat(),
            "keep": self.keep,
            "overall": None if self.overall is None else self.overall.to_json(),
            "reason": self.reason,
            "from_person": self.from_person,
            "areas": {k: v.to_json() for k, v in self.areas.items()},
            "notes": [n.to_json() for n in self.notes],
        }
