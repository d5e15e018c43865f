"""Bytes of a picture file to upright sRGB pixels, no larger than measuring needs."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from wearoff.photo.exif import Exif, read_exif
from wearoff.photo.kinds import READABLE, Kind, breaks_off
from wearoff.photo.reasons import Reason

#: Most pixels of a JPEG (a phone camera of 200 MP stays below); it is decoded at a fraction of them.
MAX_JPEG_PIXELS = 201_000_000
#: Most pixels of the other kinds, which have to be decoded whole: about 260 MB at the peak.
MAX_PIXELS = 65_000_000

#: Most pixels that come out, whatever is wished for: a photo of 24 MP stays whole, one of 48 MP is halved.
MAX_DECODED_PIXELS = 26_000_000

# 4032 px, the width of most phones' photos, shall still decode at half for a wish of 2048
_SHORTFALL = 15 / 16
_REDUCTIONS = (8, 4, 2)
_STRIP_ROWS = 128
_MID_GREY = (128, 128, 128)

_TURNS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
_ACROSS_X, _ACROSS_Y, _ACROSS_BOTH = 1, 0, -1
# EXIF orientations that swap the sides, and those in which the first stored row comes last
_LYING = frozenset({5, 6, 7, 8})
_LAST_FIRST = frozenset({3, 4, 6, 7})

# A decoder that meets something odd says so in the log of its own; without this line, Python prints it to people.
logging.getLogger("PIL").addHandler(logging.NullHandler())

# What the decoders raise on broken files, seen by fuzzing; anything else would be a fault of ours.
_BROKEN = (
    Image.DecompressionBombError,
    OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
    RuntimeError, struct.error, zlib.error, ArithmeticError, AssertionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Upright sRGB pixels, (h, w, 3) uint8, the full size [px], how many full pixels make one of these, the EXIF."""

    pixels: NDArray[np.uint8]
    full_width: int
    full_height: int
    reduction: int
    exif: Exif


class RefusedError(Exception):
    """A file that cannot become a photo; never leaves `wearoff.photo`, where it turns into a `Rejected`."""

    def __init__(self, reason: Reason, detail: str = "", advice: str = "", exif: Exif | None = None) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.advice, self.exif = reason, detail, advice, exif or Exif()


