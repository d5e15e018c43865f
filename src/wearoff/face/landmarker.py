"""The opened face models: a detector, the 478-point landmarker and the expression coefficients, run by LiteRT.

Sessions hold buffers and are not shared between threads or processes: open one `Landmarker` per worker.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face.canonical import CanonicalFace, read_canonical_face

Image = NDArray[np.uint8]
Points = NDArray[np.float64]

DETECTOR = "face_detector.tflite"
LANDMARKS = "face_landmarks_detector.tflite"
COEFFICIENTS = "face_blendshapes.tflite"
CANONICAL = "geometry_pipeline_metadata_landmarks.binarypb"
#: What `open_landmarker` needs, by name.
MODEL_NAMES = (DETECTOR, LANDMARKS, COEFFICIENTS, CANONICAL)

N_LANDMARKS = 478
_DETECTOR_PX = 128
_CROP_PX = 256
#: The margin around the landmarks that the network saw in training.
_MARGIN = 1.5
_OVERLAP_SAME_FACE = 0.3

# The 146 landmarks from which the coefficients are computed, as published with the model
# (mediapipe, face_blendshapes_graph.cc, Apache-2.0).
# fmt: off
_COEFFICIENT_LANDMARKS = np.array([
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251,
    263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318,
    321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477])
# fmt: on
COEFFICIENT_NAMES = (
    "neutral",
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekPuff",
    "cheekSquintLeft",
    "cheekSquintRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeLookDownLeft",
    "eyeLookDownRight",
    "eyeLookInLeft",
    "eyeLookInRight",
    "eyeLookOutLeft",
    "eyeLookOutRight",
    "eyeLookUpLeft",
    "eyeLookUpRight",
    "eyeSquintLeft",
    "eyeSquintRight",
    "eyeWideLeft",
    "eyeWideRight",
    "jawForward",
    "jawLeft",
    "jawOpen",
    "jawRight",
    "mouthClose",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthFunnel",
    "mouthLeft",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthPucker",
    "mouthRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "noseSneerLeft",
    "noseSneerRight",
)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square window on the image: centre [px], side [px] and rotation [rad]."""

    x: float
    y: float
    side: float
    angle: float


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found by the detector, with the box [px] around it."""

    score: float
    left: float
    top: float
    right: float
    bottom: float
    eye_angle: float

    @property
    def crop(self) -> Crop:
        """The window in which the landmarks are looked for."""
        side = _MARGIN * max(self.right - self.left, self.bottom - self.top)
        return Crop((self.left + self.right) / 2, (self.top + self.bottom) / 2, side, self.eye_angle)


def overlap(a: Detection, b: Detection) -> float:
    """Return the intersection of two boxes over their union (0 to 1)."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    area_a = (a.right - a.left) * (a.bottom - a.top)
    area_b = (b.right - b.left) * (b.bottom - b.top)
    return common / (area_a + area_b - common)


def _anchors() -> Points:
    """Return the 896 anchor centres of the short-range detector, in shares of the image, shape (896, 2)."""
    layers = []
    for cells, per_cell in ((16, 2), (8, 6)):
        centres = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(centres, centres, indexing="ij")
        layers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), per_cell, axis=0))
    return np.concatenate(layers)


def crop_around(points: Points) -> Crop:
    """Return the window that the landmarker expects around landmarks [px], shape (478, 2 or 3)."""
    eye_line = points[263, :2] - points[33, :2]
    angle = math.atan2(eye_line[1], eye_line[0])
    cos, sin = math.cos(angle), math.sin(angle)
    to_upright = np.array([[cos, sin], [-sin, cos]])
    upright = points[:, :2] @ to_upright.T
    low, high = upright.min(axis=0), upright.max(axis=0)
    centre = to_upright.T @ ((low + high) / 2)
    return Crop(float(centre[0]), float(centre[1]), _MARGIN * float((high - low).max()), angle)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the runtime's own chatter off standard error: it writes past Python and has no switch for it."""
    try:
        kept = os.dup(2)
    except OSError:  # no standard error at all
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@dataclass(frozen=True, eq=False)
class View:
    """The part of an image around a face, shrunk by a whole factor so that crops of it need no further smoothing."""

    pixels: Image
    shrink: int
    left: int
    top: int


def view_around(image: Image, crop: Crop) -> View:
    """Return the part of an image from which a crop and its jittered neighbours are taken."""
    shrink = int(crop.side * 0.95 / _CROP_PX)
    if shrink < 2:
        return View(image, 1, 0, 0)
    reach = crop.side * 0.85
    left, top = max(0, int(crop.x - reach)), max(0, int(crop.y - reach))
    part = image[top : int(crop.y + reach) + 1, left : int(crop.x + reach) + 1]
    rows, columns = part.shape[0] // shrink, part.shape[1] // shrink
    if not (rows and columns):
        return View(image, 1, 0, 0)
    part = part[: rows * shrink, : columns * shrink]
    pixels = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    return View(np.asarray(pixels, np.uint8), shrink, left, top)


