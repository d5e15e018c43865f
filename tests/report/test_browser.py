"""The page in a real browser: keys, console, requests, accessibility, a phone's width, no scripts, paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from wearoff.report.html import write_report
from wearoff.report.study import Study

Open = Callable[..., Any]
#: A machine that is busy with other things is slow, not wrong [ms].
_PATIENCE_MS = 180_000


@pytest.fixture(scope="module")
def path(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(study, tmp_path_factory.mktemp("report"))


@pytest.fixture
def opened(browser: Any, path: Path) -> Iterator[Open]:
    """Open the report and check at the end that it said nothing on the console and asked for nothing."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(file: Path = path, width: int = 1280, script: bool = True, dark: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(_PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url[:60]))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_divider_moves_by_keys(opened: Open) -> None:
    page = opened()
    page.locator(".pair:not([hidden]) .cut input").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    stage = page.locator(".pair:not([hidden]) .stage")
    assert stage.evaluate("e => e.style.getPropertyValue('--cut')") == "60%"
    left, whole = (stage.locator(s).evaluate("e => getComputedStyle(e).clipPath") for s in (".b .frame", ".a .frame"))
    assert left == "inset(0px 0px 0px 60%)"
    assert whole.startswith("inset(0px 40% 0px 0px")


def _choose(page: Page, name: str) -> None:
    """Choose by keyboard: a click aims at a place, and on a busy machine the page may still be moving."""
    radio = page.get_by_role("radio", name=name)
    radio.focus()
    radio.press("Space")
    expect(radio).to_be_checked()


def test_divider_and_zoom_stay_when_day_and_expression_change(opened: Open) -> None:
    page = opened()
    _choose(page, "Forehead")
    page.locator(".pair:not([hidden]) .cut input").fill("30")
    page.locator(".pair:not([hidden]) select[data-side=b]").select_option(index=2)
    _choose(page, "Frowning")
    stage = page.locator(".pair:not([hidden]) .stage")
    assert page.locator(".pair:not([hidden]) h3").inner_text() == "Frowning"
    assert stage.evaluate("e => [e.style.getPropertyValue('--cut'), e.style.getPropertyValue('--z')]") == ["30%", "2.2"]
    shown = stage.locator("img").evaluate_all("all => all.map(e => getComputedStyle(e).transform)")
    assert shown[0] == shown[1] != "none"


def test_another_day_changes_photo_label_and_remark(opened: Open) -> None:
    page = opened()
    pair = page.locator(".pair:not([hidden])")
    picture = pair.locator(".b img")
    before = picture.get_attribute("src")
    pair.locator("select[data-side=b]").select_option(index=4)  # day 54, with the head turned
    assert picture.get_attribute("src") != before
    assert "25 August 2026" in picture.get_attribute("alt")
    assert "25 Aug 2026" in pair.locator(".b figcaption").inner_text()
    assert "turned" in pair.locator(".remark").inner_text()


def test_photos_zoom_and_move_by_keys(opened: Open) -> None:
    page = opened()
    stage = page.locator(".pair:not([hidden]) .stage")
    stage.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    zoomed = stage.evaluate("e => [e.style.getPropertyValue('--z'), e.style.getPropertyValue('--x')]")
    page.keyboard.press("ArrowRight")
    moved = stage.evaluate("e => [e.style.getPropertyValue('--z'), e.style.getPropertyValue('--x')]")
    assert float(zoomed[0]) == pytest.approx(1.96)
    assert moved[0] == zoomed[0]
    assert float(moved[1].rstrip("%")) < float(zoomed[1].rstrip("%"))


def test_a_dot_opens_the_photo_behind_it_by_key(opened: Open) -> None:
    page = opened()
    dot = page.locator(".area .medium a.dot").first
    dot.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("#viewer")
    assert viewer.is_visible()
    assert viewer.locator("h2").inner_text().startswith("Brows raised, 9 July 2026")
    assert "2026-07-09_raise.jpg" in viewer.inner_text()
    assert viewer.locator("img").evaluate("e => e.naturalWidth") == 720
    page.keyboard.press("ArrowRight")
    assert viewer.locator("h2").inner_text().startswith("Brows raised, 20 July 2026")
    page.keyboard.press("Escape")
    assert not viewer.is_visible()
    assert page.evaluate("document.activeElement.classList.contains('dot')")


def _broken(page: Any, context: str | None = None, **options: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, context=context, options=options or None).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in found]


def test_accessible(opened: Open, small: Study, tmp_path: Path) -> None:
    page = opened(write_report(small, tmp_path))
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert _broken(page) == []
    page.locator(".strip a").first.click()
    assert _broken(page, "#viewer") == []


def test_dark_colours_can_be_read(opened: Open, small: Study, tmp_path: Path) -> None:
    contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    assert _broken(opened(write_report(small, tmp_path), dark=True), **contrast) == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_sticks_out_at_the_side(opened: Open, width: int) -> None:
    page = opened(width=width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_photos_stand_side_by_side(opened: Open) -> None:
    page = opened(script=False)
    assert page.locator(".pair").count() == 4
    assert all(page.locator(".pair").nth(i).is_visible() for i in range(4))
    a, b = (page.locator(f".pair >> nth=0 >> .{side} img").bounding_box() for side in "ab")
    assert a["y"] == b["y"]
    assert a["x"] + a["width"] <= b["x"]
    assert not page.locator(".tools").is_visible()
    assert not page.locator(".cut").first.is_visible()


def test_paper_has_all_pairs_and_no_controls(opened: Open) -> None:
    page = opened()
    page.emulate_media(media="print", color_scheme="dark")
    assert all(page.locator(".pair").nth(i).is_visible() for i in range(4))
    assert not page.locator(".tools").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_variants_open_without_complaint(opened: Open, untreated: Study, no_baseline: Study, tmp_path: Path) -> None:
    for name, study in (("untreated", untreated), ("no baseline", no_baseline)):
        page = opened(write_report(study, tmp_path / name))
        assert page.locator(".answer .figure").first.is_visible()
