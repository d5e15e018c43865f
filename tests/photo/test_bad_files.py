"""Files that cannot be used: each comes back as a value with a reason and with words, and never harms."""

import os
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making_photos import (
    DISPLAY_P3,
    exif_block,
    heic,
    huge_png,
    matrix_profile,
    saved,
    scene,
    with_jpeg_size,
)
from PIL import Image

from wearoff.photo import Photo, Reason, Rejected, read_photo
from wearoff.photo.reading import MAX_FILE_BYTES


def gif(frames: int) -> bytes:
    pictures = [scene(seed=seed) for seed in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:])


def animated(kind: str) -> bytes:
    return saved(scene(), kind, save_all=True, append_images=[scene(seed=1), scene(seed=2)], duration=100)


def cut(data: bytes, share: float = 0.6) -> bytes:
    return data[: int(len(data) * share)]


BAD_FILES = [
    ("empty file", b"", Reason.EMPTY_FILE, ""),
    ("text named .jpg", b"Dear doctor,\nhere are my photos.\n", Reason.NOT_AN_IMAGE, "it is a text file"),
    ("web page named .jpg", b"<!DOCTYPE html><html>", Reason.NOT_AN_IMAGE, "it is a web page or drawing"),
    ("PDF named .jpg", b"%PDF-1.7\n\x00\x01", Reason.NOT_AN_IMAGE, "it is a PDF file"),
    ("ZIP named .jpg", b"PK\x03\x04\x14\0\0\0", Reason.NOT_AN_IMAGE, "it is a ZIP archive or an office document"),
    ("film named .jpg", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Reason.NOT_AN_IMAGE, "it is a video or sound file"),
    ("only zeros", bytes(5000), Reason.NOT_AN_IMAGE, "it holds only zeros"),
    ("noise", bytes(range(128, 256)) * 9, Reason.NOT_AN_IMAGE, ""),
    ("first three bytes of a JPEG", b"\xff\xd8\xff", Reason.DAMAGED, ""),
    ("JPEG cut in its data", cut(saved(scene(640, 480))), Reason.TRUNCATED, ""),
    ("progressive JPEG cut", cut(saved(scene(640, 480), progressive=True)), Reason.TRUNCATED, ""),
    ("JPEG cut in its header", saved(scene())[:200], Reason.TRUNCATED, ""),
    ("PNG cut", cut(saved(scene(640, 480), "PNG")), Reason.TRUNCATED, ""),
    ("HEIC cut", cut(heic(scene(640, 480))), Reason.TRUNCATED, ""),
    ("WebP cut", cut(saved(scene(640, 480), "WEBP")), Reason.TRUNCATED, ""),
    ("TIFF cut", cut(saved(scene(640, 480), "TIFF", compression="tiff_lzw")), Reason.TRUNCATED, ""),
    ("animated GIF", gif(3), Reason.ANIMATED, "animated GIF"),
    ("still GIF", gif(1), Reason.UNSUPPORTED, "GIF keeps too few colours"),
    ("animated PNG", animated("PNG"), Reason.ANIMATED, "PNG with several frames"),
    ("animated WebP", animated("WEBP"), Reason.ANIMATED, "WebP with several frames"),
    ("BMP", saved(scene(), "BMP"), Reason.UNSUPPORTED, "BMP file"),
    ("JPEG that claims 65500 x 65500", with_jpeg_size(saved(scene()), 65500, 65500), Reason.TOO_LARGE,
     "65500 × 65500 pixels"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason", "detail"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES]
)
def test_bad_file(data: bytes, reason: Reason, detail: str) -> None:
    no = read_photo(data, "IMG_1.jpg")
    assert isinstance(no, Rejected)
    assert (no.file, no.reason, no.detail) == ("IMG_1.jpg", reason, detail)
    assert no.advice.endswith(".")
    assert (no.sha256 is None) == (not data)
    assert not no


def test_a_raw_photo_is_refused_with_words_and_not_measured_by_its_thumbnail() -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[0xC612] = b"\x01\x04\x00\x00"
    no = read_photo(saved(scene(), "TIFF", tiffinfo=tags), "a.dng")
    assert (no.reason, no.detail) == (Reason.UNSUPPORTED, "a raw photo")


def test_a_rejected_photo_keeps_its_day_where_it_can_be_read() -> None:
    data = cut(saved(scene(640, 480), exif=exif_block(original="2026:03:01 08:15:02")))
    assert read_photo(data, "a.jpg").taken.day == date(2026, 3, 1)
    assert read_photo(gif(3), "2026-03-02.gif").taken.day == date(2026, 3, 2)


def test_every_reason_has_words_and_one_sentence_of_advice() -> None:
    for reason in Reason:
        assert reason.words
        assert reason.words[0] == reason.words[0].lower() or reason.words.isupper(), reason
        assert not reason.words.endswith("."), reason
        assert 10 < len(reason.advice) < 100, reason
        assert reason.advice[0].isupper(), reason
        assert reason.value == reason.name.lower()
        assert "the photo again" not in reason.advice.replace("Copy the photo", "")  # it may be from last spring


def test_the_words_of_a_rejected_photo_read_as_sentences() -> None:
    no = Rejected("summer/IMG_1.jpg", Reason.NOT_AN_IMAGE, "it is a text file")
    assert str(no) == (
        "summer/IMG_1.jpg: not a photo (it is a text file). "
        "Use the photo itself, as a JPEG, HEIC, PNG, WebP or TIFF file."
    )


# --- what a path can hide ---------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    no = read_photo(tmp_path / "gone.jpg", "gone.jpg")
    assert (no.reason, no.detail) == (Reason.UNREADABLE_FILE, "it is not there, or it is a link to a file that is gone")


def test_a_dangling_link_and_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "b.jpg")
    assert read_photo(tmp_path / "a.jpg", "a.jpg").reason is Reason.UNREADABLE_FILE
    assert read_photo(tmp_path / "b.jpg", "b.jpg").reason is Reason.UNREADABLE_FILE


