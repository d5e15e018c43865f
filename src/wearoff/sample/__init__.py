"""The sample person: 32 rendered photos of a synthetic woman, one treatment, and the exact truth about both.

Nobody real is shown. `builders/sample_person.py` rendered them; `truth.json` says what every photo shows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder with `photos/` and `treatments.csv`, unpacked for the time of the `with` block if need be."""
    with as_file(files(__name__)) as path:
        yield path


def truth() -> dict[str, Any]:
    """Return the whole truth as plain JSON values (docs/phantom.md describes the keys)."""
    loaded: dict[str, Any] = json.loads(files(__name__).joinpath("truth.json").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Key:
    """What a demonstration needs to know: the treatment's day, the day it plays on, the true wear-off day."""

    treated: dt.date
    today: dt.date
    wear_off: dt.date


def key() -> Key:
    """Return the sample person's days."""
    whole = truth()
    return Key(*(dt.date.fromisoformat(whole[name]) for name in ("treated", "today", "wear_off")))
