"""The camera's own marks: exposure, white balance, blur, sensor noise, tone curve, sharpening."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.phantom.lines import FloatMap


@dataclass(frozen=True)
class CameraSpec:
    """How the camera turns light into a picture.

    `metering` is how far exposure follows the face: 1 brings every face to the same grey, 0 goes by the room's light.
    """

    exposure: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur_px: float = 0.6
    noise: float = 0.010
    sharpen: float = 0.35
    vignette: float = 0.10
    bloom: float = 0.03
    metering: float = 1.0


def auto_exposure(light: FloatMap, room: float, metering: float, aim: float = 0.30) -> float:
    """Return the gain that brings the middle of the picture to `aim` (linear), as a phone metering the face would.

    `room` is what light skin would show in the room's light; with `metering` below 1 dark skin stays darker.
    """
    rows, columns = light.shape[:2]
    middle = light[rows // 3 : 3 * rows // 4, columns // 3 : 2 * columns // 3]
    face = max(float(np.median(middle.mean(axis=-1))), 1e-6)
    return float(aim / (face**metering * room ** (1 - metering)))


def auto_balance(colour: tuple[float, float, float], strength: float = 0.75) -> tuple[float, float, float]:
    """Return channel gains that take most of a light's colour out, as phones do; green stays."""
    r, g, b = ((colour[1] / c) ** strength for c in colour)
    return r, g, b


def tone(x: FloatMap) -> FloatMap:
    """Return display values (0-1) of linear light: sRGB encoding with a soft shoulder and a slight toe."""
    x = np.clip(x, 0, None)
    x = np.where(x < 0.6, x, 0.6 + 0.4 * (1 - np.exp(-(x - 0.6) / 0.4)))
    s = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(np.maximum(x, 1e-8), 1 / 2.4) - 0.055)
    return np.asarray(s + 0.045 * np.sin(2 * np.pi * (s - 0.5)) * 0.6, dtype=np.float32)


def develop(light: FloatMap, spec: CameraSpec, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the 8-bit sRGB picture [rows x columns x 3] a phone makes of linear light."""
    rows, columns = light.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    r2 = ((x - columns / 2) ** 2 + (y - rows / 2) ** 2) / (0.25 * (rows**2 + columns**2))
    image = light * (spec.exposure * (1 - spec.vignette * r2))[..., None] * np.array(spec.balance, np.float32)
    if spec.bloom:
        image = (1 - spec.bloom) * image + spec.bloom * cv2.GaussianBlur(np.minimum(image, 4), (0, 0), 22)
    if spec.blur_px:
        image = cv2.GaussianBlur(image, (0, 0), spec.blur_px)
    sigma = spec.noise * np.sqrt(np.clip(image, 0, 1) + 0.01)
    grain = rng.standard_normal(image.shape).astype(np.float32)
    grain = 0.55 * grain + 0.45 * grain.mean(axis=-1, keepdims=True) * 1.7
    image = image + sigma * grain
    shown = tone(np.asarray(image, np.float32))
    if spec.sharpen:
        shown = shown + spec.sharpen * (shown - cv2.GaussianBlur(shown, (0, 0), 1.3))
    return np.asarray(np.clip(shown * 255 + 0.5, 0, 255), dtype=np.uint8)
