"""Skin: colour and fine relief on the sheet of skin coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from wearoff.errors import InputError
from wearoff.phantom.hair import hairline_mm
from wearoff.phantom.head import CYLINDER_MM, Head
from wearoff.phantom.lines import FloatMap, Sheet


@dataclass(frozen=True)
class SkinSpec:
    """How a person's skin looks: linear reflectance (r, g, b) and how much of each texture there is (1 is usual)."""

    reflectance: tuple[float, float, float] = (0.60, 0.385, 0.285)
    redness: float = 1.0
    freckles: int = 260
    moles: int = 7
    pores: float = 1.0
    beard: float = 0.0
    lips: tuple[float, float, float] = (0.50, 0.215, 0.18)


def _noise(rng: np.random.Generator, shape: tuple[int, int], sigma_px: float) -> FloatMap:
    shrink = max(1, int(sigma_px / 3))
    small = (shape[0] // shrink + 2, shape[1] // shrink + 2)
    field = cv2.GaussianBlur(rng.standard_normal(small).astype(np.float32), (0, 0), sigma_px / shrink)
    field = cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray((field - field.mean()) / (field.std() + 1e-9), dtype=np.float32)


def _spot(u: FloatMap, v: FloatMap, at: tuple[float, float], wide: float, high: float) -> FloatMap:
    return np.asarray(np.exp(-(((u - at[0]) / wide) ** 2) - ((v - at[1]) / high) ** 2), dtype=np.float32)


def _dots(
    rng: np.random.Generator,
    sheet: Sheet,
    where: np.ndarray,
    radius_mm: tuple[float, float],
    strength: tuple[float, float],
) -> FloatMap:
    """Small irregular round spots at skin coordinates `where` [n x 2, mm]."""
    out = np.zeros(sheet.shape, np.float32)
    rows, columns = sheet.shape
    for x, y in sheet.to_px(where):
        r = rng.uniform(*radius_mm) * sheet.px_per_mm
        k = int(3 * r) + 2
        x0, x1, y0, y1 = (int(x) - k, int(x) + k, int(y) - k, int(y) + k)
        if x0 < 0 or y0 < 0 or x1 >= columns or y1 >= rows:
            continue
        gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        angle = np.arctan2(gy - y, gx - x)
        wobble = 1 + 0.18 * np.sin(2 * angle + rng.uniform(0, 6)) + 0.1 * np.sin(3 * angle + rng.uniform(0, 6))
        d = np.hypot(gx - x, gy - y) / (r * wobble)
        spot = rng.uniform(*strength) / (1 + np.exp(6 * (d - 1)))
        out[y0:y1, x0:x1] = np.maximum(out[y0:y1, x0:x1], spot)
    return out


def original_texture(
    head: Head, sheet: Sheet, name: str, uv_base: np.ndarray, box: tuple[float, float, float, float]
) -> FloatMap:
    """Carry one of the base mesh's grey masks (`mpfb_lips` ...) over to the sheet inside box (u0, u1, v0, v1) [mm]."""
    path = head.base.folder / "mpfb2" / "textures" / f"{name}.jpg"
    raw = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if raw is None:
        raise InputError(f"The mesh data has no texture {name!r}.", f"It should be at {path}.")
    image = raw.astype(np.float32) / 255
    fine = head.mesh.matrix @ uv_base[head.used]
    column = np.clip((fine[:, 0] * image.shape[1]).astype(int), 0, image.shape[1] - 1)
    row = np.clip(((1 - fine[:, 1]) * image.shape[0]).astype(int), 0, image.shape[0] - 1)
    value = cv2.GaussianBlur(image, (0, 0), 1.0)[row, column]
    u0, u1, v0, v1 = box
    uv = head.uv
    keep = (uv[:, 0] > u0) & (uv[:, 0] < u1) & (uv[:, 1] > v0) & (uv[:, 1] < v1) & (head.front > 0.4)
    u, v = sheet.grid()
    inside = (u > u0 + 2) & (u < u1 - 2) & (v > v0 + 2) & (v < v1 - 2)
    out = np.zeros(sheet.shape, np.float32)
    out[inside] = np.nan_to_num(LinearNDInterpolator(uv[keep], value[keep])(np.stack([u[inside], v[inside]], axis=1)))
    return out


def relief_mm(rng: np.random.Generator, sheet: Sheet, spec: SkinSpec) -> FloatMap:
    """Return the fine relief of the skin [mm]: pores, cross-hatched grain, soft unevenness."""
    shape = sheet.shape
    px = sheet.px_per_mm
    u, v = sheet.grid()
    oily = 0.5 + _spot(u, v, (0, -30), 34, 30) + 0.5 * _spot(u, v, (0, 45), 50, 25)
    grain = _noise(rng, shape, 0.22 * px)
    wide = _noise(rng, shape, 0.6 * px)
    holes = np.clip(-grain - 1.1, 0, None)
    return np.asarray(
        spec.pores * (0.005 * grain + 0.009 * wide - 0.030 * oily * holes) + 0.02 * _noise(rng, shape, 5.0 * px),
        dtype=np.float32,
    )


def reflectance(
    rng: np.random.Generator, head: Head, sheet: Sheet, spec: SkinSpec, lips: FloatMap, relief: FloatMap
) -> FloatMap:
    """Return the linear reflectance [rows x columns x 3] of the skin without its lines."""
    shape = sheet.shape
    px = sheet.px_per_mm
    u, v = sheet.grid()
    # amounts of melanin and blood over the usual; Beer-Lambert in three channels
    blood = (
        0.05 * _noise(rng, shape, 7 * px) + 0.03 * _noise(rng, shape, 1.5 * px) + 0.05 * _noise(rng, shape, 0.4 * px)
    )
    melanin = (
        0.03 * _noise(rng, shape, 9 * px) + 0.025 * _noise(rng, shape, 1.0 * px) + 0.02 * _noise(rng, shape, 0.3 * px)
    )
    red = spec.redness
    for side in (-1, 1):
        blood = blood + red * 0.26 * _spot(u, v, (side * 46, -36), 24, 19)
        melanin = melanin + 0.20 * _spot(u, v, (side * 33, -15), 15, 6) + 0.10 * _spot(u, v, (side * 34, 4), 20, 10)
        blood = blood + 0.22 * _spot(u, v, (side * 33, -14), 17, 7) + 0.25 * _spot(u, v, (side * 30, 2), 18, 8)
    blood = blood + red * 0.30 * _spot(u, v, (0, -38), 15, 13) + red * 0.18 * _spot(u, v, (0, -92), 20, 12)
    blood = blood + red * 0.22 * (_spot(u, v, (-15, -42), 5, 6) + _spot(u, v, (15, -42), 5, 6))
    blood = blood - 0.10 * _spot(u, v, (0, 50), 60, 28)
    pores = np.clip(-relief / 0.03, 0, 2.5)
    melanin = melanin + 0.03 * pores
    n = spec.freckles
    sides = rng.choice([-1, 1], n)
    spots = np.stack([sides * np.abs(rng.normal(38, 20, n)), rng.normal(-26, 20, n)], axis=1)
    nose = np.stack([rng.normal(0, 12, n // 4), rng.normal(-20, 9, n // 4)], axis=1)
    brow = np.stack([rng.normal(0, 45, n // 4), rng.normal(48, 15, n // 4)], axis=1)
    melanin = melanin + _dots(rng, sheet, np.concatenate([spots, nose, brow]), (0.25, 0.75), (0.06, 0.32))
    moles = np.stack([rng.uniform(-75, 75, spec.moles), rng.uniform(-100, 60, spec.moles)], axis=1)
    mole = _dots(rng, sheet, moles, (0.6, 1.5), (0.7, 1.5))
    melanin = melanin + mole
    if spec.beard:
        zone = np.clip(_spot(u, v, (0, -88), 75, 32) - 0.55 * _spot(u, v, (0, -62), 18, 9), 0, 1)
        melanin = melanin + spec.beard * zone * (0.35 + 0.25 * np.clip(_noise(rng, shape, 0.25 * px) - 0.4, 0, 2))
    base = np.array(spec.reflectance, dtype=np.float32)
    absorb_melanin = np.array([0.42, 0.72, 1.05], dtype=np.float32)
    absorb_blood = np.array([0.10, 0.62, 0.52], dtype=np.float32)
    skin = base * np.exp(-melanin[..., None] * absorb_melanin - blood[..., None] * absorb_blood)
    soft = 0.9 * cv2.GaussianBlur(lips, (0, 0), 0.6 * px)
    mouth = np.array(spec.lips, dtype=np.float32) * (1 + 0.06 * _noise(rng, shape, 0.5 * px))[..., None]
    return np.asarray(np.clip(skin * (1 - soft[..., None]) + mouth * soft[..., None], 0.01, 0.95), dtype=np.float32)


def under_hair(colour: FloatMap, sheet: Sheet, scalp: tuple[float, float, float]) -> FloatMap:
    """Darken the scalp under the hair."""
    u, v = sheet.grid()
    angle = np.degrees(u / CYLINDER_MM)
    above = v - hairline_mm(angle).astype(np.float32)
    cover = np.clip((above - 2.0) / 6.0, 0, 1)
    return np.asarray(
        colour * (1 - 0.85 * cover[..., None]) + 0.85 * cover[..., None] * np.array(scalp, np.float32), dtype=np.float32
    )


def gloss(sheet: Sheet, lips: FloatMap) -> FloatMap:
    """Return how much the surface reflects (0-1): more on forehead, nose and lips, hardly any on the scalp."""
    u, v = sheet.grid()
    above = v - hairline_mm(np.degrees(u / CYLINDER_MM)).astype(np.float32)
    shine = 0.34 + 0.14 * _spot(u, v, (0, -22), 16, 30) + 0.10 * _spot(u, v, (0, 45), 45, 22) + 0.25 * lips
    return np.asarray(shine * (1 - 0.95 * np.clip(above / 6.0, 0, 1)), dtype=np.float32)


def with_lines(colour: FloatMap, depth_mm: FloatMap) -> FloatMap:
    """Darken and redden the skin in grooves of the given depth [mm]: less light reaches their floor."""
    shade = np.minimum(depth_mm, 1.2)[..., None]
    return np.asarray(colour * np.exp(-shade * np.array([0.28, 0.46, 0.50], dtype=np.float32)), dtype=np.float32)
