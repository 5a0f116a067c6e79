"""What of the map can be edited: kinds of things, and what people set of each. A table."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its table, what shape it has, the columns people set, and what is absent."""

    table: str
    shape: str
    columns: dict[str, Any]


KINDS = {
    "stations": Kind("station", "point", {
        "name": "", "kind": "post", "services": [], "hours": "24/7", "capacity": None,
        "floor_area": None, "state": "open",
    }),
    "gates": Kind("gate", "point", {
        "name": "", "compound": None, "hours": "24/7", "passage": "both",
    }),
    "compounds": Kind("compound", "polygon", {"name": ""}),
    "buildings": Kind("building", "polygon", {
        "name": "", "kind": "house", "floors": 1, "households": 0, "people": 0,
        "estimated": False, "compound": None,
    }),
    "ways": Kind("way", "line", {
        "name": "", "highway": "footway", "bridge": False, "tunnel": False, "steps": False,
        "foot": "both",
    }),
    "barriers": Kind("barrier", "line", {"kind": "wall"}),
}  # fmt: skip

PLACED = ("station", "compound", "building")
"""Tables whose rows may be edited by area; the others only by who holds the whole district."""
