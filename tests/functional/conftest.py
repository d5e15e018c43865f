"""The command line as a user runs it, and the photos of a synthetic person to run it on."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """What a command returned and printed."""

    code: int
    out: str
    err: str


def wearoff(*arguments: object) -> Run:
    """Run a command in this process; a traceback would come out as an exception, and fail the test."""
    from wearoff.cli import main

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse, for arguments that do not fit
            code = int(stop.code or 0)
    return Run(code, out.getvalue(), err.getvalue())


@pytest.fixture(name="wearoff", scope="session")
def _wearoff() -> Callable[..., Run]:
    return wearoff


@pytest.fixture(scope="session")
def people() -> Path:
    """The folder with small photos of synthetic people: see its README."""
    return TESTS / "photos"
