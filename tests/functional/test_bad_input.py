"""Every kind of bad input, through the real command line: what it says, and that it says what to do."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from making_photos import exif_block, huge_png, saved, scene

INPUT, MODELS, OUTPUT = 3, 4, 5  # exit codes, docs/reference/exit-codes.md
TODAY = "2026-11-22"


def with_exif(data: bytes, original: str) -> bytes:
    """The same JPEG with another EXIF block: only the moment it was taken."""
    block = exif_block(original=original)
    return data[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + without_exif(data)[2:]


def without_exif(data: bytes) -> bytes:
    """The same JPEG without its EXIF block, as messengers make it."""
    at, kept = 2, [data[:2]]
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] != 0xE1:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + data[at:]


def lines_of(out: str) -> dict[str, dict]:
    """The JSON lines a command printed, by file; nothing else may stand there."""
    records = [json.loads(line) for line in out.splitlines()]
    return {record["file"]: record for record in records}


# --- files that are no photo ------------------------------------------------------------------------------------------

FILES = {
    "empty.jpg": (b"", "empty_file", "the file is empty. Copy the photo from your phone again."),
    "letter.jpg": (
        b"Dear doctor,\nhere are my photos.\n",
        "not_an_image",
        "not a photo (it is a text file). Use the photo itself, as a JPEG, HEIC, PNG, WebP or TIFF file.",
    ),
    "cut.jpg": (
        saved(scene(640, 480))[:9000],
        "truncated",
        "the file breaks off before its end. Copy the photo from your phone again.",
    ),
    "huge.png": (
        huge_png(),
        "too_large",
        "the picture is too large (30000 × 30000 pixels). Save it as JPEG, in the size in which it was taken.",
    ),
    "moving.gif": (
        saved(scene(), "GIF", save_all=True, append_images=[scene(seed=1)]),
        "animated",
        "a moving picture, not a photo (animated GIF). Use a still photo.",
    ),
    "wall.png": (
        saved(scene(800, 600), "PNG"),
        "no_face",
        "no face was found. Use a photo from the front, with the whole face in the picture.",
    ),
}


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, (data, _, _) in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def measured(bad_folder: Path, wearoff) -> tuple[dict[str, dict], str]:
    as_json, as_text = wearoff("measure", bad_folder, "--json"), wearoff("measure", bad_folder)
    assert (as_json.code, as_text.code) == (INPUT, INPUT)  # not one photo could be measured
    return lines_of(as_json.out), as_text.out


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_measured(name: str, measured: tuple[dict[str, dict], str]) -> None:
    _, reason, words = FILES[name]
    records, text = measured
    assert (records[name]["status"], records[name]["reason"]) == ("rejected", reason)
    assert words.endswith(records[name]["advice"])
    assert f"{name}: {words}" in text


def test_a_named_file_that_is_no_photo_is_said(tmp_path: Path, wearoff) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    run = wearoff("measure", tmp_path / "notes.txt")
    assert run.code == INPUT
    assert "notes.txt: not a photo (it is a text file)." in run.out


# --- faces that cannot be measured ------------------------------------------------------------------------------------

FACES = {
    "two_people.jpg": ("several_faces", "Crop the photo so that only your face is left."),
    "back_of_head.jpg": ("no_face", "Use a photo from the front, with the whole face in the picture."),
    "sunglasses.jpg": ("eyes_covered", "Use a photo without glasses or sunglasses."),
    "turned.jpg": ("turned_away", "Use a photo in which you look straight into the camera, chin level."),
    "profile.jpg": ("no_face", "Use a photo from the front, with the whole face in the picture."),
    "tiny_face.jpg": (
        "face_too_small",
        "Use the original photo, or one from closer: your face should fill about half of it.",
    ),
    "dark.jpg": ("too_dark", "Use a lighter photo; next time turn your face towards a window."),
}


@pytest.mark.parametrize("name", FACES)
def test_a_face_that_cannot_be_measured(name: str, people: Path, wearoff) -> None:
    reason, advice = FACES[name]
    run = wearoff("measure", people / name, "--json")
    record = lines_of(run.out)[name]
    assert (record["status"], record["reason"], record["advice"]) == ("rejected", reason, advice)
    assert run.code == INPUT


def test_one_bad_photo_does_not_stop_the_others(tmp_path: Path, people: Path, wearoff) -> None:
    shutil.copy(people / "rest.jpg", tmp_path)
    (tmp_path / "empty.jpg").touch()
    run = wearoff("measure", tmp_path, "--json")
    assert run.code == 0
    assert {name: record["status"] for name, record in lines_of(run.out).items()} == {
        "empty.jpg": "rejected",
        "rest.jpg": "ok",
    }


def test_somebody_else_among_the_photos_of_one_person(tmp_path: Path, people: Path, wearoff) -> None:
    for name in ("rest.jpg", "smile.jpg", "other_person.jpg"):
        shutil.copy(people / name, tmp_path)
    run = report(wearoff, tmp_path)
    assert run.code == 0
    assert "other_person.jpg: it seems to show somebody else." in " ".join(run.out.split())
    assert list(rejected(tmp_path)) == ["other_person.jpg"]


def test_the_right_face_of_two_is_taken_when_other_photos_show_whose_they_are(
    tmp_path: Path, people: Path, wearoff
) -> None:
    for name in ("rest.jpg", "smile.jpg", "two_people.jpg"):
        shutil.copy(people / name, tmp_path)
    assert report(wearoff, tmp_path).code == 0
    assert rejected(tmp_path) == {}


# --- days -------------------------------------------------------------------------------------------------------------


def report(wearoff, folder: Path, *more: object):
    return wearoff("report", folder, "--today", TODAY, *more)


def rejected(folder: Path) -> dict[str, dict]:
    result = json.loads((folder / "wearoff-report" / "result.json").read_text(encoding="utf-8"))
    return {photo["file"]: photo for photo in result["rejected"]}


def test_a_photo_without_a_day(tmp_path: Path, people: Path, wearoff) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(without_exif((people / "rest.jpg").read_bytes()))
    run = report(wearoff, tmp_path)
    assert run.code == INPUT
    assert "IMG_1.jpg: the day it was taken is not known." in run.out
    assert "Write the file and its day into dates.csv, for example: IMG_1.jpg,2026-03-01" in " ".join(run.out.split())
    assert rejected(tmp_path)["IMG_1.jpg"]["reason"] == "no_day"


def test_a_photo_with_two_days(tmp_path: Path, people: Path, wearoff) -> None:
    photo = with_exif((people / "rest.jpg").read_bytes(), "2026:03:01 08:15:02")
    (tmp_path / "2026-03-09.jpg").write_bytes(photo)
    run = report(wearoff, tmp_path)
    assert run.code == INPUT
    assert "2026-03-09.jpg: it names two different days (2026-03-01 and 2026-03-09)." in " ".join(run.out.split())
    assert rejected(tmp_path)["2026-03-09.jpg"]["reason"] == "two_days"


def test_dates_csv_settles_both(tmp_path: Path, people: Path, wearoff) -> None:
    photo = (people / "rest.jpg").read_bytes()
    (tmp_path / "IMG_1.jpg").write_bytes(without_exif(photo))
    (tmp_path / "2026-03-09.jpg").write_bytes(with_exif((people / "smile.jpg").read_bytes(), "2026:03:01 08:15:02"))
    (tmp_path / "dates.csv").write_text("file,day\nIMG_1.jpg,2026-02-01\n2026-03-09.jpg,2026-03-01\n")
    assert report(wearoff, tmp_path).code == 0
    assert rejected(tmp_path) == {}


def test_a_day_in_the_future(tmp_path: Path, people: Path, wearoff) -> None:
    (tmp_path / "2027-03-01.jpg").write_bytes(without_exif((people / "rest.jpg").read_bytes()))
    run = report(wearoff, tmp_path)
    assert run.code == INPUT
    words = "2027-03-01.jpg: its day lies in the future (the file name says 2027-03-01). Write the file and the right"
    assert words in " ".join(run.out.split())


def test_a_treatment_with_no_photo_before_it(tmp_path: Path, people: Path, wearoff) -> None:
    for name, day in (("rest.jpg", "2026-04-01"), ("smile.jpg", "2026-04-01")):
        (tmp_path / f"{day} {name}").write_bytes(without_exif((people / name).read_bytes()))
    (tmp_path / "treatments.csv").write_text("day\n2026-03-01\n")
    run = report(wearoff, tmp_path)
    assert run.code == 0
    assert "before the treatment" in " ".join(run.out.split())
    result = json.loads((tmp_path / "wearoff-report" / "result.json").read_text(encoding="utf-8"))
    assert result["baseline_day"] is None


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something in it that looks like a photo: tables are read before photos."""
    (tmp_path / "photo.jpg").write_bytes(saved(scene()))
    return tmp_path


