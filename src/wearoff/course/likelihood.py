"""How well every member of a crowd explains what was seen in one cycle of one area."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wearoff.course.bank import LAST_DAY, LAST_ONSET_DAY, Bank, area_mean
from wearoff.course.curve import (
    LOG_H,
    LOG_T50,
    LOG_TAU,
    PEAK_EXCURSION,
    PEAK_LINES,
    logistic,
    longer_by,
    onset,
    remaining,
    wear_off_days,
)
from wearoff.course.cycles import Cycle
from wearoff.course.observations import Grade, PhotoEffect, Rater, StillFine, WornOff
from wearoff.terms import EffectScale
from wearoff.units import FloatArray

#: A Student-t with 4 degrees of freedom and this factor on its scale stands for a Gaussian with rare gross errors.
T_SCALE = 0.87
#: What a face does from day to day besides wearing off (SD of the effect), added to each photo's own SD.
DAY_TO_DAY_SD = 0.02
#: Noise of a rating on the 0-3 scale (SD in grades): 20-27 % of placebo arms rate themselves a grade better.
RATER_SD = {Rater.SELF: 0.6, Rater.CLINICIAN: 0.4}
#: How far a person's own sense of "worn off" lies from half of the peak [d].
REPORT_SD_DAYS = 8.0
#: The level at which people call it worn off.
REPORT_KEEP = 0.5
_EFFECT_GRID = np.linspace(-0.5, 1.0, 151)

AnyFloat = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Setting:
    """What is known of one cycle before anything was seen: the mean curve (5,), later doses, what was left before.

    `extra_sd`: on log T50, for an unknown product or dose, and on the peak (logit) of some areas; `delays`: (from
    day, later by) [d] per touch-up;
    `left_over`: mean effect of the cycle before, on whole days since this treatment, or None.
    """

    mean: FloatArray
    extra_sd: tuple[float, float]
    delays: tuple[tuple[float, float], ...]
    left_over: FloatArray | None = None

    @property
    def later_by(self) -> float:
        """Days [d] by which all touch-ups together put wear-off back."""
        return sum(d for _, d in self.delays)


def setting_of(bank: Bank, cycle: Cycle, left_over: FloatArray | None = None) -> Setting:
    """Return the mean curve for a cycle's area, product and dose, with its touch-ups."""
    p = bank.priors
    mean = np.array(area_mean(bank, cycle.area))
    extra = 0.0
    if cycle.product is None:
        extra = math.hypot(extra, p.unknown_product_sd)
    else:
        shift = p.product_shift.get(cycle.product)
        if shift is None:
            extra = math.hypot(extra, p.unknown_product_sd)
        else:
            mean[LOG_T50] += shift[0]
            mean[[PEAK_LINES, PEAK_EXCURSION]] += shift[1]
    reference = bank.products.reference_units.get(cycle.product or "", {}).get(cycle.area)
    if cycle.units is None or reference is None:
        extra = math.hypot(extra, p.unknown_units_sd)
    else:
        log_ratio = math.log(min(max(cycle.units / reference, 0.2), 5.0))
        ke = math.log(2) / p.half_life_days
        t50 = math.exp(mean[LOG_T50])
        mean[LOG_T50] += math.log(max(1 + log_ratio / ke / t50, 0.4))
        mean[[PEAK_LINES, PEAK_EXCURSION]] += p.peak_per_log_dose * log_ratio
    delays: list[tuple[float, float]] = []
    if left_over is not None and cycle.days_since_previous is not None:
        # What is left of the pool of the treatment before adds to the new one.
        before = math.exp(-math.log(2) / p.half_life_days * cycle.days_since_previous)
        delays.append((0.0, longer_by(before, 0.0, p.half_life_days)))
    for touch in cycle.touch_ups:
        delays.append((touch.after_days, longer_by(touch.ratio, touch.after_days, p.half_life_days)))
    return Setting(mean, (extra, p.extra_peak_sd.get(cycle.area, 0.0)), tuple(delays), left_over)


def _shifted_day(setting: Setting, day: float) -> float:
    """Day [d] on the curve of a single dose that stands for `day` with its touch-ups."""
    typical = float(setting.mean[LOG_TAU])
    moved = sum(late * float(onset(np.asarray(day - at), np.asarray(typical))) for at, late in setting.delays)
    return max(day - moved, 0.0)


