"""Which files of a folder are photos."""

import os
from pathlib import Path

import pytest
from making_photos import heic, saved, scene

from wearoff.errors import InputError
from wearoff.photo import OWN_OUTPUT_MARKER, Reason, find_photos, read_photo


def grow(root: Path, tree: str) -> Path:
    """Files as an indented picture: a name that ends in / is a folder, everything else a small JPEG."""
    stack = [(-1, root)]
    for line in tree.splitlines():
        if not line.strip():
            continue
        depth, name = len(line) - len(line.lstrip()), line.strip()
        while stack[-1][0] >= depth:
            stack.pop()
        path = stack[-1][1] / name.rstrip("/")
        if name.endswith("/"):
            path.mkdir()
            stack.append((depth, path))
        else:
            path.write_bytes(b"\xff\xd8\xff\xe0")
    return root


def names(*paths: Path) -> list[str]:
    return [file.name for file in find_photos(paths).files]


def test_photos_of_all_subfolders_in_a_fixed_order(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        b.JPG
        A.heic
        spring/
            c.png
            later/
                d.webp
                e.tiff
        """,
    )
    assert names(tmp_path) == ["A.heic", "b.JPG", "spring/c.png", "spring/later/d.webp", "spring/later/e.tiff"]


def test_what_is_no_photo_is_passed_over_in_silence(tmp_path: Path) -> None:
    for name in ("notes.txt", "dates.csv", "treatments.toml", "clip.mov", "Thumbs.db", "README"):
        (tmp_path / name).write_bytes(b"something else")
    (tmp_path / "clip.mp4").write_bytes(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ")
    grow(tmp_path, "a.jpg")
    found = find_photos([tmp_path])
    assert [file.name for file in found.files] == ["a.jpg"]
    assert found.problems == ()


def test_a_photo_without_its_suffix_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "frown").write_bytes(saved(scene()))
    (tmp_path / "smile.jpg_large").write_bytes(saved(scene(), "PNG"))
    (tmp_path / "rest.bin").write_bytes(heic(scene()))
    assert names(tmp_path) == ["frown", "rest.bin", "smile.jpg_large"]


def test_hidden_and_foreign_folders_and_our_own_output_are_skipped(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        a.jpg
        ._a.jpg
        .thumbnails/
            b.jpg
        @eaDir/
            c.jpg
        __MACOSX/
            d.jpg
        wearoff-report/
            e.jpg
            faces/
                f.jpg
        """,
    )
    (tmp_path / "wearoff-report" / OWN_OUTPUT_MARKER).touch()
    assert names(tmp_path) == ["a.jpg"]
    (tmp_path / OWN_OUTPUT_MARKER).touch()  # a report written among the photos does not hide them
    assert names(tmp_path) == ["a.jpg"]


def test_kinds_that_cannot_be_measured_are_listed_so_that_they_can_be_explained(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        a.gif
        b.bmp
        c.avif
        d.dng
        """,
    )
    assert names(tmp_path) == ["a.gif", "b.bmp", "c.avif", "d.dng"]


def test_a_file_that_is_named_itself_is_always_listed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (file,) = find_photos([tmp_path / "notes.txt"]).files
    no = read_photo(file.path, file.name)
    assert (no.file, no.reason, no.detail) == ("notes.txt", Reason.NOT_AN_IMAGE, "it is a text file")


def test_a_path_that_does_not_exist_stops_with_words(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find_photos([tmp_path / "fotos"])
    assert "There is no file or folder named" in caught.value.message
    assert caught.value.advice == "Check the spelling of the path."


def test_a_path_behind_a_locked_folder_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "lstat", refuse)
    with pytest.raises(InputError, match="cannot be reached: permission denied"):
        find_photos([tmp_path / "a.jpg"])


def test_names_tell_several_folders_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(
        tmp_path,
        """
        one/
            a.jpg
        two/
            a.jpg
        c.jpg
        """,
    )
    monkeypatch.chdir(tmp_path)
    assert names(Path("two"), Path("one"), Path("c.jpg")) == ["c.jpg", "one/a.jpg", "two/a.jpg"]


def test_a_file_given_twice_is_listed_once(tmp_path: Path) -> None:
    grow(tmp_path, "a.jpg")
    assert len(find_photos([tmp_path, tmp_path / "a.jpg", tmp_path]).files) == 1


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        a.jpg
        sub/
            b.jpg
        """,
    )
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert names(tmp_path) == ["a.jpg", "sub/b.jpg"]


def test_links_to_folders_elsewhere_are_followed(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        elsewhere/
            a.jpg
        mine/
        """,
    )
    (tmp_path / "mine" / "album").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path / "mine") == ["album/a.jpg"]


def test_a_dangling_link_is_listed_so_that_it_can_be_explained(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "gone.jpg")
    (file,) = find_photos([tmp_path]).files
    assert read_photo(file.path, file.name).reason is Reason.UNREADABLE_FILE
    (file,) = find_photos([tmp_path / "a.jpg"]).files
    assert read_photo(file.path, file.name).reason is Reason.UNREADABLE_FILE


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    grow(
        tmp_path,
        """
        a.jpg/
            b.jpg
        """,
    )
    assert names(tmp_path) == ["a.jpg/b.jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_in_a_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert names(tmp_path) == ["pipe.jpg"]


def test_a_folder_that_cannot_be_read_is_said_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(
        tmp_path,
        """
        a.jpg
        locked/
            b.jpg
        open/
            c.jpg
        """,
    )
    scandir = os.scandir

    def guarded(path: Path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("wearoff.photo.finding.os.scandir", guarded)
    found = find_photos([tmp_path])
    assert [file.name for file in found.files] == ["a.jpg", "open/c.jpg"]
    (problem,) = found.problems
    assert problem.message == f"The folder {tmp_path / 'locked'} cannot be read: permission denied."
    assert problem.advice == "Check that you are allowed to open it; the photos in it were left out."


def test_an_empty_folder_holds_no_photos(tmp_path: Path) -> None:
    assert find_photos([tmp_path]).files == ()


@pytest.mark.skipif(os.name != "posix", reason="such names cannot be made on this system")
def test_names_that_are_no_text_or_steer_a_terminal_can_be_shown(tmp_path: Path) -> None:
    for name in (b"fa\xefade.jpg", b"two\nlines.jpg", b"\x1b[2Jgone.jpg", "München 8.15\u202fAM.jpg".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(saved(scene()))
    found = find_photos([tmp_path])
    shown = [file.name for file in found.files]
    assert sorted(shown) == ["München 8.15\u202fAM.jpg", "fa\ufffdade.jpg", "two\ufffdlines.jpg", "\ufffd[2Jgone.jpg"]
    assert all(read_photo(file.path, file.name) is not None for file in found.files)
    "".join(shown).encode()