@pytest.mark.parametrize(
    ("table", "message", "advice"),
    [
        (
            "day,product\n2026-03-01,elixir\n",
            "treatments.csv, line 2: the product 'elixir' is not known.",
            "or leave the product out.",
        ),
        (
            "day\n2027-03-01\n",
            "treatments.csv, line 2: the treatment on 2027-03-01 lies in the future.",
            "Check the day",
        ),
        ("day\n03/04/2026\n", "treatments.csv, line 2: the day '03/04/2026' can be read in two ways.", "2026-03-04"),
        ("day\n2026-02-30\n", "treatments.csv, line 2: there is no day '2026-02-30'.", "2026-03-04"),
        ("product\nelixir\n", "treatments.csv, line 1: no column 'day' in the header.", "day, product, region, units"),
        ("day,region\n2026-03-01,elbow\n", "treatments.csv, line 2: the region 'elbow' is not known.", "forehead"),
        ("day,units\n2026-03-01,many\n", "treatments.csv, line 2: the units 'many' are not a number", "like 20"),
        ("", "treatments.csv is empty.", "'day'"),
    ],
)
def test_a_table_of_treatments_with_a_mistake(folder: Path, wearoff, table: str, message: str, advice: str) -> None:
    (folder / "treatments.csv").write_text(table)
    run = report(wearoff, folder)
    assert run.code == INPUT
    assert message in run.err
    assert advice in run.err
    assert not (folder / "wearoff-report").exists()