def decode(data: bytes, kind: Kind, long_side_px: int) -> Decoded:
    """Decode a picture at the largest power-of-two reduction that keeps `long_side_px` (or 15/16 of it).

    Raises RefusedError for what is animated, too large, truncated, damaged or of a kind that is not measured.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders warn about oddities that do no harm; what harms raises
        if kind not in READABLE:
            raise _refusal_of(data, kind)
        image = _opened(data, kind)
        exif = _exif_of(image, data, kind)
        _check_header(image, kind, exif)
        try:
            return _decoded(image, kind, long_side_px, exif)
        except RefusedError:
            raise
        except (MemoryError, Image.DecompressionBombError):
            raise RefusedError(Reason.TOO_LARGE, exif=exif) from None
        except _BROKEN as error:
            raise _broken(error, data, kind, exif) from None


def reduction_for(width: int, height: int, long_side_px: int) -> int:
    """Return by how much (1, 2, 4 or 8) a picture may be reduced and still show `long_side_px`, or 15/16 of it."""
    long_side = max(width, height)
    return next((by for by in _REDUCTIONS if long_side / by >= long_side_px * _SHORTFALL), 1)


def _opened(data: bytes, kind: Kind) -> ImageFile.ImageFile:
    # The plugin of the kind itself, and not Image.open: no other decoder can be tricked into running, a phone's
    # "multi-picture" JPEG gives its first picture, and the size is checked here and not by a global limit.
    stream = io.BytesIO(data)
    try:
        if kind is Kind.JPEG:
            return JpegImageFile(stream)
        if kind is Kind.PNG:
            return PngImageFile(stream)
        if kind is Kind.WEBP:
            return WebPImageFile(stream)
        if kind is Kind.TIFF:
            return TiffImageFile(stream)
        from pillow_heif import HeifImageFile  # loads 20 MB of codecs: only for those who have such photos

        return cast(ImageFile.ImageFile, HeifImageFile(stream))  # type: ignore[no-untyped-call]
    except (MemoryError, Image.DecompressionBombError):  # some decoders look at the size themselves
        raise RefusedError(Reason.TOO_LARGE) from None
    except _BROKEN as error:
        raise _broken(error, data, kind, Exif()) from None


def _check_header(image: ImageFile.ImageFile, kind: Kind, exif: Exif) -> None:
    width, height = image.size
    if width * height > (MAX_JPEG_PIXELS if kind is Kind.JPEG else MAX_PIXELS):
        advice = "" if kind is Kind.JPEG else "Save it as JPEG, in the size in which it was taken."
        raise RefusedError(Reason.TOO_LARGE, f"{width} × {height} pixels", advice, exif)
    if exif.raw:
        raise RefusedError(Reason.UNSUPPORTED, "a raw photo", "Save it from your photo app as JPEG or HEIC.", exif)
    if kind in (Kind.PNG, Kind.WEBP) and getattr(image, "is_animated", False):
        raise RefusedError(Reason.ANIMATED, f"{kind} with several frames", exif=exif)


def _decoded(image: ImageFile.ImageFile, kind: Kind, long_side_px: int, exif: Exif) -> Decoded:
    full_width, full_height = image.size
    by = reduction_for(full_width, full_height, long_side_px)
    while by < _REDUCTIONS[0] and full_width * full_height > MAX_DECODED_PIXELS * by**2:
        by *= 2
    if kind is Kind.JPEG and by > 1:
        image.draft(image.mode, (full_width // by, full_height // by))
    profile = image.info.get("icc_profile")
    if kind is Kind.HEIC and image.mode == "RGB" and by > 1:
        picture = _reduced_heic(image, by)
    else:
        image.load()
        if kind is Kind.TIFF:
            full_width, full_height = image.size  # turned upright by the decoder
        picture = _eight_bit(image)
        if kind is not Kind.JPEG and by > 1:
            picture = picture.reduce(by)
    picture = _to_srgb(picture, profile)
    # HEIC and TIFF are turned by their decoders
    orientation = exif.orientation if kind in (Kind.JPEG, Kind.PNG, Kind.WEBP) else 1
    if orientation in _LYING:
        full_width, full_height = full_height, full_width
    return Decoded(_upright(picture, orientation), full_width, full_height, by, exif)


def _reduced_heic(image: ImageFile.ImageFile, by: int) -> Image.Image:
    # straight from the memory of the codec: through Pillow, a photo of 48 MP would pass 400 MB
    from pillow_heif import open_heif

    full = np.asarray(open_heif(image.fp))
    height, width = full.shape[0] // by, full.shape[1] // by
    small = cv2.resize(full[: height * by, : width * by], (width, height), interpolation=cv2.INTER_AREA)
    return Image.fromarray(small.astype(np.uint8, copy=False))


def _upright(picture: Image.Image, orientation: int) -> NDArray[np.uint8]:
    # Strip by strip into the one array that stays: asking Pillow for all at once, and turning it then, would touch
    # three times as much fresh memory, which costs half as much as decoding.
    width, height = picture.size
    lying = orientation in _LYING
    pixels = np.empty((width, height, 3) if lying else (height, width, 3), np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, height)
        strip = _turned(np.asarray(picture.crop((0, top, width, bottom))), orientation)
        goes = slice(height - bottom, height - top) if orientation in _LAST_FIRST else slice(top, bottom)
        if lying:
            pixels[:, goes] = strip
        else:
            pixels[goes] = strip
    pixels.setflags(write=False)
    return pixels


def _turned(strip: NDArray[np.uint8], orientation: int) -> NDArray[Any]:
    if orientation in _TURNS:
        return cv2.rotate(strip, _TURNS[orientation])
    if orientation in (2, 4):
        return cv2.flip(strip, _ACROSS_X if orientation == 2 else _ACROSS_Y)
    if orientation == 5:
        return cv2.transpose(strip)
    if orientation == 7:
        return cv2.flip(cv2.transpose(strip), _ACROSS_BOTH)
    return strip


def _eight_bit(image: Image.Image) -> Image.Image:
    # to RGB, L or CMYK of 8 bits a channel, without transparency
    mode = image.mode
    if mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        if mode.startswith("I"):
            return _eight_bit_of_sixteen(image)
        whole = image.convert("RGBA")
        ground = Image.new("RGB", whole.size, _MID_GREY)
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    if mode in ("RGB", "L", "CMYK"):
        return image
    if mode.startswith("I"):
        return _eight_bit_of_sixteen(image)
    if mode in ("1", "P", "RGBX", "YCbCr"):
        return image.convert("RGB")
    raise RefusedError(Reason.UNSUPPORTED, f"pixels of the type {mode}", "Save it from your photo app as JPEG.")


def _eight_bit_of_sixteen(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    if values.size == 0 or int(values.min()) < 0 or int(values.max()) > 0xFFFF:
        raise RefusedError(Reason.UNSUPPORTED, "32 bits a pixel", "Save it from your photo app as JPEG.")
    # 257 = 65535 / 255: the full range of 16 bits becomes the full range of 8
    return Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8))


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and not _is_srgb(profile):
        try:
            source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            if picture.mode == "RGB":
                ImageCms.profileToProfile(picture, source, target, inPlace=True)
                return picture
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, *_BROKEN):
            pass  # a profile that is broken, or for another kind of picture, says nothing about the colours
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _is_srgb(profile: bytes) -> bool:
    # by its name, in ASCII (version 2) or UTF-16 (version 4): converting sRGB to sRGB would cost as much as decoding
    return b"sRGB" in profile or b"s\0R\0G\0B" in profile


def _exif_of(image: ImageFile.ImageFile, data: bytes, kind: Kind) -> Exif:
    if kind is Kind.TIFF:
        return read_exif(data)
    block = image.info.get("exif")
    if isinstance(block, bytes):
        return read_exif(block)
    raw = image.info.get("Raw profile type exif")  # how ImageMagick writes it into a PNG: hex after three lines
    if isinstance(raw, str):
        try:
            return read_exif(bytes.fromhex("".join(raw.split("\n")[3:])))
        except ValueError:
            return Exif()
    return Exif()


def _refusal_of(data: bytes, kind: Kind) -> RefusedError:
    if kind is Kind.GIF:
        try:
            if GifImageFile(io.BytesIO(data)).is_animated:
                return RefusedError(Reason.ANIMATED, "animated GIF")
        except _BROKEN:
            pass
        return RefusedError(Reason.UNSUPPORTED, "GIF keeps too few colours", "Use the photo from which it was made.")
    return RefusedError(Reason.UNSUPPORTED, f"{kind} file", "Save it from your photo app as JPEG.")


def _broken(error: BaseException, data: bytes, kind: Kind, exif: Exif) -> RefusedError:
    said = str(error).lower()
    cut = isinstance(error, EOFError) or "truncated" in said or "end of file" in said or breaks_off(data, kind)
    return RefusedError(Reason.TRUNCATED if cut else Reason.DAMAGED, exif=exif)
