import numpy as np
import pytest
from faces import make_face
from hypothesis import given, settings
from hypothesis import strategies as st

from wearoff.face import CanonicalFace
from wearoff.measure import EXCURSIONS, Excursion, measure_excursions, measure_positions
from wearoff.terms import Expression

RIGHT_BROW, LEFT_BROW = (70, 63, 105, 66, 107, 55, 52, 53), (300, 293, 334, 296, 336, 285, 282, 283)


@settings(max_examples=25, deadline=None)
@given(right=st.floats(0, 12), left=st.floats(0, 12), pitch=st.floats(-15, 15), yaw=st.floats(-15, 15))
def test_a_brow_raise_is_measured_in_millimetres_on_each_side(
    canonical: CanonicalFace, right: float, left: float, pitch: float, yaw: float
) -> None:
    moves = dict.fromkeys(RIGHT_BROW, (0.0, right, 0.0)) | dict.fromkeys(LEFT_BROW, (0.0, left, 0.0))
    rest = make_face(canonical)
    raised = make_face(canonical, pose=(pitch, yaw, 3.0), px_per_mm=6.0, moves=moves)
    found = {e.name: e.value_mm for e in measure_excursions(rest, raised, Expression.RAISE)}
    assert set(found) == {Excursion.BROW_RAISE_RIGHT, Excursion.BROW_RAISE_LEFT}
    # the brows are among the landmarks that the pose is fitted to, hence a few percent
    assert found[Excursion.BROW_RAISE_RIGHT].value == pytest.approx(right, abs=0.15 + 0.12 * max(left, right))
    assert found[Excursion.BROW_RAISE_LEFT].value == pytest.approx(left, abs=0.15 + 0.12 * max(left, right))


def test_a_frown_brings_the_brows_together_and_down(canonical: CanonicalFace) -> None:
    moves = dict.fromkeys((107, 66, 55), (1.5, -2.0, 0.0)) | dict.fromkeys((336, 296, 285), (-1.5, -2.0, 0.0))
    found = {
        e.name: e.value_mm.value
        for e in measure_excursions(make_face(canonical), make_face(canonical, moves=moves), Expression.FROWN)
    }
    assert found[Excursion.BROW_APPROXIMATION] == pytest.approx(3.0, abs=0.3)
    assert found[Excursion.BROW_DESCENT] == pytest.approx(2.0, abs=0.3)


def test_no_movement_is_none_whatever_the_pose_and_a_turn_widens_the_doubt(canonical: CanonicalFace) -> None:
    rest = make_face(canonical)
    for expression in (Expression.RAISE, Expression.FROWN, Expression.SMILE):
        straight = measure_excursions(rest, make_face(canonical), expression)
        turned = measure_excursions(rest, make_face(canonical, pose=(4, 12, 0)), expression)
        for a, b in zip(straight, turned, strict=True):
            assert abs(b.value_mm.value) < 1e-6
            assert b.value_mm.sd > a.value_mm.sd
    assert measure_excursions(rest, rest, Expression.REST) == ()


def test_positions_have_units_errors_and_both_sides(canonical: CanonicalFace) -> None:
    positions = measure_positions(make_face(canonical))
    assert set(EXCURSIONS) == set(Excursion)
    assert positions["brow_height_right"].value == pytest.approx(positions["brow_height_left"].value, abs=0.05)
    assert all(p.sd > 0 and np.isfinite(p.value) for p in positions.values())
