"""The model files: which ones, their hashes and licence, where they lie, and how they get there.

Nothing here is imported by the stages: they are handed `ModelFiles.contents`, bytes by name.
"""

from wearoff.models.fetching import fetch
from wearoff.models.finding import FileState, ModelFiles, default_folder, find_models, inspect, read_models
from wearoff.models.registry import BUNDLES, FACE_BUNDLE, MODEL_FILES, Bundle, ModelFile

__all__ = [
    "BUNDLES",
    "FACE_BUNDLE",
    "MODEL_FILES",
    "Bundle",
    "FileState",
    "ModelFile",
    "ModelFiles",
    "default_folder",
    "fetch",
    "find_models",
    "inspect",
    "read_models",
]
