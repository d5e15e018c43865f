from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from wearoff.phantom.expression import Muscles, Strength, contract, measure
from wearoff.phantom.head import Head, rotation_deg
from wearoff.phantom.mesh import BaseMesh
from wearoff.phantom.subdivide import refine, vertex_normals

CUBE = np.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])
CORNERS = np.array([[x, y, z] for z in (-1, 1) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))], dtype=float)


def test_subdividing_a_cube_follows_the_published_rule() -> None:
    finer = refine(8, CUBE, 1)
    points = finer.matrix @ CORNERS
    assert points.shape == (8 + 12 + 6, 3)
    assert len(finer.quads) == 24
    # Catmull and Clark 1978: a cube's corner of valence 3 moves to 5/9 of itself, an edge point to 3/4, a face to 1
    assert np.allclose(np.abs(points[:8]), 5 / 9)
    assert np.allclose(np.sort(np.abs(points[8:20]), axis=1), [0, 0.75, 0.75])
    normals = vertex_normals(points, finer.quads)
    assert ((normals * points).sum(axis=1) > 0).all()


def test_the_words_of_pose_turn_the_head_the_way_they_say() -> None:
    forward, up = np.array([0, 0, 1.0]), np.array([0, 1.0, 0])
    assert (rotation_deg(10, 0, 0) @ forward)[1] > 0.1  # chin up
    assert (rotation_deg(0, 10, 0) @ forward)[0] > 0.1  # to the person's left, +x
    assert (rotation_deg(0, 0, 10) @ up)[0] > 0.1  # crown towards the left shoulder
    assert np.allclose(rotation_deg(7, -12, 5) @ rotation_deg(7, -12, 5).T, np.eye(3))


@pytest.fixture(scope="module")
def head(base: BaseMesh) -> Head:
    return Head(base, {"macrodetails/caucasian-female-young": 1.0}, levels=1)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_asked_millimetres_are_the_millimetres_the_mesh_moves(head: Head, share: float) -> None:
    strength = Strength(raise_left_mm=8.5, raise_right_mm=7.0, approach_mm=3.0, descent_mm=5.0)
    lifted = measure(head, contract(head, Muscles(frontalis_left=share, frontalis_right=share), strength))
    assert lifted.brow_raise_left == pytest.approx(8.5 * share, rel=0.15, abs=1e-6)
    assert lifted.brow_raise_right == pytest.approx(7.0 * share, rel=0.15, abs=1e-6)
    frowned = measure(head, contract(head, Muscles(corrugator=share), strength))
    assert frowned.frown_approach == pytest.approx(6.0 * share, rel=0.15, abs=1e-6)
    assert frowned.frown_descent == pytest.approx(5.0 * share, rel=0.15, abs=1e-6)


def test_movement_is_proportional_to_contraction(head: Head) -> None:
    def at(share: float) -> dict[str, float]:
        muscles = Muscles(orbicularis_left=share, orbicularis_right=share)
        return asdict(measure(head, contract(head, muscles, Strength())))

    half, full = at(0.5), at(1.0)
    assert full["canthus_left"] > 1.0
    for name, value in full.items():
        assert half[name] == pytest.approx(value / 2, abs=1e-9)


def test_skin_coordinates_are_mirrored_and_stay_through_pose(head: Head) -> None:
    left, right = head.anchor("brow_mid_left"), head.anchor("brow_mid_right")
    assert left[0] > 20
    assert np.allclose(left * [-1, 1], right, atol=1.0)
    before = head.uv.copy()
    head.pose(head.rest_base, 5, 20, -3)
    assert np.array_equal(before, head.uv)


def test_turning_keeps_the_head_rigid_and_the_shoulders_still(head: Head) -> None:
    still, turned = (head.pose(head.rest_base, 0, yaw, 0) for yaw in (0.0, 20.0))
    face = head.uv[:, 1] > -60
    assert np.allclose(
        np.linalg.norm(turned.skin[face] - turned.pivot, axis=1), np.linalg.norm(still.skin[face] - still.pivot, axis=1)
    )
    shoulders = head.uv[:, 1] < -155
    assert shoulders.any()
    assert np.allclose(turned.skin[shoulders], still.skin[shoulders])
