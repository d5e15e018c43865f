"""Speed and memory of measuring one photo, beside OpenCV's full decode of the same file, on one core.

A 12-megapixel JPEG is made from each of a few photos of the development set (enlarged, with sensor noise). Both take
turns on it in this process; printed is the processor time of each, which other work on the machine disturbs little, and
their ratio. Then many photos are measured in a row while the memory of the process is watched.

    python benchmarks/speed.py DEVSET [--photos 500]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from wearoff.models import find_models
from wearoff.photo import Rejected
from wearoff.pipeline import Tools, open_tools
from wearoff.pipeline.examine import examine

SHOTS = ("london/006_neutral.jpg", "london/094_smiling.jpg", "london/140_neutral.jpg")
WIDTH, HEIGHT = 3000, 4000
ROUNDS = 9


def phone_photo(path: Path) -> bytes:
    """Return a 12-megapixel JPEG (quality 93) with the photo filling its width."""
    rng = np.random.default_rng(0)
    image = cv2.imread(str(path))
    side = cv2.resize(image, (WIDTH, round(image.shape[0] * WIDTH / image.shape[1])), interpolation=cv2.INTER_CUBIC)
    missing = max(0, HEIGHT - side.shape[0])
    whole = cv2.copyMakeBorder(side, missing // 2, missing - missing // 2, 0, 0, cv2.BORDER_REFLECT)[:HEIGHT]
    noisy = whole + rng.normal(0, 3, whole.shape).astype(np.float32)
    return cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 93])[1].tobytes()


def processor_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(jpeg: bytes, tools: Tools) -> None:
    seen = examine(jpeg, "photo.jpg", tools)
    if isinstance(seen, Rejected):
        raise SystemExit(f"not measured: {seen}")


def memory_mb() -> float:
    """Return the memory that the process holds now [MB]."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("devset", type=Path)
    parser.add_argument("--photos", type=int, default=500, help="how many for the memory (default: 500)")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # in a process of its own, so that its memory does not count
    with ProcessPoolExecutor(1) as maker:
        jpegs = list(maker.map(phone_photo, [arguments.devset / name for name in SHOTS]))
    tools = open_tools(find_models(os.environ).contents)

    print(f"one core, {WIDTH} x {HEIGHT} JPEG, median of {ROUNDS} turns [ms of processor time]")
    for name, jpeg in zip(SHOTS, jpegs, strict=True):
        buffer = np.frombuffer(jpeg, np.uint8)
        decode, whole = [], []
        for _ in range(ROUNDS):
            decode.append(processor_seconds(lambda: cv2.imdecode(buffer, cv2.IMREAD_COLOR)))  # noqa: B023
            whole.append(processor_seconds(lambda: measure(jpeg, tools)))  # noqa: B023
        a, b = statistics.median(decode), statistics.median(whole)
        ratio = statistics.median(w / d for w, d in zip(whole, decode, strict=True))
        line = f"OpenCV decode {1000 * a:6.1f}   measure {1000 * b:6.1f}   ratio {ratio:.2f}"
        print(f"{name:26s} {len(jpeg) / 1e6:4.1f} MB   {line}")

    print("memory over many photos [MB]")
    for count in range(1, arguments.photos + 1):
        measure(jpegs[count % len(jpegs)], tools)
        if count in (10, 50, 100) or count % 250 == 0 or count == arguments.photos:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            print(f"after {count:4d}: {memory_mb():5.0f}, peak {peak:5.0f}")


if __name__ == "__main__":
    main()
