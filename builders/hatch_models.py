"""Hatch's build hook: a wheel carries the model files, each with the pinned hash, or is not built at all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = Path("src") / "wearoff" / "models"


def _registry(root: Path) -> ModuleType:
    # The package itself is not importable where a wheel is built: its dependencies are not there.
    name = "wearoff_models_registry"
    spec = importlib.util.spec_from_file_location(name, root / MODELS / "registry.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("src/wearoff/models/registry.py is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


class ModelsHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Adds the fetched, git-ignored model files to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check each file; an installation in place ("editable") finds them where they are."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        for file in _registry(root).MODEL_FILES:
            path = root / MODELS / "files" / file.name
            if not path.is_file():
                raise RuntimeError(f"{path.relative_to(root)} is missing. Run: python3 bootstrap.py")
            if not file.matches(path.read_bytes()):
                raise RuntimeError(f"{path.relative_to(root)} is not the pinned file. Run: python3 bootstrap.py")
            build_data["force_include"][str(path)] = f"wearoff/models/files/{file.name}"
