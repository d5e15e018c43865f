"""Is it the same person? Told by the skin itself (moles, freckles, pores on the face map) and the face's proportions.

No face-embedding network is carried: the face map puts each spot of skin at one place, so small patches of two photos
can be laid on each other directly. On photos of one session (3.4 px/mm) the similarity of the same person was 0.38 to
0.82, of different persons at most 0.30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face.atlas import Atlas
from wearoff.face.values import Face, FaceMap
from wearoff.units import sealed

Layer = NDArray[np.float32]

#: From this similarity on two photos show the same skin.
SAME_SKIN = 0.34
#: Proportions closer than this [%] may be the same person's even where the skin cannot be recognised.
OTHER_PROPORTIONS = 1.3

# Landmarks in the middle of skin that moves little and carries marks: cheeks, nose, forehead.
# fmt: off
_PATCHES = (
    50, 280, 101, 330, 36, 266, 205, 425, 195, 5, 151, 108, 337, 69, 299, 9, 123, 352, 187, 411,
    118, 347, 117, 346, 142, 371, 104, 333,
)
# fmt: on
_PX_PER_MM = 2.5
_PATCH_MM = 6.0
_SEARCH_MM = 2.5
_FINE_MM, _COARSE_MM, _LOCAL_MM = 0.25, 2.5, 4.0

_STABLE = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 2, 98, 327, 48, 278, 129, 358, 234, 454, 127, 356, 151, 8, 9)


_HALF, _SEARCH = round(_PATCH_MM * _PX_PER_MM), round(_SEARCH_MM * _PX_PER_MM)
_SIDE = 2 * (_HALF + _SEARCH)
_FEWEST_PATCHES = 6


@dataclass(frozen=True, eq=False)
class SkinPrint:
    """What identifies a person's skin in one photo: small windows of fine relief at fixed places, light taken out.

    windows (28, side, side) float16; seen (28,) bool: which windows show skin.
    """

    windows: NDArray[np.float16]
    seen: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if self.windows.shape != (len(_PATCHES), _SIDE, _SIDE) or self.seen.shape != (len(_PATCHES),):
            raise ValueError(f"a skin print has {len(_PATCHES)} windows of {_SIDE} pixels")
        object.__setattr__(self, "windows", sealed(self.windows, np.float16))
        object.__setattr__(self, "seen", sealed(self.seen, np.bool_))


def skin_print(face_map: FaceMap, atlas: Atlas) -> SkinPrint:
    """Return the skin print of a face map."""
    shrink = _PX_PER_MM / atlas.px_per_mm
    size = (round(atlas.width * shrink), round(atlas.height * shrink))
    grey = cv2.resize(cv2.cvtColor(face_map.rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    shown = cv2.resize(face_map.valid.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    valid: Layer = np.asarray(shown, np.float32)
    light = np.log(grey.astype(np.float32) + 8.0)

    def mean(layer: Layer, sigma_mm: float) -> Layer:
        # a wide window needs no fine sampling
        sigma = sigma_mm * _PX_PER_MM
        step = max(1, int(sigma / 2.5))
        small = (max(1, size[0] // step), max(1, size[1] // step))

        def smooth(values: Layer) -> Layer:
            reduced = cv2.resize(values, small, interpolation=cv2.INTER_AREA) if step > 1 else values
            return np.asarray(cv2.GaussianBlur(reduced, (0, 0), sigma / step), np.float32)

        out = smooth(layer * valid) / np.maximum(smooth(valid), 1e-3)
        return np.asarray(cv2.resize(out, size) if step > 1 else out, np.float32)

    detail = mean(light, _FINE_MM) - mean(light, _COARSE_MM)
    local = np.sqrt(mean(detail**2, _LOCAL_MM)) + 0.01
    detail = np.clip(detail / local, -3, 3) * valid
    reach = _SIDE // 2
    padded, seen_map = (cv2.copyMakeBorder(v, reach, reach, reach, reach, cv2.BORDER_CONSTANT) for v in (detail, valid))
    windows, seen = [], []
    for x, y in np.round(atlas.points_px[list(_PATCHES)] * shrink).astype(int):
        window = np.s_[y : y + _SIDE, x : x + _SIDE]
        windows.append(padded[window])
        inner = windows[-1][_SEARCH:-_SEARCH, _SEARCH:-_SEARCH]
        seen.append(seen_map[window].mean() >= 0.85 and inner.std() > 1e-3)
    return SkinPrint(np.stack(windows).astype(np.float16), np.array(seen))


def skin_similarity(a: SkinPrint, b: SkinPrint) -> float | None:
    """Return how alike two skin prints are (median correlation of patches, -1 to 1), or None if too little is seen."""
    found = []
    for i in np.flatnonzero(a.seen & b.seen):
        patch = a.windows[i, _SEARCH:-_SEARCH, _SEARCH:-_SEARCH].astype(np.float32)
        match = cv2.matchTemplate(b.windows[i].astype(np.float32), patch, cv2.TM_CCOEFF_NORMED)
        found.append(float(match.max()))
    return float(np.median(found)) if len(found) >= _FEWEST_PATCHES else None


def proportions(face: Face) -> NDArray[np.float64]:
    """Return a face's proportions: stable landmarks from the front, in shares of its size, shape (48,)."""
    points = face.upright_mm[list(_STABLE), :2]
    centred = points - points[[0, 1, 2, 3, 4]].mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=1).mean())
    return np.asarray((centred / size).ravel(), np.float64)


def proportions_distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return how far two faces' proportions are apart, in percent of the face's size (root mean square)."""
    return float(100 * np.sqrt(((a - b) ** 2).mean()))


def group_people(prints: Sequence[SkinPrint], shapes: Sequence[NDArray[np.float64]]) -> list[int]:
    """Return for each photo the number of the person it shows; photos of one session of one person come together.

    Compares each photo with the latest photo of every group, nearest proportions first, and at most 24 of them.
    """
    members: list[list[int]] = []
    group_of: list[int] = []
    for i, (own, shape) in enumerate(zip(prints, shapes, strict=True)):
        order = sorted(range(len(members)), key=lambda g: proportions_distance(shape, shapes[members[g][-1]]))
        chosen = None
        for g in order[:24]:
            similarity = skin_similarity(own, prints[members[g][-1]])
            if similarity is not None and similarity >= SAME_SKIN:
                chosen = g
                break
        if chosen is None:
            members.append([])
            chosen = len(members) - 1
        members[chosen].append(i)
        group_of.append(chosen)
    return group_of
