"""The three things that matter of a photo's EXIF block: which way is up, and when it was taken.

Own reader, because it must never warn, raise or grow on a broken block, and because nothing else of the
block (place, device) may travel on. Source: CIPA DC-008 (EXIF 3.0), TIFF 6.0 section 2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_ORIENTATION = 0x0112
_EXIF_IFD = 0x8769
_TAKEN = 0x9003
_DIGITIZED = 0x9004
_DNG = 0xC612

_SHORT, _LONG, _ASCII = 3, 4, 2
_MAX_ENTRIES = 512
_MAX_TEXT = 64


@dataclass(frozen=True, slots=True)
class Exif:
    """Orientation 1-8, the moments [`YYYY:MM:DD HH:MM:SS`, as written] and whether this is a raw (DNG) file."""

    orientation: int = 1
    original: str = ""
    digitized: str = ""
    raw: bool = False


def read_exif(block: bytes) -> Exif:
    """Read an EXIF block, with or without its six-byte head; a broken block gives what can be read of it."""
    if block[:6] == b"Exif\0\0":
        block = block[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        return Exif()
    first = _entries(block, order, struct.unpack_from(order + "I", block, 4)[0])
    orientation = _number(block, order, first.get(_ORIENTATION)) or 1
    pointer = _number(block, order, first.get(_EXIF_IFD))
    second = _entries(block, order, pointer) if pointer is not None else {}
    return Exif(
        orientation=orientation if 1 <= orientation <= 8 else 1,
        original=_text(block, order, second.get(_TAKEN)) or _text(block, order, first.get(_TAKEN)),
        digitized=_text(block, order, second.get(_DIGITIZED)),
        raw=_DNG in first,
    )


def _entries(block: bytes, order: str, offset: int) -> dict[int, int]:
    # tag -> where its 12 bytes start; a folder that leaves the block is read as far as it goes
    if not 8 <= offset <= len(block) - 2:
        return {}
    count = struct.unpack_from(order + "H", block, offset)[0]
    found: dict[int, int] = {}
    for index in range(min(count, _MAX_ENTRIES)):
        at = offset + 2 + 12 * index
        if at + 12 > len(block):
            break
        found.setdefault(struct.unpack_from(order + "H", block, at)[0], at)
    return found


def _number(block: bytes, order: str, at: int | None) -> int | None:
    if at is None:
        return None
    kind = struct.unpack_from(order + "H", block, at + 2)[0]
    if kind not in (_SHORT, _LONG):
        return None
    return int(struct.unpack_from(order + ("H" if kind == _SHORT else "I"), block, at + 8)[0])


def _text(block: bytes, order: str, at: int | None) -> str:
    if at is None:
        return ""
    kind, length = struct.unpack_from(order + "HI", block, at + 2)
    if kind != _ASCII:
        return ""
    start = at + 8 if length <= 4 else struct.unpack_from(order + "I", block, at + 8)[0]
    return block[start : start + min(length, _MAX_TEXT)].split(b"\0")[0].decode("ascii", "replace").strip()
