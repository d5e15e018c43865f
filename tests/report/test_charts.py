from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest
from making_studies import TREATED, a_study, a_timepoint

from wearoff.report.charts import MEDIUM, NARROW, Dot, area_chart, last_day
from wearoff.report.curves import area_charts, overall_chart
from wearoff.report.pictures import pictures_of
from wearoff.report.study import Study
from wearoff.report.words import short_day, since
from wearoff.terms import OWN_EXPRESSION, EffectScale, Region


def drawn(study: Study, effect: float = 0.5, day: date | None = None, today: date | None = None) -> Element:
    area = study.course.areas["glabella"]
    dot = Dot(day or study.today, effect, 0.1, EffectScale.LINES, "#photo-1", "said")
    now = today or study.today
    return fromstring(area_chart(area, [dot], now, last_day(area, now), MEDIUM, "a chart"))


def texts(svg: Element) -> list[str]:
    return [t.text or "" for t in svg.iter("text")]


def test_dots_lead_to_the_photos_they_were_read_from(study: Study) -> None:
    pictures = pictures_of(study)
    for chart, region in zip(area_charts(study, pictures), ("forehead", "glabella", "left", "right"), strict=True):
        readings = [e for e in study.effects if region in e.region.value]
        for drawing in chart.drawings:
            dots = list(fromstring(drawing).iter("a"))
            assert len(dots) == len(readings)
            for dot, reading in zip(dots, readings, strict=True):
                photo = pictures[int(dot.attrib["href"].removeprefix("#photo-"))]
                assert (photo.day, photo.expression) == (reading.day, OWN_EXPRESSION[reading.region])
                assert ("open" in dot.attrib["class"]) is (reading.scale is EffectScale.EXCURSION)
                assert f"{round(100 * reading.effect)} % ± {round(100 * reading.sd)} %" in dot.attrib["aria-label"]


def test_effects_lie_where_the_axis_says(study: Study) -> None:
    def height(effect: float) -> float:
        mark = next(c for c in drawn(study, effect).iter("circle") if c.attrib["class"] == "mark")
        return float(mark.attrib["cy"])

    ticks = {t.text: float(t.attrib["y"]) - 4 for t in drawn(study).iter("text") if (t.text or "").endswith("%")}
    assert height(0.0) == pytest.approx(ticks["0\u202f%"])
    assert height(0.5) == pytest.approx(ticks["50\u202f%"])
    assert height(1.0) == pytest.approx(ticks["100\u202f%"])
    assert height(-1.0) == height(-3.0) > height(0.0)  # beyond the axis: at its edge


def test_wear_off_day_today_and_level_are_labelled(study: Study) -> None:
    gone = study.course.areas["glabella"].wear_off.median
    assert f"wears off {short_day(gone)}" in texts(drawn(study))
    assert f"wore off {short_day(gone)}" in texts(drawn(study, today=gone + timedelta(days=3)))
    assert "today" in texts(drawn(study))
    assert "half of its best" in texts(drawn(study))


def test_band_holds_the_line(study: Study) -> None:
    svg = drawn(study)

    def points(kind: str) -> list[tuple[float, float]]:
        found = next(e for e in svg.iter() if e.attrib.get("class") == kind)
        return [tuple(map(float, p.split(","))) for p in found.attrib["points"].split()]  # type: ignore[misc]

    wide, narrow = points("b90"), points("b50")
    half = len(wide) // 2
    for (_, top), (_, inner_top), (_, inner_bottom), (_, bottom) in zip(
        wide[:half], narrow[:half], narrow[::-1][:half], wide[::-1][:half], strict=True
    ):
        assert top <= inner_top + 0.11 <= inner_bottom + 0.22 <= bottom + 0.33


def test_nothing_is_drawn_outside(study: Study) -> None:
    overall = overall_chart(study)
    assert overall is not None
    for drawing in (d for c in (overall, *area_charts(study, pictures_of(study))) for d in c.drawings):
        width, height = map(float, fromstring(drawing).attrib["viewBox"].split()[2:])
        for e in fromstring(drawing).iter():
            pairs = [p.split(",") for p in e.attrib.get("points", "").split()]
            xs = [float(p[0]) for p in pairs] + [float(e.attrib[k]) for k in ("x", "x1", "x2", "cx") if k in e.attrib]
            ys = [float(p[1]) for p in pairs] + [float(e.attrib[k]) for k in ("y", "y1", "y2", "cy") if k in e.attrib]
            assert all(0 <= x <= width for x in xs)
            assert all(0 <= y <= height for y in ys)


def test_drawing_carries_no_style_of_its_own(study: Study) -> None:
    area = study.course.areas["forehead"]
    drawing = area_chart(area, [], study.today, last_day(area, study.today), NARROW, "a & b")
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}|xmlns", drawing)
    assert fromstring(drawing).attrib["aria-label"] == "a & b"


def test_many_photos_stay_small_except_those_that_open() -> None:
    study = a_study(timepoints=tuple(a_timepoint(d) for d in range(-1, 109, 10)), treated=False)
    pictures = pictures_of(study)
    assert len(pictures) == 44
    opening = {study.timepoints[0].day, study.timepoints[-1].day}
    kept = [len(p.large) for p in pictures if p.day in opening]
    smaller = [len(p.large) for p in pictures if p.day not in opening]
    assert max(smaller) < min(kept)


def test_days_are_counted_from_the_last_treatment_until_then() -> None:
    second = TREATED + timedelta(days=120)
    treated = [TREATED, second]
    assert since(TREATED - timedelta(days=1), treated, None) == "before"
    assert since(TREATED, treated, None) == "treatment day"
    assert since(TREATED + timedelta(days=9), treated, None) == "day 9"
    assert since(second - timedelta(days=1), treated, None) == "day 119"
    assert since(second - timedelta(days=1), treated, second - timedelta(days=1)) == "before"
    assert since(second + timedelta(days=2), treated, None) == "day 2"
    assert since(TREATED, [], None) == ""


def test_other_level_is_named(study: Study) -> None:
    area = study.course.areas["glabella"]
    third = replace(area, wear_off=replace(area.wear_off, keep=0.3))
    assert "30 % of its best" in texts(fromstring(area_chart(third, [], study.today, study.today, MEDIUM, "x")))


def test_all_areas_share_one_time_axis(study: Study) -> None:
    charts = area_charts(study, pictures_of(study))
    months = {tuple(t for t in texts(fromstring(c.drawings[0])) if re.fullmatch(r"[A-Z][a-z]{2}", t)) for c in charts}
    assert len(charts) == len(Region)
    assert len(months) == 1
