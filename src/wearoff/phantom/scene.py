"""One photo's light, rendered with Mitsuba in layers that are then put together with skin's own softness.

Three passes share one geometry: `diffuse` (skin in one flat colour, everything else as it is), `gloss` (the skin's
surface reflection alone) and `colour` (the skin's reflectance as seen by each pixel). Light that enters skin leaves it
some way off, red furthest: the diffuse light is therefore spread, channel by channel, before it takes the skin's colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from wearoff.phantom.eyes import globe, look_at
from wearoff.phantom.hair import Curves
from wearoff.phantom.head import Head, Posed
from wearoff.phantom.lines import FloatMap, Sheet
from wearoff.phantom.subdivide import IntArray, vertex_normals
from wearoff.units import FloatArray

#: Reflectance of the skin in the diffuse pass; its bounce light is that of skin.
_FLAT = np.array([0.55, 0.40, 0.32], np.float32)


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


@dataclass(frozen=True)
class View:
    """The camera: distance from the eyes' plane [mm], scale there [px/mm], size of the picture [px], offset [mm]."""

    distance_mm: float = 500.0
    px_per_mm: float = 5.2
    width: int = 1080
    height: int = 1350
    centre_mm: tuple[float, float] = (0.0, -8.0)


@dataclass(frozen=True, eq=False)
class Look:
    """What does not change from photo to photo: skin colour and relief maps, eye paint, strands of the scalp."""

    sheet: Sheet
    colour: FloatMap
    eyes: tuple[FloatMap, FloatMap]
    strands: Curves
    eumelanin: float = 1.0
    pheomelanin: float = 0.35
    scalp: tuple[float, float, float] = (0.06, 0.04, 0.03)
    shirt: tuple[float, float, float] = (0.10, 0.16, 0.22)


@dataclass(frozen=True, eq=False)
class Shot:
    """Everything one photo needs."""

    head: Head
    posed: Posed
    colour: FloatMap
    relief_mm: FloatMap
    hairs: tuple[Curves, ...]
    lighting: Lighting
    view: View
    backdrop: FloatMap
    gaze: tuple[float, float] = (0.0, 0.0)
    samples: int = 32
    seed: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


def use_variant(threads: int = 0) -> str:
    """Choose the fastest of Mitsuba's variants that works here; returns its name."""
    import mitsuba as mi

    if mi.variant() is None:
        try:
            mi.set_variant("llvm_ad_rgb")
            import drjit as dr

            dr.eval(mi.Float(1.0) + 1)
        except Exception:  # no LLVM on this machine: slower, same pictures up to noise
            mi.set_variant("scalar_rgb")
    if threads:
        import drjit as dr

        dr.set_thread_count(threads)
    return str(mi.variant())


def _mesh(name: str, vertices: FloatArray, quads: IntArray, normals: FloatArray, bsdf: Any, uv: FloatArray | None = None, emitter: Any = None) -> Any:
    import mitsuba as mi

    props = mi.Properties()
    props["mesh_bsdf"] = bsdf if not isinstance(bsdf, dict) else mi.load_dict(bsdf)
    if emitter is not None:
        props["mesh_emitter"] = mi.load_dict(emitter)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    mesh = mi.Mesh(name, len(vertices), len(faces), has_vertex_normals=True, has_vertex_texcoords=uv is not None, props=props)
    p = mi.traverse(mesh)
    p["vertex_positions"] = mi.Float(np.ascontiguousarray(vertices, np.float32).ravel())
    p["vertex_normals"] = mi.Float(np.ascontiguousarray(normals, np.float32).ravel())
    p["faces"] = mi.UInt32(np.ascontiguousarray(faces, np.uint32).ravel())
    if uv is not None:
        p["vertex_texcoords"] = mi.Float(np.ascontiguousarray(uv, np.float32).ravel())
    p.update()
    return mesh


def _texture(image: FloatMap, wrap: str = "clamp") -> dict[str, Any]:
    import mitsuba as mi

    # Mitsuba's v runs up, the maps' rows run down
    data = np.ascontiguousarray(image if image.ndim == 3 else image[..., None], np.float32)
    return {"type": "bitmap", "bitmap": mi.Bitmap(data), "raw": True, "wrap_mode": wrap}


def _curves(curves: Curves, bsdf: dict[str, Any]) -> dict[str, Any]:
    import tempfile
    from pathlib import Path

    n, k, _ = curves.points.shape
    table = np.concatenate([curves.points, curves.radii[..., None]], axis=-1)
    # b-splines do not reach their end points: repeat them
    table = np.concatenate([table[:, :1], table, table[:, -1:]], axis=1)
    blocks = []
    for strand in table:
        blocks.append("\n".join(["%.4f %.4f %.4f %.5f" % tuple(row) for row in strand]))
    path = Path(tempfile.mkstemp(suffix=".txt")[1])
    path.write_text("\n\n".join(blocks) + "\n")
    return {"type": "bsplinecurve", "filename": str(path), "bsdf": bsdf, "_path": path}


