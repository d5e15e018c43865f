"""Many photos in a row: what is there stays, what is missing is rendered, and the truth is written down."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wearoff.errors import OutputError
from wearoff.phantom import rooms
from wearoff.phantom.files import encode
from wearoff.phantom.lines import Sheet
from wearoff.phantom.mesh import BaseMesh
from wearoff.phantom.person import Person, PersonSpec
from wearoff.phantom.shooting import PhotoSpec, take


@dataclass(frozen=True)
class Job:
    """One photo to render: where it goes (relative path), who, how, when, in which room, and what else to note."""

    file: str
    person: PersonSpec
    photo: PhotoSpec
    taken: dt.datetime | None
    room_seed: int
    note: dict[str, Any]
    quality: int = 88
    kind: str = "JPEG"


@dataclass(frozen=True)
class Detail:
    """How finely to render: mesh subdivisions and density of the skin's sheet [px/mm]."""

    levels: int = 3
    sheet_px_per_mm: float = 8.0


def run(
    base: BaseMesh, jobs: Sequence[Job], out: Path, detail: Detail, tell: Callable[[Job], None] = lambda job: None
) -> int:
    """Render the jobs that `out` does not hold yet, then write `truth.json`; return how many were rendered.

    A photo's truth lies in `.phantom/` beside the photos until all are there, so that a stopped run goes on.
    Raises OutputError when the folder cannot be written.
    """
    made = 0
    drawn: tuple[PersonSpec, Person] | None = None
    records = []
    try:
        for job in jobs:
            record = out / ".phantom" / f"{job.file}.json"
            if not (record.exists() and (out / job.file).exists()):
                if drawn is None or drawn[0] != job.person:
                    drawn = (
                        job.person,
                        Person(base, job.person, detail.levels, Sheet(px_per_mm=detail.sheet_px_per_mm)),
                    )
                picture, truth = take(drawn[1], job.photo, rooms.backdrop(np.random.default_rng(job.room_seed)))
                taken = job.taken.isoformat() if job.taken else None
                whole = {"file": job.file, "taken": taken, **job.note, **truth}
                for path, data in (
                    (out / job.file, encode(picture, job.taken, job.quality, job.kind)),
                    (record, json.dumps(whole).encode()),
                ):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    part = path.with_name(path.name + ".part")
                    part.write_bytes(data)
                    part.replace(path)
                made += 1
            records.append(json.loads(record.read_text()))
            tell(job)
        (out / "truth.json").write_text(json.dumps({"schema": 1, "photos": records}, indent=1) + "\n")
    except OSError as error:
        raise OutputError(f"Cannot write to {out}: {error.strerror or error}.", "Choose another folder.") from error
    return made