def test_a_table_of_days_with_a_mistake(folder: Path, wearoff) -> None:
    (folder / "dates.csv").write_text("file,day\nphoto.jpg,03/04/2026\n")
    run = report(wearoff, folder)
    assert run.code == INPUT
    assert "dates.csv, line 2: 03/04/2026 can be read as two different days." in run.err
    assert "Write the day like this: 2026-03-01" in run.err


def test_a_table_of_days_that_names_a_photo_that_is_not_there(folder: Path, wearoff) -> None:
    (folder / "dates.csv").write_text("file,day\nfoto.jpg,2026-03-01\n")
    assert "dates.csv, line 2: there is no photo named foto.jpg." in report(wearoff, folder).err


def test_a_table_of_treatments_that_is_not_there(folder: Path, wearoff) -> None:
    run = report(wearoff, folder, "--treatments", folder / "gone.csv")
    assert run.code == INPUT
    assert "gone.csv can't be read: No such file or directory." in run.err


# --- folders and arguments --------------------------------------------------------------------------------------------


def test_a_folder_that_does_not_exist(tmp_path: Path, wearoff) -> None:
    for command in ("measure", "report"):
        run = wearoff(command, tmp_path / "fotos")
        assert run.code == INPUT
        assert str(tmp_path / "fotos") in run.err
    assert "Check the spelling of the path." in wearoff("measure", tmp_path / "fotos").err


def test_a_folder_without_photos(tmp_path: Path, wearoff) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    assert "There are no photos there." in wearoff("measure", tmp_path).err
    run = report(wearoff, tmp_path)
    assert (run.code, f"There are no photos in {tmp_path}." in run.err) == (INPUT, True)


