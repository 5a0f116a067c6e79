"""What a layer of the map is: one entry here is its tiles, its feature page, its title."""

from collections.abc import Mapping
from dataclasses import dataclass

TOP = 18
"""The highest zoom of tiles that are served; browsers enlarge the last one they ask for."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A view ``map.<name>`` and how it is looked at.

    Parameters
    ----------
    name
        Also the name of the layer inside a tile, and of its collection of features.
    geometry
        ``point``, ``line`` or ``polygon``; a view may hold their multiples.
    zoom
        The first zoom of tiles that carries anything of it; its rows have their own (column
        ``zoom``), never lower. A tile is 512 pixels wide: its zoom is the Leaflet zoom less one.
    properties
        What a tile says of a feature beside its id, each with the first zoom that carries it.
    columns
        What its feature page says of a feature beside its id, in this order.
    sets
        The sets of tiles that it is part of.
    tables
        The tables of ``app`` it is made of: when they change, its tiles do.
    small
        Its shapes are small and plain: a tile does not look for faults that rounding might cause.
    """

    name: str
    geometry: str
    zoom: int
    properties: Mapping[str, int]
    columns: tuple[str, ...]
    sets: tuple[str, ...]
    tables: tuple[str, ...]
    small: bool = False

    @property
    def view(self) -> tuple[str, str]:
        """Schema and name of its view."""
        return "map", self.name

    @property
    def title(self) -> str:
        """Key of its name in the translations."""
        return f"layer.{self.name}"

    def carried(self, zoom: int) -> tuple[str, ...]:
        """Return the properties that tiles of a zoom carry."""
        return tuple(name for name, first in self.properties.items() if first <= zoom)
