"""Pixels: orientation, depth, colour, transparency, size."""

import hashlib

import numpy as np
import pytest
from making_photos import (
    DISPLAY_P3,
    SRGB,
    cmyk_profile,
    exif_block,
    heic,
    matrix_profile,
    png,
    saved,
    scene,
)
from PIL import Image, ImageOps

from wearoff.photo import Photo, Reason, read_photo
from wearoff.photo.decoding import reduction_for


def pixels_of(data: bytes, **options) -> np.ndarray:
    photo = read_photo(data, "a", **options)
    assert isinstance(photo, Photo), photo
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.shape[2] == 3
    return photo.pixels


# --- orientation ------------------------------------------------------------------------------------------------------

# EXIF 3.0, 4.6.4: which edge of what the camera saw the 0th row and the 0th column are
TO_UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_eight_orientations_pixel_by_pixel(kind: str, orientation: int) -> None:
    stored = scene(360, 300)  # more than one strip high
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(stored, kind, exif=exif_block(orientation=orientation), **options)
    photo = read_photo(data, "a")
    np.testing.assert_array_equal(photo.pixels, TO_UPRIGHT[orientation](np.asarray(stored)))
    assert (photo.full_width, photo.full_height) == ((300, 360) if orientation >= 5 else (360, 300))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("long_side_px", [2048, 80])
def test_eight_orientations_of_a_jpeg_whole_and_reduced(orientation: int, long_side_px: int) -> None:
    plain = saved(scene(160, 128), quality=95)
    turned = saved(scene(160, 128), quality=95, exif=exif_block(orientation=orientation))
    expected = TO_UPRIGHT[orientation](pixels_of(plain, long_side_px=long_side_px))
    np.testing.assert_array_equal(pixels_of(turned, long_side_px=long_side_px), expected)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_is_ignored(orientation: int) -> None:
    data = saved(scene(), "PNG", exif=exif_block(orientation=orientation))
    np.testing.assert_array_equal(pixels_of(data), np.asarray(scene()))


def test_a_heic_is_turned_once_and_not_twice() -> None:
    upright = scene(160, 120)
    data = heic(upright.transpose(Image.Transpose.ROTATE_90), exif=exif_block(orientation=6))
    photo = read_photo(data, "a.heic")
    assert (photo.full_width, photo.full_height) == (160, 120)
    difference = np.abs(photo.pixels.astype(int) - np.asarray(upright).astype(int))
    assert np.median(difference) <= 4


# --- size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "by", "phone"),
    [
        ((1350, 1350), 1, "already small"),
        ((2048, 1536), 1, "as wished"),
        ((3000, 2000), 1, "half would be too small"),
        ((3264, 2448), 1, "8 MP"),
        ((4000, 3000), 2, "12 MP"),
        ((4032, 3024), 2, "12 MP, half of it is 2016"),
        ((3024, 4032), 2, "12 MP, upright"),
        ((5712, 4284), 2, "24 MP"),
        ((8064, 6048), 4, "48 MP"),
        ((8160, 6120), 4, "50 MP"),
        ((16320, 12240), 8, "200 MP"),
        ((40000, 10), 8, "a strip: never beyond 8"),
    ],
)
def test_how_far_a_photo_is_reduced(size: tuple[int, int], by: int, phone: str) -> None:
    assert reduction_for(*size, 2048) == by, phone


def test_a_wish_for_everything_is_not_granted_to_a_huge_photo() -> None:
    photo = read_photo(saved(Image.new("L", (8064, 6048), 90)), "a", long_side_px=100_000)
    assert (photo.reduction, photo.pixels.shape) == (2, (3024, 4032, 3))


@pytest.mark.parametrize("make", [saved, lambda i: saved(i, "PNG"), lambda i: saved(i, "TIFF"), heic])
def test_a_reduced_picture_is_the_area_mean_of_the_full_one(make) -> None:
    image = scene(640, 480)
    photo = read_photo(make(image), "a", long_side_px=160)
    assert photo.reduction == 4
    assert photo.pixels.shape == (120, 160, 3)
    assert (photo.full_width, photo.full_height) == (640, 480)
    mean = np.asarray(image).astype(float).reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(photo.pixels - mean).mean() < 2.5