def test_a_file_where_a_folder_is_needed(folder: Path, wearoff) -> None:
    run = report(wearoff, folder / "photo.jpg")
    assert run.code == INPUT
    assert "photo.jpg is not a folder." in run.err


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--today", "22.11.2026", "'22.11.2026' is not a day like 2026-03-01"),
        ("--keep", "much", "invalid float value: 'much'"),
    ],
)
def test_an_option_that_does_not_fit(folder: Path, wearoff, option: str, value: str, says: str) -> None:
    run = wearoff("report", folder, option, value)
    assert run.code == 2
    assert says in run.err


@pytest.mark.parametrize("keep", ["0", "1.5", "-1", "nan"])
def test_a_level_to_keep_that_does_not_exist(folder: Path, wearoff, keep: str) -> None:
    run = wearoff("report", folder, f"--keep={keep}")
    assert run.code == INPUT
    assert f"A level of {float(keep)} can't be kept." in run.err
    assert "Give a share of the peak from 0.05 to 0.95." in run.err


def test_models_that_are_not_there(folder: Path, wearoff, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WEAROFF_MODELS", str(tmp_path / "nowhere"))
    run = wearoff("measure", folder)
    assert run.code == MODELS
    assert "wearoff models fetch" in run.err


def test_a_file_of_observations_that_is_not_there(tmp_path: Path, wearoff) -> None:
    run = wearoff("forecast", tmp_path / "gone.jsonl")
    assert run.code == INPUT
    assert "gone.jsonl cannot be read: no such file or directory." in run.err


# --- folders that are locked ------------------------------------------------------------------------------------------


def _obey_permissions() -> None:
    """Give up root's privilege to read and write everything, in the child that is about to run (Linux)."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override, read_search = 24, 1, 2
        libc = ctypes.CDLL(None)
        for capability in (override, read_search):
            libc.prctl(drop_from_bounding_set, capability, 0, 0, 0)


def process(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wearoff", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=_obey_permissions, **options)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder with a photo and, in it, a folder that nobody may open."""
    if not sys.platform.startswith("linux"):
        pytest.skip("permissions as Linux has them")
    (tmp_path / "photo.jpg").write_bytes(saved(scene()))
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "other.jpg").write_bytes(saved(scene()))
    (tmp_path / "locked").chmod(0)
    yield tmp_path
    (tmp_path / "locked").chmod(0o700)


def test_a_locked_folder_is_said_and_the_rest_goes_on(locked: Path) -> None:
    run = process("measure", locked, "--json")
    assert f"The folder {locked / 'locked'} cannot be read: permission denied." in run.stderr
    assert "Check that you are allowed to open it; the photos in it were left out." in run.stderr
    assert list(lines_of(run.stdout)) == ["photo.jpg"]


@pytest.mark.parametrize("command", [["measure"], ["report", "--today", TODAY]])
def test_a_locked_folder_that_was_asked_for(locked: Path, command: list[str]) -> None:
    run = process(*command, locked / "locked")
    assert run.returncode == INPUT
    assert "permission denied" in run.stderr.lower()


def test_a_photo_that_may_not_be_opened(locked: Path) -> None:
    (locked / "photo.jpg").chmod(0)
    (record,) = lines_of(process("measure", locked, "--json").stdout).values()
    assert (record["reason"], record["detail"]) == ("unreadable_file", "no permission")


def test_a_place_that_may_not_be_written_to(locked: Path) -> None:
    run = process("report", locked, "--today", TODAY, "--out", locked / "locked" / "out")
    assert run.returncode == OUTPUT
    assert "cannot be written: permission denied" in run.stderr


