"""Face -> FaceMap: the photo resampled into the canonical frame."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wearoff.face.atlas import Atlas
from wearoff.face.canonical import N_MESH
from wearoff.face.values import Face, FaceMap

#: Skin seen at less than this share of the face's own sampling is turned too far away to be measured.
_MIN_SAMPLING = 0.35


def make_face_map(image: NDArray[np.uint8], face: Face, atlas: Atlas) -> FaceMap:
    """Return the face map of a face in its RGB image, shape (h, w, 3)."""
    where = _warp(face.landmarks_px[:N_MESH, :2], atlas)
    sampling = _sampling(where, atlas)
    to_x, to_y = _dense(where[..., 0], atlas), _dense(where[..., 1], atlas)
    # Sampling far above the map's own rate would alias: shrink the photo first.
    shrink = int(np.median(sampling[atlas.inside]) / atlas.px_per_mm)
    if shrink >= 2:
        rows, columns = image.shape[0] // shrink * shrink, image.shape[1] // shrink * shrink
        source = cv2.resize(image[:rows, :columns], (columns // shrink, rows // shrink), interpolation=cv2.INTER_AREA)
        to_x, to_y = (np.float32((v + 0.5) / shrink - 0.5) for v in (to_x, to_y))  # type: ignore[assignment]
    else:
        source = image
    rgb = cv2.remap(source, to_x, to_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    height, width = source.shape[:2]
    in_photo = (to_x >= 0) & (to_y >= 0) & (to_x <= width - 1) & (to_y <= height - 1)
    inside = cv2.resize(atlas.inside.astype(np.uint8), (atlas.width, atlas.height), interpolation=cv2.INTER_NEAREST)
    dense_sampling = _dense(sampling, atlas)
    facing = dense_sampling > _MIN_SAMPLING * face.scale.px_per_mm
    return FaceMap(
        rgb=rgb.astype(np.uint8),
        valid=in_photo & facing & (inside > 0),
        sampling_px_per_mm=dense_sampling,
        px_per_mm=atlas.px_per_mm,
    )


def dense_warp(face: Face, atlas: Atlas) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for each pixel of the canonical frame its place in the photo: x and y [px], shape (h, w) each."""
    where = _warp(face.landmarks_px[:N_MESH, :2], atlas)
    return _dense(where[..., 0], atlas), _dense(where[..., 1], atlas)


def _warp(landmarks: NDArray[np.float64], atlas: Atlas) -> NDArray[np.float32]:
    """Return for each node of the atlas its place in the photo [px], shape (h', w', 2)."""
    return np.asarray(np.einsum("hwk,hwkc->hwc", atlas.shares, landmarks[atlas.corners]), np.float32)


def _sampling(where: NDArray[np.float32], atlas: Atlas) -> NDArray[np.float32]:
    """Return the smaller stretch of the warp at each node, in pixels of the photo per millimetre of skin."""
    step_mm = atlas.stride / atlas.px_per_mm
    down, right = np.gradient(where, step_mm, axis=0), np.gradient(where, step_mm, axis=1)
    a = (right**2).sum(axis=-1)
    b = (down**2).sum(axis=-1)
    c = (right * down).sum(axis=-1)
    smaller = (a + b) / 2 - np.sqrt(((a - b) / 2) ** 2 + c**2)
    return np.asarray(np.sqrt(np.maximum(smaller, 0)), np.float32)


def _dense(coarse: NDArray[np.float32], atlas: Atlas) -> NDArray[np.float32]:
    """Interpolate a layer from the nodes to every pixel of the frame."""
    height, width = coarse.shape
    # Pixel k of the frame lies at node k / stride: a plain affine change, bilinear between nodes.
    scale = 1.0 / atlas.stride
    matrix = np.array([[scale, 0, 0], [0, scale, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(
        np.ascontiguousarray(coarse), matrix, (atlas.width, atlas.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    assert out.shape == (atlas.height, atlas.width)
    assert (height, width) == atlas.inside.shape
    return np.asarray(out, np.float32)
