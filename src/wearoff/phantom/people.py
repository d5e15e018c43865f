"""From a person and a photo's circumstances to a picture and its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearoff.phantom import camera, eyes, hair, lines, scene, skin
from wearoff.phantom.expression import Muscles, Strength, contract, measure
from wearoff.phantom.head import Head
from wearoff.phantom.lines import FloatMap
from wearoff.phantom.mesh import BaseMesh
from wearoff.terms import OWN_EXPRESSION, Expression, Region
from wearoff.units import FloatArray

#: Static and dynamic depth [mm] of each region's lines.
Depths = Mapping[Region, tuple[float, float]]


@dataclass(frozen=True)
class PersonSpec:
    """A synthetic person: everything that stays the same from photo to photo, drawn from `seed`."""

    seed: int
    identity: Mapping[str, float]
    depths_mm: Depths
    skin: skin.SkinSpec = field(default_factory=skin.SkinSpec)
    eye: eyes.EyeSpec = field(default_factory=eyes.EyeSpec)
    hair: hair.HairSpec = field(default_factory=hair.HairSpec)
    strength: Strength = field(default_factory=Strength)
    forehead_lines: int = 4
    eumelanin: float = 0.9
    pheomelanin: float = 0.35
    shirt: tuple[float, float, float] = (0.10, 0.16, 0.22)


@dataclass(frozen=True)
class PhotoSpec:
    """One photo: expression with its contraction (1 is the untreated person's full), pose [deg], light, camera."""

    expression: Expression
    contraction: Mapping[Region, float]
    lighting: scene.Lighting
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    smile: float = 1.0
    lids: float = 0.0
    gaze_mm: tuple[float, float] = (0.0, 0.0)
    view: scene.View = field(default_factory=scene.View)
    camera: camera.CameraSpec = field(default_factory=camera.CameraSpec)
    samples: int = 32
    seed: int = 0


class Person:
    """The drawn person: mesh, skin maps, lines and hair, shared by all their photos."""

    def __init__(self, base: BaseMesh, spec: PersonSpec, levels: int = 3, sheet: lines.Sheet | None = None) -> None:
        self.spec = spec
        self.sheet = sheet or lines.Sheet()
        seeds = np.random.SeedSequence(spec.seed).spawn(8)
        rng = [np.random.default_rng(s) for s in seeds]
        self.head = Head(base, spec.identity, levels)
        lips = skin.original_texture(self.head, self.sheet, "mpfb_lips", base.uv, (-40, 40, -110, -40))
        self.relief = skin.relief_mm(rng[0], self.sheet, spec.skin)
        bare = skin.reflectance(rng[1], self.head, self.sheet, spec.skin, lips, self.relief)
        tint = (0.035 / max(spec.eumelanin, 0.3), 0.022 / max(spec.eumelanin, 0.3), 0.014 / max(spec.eumelanin, 0.3))
        self.colour = skin.under_hair(bare, self.sheet, tint, spec.hair.part_mm)
        strokes = {
            Region.FOREHEAD: lines.forehead_lines(rng[2], spec.forehead_lines),
            Region.GLABELLA: lines.glabellar_lines(rng[3]),
            Region.CROWS_FEET_LEFT: lines.crows_feet(rng[4], self.head.anchor("canthus_left")),
            Region.CROWS_FEET_RIGHT: lines.crows_feet(rng[4], self.head.anchor("canthus_right")),
        }
        self.families = {
            region: lines.Family(region, tuple(strokes[region]), *spec.depths_mm[region]) for region in Region if region in spec.depths_mm
        }
        self.maps = {region: lines.draw(self.sheet, family.strokes, family.bulge) for region, family in self.families.items()}
        self.unit_mm3 = {region: float((groove * self.texel_mm2()).sum()) for region, (groove, _) in self.maps.items()}
        self.strands = hair.scalp_strands(rng[5], self.head, spec.hair)
        self.brows = hair.brow_roots(rng[6], self.head, spec.hair)
        self._lash_seed, self._eye_seed = seeds[7].spawn(2)
        eye_rng = np.random.default_rng(self._eye_seed)
        painted = tuple(eyes.paint(eye_rng, spec.eye, self.head.eye_radius, nasal) for nasal in (-1.0, 1.0))
        self.look = scene.Look(
            self.sheet, self.colour, (painted[0], painted[1]), self.strands, spec.eumelanin, spec.pheomelanin, tint, spec.shirt
        )

    def texel_mm2(self) -> FloatMap:
        """Return the area of skin [mm²] under each texel: the cylinder's map stretched to the resting surface."""
        # area of a surface patch = cylinder patch · (r / R) / cos(angle between surface and cylinder normals)
        if not hasattr(self, "_area"):
            head, sheet = self.head, self.sheet
            outward = head.rest - [0, 0, head.axis_z]
            outward[:, 1] = 0
            radius = np.linalg.norm(outward, axis=1)
            cosine = np.abs((outward / np.maximum(radius, 1e-6)[:, None] * head.rest_normals).sum(axis=1))
            stretch = radius / lines_cylinder() / np.clip(cosine, 0.25, 1)
            rows, columns = (n // 16 + 1 for n in sheet.shape)
            cell = np.clip(np.floor(sheet.to_px(head.uv) / 16).astype(int), 0, [columns - 1, rows - 1])
            weight = head.front
            total = np.zeros((rows, columns))
            count = np.full((rows, columns), 1e-9)
            np.add.at(total, (cell[:, 1], cell[:, 0]), stretch * weight)
            np.add.at(count, (cell[:, 1], cell[:, 0]), weight)
            coarse = np.where(count > 0.5, total / count, 1.0).astype(np.float32)
            fine = np.kron(coarse, np.ones((16, 16), np.float32))[: sheet.shape[0], : sheet.shape[1]]
            self._area: FloatMap = (fine / sheet.px_per_mm**2).astype(np.float32)
        return self._area

    def severity_mm3(self, region: Region, contraction: float) -> tuple[float, float]:
        """Return the true severity of a region's lines [mm³], static and dynamic part."""
        family = self.families[region]
        return family.static_mm * self.unit_mm3[region], family.dynamic_mm * contraction * self.unit_mm3[region]


def lines_cylinder() -> float:
    """Return the radius [mm] of the cylinder that skin coordinates are measured on."""
    from wearoff.phantom.head import CYLINDER_MM

    return CYLINDER_MM


def muscles_of(photo: PhotoSpec) -> Muscles:
    """Return the muscles' contractions in a photo: only those of its own expression are used."""
    c = photo.contraction
    if photo.expression is Expression.RAISE:
        both = c.get(Region.FOREHEAD, 0.0)
        return Muscles(frontalis_left=both, frontalis_right=both, lids=photo.lids)
    if photo.expression is Expression.FROWN:
        return Muscles(corrugator=c.get(Region.GLABELLA, 0.0), lids=photo.lids)
    if photo.expression is Expression.SMILE:
        left, right = c.get(Region.CROWS_FEET_LEFT, 0.0), c.get(Region.CROWS_FEET_RIGHT, 0.0)
        return Muscles(orbicularis_left=left, orbicularis_right=right, zygomatic=photo.smile, lids=photo.lids)
    return Muscles(lids=photo.lids)


def render_photo(person: Person, photo: PhotoSpec, backdrop: FloatMap) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Return the picture (8-bit sRGB) and its truth as plain JSON values."""
    head = person.head
    moved = contract(head, muscles_of(photo), person.spec.strength)
    rest = contract(head, Muscles(lids=photo.lids), person.spec.strength)
    posed = head.pose(moved, photo.pitch, photo.yaw, photo.roll)
    groove = np.zeros(person.sheet.shape, np.float32)
    relief = person.relief.copy()
    severity = {}
    for region, family in person.families.items():
        own = OWN_EXPRESSION[region] is photo.expression
        activity = float(photo.contraction.get(region, 0.0)) if own else 0.0
        depth = family.depth_mm(activity)
        groove += depth * person.maps[region][0]
        relief += depth * person.maps[region][1]
        static, dynamic = person.severity_mm3(region, activity)
        severity[region.value] = {"static_mm3": static, "dynamic_mm3": dynamic, "total_mm3": static + dynamic, "deepest_mm": depth}
    lash_rng = np.random.default_rng(person._lash_seed)
    curves = (
        hair.with_head(person.strands, posed),
        hair.grow(person.brows, posed),
        hair.lashes(lash_rng, head, posed, person.spec.hair),
    )
    shot = scene.Shot(
        head, posed, skin.with_lines(person.colour, groove), relief, curves, photo.lighting, photo.view, backdrop,
        photo.gaze_mm, photo.samples, photo.seed,
    )
    light = scene.render(shot, person.look)
    gain = camera.auto_exposure(light) * photo.camera.exposure
    developed = camera.develop(light, _with_gain(photo.camera, gain), np.random.default_rng([photo.seed, 77]))
    excursion = {key: round(value, 4) for key, value in asdict(measure(head, moved)).items()}
    truth = {
        "expression": photo.expression.value,
        "pose_deg": {"pitch": photo.pitch, "yaw": photo.yaw, "roll": photo.roll},
        "distance_mm": photo.view.distance_mm,
        "px_per_mm": round(iris_px_per_mm(shot), 4),
        "contraction": {region.value: float(value) for region, value in photo.contraction.items()},
        "excursion_mm": excursion,
        "severity": severity,
        "landmarks_px": landmarks_px(shot, moved),
    }
    del rest
    return developed, truth


def _with_gain(spec: camera.CameraSpec, gain: float) -> camera.CameraSpec:
    values = asdict(spec)
    values["exposure"] = gain
    return camera.CameraSpec(**values)


def project(shot: scene.Shot, points: FloatArray) -> FloatArray:
    """Return pixel positions (x right, y down) [n x 2] of points [n x 3, mm]; pixel centres lie at halves."""
    eye, _, _ = scene.camera_geometry(shot)
    view = shot.view
    focal = view.px_per_mm * view.distance_mm
    d = points - eye
    x = view.width / 2 + focal * d[:, 0] / -d[:, 2]
    y = view.height / 2 - focal * d[:, 1] / -d[:, 2]
    return np.stack([x, y], axis=1)


def iris_px_per_mm(shot: scene.Shot) -> float:
    """Return the scale [px/mm] in the plane of the irises, the mean of both eyes."""
    eye, _, _ = scene.camera_geometry(shot)
    head, posed = shot.head, shot.posed
    centres = (head.eye_centres - posed.pivot) @ posed.rotation.T + posed.pivot
    depth = eye[2] - (centres[:, 2] + head.eye_radius)
    return float(np.mean(shot.view.px_per_mm * shot.view.distance_mm / depth))


def landmarks_px(shot: scene.Shot, moved: FloatArray) -> dict[str, list[float]]:
    """Return where named spots of skin and the iris centres lie in the picture [px]."""
    head, posed = shot.head, shot.posed
    names = [f"{part}_{side}" for part in ("brow_head", "brow_mid", "brow_tail", "canthus", "cheek") for side in ("left", "right")]
    spots = np.array([head.rest_spot(posed.base, name) for name in names])
    centres = (head.eye_centres - posed.pivot) @ posed.rotation.T + posed.pivot
    eye, _, _ = scene.camera_geometry(shot)
    to_camera = eye - centres
    to_camera /= np.linalg.norm(to_camera, axis=1, keepdims=True)
    iris = centres + to_camera * head.eye_radius
    found = project(shot, np.concatenate([spots, iris]))
    del moved
    return {name: [round(float(c), 2) for c in p] for name, p in zip([*names, "iris_left", "iris_right"], found, strict=True)}
