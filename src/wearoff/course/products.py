"""Products by their generic substance name; what people write is looked up, never guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from wearoff.errors import InputError


class UnknownProductError(InputError):
    """A product name that is not in the list."""

    code = "unknown_product"


@dataclass(frozen=True)
class Products:
    """The product list: generic names, what each is also called, and the reference units of each region [own units]."""

    names: Mapping[str, str]
    reference_units: Mapping[str, Mapping[str, float]]

    @property
    def known(self) -> tuple[str, ...]:
        """The generic names, in the order of the list."""
        return tuple(self.reference_units)

    def canonical(self, written: str) -> str:
        """Return the generic substance name of a product as written; raise UnknownProductError with the known ones."""
        found = self.names.get(_plain(written))
        if found is None:
            raise UnknownProductError(
                f"The product {written!r} is not known.",
                f"Use one of {', '.join(self.known)}, a brand name of one of these, or leave the product out.",
            )
        return found


def _plain(text: str) -> str:
    return re.sub(r"[\s_®™.]+", " ", text).strip().casefold()


def load_products() -> Products:
    """Read the product list that ships with the package."""
    table = tomllib.loads(files("wearoff.course").joinpath("data/products.toml").read_text("utf-8"))
    names = {_plain(generic): generic for generic in table}
    names |= {_plain(name): generic for generic, row in table.items() for name in row["names"]}
    units = {generic: {k: float(v) for k, v in row["reference_units"].items()} for generic, row in table.items()}
    return Products(names=names, reference_units=units)
