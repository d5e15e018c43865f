import numpy as np
import pytest
from faces import make_face
from hypothesis import given, settings
from hypothesis import strategies as st

from wearoff.face import CanonicalFace, on_one_scale
from wearoff.face.pose import iris_scale

angle = st.floats(-40, 40)


def test_the_canonical_face_has_its_shape(canonical: CanonicalFace) -> None:
    assert canonical.xyz_mm.shape == (468, 3)
    assert canonical.triangles.max() == 467
    assert canonical.pose_weights.sum() == pytest.approx(1)
    # mirror-symmetric: the outer corners of the eyes
    right, left = canonical.xyz_mm[33], canonical.xyz_mm[263]
    assert right * (-1, 1, 1) == pytest.approx(left, abs=0.01)
    with pytest.raises(ValueError, match="read-only"):
        canonical.xyz_mm[0, 0] = 1


@settings(max_examples=60, deadline=None)
@given(pitch=angle, yaw=angle, roll=angle, px_per_mm=st.floats(0.5, 15))
def test_pose_and_size_of_a_turned_face_are_recovered(
    canonical: CanonicalFace, pitch: float, yaw: float, roll: float, px_per_mm: float
) -> None:
    face = make_face(canonical, pose=(pitch, yaw, roll), px_per_mm=px_per_mm)
    assert face.pose.pitch_deg == pytest.approx(pitch, abs=1e-6)
    assert face.pose.yaw_deg == pytest.approx(yaw, abs=1e-6)
    assert face.pose.roll_deg == pytest.approx(roll, abs=1e-6)
    assert face.px_per_canonical_mm == pytest.approx(px_per_mm)


@settings(max_examples=30, deadline=None)
@given(pitch=angle, yaw=angle, roll=angle, x=st.floats(-500, 3000))
def test_upright_landmarks_do_not_depend_on_pose_or_place(
    canonical: CanonicalFace, pitch: float, yaw: float, roll: float, x: float
) -> None:
    straight = make_face(canonical)
    turned = make_face(canonical, pose=(pitch, yaw, roll), centre=(x, 100.0))
    assert np.abs(turned.upright_mm - straight.upright_mm).max() < 1e-6


@pytest.mark.parametrize("yaw", [0.0, 15.0, -30.0])
def test_the_iris_gives_millimetres(canonical: CanonicalFace, yaw: float) -> None:
    face = make_face(canonical, px_per_mm=6.0, pose=(0, yaw, 0))
    scale = iris_scale(face.landmarks_px, face.landmark_sd_px, face.pose)
    assert scale.px_per_mm == pytest.approx(6.0, rel=0.01)
    # the spread of irises between people is part of it
    assert scale.sd_px_per_mm / scale.px_per_mm >= 0.42 / 11.7


def test_photos_of_one_person_share_one_scale(canonical: CanonicalFace) -> None:
    good = [make_face(canonical, px_per_mm=s) for s in (3.0, 4.0, 8.0)]
    half_closed = make_face(canonical, px_per_mm=4.0, coefficients={"eyeBlinkLeft": 0.9})
    wrong = half_closed.__class__(
        **{
            **{name: getattr(half_closed, name) for name in half_closed.__dataclass_fields__},
            "scale": half_closed.scale.__class__(2.5, 0.1, half_closed.scale.source),
        }
    )
    pooled = on_one_scale([*good, wrong])
    assert [f.scale.px_per_mm for f in pooled] == pytest.approx([3.0, 4.0, 8.0, 4.0])
    assert on_one_scale([]) == ()
