"""Small picture files of every kind, made in the test itself: no file of a real person is needed here."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

RED, GREEN, BLUE, GREY = (200, 40, 40), (40, 170, 60), (50, 60, 190), (128, 128, 128)


def scene(width: int = 160, height: int = 120, seed: int = 0) -> Image.Image:
    """A smooth picture with four different corners, so that every turn of it can be told apart."""
    rng = np.random.default_rng(seed)
    small = rng.integers(60, 190, (4, 5, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    w, h = width // 4, height // 4
    image.paste(RED, (0, 0, w, h))
    image.paste(GREEN, (width - w, 0, width, h))
    image.paste(BLUE, (0, height - h, w, height))
    image.paste(GREY, (width - w, height - h, width, height))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def heic(image: Image.Image, **options) -> bytes:
    import pillow_heif

    stream = io.BytesIO()
    pillow_heif.from_pillow(image).save(stream, quality=90, **options)
    return stream.getvalue()


def exif_block(orientation: int | None = None, original: str = "", digitized: str = "", order: str = "<") -> bytes:
    """An EXIF block written by hand, little or big endian."""
    rows = [] if orientation is None else [(0x0112, 3, 1, struct.pack(order + "HH", orientation, 0))]
    texts = [(tag, text.encode() + b"\0") for tag, text in ((0x9003, original), (0x9004, digitized)) if text]
    first_size = 2 + 12 * (len(rows) + 1) + 4
    second_at = 8 + first_size
    rows.append((0x8769, 4, 1, struct.pack(order + "I", second_at)))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    first = struct.pack(order + "H", len(rows))
    for tag, kind, count, value in rows:
        first += struct.pack(order + "HHI", tag, kind, count) + value
    first += b"\0\0\0\0"
    text_at = second_at + 2 + 12 * len(texts) + 4
    second = struct.pack(order + "H", len(texts))
    tail = b""
    for tag, text in texts:
        second += struct.pack(order + "HHII", tag, 2, len(text), text_at + len(tail))
        tail += text
    return b"Exif\0\0" + head + first + second + b"\0\0\0\0" + tail


def png(width: int, height: int, depth: int, colour: int, raw: bytes) -> bytes:
    """A PNG with exactly these samples; `raw` holds the rows without their filter bytes."""
    row = len(raw) // height
    lines = b"".join(b"\0" + raw[at * row : (at + 1) * row] for at in range(height))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def huge_png(side: int = 30_000) -> bytes:
    """A valid black-and-white PNG of side x side pixels in about 100 KB."""
    packer = zlib.compressobj(6)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG, but its header claims another size."""
    at = next(data.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in data)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


# Profiles, built from their definition (ICC.1:2001-04), so that the tests need none from the machine.

#: Columns X, Y, Z of red, green, blue, adapted to D50.
DISPLAY_P3 = np.array([[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]])
SRGB = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])


def matrix_profile(columns: np.ndarray, gamma: float = 2.2, name: bytes = b"Wide test") -> bytes:
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = [(b"wtpt", _xyz((0.9642, 1.0, 0.8249)))]
    tags += [(mark + b"XYZ", _xyz(columns[:, index])) for index, mark in enumerate((b"r", b"g", b"b"))]
    tags += [(mark + b"TRC", curve) for mark in (b"r", b"g", b"b")]
    return _profile(b"mntr", b"RGB ", b"XYZ ", name, tags)


def cmyk_profile() -> bytes:
    """A press whose cyan prints as a mid grey (L* 50), everything else by how much ink there is."""
    corners = b""
    for cyan in (0, 1):
        for magenta in (0, 1):
            for yellow in (0, 1):
                for key in (0, 1):
                    level = 0 if key else 50 if (cyan, magenta, yellow) == (1, 0, 0) else 100 - 30 * (magenta + yellow)
                    corners += bytes((round(level * 2.55), 128, 128))
    identity = b"".join(struct.pack(">i", 65536 if at % 4 == 0 else 0) for at in range(9))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + bytes(range(256)) * 4 + corners + bytes(range(256)) * 3
    return _profile(
        b"prtr", b"CMYK", b"Lab ", b"Test press", [(b"wtpt", _xyz((0.9642, 1.0, 0.8249))), (b"A2B0", table)]
    )


def _xyz(values) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _profile(kind: bytes, space: bytes, connection: bytes, name: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    text = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(78)
    tags = [(b"desc", text), (b"cprt", b"text\0\0\0\0none\0"), *tags]
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for mark, content in tags:
        content += bytes(-len(content) % 4)
        table += mark + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", 0, b"test", 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    head += bytes(128 - len(head))
    whole = head + table + body
    return struct.pack(">I", len(whole)) + whole[4:]