_BLACK = {"type": "diffuse", "reflectance": {"type": "rgb", "value": 0.0}}


def _twosided(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "twosided", "inner": inner}


def _lights(lighting: Lighting, origin: FloatArray) -> dict[str, Any]:
    import mitsuba as mi

    out: dict[str, Any] = {"env": {"type": "constant", "radiance": {"type": "rgb", "value": list(lighting.ambient)}}}
    for number, light in enumerate(lighting.lights):
        at = origin + np.array(light.at_mm)
        out[f"light{number}"] = {
            "type": "rectangle",
            "to_world": mi.ScalarTransform4f().look_at([float(x) for x in at], [float(x) for x in origin], [0.0, 1.0, 0.01])
            @ mi.ScalarTransform4f().scale([light.size_mm[0] / 2, light.size_mm[1] / 2, 1.0]),
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": list(light.radiance)}},
        }
    return out


def camera_geometry(shot: Shot) -> tuple[FloatArray, FloatArray, float]:
    """Return the camera's position, what it looks at [mm] and its horizontal field of view [deg]."""
    head, view = shot.head, shot.view
    plane_z = head.eye_centres[:, 2].mean() + head.eye_radius
    target = np.array([view.centre_mm[0], head.eye_height + view.centre_mm[1], plane_z])
    camera = target + [0.0, 0.0, view.distance_mm]
    fov = 2 * math.degrees(math.atan(0.5 * view.width / view.px_per_mm / view.distance_mm))
    return camera, target, fov


