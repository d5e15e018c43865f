"""The sample person from her photos to the wear-off day, held against the truth she was rendered from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from wearoff import api, sample
from wearoff.models import ModelFiles
from wearoff.pipeline import Tools
from wearoff.report.study import Study
from wearoff.terms import EffectScale, Expression


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def study_of(folder: Path, tools, models: ModelFiles, cache_folder: Path) -> Study:  # type: ignore[no-untyped-def]
    return api.study_photos(
        api.find_photos([folder / "photos"]),
        api.read_treatments(folder / "treatments.csv"),
        today=sample.key().today,
        tools=tools,
        models=models.provenance,
        cache=api.Cache(cache_folder, models.provenance),
        sample=True,
    )


@pytest.fixture(scope="module")
def study(tools: Tools, models: ModelFiles, cache_folder: Path) -> Study:
    with sample.folder() as folder:
        return study_of(folder, tools, models, cache_folder)


@pytest.fixture(scope="module")
def photo_truth() -> dict[str, dict]:  # type: ignore[type-arg]
    return {photo["file"]: photo for photo in sample.truth()["photos"]}


def test_every_photo_is_measured_and_its_expression_right(study: Study, photo_truth: dict) -> None:  # type: ignore[type-arg]
    assert study.rejected == ()
    read = {p.file: e.value for t in study.timepoints for e, p in t.photos.items()}
    assert read == {file: photo["expression"] for file, photo in photo_truth.items()}


def test_the_turn_of_the_head_is_right_within_a_few_degrees(study: Study, photo_truth: dict) -> None:  # type: ignore[type-arg]
    errors = []
    for timepoint in study.timepoints:
        for photo in timepoint.photos.values():
            truth, pose = photo_truth[photo.file]["pose_deg"], photo.face.pose
            errors.append((pose.pitch_deg - truth["pitch"], pose.yaw_deg - truth["yaw"], pose.roll_deg - truth["roll"]))
    pitch, yaw, roll = np.abs(errors).T
    assert yaw.mean() < 1.0
    assert yaw.max() < 2.5
    assert roll.mean() < 1.0
    assert pitch.mean() < 3.0


def test_millimetres_are_right_within_the_spread_of_irises_and_what_the_landmarks_add(
    study: Study, photo_truth: dict
) -> None:  # type: ignore[type-arg]
    for timepoint in study.timepoints:
        for photo in timepoint.photos.values():
            ratio = photo.px_per_mm / photo_truth[photo.file]["px_per_mm"]
            # her irises are 11.5 mm wide, not 11.7, and the landmarks draw them a little too small
            assert ratio == pytest.approx(1, abs=0.09)


def test_brow_raises_are_right_within_a_millimetre(study: Study, photo_truth: dict) -> None:  # type: ignore[type-arg]
    errors = []
    for timepoint in study.timepoints:
        truth = photo_truth[timepoint.photos[Expression.RAISE].file]["excursion_mm"]
        found = {e.name.value: e.value_mm.value for e in timepoint.excursions}
        errors += [found[name] - truth[name] for name in ("brow_raise_left", "brow_raise_right")]
    assert np.abs(errors).mean() < 0.6
    assert np.abs(errors).max() < 1.2


def test_the_course_is_within_0_15_of_the_truth_at_every_timepoint(study: Study) -> None:
    treated = sample.key().treated
    by_day = {date.fromisoformat(t["date"]): t["effect"] for t in sample.truth()["timepoints"]}
    for area, course in study.course.areas.items():
        for day, effect in by_day.items():
            if day > treated:
                curve = course.curves[
                    EffectScale.EXCURSION if EffectScale.EXCURSION in course.curves else EffectScale.LINES
                ]
                assert np.interp((day - treated).days, curve.days, curve.mean) == pytest.approx(effect[area], abs=0.15)


def test_stated_errors_of_the_effects_are_true(study: Study) -> None:
    by_day = {date.fromisoformat(t["date"]): t["effect"] for t in sample.truth()["timepoints"]}
    z = {}
    for scale in (EffectScale.LINES, EffectScale.EXCURSION):
        z[scale] = [
            (e.effect - by_day[e.day][e.region.value]) / np.hypot(e.sd, (1 - e.effect) * e.baseline_sd)
            for e in study.effects
            if e.scale is scale
        ]
        assert len(z[scale]) >= 12
        # neither braver nor more timid than the errors are; eight sets of one person can show no more than that
        assert 0.3 < np.sqrt(np.mean(np.square(z[scale]))) < 1.3


def test_the_true_wear_off_day_lies_in_the_interval_and_near_the_median(study: Study) -> None:
    truth = sample.key().wear_off
    overall = study.course.overall
    assert overall is not None
    assert overall.wear_off.day(0.05) <= truth <= overall.wear_off.day(0.95)
    assert abs((overall.wear_off.median - truth).days) <= 10
    assert (overall.wear_off.day(0.95) - overall.wear_off.day(0.05)).days < 45, "an interval that says something"
    window = study.plan.maintenance
    assert window is not None
    assert window.start <= window.best <= window.end


def test_a_second_run_measures_nothing_and_says_the_same(study: Study, models: ModelFiles, cache_folder: Path) -> None:
    def no_models() -> Tools:
        raise AssertionError("the models were opened for photos that had not changed")

    with sample.folder() as folder:
        again = study_of(folder, no_models, models, cache_folder)
    assert api.study_record(again) == api.study_record(study)
