"""Photos that did not change are not measured again: results are kept under the hash of what they came from."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearoff import __version__
from wearoff.face import Face, HeadPose, SkinPrint
from wearoff.measure import BrowBand, RegionLines
from wearoff.photo import DaySource, Reason, Rejected, Taken
from wearoff.pipeline.examine import Examined
from wearoff.report.writing import write_whole
from wearoff.terms import Region
from wearoff.units import Scale, ScaleSource

#: Raised by one whenever the same photo would be measured differently.
_FORMAT = 1

Result = tuple[Examined, ...] | Rejected

# what reading raises, by where the damage is: the archive's end, its table, its compressed parts, the JSON inside
_DAMAGED = (
    OSError, ValueError, KeyError, TypeError, IndexError, EOFError, NotImplementedError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


class Cache:
    """Results of `examine` in a folder, one file each; a damaged or foreign file counts as absent."""

    def __init__(self, folder: Path, provenance: Mapping[str, str]) -> None:
        self._folder = folder
        told = json.dumps({"format": _FORMAT, "version": __version__, **provenance}, sort_keys=True)
        self._provenance = hashlib.sha256(told.encode()).hexdigest()

    def key(self, data: bytes, name: str, stated_day: str) -> str:
        """Return the key of a photo: its bytes, what was told about it, and what would measure it."""
        photo = hashlib.sha256(data).hexdigest()
        return hashlib.sha256(f"{photo}|{name}|{stated_day}|{self._provenance}".encode()).hexdigest()

    def get(self, key: str) -> Result | None:
        """Return the stored result, or None."""
        try:
            # opened here, because np.load leaves a damaged archive open
            with (self._folder / f"{key}.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            return _unpacked(json.loads(bytes(arrays.pop("told")).decode()), arrays)
        except _DAMAGED:
            return None

    def put(self, key: str, result: Result) -> None:
        """Store a result: under a temporary name first, so that no half-written file is ever read.

        Raises OutputError if it can't be written.
        """
        told, arrays = _packed(result)
        buffer = io.BytesIO()
        np.savez(buffer, told=np.frombuffer(json.dumps(told).encode(), np.uint8), **arrays)  # type: ignore[arg-type]
        write_whole(self._folder / f"{key}.npz", buffer.getvalue())


def _packed(result: Result) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if isinstance(result, Rejected):
        told = {
            "file": result.file,
            "reason": result.reason.value,
            "detail": result.detail,
            "advice": result.advice,
            "taken": _taken_to_json(result.taken),
            "sha256": result.sha256,
        }
        return {"rejected": told}, {}
    arrays: dict[str, NDArray[Any]] = {}
    entries = []
    for i, e in enumerate(result):
        arrays |= {
            f"{i}.landmarks": e.face.landmarks_px,
            f"{i}.sd": e.face.landmark_sd_px,
            f"{i}.upright": e.face.upright_mm,
            f"{i}.windows": e.skin.windows,
            f"{i}.seen": e.skin.seen,
            f"{i}.brows": e.brows.light,
            f"{i}.brow_centres": e.brows.centres,
            f"{i}.portrait": e.portrait,
        }
        entries.append(
            {
                "file": e.file,
                "sha256": e.sha256,
                "taken": _taken_to_json(e.taken),
                "size": [e.full_width, e.full_height, e.reduction],
                "size_px": e.face.px_per_canonical_mm,
                "pose": [e.face.pose.pitch_deg, e.face.pose.yaw_deg, e.face.pose.roll_deg],
                "scale": [e.face.scale.px_per_mm, e.face.scale.sd_px_per_mm, e.face.scale.source.value],
                "coefficients": dict(e.face.coefficients),
                "presence": e.face.presence,
                "brow_px_per_mm": e.brows.px_per_mm,
                "blur_mm": e.blur_mm,
                "lightness": e.lightness,
                "lines": {
                    region.value: None
                    if lines is None
                    else [lines.by_width.tolist(), lines.sd_by_width.tolist(), lines.visible]
                    for region, lines in e.lines.items()
                },
            }
        )
    return {"examined": entries}, arrays


def _unpacked(told: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Result:
    if "rejected" in told:
        r = told["rejected"]
        taken = _taken_from_json(r["taken"])
        return Rejected(r["file"], Reason(r["reason"]), r["detail"], r["advice"], taken, r["sha256"])
    out = []
    for i, e in enumerate(told["examined"]):
        face = Face(
            landmarks_px=arrays[f"{i}.landmarks"],
            landmark_sd_px=arrays[f"{i}.sd"],
            upright_mm=arrays[f"{i}.upright"],
            px_per_canonical_mm=e["size_px"],
            pose=HeadPose(*e["pose"]),
            scale=Scale(e["scale"][0], e["scale"][1], ScaleSource(e["scale"][2])),
            coefficients=e["coefficients"],
            presence=e["presence"],
        )
        lines = {
            Region(name): None if v is None else RegionLines(np.array(v[0]), np.array(v[1]), v[2])
            for name, v in e["lines"].items()
        }
        width, height, reduction = e["size"]
        skin = SkinPrint(arrays[f"{i}.windows"], arrays[f"{i}.seen"])
        out.append(
            Examined(
                file=e["file"],
                sha256=e["sha256"],
                taken=_taken_from_json(e["taken"]),
                full_width=width,
                full_height=height,
                reduction=reduction,
                face=face,
                lines=lines,
                brows=BrowBand(arrays[f"{i}.brows"], arrays[f"{i}.brow_centres"], e["brow_px_per_mm"]),
                blur_mm=e["blur_mm"],
                lightness=e["lightness"],
                skin=skin,
                portrait=arrays[f"{i}.portrait"],
            )
        )
    return tuple(out)


def _taken_to_json(taken: Taken | None) -> list[str | None] | None:
    if taken is None:
        return None
    at = taken.time.isoformat() if taken.time else None
    return [taken.day.isoformat(), taken.source.value, at, taken.conflict.isoformat() if taken.conflict else None]


def _taken_from_json(told: list[str | None] | None) -> Taken | None:
    if told is None:
        return None
    day, source, at, conflict = told
    assert day is not None
    assert source is not None
    return Taken(
        date.fromisoformat(day),
        DaySource(source),
        time.fromisoformat(at) if at else None,
        date.fromisoformat(conflict) if conflict else None,
    )
