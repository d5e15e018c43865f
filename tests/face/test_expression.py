"""Expressions of the canonical face, moved by known amounts."""

import pytest
from faces import make_face

from wearoff.face import CanonicalFace, Face, pick_rest, read_against_rest, read_alone, read_timepoint
from wearoff.terms import Expression

BROWS = (70, 63, 105, 66, 107, 300, 293, 334, 296, 336)
INNER_RIGHT, INNER_LEFT = (107, 66, 55), (336, 296, 285)


def raised(canonical: CanonicalFace, mm: float) -> Face:
    return make_face(
        canonical, moves=dict.fromkeys(BROWS, (0.0, mm, 0.0)), coefficients={"browInnerUp": min(1, mm / 10)}
    )


def frowning(canonical: CanonicalFace, mm: float) -> Face:
    moves = dict.fromkeys(INNER_RIGHT, (mm / 2, -mm, 0.0)) | dict.fromkeys(INNER_LEFT, (-mm / 2, -mm, 0.0))
    return make_face(canonical, moves=moves, coefficients={"browDownLeft": mm / 6, "browDownRight": mm / 6})


def smiling(canonical: CanonicalFace, mm: float) -> Face:
    moves = {61: (-mm, mm / 2, -mm / 2), 291: (mm, mm / 2, -mm / 2)}
    both = {"mouthSmileLeft": min(1, mm / 6), "mouthSmileRight": min(1, mm / 6)}
    return make_face(canonical, moves=moves, coefficients=both)


@pytest.mark.parametrize(
    ("make", "expression"),
    [(raised, Expression.RAISE), (frowning, Expression.FROWN), (smiling, Expression.SMILE)],
)
def test_a_clear_movement_against_rest_is_read(canonical: CanonicalFace, make, expression: Expression) -> None:  # type: ignore[no-untyped-def]
    reading = read_against_rest(make(canonical, 5.0), make_face(canonical))
    assert reading.expression is expression
    assert reading.relative_to_rest


def test_rest_against_rest_is_rest_in_any_pose(canonical: CanonicalFace) -> None:
    rest = make_face(canonical)
    for pose in ((0, 0, 0), (8, 0, 0), (-8, 10, 5)):
        assert read_against_rest(make_face(canonical, pose=pose, px_per_mm=7.0), rest).expression is Expression.REST


def test_the_frown_of_a_treated_person_is_found_in_its_set_of_four(canonical: CanonicalFace) -> None:
    """At the peak a seventh of the movement is left: too little to be read on its own."""
    rest = make_face(canonical)
    day = [smiling(canonical, 5.0), frowning(canonical, 0.7), make_face(canonical), raised(canonical, 1.1)]
    assert read_against_rest(day[1], rest).expression is Expression.REST
    assert [r.expression for r in read_timepoint(day, rest)] == [
        Expression.SMILE,
        Expression.FROWN,
        Expression.REST,
        Expression.RAISE,
    ]


def test_two_smiles_and_two_rests_are_not_dealt_out_as_a_set(canonical: CanonicalFace) -> None:
    rest = make_face(canonical)
    day = [smiling(canonical, 5.0), smiling(canonical, 6.0), make_face(canonical), make_face(canonical)]
    read = [r.expression for r in read_timepoint(day, rest)]
    assert read == [Expression.SMILE, Expression.SMILE, Expression.REST, Expression.REST]


def test_rest_is_picked_among_the_expressions(canonical: CanonicalFace) -> None:
    faces = [smiling(canonical, 4.0), frowning(canonical, 3.0), make_face(canonical), raised(canonical, 6.0)]
    assert pick_rest(faces) == 2
    assert pick_rest([smiling(canonical, 3.0), make_face(canonical)]) == 1


def test_alone_only_what_is_plain_counts(canonical: CanonicalFace) -> None:
    assert read_alone(smiling(canonical, 5.0)).expression is Expression.SMILE
    assert read_alone(smiling(canonical, 1.0)).expression is Expression.REST
    wide_open = make_face(canonical, coefficients={"jawOpen": 0.9})
    assert read_alone(wide_open).expression is Expression.OTHER
    assert not read_alone(wide_open).relative_to_rest