class Landmarker:
    """The face models, opened; give it images, it gives detections, landmarks and coefficients."""

    def __init__(self, models: Mapping[str, bytes], threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter  # here: it takes 0.2 s that `--help` need not pay

        def opened(name: str) -> Interpreter:
            interpreter = Interpreter(model_content=models[name], num_threads=threads)
            interpreter.allocate_tensors()
            return interpreter

        self.canonical: CanonicalFace = read_canonical_face(models[CANONICAL])
        with _quiet():
            self._detector = opened(DETECTOR)
            self._landmarks = opened(LANDMARKS)
            self._coefficients = opened(COEFFICIENTS)
        self._detector_out = {o["name"]: o["index"] for o in self._detector.get_output_details()}
        self._landmarks_out = [o["index"] for o in self._landmarks.get_output_details()]
        self._anchors = _anchors()

    def detect(self, image: Image, min_score: float = 0.5) -> list[Detection]:
        """Return the faces in an RGB image, shape (h, w, 3), best first; faces below 1/8 of the width are missed."""
        height, width = image.shape[:2]
        scale = _DETECTOR_PX / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # every fourth row of a large image is plenty for 128 pixels, and a quarter of the work
        thin = image[:: 4 if scale < 1 / 8 else 1]
        small = cv2.resize(thin, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        left, top = (_DETECTOR_PX - size[0]) // 2, (_DETECTOR_PX - size[1]) // 2
        square = np.zeros((_DETECTOR_PX, _DETECTOR_PX, 3), np.float32)
        square[top : top + size[1], left : left + size[0]] = small
        square[top : top + size[1], left : left + size[0]] /= 127.5
        square -= 1
        self._detector.set_tensor(self._detector.get_input_details()[0]["index"], square[None])
        self._detector.invoke()
        logits = self._detector.get_tensor(self._detector_out["classificators"])[0, :, 0].astype(np.float64)
        scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
        kept = np.flatnonzero(scores >= min_score)
        if not kept.size:
            return []
        raw = self._detector.get_tensor(self._detector_out["regressors"])[0][kept].astype(np.float64)
        raw = raw.reshape(-1, 8, 2) / _DETECTOR_PX
        centre = raw[:, 0] + self._anchors[kept]
        eyes = raw[:, 2:4] + self._anchors[kept][:, None]
        table = np.concatenate([centre - raw[:, 1] / 2, centre + raw[:, 1] / 2, eyes.reshape(-1, 4)], axis=1)
        shift = np.array([left, top] * 4) / _DETECTOR_PX
        table = (table - shift) * _DETECTOR_PX / np.array([size[0] / width, size[1] / height] * 4)
        return _merged(table, scores[kept])

    def landmarks(self, view: View, crop: Crop) -> tuple[Points, float]:
        """Return the landmarks seen through one crop and the probability that it shows a face.

        Shape (478, 3): x, y [px, pixel centres at whole numbers] and depth z [same unit, towards the camera negative].
        """
        zoom = crop.side / _CROP_PX
        cos, sin = zoom * math.cos(crop.angle), zoom * math.sin(crop.angle)
        half = _CROP_PX / 2
        # From crop to image, both with pixel corners at whole numbers, so that a change of size moves nothing.
        to_image = np.array(
            [[cos, -sin, crop.x + 0.5 - half * (cos - sin)], [sin, cos, crop.y + 0.5 - half * (sin + cos)]]
        )
        warp = to_image.copy()
        warp[:, 2] -= (view.left, view.top)
        warp /= view.shrink
        warp[:, 2] += warp[:, :2] @ (0.5, 0.5) - 0.5  # from pixel corners to pixel centres
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(view.pixels, warp, (_CROP_PX, _CROP_PX), flags=flags)
        self._landmarks.set_tensor(self._landmarks.get_input_details()[0]["index"], np.float32(seen[None]) / 255)
        self._landmarks.invoke()
        raw = self._landmarks.get_tensor(self._landmarks_out[0]).reshape(-1, 3).astype(np.float64)
        logit = float(self._landmarks.get_tensor(self._landmarks_out[1]).ravel()[0])
        points = np.empty((N_LANDMARKS, 3))
        points[:, :2] = raw[:, :2] @ to_image[:, :2].T + to_image[:, 2] - 0.5
        points[:, 2] = raw[:, 2] * zoom
        return points, 1 / (1 + math.exp(-max(-80.0, min(80.0, logit))))

    def coefficients(self, points: Points) -> dict[str, float]:
        """Return the 52 expression coefficients (0 to 1) of landmarks [px], by their published names."""
        chosen = points[_COEFFICIENT_LANDMARKS, :2].astype(np.float32)
        self._coefficients.set_tensor(self._coefficients.get_input_details()[0]["index"], chosen[None])
        self._coefficients.invoke()
        out = self._coefficients.get_tensor(self._coefficients.get_output_details()[0]["index"]).ravel()
        return {name: float(value) for name, value in zip(COEFFICIENT_NAMES, out, strict=True)}


def _detection(score: float, row: Points) -> Detection:
    """Return a row of the detector's table (box, then both eyes) as a detection."""
    left, top, right, bottom = (float(v) for v in row[:4])
    return Detection(score, left, top, right, bottom, math.atan2(row[7] - row[5], row[6] - row[4]))


def _merged(table: Points, scores: NDArray[np.float64]) -> list[Detection]:
    """Merge overlapping boxes into their mean weighted by score, best first."""
    boxes = [_detection(float(s), row) for row, s in zip(table, scores, strict=True)]
    order = list(np.argsort(-scores))
    out = []
    while order:
        best = order[0]
        group = [i for i in order if i == best or overlap(boxes[best], boxes[i]) > _OVERLAP_SAME_FACE]
        weight = scores[group] / scores[group].sum()
        mean = weight @ table[group]
        out.append(_detection(float(scores[best]), mean))
        order = [i for i in order if i not in group]
    return out