def render(shot: Shot, look: Look) -> FloatMap:
    """Return the linear light [height x width x 3] that reaches the camera."""
    import mitsuba as mi

    head, posed, sheet = shot.head, shot.posed, look.sheet
    camera, target, fov = camera_geometry(shot)
    rows, columns = sheet.shape
    uv = (sheet.to_px(head.uv) + 0.5) / [columns, rows]

    height = head.rest[:, 1] - head.eye_height
    collar = -128.0 - 0.10 * (head.rest[:, 2] - head.axis_z)
    quads = head.mesh.quads
    cloth = (height < collar)[quads].any(axis=1)
    is_cloth = cloth
    swell = posed.skin + posed.normals * np.clip(0.8 + 0.35 * (collar - height), 0.8, 5.0)[:, None]
    over = np.clip(height - collar, 0, None) * (height - collar < 8)
    swell[:, 1] -= over

    # parts other than skin: (name, builder(bsdf) -> shape, real bsdf)
    parts: list[tuple[str, Any, dict[str, Any]]] = []
    shirt = _twosided({"type": "diffuse", "reflectance": {"type": "rgb", "value": list(look.shirt)}})
    parts.append(("shirt", lambda b: _mesh("shirt", swell, quads[is_cloth], posed.normals, b), shirt))
    ball, ball_quads, ball_uv = globe(head.eye_radius * 0.985)
    for k, paint in enumerate(look.eyes):
        centre = (head.eye_centres[k] - posed.pivot) @ posed.rotation.T + posed.pivot
        aim = camera + [shot.gaze[0], shot.gaze[1], 0.0]
        turn = look_at(centre, aim)
        at = ball @ turn.T + centre
        bsdf = {
            "type": "principled",
            "base_color": _texture(paint),
            "roughness": 0.06,
            "specular": 0.55,
            "clearcoat": 0.6,
            "clearcoat_gloss": 0.98,
        }
        normal = vertex_normals(at, ball_quads)
        parts.append((f"eye{k}", lambda b, at=at, n=normal: _mesh("eye", at, ball_quads, n, b, ball_uv), bsdf))
    fibre = {"type": "hair", "eumelanin": look.eumelanin, "pheomelanin": look.pheomelanin, "longitudinal_roughness": 0.32, "azimuthal_roughness": 0.35}
    curves = [_curves(c, _BLACK) for c in shot.hairs]
    for k, curve in enumerate(curves):
        # lashes come last and are darker than hair
        own = {**fibre, "eumelanin": 3.0} if k == len(curves) - 1 else fibre
        parts.append((f"hair{k}", lambda b, c=curve: {**{x: y for x, y in c.items() if x != "_path"}, "bsdf": b}, own))

    skin_quads = quads[~(height < collar)[quads].all(axis=1)]
    relief = _texture(shot.relief_mm * sheet.px_per_mm / sheet.px_per_mm)

    def bumped(nested: dict[str, Any]) -> dict[str, Any]:
        return {"type": "bumpmap", "relief": relief, "scale": 1.0, "nested": nested}

    def skin(bsdf: dict[str, Any], emitter: Any = None) -> Any:
        return _mesh("skin", posed.skin, skin_quads, posed.normals, bsdf, uv, emitter)

    sensor = {
        "type": "perspective",
        "fov": fov,
        "fov_axis": "x",
        "near_clip": 5.0,
        "far_clip": 20000.0,
        "to_world": mi.ScalarTransform4f().look_at([float(x) for x in camera], [float(x) for x in target], [0, 1, 0]),
        "film": {"type": "hdrfilm", "width": shot.view.width, "height": shot.view.height, "rfilter": {"type": "gaussian", "stddev": 0.45}, "pixel_format": "rgb"},
        "sampler": {"type": "independent", "sample_count": shot.samples},
    }
    wide = 2600.0
    background = {
        "type": "rectangle",
        "to_world": mi.ScalarTransform4f().translate([0.0, float(head.eye_height), float(head.axis_z - 1500)]).scale([wide / 2, wide / 2 * 1.25, 1.0]),
        "bsdf": _BLACK,
        "emitter": {"type": "area", "radiance": _texture(shot.backdrop[::-1])},
    }
    lamps = _lights(shot.lighting, np.array([0.0, head.eye_height, head.axis_z + 60.0]))

    def run(shapes: dict[str, Any], depth: int, samples: int, seed: int) -> FloatMap:
        import time; t0 = time.time()
        scene = mi.load_dict({"type": "scene", "integrator": {"type": "path", "max_depth": depth}, "sensor": sensor, **shapes})
        t1 = time.time(); out = np.array(mi.render(scene, spp=samples, seed=seed), dtype=np.float32)[..., :3]
        print("pass", depth, samples, "load", round(t1 - t0, 2), "render", round(time.time() - t1, 2)); return out

    black_parts = {name: make(mi.load_dict(_BLACK) if not name.startswith("hair") else _BLACK) for name, make, _ in parts}
    real_parts = {name: make(bsdf) for name, make, bsdf in parts}

    flat = bumped({"type": "diffuse", "reflectance": {"type": "rgb", "value": [float(x) for x in _FLAT]}})
    diffuse = run({**real_parts, **lamps, "back": background, "skin": skin(_twosided(flat))}, 4, shot.samples, shot.seed)
    oil = bumped({"type": "principled", "base_color": {"type": "rgb", "value": 0.0}, "roughness": 0.42, "specular": 0.42, "clearcoat": 0.12, "clearcoat_gloss": 0.75})
    gloss = run({**black_parts, **lamps, "skin": skin(_twosided(oil))}, 2, shot.samples, shot.seed + 1)
    # the constant surroundings are seen directly in the gloss pass: take them out with the coverage pass below
    glow = skin(_BLACK, {"type": "area", "radiance": _texture(shot.colour)})
    colour = run({**black_parts, "skin": glow}, 1, 12, shot.seed + 2)
    one = skin(_BLACK, {"type": "area", "radiance": {"type": "rgb", "value": 1.0}})
    cover = run({**black_parts, "skin": one}, 1, 12, shot.seed + 2)[..., :1]
    for curve in curves:
        curve["_path"].unlink()
    return assemble(diffuse, gloss, colour, np.clip(cover, 0, 1), shot.view.px_per_mm)


def assemble(diffuse: FloatMap, gloss: FloatMap, colour: FloatMap, cover: FloatMap, px_per_mm: float) -> FloatMap:
    """Spread the diffuse light in the skin, give it the skin's colour, and lay the gloss on top."""
    solid = np.clip((cover - 0.92) / 0.08, 0, 1)
    light = diffuse / _FLAT
    spread = np.empty_like(light)
    # sums of Gaussians [mm, share] per channel: red travels furthest in skin
    lobes = (((0.25, 0.35), (0.9, 0.35), (2.2, 0.30)), ((0.20, 0.62), (0.7, 0.28), (1.3, 0.10)), ((0.18, 0.78), (0.5, 0.22)))
    for channel, sums in enumerate(lobes):
        total = np.zeros(light.shape[:2], np.float32)
        for sigma_mm, share in sums:
            sigma = sigma_mm * px_per_mm
            weight = cv2.GaussianBlur(solid[..., 0], (0, 0), sigma) + 1e-4
            total += share * cv2.GaussianBlur(light[..., channel] * solid[..., 0], (0, 0), sigma) / weight
        spread[..., channel] = total
    pure = colour * spread
    mixed = diffuse + spread * (colour - cover * _FLAT)
    return np.asarray(np.clip(solid * pure + (1 - solid) * mixed + gloss * cover, 0, None), dtype=np.float32)