def test_odd_sizes_are_kept_to_the_pixel() -> None:
    photo = read_photo(saved(scene(333, 251)), "a", long_side_px=160)
    assert (photo.full_width, photo.full_height, photo.reduction) == (333, 251, 2)
    assert photo.pixels.shape == (126, 167, 3)


# --- depth, palettes, transparency ------------------------------------------------------------------------------------

RAMP = np.arange(256, dtype=np.uint16)


def test_sixteen_bit_grey_keeps_its_whole_range() -> None:
    data = png(256, 1, 16, 0, (RAMP * 257).astype(">u2").tobytes())
    np.testing.assert_array_equal(pixels_of(data)[0, :, 1], RAMP)


def test_sixteen_bit_grey_just_above_eight_bits_is_not_clipped() -> None:
    data = png(256, 1, 16, 0, (RAMP + 200).astype(">u2").tobytes())
    assert pixels_of(data).max() <= 2


def test_sixteen_bit_colour_keeps_its_whole_range() -> None:
    samples = np.stack([RAMP, RAMP[::-1], np.full(256, 77, np.uint16)], axis=1) * 257
    pixels = pixels_of(png(256, 1, 16, 2, samples.astype(">u2").tobytes()))
    np.testing.assert_array_equal(pixels[0], samples // 257)


def test_sixteen_bit_tiff_grey() -> None:
    data = saved(Image.fromarray((RAMP * 257)[None].repeat(4, 0)), "TIFF")
    np.testing.assert_array_equal(pixels_of(data)[0, :, 0], RAMP)


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bit_tiff_colour(order: str) -> None:
    samples = np.stack([RAMP, RAMP[::-1], np.full(256, 77, np.uint16)], axis=1) * 257
    pixels = pixels_of(_tiff_of_sixteen_bits(samples.astype(order + "u2"), order))
    np.testing.assert_array_equal(pixels[0], samples // 257)


def _tiff_of_sixteen_bits(samples: np.ndarray, order: str) -> bytes:
    import struct

    body = samples.tobytes()
    bits = struct.pack(order + "3H", 16, 16, 16)
    at = 8 + len(body) + len(bits)
    rows = [(256, 3, 1, 256), (257, 3, 1, 1), (258, 3, 3, 8 + len(body)), (259, 3, 1, 1), (262, 3, 1, 2)]
    rows += [(273, 4, 1, 8), (277, 3, 1, 3), (278, 3, 1, 1), (279, 4, 1, len(body))]
    folder = struct.pack(order + "H", len(rows))
    for tag, kind, count, value in rows:
        small = kind == 3 and count == 1
        folder += struct.pack(order + "HHI", tag, kind, count)
        folder += struct.pack(order + "HH", value, 0) if small else struct.pack(order + "I", value)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return head + body + bits + folder + b"\0\0\0\0"


def test_grey_palette_and_black_and_white() -> None:
    grey = scene().convert("L")
    np.testing.assert_array_equal(pixels_of(saved(grey, "PNG")), np.asarray(grey.convert("RGB")))
    palette = scene().quantize(32)
    np.testing.assert_array_equal(pixels_of(saved(palette, "PNG")), np.asarray(palette.convert("RGB")))
    binary = scene().convert("1")
    np.testing.assert_array_equal(pixels_of(saved(binary, "PNG")), np.asarray(binary.convert("RGB")))


@pytest.mark.parametrize(("alpha", "expected"), [(255, 200), (0, 128), (128, 164)])
def test_transparency_shows_mid_grey(alpha: int, expected: int) -> None:
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})):
        pixels = pixels_of(saved(Image.new("RGBA", (40, 30), (200, 200, 200, alpha)), kind, **options))
        assert np.abs(pixels.astype(int) - expected).max() <= 1, kind


def test_a_transparent_palette_colour_shows_mid_grey() -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 250, 10, 10])
    assert pixels_of(saved(image, "PNG", transparency=1))[0, 0].tolist() == [128, 128, 128]


def test_floating_point_pixels_are_refused_with_words() -> None:
    no = read_photo(saved(Image.new("F", (8, 8), 0.5), "TIFF"), "a.tif")
    assert no.reason is Reason.UNSUPPORTED


# --- colour -----------------------------------------------------------------------------------------------------------


