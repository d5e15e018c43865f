"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from wearoff.errors import OutputError


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OutputError if it can't be written."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}.",
            "Make room on the disk, or choose another folder with --out.",
        ) from error
