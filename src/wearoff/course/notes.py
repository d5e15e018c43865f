"""Notes in plain words: what the photos can't tell, and which of them do not fit."""

from __future__ import annotations

import math

import numpy as np

from wearoff.course.course import Note, NoteKind
from wearoff.course.cycles import Cycle
from wearoff.course.likelihood import DAY_TO_DAY_SD, Crowd, baseline_sd
from wearoff.course.observations import PhotoEffect
from wearoff.course.workbench import LeafPosterior
from wearoff.terms import EffectScale

#: A photo further than this many of its standard deviations from what all the others say is named.
OUTLIER_SDS = 3.2
#: A baseline error of this many prior standard deviations is named.
BASELINE_SDS = 1.6
#: Before this day [d] a photo says nothing about wearing off.
ONSET_DAYS = 7
#: An effect whose upper end stays below this was never clearly seen.
CLEAR_EFFECT = 0.2


def words(area: str) -> str:
    """Name an area in plain words."""
    return {
        "glabella": "the lines between the brows",
        "forehead": "the forehead",
        "crows_feet_left": "the left crow's feet",
        "crows_feet_right": "the right crow's feet",
        "neck": "the neck",
        "face": "the face",
    }.get(area, area.replace("_", " "))


def notes_of_leaf(posterior: LeafPosterior, few: Crowd) -> tuple[Note, ...]:
    """Return what is to be said about one area's current cycle; `few` are equally likely members of it."""
    cycle = posterior.leaf.cycle
    photos = [o for o in cycle.observations if isinstance(o, PhotoEffect)]
    if not photos:
        return ()
    found: list[Note] = []
    last = max((o.day - cycle.start).days for o in photos)
    if last < ONSET_DAYS:
        found.append(
            Note(
                NoteKind.ALL_BEFORE_ONSET,
                f"All photos of {words(cycle.area)} are from the first days, before the effect has set in. They can't "
                "say yet how long it lasts.",
                cycle.area,
            )
        )
    found += _fit_notes(posterior, few, photos)
    unclear = _never_clear(cycle, photos)
    if unclear is not None:
        found.append(unclear)
    return tuple(found)


def _fit_notes(posterior: LeafPosterior, few: Crowd, photos: list[PhotoEffect]) -> list[Note]:
    cycle = posterior.leaf.cycle
    found: list[Note] = []
    for scale in dict.fromkeys(o.scale for o in photos):
        column = 1 if scale is EffectScale.EXCURSION else 0
        spread = baseline_sd(few.bank, cycle, scale)
        z = np.asarray(few.baseline_z[:, column], dtype=np.float64)
        factor = np.exp(spread * z)
        if len(photos) >= 3 and spread >= 0.02 and abs(float(z.sum())) / few.size > BASELINE_SDS:
            found.append(
                Note(
                    NoteKind.BAD_BASELINE,
                    f"The photos from before the treatment do not fit the later ones of {words(cycle.area)}. If you "
                    "can, take the first photos of the next treatment with more care, twice.",
                    cycle.area,
                )
            )
        for o in (p for p in photos if p.scale is scale):
            expected = 1 - (1 - few.effect(float((o.day - cycle.start).days), scale)) * factor
            middle = float(expected.sum()) / few.size
            between = float(expected @ expected) / few.size - middle**2
            width = math.sqrt(o.sd**2 + DAY_TO_DAY_SD**2 + max(between, 0.0))
            if abs(o.effect - middle) > OUTLIER_SDS * width:
                found.append(
                    Note(
                        NoteKind.OUTLIER,
                        f"The photo of {o.day.isoformat()} does not fit the others ({words(cycle.area)}: "
                        f"{_share(o.effect)} of the lines or movement held back, where the others say "
                        f"{_share(middle)}). It counts for little.",
                        cycle.area,
                    )
                )
    return found


def _never_clear(cycle: Cycle, photos: list[PhotoEffect]) -> Note | None:
    telling = [o for o in photos if ONSET_DAYS <= (o.day - cycle.start).days <= 70]
    if not telling:
        return None
    weight = np.array([1 / o.sd**2 for o in telling])
    mean = float(np.sum(weight * [o.effect for o in telling]) / weight.sum())
    if mean + 1.645 * math.hypot(1 / math.sqrt(float(weight.sum())), 0.08) >= CLEAR_EFFECT:
        return None
    return Note(
        NoteKind.NEVER_CLEAR,
        f"The photos never clearly show an effect on {words(cycle.area)}. Check that the day, the region and the "
        "expression are right; the forecast then rests mostly on other people.",
        cycle.area,
    )


def _share(effect: float) -> str:
    return f"{round(100 * effect)} %"
