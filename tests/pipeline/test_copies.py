"""The same bytes under several names: the one whose day is known counts, once."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from wearoff import api, sample
from wearoff.models import ModelFiles
from wearoff.pipeline import Tools
from wearoff.report.study import Study


def study(folder: Path, tools: Tools, models: ModelFiles) -> Study:
    return api.study_photos(
        api.find_photos([folder]), (), today=date(2026, 11, 22), tools=tools, models=models.provenance
    )


@pytest.fixture
def one_photo() -> bytes:
    """Return a photo that says nothing of its day itself."""
    with sample.folder() as folder:
        path = sorted((folder / "photos").glob("*.jpg"))[0]
        picture = Image.open(path).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_the_copy_with_a_day_is_kept(tmp_path: Path, one_photo: bytes, tools: Tools, models: ModelFiles) -> None:
    for name in ("a.jpg", "2026-08-02.jpg", "z.jpg"):
        (tmp_path / name).write_bytes(one_photo)
    found = study(tmp_path, tools, models)
    assert [p.file for t in found.timepoints for p in t.photos.values()] == ["2026-08-02.jpg"]
    assert {(r.file, r.reason.value, r.detail) for r in found.rejected} == {
        ("a.jpg", "duplicate", "as 2026-08-02.jpg"),
        ("z.jpg", "duplicate", "as 2026-08-02.jpg"),
    }


def test_copies_under_two_days_keep_neither(tmp_path: Path, one_photo: bytes, tools: Tools, models: ModelFiles) -> None:
    for name in ("2026-08-02.jpg", "2026-09-02.jpg"):
        (tmp_path / name).write_bytes(one_photo)
    found = study(tmp_path, tools, models)
    assert found.timepoints == ()
    assert {r.reason.value for r in found.rejected} == {"two_days"}
    assert all("2026-08-02 and 2026-09-02" in r.detail for r in found.rejected)
