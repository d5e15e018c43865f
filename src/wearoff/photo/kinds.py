"""What kind of file it is, by its first bytes; the suffix of a name is only a hint."""

from __future__ import annotations

import codecs
from enum import StrEnum


class Kind(StrEnum):
    """A kind of picture file."""

    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"
    WEBP = "WebP"
    TIFF = "TIFF"
    GIF = "GIF"
    BMP = "BMP"
    AVIF = "AVIF"


#: The kinds that are decoded; the others are rejected with words.
READABLE = frozenset({Kind.JPEG, Kind.PNG, Kind.HEIC, Kind.WEBP, Kind.TIFF})

#: Suffixes under which people keep photos, in lower case.
IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".heic", ".heif", ".hif", ".webp", ".tif", ".tiff"}
    | {".gif", ".bmp", ".avif", ".dng"}  # these to be rejected with words
)

#: How many bytes from the start of a file `kind_of` and `looks_like` need.
HEAD_BYTES = 64

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2"}
_AVIF_BRANDS = {b"avif", b"avis"}


def kind_of(head: bytes) -> Kind | None:
    """Tell the kind of a picture file from its first bytes; None if it is not one."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return Kind.TIFF
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return Kind.GIF
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return Kind.BMP
    if head[4:8] == b"ftyp":
        brands = {head[8:12]} | {head[at : at + 4] for at in range(16, min(len(head), _box_size(head)), 4)}
        # the general brand mif1 may stand first in either; the specific one decides
        if brands & _AVIF_BRANDS:
            return Kind.AVIF
        if brands & _HEIC_BRANDS:
            return Kind.HEIC
    return None


def looks_like(head: bytes) -> str:
    """Say in plain words what a file that is no picture seems to be; empty if that is not clear."""
    if head[4:8] == b"ftyp" or head[:4] in (b"\x1aE\xdf\xa3", b"RIFF"):
        return "it is a video or sound file"
    if head.startswith(b"%PDF"):
        return "it is a PDF file"
    if head[:2] == b"PK":
        return "it is a ZIP archive or an office document"
    if head.lstrip()[:1] == b"<":
        return "it is a web page or drawing"
    if not any(head):
        return "it holds only zeros"
    return "it is a text file" if _is_text(head) else ""


def breaks_off(data: bytes, kind: Kind) -> bool:
    """Tell, from the lengths a file itself states, whether its end is missing; only for kinds that state them."""
    if kind is Kind.WEBP:
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if kind is Kind.TIFF:
        return int.from_bytes(data[4:8], "little" if data[:1] == b"I" else "big") + 2 > len(data)
    if kind is Kind.HEIC:
        at = 0
        while at < len(data):
            size = _box_size(data[at : at + 16])
            if size == 0:  # reaches to the end, wherever that is
                return False
            if size < 8 or at + size > len(data):
                return True
            at += size
    return False


def _is_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # a letter cut by the end of the head is no fault
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\t\r\n\f" for letter in text)


def _box_size(head: bytes) -> int:
    size = int.from_bytes(head[:4], "big")
    return int.from_bytes(head[8:16], "big") if size == 1 else size
