import cv2
import numpy as np
import pytest

from wearoff.face import CanonicalFace, FaceMap, make_atlas
from wearoff.measure import BrowBand, follow_brows, make_brow_band
from wearoff.measure.brows import BROW_PARTS

PX = 4.0


def band(shift_mm: tuple[float, float] = (0.0, 0.0), *, gain: float = 1.0, seed: int = 0) -> BrowBand:
    """Return a band of skin with hairs whose right inner brow part is moved: to the person's left, and up."""
    rng = np.random.default_rng(seed)
    picture = 150 + 4 * cv2.GaussianBlur(rng.normal(0, 1, (190, 560)), (0, 0), 1.5) / 0.2
    hairs = np.random.default_rng(seed + 1).normal(0, 1, (60, 70))
    hairs = 90 + 25 * cv2.GaussianBlur(hairs, (0, 0), 1.2) / 0.25
    centres = np.array([(150 + 50 * (i % 3) + 200 * (i // 3), 90) for i in range(6)])
    x, y = centres[0]
    dx, dy = shift_mm[0] * PX, -shift_mm[1] * PX
    patch = cv2.warpAffine(hairs, np.array([[1, 0, x - 35 + dx], [0, 1, y - 30 + dy]]), (560, 190), borderValue=-1)
    picture = np.where(patch > 0, patch, picture)
    return BrowBand(np.clip(picture * gain, 0, 255).astype(np.uint8), centres, PX)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (2.5, 0.0), (-1.3, 3.0), (0.4, -2.2)])
@pytest.mark.parametrize("gain", [1.0, 0.7])
def test_a_moved_brow_is_followed_to_a_tenth_of_a_millimetre(shift: tuple[float, float], gain: float) -> None:
    found = follow_brows(band(), band(shift, gain=gain))[next(iter(BROW_PARTS))]
    assert (found.left_mm, found.up_mm) == pytest.approx(shift, abs=0.1)
    assert found.match > 0.8


def test_a_brow_that_cannot_be_found_again_is_left_out() -> None:
    assert follow_brows(band(seed=0), band(seed=50)) == {}


def test_the_band_holds_every_part_with_room_to_move(canonical: CanonicalFace) -> None:
    atlas = make_atlas(canonical)
    grey = np.full((atlas.height, atlas.width), 128, np.uint8)
    face_map = FaceMap(np.repeat(grey[..., None], 3, axis=2), grey > 0, grey.astype(np.float32), atlas.px_per_mm)
    made = make_brow_band(face_map, atlas)
    height, width = made.light.shape
    assert np.all(made.centres[:, 0] > 11 * atlas.px_per_mm)
    assert np.all(made.centres[:, 0] < width - 11 * atlas.px_per_mm)
    assert np.all(made.centres[:, 1] < height - 11 * atlas.px_per_mm)
    assert height * width < 150_000
