"""What holds for the whole suite: no test reaches beyond this machine, models open once, CI skips nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from typing import Any

import pytest

from wearoff.face.canonical import CanonicalFace, read_canonical_face
from wearoff.face.landmarker import CANONICAL
from wearoff.models import ModelFiles, find_models
from wearoff.pipeline import Tools, open_tools

_HERE = ("127.", "::1", "localhost")


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event == "socket.getaddrinfo":
        host = str(arguments[0])
    else:
        return
    if not host.startswith(_HERE):
        raise PermissionError(f"a test tried to reach {host}")


sys.addaudithook(_stay_here)


@pytest.fixture(scope="session")
def models() -> ModelFiles:
    return find_models(os.environ)


@pytest.fixture(scope="session")
def tools(models: ModelFiles) -> Tools:
    return open_tools(models.contents)


@pytest.fixture(scope="session")
def canonical(models: ModelFiles) -> CanonicalFace:
    return read_canonical_face(models.contents[CANONICAL])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where everything must be there (.ci/run): {report.longrepr}"
    return report
