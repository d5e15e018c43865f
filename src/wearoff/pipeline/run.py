"""Whole runs: every photo of a pile measured, and one person's study from photos, treatments and a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from wearoff import __version__
from wearoff.course import Bank, PhotoEffect, Treatment, forecast
from wearoff.photo import DatesTable, FoundFile, Reason, Rejected, read_bytes
from wearoff.pipeline.cache import Cache
from wearoff.pipeline.examine import Examined, Tools, examine
from wearoff.pipeline.person import one_of_each, one_person, read_pile, read_series
from wearoff.pipeline.timepoints import make_timepoints, measure_effects
from wearoff.plan import make_plan
from wearoff.report.study import MeasuredPhoto, Study
from wearoff.terms import OWN_EXPRESSION, Region

Progress = Callable[[str], None]


def examine_all(
    files: Sequence[FoundFile],
    open_when_needed: Callable[[], Tools],
    *,
    dates: DatesTable | None = None,
    today: date | None = None,
    cache: Cache | None = None,
    progress: Progress = lambda _: None,
) -> Iterator[tuple[Examined, ...] | Rejected]:
    """Yield what each photo shows, in order; photos in the cache are not measured again.

    The models are opened at the first photo that needs them, and `progress` is told each file's name when it is done.
    """
    tools: Tools | None = None
    for file in files:
        data = read_bytes(file.path, file.name)
        if isinstance(data, Rejected):
            yield data
            progress(file.name)
            continue
        stated = dates.day_of(file.name) if dates else None
        told = f"{stated.isoformat() if stated else ''}|{today.isoformat() if today else ''}"
        key = cache.key(data, file.name, told) if cache else ""
        result = cache.get(key) if cache else None
        if result is None:
            tools = tools or open_when_needed()
            result = examine(data, file.name, tools, dates=dates, today=today)
            if cache:
                cache.put(key, result)
        yield result
        progress(file.name)


def measure_photos(results: Sequence[tuple[Examined, ...] | Rejected]) -> list[MeasuredPhoto | Rejected]:
    """Return for each photo, in order, its measurements or why there are none; the photos may show any people."""
    clear: dict[int, Examined] = {}
    out: dict[int, MeasuredPhoto | Rejected] = {}
    for i, result in enumerate(results):
        if isinstance(result, Rejected):
            out[i] = result
        elif len(result) > 1:
            first, detail = result[0], f"{len(result)} faces of about the same size"
            out[i] = Rejected(first.file, Reason.SEVERAL_FACES, detail, taken=first.taken, sha256=first.sha256)
        else:
            clear[i] = result[0]
    for i, photo in zip(clear, read_pile(list(clear.values())), strict=True):
        out[i] = photo
    return [out[i] for i in range(len(results))]


def make_study(
    results: Sequence[tuple[Examined, ...] | Rejected],
    treatments: Sequence[Treatment],
    *,
    today: date,
    bank: Bank,
    keep: float = 0.5,
    models: Mapping[str, str],
    sample: bool = False,
) -> Study:
    """Return one person's study: timepoints, effects, course and plan; what can't be used is in `rejected`."""
    rejected = [r for r in results if isinstance(r, Rejected)]
    once, copies = _once([r for r in results if not isinstance(r, Rejected)])
    candidates, undated = _dated(once)
    rejected += [*copies, *undated]
    chosen, unclear = one_of_each(candidates)
    person, others = one_person(chosen)
    rejected += [*unclear, *others]
    timepoints = make_timepoints(read_series(person))
    effects, notes, baselines = measure_effects(timepoints, treatments)
    seen = {r for r in Region if any(OWN_EXPRESSION[r] in t.photos for t in timepoints)}
    latest = max((t.day for t in treatments), default=None)
    course = forecast(
        treatments,
        [PhotoEffect(e.day, e.region, e.scale, e.effect, e.sd, e.baseline_sd) for e in effects],
        today=today,
        bank=bank,
        keep=keep,
        areas=tuple(sorted(r.value for r in baselines)),
        no_baseline=tuple(sorted(r.value for r, day in baselines.items() if day is None and r in seen)),
    )
    baseline_day = max((d for d in baselines.values() if d is not None), default=None)
    return Study(
        today=today,
        keep=keep,
        treatments=tuple(treatments),
        timepoints=timepoints,
        baseline_day=baseline_day if latest else None,
        effects=effects,
        course=course,
        plan=make_plan(course, today=today),
        rejected=tuple(sorted(rejected, key=lambda r: r.file)),
        notes=notes,
        provenance={"wearoff": __version__, **models},
        sample=sample,
    )


def _once(results: Sequence[tuple[Examined, ...]]) -> tuple[list[tuple[Examined, ...]], list[Rejected]]:
    """Keep of photos with the same bytes the one whose day is known; copies under two different days keep neither."""
    copies: dict[str, list[tuple[Examined, ...]]] = {}
    for faces in results:
        copies.setdefault(faces[0].sha256, []).append(faces)
    kept: list[tuple[Examined, ...]] = []
    rejected: list[Rejected] = []
    for same in copies.values():
        days = sorted({one.day for faces in same if (one := faces[0].taken) is not None})
        if len(days) > 1:
            told = " and ".join(day.isoformat() for day in days)
            rejected += [_refused(faces[0], Reason.TWO_DAYS, f"the same photo under {told}") for faces in same]
            continue
        best = next((faces for faces in same if faces[0].taken is not None), same[0])
        kept.append(best)
        others = [faces[0] for faces in same if faces is not best]
        rejected += [_refused(one, Reason.DUPLICATE, f"as {best[0].file}") for one in others]
    return kept, rejected


def _refused(photo: Examined, reason: Reason, detail: str = "") -> Rejected:
    return Rejected(photo.file, reason, detail, taken=photo.taken, sha256=photo.sha256)


def _dated(results: Sequence[tuple[Examined, ...]]) -> tuple[list[tuple[Examined, ...]], list[Rejected]]:
    """Drop photos without a day, or with two; days in dates.csv settle both."""
    kept, rejected = [], []
    for faces in results:
        one = faces[0]
        if one.taken is None:
            rejected.append(_refused(one, Reason.NO_DAY))
        elif one.taken.conflict is not None:
            days = f"{one.taken.day.isoformat()} and {one.taken.conflict.isoformat()}"
            rejected.append(_refused(one, Reason.TWO_DAYS, days))
        else:
            kept.append(faces)
    return kept, rejected
