from __future__ import annotations

import io

import pytest
from rich.console import Console

from wearoff.report.study import Study
from wearoff.report.terminal import print_study


def printed(study: Study, *, colour: bool = False) -> str:
    out = io.StringIO()
    print_study(study, Console(file=out, width=80, force_terminal=colour, highlight=False))
    return out.getvalue()


def test_plain_text_fits_eighty_columns(study: Study) -> None:
    text = printed(study)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text


def test_answer_effects_and_rejected_are_there(study: Study) -> None:
    text = printed(study)
    assert study.plan.maintenance is not None
    assert "Your maintenance date: Around" in text
    for reading in study.effects:
        row = next(line for line in text.splitlines() if line.startswith(reading.day.isoformat()))
        assert f"{round(100 * reading.effect)}±{round(100 * reading.sd)}" in row
    squeezed = " ".join(text.split())
    for rejected in study.rejected:
        assert rejected.file in squeezed
        assert rejected.advice in squeezed


def test_markup_in_a_file_name_is_only_text(study: Study) -> None:
    from dataclasses import replace

    from wearoff.photo.reasons import Reason, Rejected

    odd = replace(study, rejected=(Rejected("[bold]x[/bold].jpg", Reason.NO_FACE),))
    assert "[bold]x[/bold].jpg" in printed(odd)


@pytest.mark.parametrize("which", ["untreated", "no_baseline"])
def test_without_a_date_it_says_what_to_do(which: str, request: pytest.FixtureRequest) -> None:
    text = printed(request.getfixturevalue(which))
    assert "What to do next" in text
    assert "None" not in text