def test_a_folder_named_like_a_photo(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    no = read_photo(tmp_path / "a.jpg", "a.jpg")
    assert (no.reason, no.detail) == (Reason.UNREADABLE_FILE, "it is a folder")


def test_a_path_with_a_zero_byte() -> None:
    assert read_photo(Path("a\0.jpg"), "a.jpg").reason is Reason.UNREADABLE_FILE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    no = read_photo(tmp_path / "a.jpg", "a.jpg")
    assert (no.reason, no.detail) == (Reason.UNREADABLE_FILE, "it is not a file that holds a photo")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device on this system")
def test_a_device_that_never_ends() -> None:
    assert read_photo(Path("/dev/zero"), "a.jpg").reason is Reason.UNREADABLE_FILE


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc on this system")
def test_a_file_that_says_it_is_empty_but_is_not() -> None:
    assert read_photo(Path("/proc/self/status"), "a.jpg").reason is Reason.NOT_AN_IMAGE


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.jpg").write_bytes(saved(scene()))
    monkeypatch.setattr("wearoff.photo.reading.os.open", refuse)
    no = read_photo(tmp_path / "a.jpg", "a.jpg")
    assert (no.reason, no.detail) == (Reason.UNREADABLE_FILE, "no permission")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)  # sparse: takes no room
    no = read_photo(tmp_path / "a.jpg", "a.jpg")
    assert (no.reason, no.detail) == (Reason.TOO_LARGE, "a file of 256 MB")


# --- memory -----------------------------------------------------------------------------------------------------------


def _peak_mb(code: str, data: bytes, tmp_path: Path) -> tuple[str, float]:
    """What `code` prints on the photo, and by how much it raised the peak of a fresh process [MB]."""
    (tmp_path / "photo").write_bytes(data)
    program = f"""
        import re
        from pathlib import Path
        from wearoff.photo import read_photo
        def peak():
            return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
        path = Path({str(tmp_path / "photo")!r})
        before = peak()
        {code}
        print(peak() - before)
    """
    out = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True)
    assert out.stderr == ""
    *said, grown = out.stdout.split()
    return " ".join(said), float(grown)


on_linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak memory from /proc")


@on_linux
def test_a_png_of_30000_x_30000_pixels_is_refused_from_its_header(tmp_path: Path) -> None:
    said, grown = _peak_mb("print(read_photo(path, 'a').reason, read_photo(path, 'a').detail)", huge_png(), tmp_path)
    assert said == "too_large 30000 × 30000 pixels"
    assert grown < 10


