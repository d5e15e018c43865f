"""How well a photo is exposed, and how sharp it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

#: Luma [0-255] at or below which a pixel counts as black, and at or above which it counts as burnt out.
DARK_LUMA = 6
BRIGHT_LUMA = 250

_STEP = 8  # every 8th pixel each way is plenty for shares of a picture

# Edge blur: the picture is smoothed by _PRE [px SD] against noise, then blurred again by _AGAIN;
# a step edge of blur s loses gradient by sqrt((s^2 + _PRE^2 + _AGAIN^2) / (s^2 + _PRE^2)).
_PRE_PX = 0.8
_AGAIN_PX = 1.6
_EDGE_SHARE = 0.02
_FEWEST_EDGES = 24
_SHARPEST = 0.25
_FEWEST_LEVELS = 6.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Exposure and sharpness of a whole photo.

    `mean_luma` [0-255, Rec. 601], `clipped_dark` and `clipped_bright` (shares of the pixels, 0-1) and `blur_px`,
    the blur of the sharpest edges in the middle of the picture [px, SD of a Gaussian; None without edges].
    Whether a *face* is well exposed and sharp is for the face stage to say, from `edge_blur_px` of its patch.
    """

    mean_luma: float
    clipped_dark: float
    clipped_bright: float
    blur_px: float | None


def quality_of(pixels: NDArray[np.uint8]) -> Quality:
    """Judge a picture, (h, w, 3) uint8 sRGB, from every 8th pixel for exposure and its middle for sharpness."""
    few = pixels[::_STEP, ::_STEP].astype(np.uint32)
    luma = (few[..., 0] * 299 + few[..., 1] * 587 + few[..., 2] * 114) // 1000
    height, width = pixels.shape[:2]
    side = 256
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    middle = cv2.cvtColor(pixels[top : top + side, left : left + side], cv2.COLOR_RGB2GRAY)
    return Quality(
        mean_luma=float(luma.mean()),
        clipped_dark=float((luma <= DARK_LUMA).mean()),
        clipped_bright=float((luma >= BRIGHT_LUMA).mean()),
        blur_px=edge_blur_px(middle),
    )


def edge_blur_px(patch: NDArray[Any]) -> float | None:
    """Estimate the blur of a grey patch, (h, w), as the SD of a Gaussian [px]; None if it has no clear edges.

    Re-blurs the patch and compares the gradients at its strongest edges (Zhuo & Sim 2011,
    doi:10.1016/j.patcog.2011.03.009); the sharper quarter of the edges counts, because skin is soft by itself.
    A lower value is sharper; differences below 0.3 px mean nothing, nor do values above 8 px but "very blurred".
    """
    if patch.ndim != 2:
        raise ValueError(f"a grey patch has two dimensions, not {patch.ndim}")
    if min(patch.shape) < 16:
        return None
    first = cv2.GaussianBlur(patch.astype(np.float32), (0, 0), _PRE_PX)
    second = cv2.GaussianBlur(first, (0, 0), _AGAIN_PX)
    size_1, dx, dy = _gradient(first)
    size_2, _, _ = _gradient(second)
    # where the gradient is largest across its edge: only there does the ratio mean the blur of a step
    crest = _is_crest(size_1, dx, dy)
    inner = np.zeros_like(crest)
    inner[6:-6, 6:-6] = True
    candidates = size_1[crest & inner]
    if candidates.size < _FEWEST_EDGES:
        return None
    limit = max(float(np.quantile(size_1[6:-6, 6:-6], 1 - _EDGE_SHARE)), _FEWEST_LEVELS / 4)
    chosen = crest & inner & (size_1 >= limit)
    if int(chosen.sum()) < _FEWEST_EDGES:
        return None
    ratio = size_1[chosen] / np.maximum(size_2[chosen], 1e-6)
    total = _AGAIN_PX / np.sqrt(np.maximum(ratio**2 - 1, 1e-3))
    blur = np.sqrt(np.maximum(total**2 - _PRE_PX**2, 0))
    return float(min(np.quantile(blur, _SHARPEST), 10.0))


def _gradient(picture: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    dx = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    dy = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return cv2.magnitude(dx, dy), dx, dy  # type: ignore[return-value]


def _is_crest(size: NDArray[np.float32], dx: NDArray[np.float32], dy: NDArray[np.float32]) -> NDArray[np.bool_]:
    across = np.abs(dx) >= np.abs(dy)
    left, right = np.roll(size, 1, axis=1), np.roll(size, -1, axis=1)
    up, down = np.roll(size, 1, axis=0), np.roll(size, -1, axis=0)
    return np.where(across, (size >= left) & (size > right), (size >= up) & (size > down))
