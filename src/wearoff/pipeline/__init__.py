"""The way through the house, from files to a study: the only place that names all stages."""

from wearoff.pipeline.cache import Cache
from wearoff.pipeline.examine import Examined, Tools, examine, open_tools
from wearoff.pipeline.person import read_pile
from wearoff.pipeline.run import examine_all, make_study, measure_photos

__all__ = [
    "Cache",
    "Examined",
    "Tools",
    "examine",
    "examine_all",
    "make_study",
    "measure_photos",
    "open_tools",
    "read_pile",
]
