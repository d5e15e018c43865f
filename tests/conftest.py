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

#: The one reason for which a test may be skipped in CI as well: the photos are no part of the project.
NO_DEVSET = "the development photos are not beside this checkout"

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
    in_ci = os.environ.get("CI") == "true"
    if report.skipped and in_ci and not hasattr(report, "wasxfail") and NO_DEVSET not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, where everything must be there (.ci/run): {report.longrepr}"
    return report
