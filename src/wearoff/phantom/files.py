"""Pictures as files a phone would leave behind."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def phone_name(taken: dt.datetime, suffix: str = "jpg") -> str:
    """Return the file name a phone gives a photo."""
    return taken.strftime(f"IMG_%Y%m%d_%H%M%S.{suffix}")


def encode(picture: NDArray[np.uint8], taken: dt.datetime | None, quality: int = 88, kind: str = "JPEG") -> bytes:
    """Return a JPEG (or HEIF) with the EXIF of a phone: moment, maker, upright; no place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0131] = "Wearoff", "Phantom", 1, "wearoff.phantom"
    if taken is not None:
        stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif[0x0132] = stamp
        inner = exif.get_ifd(0x8769)
        inner[0x9003] = inner[0x9004] = stamp
    out = io.BytesIO()
    image = Image.fromarray(picture)
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
        image.save(out, "HEIF", quality=quality, exif=exif.tobytes())
    else:
        image.save(out, "JPEG", quality=quality, subsampling=2, optimize=True, exif=exif)
    return out.getvalue()
