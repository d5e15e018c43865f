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

# Edge blur: the patch is smoothed by `pre` [px SD] against noise, then blurred again by `again`; a step edge of
# blur s loses gradient by sqrt((s^2 + pre^2 + again^2) / (s^2 + pre^2)). The coarse pair comes first: noise hardly
# touches it, and where it finds much blur there is nothing finer to see. (pre, again, believed from this blur on)
_SCALES = ((3.0, 4.0, 3.0), (1.6, 2.4, 1.4), (0.8, 1.6, 0.0))
_EDGE_SHARE = 0.02
_FEWEST_EDGES = 24
_SHARPEST = 0.25
_LEAST_GRADIENT = 0.8  # [levels/px] after smoothing; below lies what compression leaves
_OVER_NOISE = 6.0
_MOST_BLUR_PX = 10.0


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
    side = 192
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
    grey = patch.astype(np.float32)
    noise = _noise_sd(grey)
    found: float | None = None
    for pre, again, least in _SCALES:
        blur = _blur_at(grey, pre, again, noise)
        if blur is not None:
            found = blur
            if blur >= least:
                break
    return None if found is None else min(found, _MOST_BLUR_PX)


def _blur_at(grey: NDArray[np.float32], pre: float, again: float, noise: float) -> float | None:
    first = cv2.GaussianBlur(grey, (0, 0), pre)
    second = cv2.GaussianBlur(first, (0, 0), again)
    size, dx, dy = _gradient(first)
    size_again, _, _ = _gradient(second)
    margin = min(int(2 * again), min(grey.shape) // 4)
    inner = (slice(margin, -margin), slice(margin, -margin))
    # white noise of this SD leaves gradients of about noise / (sqrt(8 pi) pre^2) behind a Gaussian of SD pre
    floor = max(_LEAST_GRADIENT / pre, _OVER_NOISE * noise / (5.0 * pre**2))
    limit = max(float(np.quantile(size[inner], 1 - _EDGE_SHARE)), floor)
    # where the gradient is largest across its edge: only there does the ratio mean the blur of a step
    chosen = (_is_crest(size, dx, dy) & (size >= limit))[inner]
    if int(np.count_nonzero(chosen)) < _FEWEST_EDGES:
        return None
    ratio = size[inner][chosen] / np.maximum(size_again[inner][chosen], 1e-6)
    smoothed = again / np.sqrt(np.maximum(ratio**2 - 1, 1e-3))
    return float(np.quantile(np.sqrt(np.maximum(smoothed**2 - pre**2, 0)), _SHARPEST))


def _noise_sd(grey: NDArray[np.float32]) -> float:
    # Immerkaer 1996 (doi:10.1006/cviu.1996.0060), with the median, which edges do not move
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey, cv2.CV_32F, kernel)))) / (0.6745 * 6)


def _gradient(picture: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    dx = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    dy = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return cv2.magnitude(dx, dy), dx, dy  # type: ignore[return-value]


def _is_crest(size: NDArray[np.float32], dx: NDArray[np.float32], dy: NDArray[np.float32]) -> NDArray[np.bool_]:
    across = np.abs(dx) >= np.abs(dy)
    left, right = np.roll(size, 1, axis=1), np.roll(size, -1, axis=1)
    up, down = np.roll(size, 1, axis=0), np.roll(size, -1, axis=0)
    return np.where(across, (size >= left) & (size > right), (size >= up) & (size > down))
