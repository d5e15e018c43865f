"""A package index of one small package, on this disk."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from wearoff.models.registry import Bundle


@dataclass(frozen=True)
class Shelf:
    """A package index of one small package, in a folder, and the bundle that is pinned to it."""

    folder: Path
    bundle: Bundle
    archive: bytes
    contents: dict[str, bytes]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def use_bundle(monkeypatch: pytest.MonkeyPatch, bundle: Bundle) -> None:
    monkeypatch.setattr("wearoff.models.finding.MODEL_FILES", bundle.files)
    monkeypatch.setattr("wearoff.models.fetching.BUNDLES", (bundle,))
