"""The next photo day: the one after which the appointment can be booked closest to the wear-off day.

Looking for the most informative day waits too long; what counts is the expected error of the booking, given that a
clinic needs some days' notice. The future photo is simulated on the equally likely courses of the forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from wearoff.course import Particles
from wearoff.course.curve import fixed
from wearoff.course.quasi import normals
from wearoff.units import FloatArray

#: Standard deviation of one future photo's effect where nothing else is known.
PHOTO_SD = 0.08
#: A photo must save this much of the expected booking error [d] to be asked for.
WORTH_DAYS = 0.4
_STEP = 5
_FEW = 192


@dataclass(frozen=True, slots=True)
class PhotoValue:
    """What a photo on a day would add: expected booking error [d] without it (booking now) and with it."""

    day: date
    error_without: float
    error_with: float


@dataclass(frozen=True, slots=True)
class Booking:
    """When an appointment may be: notice [d], the clinic's weekdays (0 Monday), the earliest day by label practice."""

    lead_days: int
    weekdays: tuple[int, ...]
    earliest: date


def clinic_day(day: date, booking: Booking, not_before: date) -> date:
    """Return the working day of the clinic closest to `day` that is not before `not_before` or the earliest day."""
    floor = max(not_before, booking.earliest)
    best: date | None = None
    for offset in range(-6, 14):
        candidate = max(day, floor) + timedelta(days=offset)
        if candidate < floor or candidate.weekday() not in booking.weekdays:
            continue
        if best is None or abs((candidate - day).days) < abs((best - day).days):
            best = candidate
    return best or max(day, floor)


def photo_values(
    particles: Particles,
    treated_on: date,
    today: date,
    booking: Booking,
    days: Sequence[date],
    photo_sd: float = PHOTO_SD,
) -> tuple[PhotoValue, ...]:
    """Return what a photo on each of `days` would add, for booking the wear-off day."""
    now = (today - treated_on).days
    earliest = (booking.earliest - treated_on).days
    count = len(particles.wear_off)
    pick = np.arange(min(_FEW, count)) * count // min(_FEW, count)
    gone = np.asarray(particles.wear_off)[pick]
    first = max(now + booking.lead_days, earliest)
    without = float(np.abs(np.maximum(gone[len(gone) // 2], first) - gone).mean())
    if not days:
        return ()
    since = np.array([(day - treated_on).days for day in days], dtype=np.float64)
    column = np.clip(np.searchsorted(particles.days, since), 0, len(particles.days) - 1)
    effect = np.asarray(particles.effect)[np.ix_(pick, column)].T
    firsts = np.maximum(since + booking.lead_days, earliest)
    errors = _errors_after(gone, effect, photo_sd, particles.baseline_sd, firsts)
    return tuple(PhotoValue(day, without, float(e)) for day, e in zip(days, errors, strict=True))


@cache
def _noise(n: int) -> FloatArray:
    """Return evenly spread normals in a fixed shuffle: the same answer every time, and no luck of the draw."""
    return fixed(normals(n, 2, 11)[:, 1])


def _errors_after(
    gone: FloatArray, effect: FloatArray, sd: float, baseline_sd: float, firsts: FloatArray
) -> FloatArray:
    """Mean error [d] of the best booking from each day of `firsts` (k,) on, after a photo of `effect` (k, n)."""
    n = len(gone)
    width = np.sqrt(sd**2 + ((1 - effect) * baseline_sd) ** 2)
    seen = (effect + width * _noise(n)).astype(np.float32)
    scale = (1 / width).astype(np.float32)
    r = (seen[:, :, None] - effect.astype(np.float32)[:, None, :]) * scale[:, None, :]
    weight = np.exp(np.float32(-0.5) * r * r) * scale[:, None, :]
    cumulative = np.cumsum(weight, axis=2)
    total = cumulative[:, :, -1]
    at = (cumulative < 0.5 * total[:, :, None]).sum(axis=2)
    booked = np.maximum(gone[np.minimum(at, n - 1)], firsts[:, None]).astype(np.float32)
    loss = np.abs(booked[:, :, None] - gone.astype(np.float32))
    return np.asarray((np.einsum("kij,kij->ki", loss, weight) / total).mean(axis=1), dtype=np.float64)


def next_photo(
    particles: Particles,
    treated_on: date,
    today: date,
    booking: Booking,
    photo_sd: float = PHOTO_SD,
    worth_days: float = WORTH_DAYS,
    step_days: int = _STEP,
    most_days: int = 40,
) -> PhotoValue | None:
    """Return the photo day with the smallest expected booking error, or None where booking now is as good."""
    lead = booking.lead_days
    horizon = int(particles.wear_off[int(0.9 * len(particles.wear_off))]) - lead
    start = max((today - treated_on).days + 1, 7)
    step = max(step_days, -(-(horizon - start) // most_days))
    days = [treated_on + timedelta(days=t) for t in range(start, max(horizon, start) + 1, step)]
    values = photo_values(particles, treated_on, today, booking, days, photo_sd)
    if not values:
        return None
    best = min(values, key=lambda v: v.error_with)
    return best if best.error_without - best.error_with >= worth_days else None
