"""The layers of the map, in the order they are drawn."""

from collections.abc import Mapping
from types import MappingProxyType

from gis.errors import NotFound
from layers.layer import Layer

GROUND, TOWN = "ground", "town"

_ALL = (
    Layer(
        "land", "polygon", 10,
        properties={"kind": 0, "name": 14},
        columns=("code", "name", "kind"),
        sets=(GROUND,), tables=("land",),
    ),
    Layer(
        "water", "polygon", 0,
        properties={"kind": 0, "name": 13},
        columns=("code", "name", "kind"),
        sets=(GROUND,), tables=("water",),
    ),
    Layer(
        "way", "line", 0,
        properties={"highway": 0, "name": 12, "bridge": 13, "tunnel": 13, "steps": 15},
        columns=("code", "name", "highway", "bridge", "tunnel", "steps", "foot"),
        sets=(GROUND,), tables=("way",),
    ),
    Layer(
        "barrier", "line", 0,
        properties={"kind": 0},
        columns=("code", "kind"),
        sets=(GROUND,), tables=("barrier",),
    ),
    Layer(
        "compound", "polygon", 12,
        properties={"name": 13},
        columns=("code", "name"),
        sets=(GROUND,), tables=("compound",),
    ),
    Layer(
        "area", "polygon", 0,
        properties={"level": 0, "code": 0, "name": 0},
        columns=("code", "level", "name", "parent"),
        sets=(TOWN,), tables=("area", "area_version"),
    ),
    Layer(
        "building", "polygon", 13,
        properties={"households": 13, "kind": 13, "floors": 15, "name": 15},
        columns=("code", "name", "kind", "floors", "households", "people", "estimated", "compound"),
        sets=(TOWN,), tables=("building",), small=True,
    ),
    Layer(
        "door", "point", 16,
        properties={},
        columns=("code",),
        sets=(TOWN,), tables=("building",),
    ),
    Layer(
        "gate", "point", 14,
        properties={"name": 14, "open": 14, "passage": 15, "hours": 16},
        columns=("code", "name", "compound", "hours", "passage"),
        sets=(TOWN,), tables=("gate",),
    ),
    Layer(
        "station", "point", 11,
        properties={"name": 11, "code": 11, "kind": 11, "state": 11, "open": 11, "hours": 15},
        columns=("code", "name", "kind", "services", "hours", "capacity", "floor_area", "state"),
        sets=(), tables=("station",),
    ),
)  # fmt: skip

LAYERS: Mapping[str, Layer] = MappingProxyType({layer.name: layer for layer in _ALL})
SETS: tuple[str, ...] = (GROUND, TOWN)


def layer(name: str) -> Layer:
    """Return the layer of that name.

    Raises
    ------
    NotFound
        There is none; the error lists those there are.
    """
    if name not in LAYERS:
        raise NotFound("no_layer", name=name[:40], known=", ".join(LAYERS))
    return LAYERS[name]


def layers(name: str) -> tuple[Layer, ...]:
    """Return the layers of a set of tiles, or the one layer of that name, in drawing order.

    Raises
    ------
    NotFound
        There is neither.
    """
    found = tuple(each for each in _ALL if name in each.sets)
    return found or (layer(name),)
