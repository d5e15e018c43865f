"""Face, FaceMap -> Measurements: lines per region, positions, and excursions between rest and an expression."""

from wearoff.measure.brows import BrowBand, follow_brows, make_brow_band
from wearoff.measure.lines import WIDTHS_MM, RegionLines, measure_lines
from wearoff.measure.positions import (
    EXCURSIONS,
    REGION_EXCURSIONS,
    Excursion,
    ExcursionValue,
    measure_excursions,
    measure_positions,
)
from wearoff.measure.strips import Strip, StripFrame, make_strip, strip_frames

__all__ = [
    "EXCURSIONS",
    "REGION_EXCURSIONS",
    "WIDTHS_MM",
    "BrowBand",
    "Excursion",
    "ExcursionValue",
    "RegionLines",
    "Strip",
    "StripFrame",
    "follow_brows",
    "make_brow_band",
    "make_strip",
    "measure_excursions",
    "measure_lines",
    "measure_positions",
    "strip_frames",
]