@dataclass(frozen=True, eq=False)
class Crowd:
    """Members under one setting: their effect on any day and wear-off day, from tables or straight from the formula.

    `deviations` (n, 5), `baseline_z` (n, 2), `noise` and `log_noise` (n,).
    """

    bank: Bank
    setting: Setting
    deviations: FloatArray
    baseline_z: AnyFloat
    noise: AnyFloat
    log_noise: AnyFloat
    tabled: bool

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.deviations)

    def some(self, pick: NDArray[np.intp]) -> Crowd:
        """Return the picked members, their curves straight from the formula."""
        return Crowd(
            self.bank, self.setting, self.deviations[pick], self.baseline_z[pick], self.noise[pick],
            self.log_noise[pick], tabled=False,
        )  # fmt: skip

    def parameter(self, index: int) -> FloatArray:
        """Return one of the five parameters of every member, shape (n,)."""
        return np.asarray(self.deviations[:, index] + self.setting.mean[index])

    def peak(self, scale: EffectScale) -> AnyFloat:
        """Return the peak effect A of every member on a scale, shape (n,)."""
        return self._peaks[scale is EffectScale.EXCURSION]

    @cached_property
    def _rates(self) -> tuple[AnyFloat, AnyFloat, AnyFloat, AnyFloat]:
        """1/tau, h, h/T50 and 1 + e^-h of every member, in 32 bits: enough for weights, and twice as fast."""
        steep = np.exp(self.parameter(LOG_H).astype(np.float32))
        per_tau = np.exp(-self.parameter(LOG_TAU).astype(np.float32))
        slope = steep * np.exp(-self.parameter(LOG_T50).astype(np.float32))
        return per_tau, steep, slope, 1 + np.exp(-steep)

    @cached_property
    def _peaks(self) -> tuple[AnyFloat, AnyFloat]:
        both = [self.parameter(i) for i in (PEAK_LINES, PEAK_EXCURSION)]
        lines, excursion = (logistic(p.astype(np.float32)) for p in both)
        return lines, excursion

    @cached_property
    def reported_wear_off(self) -> FloatArray:
        """Wear-off day [d] in the sense in which people report it, shape (n,)."""
        return self.wear_off(REPORT_KEEP)

    def shape(self, day: float) -> tuple[AnyFloat, AnyFloat]:
        """Return on(t) and off(t) of every member on one day [d] since the treatment, each of shape (n,)."""
        late = _shifted_day(self.setting, day)
        mean, reference = self.setting.mean, self.bank.reference
        if not self.tabled:
            per_tau, steep, slope, top = self._rates
            kind = per_tau.dtype.type
            x = kind(max(day, 0.0)) * per_tau
            on = -np.expm1(-x * np.sqrt(x))
            return on, top / (1 + np.exp(np.minimum(slope * kind(late) - steep, kind(60))))
        slow = math.exp(reference[LOG_TAU] - mean[LOG_TAU])
        stretch = math.exp(reference[LOG_T50] - mean[LOG_T50])
        on = _row(self.bank.onset_table, day * slow, LAST_ONSET_DAY)[: self.size]
        same_h = abs(mean[LOG_H] - reference[LOG_H]) < 1e-9
        if same_h:
            return on, _row(self.bank.remaining_table, late * stretch, LAST_DAY)[: self.size]
        t50, h = self.parameter(LOG_T50).astype(np.float32), self.parameter(LOG_H).astype(np.float32)
        return on, remaining(np.float32(late), t50, h)  # type: ignore[arg-type]

    def effect(self, day: float, scale: EffectScale, peak: AnyFloat | None = None) -> AnyFloat:
        """Return the effect of every member on one day [d] since the treatment, shape (n,)."""
        a = self.peak(scale) if peak is None else peak
        on, off = self.shape(day)
        now = a * on * off
        if self.setting.left_over is not None:
            left = self.setting.left_over[min(max(round(day), 0), len(self.setting.left_over) - 1)]
            now = now + (1 - on) * left
        return np.asarray(now)

    def curves(self, days: AnyFloat, scale: EffectScale) -> FloatArray:
        """Return the effect of every member on every day, shape (n, days)."""
        t = np.asarray(days, dtype=np.float64)
        late = np.array([_shifted_day(self.setting, float(d)) for d in t]) if self.setting.delays else t
        on = onset(t[None, :], self.parameter(LOG_TAU)[:, None])
        off = remaining(late[None, :], self.parameter(LOG_T50)[:, None], self.parameter(LOG_H)[:, None])
        out = np.asarray(self.peak(scale), dtype=np.float64)[:, None] * on * off
        if self.setting.left_over is not None:
            index = np.clip(np.rint(t).astype(np.intp), 0, len(self.setting.left_over) - 1)
            out = out + (1 - on) * self.setting.left_over[index][None, :]
        return np.asarray(out)

    def wear_off(self, keep: float) -> FloatArray:
        """Return the wear-off day [d] since the treatment of every member, shape (n,)."""
        days = wear_off_days(
            keep, self.parameter(LOG_TAU), self.parameter(LOG_T50), self.parameter(LOG_H), self.bank.peaks
        )
        return days + self.setting.later_by


