"""The public names of the library.

from datetime import date
from pathlib import Path
from wearoff import api

tools = api.open_tools(api.find_models({}).contents)
study = api.study_folder(Path("my-photos"), today=date(2026, 11, 22), tools=tools)
print(study.course.overall.wear_off.median, study.plan.maintenance)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from wearoff.course import Bank, Course, Observation, PhotoEffect, Treatment, forecast, open_bank
from wearoff.errors import InputError, ModelsError, OutputError, WearoffError
from wearoff.exchange.forecast_lines import forecast_lines
from wearoff.exchange.treatments import read_treatments
from wearoff.models import find_models
from wearoff.photo import DatesTable, Found, Reason, Rejected, find_photos, read_dates
from wearoff.pipeline import Cache, Examined, Tools, examine_all, make_study, measure_photos, open_tools
from wearoff.plan import Plan, make_plan
from wearoff.report.records import photo_record, study_record
from wearoff.report.study import MeasuredPhoto, Study

__all__ = [
    "Bank",
    "Cache",
    "Course",
    "Examined",
    "InputError",
    "MeasuredPhoto",
    "ModelsError",
    "Observation",
    "OutputError",
    "PhotoEffect",
    "Plan",
    "Reason",
    "Rejected",
    "Study",
    "Tools",
    "Treatment",
    "WearoffError",
    "find_models",
    "find_photos",
    "forecast",
    "forecast_lines",
    "make_plan",
    "measure",
    "open_bank",
    "open_tools",
    "photo_record",
    "read_dates",
    "read_treatments",
    "study_folder",
    "study_photos",
    "study_record",
    "treatments_beside",
]

Progress = Callable[[str], None]
#: Names under which the tables may lie in a folder of photos.
TREATMENT_FILES = ("treatments.csv", "treatments.toml")
DATES_FILE = "dates.csv"


def measure(
    paths: Iterable[Path], tools: Tools, *, progress: Progress = lambda _: None
) -> list[MeasuredPhoto | Rejected]:
    """Return for each photo in files and folders, in order, its measurements or why there are none.

    The photos may show any people; those of one person are recognised and their expressions read against their rest.
    Raises InputError for a path that does not exist. What a folder could not show is left out: see `find_photos`.
    """
    found = find_photos(paths)
    return measure_photos(list(examine_all(found.files, lambda: tools, progress=progress)))


def treatments_beside(folder: Path) -> Path | None:
    """Return the table of treatments that lies in a folder of photos, if there is one."""
    for name in TREATMENT_FILES:
        if (folder / name).is_file():
            return folder / name
    return None


def study_photos(
    found: Found,
    treatments: Iterable[Treatment],
    *,
    today: date,
    tools: Tools | Callable[[], Tools],
    models: Mapping[str, str] | None = None,
    bank: Bank | None = None,
    keep: float = 0.5,
    dates: DatesTable | None = None,
    cache: Cache | None = None,
    progress: Progress = lambda _: None,
    sample: bool = False,
) -> Study:
    """Return one person's study from the photos found, treatments and a day; `tools` may be opened when needed."""
    opened = tools if callable(tools) else lambda: tools
    results = list(examine_all(found.files, opened, dates=dates, today=today, cache=cache, progress=progress))
    return make_study(
        results,
        tuple(treatments),
        today=today,
        bank=bank or open_bank(),
        keep=keep,
        models=models or {},
        sample=sample,
    )


def study_folder(folder: Path, *, today: date, tools: Tools, keep: float = 0.5) -> Study:
    """Return the study of one person's folder, with `treatments.csv` or `.toml` and `dates.csv` in it."""
    table = treatments_beside(folder)
    treatments = read_treatments(table, today=today) if table else ()
    dates = read_dates(folder / DATES_FILE) if (folder / DATES_FILE).is_file() else None
    return study_photos(find_photos([folder]), treatments, today=today, tools=tools, keep=keep, dates=dates)
