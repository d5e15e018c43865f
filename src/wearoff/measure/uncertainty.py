"""How well a measured value would repeat: standard deviations predicted from what is known about the photo."""

from __future__ import annotations

# Repeat error of one photo's line severity as a share of itself, and a floor [% of contrast] that texture and noise
# leave on smooth skin. Both grow when less of the region is seen and when the photo's blur nears the width measured.
_RELATIVE = 0.06
_FLOOR_PERCENT = 0.02


def line_sd(severity_percent: float, *, width_mm: float, blur_mm: float, visible: float) -> float:
    """Return the standard deviation [% of contrast] of a line severity at one width [mm]."""
    fine = 1.0 + (blur_mm / width_mm) ** 2
    seen = max(visible, 0.05) ** -0.5
    return float(((_RELATIVE * severity_percent) ** 2 + _FLOOR_PERCENT**2) ** 0.5 * fine * seen)
