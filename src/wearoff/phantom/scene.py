"""One photo's light, rendered with Mitsuba in layers that are then put together with skin's own softness.

Four passes share one geometry: `diffuse` (skin in one flat colour, everything else as it is), `gloss` (the skin's
surface reflection alone), `colour` (the skin's reflectance as each pixel sees it) and `cover` (its share of skin).
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from wearoff.phantom.eyes import GLOBE_SHARE, globe, look_at
from wearoff.phantom.glasses import Glasses
from wearoff.phantom.hair import Curves
from wearoff.phantom.head import Head, Posed
from wearoff.phantom.lines import FloatMap, Sheet
from wearoff.phantom.shapes import BLACK, mesh, texture, twosided, write_curves
from wearoff.phantom.softness import FLAT, assemble
from wearoff.phantom.subdivide import vertex_normals
from wearoff.units import FloatArray


@dataclass(frozen=True)
class Light:
    """A rectangular lamp or window: where it stands and faces [mm], size [mm], radiance (r, g, b)."""

    at_mm: tuple[float, float, float]
    size_mm: tuple[float, float]
    radiance: tuple[float, float, float]


@dataclass(frozen=True)
class Lighting:
    """All light of a room: lamps, and the even light that walls send back (radiance r, g, b)."""

    lights: tuple[Light, ...]
    ambient: tuple[float, float, float] = (0.25, 0.25, 0.25)

    def level(self) -> FloatMap:
        """Return the light (r, g, b) that falls on the room's far wall, from the lamps' power."""
        power = sum(np.array(lamp.radiance) * lamp.size_mm[0] * lamp.size_mm[1] for lamp in self.lights)
        return np.asarray(np.array(self.ambient) + 0.16 * power / 1e6, dtype=np.float32)

    def colour(self) -> tuple[float, float, float]:
        """Return the mean colour (r, g, b; g = 1) of the room's light."""
        level = self.level()
        return float(level[0] / level[1]), 1.0, float(level[2] / level[1])


@dataclass(frozen=True)
class View:
    """The camera: distance from the eyes' plane [mm], scale there [px/mm], size of the picture [px], offset [mm]."""

    distance_mm: float = 500.0
    px_per_mm: float = 5.2
    width: int = 960
    height: int = 1200
    centre_mm: tuple[float, float] = (0.0, -8.0)


@dataclass(frozen=True, eq=False)
class Look:
    """What stays from photo to photo: the skin's colour and gloss maps, the eyes' paint, colours of hair and shirt."""

    sheet: Sheet
    gloss: FloatMap
    eyes: tuple[FloatMap, FloatMap]
    eumelanin: float = 1.0
    pheomelanin: float = 0.35
    shirt: tuple[float, float, float] = (0.10, 0.16, 0.22)
    flat: tuple[float, float, float] = FLAT


@dataclass(frozen=True, eq=False)
class Shot:
    """Everything one photo needs; `hairs` are scalp, brows and lashes in this order."""

    head: Head
    posed: Posed
    colour: FloatMap
    relief_mm: FloatMap
    hairs: tuple[Curves, ...]
    lighting: Lighting
    view: View
    backdrop: FloatMap
    gaze_mm: tuple[float, float] = (0.0, 0.0)
    samples: int = 32
    seed: int = 0
    glasses: Glasses | None = None
    dark_lenses: bool = False


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of the person that is not skin: how to make it with a material, and its own material."""

    make: Callable[[Any], Any]
    material: dict[str, Any]


def camera_geometry(shot: Shot) -> tuple[FloatArray, FloatArray, float]:
    """Return the camera's position, what it looks at [mm] and its horizontal field of view [deg]."""
    head, view = shot.head, shot.view
    plane_z = head.eye_centres[:, 2].mean() + head.eye_radius
    target = np.array([view.centre_mm[0], head.eye_height + view.centre_mm[1], plane_z])
    camera = target + np.array([0.0, 0.0, view.distance_mm])
    fov = 2 * math.degrees(math.atan(0.5 * view.width / view.px_per_mm / view.distance_mm))
    return camera, target, fov


