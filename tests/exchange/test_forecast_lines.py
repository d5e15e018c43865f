"""Many people at once: each line answered or refused by name, and the next goes on."""

import json
from datetime import date
from typing import Any

import pytest

from wearoff.course import Bank, PhotoEffect, Treatment, forecast
from wearoff.exchange.forecast_lines import forecast_lines
from wearoff.terms import EffectScale, Region

GOOD: dict[str, Any] = {
    "id": "a", "region": "glabella", "scale": "lines", "keep": 0.5, "today": "2026-05-20",
    "treatments": [{"day": "2026-03-01", "product": "Botox", "units": 20}],
    "observations": [{"day": "2026-04-01", "effect": 0.6, "sd": 0.08},
                     {"day": "2026-05-15", "effect": 0.4, "sd": 0.08}],
}  # fmt: skip


def run(bank: Bank, *lines: object) -> list[dict[str, Any]]:
    return list(forecast_lines([x if isinstance(x, str) else json.dumps(x) for x in lines], bank))


def test_the_form_of_an_answer(bank: Bank) -> None:
    (out,) = run(bank, GOOD)
    assert list(out) == ["id", "effect_today", "wear_off", "gone_by", "next_photo_day", "maintenance", "notes"]
    assert out["id"] == "a"
    assert set(out["effect_today"]) == {"mean", "lo90", "hi90"}
    q = [out["wear_off"][k] for k in ("q05", "q25", "median", "q75", "q95")]
    assert q == sorted(q)
    assert out["maintenance"]["from"] <= out["maintenance"]["to"]
    assert out["maintenance"]["reason"]
    assert all(0 <= p <= 1 for p in out["gone_by"].values())
    assert json.loads(json.dumps(out)) == out


def test_the_short_way_says_what_the_long_way_says(bank: Bank) -> None:
    (out,) = run(bank, GOOD)
    seen = [
        PhotoEffect(date.fromisoformat(o["day"]), Region.GLABELLA, EffectScale.LINES, o["effect"], o["sd"])
        for o in GOOD["observations"]
    ]
    long = forecast(
        [Treatment(date(2026, 3, 1), "onabotulinumtoxinA", Region.GLABELLA, 20)],
        seen,
        today=date(2026, 5, 20),
        bank=bank,
    )
    assert long.overall is not None
    for key, level in (("q05", 0.05), ("median", 0.5), ("q95", 0.95)):
        short = date.fromisoformat(out["wear_off"][key])
        assert abs((short - long.overall.wear_off.day(level)).days) <= 1
    assert out["effect_today"]["mean"] == pytest.approx(long.overall.effect_today.mean, abs=0.01)


def bad(**change: Any) -> dict[str, Any]:
    return {**GOOD, "id": "b", **change}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "line"),
        ("[1]", "line"),
        ("[" * 100_000, "line"),
        (bad(observations=[{"day": "2026-04-01", "effect": 7, "sd": 0.1}]), "observation"),
        (bad(observations=[{"day": "2026-04-01", "effect": 0.7, "sd": 0}]), "observation"),
        (bad(observations=[{"day": "2026-04-01", "grade": 5}]), "observation"),
        (bad(observations=[{"day": "2026-02-01", "effect": 0.7, "sd": 0.1}]), "day"),
        (bad(observations=[{"day": "2026-06-01", "effect": 0.7, "sd": 0.1}]), "day"),
        (bad(observations=[{}]), "field"),
        (bad(observations=7), "field"),
        (bad(treatments=[{"day": "2026-03-01", "product": "smoothex"}]), "unknown_product"),
        (bad(treatments=[{"day": "2026-06-01"}]), "day"),
        (bad(treatments=[{"day": "2026-03-01", "units": -2}]), "observation"),
        (bad(treatments=[{"day": "March"}]), "field"),
        (bad(region="knee"), "field"),
        (bad(scale="colour"), "field"),
        (bad(keep=2), "observation"),
        (bad(today=None), "field"),
        (bad(today=7), "field"),
        (bad(keep=True), "field"),
        (bad(lead_days=1.5), "field"),
    ],
)
def test_a_bad_line_is_named_and_the_next_goes_on(bank: Bank, line: object, code: str) -> None:
    first, second = run(bank, line, GOOD)
    assert first["error"]["code"] == code
    assert first["error"]["message"]
    assert first["error"]["advice"]
    assert first["line"] == 1
    assert second["id"] == "a"
    assert "error" not in second


def test_it_streams(bank: Bank) -> None:
    def endless() -> Any:
        while True:
            yield json.dumps(GOOD)

    out = forecast_lines(endless(), bank)
    assert next(out)["id"] == next(out)["id"] == "a"


def test_every_kind_of_evidence_and_neck(bank: Bank) -> None:
    neck = {
        "id": 1, "region": "neck", "scale": "neck", "today": "2026-05-20",
        "treatments": [{"day": "2026-03-01", "product": "dysport", "units": 500}],
        "observations": [{"day": "2026-04-01", "effect": 0.4, "sd": 0.1}, {"still_fine": "2026-05-01"}],
    }  # fmt: skip
    told = bad(
        observations=[
            {"day": "2026-03-01", "grade": 3},
            {"day": "2026-05-01", "grade": 1},
            {"worn_off": "2026-05-18", "sd": 5},
        ]
    )
    both = bad(region=None, observations=[
        {"day": "2026-04-01", "region": "glabella", "effect": 0.6, "sd": 0.1},
        {"day": "2026-04-01", "region": "forehead", "scale": "excursion", "effect": 0.9, "sd": 0.1},
    ])  # fmt: skip
    a, b, c = run(bank, neck, told, both)
    assert "error" not in a
    assert abs((date.fromisoformat(b["wear_off"]["median"]) - date(2026, 5, 18)).days) < 12
    assert set(c["regions"]) == {"glabella", "forehead"}


def test_no_treatment_is_an_answer(bank: Bank) -> None:
    (out,) = run(bank, bad(treatments=[], observations=[]))
    assert out["wear_off"] is None
    assert "treatment day" in out["notes"][0]
