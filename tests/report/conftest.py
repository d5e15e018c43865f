from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from making_studies import DAYS, a_study

from wearoff.report.study import Study

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def study() -> Study:
    """Return a person eleven weeks after the treatment, whose effect will wear off."""
    return a_study(days=DAYS[:6], today=date(2026, 9, 18), name="Ada <b>")


@pytest.fixture(scope="session")
def small() -> Study:
    """Return a study with everything in it, but few days: the accessibility rules look at every element."""
    return a_study(days=(-1, 18, 54), today=date(2026, 9, 1))


@pytest.fixture(scope="session")
def untreated() -> Study:
    return a_study(days=DAYS[:3], treated=False)


@pytest.fixture(scope="session")
def no_baseline() -> Study:
    return a_study(days=(18, 33), today=date(2026, 9, 1))


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Open Debian's chromium; without it the test is skipped, but never on CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()
