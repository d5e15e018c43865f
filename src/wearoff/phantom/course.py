"""The course of an effect over the days since treatment, and the days on which it has worn off."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class CourseLaw:
    """E(t) = A·(1 - exp(-(t/tau)^1.5)) · (1 + e^-h) / (1 + e^(h·(t/T50 - 1))): a draining pool through a sigmoid.

    `peak` is A (0-1), `onset_days` tau, `half_days` T50 and `steepness` h; zero before the treatment.
    """

    peak: float = 0.85
    onset_days: float = 3.5
    half_days: float = 112.0
    steepness: float = 4.0

    def __post_init__(self) -> None:
        if not (0 <= self.peak <= 1 and self.onset_days > 0 and self.half_days > 0 and self.steepness > 0):
            raise ValueError(f"not a course: {self}")

    def effect(self, day: float) -> float:
        """Return the effect (0 none, 1 all) `day` days after the treatment."""
        if day <= 0:
            return 0.0
        rise = 1 - math.exp(-((day / self.onset_days) ** 1.5))
        fall = (1 + math.exp(-self.steepness)) / (1 + math.exp(self.steepness * (day / self.half_days - 1)))
        return self.peak * rise * fall

    def highest(self) -> tuple[float, float]:
        """Return the day of the peak and the effect on it (the law rises, then falls: a ternary search)."""
        low, high = 0.0, self.half_days
        for _ in range(100):
            third = (high - low) / 3
            if self.effect(low + third) < self.effect(high - third):
                low += third
            else:
                high -= third
        return (low + high) / 2, self.effect((low + high) / 2)

    def wear_off_day(self, keep: float = 0.5) -> float:
        """Return the day [days since treatment] on which the effect falls to `keep` of its own peak."""
        low, peak = self.highest()
        high = self.half_days * 6
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.effect(middle) > keep * peak else (low, middle)
        return (low + high) / 2


def mean_wear_off_day(laws: list[CourseLaw], keep: float = 0.5) -> float:
    """Return the day on which the mean effect of several regions falls to `keep` of its own peak."""

    def mean(day: float) -> float:
        return sum(law.effect(day) for law in laws) / len(laws)

    days = [k / 4 for k in range(1, int(max(law.half_days for law in laws) * 24))]
    level = keep * max(mean(day) for day in days)
    low = max(day for day in days if mean(day) > level)
    high = low + 0.25
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) > level else (low, middle)
    return (low + high) / 2
