"""One photo, from its bytes to everything that is measured in it without knowing the person's other photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face import (
    Atlas,
    Face,
    FaceMap,
    Landmarker,
    SkinPrint,
    find_faces,
    make_atlas,
    make_face_map,
    make_portrait,
    skin_print,
)
from wearoff.measure import (
    BrowBand,
    RegionLines,
    StripFrame,
    make_brow_band,
    make_strip,
    measure_lines,
    strip_frames,
)
from wearoff.photo import DatesTable, Photo, Reason, Rejected, Taken, edge_blur_px, read_photo
from wearoff.terms import Region
from wearoff.units import sealed

#: Below this scale [px/mm] no line can be told from noise.
MIN_PX_PER_MM = 0.6
#: With less than this [px/mm] a reduced photo is decoded again, finer.
_WANTED_PX_PER_MM = 3.0
#: Further turned than this [deg] the far side of the face is not seen.
MAX_YAW_DEG, MAX_PITCH_DEG = 35.0, 32.0
#: A second face counts as one from this share of the first one's width on; smaller ones are in the background.
_SECOND_FACE = 0.5
#: Share of the regions that must lie in the picture.
_MIN_IN_PICTURE = 0.75
#: Median skin lightness (0-255) outside of which a photo is too dark or too bright.
_DARKEST, _BRIGHTEST = 40.0, 244.0
#: Blur [mm, SD] above which nothing of a line is left.
_MAX_BLUR_MM = 1.1
#: Blur of a sharp photo [px, SD]: sensor and demosaicing.
_SHARP_PX = 0.55
#: From here on [px, SD] the measured blur of edges is believed; below, skin has no edge sharp enough to tell.
_SOFT_PX = 1.3
#: Skin under the eyes darker than this share of the cheeks' lightness lies behind dark glass.
_DARK_GLASS = 0.42
#: Skin under the eyes with less than this share of the cheeks' colour, and darker than this, lies behind grey glass
#: that shines (173 faces without such glasses: 0.51 and more of the colour).
_GREY_GLASS, _GREY_GLASS_LIGHT = 0.3, 0.9
#: Colour [share of the light, red less blue] that cheeks must have for that to say anything; black-and-white has none.
_SKIN_COLOUR = 0.04
_PORTRAIT_QUALITY = 86


@dataclass(frozen=True, eq=False)
class Tools:
    """What measuring needs, opened once per process: the landmarker and the canonical frame."""

    landmarker: Landmarker
    atlas: Atlas
    frames: Mapping[Region, StripFrame]


def open_tools(models: Mapping[str, bytes], threads: int = 1) -> Tools:
    """Open the models (see `wearoff.face.MODEL_NAMES`) and lay out the canonical frame; takes about 0.5 s."""
    landmarker = Landmarker(models, threads)
    atlas = make_atlas(landmarker.canonical)
    return Tools(landmarker, atlas, strip_frames(atlas))


@dataclass(frozen=True, eq=False)
class Examined:
    """What one photo shows by itself.

    px_per_mm is at the file's own pixels; lines: per region, None where too little is seen; portrait: JPEG bytes of
    the aligned face, without any tags; skin: the print that tells people apart.
    """

    file: str
    sha256: str
    taken: Taken | None
    full_width: int
    full_height: int
    reduction: int
    face: Face
    lines: Mapping[Region, RegionLines | None]
    brows: BrowBand
    blur_mm: float
    lightness: float
    skin: SkinPrint
    portrait: NDArray[np.uint8]

    def __post_init__(self) -> None:
        object.__setattr__(self, "portrait", sealed(self.portrait, np.uint8))
        object.__setattr__(self, "lines", dict(self.lines))

    @property
    def px_per_mm(self) -> float:
        """Scale at the pixels of the file [px/mm]."""
        return self.face.scale.px_per_mm * self.reduction


def examine(
    source: Path | bytes,
    name: str,
    tools: Tools,
    *,
    dates: DatesTable | None = None,
    today: date | None = None,
) -> tuple[Examined, ...] | Rejected:
    """Return what a photo shows, one entry for each large enough face, largest first; or why it can't be used."""
    photo = read_photo(source, name, dates=dates, today=today)
    if isinstance(photo, Rejected):
        return photo
    faces = find_faces(photo.pixels, tools.landmarker)
    if faces and photo.reduction > 1 and faces[0].scale.px_per_mm < _WANTED_PX_PER_MM:
        finer = read_photo(source, name, long_side_px=max(photo.full_width, photo.full_height), dates=dates)
        if isinstance(finer, Photo):
            photo, faces = finer, find_faces(finer.pixels, tools.landmarker)
    if not faces:
        return _rejected(photo, Reason.NO_FACE)
    largest = faces[0].width_px
    candidates = [face for face in faces if face.width_px >= _SECOND_FACE * largest]
    results = [_examine_face(photo, face, tools) for face in candidates]
    good = tuple(r for r in results if isinstance(r, Examined))
    if good:
        return good
    first = results[0]
    assert isinstance(first, Rejected)
    return first


def _rejected(photo: Photo, reason: Reason, detail: str = "") -> Rejected:
    return Rejected(photo.file, reason, detail, taken=photo.taken, sha256=photo.sha256)


