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


def print_measurements(photos: Sequence[MeasuredPhoto | Rejected], console: Console) -> None:
    """Print one row for each photo that was measured, then each rejected one with its reason and what to do."""
    good = [p for p in photos if isinstance(p, MeasuredPhoto)]
    rejected = [p for p in photos if isinstance(p, Rejected)]
    if good:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("photo", overflow="fold")
        table.add_column("day", no_wrap=True)
        table.add_column("shows", no_wrap=True)
        for region in Region:
            table.add_column(_SHORT[region], justify="right")
        for photo in good:
            row = [escape(photo.file), photo.taken.day.isoformat() if photo.taken else "-", photo.expression.value]
            for region in Region:
                lines = photo.lines.get(region)
                severity = lines.severity() if lines else None
                row.append(f"{severity.value:.2f} ±{severity.sd:.2f}" if severity else "not seen")
            table.add_row(*row)
        console.print(table)
        console.print(
            "Line severity in % of contrast ± one standard deviation; R and L are the person's own sides.",
            soft_wrap=True,
        )
    for refusal in rejected:
        console.print(f"[bold]not measured[/] {escape(str(refusal))}", soft_wrap=True)
    console.print(f"{len(good)} measured, {len(rejected)} not.")
