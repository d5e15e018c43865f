"""What each photo shows, as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from wearoff.photo.reasons import Rejected
from wearoff.report.study import MeasuredPhoto
from wearoff.terms import Region

_SHORT = {
    Region.FOREHEAD: "forehead",
    Region.GLABELLA: "glabella",
    Region.CROWS_FEET_RIGHT: "crow's feet R",
    Region.CROWS_FEET_LEFT: "crow's feet L",
}

#: From this width on [characters] everything fits into one row.
_WIDE = 110


def print_measurements(photos: Sequence[MeasuredPhoto | Rejected], console: Console) -> None:
    """Print one row for each photo that was measured, then each rejected one with its reason and what to do."""
    good = [p for p in photos if isinstance(p, MeasuredPhoto)]
    rejected = [p for p in photos if isinstance(p, Rejected)]
    if good and console.width >= _WIDE:
        console.print(_table(good))
    for photo in good if console.width < _WIDE else ():
        console.print(f"[bold]{escape(photo.file)}[/]  {_day(photo)}  {photo.expression.value}", soft_wrap=True)
        values = [f"{_SHORT[region]} {_severity(photo, region)}" for region in Region]
        for pair in (values[:2], values[2:]):
            console.print("  " + "   ".join(f"{value:<26}" for value in pair).rstrip(), soft_wrap=True)
    if good:
        console.print(
            "Line severity in % of contrast ± one standard deviation; R and L are the person's own sides.",
            soft_wrap=True,
        )
    for refusal in rejected:
        console.print(f"[bold]not measured[/] {escape(str(refusal))}", soft_wrap=True)
    console.print(f"{len(good)} measured, {len(rejected)} not.")


def _table(photos: Sequence[MeasuredPhoto]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("photo", overflow="fold")
    table.add_column("day", no_wrap=True)
    table.add_column("shows", no_wrap=True)
    for region in Region:
        table.add_column(_SHORT[region], justify="right", no_wrap=True)
    for photo in photos:
        severities = [_severity(photo, region) for region in Region]
        table.add_row(escape(photo.file), _day(photo), photo.expression.value, *severities)
    return table


def _day(photo: MeasuredPhoto) -> str:
    return photo.taken.day.isoformat() if photo.taken else "no day"


def _severity(photo: MeasuredPhoto, region: Region) -> str:
    lines = photo.lines.get(region)
    severity = lines.severity() if lines else None
    return f"{severity.value:.2f} ±{severity.sd:.2f}" if severity else "not seen"
