"""From a pile of photos to one person's measured photos: who is who, one scale, expressions against the own rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wearoff.face import (
    OTHER_PROPORTIONS,
    SAME_SKIN,
    ExpressionReading,
    Face,
    group_people,
    on_one_scale,
    pick_rest,
    proportions,
    proportions_distance,
    read_against_rest,
    read_alone,
    read_timepoint,
    skin_similarity,
)
from wearoff.measure import measure_positions
from wearoff.photo import Reason, Rejected
from wearoff.pipeline.examine import Examined
from wearoff.report.study import MeasuredPhoto
from wearoff.terms import Expression

#: Skin less alike than this, with other proportions as well, is another person's.
_OTHER_SKIN = 0.27


def measured(photo: Examined, face: Face, reading: ExpressionReading) -> MeasuredPhoto:
    """Return a photo with its face on the person's scale."""
    return MeasuredPhoto(
        file=photo.file,
        sha256=photo.sha256,
        taken=photo.taken,
        face=face,
        reading=reading,
        lines=photo.lines,
        brows=photo.brows,
        positions_mm=measure_positions(face),
        px_per_mm=face.scale.px_per_mm * photo.reduction,
        px_per_mm_sd=face.scale.sd_px_per_mm * photo.reduction,
        blur_mm=photo.blur_mm,
        lightness=photo.lightness,
        landmark_sd_px=face.sd_px * photo.reduction,
        portrait=photo.portrait,
    )


def read_pile(photos: Sequence[Examined]) -> list[MeasuredPhoto]:
    """Return the photos of a pile of any people, in order; who is there more than once is read against their rest."""
    groups = group_people([p.skin for p in photos], [proportions(p.face) for p in photos])
    members: dict[int, list[int]] = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    out: dict[int, MeasuredPhoto] = {}
    for indices in members.values():
        faces = on_one_scale([photos[i].face for i in indices])
        rest = pick_rest(faces)
        for k, i in enumerate(indices):
            if len(indices) == 1 or k == rest:
                reading = replace(read_alone(faces[k]), relative_to_rest=False)
            else:
                reading = read_against_rest(faces[k], faces[rest])
            out[i] = measured(photos[i], faces[k], reading)
    return [out[i] for i in range(len(photos))]


def one_of_each(candidates: Sequence[tuple[Examined, ...]]) -> tuple[list[Examined], list[Rejected]]:
    """Return of each photo the face that matches the other photos; a photo with no clear match is rejected.

    Raises nothing: with nothing to match with, a photo of several people is rejected with its reason.
    """
    single = [c[0] for c in candidates if len(c) == 1]
    chosen: list[Examined] = []
    rejected: list[Rejected] = []
    for faces in candidates:
        if len(faces) == 1:
            chosen.append(faces[0])
            continue
        scores = [max((_alike(face, other) for other in single[:24]), default=0.0) for face in faces]
        best, second = sorted(range(len(faces)), key=lambda i: -scores[i])[:2]
        if scores[best] >= SAME_SKIN and scores[second] < SAME_SKIN:
            chosen.append(faces[best])
        else:
            detail = f"{len(faces)} faces of about the same size"
            first = faces[0]
            rejected.append(Rejected(first.file, Reason.SEVERAL_FACES, detail, taken=first.taken, sha256=first.sha256))
    return chosen, rejected


def _alike(a: Examined, b: Examined) -> float:
    similarity = skin_similarity(a.skin, b.skin)
    return -1.0 if similarity is None else similarity


def one_person(photos: Sequence[Examined]) -> tuple[list[Examined], list[Rejected]]:
    """Return the photos of the person that most of them show; photos that show somebody else are rejected.

    Somebody else needs both: skin unlike any of the person's photos, and other proportions. In doubt a photo stays.
    """
    if len(photos) < 3:
        if len(photos) == 2 and _is_other(photos[1], [photos[0]]):
            return [photos[0]], [_somebody_else(photos[1])]
        return list(photos), []
    groups = group_people([p.skin for p in photos], [proportions(p.face) for p in photos])
    sizes = Counter(groups)
    largest = [group for group, size in sizes.items() if size == max(sizes.values())]
    cores = {group: [p for p, g in zip(photos, groups, strict=True) if g == group] for group in largest}
    # of several largest groups, the one with which most of the other photos go: the first may be the stranger's
    main = largest[0]
    if len(largest) > 1:
        main = max(largest, key=lambda group: sum(not _is_other(photo, cores[group]) for photo in photos))
    core = cores[main]
    kept, rejected = [], []
    for photo, group in zip(photos, groups, strict=True):
        if group != main and _is_other(photo, core):
            rejected.append(_somebody_else(photo))
        else:
            kept.append(photo)
    return kept, rejected


def _is_other(photo: Examined, core: Sequence[Examined]) -> bool:
    shape = proportions(photo.face)
    distances = [proportions_distance(shape, proportions(c.face)) for c in core]
    nearest = [core[i] for i in np.argsort(distances)[:8]]
    skin = [s for c in nearest if (s := skin_similarity(photo.skin, c.skin)) is not None]
    unlike = bool(skin) and max(skin) < _OTHER_SKIN
    return unlike and float(np.min(distances)) > OTHER_PROPORTIONS


def _somebody_else(photo: Examined) -> Rejected:
    return Rejected(photo.file, Reason.OTHER_PERSON, taken=photo.taken, sha256=photo.sha256)


def read_series(photos: Sequence[Examined]) -> list[MeasuredPhoto]:
    """Return one person's dated photos with their expressions, each day read as a set against the person's rest."""
    faces = on_one_scale([p.face for p in photos])
    if not faces:
        return []
    rest = faces[pick_rest(faces)]
    by_day: dict[object, list[int]] = {}
    for i, photo in enumerate(photos):
        by_day.setdefault(photo.taken.day if photo.taken else None, []).append(i)
    out: dict[int, MeasuredPhoto] = {}
    for indices in by_day.values():
        if len(photos) == 1:
            readings: tuple[ExpressionReading, ...] = (read_alone(faces[0]),)
        else:
            readings = read_timepoint([faces[i] for i in indices], rest)
        for i, reading in zip(indices, readings, strict=True):
            alone = read_alone(faces[i])
            odd = faces[i] is rest and alone.expression is Expression.OTHER
            out[i] = measured(photos[i], faces[i], alone if odd else reading)
    return [out[i] for i in range(len(photos))]
