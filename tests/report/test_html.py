from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from making_studies import TODAY, a_photo, a_study, a_timepoint

from wearoff.errors import OutputError
from wearoff.pipeline.timepoints import MAX_POSE_DIFFERENCE_DEG
from wearoff.plan import day_in_words
from wearoff.report.compare import NOT_COMPARABLE_DEG, mismatches
from wearoff.report.html import render, write_report
from wearoff.report.pictures import opening_pair
from wearoff.report.study import Study
from wearoff.terms import Expression


@dataclass
class Page(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    source: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    _silent: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.heard.append(data)

    def all(self, *tags: str) -> Iterator[tuple[str, dict[str, str | None]]]:
        return ((tag, attrs) for tag, attrs in self.elements if tag in tags)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.heard))


@pytest.fixture(scope="module")
def source(study: Study) -> str:
    return render(study)


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_nothing_outside_the_file_is_named(page: Page) -> None:
    for _, attributes in page.elements:
        for name, value in attributes.items():
            if name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href"):
                assert value is not None
                assert value.startswith(("#", "data:"))


def test_no_address_and_no_import_anywhere(source: str) -> None:
    without_pictures = re.sub(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", "", source)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", without_pictures)


def test_policy_pins_exactly_the_page_s_own_style_and_script(source: str, page: Page) -> None:
    policy = next(a["content"] for _, a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        assert text is not None
        pinned = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{pinned}'" in policy


def test_no_attribute_that_the_policy_would_block(page: Page) -> None:
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_every_picture_says_what_it_shows(page: Page) -> None:
    pictures = list(page.all("img"))
    assert len(pictures) == 48  # 24 photos, each large and as a thumbnail
    assert all(
        re.fullmatch(r"(At rest|Brows raised|Frowning|Smiling), \d+ \w+ 2026 \(.+\)", a["alt"] or "")
        for _, a in pictures
    )


def test_every_picture_stands_once_in_the_file(page: Page) -> None:
    sources = [a["src"] for _, a in page.all("img")]
    assert len(sources) == len(set(sources))


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_number_in_the_page_that_is_linked_to_exists(page: Page) -> None:
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    links = {(a["href"] or "")[1:] for _, a in page.all("a")}
    assert links <= set(ids)


def test_names_cannot_bring_in_elements(source: str, page: Page) -> None:
    assert "<img src=x" not in source
    assert "<b>" not in source
    assert "<img src=x onerror=alert(1)>.jpg" in page.text
    assert "Report for Ada <b>" in page.text


def test_script_s_data_cannot_leave_its_element() -> None:
    bad = "</script><script>alert(1)</script>.jpg"
    timepoints = (a_timepoint(-1), a_timepoint(18, name=bad))
    source = render(a_study(timepoints=timepoints))
    told = re.search(r'<script type="application/json" id="told">(.*?)</script>', source)
    assert told is not None
    assert json.loads(told[1])["photos"]
    assert "</script><script>alert" not in source


def test_answer_leads_with_its_interval_and_its_photo_day(study: Study, page: Page) -> None:
    whole, plan = study.course.overall, study.plan
    assert whole is not None
    assert plan.maintenance is not None
    assert plan.next_photo is not None
    text = page.text.replace("\u00a0", " ")
    best = day_in_words(plan.maintenance.best, study.today)
    head = text[: text.index("When to get help")]
    assert re.search(rf"Around \w+day {best}", head)
    assert plan.wear_off_words in head
    assert plan.maintenance.reason in head
    assert f"about {round(100 * whole.effect_today.mean)} %" in head
    assert plan.next_photo.reason in head
    assert "not a diagnosis" in head


def test_only_verified_red_flags_are_shown(page: Page) -> None:
    assert "Trouble swallowing, speaking or breathing" in page.text
    path = Path(__file__).parents[2] / "src/wearoff/report/data/red_flags.json"
    flags = json.loads(path.read_text())["flags"]
    assert {f["status"] for f in flags} == {"verified"}
    assert all(f["source"] and f["address"] for f in flags)


def test_numbers_carry_their_standard_deviations(study: Study, page: Page) -> None:
    text = page.text.replace("\u00a0", " ")
    for reading in study.effects:
        shown = f"{round(100 * reading.effect)} % ± {round(100 * reading.sd)} %".replace("-", "−")
        assert shown in text


def test_rejected_photos_say_why_and_what_to_do(study: Study, page: Page) -> None:
    for rejected in study.rejected:
        assert f"{rejected.reason.words}" in page.text
        assert rejected.advice in page.text


def test_without_a_treatment_there_is_no_date_and_no_empty_chart(untreated: Study) -> None:
    page = Page(render(untreated))
    assert "No date yet" in page.text
    assert "treatments.csv" in page.text
    assert not list(page.all("svg"))
    assert "Held back" not in page.text
    assert list(page.all("img"))


def test_without_a_baseline_the_forecast_is_called_that_of_other_people(no_baseline: Study) -> None:
    page = Page(render(no_baseline))
    assert "from other people’s results" in page.text
    assert "there is none from before the treatment" in page.text
    assert "Look for photos from before the treatment" in page.text
    assert not [a for _, a in page.all("a") if "dot" in (a.get("class") or "")]
    assert len(list(page.all("svg"))) == 2  # the overall course, wide and narrow; no chart without an observation


def test_nothing_to_show_at_all_still_makes_a_page() -> None:
    page = Page(render(a_study(timepoints=(), treated=False)))
    assert "No date yet" in page.text
    assert "no photo that could be measured" in page.text
    assert not list(page.all("img"))


def test_one_day_shows_each_expression_against_rest_and_calls_it_no_before_and_after() -> None:
    page = Page(render(a_study(timepoints=(a_timepoint(18),))))
    assert page.text.count("Against rest it shows where your lines are") == 3
    assert page.text.count("A second one makes it a before and after") == 1  # rest has nothing beside it
    assert not list(page.all("select"))
    assert "These two photos match" not in page.text
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))


