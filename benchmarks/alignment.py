"""Alignment: how far apart the same spot of skin lies on two aligned pictures, beside facelapse 0.1.1.

Faces of the development set are turned (±20°), scaled (0.5-2), shifted, brightened and made noisy by known amounts;
both programs align the original and the copy. Printed: RMS distance over the face between a spot's two places, in
percent of the distance between the outer corners of the eyes.

    python benchmarks/alignment.py DEVSET [--peers PYTHON]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

from wearoff.face import find_faces, portrait_transform
from wearoff.models import find_models
from wearoff.pipeline import open_tools

FACES = ("london/006_neutral", "london/032_smiling", "london/061_neutral", "london/094_smiling", "london/140_neutral",
         "senate/B001236", "senate/B001288", "canada/008f")  # fmt: skip
WARPS = 20


def warped(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a copy and the matrix (2, 3) that took the original there."""
    height, width = image.shape[:2]
    angle, scale = rng.uniform(-20, 20), float(np.exp(rng.uniform(np.log(0.5), np.log(2))))
    size = (round(width * scale), round(height * scale))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[:, 2] += np.array(size) / 2 - np.array([width, height]) / 2
    matrix[:, 2] += rng.uniform(-0.05, 0.05, 2) * size
    source, to_copy = image, matrix
    if scale < 1:  # as a camera would: no aliasing
        source = cv2.GaussianBlur(image, (0, 0), 0.5 * np.sqrt(1 / scale**2 - 1) + 1e-3)
    copy = cv2.warpAffine(source, to_copy, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT).astype(float)
    copy = copy * rng.uniform(0.8, 1.2) + rng.normal(0, rng.uniform(0, 6), copy.shape)
    return np.clip(copy, 0, 255).astype(np.uint8), matrix


def residual(a: np.ndarray, b: np.ndarray, warp: np.ndarray, points: np.ndarray, eyes: float) -> float:
    def move(matrix: np.ndarray, xy: np.ndarray) -> np.ndarray:
        return xy @ matrix[:, :2].T + matrix[:, 2]

    apart = move(a, points) - move(b, move(warp, points))
    return float(100 * np.sqrt((apart**2).sum(axis=1).mean()) / (eyes * np.hypot(a[0, 0], a[1, 0])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("devset", type=Path)
    parser.add_argument("--peers", default=None, help="Python that has facelapse; left out when missing")
    arguments = parser.parse_args()
    import os

    tools = open_tools(find_models(os.environ).contents)
    rng = np.random.default_rng(20261122)
    ours: list[float] = []
    mesh: list[float] = []
    cases = []
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in FACES:
            image = cv2.imread(str(arguments.devset / f"{name}.jpg"))
            cv2.imwrite(f"{folder}/{name.replace('/', '_')}.png", image)
            face = find_faces(np.ascontiguousarray(image[:, :, ::-1]), tools.landmarker)[0]
            points = face.landmarks_px[:468, :2]
            own = portrait_transform(face, tools.landmarker.canonical)
            for k in range(WARPS):
                copy, warp = warped(image, rng)
                file = f"{name.replace('/', '_')}.{k}.png"
                cv2.imwrite(f"{folder}/{file}", copy)
                found = find_faces(np.ascontiguousarray(copy[:, :, ::-1]), tools.landmarker)
                cases.append((f"{name.replace('/', '_')}.png", file, warp, points, face.outer_eye_px))
                if not found:
                    missed += 1
                    continue
                ours.append(
                    residual(
                        own, portrait_transform(found[0], tools.landmarker.canonical), warp, points, face.outer_eye_px
                    )
                )
                back = found[0].landmarks_px[:468, :2] - (points @ warp[:, :2].T + warp[:, 2])
                mesh.append(float(100 * np.sqrt((back**2).sum(axis=1).mean()) / found[0].outer_eye_px))
        rows = [("wearoff, portrait", ours, missed), ("wearoff, face map (468 landmarks)", mesh, missed)]
        if arguments.peers:
            script = Path(__file__).parent / "peers" / "facelapse_transforms.py"
            subprocess.run(
                [arguments.peers, str(script), folder, f"{folder}/peer.json"], check=True, capture_output=True
            )
            peer = json.loads(Path(f"{folder}/peer.json").read_text())
            values = [
                residual(np.array(peer[a]), np.array(peer[b]), warp, points, eyes)
                for a, b, warp, points, eyes in cases
                if peer[a] and peer[b]
            ]
            rows.append(("facelapse 0.1.1", values, len(cases) - len(values)))
    print(f"{len(cases)} copies of {len(FACES)} faces; residual in % of the outer-eye distance")
    print(f"{'':36} median   p90   max  missed")
    for label, values, lost in rows:
        v = np.array(values)
        print(f"{label:36} {np.median(v):6.2f} {np.percentile(v, 90):5.2f} {v.max():5.2f}  {lost:5d}")
    if not arguments.peers:
        print("facelapse left out: give --peers PYTHON (see benchmarks/README.md)")


if __name__ == "__main__":
    main()