def render(shot: Shot, look: Look) -> FloatMap:
    """Return the linear light [height x width x 3] that reaches the camera."""
    import mitsuba as mi

    head, posed, sheet = shot.head, shot.posed, look.sheet
    rows, columns = sheet.shape
    uv = (sheet.to_px(head.uv) + 0.5) / [columns, rows]
    height = head.rest[:, 1] - head.eye_height
    below = height < _collar_mm(head)
    skin_quads = head.mesh.quads[~below[head.mesh.quads].all(axis=1)]
    sensor = _sensor(shot)
    lamps = _lamps(shot.lighting, np.array([0.0, head.eye_height, head.axis_z + 60.0]))
    relief = texture(shot.relief_mm)

    def bumped(nested: dict[str, Any]) -> dict[str, Any]:
        return {"type": "bumpmap", "relief": relief, "scale": 1.0, "nested": nested}

    def skin(material: dict[str, Any], emitter: dict[str, Any] | None = None) -> Any:
        return mesh("skin", posed.skin, skin_quads, posed.normals, material, uv, emitter)

    def run(shapes: dict[str, Any], depth: int, samples: int, seed: int) -> FloatMap:
        integrator = {"type": "path", "max_depth": depth, "hide_emitters": depth > 1}
        scene = mi.load_dict({"type": "scene", "integrator": integrator, "sensor": sensor, **shapes})
        return np.array(mi.render(scene, spp=samples, seed=seed), dtype=np.float32)  # type: ignore[arg-type, unused-ignore]

    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(shot, look, Path(folder))
        black = {name: part.make(BLACK) for name, part in parts.items()}
        real = {name: part.make(part.material) for name, part in parts.items()}

        flat = bumped({"type": "diffuse", "reflectance": {"type": "rgb", "value": list(look.flat)}})
        # the backdrop is no lamp: it is laid behind the person afterwards (surroundings are hidden from the camera)
        layers = run({**real, **lamps, "skin": skin(twosided(flat))}, 3, shot.samples, shot.seed)
        surface = {
            "type": "principled",
            "base_color": {"type": "rgb", "value": 0.0},
            "roughness": 0.42,
            "specular": 0.6,
            "clearcoat": 0.08,
            "clearcoat_gloss": 0.75,
        }
        oil = bumped({"type": "blendbsdf", "weight": texture(look.gloss / 0.6), "none": BLACK, "surface": surface})
        half = max(6, round(0.5 * shot.samples))
        gloss = run({**black, **lamps, "skin": skin(twosided(oil))}, 2, half, shot.seed + 1)[..., :3]
        glow = skin(BLACK, {"type": "area", "radiance": texture(shot.colour)})
        colour = run({**black, "skin": glow}, 1, 4, shot.seed + 2)[..., :3]
        one = skin(BLACK, {"type": "area", "radiance": {"type": "rgb", "value": 1.0}})
        cover = np.clip(run({**black, "skin": one}, 1, 4, shot.seed + 2)[..., :1], 0, 1)
    # rare paths that meet a lamp in a mirror-like hair would show as sparks
    person = assemble(
        np.minimum(layers[..., :3], 6.0), np.minimum(gloss, 3.0), colour, cover, shot.view.px_per_mm, look.flat
    )  # fmt: skip
    alpha = np.clip(layers[..., 3:4], 0, 1)
    room = cv2.resize(shot.backdrop, (shot.view.width, shot.view.height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(person + (1 - alpha) * room * shot.lighting.level(), dtype=np.float32)


def _collar_mm(head: Head) -> FloatArray:
    """Height of the shirt's edge over the eyes [mm] at each vertex: lower in front."""
    return np.asarray(-128.0 - 0.10 * (head.rest[:, 2] - head.axis_z))


def _parts(shot: Shot, look: Look, folder: Path) -> dict[str, _Part]:
    head, posed = shot.head, shot.posed
    height = head.rest[:, 1] - head.eye_height
    collar = _collar_mm(head)
    cloth_quads = head.mesh.quads[(height < collar)[head.mesh.quads].any(axis=1)]
    swell = posed.skin + posed.normals * np.clip(0.8 + 0.35 * (collar - height), 0.8, 5.0)[:, None]
    # quads that cross the edge are drawn down to it: a smooth hem
    swell[:, 1] -= np.clip(height - collar, 0, None) * (height - collar < 8)
    cloth = twosided({"type": "diffuse", "reflectance": {"type": "rgb", "value": list(look.shirt)}})
    parts = {"shirt": _Part(lambda m: mesh("shirt", swell, cloth_quads, posed.normals, m), cloth)}

    ball, ball_quads, ball_uv = globe(head.eye_radius * GLOBE_SHARE)
    camera, _, _ = camera_geometry(shot)
    aim = camera + np.array([*shot.gaze_mm, 0.0])
    for k, paint in enumerate(look.eyes):
        centre = (head.eye_centres[k] - posed.pivot) @ posed.rotation.T + posed.pivot
        at = ball @ look_at(centre, aim).T + centre
        normals = vertex_normals(at, ball_quads)
        wet = {
            "type": "principled",
            "base_color": texture(paint),
            "roughness": 0.06,
            "specular": 0.55,
            "clearcoat": 0.6,
            "clearcoat_gloss": 0.98,
        }
        parts[f"eye{k}"] = _Part(lambda m, at=at, n=normals: mesh("eye", at, ball_quads, n, m, ball_uv), wet)  # type: ignore[misc]
    for k, curves in enumerate(shot.hairs):
        fibre = {
            "type": "hair",
            # lashes come last and are darker than hair
            "eumelanin": 3.0 if k == len(shot.hairs) - 1 else look.eumelanin,
            "pheomelanin": look.pheomelanin,
            # very dark hair shows its surface alone; kept rough, or single fibres glitter
            "longitudinal_roughness": 0.32 if look.eumelanin <= 1 else 0.6,
            "azimuthal_roughness": 0.35 if look.eumelanin <= 1 else 0.6,
        }
        file = str(write_curves(curves, folder / f"hair{k}.txt"))
        parts[f"hair{k}"] = _Part(lambda m, f=file: {"type": "bsplinecurve", "filename": f, "bsdf": m}, fibre)  # type: ignore[misc]
    if shot.glasses is not None:
        parts.update(_glasses(shot.glasses, shot.dark_lenses, folder))
    return parts


def _glasses(glasses: Glasses, dark: bool, folder: Path) -> dict[str, _Part]:
    plastic = {"type": "principled", "base_color": {"type": "rgb", "value": [0.03, 0.02, 0.018]}, "roughness": 0.25}
    file = str(write_curves(glasses.frame, folder / "frame.txt"))
    parts = {"frame": _Part(lambda m: {"type": "bsplinecurve", "filename": file, "bsdf": m}, plastic)}
    if dark:
        normals = vertex_normals(glasses.lens_vertices, glasses.lens_quads)
        glass = {"type": "principled", "base_color": {"type": "rgb", "value": 0.01}, "roughness": 0.05}
        parts["lens"] = _Part(
            lambda m: mesh("lens", glasses.lens_vertices, glasses.lens_quads, normals, m), twosided(glass)
        )
    return parts


def _sensor(shot: Shot) -> dict[str, Any]:
    import mitsuba as mi

    camera, target, fov = camera_geometry(shot)
    return {
        "type": "perspective",
        "fov": fov,
        "fov_axis": "x",
        "near_clip": 5.0,
        "far_clip": 20000.0,
        "to_world": mi.ScalarTransform4f().look_at([float(x) for x in camera], [float(x) for x in target], [0, 1, 0]),
        "film": {
            "type": "hdrfilm",
            "width": shot.view.width,
            "height": shot.view.height,
            "rfilter": {"type": "gaussian", "stddev": 0.45},
            "pixel_format": "rgba",
        },
        "sampler": {"type": "multijitter", "sample_count": shot.samples},
    }


def _lamps(lighting: Lighting, origin: FloatArray) -> dict[str, Any]:
    import mitsuba as mi

    out: dict[str, Any] = {"env": {"type": "constant", "radiance": {"type": "rgb", "value": list(lighting.ambient)}}}
    for number, lamp in enumerate(lighting.lights):
        at = [float(x) for x in origin + np.array(lamp.at_mm)]
        turn = mi.ScalarTransform4f().look_at(at, [float(x) for x in origin], [0.0, 1.0, 0.01])
        size = mi.ScalarTransform4f().scale([lamp.size_mm[0] / 2, lamp.size_mm[1] / 2, 1.0])
        emitter = {"type": "area", "radiance": {"type": "rgb", "value": list(lamp.radiance)}}
        out[f"light{number}"] = {"type": "rectangle", "to_world": turn @ size, "emitter": emitter}
    return out
