"""The next photo day: the one after which the appointment can be booked closest to the wear-off day.

Looking for the most informative day waits too long; what counts is the expected error of the booking, given that a
clinic needs some days' notice. The future photo is simulated on the equally likely courses of the forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wearoff.course import Particles
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
    """When an appointment may be: notice [d], weekdays the clinic works (0 Monday), the earliest day by label practice."""

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
    particles: Particles, treated_on: date, today: date, booking: Booking, days: Sequence[date], photo_sd: float = PHOTO_SD
) -> tuple[PhotoValue, ...]:
    """Return what a photo on each of `days` would add, for booking the wear-off day."""
    now = (today - treated_on).days
    earliest = (booking.earliest - treated_on).days
    pick = np.linspace(0, len(particles.wear_off) - 1, min(_FEW, len(particles.wear_off))).round().astype(np.intp)
    gone = np.asarray(particles.wear_off)[pick]
    without = _error_now(gone, max(now + booking.lead_days, earliest))
    out = []
    last = particles.effect.shape[1] - 1
    for day in days:
        t = min((day - treated_on).days, last)
        error = _error_after(
            gone, np.asarray(particles.effect)[pick, t], photo_sd, particles.baseline_sd,
            max(t + booking.lead_days, earliest),
        )  # fmt: skip
        out.append(PhotoValue(day, without, error))
    return tuple(out)


def _error_now(gone: FloatArray, first: float) -> float:
    return float(np.abs(np.maximum(np.median(gone), first) - gone).mean())


def _error_after(gone: FloatArray, effect: FloatArray, sd: float, baseline_sd: float, first: float) -> float:
    """Mean error [d] of the best booking from day `first` on, after a photo that shows `effect` (n,) with errors."""
    n = len(gone)
    width = np.sqrt(sd**2 + ((1 - effect) * baseline_sd) ** 2)
    # A fixed shuffle of evenly spread normals: the same answer every time, and no luck of the draw across particles.
    noise = normals(n, 2, 11)[:, 1]
    seen = effect + width * noise
    r = (seen[:, None] - effect[None, :]) / width[None, :]
    weight = np.exp(-0.5 * r * r) / width[None, :]
    cumulative = np.cumsum(weight, axis=1)
    at = (cumulative < 0.5 * cumulative[:, -1:]).sum(axis=1)
    booked = np.maximum(gone[np.minimum(at, n - 1)], first)
    loss = np.abs(booked[:, None] - gone[None, :])
    return float(np.mean((loss * weight).sum(axis=1) / cumulative[:, -1]))


def next_photo(
    particles: Particles,
    treated_on: date,
    today: date,
    booking: Booking,
    photo_sd: float = PHOTO_SD,
    worth_days: float = WORTH_DAYS,
) -> PhotoValue | None:
    """Return the photo day with the smallest expected booking error, or None where booking now is as good."""
    lead = booking.lead_days
    horizon = int(np.quantile(particles.wear_off, 0.9)) - lead
    start = max((today - treated_on).days + 1, 7)
    days = [treated_on + timedelta(days=t) for t in range(start, max(horizon, start) + 1, _STEP)]
    values = photo_values(particles, treated_on, today, booking, days, photo_sd)
    if not values:
        return None
    best = min(values, key=lambda v: v.error_with)
    return best if best.error_without - best.error_with >= worth_days else None