def _expected_srgb(colour, columns: np.ndarray, gamma: float) -> np.ndarray:
    linear = np.linalg.solve(SRGB, columns @ (np.array(colour) / 255) ** gamma).clip(0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded * 255


@pytest.mark.parametrize("colour", [(180, 120, 100), (90, 60, 50), (200, 170, 160), (128, 128, 128), (60, 120, 160)])
def test_a_wide_gamut_profile_is_converted_as_its_definition_says(colour) -> None:
    image = Image.new("RGB", (16, 16), colour)
    data = saved(image, "PNG", icc_profile=matrix_profile(DISPLAY_P3))
    assert np.abs(pixels_of(data)[8, 8] - _expected_srgb(colour, DISPLAY_P3, 2.2)).max() <= 1.5


def test_a_wide_gamut_profile_changes_skin_visibly() -> None:
    # otherwise the test above would pass without any conversion
    assert np.abs(_expected_srgb((180, 120, 100), DISPLAY_P3, 2.2) - (180, 120, 100)).max() > 8


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "TIFF", "HEIC"])
def test_the_profile_is_read_out_of_every_kind_of_file(kind: str) -> None:
    colour, profile = (180, 120, 100), matrix_profile(DISPLAY_P3)
    image = Image.new("RGB", (64, 64), colour)
    image.info["icc_profile"] = profile
    data = heic(image) if kind == "HEIC" else saved(image, kind, icc_profile=profile)
    assert np.abs(pixels_of(data)[32, 32] - _expected_srgb(colour, DISPLAY_P3, 2.2)).max() <= 4


def test_a_profile_that_is_srgb_is_not_converted() -> None:
    data = saved(scene(), "PNG", icc_profile=matrix_profile(DISPLAY_P3, name=b"sRGB IEC61966-2.1"))
    np.testing.assert_array_equal(pixels_of(data), np.asarray(scene()))


@pytest.mark.parametrize("profile", [b"junk", b"", matrix_profile(DISPLAY_P3)[:200], cmyk_profile()])
def test_a_profile_that_is_broken_or_of_another_kind_is_ignored(profile: bytes) -> None:
    data = saved(scene(), "PNG", icc_profile=profile)
    np.testing.assert_array_equal(pixels_of(data), np.asarray(scene()))


def test_cmyk_without_a_profile() -> None:
    image = Image.new("CMYK", (32, 32), (0, 0, 0, 255))
    assert pixels_of(saved(image)).max() <= 3
    assert pixels_of(saved(Image.new("CMYK", (32, 32), (0, 0, 0, 0)))).min() >= 252


def test_cmyk_with_the_profile_of_its_press() -> None:
    # the cyan ink of this press is a grey of L* 50: sRGB 119
    image = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
    for kind in ("JPEG", "TIFF"):
        pixels = pixels_of(saved(image, kind, icc_profile=cmyk_profile()))
        assert np.abs(pixels[16, 16].astype(int) - 119).max() <= 3, kind


# --- the value --------------------------------------------------------------------------------------------------------


def test_a_photo_cannot_be_changed() -> None:
    photo = read_photo(saved(scene()), "a")
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0, 0] = 1


def test_a_photo_copies_what_could_still_be_changed() -> None:
    mine = np.zeros((4, 4, 3), np.uint8)
    other = Photo("a", "0" * 64, mine, 4, 4, 1, None)
    mine[:] = 9
    assert other.pixels.max() == 0


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_a_photo_checks_its_pixels(shape) -> None:
    with pytest.raises(ValueError, match="uint8"):
        Photo("a", "", np.zeros(shape, np.uint8), 4, 4, 1, None)


def test_the_hash_is_that_of_the_file(tmp_path) -> None:
    data = saved(scene())
    (tmp_path / "a.jpg").write_bytes(data)
    assert read_photo(tmp_path / "a.jpg", "a.jpg").sha256 == hashlib.sha256(data).hexdigest()


def test_the_same_bytes_give_the_same_pixels() -> None:
    data = saved(scene(640, 480), exif=exif_block(orientation=6))
    np.testing.assert_array_equal(pixels_of(data, long_side_px=200), pixels_of(data, long_side_px=200))


def test_a_multi_picture_jpeg_gives_its_first_picture() -> None:
    data = saved(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (160, 120))])
    assert np.abs(pixels_of(data).astype(int) - np.asarray(ImageOps.exif_transpose(scene()))).mean() < 6
