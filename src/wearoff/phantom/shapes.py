"""Mitsuba's building blocks: the renderer's variant, meshes, textures and curves out of arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from wearoff.phantom.hair import Curves
from wearoff.phantom.lines import FloatMap
from wearoff.phantom.subdivide import IntArray
from wearoff.units import FloatArray

BLACK: dict[str, Any] = {"type": "diffuse", "reflectance": {"type": "rgb", "value": 0.0}}


def use_variant(threads: int = 0) -> str:
    """Choose the fastest of Mitsuba's variants that works here and return its name; `threads` 0 means all cores.

    `llvm_ad_rgb` needs LLVM 15 or newer on the machine (Debian: `libllvm19`, and `DRJIT_LIBLLVM_PATH` if several
    stand there); without it `scalar_rgb` gives the same pictures up to noise, about three times slower.
    """
    import mitsuba as mi

    if mi.variant() is None:
        mi.set_variant("llvm_ad_rgb" if _llvm_works() else "scalar_rgb")
    if threads:
        import drjit as dr

        dr.set_thread_count(threads)
    return str(mi.variant())


def _llvm_works() -> bool:
    """Try LLVM in a process of its own: one that is too old ends the process instead of raising."""
    import subprocess
    import sys

    probe = (
        "import mitsuba as mi; mi.set_variant('llvm_ad_rgb'); import drjit as dr; "
        "x = dr.minimum(dr.arange(mi.Float, 64), 3); dr.eval(dr.sum(dr.sqrt(x)))"
    )
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def mesh(
    name: str,
    vertices: FloatArray,
    quads: IntArray,
    normals: FloatArray,
    bsdf: Any,
    uv: FloatArray | None = None,
    emitter: dict[str, Any] | None = None,
) -> Any:
    """Return a Mitsuba mesh of quads with given normals and, if textured, coordinates in 0-1 (v down)."""
    import mitsuba as mi

    props = mi.Properties()
    props["mesh_bsdf"] = mi.load_dict(bsdf) if isinstance(bsdf, dict) else bsdf
    if emitter is not None:
        props["mesh_emitter"] = mi.load_dict(emitter)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    made = mi.Mesh(
        name, len(vertices), len(faces), has_vertex_normals=True, has_vertex_texcoords=uv is not None, props=props
    )
    values = mi.traverse(made)
    # the buffers' own types: arrays in the scalar variant too
    floats, integers = type(values["vertex_positions"]), type(values["faces"])
    values["vertex_positions"] = floats(np.ascontiguousarray(vertices, np.float32).ravel())
    values["vertex_normals"] = floats(np.ascontiguousarray(normals, np.float32).ravel())
    values["faces"] = integers(np.ascontiguousarray(faces, np.uint32).ravel())
    if uv is not None:
        values["vertex_texcoords"] = floats(np.ascontiguousarray(uv, np.float32).ravel())
    values.update()
    return made


def texture(image: FloatMap) -> dict[str, Any]:
    """Return a Mitsuba texture of linear values; past its edges the edge goes on."""
    import mitsuba as mi

    data = np.ascontiguousarray(image if image.ndim == 3 else image[..., None], np.float32)
    return {"type": "bitmap", "bitmap": mi.Bitmap(data), "raw": True, "wrap_mode": "clamp"}


def write_curves(curves: Curves, path: Path) -> Path:
    """Write strands as the text file that Mitsuba's `bsplinecurve` reads and return its path."""
    table = np.concatenate([curves.points, curves.radii[..., None]], axis=-1)
    # a cubic b-spline reaches only an end point that stands there three times
    table = np.concatenate([table[:, :1], table[:, :1], table, table[:, -1:], table[:, -1:]], axis=1)
    one = "%.4f %.4f %.4f %.5f\n" * table.shape[1]
    path.write_text(
        "\n".join(one % tuple(strand) for strand in table.reshape(len(table), -1).tolist()), encoding="ascii"
    )
    return path


def twosided(inner: dict[str, Any]) -> dict[str, Any]:
    """Return a material that looks the same from both sides."""
    return {"type": "twosided", "inner": inner}