def _examine_face(photo: Photo, face: Face, tools: Tools) -> Examined | Rejected:
    px_per_mm = face.scale.px_per_mm
    if px_per_mm < MIN_PX_PER_MM:
        width = face.width_px * photo.reduction
        return _rejected(photo, Reason.FACE_TOO_SMALL, f"it is {width:.0f} pixels wide")
    if abs(face.pose.yaw_deg) > MAX_YAW_DEG:
        return _rejected(photo, Reason.TURNED_AWAY, f"by {abs(face.pose.yaw_deg):.0f}° to the side")
    if abs(face.pose.pitch_deg) > MAX_PITCH_DEG:
        which = "up" if face.pose.pitch_deg > 0 else "down"
        return _rejected(photo, Reason.TURNED_AWAY, f"by {abs(face.pose.pitch_deg):.0f}° {which}")
    face_map = make_face_map(photo.pixels, face, tools.atlas)
    lightness = _lightness(face_map, tools.atlas)
    if _in_picture(photo, face) < _MIN_IN_PICTURE:
        return _rejected(photo, Reason.FACE_CUT_OFF)
    if lightness < _DARKEST:
        return _rejected(photo, Reason.TOO_DARK)
    if lightness > _BRIGHTEST:
        return _rejected(photo, Reason.TOO_BRIGHT)
    if _behind_dark_glass(photo.pixels, face):
        return _rejected(photo, Reason.EYES_COVERED)
    blur_mm = _blur_px(photo.pixels, face) / px_per_mm
    if blur_mm > _MAX_BLUR_MM:
        return _rejected(photo, Reason.BLURRED, f"fine detail is smeared over {2.4 * blur_mm:.1f} mm of skin")
    lines = {region: measure_lines(make_strip(face_map, frame), blur_mm) for region, frame in tools.frames.items()}
    portrait = make_portrait(photo.pixels, face, tools.landmarker.canonical)
    _, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(portrait, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _PORTRAIT_QUALITY]
    )
    return Examined(
        file=photo.file,
        sha256=photo.sha256,
        taken=photo.taken,
        full_width=photo.full_width,
        full_height=photo.full_height,
        reduction=photo.reduction,
        face=face,
        lines=lines,
        brows=make_brow_band(face_map, tools.atlas),
        blur_mm=blur_mm,
        lightness=lightness,
        skin=skin_print(face_map, tools.atlas),
        portrait=jpeg,
    )


def _lightness(face_map: FaceMap, atlas: Atlas) -> float:
    """Return the median lightness (0-255) of cheeks, nose and forehead."""
    values = []
    for landmark in (50, 280, 5, 151):
        x, y = np.round(atlas.points_px[landmark]).astype(int)
        reach = round(6 * atlas.px_per_mm)
        values.append(face_map.rgb[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach].reshape(-1, 3))
    return float(np.median(np.concatenate(values).astype(np.float32).mean(axis=1)))


def _in_picture(photo: Photo, face: Face) -> float:
    height, width = photo.pixels.shape[:2]
    x, y = face.landmarks_px[:, 0], face.landmarks_px[:, 1]
    return float(((x >= 0) & (y >= 0) & (x < width) & (y < height)).mean())


def _patch(image: NDArray[np.uint8], centre: NDArray[np.float64], reach: float) -> NDArray[np.uint8]:
    x, y, r = int(centre[0]), int(centre[1]), max(1, round(reach))
    return image[max(0, y - r) : y + r + 1, max(0, x - r) : x + r + 1]


def _behind_dark_glass(image: NDArray[np.uint8], face: Face) -> bool:
    """Tell whether the skin under both eyes is far darker than the cheeks below, as the eyes are, or grey."""
    reach = 2.5 * face.scale.px_per_mm
    dark = grey = 0
    for lid, cheek, iris in ((230, 36, 468), (450, 266, 473)):
        below = _patch(image, face.landmarks_px[lid, :2], reach)
        skin = _patch(image, face.landmarks_px[cheek, :2], reach)
        eye = _patch(image, face.landmarks_px[iris, :2], 2 * reach)
        if not (below.size and skin.size and eye.size):
            continue
        level = max(1.0, float(np.median(skin.mean(axis=-1))))
        dark += (
            float(np.median(below.mean(axis=-1))) < _DARK_GLASS * level
            and float(np.quantile(eye.mean(axis=-1), 0.9)) < 0.6 * level
        )
        colour, skin_colour = _colour(below), _colour(skin)
        grey += (
            skin_colour > _SKIN_COLOUR
            and colour < _GREY_GLASS * skin_colour
            and float(np.median(below.mean(axis=-1))) < _GREY_GLASS_LIGHT * level
        )
    return dark == 2 or grey == 2


def _colour(patch: NDArray[np.uint8]) -> float:
    red, green, blue = (float(v) for v in np.median(patch.reshape(-1, 3), axis=0))
    return (red - blue) / max(red + green + blue, 1.0)


def _blur_px(image: NDArray[np.uint8], face: Face) -> float:
    """Return the blur of the face [px, SD] from the edges of eyes and brows."""
    corners = face.landmarks_px[[70, 300, 230, 450, 168], :2]
    (x0, y0), (x1, y1) = np.maximum(corners.min(axis=0).astype(int) - 4, 0), corners.max(axis=0).astype(int) + 5
    patch = image[y0:y1, x0:x1]
    if min(patch.shape[:2]) < 16:
        return _SHARP_PX
    measured = edge_blur_px(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY))
    return measured if measured is not None and measured > _SOFT_PX else _SHARP_PX
