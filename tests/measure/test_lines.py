"""Line severity on strips whose lines are drawn: depth, width, direction and blur are known."""

import cv2
import numpy as np
import pytest

from wearoff.measure import WIDTHS_MM, Strip, measure_lines

PX = 4.0
HEIGHT, WIDTH = 120, 400


def strip(
    depth: float = 0.08,
    *,
    lines: int = 4,
    sigma_mm: float = 0.4,
    angle_deg: float = 0.0,
    noise: float = 0.0,
    blur_mm: float = 0.0,
    gain: float = 1.0,
    slope: float = 0.0,
    visible: float = 1.0,
    seed: int = 0,
) -> Strip:
    """Return a strip with dark lines `depth` deep (share of the light) along the rows, turned by `angle_deg`."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    across = (y - HEIGHT / 2) * np.cos(np.radians(angle_deg)) + (x - WIDTH / 2) * np.sin(np.radians(angle_deg))
    light = np.ones((HEIGHT, WIDTH))
    for offset in (np.arange(lines) - (lines - 1) / 2) * 5 * PX:
        light *= 1 - depth * np.exp(-((across - offset) ** 2) / 2 / (sigma_mm * PX) ** 2)
    if blur_mm:
        light = cv2.GaussianBlur(light, (0, 0), blur_mm * PX)
    light = light * gain * (1 + slope * x / WIDTH)
    light = light * np.exp(np.random.default_rng(seed).normal(0, noise, light.shape)) if noise else light
    usable = np.zeros((HEIGHT, WIDTH), bool)
    usable[:, : int(WIDTH * visible)] = True
    return Strip(np.log(light * 150).astype(np.float32), usable, PX, float(visible))


def severity(s: Strip, blur_mm: float = 0.0) -> float:
    lines = measure_lines(s, blur_mm)
    assert lines is not None
    value = lines.severity()
    assert value is not None
    assert value.sd > 0
    return value.value


def test_smooth_skin_has_no_lines() -> None:
    assert severity(strip(0.0)) == pytest.approx(0, abs=1e-3)


def test_severity_grows_in_proportion_to_depth() -> None:
    depths = np.linspace(0.01, 0.10, 10)
    values = np.array([severity(strip(d)) for d in depths])
    assert np.all(np.diff(values) > 0)
    slope = values / depths
    assert slope.max() / slope.min() < 1.10


def test_severity_grows_in_proportion_to_the_number_of_lines() -> None:
    one, four = severity(strip(lines=1)), severity(strip(lines=4))
    assert four / one == pytest.approx(4, rel=0.1)


def test_lines_across_the_region_s_own_direction_hardly_count() -> None:
    along, across = severity(strip()), severity(strip(angle_deg=90))
    assert across < 0.15 * along
    slanted = severity(strip(angle_deg=12))
    assert slanted > 0.8 * along


@pytest.mark.parametrize("gain", [0.5, 1.6])
def test_brightness_does_not_matter(gain: float) -> None:
    assert severity(strip(gain=gain)) == pytest.approx(severity(strip()), rel=1e-3)


def test_light_from_one_side_hardly_matters() -> None:
    assert severity(strip(slope=0.8)) == pytest.approx(severity(strip()), rel=0.05)


@pytest.mark.parametrize("blur_mm", [0.12, 0.2])
def test_blur_that_is_known_is_made_up_for(blur_mm: float) -> None:
    sharp = measure_lines(strip(), 0.0)
    soft = measure_lines(strip(blur_mm=blur_mm), blur_mm)
    assert sharp is not None
    assert soft is not None
    widths = sharp.resolved & soft.resolved
    a, b = sharp.severity(widths), soft.severity(widths)
    assert a is not None
    assert b is not None
    assert b.value == pytest.approx(a.value, rel=0.06)


def test_widths_finer_than_the_photo_resolves_are_left_open() -> None:
    soft = measure_lines(strip(blur_mm=0.5), 0.5)
    assert soft is not None
    assert soft.resolved.tolist() == [False, False, True]
    hopeless = measure_lines(strip(), 3.0)
    assert hopeless is not None
    assert hopeless.severity() is None


def test_what_is_hidden_is_not_measured() -> None:
    half = measure_lines(strip(visible=0.5), 0.0)
    assert half is not None
    assert half.visible == pytest.approx(0.5)
    whole = measure_lines(strip(), 0.0)
    assert whole is not None
    assert half.by_width == pytest.approx(whole.by_width, rel=0.1)
    assert np.all(half.sd_by_width > whole.sd_by_width), "less seen, less certain"
    assert measure_lines(strip(visible=0.1), 0.0) is None


def test_noise_adds_a_floor_and_not_a_line() -> None:
    quiet, noisy = severity(strip(0.0, noise=0.01)), severity(strip(0.08, noise=0.01))
    assert 0 < quiet < 0.2 * noisy


def test_a_strand_of_hair_counts_for_no_more_than_the_most_a_line_can() -> None:
    assert severity(strip(0.99)) == pytest.approx(severity(strip(0.9)), rel=0.12)


def test_every_width_has_its_value() -> None:
    lines = measure_lines(strip(), 0.0)
    assert lines is not None
    assert lines.by_width.shape == (len(WIDTHS_MM),)
    with pytest.raises(ValueError, match="read-only"):
        lines.by_width[0] = 1
