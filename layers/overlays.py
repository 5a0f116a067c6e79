"""What a page lays on the ground: outlines of areas, the veil, what is chosen, the walked path."""

from collections.abc import Mapping
from typing import Any

from layers.symbols import at, stops
from layers.tokens import Colours

Json = dict[str, Any]
Expression = list[Any]

ROUND = {"line-cap": "round", "line-join": "round"}


def areas(c: Colours) -> list[Json]:
    """Return tints and outlines of areas."""
    return [*tints(c), *edges(c)]


def choice(c: Colours) -> list[Json]:
    """Return the veil over what is not chosen, what is, and the way that is walked."""
    return [veil(c), *chosen(c), *paths(c)]


def tints(c: Colours) -> list[Json]:
    """Return the fill of the areas that can be pressed, and the ochre edge of those with a hole."""
    hole: Expression = ["==", ["feature-state", "hole"], True]
    hover: Expression = ["==", ["feature-state", "hover"], True]
    fill = {
        "fill-color": ["case", hole, c["gap"], c["chosen"]],
        "fill-opacity": ["case", hole, 0.16, hover, 0.05, 0],
    }
    edge = _stroke(c["gap"], 1.8) | {"line-dasharray": [10 / 3, 20 / 9], "line-offset": 4}
    edge |= {"line-opacity": ["case", hole, 1, 0]}
    return [_area("area", "fill", fill), _area("area-hole", "line", edge)]


def edges(c: Colours) -> list[Json]:
    """Return the outlines: each stretch is there once, under the highest level it bounds."""
    band = _edge("district", c["ink"], {10: 4, 13: 6}, 0.12)
    band["paint"] |= {"line-offset": stops({10: 2, 13: 3})}
    dash = _edge("community", c["ink"], {11: 0.6, 13: 0.9, 15: 1.5, 17: 2.0}, 0.65)
    dash["paint"] |= {"line-dasharray": [4.5, 1.5, 1, 1.5]}
    return [
        band | {"id": "edge-band"},
        _edge("grid", c["ink"], {12: 0.5, 14: 0.7, 15: 0.9}, 0.28) | {"minzoom": at(12)},
        dash | {"minzoom": at(11)},
        _edge("subdistrict", c["ink"], {10: 0.8, 13: 1.3, 15: 2.0, 17: 2.4}, 0.7),
        _edge("district", c["ink"], {10: 1.2, 13: 2.0, 15: 2.8}, 0.72),
    ]


def _edge(level: str, colour: str, width: Mapping[float, float], opacity: float) -> Json:
    paint = _stroke(colour, stops(width)) | {"line-opacity": opacity}
    layer = {"id": f"edge-{level}", "type": "line", "source": "edges", "paint": paint}
    return layer | {"layout": {"line-join": "round"}, "filter": _is("level", level)}


def veil(c: Colours) -> Json:
    """Return the veil of land over everything outside the chosen area."""
    paint = {"fill-color": c["land"], "fill-opacity": 0.5, "fill-antialias": False}
    layer = {"id": "veil", "type": "fill", "source": "veil", "paint": paint}
    return layer | {"filter": _is("kind", "veil")}


def chosen(c: Colours) -> list[Json]:
    """Return indigo: thin round the area under the hand, strong round what is chosen."""
    hover: Expression = ["==", ["feature-state", "hover"], True]
    under = _stroke(c["chosen"], 1.5) | {"line-opacity": ["case", hover, 1, 0]}
    outline = {"type": "line", "source": "veil", "layout": ROUND, "filter": _is("kind", "chosen")}
    tint: Json = {"source": "veil", "filter": _is("kind", "tint")}
    tint["paint"] = {"fill-color": c["chosen"], "fill-opacity": 0.12, "fill-antialias": False}
    return [
        {"id": "chosen-tint", "type": "fill", **tint},
        _area("area-hover", "line", under),
        {"id": "chosen-under", **outline, "paint": _stroke(c["paper"], 6.5)},
        {"id": "chosen", **outline, "paint": _stroke(c["chosen"], 3.2)},
        *_building(c),
    ]


def _building(c: Colours) -> list[Json]:
    is_chosen: Expression = ["==", ["feature-state", "chosen"], True]
    of = {"source": "town", "source-layer": "building", "minzoom": at(14)}
    opacity: Expression = ["case", is_chosen, 1, 0]
    white = _stroke(c["paper"], 5.5) | {"line-opacity": opacity}
    ring = _stroke(c["chosen"], 2.6) | {"line-opacity": opacity}
    return [
        {"id": "building-under", "type": "line", **of, "layout": ROUND, "paint": white},
        {"id": "building-chosen", "type": "line", **of, "layout": ROUND, "paint": ring},
    ]


def paths(c: Colours) -> list[Json]:
    """Return the walked path, ink dots on white, the straight line, and where it starts."""
    dots = _stroke(c["ink"], 3.4) | {"line-dasharray": [0, 1.85]}
    straight = _stroke(c["ink-3"], 1.4) | {"line-dasharray": [3, 3]}
    end = {"circle-radius": 4.5, "circle-color": c["paper"]}
    end |= {"circle-stroke-color": c["ink"], "circle-stroke-width": 2}
    start = {"id": "path-start", "type": "circle", "source": "path", "paint": end}
    return [
        _path("path-straight", "straight", straight),
        _path("path-under", "walk", _stroke(c["paper"], 8)),
        _path("path", "walk", dots),
        start | {"filter": _is("kind", "from")},
    ]


def _path(id: str, kind: str, paint: Json) -> Json:
    layer = {"id": id, "type": "line", "source": "path", "layout": ROUND, "paint": paint}
    return layer | {"filter": _is("kind", kind)}


def _area(id: str, type: str, paint: Json) -> Json:
    return {"id": id, "type": type, "source": "areas", "filter": _is("shown", True), "paint": paint}


def _stroke(colour: str, width: Any) -> Json:
    return {"line-color": colour, "line-width": width}


def _is(key: str, value: Any) -> Expression:
    return ["==", ["get", key], value]
