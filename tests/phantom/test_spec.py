from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from wearoff.errors import InputError
from wearoff.phantom.bench import SCENES
from wearoff.phantom.drawing import draw_person
from wearoff.phantom.identity import identity, reflectance_of
from wearoff.phantom.scene import View
from wearoff.phantom.spec import read_spec
from wearoff.terms import OWN_EXPRESSION, Expression, Region

SPEC = """
seed = 3
width = 240
height = 300
px_per_mm = 1.3
draft = true

[[person]]
name = "ann"
sex = "female"
age = 52
ancestry = { caucasian = 1.0 }
treated = 2026-03-02
days = [-3, 30]
course = { peak = 0.9, half_days = 100 }

[[person]]
name = "ben"
sex = "male"
glasses = "clear"
days = [-2]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "spec.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_specification_becomes_the_same_photos_every_time(tmp_path: Path) -> None:
    once, again = read_spec(write(tmp_path, SPEC)), read_spec(write(tmp_path, SPEC))
    assert once == again
    assert len(once.jobs) == (2 + 1) * 4
    assert len({job.file for job in once.jobs}) == len(once.jobs)
    assert {job.photo.expression for job in once.jobs} == set(Expression) - {Expression.OTHER}
    other = read_spec(write(tmp_path, SPEC.replace("seed = 3", "seed = 4")))
    assert other.jobs[0].person != once.jobs[0].person


def test_contractions_follow_the_course_asked_for(tmp_path: Path) -> None:
    for job in read_spec(write(tmp_path, SPEC)).jobs:
        for region, contraction in job.photo.contraction.items():
            assert OWN_EXPRESSION[region] is job.photo.expression
            assert contraction == pytest.approx(1 - job.note["effect"][region.value], rel=0.11)
        if job.note["person"] == "ann" and job.note["day"] == 30:
            assert job.note["effect"]["forehead"] == pytest.approx(
                0.9 * (1 + math.exp(-4)) / (1 + math.exp(-2.8)), rel=1e-3
            )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seed = ", "Cannot read"),
        ("sead = 3", "unknown key 'sead'"),
        ("seed = 3", "no photo"),
        ("scenes = ['nosuch']", "no scene 'nosuch'"),
        ("[[person]]\ncolour = 1", "unknown key 'colour'"),
        ("[[person]]\nglasses = 'pink'", "No glasses 'pink'"),
        ("[[person]]\nancestry = { martian = 1 }", "No ancestry 'martian'"),
        ("[[person]]\nsex = 'x'", "No sex 'x'"),
        ("[[person]]\ncourse = { speed = 1 }", "unknown key 'speed'"),
    ],
)
def test_a_wrong_specification_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_spec(write(tmp_path, text))
    assert says in str(caught.value)
    assert caught.value.advice


def test_the_bench_varies_one_thing_at_a_time() -> None:
    linearity = SCENES["linearity"](1, View(), 4)
    assert len({(j.photo.pitch, j.photo.yaw, j.photo.lighting, j.photo.view) for j in linearity}) == 1
    raised = [j.photo for j in linearity if j.photo.expression is Expression.RAISE]
    assert [photo.line_share for photo in raised] == [step / 10 for step in range(11)]
    assert {photo.contraction[Region.FOREHEAD] for photo in raised} == {0.5}
    moving = [j.photo for j in SCENES["excursion"](1, View(), 4) if j.photo.expression is Expression.FROWN]
    assert [photo.contraction[Region.GLABELLA] for photo in moving] == [step / 10 for step in range(11)]
    assert {photo.line_share for photo in moving} == {0.3}
    repeats = SCENES["repeatability"](1, View(), 4)
    assert len({job.person.seed for job in repeats}) == 1
    assert len({(j.photo.pitch, j.photo.view.distance_mm) for j in repeats}) == 30
    assert all(max(abs(j.photo.pitch), abs(j.photo.yaw), abs(j.photo.roll)) <= 8 for j in repeats)


@pytest.mark.parametrize("ita", [-50, -30, 0, 19, 34, 48, 58])
def test_reflectance_has_the_tone_asked_for(ita: float) -> None:
    rgb = np.array(reflectance_of(ita))
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ rgb / [0.95047, 1.0, 1.08883]
    lightness, b = 116 * np.cbrt(y) - 16, 200 * (np.cbrt(y) - np.cbrt(z))
    assert math.degrees(math.atan2(lightness - 50, b)) == pytest.approx(ita, abs=1.5)
    assert x > 0


def test_identity_weighs_whole_people_and_alike_seeds_give_alike_faces() -> None:
    mixed = identity(np.random.default_rng(1), 0.25, 57.5, {"asian": 1, "african": 3})
    kinds = {name: value for name, value in mixed.items() if name.startswith("macrodetails/a")}
    assert sum(kinds.values()) == pytest.approx(1.0, abs=1e-3)
    assert mixed["macrodetails/african-female-old"] == pytest.approx(0.75 * 0.75 * 0.5, abs=1e-3)
    assert mixed == identity(np.random.default_rng(1), 0.25, 57.5, {"asian": 1, "african": 3})


def test_older_people_have_deeper_static_lines_and_lines_scale() -> None:
    young, old = (draw_person(9, {"sex": "female", "age": age}).depths_mm[Region.FOREHEAD][0] for age in (28, 70))
    assert old > 2 * young
    once, twice = (draw_person(9, {"age": 50, "lines": scale}).depths_mm[Region.GLABELLA] for scale in (1, 2))
    assert np.allclose(np.array(twice), 2 * np.array(once), atol=2e-4)