@on_linux
def test_a_photo_of_twelve_megapixels_stays_small(tmp_path: Path) -> None:
    data = saved(scene(4032, 3024), quality=95, exif=exif_block(orientation=6))
    said, grown = _peak_mb("print(read_photo(path, 'a').pixels.shape[:2])", data, tmp_path)
    assert said == "(2016, 1512)"
    assert grown < 60


# --- any bytes at all -------------------------------------------------------------------------------------------------


def _seeds() -> list[bytes]:
    image, block, wide = scene(64, 48), exif_block(6, "2026:03:01 08:15:02"), matrix_profile(DISPLAY_P3)
    return [
        saved(image, exif=block, icc_profile=wide),
        saved(image, progressive=True),
        saved(image.convert("CMYK")),
        saved(image, "PNG", exif=block, icc_profile=wide),
        saved(image.quantize(16), "PNG", transparency=1),
        saved(Image.new("I;16", (32, 32), 40000), "PNG"),
        animated("PNG"),
        saved(image, "WEBP", exif=block, icc_profile=wide),
        saved(image.convert("RGBA"), "WEBP", lossless=True),
        *(saved(image, "TIFF", compression=c) for c in ("raw", "tiff_lzw", "tiff_deflate", "jpeg")),
        saved(image, "TIFF", exif=block),
        gif(2),
        saved(image, "BMP"),
        heic(image, exif=block),
    ]


SEEDS = _seeds()
# where a file says how long its parts are, a few values do most of the harm
VALUES = st.sampled_from([0x00, 0x01, 0x7F, 0x80, 0xFF]) | st.integers(0, 255)
PLACES = st.integers(0, 400) | st.integers(0, 6000)
EDITS = st.lists(
    st.tuples(st.sampled_from(["set", "set", "set", "cut", "drop", "double"]), PLACES, st.integers(1, 40), VALUES),
    min_size=1,
    max_size=12,
)


def mutated(seed: int, edits: list[tuple[str, int, int, int]]) -> bytes:
    data = bytearray(SEEDS[seed])
    for what, place, length, value in edits:
        at = place % max(len(data), 1)
        if what == "set":
            data[at : at + 1 + length // 20] = bytes([value]) * (1 + length // 20)
        elif what == "cut":
            data = data[: max(at, 1)]
        elif what == "drop":
            del data[at : at + length]
        else:
            data[at:at] = data[at : at + length]
    return bytes(data)


def _answers(data: bytes) -> None:
    result = read_photo(data, "IMG_20260301_081502.jpg", long_side_px=40, today=date(2026, 11, 22))
    assert isinstance(result, Photo | Rejected)
    if isinstance(result, Photo):
        assert result.pixels.size
        assert result.pixels.flags.writeable is False


@settings(derandomize=True, max_examples=int(os.environ.get("WEAROFF_FUZZ", "600")), deadline=None)
@given(st.integers(0, len(SEEDS) - 1), EDITS)
def test_a_damaged_file_gives_a_photo_or_a_reason(seed: int, edits: list[tuple[str, int, int, int]]) -> None:
    _answers(mutated(seed, edits))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.sampled_from([b"", *sorted({seed[:n] for seed in SEEDS for n in (4, 12, 30)})]), st.binary(max_size=300))
def test_any_bytes_give_a_photo_or_a_reason(head: bytes, tail: bytes) -> None:
    _answers(head + tail)


def test_a_cut_at_every_place_never_shows_other_pixels() -> None:
    # what is missing at the very end of a PNG are checksums: its picture is whole, and may be used
    for seed in (SEEDS[0], SEEDS[3], SEEDS[7], SEEDS[-1]):
        whole = read_photo(seed, "a").pixels
        for end in [*range(0, len(seed), 97), *range(len(seed) - 64, len(seed), 3)]:
            result = read_photo(seed[:end], "a")
            assert isinstance(result, Rejected) or np.array_equal(result.pixels, whole), end


def test_nothing_is_printed_or_warned_by_the_decoders(capfd: pytest.CaptureFixture[str]) -> None:
    # TIFF is left out: its C library writes to the terminal by itself, and taking that away from a whole
    # process (file descriptor 2) would hide the messages of everybody else
    for seed in SEEDS:
        if seed[:2] in (b"II", b"MM"):
            continue
        for at in range(8, min(len(seed), 600), 23):
            read_photo(seed[:at] + b"\xff" + seed[at + 1 :], "a")
    assert capfd.readouterr() == ("", "")
