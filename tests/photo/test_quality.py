"""Exposure and blur against pictures whose exposure and blur are known."""

import cv2
import numpy as np
import pytest
from making_photos import saved
from PIL import Image

from wearoff.photo import edge_blur_px, read_photo


def flat(level: int) -> Image.Image:
    return Image.new("RGB", (320, 240), (level, level, level))


@pytest.mark.parametrize("level", [0, 40, 128, 200, 255])
def test_mean_luma_of_a_flat_picture_is_its_level(level: int) -> None:
    quality = read_photo(saved(flat(level), "PNG"), "a").quality
    assert quality.mean_luma == pytest.approx(level, abs=1)
    assert quality.clipped_dark == (1 if level == 0 else 0)
    assert quality.clipped_bright == (1 if level == 255 else 0)
    assert quality.blur_px is None


def test_luma_weighs_the_colours_as_the_eye_does() -> None:
    lumas = []
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255)):
        lumas.append(read_photo(saved(Image.new("RGB", (64, 64), colour), "PNG"), "a").quality.mean_luma)
    assert lumas == pytest.approx([76, 149, 29], abs=1)


def test_shares_of_black_and_burnt_out_pixels() -> None:
    image = flat(128)
    image.paste((0, 0, 0), (0, 0, 80, 240))
    image.paste((255, 255, 255), (240, 0, 320, 120))
    quality = read_photo(saved(image, "PNG"), "a").quality
    assert quality.clipped_dark == pytest.approx(0.25, abs=0.02)
    assert quality.clipped_bright == pytest.approx(0.125, abs=0.02)


def _discs(rng: np.random.Generator, contrast: float) -> np.ndarray:
    # drawn four times too large, so that their edges are sharp before they are blurred
    picture = np.full((1024, 1024), 120, np.float32)
    for _ in range(40):
        centre, radius = rng.integers(0, 1024, 2).tolist(), int(rng.integers(40, 200))
        cv2.circle(picture, tuple(centre), radius, float(120 + rng.uniform(-contrast, contrast)), -1)
    return picture


def _skin(rng: np.random.Generator) -> np.ndarray:
    # noise whose spectrum falls like that of natural pictures
    spectrum = np.fft.rfft2(rng.normal(size=(1024, 1024)))
    frequency = np.hypot(np.fft.fftfreq(1024)[:, None], np.fft.rfftfreq(1024)[None])
    frequency[0, 0] = 1
    picture = np.fft.irfft2(spectrum / frequency**1.2)
    return (120 + 25 * picture / picture.std()).astype(np.float32)


def _photo_of(picture: np.ndarray, blur_px: float, noise: float, rng: np.random.Generator) -> np.ndarray:
    blurred = cv2.GaussianBlur(picture, (0, 0), 4 * blur_px)
    small = cv2.resize(blurred, (256, 256), interpolation=cv2.INTER_AREA)
    return np.clip(small + rng.normal(0, noise, small.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0, 2, 5])
@pytest.mark.parametrize("blur_px", [0.7, 1, 1.5, 2, 3, 4, 6])
def test_the_blur_of_clear_edges_is_known_within_a_fifth(blur_px: float, noise: float) -> None:
    rng = np.random.default_rng(7)
    patch = _photo_of(_discs(rng, contrast=100), blur_px, noise, rng)
    assert edge_blur_px(patch) == pytest.approx(blur_px, rel=0.2, abs=0.3)


@pytest.mark.parametrize("noise", [0, 2])
@pytest.mark.parametrize("blur_px", [0.7, 1, 1.5, 2, 3, 4, 6])
def test_the_blur_of_a_texture_is_known_within_a_quarter(blur_px: float, noise: float) -> None:
    rng = np.random.default_rng(7)
    patch = _photo_of(_skin(rng), blur_px, noise, rng)
    assert edge_blur_px(patch) == pytest.approx(blur_px, rel=0.25, abs=0.3)


@pytest.mark.parametrize("contrast", [20, 100])
def test_more_blur_reads_as_more_even_through_noise(contrast: float) -> None:
    rng = np.random.default_rng(3)
    picture = _discs(rng, contrast)
    read = [edge_blur_px(_photo_of(picture, blur, 3, rng)) for blur in (0.5, 1, 2, 4, 8)]
    assert read == sorted(read)


def test_a_patch_without_edges_has_no_blur() -> None:
    assert edge_blur_px(np.full((200, 200), 128, np.uint8)) is None
    assert edge_blur_px(np.zeros((4, 4), np.uint8)) is None
    noise = np.random.default_rng(0).normal(128, 6, (256, 256)).clip(0, 255).astype(np.uint8)
    assert edge_blur_px(noise) is None


def test_a_patch_is_grey() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        edge_blur_px(np.zeros((32, 32, 3), np.uint8))


def test_the_blur_is_that_of_the_middle_of_the_photo() -> None:
    rng = np.random.default_rng(5)
    for blur in (1.0, 3.0):
        patch = _photo_of(_discs(rng, 100), blur, 1, rng)
        quality = read_photo(saved(Image.fromarray(patch), "PNG"), "a").quality
        assert quality.blur_px == pytest.approx(blur, rel=0.25)
