import cv2
import numpy as np
import pytest
from faces import make_face

from wearoff.face import PORTRAIT_HEIGHT, PORTRAIT_WIDTH, CanonicalFace, make_atlas, make_face_map, make_portrait
from wearoff.face.identity import skin_print, skin_similarity
from wearoff.terms import Region


def skin(seed: int, height: int = 1300, width: int = 1000) -> np.ndarray:
    """Return a picture full of freckles on skin of one colour."""
    rng = np.random.default_rng(seed)
    coarse = cv2.GaussianBlur(rng.normal(0, 1, (height, width)), (0, 0), 3)
    light = 150 + 12 * coarse / coarse.std()
    return np.clip(np.stack([light + 30, light, light - 20], axis=2), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("pose", [(0, 0, 0), (5, -8, 10), (-6, 7, -15)])
def test_the_same_spot_of_skin_lands_on_the_same_place(
    canonical: CanonicalFace, pose: tuple[float, float, float]
) -> None:
    atlas = make_atlas(canonical)
    for landmark in (50, 280, 151, 117, 346):
        face = make_face(canonical, pose=pose)
        image = np.full((1300, 1000, 3), 128, np.uint8)
        x, y = face.landmarks_px[landmark, :2]
        cv2.circle(image, (round(x * 16), round(y * 16)), 5 * 16, (255, 255, 255), -1, cv2.LINE_AA, 4)
        face_map = make_face_map(image, face, atlas)
        ys, xs = np.nonzero((face_map.rgb[..., 0] > 200) & face_map.valid)
        assert (xs.mean(), ys.mean()) == pytest.approx(tuple(atlas.points_px[landmark]), abs=1.5)


def test_regions_lie_where_they_belong(canonical: CanonicalFace) -> None:
    atlas = make_atlas(canonical)

    def centre(region: Region) -> tuple[float, float]:
        rows, columns = np.nonzero(atlas.regions[region])
        return float(columns.mean()), float(rows.mean())

    middle = atlas.points_px[168, 0]
    assert centre(Region.FOREHEAD)[1] < centre(Region.GLABELLA)[1] < atlas.points_px[4, 1]
    # the person's own right is on the left of a photo of them
    assert centre(Region.CROWS_FEET_RIGHT)[0] < atlas.points_px[33, 0] < middle
    assert centre(Region.CROWS_FEET_LEFT)[0] > atlas.points_px[263, 0] > middle
    areas_mm2 = {r: atlas.regions[r].sum() / atlas.px_per_mm**2 for r in Region}
    assert areas_mm2[Region.CROWS_FEET_LEFT] == pytest.approx(areas_mm2[Region.CROWS_FEET_RIGHT], rel=0.02)
    total = np.sum([atlas.regions[r] for r in Region], axis=0)
    assert total.max() == 1, "regions do not overlap"


def test_skin_turned_away_or_outside_the_photo_is_not_valid(canonical: CanonicalFace) -> None:
    atlas = make_atlas(canonical)
    image = skin(0)
    turned = make_face_map(image, make_face(canonical, pose=(0, 45, 0)), atlas)
    right, left = (turned.valid[atlas.regions[r]].mean() for r in (Region.CROWS_FEET_RIGHT, Region.CROWS_FEET_LEFT))
    assert left < 0.4 < 0.9 < right
    cut = make_face_map(image, make_face(canonical, centre=(500, 150)), atlas)
    assert cut.valid[atlas.regions[Region.FOREHEAD]].mean() < 0.1


def test_the_same_skin_is_recognised_and_other_skin_is_not(canonical: CanonicalFace) -> None:
    atlas = make_atlas(canonical)
    mine, yours = skin(1), skin(2)
    face = make_face(canonical)
    turn = cv2.getRotationMatrix2D((500, 600), 8, 0.9)
    again = np.clip(cv2.warpAffine(mine, turn, (1000, 1300)).astype(float) * 0.85 + 6, 0, 255).astype(np.uint8)
    moved = make_face(canonical, px_per_mm=3.6, pose=(0, 0, -8))
    a = skin_print(make_face_map(mine, face, atlas), atlas)
    b = skin_print(make_face_map(again, moved, atlas), atlas)
    c = skin_print(make_face_map(yours, face, atlas), atlas)
    same, other = skin_similarity(a, b), skin_similarity(a, c)
    assert same is not None
    assert other is not None
    assert same > 0.6
    assert other < 0.3


def test_a_portrait_turns_and_scales_but_keeps_the_face_as_it_is(canonical: CanonicalFace) -> None:
    image = skin(3)
    raised = dict.fromkeys((70, 63, 105, 66, 107), (0.0, 8.0, 0.0))
    for moves in ({}, raised):
        face = make_face(canonical, pose=(0, 0, 12), px_per_mm=4.4, moves=moves)
        marked = image.copy()
        x, y = face.landmarks_px[105, :2]
        cv2.circle(marked, (round(x), round(y)), 6, (255, 0, 255), -1)
        portrait = make_portrait(marked, face, canonical)
        assert portrait.shape == (PORTRAIT_HEIGHT, PORTRAIT_WIDTH, 3)
        spot = (portrait[..., 0].astype(int) - portrait[..., 1] > 120) & (portrait[..., 2] > 200)
        rows, _ = np.nonzero(spot)
        if not moves:
            at_rest = rows.mean()
    assert at_rest - rows.mean() == pytest.approx(8 * 3.6, abs=3)