def test_one_photo_alone_has_nothing_to_slide() -> None:
    page = Page(render(a_study(timepoints=(a_timepoint(18, shown=(Expression.SMILE,)),))))
    assert "So far there is one day with this expression" in page.text
    assert not [a for _, a in page.all("input") if a.get("type") == "range"]


def test_same_study_gives_the_same_bytes(study: Study, source: str) -> None:
    assert render(study) == source


def test_sample_person_is_named_as_computed(study: Study) -> None:
    text = Page(render(replace(study, sample=True))).text
    assert "Report for the sample person" in text
    assert "nobody’s face" in text


def test_report_is_written_whole_or_not_at_all(study: Study, tmp_path: Path) -> None:
    path = write_report(study, tmp_path / "out")
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError):
        write_report(study, blocked)


def test_photos_that_differ_are_not_shown_without_saying_so() -> None:
    day = TODAY
    plain = a_photo("a.jpg", day, Expression.SMILE)
    assert mismatches(plain, plain, day) == ()
    assert "can’t be compared" in mismatches(plain, a_photo("b.jpg", day, Expression.SMILE, yaw=21), day)[0]
    assert "turned 11° further" in mismatches(plain, a_photo("b.jpg", day, Expression.SMILE, yaw=11), day)[0]
    assert "softer" in mismatches(plain, a_photo("b.jpg", day, Expression.SMILE, blur_mm=0.6), day)[0]
    assert "brighter" in mismatches(plain, a_photo("b.jpg", day, Expression.SMILE, light=1.5), day)[0]


def test_not_comparable_means_the_same_as_in_the_measuring() -> None:
    assert NOT_COMPARABLE_DEG == MAX_POSE_DIFFERENCE_DEG


def test_comparison_opens_with_the_baseline_and_the_latest() -> None:
    days = [a_timepoint(d).day for d in (-40, -1, 7, 18)]
    assert opening_pair(days, days[1]) == (days[1], days[3])
    assert opening_pair(days, None) == (days[0], days[3])
    assert opening_pair(days[:1], days[0]) == (days[0],)
