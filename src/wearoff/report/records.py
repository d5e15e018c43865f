"""Results as plain records for JSON: one for each photo, and one for a whole study; nothing is computed here."""

from __future__ import annotations

from typing import Any

from wearoff.photo.dating import Taken
from wearoff.photo.reasons import Rejected
from wearoff.report.study import MeasuredPhoto, Study
from wearoff.units import Measured


def photo_record(photo: MeasuredPhoto | Rejected) -> dict[str, Any]:
    """Return the record of one photo as `wearoff measure --json` prints it."""
    if isinstance(photo, Rejected):
        return {
            "file": photo.file,
            "status": "rejected",
            "reason": photo.reason.value,
            "detail": photo.detail,
            "advice": photo.advice,
            **_taken(photo.taken),
            "sha256": photo.sha256,
        }
    pose = photo.face.pose
    regions: dict[str, Any] = {}
    for region, lines in photo.lines.items():
        severity = lines.severity() if lines else None
        regions[region.value] = {
            "line_severity": round(severity.value, 4) if severity else None,
            "sd": round(severity.sd, 4) if severity else None,
            "visible": round(lines.visible, 3) if lines else 0.0,
        }
    return {
        "file": photo.file,
        "status": "ok",
        "reason": None,
        "advice": None,
        **_taken(photo.taken),
        "expression": photo.expression.value,
        "expression_against_rest": photo.reading.relative_to_rest,
        "pose_deg": {"pitch": round(pose.pitch_deg, 2), "yaw": round(pose.yaw_deg, 2), "roll": round(pose.roll_deg, 2)},
        "scale": {
            "px_per_mm": round(photo.px_per_mm, 4),
            "sd": round(photo.px_per_mm_sd, 4),
            "source": photo.face.scale.source.value,
        },
        "blur_mm": round(photo.blur_mm, 3),
        "landmark_sd_px": round(photo.landmark_sd_px, 3),
        "regions": regions,
        "positions_mm": {name: _measured(value) for name, value in photo.positions_mm.items()},
        "sha256": photo.sha256,
    }


def _taken(taken: Taken | None) -> dict[str, Any]:
    return {
        "taken": taken.day.isoformat() if taken else None,
        "taken_from": taken.source.value if taken else None,
    }


def _measured(value: Measured) -> dict[str, float]:
    return {"value": round(value.value, 3), "sd": round(value.sd, 3)}


def study_record(study: Study) -> dict[str, Any]:
    """Return the record of a study as it stands in `result.json`."""
    return {
        "today": study.today.isoformat(),
        "keep": study.keep,
        "sample": study.sample,
        "treatments": [
            {
                "day": t.day.isoformat(),
                "product": t.product,
                "region": t.region.value if t.region else None,
                "units": t.units,
                "note": t.note,
            }
            for t in study.treatments
        ],
        "baseline_day": study.baseline_day.isoformat() if study.baseline_day else None,
        "timepoints": [
            {
                "day": t.day.isoformat(),
                "photos": {e.value: photo_record(p) for e, p in t.photos.items()},
                "spare": [photo_record(p) for p in t.spare],
                "excursions_mm": {x.name.value: _measured(x.value_mm) for x in t.excursions},
            }
            for t in study.timepoints
        ],
        "effects": [
            {
                "day": e.day.isoformat(),
                "region": e.region.value,
                "scale": e.scale.value,
                "effect": round(e.effect, 4),
                "sd": round(e.sd, 4),
                "baseline_sd": round(e.baseline_sd, 4),
                "baseline": _measured(e.baseline),
                "now": _measured(e.now),
                "unit": "% contrast" if e.scale.value == "lines" else "mm",
            }
            for e in study.effects
        ],
        "course": study.course.to_json(),
        "plan": study.plan.to_json(),
        "rejected": [photo_record(r) for r in study.rejected],
        "notes": list(study.notes),
        "provenance": dict(study.provenance),
    }
