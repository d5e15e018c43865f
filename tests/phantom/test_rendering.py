from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wearoff.phantom.files import encode
from wearoff.phantom.mesh import BaseMesh
from wearoff.phantom.spec import read_spec
from wearoff.phantom.studio import Detail, run

SPEC = """
seed = 5
width = 112
height = 140
px_per_mm = 0.62
samples = 4
draft = true
[[person]]
name = "ann"
sex = "female"
age = 50
ancestry = { caucasian = 1.0 }
days = [-3]
"""


def test_a_folder_of_photos_is_rendered_once_and_goes_on_where_it_stopped(base: BaseMesh, tmp_path: Path) -> None:
    mitsuba = pytest.importorskip("mitsuba", reason="the extra `phantom` (Mitsuba) is not installed")
    mitsuba.set_variant("scalar_rgb")  # small pictures are done before the other variants have compiled themselves
    path = tmp_path / "spec.toml"
    path.write_text(SPEC)
    spec = read_spec(path)
    out = tmp_path / "out"
    detail = Detail(levels=1, sheet_px_per_mm=2.0)
    assert run(base, spec.jobs[1:2], out, detail) == 1
    photos = json.loads((out / "truth.json").read_text())["photos"]
    assert [photo["expression"] for photo in photos] == ["frown"]
    assert photos[0]["excursion_mm"]["frown_approach"] > 2
    assert run(base, spec.jobs[1:2], out, detail) == 0
    first = (out / photos[0]["file"]).read_bytes()
    (out / photos[0]["file"]).unlink()
    assert run(base, spec.jobs[1:2], out, detail) == 1
    assert (out / photos[0]["file"]).read_bytes() == first
    with Image.open(tmp_path / "out" / photos[0]["file"]) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float)
    x, y = (round(c) for c in photos[0]["landmarks_px"]["cheek_left"])
    red, green, blue = pixels[y - 4 : y + 4, x - 4 : x + 4].reshape(-1, 3).mean(axis=0)
    assert red > green > blue > 20  # skin where the truth says that the cheek is


def test_a_phones_exif_tells_the_moment_and_no_place() -> None:
    import datetime as dt
    import io

    picture = np.full((40, 30, 3), 128, np.uint8)
    moment = dt.datetime(2026, 3, 1, 8, 15, 2)  # noqa: DTZ001 - a camera's clock knows no zone
    for kind in ("JPEG", "HEIF"):
        with Image.open(io.BytesIO(encode(picture, moment, 85, kind))) as image:
            exif = image.getexif()
            assert exif.get_ifd(0x8769)[0x9003] == "2026:03:01 08:15:02"
            assert not exif.get_ifd(0x8825)
    with Image.open(io.BytesIO(encode(picture, None))) as image:
        assert 0x9003 not in image.getexif().get_ifd(0x8769)
