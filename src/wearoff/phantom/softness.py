"""Skin's softness: diffuse light leaves the skin some way off where it entered, red furthest."""

from __future__ import annotations

import cv2
import numpy as np

from wearoff.phantom.lines import FloatMap

#: Usual reflectance of the skin in the diffuse pass; its bounce light is that of skin. Near the person's own colour,
#: or pixels that are part hair take noise from the difference.
FLAT = (0.55, 0.40, 0.32)

#: Spread of light in skin as sums of Gaussians (sigma [mm], share) for red, green and blue;
#: shape after d'Eon and Luebke's fit of a three-layer skin (GPU Gems 3, chapter 14), without its widest lobe.
LOBES_MM = (
    ((0.25, 0.35), (0.9, 0.35), (2.2, 0.30)),
    ((0.20, 0.62), (0.7, 0.28), (1.3, 0.10)),
    ((0.18, 0.78), (0.5, 0.22)),
)


def assemble(
    diffuse: FloatMap,
    gloss: FloatMap,
    colour: FloatMap,
    cover: FloatMap,
    px_per_mm: float,
    flat: tuple[float, float, float] = FLAT,
) -> FloatMap:
    """Spread the diffuse light in the skin, give it the skin's colour, and lay the gloss on top.

    All layers are linear light [rows x columns x 3]; `cover` is the share of skin in a pixel, `colour` the skin's
    reflectance times that share. Pixels that are part hair, part skin keep their unspread hair.
    """
    solid = np.clip((cover - 0.92) / 0.08, 0, 1)
    skin = np.array(flat, np.float32)
    light = diffuse / skin
    spread = np.empty_like(light)
    for channel, lobes in enumerate(LOBES_MM):
        total = np.zeros(light.shape[:2], np.float32)
        for sigma_mm, share in lobes:
            sigma = sigma_mm * px_per_mm
            weight = cv2.GaussianBlur(solid[..., 0], (0, 0), sigma) + 1e-4
            total += share * cv2.GaussianBlur(light[..., channel] * solid[..., 0], (0, 0), sigma) / weight
        spread[..., channel] = total
    pure = colour * spread
    mixed = diffuse + spread * (colour - cover * skin)
    return np.asarray(np.clip(solid * pure + (1 - solid) * mixed + gloss * cover, 0, None), dtype=np.float32)
