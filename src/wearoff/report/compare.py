"""Whether two photos of one expression can be compared, in words."""

from __future__ import annotations

from datetime import date

from wearoff.plan import day_in_words
from wearoff.report.study import MeasuredPhoto

#: Heads turned this much apart [deg] are not compared at all (as in the measuring); from `_TURNED_DEG` on it is said.
NOT_COMPARABLE_DEG = 18.0
_TURNED_DEG = 7.0
#: A photo softer than the other by this factor, and by this much [mm], is named.
_SOFTER, _SOFTER_MM = 1.5, 0.12
#: A face lighter than the other by this factor is named.
_LIGHTER = 1.35

MATCH = "These two photos match: head, light and sharpness are alike."


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
