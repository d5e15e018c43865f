"""The portraits of a study as pictures that stand inside the page, each one once in large and once as a thumbnail."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image

from wearoff.report.study import MeasuredPhoto, Study
from wearoff.report.words import EXPRESSION_NAMES, EXPRESSION_ORDER, dated, since
from wearoff.terms import Expression

#: A thumbnail is shown at half of this width [px], for screens with fine pixels.
_THUMB_WIDTH = 208
_LARGE_QUALITY, _THUMB_QUALITY = 80, 76
#: With more photos than this, those that no comparison opens with are kept smaller [width in px].
_MANY, _SMALLER_WIDTH = 40, 460


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo on the page: its number there, what it shows, and its two pictures as data addresses."""

    number: int
    photo: MeasuredPhoto
    day: date
    expression: Expression
    since: str
    width: int
    height: int
    large: str
    thumb: str

    @property
    def title(self) -> str:
        """What it shows, and when."""
        told = f"{EXPRESSION_NAMES[self.expression]}, {dated(self.day)}"
        return f"{told} ({self.since})" if self.since else told


def pictures_of(study: Study) -> tuple[Picture, ...]:
    """Return the best photo of each expression and day, by day."""
    order = (*EXPRESSION_ORDER, Expression.OTHER)
    chosen = [(t.day, e, t.photos[e]) for t in study.timepoints for e in order if e in t.photos]
    first_last = _ends(study)
    treated = [t.day for t in study.treatments]
    out = []
    for number, (day, expression, photo) in enumerate(chosen):
        image = Image.open(io.BytesIO(photo.portrait.tobytes())).convert("RGB")
        large = image
        if len(chosen) > _MANY and (day, expression) not in first_last:
            large = _to_width(image, _SMALLER_WIDTH)
        out.append(
            Picture(
                number=number,
                photo=photo,
                day=day,
                expression=expression,
                since=since(day, treated, study.baseline_day),
                width=image.width,
                height=image.height,
                large=_address(large, _LARGE_QUALITY),
                thumb=_address(_to_width(image, _THUMB_WIDTH), _THUMB_QUALITY),
            )
        )
    return tuple(out)


def _ends(study: Study) -> set[tuple[date, Expression]]:
    """Return the day and expression of the photos that comparisons open with."""
    out = set()
    for expression in Expression:
        pair = opening_pair([t.day for t in study.timepoints if expression in t.photos], study.baseline_day)
        out |= {(day, expression) for day in pair}
    return out


def opening_pair(days: Sequence[date], baseline: date | None) -> tuple[date, ...]:
    """Return the days a comparison opens with: the baseline (else the first day) and the latest; or the only one."""
    if len(days) < 2:
        return tuple(days)
    before = baseline if baseline is not None and baseline in days[:-1] else days[0]
    return (before, days[-1])


def _to_width(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def _address(image: Image.Image, quality: int) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