# --- a full disk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def dated(tmp_path: Path, people: Path) -> Path:
    """A folder with two dated photos and a treatment, good enough for a whole report."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("rest.jpg", "smile.jpg"):
        (folder / f"2026-03-01 {name}").write_bytes(without_exif((people / name).read_bytes()))
    (folder / "treatments.csv").write_text("day\n2026-03-01\n")
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True).returncode
    if mounted != 0:
        pytest.skip("only root can mount a small disk; the limit on file sizes below tests the same")
    yield disk
    subprocess.run(["umount", disk], check=True)


def nothing_unfinished(out: Path) -> None:
    left = [path.name for path in out.rglob("*") if path.is_file()]
    assert not [name for name in left if "unfinished" in name or name.endswith((".tmp", ".part"))], left
    if (out / "result.json").exists():
        json.loads((out / "result.json").read_text(encoding="utf-8"))
    if (out / "report.html").exists():
        assert (out / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_a_full_disk(dated: Path, small_disk: Path) -> None:
    run = process("report", dated, "--today", TODAY, "--out", small_disk / "out")
    assert run.returncode == OUTPUT
    assert "cannot be written: no space left on device." in run.stderr
    assert "Make room on the disk, or choose another folder with --out." in run.stderr
    nothing_unfinished(small_disk)


@pytest.mark.parametrize("most_bytes", [10, 2_000, 100_000])
def test_a_disk_that_fills_up_at_any_moment(dated: Path, tmp_path: Path, most_bytes: int) -> None:
    resource = pytest.importorskip("resource")
    out = tmp_path / "out"
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {resource.RLIM_INFINITY}));"
        "from wearoff.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-B", "-c", code, "report", str(dated), "--today", TODAY, "--out", str(out)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert "Traceback" not in run.stderr, run.stderr
    assert run.returncode == OUTPUT
    assert "cannot be written: file too large." in run.stderr
    nothing_unfinished(out)


# --- places to print to -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device on this system")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_an_output_that_is_full(bad_folder: Path, option: list[str]) -> None:
    command = [sys.executable, "-m", "wearoff", "measure", str(bad_folder / "empty.jpg"), *option]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == OUTPUT
    assert run.stderr.splitlines() == [
        "wearoff: The output cannot be written: no space left on device.",
        "         Make room where it goes, or send it somewhere else.",
    ]


def test_a_terminal_without_the_signs(bad_folder: Path) -> None:
    old = {**os.environ, "PYTHONIOENCODING": "ascii"}
    words = process("measure", bad_folder / "huge.png", env=old).stdout
    assert "the picture is too large (30000 ? 30000 pixels)" in words
    (record,) = lines_of(process("measure", bad_folder / "huge.png", "--json", env=old).stdout).values()
    assert record["detail"] == "30000 × 30000 pixels"


def test_a_name_that_is_no_text(tmp_path: Path, wearoff) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("such names cannot be made on this system")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/fa\xefade.jpg")).touch()
    assert list(lines_of(wearoff("measure", tmp_path, "--json").out)) == ["fa\ufffdade.jpg"]
    assert "fa\ufffdade.jpg: the file is empty." in wearoff("measure", tmp_path).out


# --- a cache that was damaged -----------------------------------------------------------------------------------------

DAMAGES = {
    "emptied": lambda data: b"",
    "cut": lambda data: data[:5000],
    "end missing": lambda data: data[:-100],
    "middle overwritten": lambda data: data[: len(data) // 2] + b"x" * 40 + data[len(data) // 2 + 40 :],
    "start overwritten": lambda data: b"x" * 40 + data[40:],
    "another file": lambda data: b"hello",
}


def test_a_damaged_cache_is_measured_again(dated: Path, wearoff) -> None:
    assert report(wearoff, dated).code == 0
    first = (dated / "wearoff-report" / "result.json").read_bytes()
    stored = sorted((dated / "wearoff-report" / "cache").glob("*.npz"))
    assert len(stored) == 2
    for damage, spoilt in DAMAGES.items():
        stored[0].write_bytes(spoilt(stored[0].read_bytes()))
        assert report(wearoff, dated).code == 0, damage
        assert (dated / "wearoff-report" / "result.json").read_bytes() == first, damage
