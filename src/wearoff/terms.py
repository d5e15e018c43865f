"""The words of the house that are values: regions, expressions and the scales of effect."""

from __future__ import annotations

from enum import StrEnum


class Expression(StrEnum):
    """What the face does in a photo."""

    REST = "rest"
    FROWN = "frown"
    RAISE = "raise"
    SMILE = "smile"
    OTHER = "other"


class Region(StrEnum):
    """An anatomical area of the face; left and right are the person's own."""

    FOREHEAD = "forehead"
    GLABELLA = "glabella"
    CROWS_FEET_LEFT = "crows_feet_left"
    CROWS_FEET_RIGHT = "crows_feet_right"


#: The expression at which a region's lines are dynamic, that is, at their deepest.
OWN_EXPRESSION: dict[Region, Expression] = {
    Region.FOREHEAD: Expression.RAISE,
    Region.GLABELLA: Expression.FROWN,
    Region.CROWS_FEET_LEFT: Expression.SMILE,
    Region.CROWS_FEET_RIGHT: Expression.SMILE,
}


class EffectScale(StrEnum):
    """On what an effect was read: lines in the skin, movement of landmarks, or neck severity."""

    LINES = "lines"
    EXCURSION = "excursion"
    NECK = "neck"
