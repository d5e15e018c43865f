"""The study in the terminal: the answer, the effect per day and region, and what could not be used; 80 columns."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from wearoff.report.answer import AID, answer, further_notes
from wearoff.report.study import EffectReading, Study
from wearoff.report.words import REGION_NAMES, counted, signed_percent
from wearoff.terms import EffectScale, Region

_HEADS = {
    Region.FOREHEAD: "forehead",
    Region.GLABELLA: "brows",
    Region.CROWS_FEET_LEFT: "left eye",
    Region.CROWS_FEET_RIGHT: "right eye",
}


def print_study(study: Study, console: Console) -> None:
    """Print the answer, a table of the effects, and each rejected photo with what to do about it."""
    said = answer(study)
    if said.caution:
        console.print(escape(said.caution), soft_wrap=False)
    console.print(f"{escape(said.label)}: [bold]{escape(said.figure)}[/]")
    _indented(console, said.lead)
    _indented(console, said.why)
    for fact in said.facts:
        console.print(f"{escape(fact.label)}: [bold]{escape(fact.figure)}[/]")
        _indented(console, fact.words)
    if said.steps:
        console.print("\nWhat to do next")
        for step in said.steps:
            _indented(console, f"- {step}")
    if study.effects:
        console.print()
        console.print(_effects(study))
        console.print("Share held back ± one standard deviation, from lines / from movement. Left is your own left.")
    told = further_notes(study)
    if told:
        console.print("\nGood to know")
        for text in told:
            _indented(console, f"- {text}")
    if study.rejected:
        console.print(f"\nNot used: {counted(len(study.rejected), 'photo')}")
        for rejected in study.rejected:
            _indented(console, f"- {rejected}")
    console.print(f"\n{AID}")


def _indented(console: Console, text: str) -> None:
    if text:
        console.print(Padding(escape(text), (0, 0, 0, 2), expand=False))


def _effects(study: Study) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("day", no_wrap=True)
    regions = [r for r in REGION_NAMES if any(e.region is r for e in study.effects)]
    for region in regions:
        table.add_column(_HEADS[region], no_wrap=True)
    readings: dict[tuple[date, Region, EffectScale], EffectReading] = {
        (e.day, e.region, e.scale): e for e in study.effects
    }
    for day in sorted({e.day for e in study.effects}):
        row = [day.isoformat()]
        for region in regions:
            pair = [readings.get((day, region, s)) for s in (EffectScale.LINES, EffectScale.EXCURSION)]
            row.append(" / ".join(_cell(reading) for reading in pair) if any(pair) else "not seen")
        table.add_row(*row)
    return table


def _cell(reading: EffectReading | None) -> str:
    return "-" if reading is None else f"{signed_percent(reading.effect).removesuffix(' %')}±{round(100 * reading.sd)}"
