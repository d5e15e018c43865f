"""What there is to compare, and whether two photos of one expression can be compared, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wearoff.plan import day_in_words
from wearoff.report.pictures import Picture, opening_pair
from wearoff.report.study import MeasuredPhoto, Study
from wearoff.report.words import COMPARE_ORDER, EXPRESSION_NAMES, short_day
from wearoff.terms import Expression

#: Heads turned this much apart [deg] are not compared at all (as in the measuring); from `_TURNED_DEG` on it is said.
NOT_COMPARABLE_DEG = 18.0
_TURNED_DEG = 7.0
#: A photo softer than the other by this factor, and by this much [mm], is named.
_SOFTER, _SOFTER_MM = 1.5, 0.12
#: A face lighter than the other by this factor is named.
_LIGHTER = 1.35

MATCH = "These two photos match in head position, brightness and sharpness."
_ONE_DAY = "So far there is one day with this expression. A second one makes it a before and after."
_AGAINST_REST = (
    "So far there is one day with this expression. Against rest it shows where your lines are; a second day makes it a "
    "before and after."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of a comparison: the photo, its caption in two parts, and whether its large picture stands here."""

    picture: Picture
    caption: str
    more: str
    at_home: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """What there is to compare of one expression; `shown` opens: two sides, or one where there is nothing beside it.

    With `pictures` of more than one day any two of them can be chosen; else an expression stands against rest.
    """

    expression: Expression
    name: str
    pictures: tuple[Picture, ...]
    shown: tuple[Shown, ...]
    remarks: tuple[str, ...]

    @property
    def by_day(self) -> bool:
        """Whether there are two days to compare."""
        return len(self.pictures) > 1


def pairs_of(study: Study, pictures: tuple[Picture, ...]) -> tuple[Pair, ...]:
    """Return what there is to compare, one entry for each expression that was seen."""
    home: set[int] = set()

    def shown(picture: Picture, caption: str, more: str) -> Shown:
        at_home = picture.number not in home
        home.add(picture.number)
        return Shown(picture, caption, more, at_home)

    out = []
    for expression in COMPARE_ORDER:
        own = tuple(p for p in pictures if p.expression is expression)
        if not own:
            continue
        if len(own) > 1:
            ends = [next(p for p in own if p.day == d) for d in opening_pair([p.day for p in own], study.baseline_day)]
            sides = tuple(shown(p, short_day(p.day, year=True), p.since) for p in ends)
            remarks = mismatches(ends[0].photo, ends[1].photo, study.today)
        else:
            only = own[0]
            rest = [p for p in pictures if p.day == only.day and p.expression is Expression.REST and p is not only]
            sides = tuple(shown(p, EXPRESSION_NAMES[p.expression], short_day(p.day, year=True)) for p in (*rest, only))
            remarks = (_AGAINST_REST if rest else _ONE_DAY,)
        out.append(Pair(expression, EXPRESSION_NAMES[expression], own, sides, remarks))
    return tuple(out)


def mismatches(a: MeasuredPhoto, b: MeasuredPhoto, today: date) -> tuple[str, ...]:
    """Return what makes two photos hard to compare, one sentence each; empty where they match."""
    out = []
    turned = a.face.pose.angle_to(b.face.pose)
    if turned > NOT_COMPARABLE_DEG:
        out.append(
            f"These two photos can’t be compared: the head is turned {turned:.0f}° further in one of them. "
            "No effect was measured between them."
        )
    elif turned > _TURNED_DEG:
        out.append(
            f"The head is turned {turned:.0f}° further in one of them. That alone can make lines look different."
        )
    soft, sharp = (a, b) if a.blur_mm > b.blur_mm else (b, a)
    if soft.blur_mm > _SOFTER * sharp.blur_mm and soft.blur_mm - sharp.blur_mm > _SOFTER_MM:
        out.append(
            f"The photo of {_day(soft, today)} is softer, so its fine lines look weaker. "
            "The numbers compare both at the softer one’s sharpness."
        )
    light, dark = (a, b) if a.lightness > b.lightness else (b, a)
    if light.lightness > _LIGHTER * max(dark.lightness, 1.0):
        out.append(f"The face is brighter in the photo of {_day(light, today)}. Other light shows lines differently.")
    return tuple(out)


def _day(photo: MeasuredPhoto, today: date) -> str:
    return day_in_words(photo.taken.day, today) if photo.taken else photo.file
