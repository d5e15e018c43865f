"""A synthetic person: everything that stays the same from photo to photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from wearoff.phantom import eyes, hair, lines, skin
from wearoff.phantom.expression import Strength
from wearoff.phantom.glasses import GlassesSpec
from wearoff.phantom.head import CYLINDER_MM, Head
from wearoff.phantom.lines import FloatMap
from wearoff.phantom.mesh import BaseMesh
from wearoff.phantom.scene import Look
from wearoff.phantom.softness import FLAT
from wearoff.terms import Region

#: Static and dynamic depth [mm] of each region's deepest line.
Depths = Mapping[Region, tuple[float, float]]


@dataclass(frozen=True)
class PersonSpec:
    """What a person is drawn from; all chance comes from `seed`.

    `identity` weighs the base mesh's targets, `depths_mm` says how deep each region's lines are at rest (static) and
    what a full contraction adds (dynamic) [mm]; eumelanin and pheomelanin colour the hair, shirt is linear r, g, b.
    """

    seed: int
    identity: Mapping[str, float]
    depths_mm: Depths
    skin: skin.SkinSpec = field(default_factory=skin.SkinSpec)
    eye: eyes.EyeSpec = field(default_factory=eyes.EyeSpec)
    hair: hair.HairSpec = field(default_factory=hair.HairSpec)
    strength: Strength = field(default_factory=Strength)
    forehead_lines: int = 4
    crease_mm: float = 0.28
    eumelanin: float = 0.9
    pheomelanin: float = 0.35
    shirt: tuple[float, float, float] = (0.10, 0.16, 0.22)
    glasses: GlassesSpec | None = None
    flat: tuple[float, float, float] = FLAT


class Person:
    """The drawn person: mesh, skin maps, lines and hair, shared by all their photos."""

    def __init__(self, base: BaseMesh, spec: PersonSpec, levels: int = 3, sheet: lines.Sheet | None = None) -> None:
        self.spec = spec
        self.sheet = sheet or lines.Sheet()
        seeds = np.random.SeedSequence(spec.seed).spawn(8)
        rng = [np.random.default_rng(seed) for seed in seeds]
        self.head = Head(base, spec.identity, levels)
        lips = skin.original_texture(self.head, self.sheet, "mpfb_lips", base.uv, (-40, 40, -110, -40))
        self.relief = skin.relief_mm(rng[0], self.sheet, spec.skin)
        bare = skin.reflectance(rng[1], self.head, self.sheet, spec.skin, lips, self.relief)
        dark = max(spec.eumelanin, 0.3)
        self.colour = skin.under_hair(bare, self.sheet, (0.035 / dark, 0.022 / dark, 0.014 / dark))
        strokes = {
            Region.FOREHEAD: lines.forehead_lines(rng[2], spec.forehead_lines),
            Region.GLABELLA: lines.glabellar_lines(rng[3]),
            Region.CROWS_FEET_LEFT: lines.crows_feet(rng[4], self.head.anchor("canthus_left")),
            Region.CROWS_FEET_RIGHT: lines.crows_feet(rng[4], self.head.anchor("canthus_right")),
        }
        self.families = {
            region: lines.Family(region, tuple(strokes[region]), *spec.depths_mm[region])
            for region in Region
            if region in spec.depths_mm
        }
        #: groove and relief at unit depth
        self.maps = {region: lines.draw(self.sheet, fam.strokes, fam.bulge) for region, fam in self.families.items()}
        area = texel_mm2(self.head, self.sheet)
        #: integral of the grooves over the skin [mm³] per millimetre of depth
        self.unit_mm3 = {region: float((groove * area).sum()) for region, (groove, _) in self.maps.items()}
        self.creases = lines.draw(self.sheet, lines.creases(np.random.default_rng([spec.seed, 1])), 0.15)
        self.strands = hair.scalp_strands(rng[5], self.head, spec.hair)
        self.brows = hair.brow_roots(rng[6], self.head, spec.hair)
        self.lash_seed, eye_seed = seeds[7].spawn(2)
        eye_rng = np.random.default_rng(eye_seed)
        left, right = (eyes.paint(eye_rng, spec.eye, self.head.eye_radius, nasal) for nasal in (-1.0, 1.0))
        self.look = Look(
            self.sheet,
            skin.gloss(self.sheet, lips),
            (left, right),
            spec.eumelanin,
            spec.pheomelanin,
            spec.shirt,
            spec.flat,
        )

    def severity_mm3(self, region: Region, contraction: float) -> tuple[float, float]:
        """Return the true severity of a region's lines [mm³], static and dynamic part, at a contraction (1 is full)."""
        family = self.families[region]
        return family.static_mm * self.unit_mm3[region], family.dynamic_mm * contraction * self.unit_mm3[region]


def texel_mm2(head: Head, sheet: lines.Sheet) -> FloatMap:
    """Return the area of resting skin [mm²] under each texel of the sheet.

    The sheet is a cylinder of radius R; a patch of skin at radius r, inclined by an angle a to it, is r / (R cos a)
    times as large. Averaged in cells of 2 mm, where skin faces outward.
    """
    outward = head.rest - np.array([0, 0, head.axis_z])
    outward[:, 1] = 0
    radius = np.linalg.norm(outward, axis=1)
    cosine = np.abs((outward / np.maximum(radius, 1e-6)[:, None] * head.rest_normals).sum(axis=1))
    stretch = radius / CYLINDER_MM / np.clip(cosine, 0.25, 1)
    step = round(2 * sheet.px_per_mm)
    rows, columns = (n // step + 1 for n in sheet.shape)
    cell = np.clip(np.floor(sheet.to_px(head.uv) / step).astype(int), 0, [columns - 1, rows - 1])
    total = np.zeros((rows, columns))
    count = np.zeros((rows, columns))
    np.add.at(total, (cell[:, 1], cell[:, 0]), stretch * head.front)
    np.add.at(count, (cell[:, 1], cell[:, 0]), head.front)
    coarse = np.where(count > 0.5, total / np.maximum(count, 1e-9), 1.0)
    fine = np.kron(coarse, np.ones((step, step)))[: sheet.shape[0], : sheet.shape[1]]
    return np.asarray(fine / sheet.px_per_mm**2, dtype=np.float32)