def bank_crowd(bank: Bank, setting: Setting, size: int | None = None) -> Crowd:
    """Return the bank's members (the first `size` of them, which are as evenly spread) under a setting."""
    n = bank.size if size is None else min(size, bank.size)
    return Crowd(
        bank, setting, bank.deviations[:n], bank.baseline_z[:n], bank.noise[:n], bank.log_noise[:n], tabled=True
    )


def _row(table: AnyFloat, at: float, last: int) -> AnyFloat:
    at = min(max(at, 0.0), float(last))
    low = int(at)
    part = at - low
    if part < 1e-6:
        return np.asarray(table[low])
    if part > 1 - 1e-6:
        return np.asarray(table[low + 1])
    return np.asarray(table[low] * np.float32(1 - part) + table[low + 1] * np.float32(part))


def log_likelihood(crowd: Crowd, cycle: Cycle) -> AnyFloat:
    """Return the log-likelihood of everything seen in a cycle for every member, shape (n,)."""
    kind = np.float32
    total: AnyFloat = np.zeros(crowd.size, dtype=kind)
    peaks: dict[EffectScale, AnyFloat] = {}
    baselines: dict[EffectScale, AnyFloat] = {}
    own_grades = [o for o in cycle.observations if isinstance(o, Grade)]
    for o in cycle.observations:
        day = float((o.day - cycle.start).days)
        if isinstance(o, PhotoEffect):
            if o.scale not in peaks:
                peaks[o.scale] = crowd.peak(o.scale)
                baselines[o.scale] = np.exp(baseline_sd(crowd.bank, cycle, o.scale) * _baseline(crowd, o.scale))
            effect = crowd.effect(day, o.scale, peaks[o.scale])
            sd = T_SCALE * math.hypot(o.sd, DAY_TO_DAY_SD)
            r = (o.effect - 1 + (1 - effect) * baselines[o.scale]) / (crowd.noise * kind(sd))
            total = total - kind(2.5) * np.log1p(r * r * kind(0.25)) - crowd.log_noise
        elif isinstance(o, WornOff | StillFine):
            total = total + _report(o, day, crowd.reported_wear_off).astype(kind)
    if own_grades:
        peak = peaks.get(EffectScale.LINES)
        for grade in own_grades:
            day = float((grade.day - cycle.start).days)
            table = _grade_table(grade, cycle.start_grade)
            total = total + np.interp(crowd.effect(day, EffectScale.LINES, peak), _EFFECT_GRID, table).astype(kind)
    return total


def baseline_sd(bank: Bank, cycle: Cycle, scale: EffectScale) -> float:
    """Return the relative SD of the baseline that this cycle's photos share on a scale."""
    known = [
        o.baseline_sd
        for o in cycle.observations
        if isinstance(o, PhotoEffect) and o.scale is scale and o.baseline_sd is not None
    ]
    return min(float(np.mean(known)), 0.5) if known else bank.priors.baseline_sd


def _baseline(crowd: Crowd, scale: EffectScale) -> AnyFloat:
    return np.asarray(crowd.baseline_z[:, 1 if scale is EffectScale.EXCURSION else 0])


def _report(o: WornOff | StillFine, day: float, half: AnyFloat) -> FloatArray:
    if isinstance(o, StillFine):
        # Logistic stand-in for the Gaussian distribution function: within 0.01 of it and never zero far out.
        z = 1.702 * (half - day) / math.hypot(REPORT_SD_DAYS, 5.0)
        return np.asarray(-np.logaddexp(0.0, -z))
    r = (half - day) / (T_SCALE * math.hypot(o.sd_days, REPORT_SD_DAYS))
    return np.asarray(-2.5 * np.log1p(r * r * 0.25))


def _grade_table(grade: Grade, start: Grade | None) -> FloatArray:
    """Log-likelihood of a grade over a grid of effects, averaged over where the person may have started."""
    if start is None:
        starts: Sequence[float] = (1.5, 2.0, 2.5, 3.0)
    else:
        sd = RATER_SD[start.by]
        starts = [min(max(start.grade + sd * k, 0.4), 3.5) for k in (-1.0, 0.0, 1.0)]
    sd = RATER_SD[grade.by]
    cdf: Callable[[FloatArray], FloatArray] = lambda z: 1 / (1 + np.exp(-1.702 * z))  # noqa: E731
    total = np.zeros_like(_EFFECT_GRID)
    for s in starts:
        severity = s * (1 - _EFFECT_GRID)
        high = np.ones_like(severity) if grade.grade >= 3 else cdf((grade.grade + 0.5 - severity) / sd)
        low = np.zeros_like(severity) if grade.grade <= 0 else cdf((grade.grade - 0.5 - severity) / sd)
        total += np.maximum(high - low, 1e-4)
    return np.asarray(np.log(total / len(starts)))
