"""From two measurements, before the treatment and now, to the suppressed share and what is known of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from wearoff.course.observations import EFFECT_RANGE, PhotoEffect
from wearoff.terms import EffectScale, Region
from wearoff.units import Measured

#: A baseline less than this many of its standard deviations above zero holds too little to be suppressed.
LEAST_BASELINE_SDS = 3.0


@dataclass(frozen=True, slots=True)
class Suppression:
    """Suppressed share of the baseline.

    `sd` comes from today's measurement alone. `baseline_sd` (relative) is the error of the baseline, which every
    photo of the cycle shares; `total_sd` joins both, for showing one number on its own.
    """

    effect: float
    sd: float
    baseline_sd: float

    @property
    def total_sd(self) -> float:
        """Standard deviation of this effect looked at alone (delta method on the ratio)."""
        return math.hypot(self.sd, (1 - self.effect) * self.baseline_sd)

    @property
    def smallest_detectable(self) -> float:
        """The smallest effect that is told from none with 95 % confidence."""
        return 1.96 * math.hypot(self.sd, self.baseline_sd)


@dataclass(frozen=True, slots=True)
class NoSuppression:
    """Why no effect can be given, in words."""

    reason: str


def suppressed_share(baseline: Measured, now: Measured) -> Suppression | NoSuppression:
    """Return 1 - now/baseline with its errors; a baseline near zero gives a reason instead of a number."""
    if baseline.value <= LEAST_BASELINE_SDS * baseline.sd or baseline.value <= 0:
        return NoSuppression("There was too little to see before the treatment to tell how much of it is gone.")
    effect = 1 - now.value / baseline.value
    return Suppression(
        effect=min(max(effect, EFFECT_RANGE[0]), EFFECT_RANGE[1]),
        sd=max(now.sd / baseline.value, 1e-3),
        baseline_sd=baseline.sd / baseline.value,
    )


def photo_effect(
    day: date, region: Region | None, scale: EffectScale, baseline: Measured, now: Measured
) -> PhotoEffect | NoSuppression:
    """Return the observation that a forecast takes, from this region's measurement before the treatment and now."""
    share = suppressed_share(baseline, now)
    if isinstance(share, NoSuppression):
        return share
    return PhotoEffect(day, region, scale, share.effect, share.sd, share.baseline_sd)
