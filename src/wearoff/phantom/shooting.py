"""From a person and a photo's circumstances to a picture and its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearoff.phantom import camera, hair, skin
from wearoff.phantom.expression import Muscles, contract, measure
from wearoff.phantom.glasses import put_on
from wearoff.phantom.lines import FloatMap
from wearoff.phantom.person import Person
from wearoff.phantom.scene import Lighting, Shot, View, camera_geometry, render
from wearoff.terms import OWN_EXPRESSION, Expression, Region
from wearoff.units import FloatArray


@dataclass(frozen=True)
class PhotoSpec:
    """One photo: expression with its contractions (1 is the untreated person's full), pose [deg], light, camera.

    `smile` is the contraction of the smile's own muscle and `earnest` that of the mouth in a frown (never treated),
    `lids` how far the lids are let down (0-1);
    `with_body` turns the shoulders too (for a profile or a back). `line_share`, if given, sets how far the expression's
    own lines are out (0-1) whatever the muscles do: for benches that vary one thing at a time.
    """

    expression: Expression
    contraction: Mapping[Region, float]
    lighting: Lighting
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    smile: float = 1.0
    earnest: float = 1.0
    lids: float = 0.0
    gaze_mm: tuple[float, float] = (0.0, 0.0)
    view: View = field(default_factory=View)
    camera: camera.CameraSpec = field(default_factory=camera.CameraSpec)
    samples: int = 32
    seed: int = 0
    with_body: bool = False
    line_share: float | None = None


def muscles_of(photo: PhotoSpec) -> Muscles:
    """Return the muscles' contractions in a photo: only those of its own expression are used."""
    share = photo.contraction
    if photo.expression is Expression.RAISE:
        both = share.get(Region.FOREHEAD, 0.0)
        return Muscles(frontalis_left=both, frontalis_right=both, lids=photo.lids)
    if photo.expression is Expression.FROWN:
        return Muscles(corrugator=share.get(Region.GLABELLA, 0.0), depressor=photo.earnest, lids=photo.lids)
    if photo.expression is Expression.SMILE:
        left, right = share.get(Region.CROWS_FEET_LEFT, 0.0), share.get(Region.CROWS_FEET_RIGHT, 0.0)
        return Muscles(orbicularis_left=left, orbicularis_right=right, zygomatic=photo.smile, lids=photo.lids)
    return Muscles(lids=photo.lids)


def lines_of(person: Person, photo: PhotoSpec) -> tuple[FloatMap, FloatMap, dict[str, dict[str, float]]]:
    """Return the photo's groove depth [mm], its whole relief [mm], and the true severity per region."""
    groove = np.zeros(person.sheet.shape, np.float32)
    relief = person.relief.copy()
    severity = {}
    for region, family in person.families.items():
        own = OWN_EXPRESSION[region] is photo.expression
        contraction = float(photo.contraction.get(region, 0.0)) if own else 0.0
        if own and photo.line_share is not None:
            contraction = photo.line_share
        depth = family.depth_mm(contraction)
        groove += depth * person.maps[region][0]
        relief += depth * person.maps[region][1]
        static, dynamic = person.severity_mm3(region, contraction)
        severity[region.value] = {
            "static_mm3": round(static, 4),
            "dynamic_mm3": round(dynamic, 4),
            "total_mm3": round(static + dynamic, 4),
            "deepest_mm": round(depth, 4),
        }
    crease = person.spec.crease_mm * (1 + 1.2 * photo.smile * (photo.expression is Expression.SMILE))
    groove += 0.5 * crease * person.creases[0]
    relief += crease * person.creases[1]
    return groove, relief, severity


def take(person: Person, photo: PhotoSpec, backdrop: FloatMap) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Return the picture (8-bit sRGB) and its truth as plain JSON values (docs/phantom.md describes the keys)."""
    head = person.head
    moved = contract(head, muscles_of(photo), person.spec.strength)
    posed = head.pose(moved, photo.pitch, photo.yaw, photo.roll, photo.with_body)
    groove, relief, severity = lines_of(person, photo)
    wears = person.spec.glasses
    curves = (
        hair.with_head(person.strands, posed),
        hair.grow(person.brows, posed),
        hair.lashes(np.random.default_rng(person.lash_seed), head, posed, person.spec.hair),
    )
    shot = Shot(
        head,
        posed,
        skin.with_lines(person.colour, groove),
        relief,
        curves,
        photo.lighting,
        photo.view,
        backdrop,
        photo.gaze_mm,
        photo.samples,
        photo.seed,
        put_on(head, posed, wears) if wears else None,
        bool(wears and wears.dark),
    )
    light = render(shot, person.look)
    gains = zip(photo.camera.balance, camera.auto_balance(photo.lighting.colour()), strict=True)
    red, green, blue = (own * automatic for own, automatic in gains)
    metered = replace(
        photo.camera,
        exposure=camera.auto_exposure(light, 0.18 * float(photo.lighting.level().mean()), photo.camera.metering)
        * photo.camera.exposure,
        balance=(red, green, blue),
    )
    developed = camera.develop(light, metered, np.random.default_rng([photo.seed, 77]))
    truth = {
        "expression": photo.expression.value,
        "pose_deg": {"pitch": photo.pitch, "yaw": photo.yaw, "roll": photo.roll},
        "distance_mm": photo.view.distance_mm,
        "px_per_mm": round(iris_px_per_mm(shot), 4),
        "contraction": {region.value: round(float(value), 5) for region, value in photo.contraction.items()},
        "excursion_mm": {key: round(value, 4) for key, value in asdict(measure(head, moved)).items()},
        "severity": severity,
        "landmarks_px": landmarks_px(shot),
    }
    return developed, truth


def project(shot: Shot, points: FloatArray) -> FloatArray:
    """Return pixel positions (x right, y down) [n x 2] of points [n x 3, mm]; pixel centres lie at halves."""
    eye, _, _ = camera_geometry(shot)
    view = shot.view
    focal = view.px_per_mm * view.distance_mm
    d = points - eye
    # the camera looks along -z; the target is in the middle of the picture
    x = view.width / 2 + focal * d[:, 0] / -d[:, 2]
    y = view.height / 2 - focal * d[:, 1] / -d[:, 2]
    return np.stack([x, y], axis=1)


def _turned_eyes(shot: Shot) -> FloatArray:
    head, posed = shot.head, shot.posed
    return np.asarray((head.eye_centres - posed.pivot) @ posed.rotation.T + posed.pivot)


def iris_px_per_mm(shot: Shot) -> float:
    """Return the scale [px/mm] in the plane of the irises, the mean of both eyes."""
    eye, _, _ = camera_geometry(shot)
    depth = eye[2] - (_turned_eyes(shot)[:, 2] + shot.head.eye_radius)
    return float(np.mean(shot.view.px_per_mm * shot.view.distance_mm / depth))


def landmarks_px(shot: Shot) -> dict[str, list[float]]:
    """Return where named spots of skin and the iris centres lie in the picture [px]."""
    head, posed = shot.head, shot.posed
    parts = ("brow_head", "brow_mid", "brow_tail", "canthus", "cheek")
    names = [f"{part}_{side}" for part in parts for side in ("left", "right")]
    spots = np.array([head.rest_spot(posed.base, name) for name in names])
    eye, _, _ = camera_geometry(shot)
    centres = _turned_eyes(shot)
    to_camera = eye - centres
    to_camera /= np.linalg.norm(to_camera, axis=1, keepdims=True)
    found = project(shot, np.concatenate([spots, centres + to_camera * head.eye_radius]))
    everything = zip([*names, "iris_left", "iris_right"], found, strict=True)
    return {name: [round(float(c), 2) for c in point] for name, point in everything}
