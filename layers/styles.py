"""The MapLibre style of the map: what lies over what, how wide, from which zoom on.

All zooms here are Leaflet's, as in the table of the interface; MapLibre, whose tiles are 512
pixels wide, counts one less. Widths of roads are true on the ground once that is more than a
hair. Layers stand in the order they are painted: the ground here, what the page lays on it in
`overlays`, names in `symbols`, whose last layer is set first. Every colour is a token.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from layers import overlays, symbols
from layers.symbols import at, stops
from layers.tokens import Colours, colours

Json = dict[str, Any]
Expression = list[Any]

ROADS: Mapping[str, tuple[str, ...]] = {
    "main": ("motorway", "trunk", "primary"),
    "second": ("secondary", "tertiary"),
    "side": ("residential", "unclassified"),
    "lane": ("living_street", "pedestrian", "track", "road"),
}
"""Classes of roads, widest first; every other way is a path."""

METRES = {"main": 27.0, "second": 18.0, "side": 9.5, "lane": 3.6, "path": 3.0}
LEAST: Mapping[str, Mapping[int, float]] = {
    "main": {9: 0.6, 10: 0.8, 11: 1.0, 12: 1.5, 13: 2.2, 14: 3.5},
    "second": {9: 0.3, 10: 0.5, 11: 0.7, 12: 1.1, 13: 1.7, 14: 2.4},
    "side": {9: 0.5, 13: 1.0, 14: 1.6, 15: 2.4},
    "lane": {9: 0.5, 15: 1.2, 16: 1.9},
    "path": {9: 0.5, 15: 0.9, 16: 1.4},
}
"""Pixels below which a road is not drawn, from a zoom on."""

GROUND = {
    "park": "park",
    "field": "field",
    "village": "old",
    "old_quarter": "old",
    "school": "block",
    "hospital": "block",
    "government": "block",
    "commerce": "block",
    "factory": "block",
    "railway_yard": "block",
    "plaza": "path",
    "station_square": "path",
}
SCRAPS = {"green": "park", "track": "track"}
"""What lies inside compounds and schools, and is painted over them."""

BANDS = ("m1", "m2", "m3", "m4", "m5")
HATCH = 5
EMPTY: Json = {"type": "FeatureCollection", "features": []}


def style(district: str, theme: str, latitude: float) -> Json:
    """Return the style of a district's map as the MapLibre style specification, version 8, says.

    Parameters
    ----------
    theme
        ``light`` or ``dark``.
    latitude
        Of the district's middle [degrees]: metres on the ground depend on it.
    """
    c = colours(theme)
    below = (ground(c), roads(c, latitude), barriers(c), buildings(c), symbols.gates(c))
    above = (overlays.areas(c), symbols.names(c), overlays.choice(c), symbols.signs(c))
    return {
        "version": 8,
        "name": f"yige-{theme}",
        "sources": sources(district),
        "layers": [layer for part in (*below, *above) for layer in part],
        "transition": {"duration": 0, "delay": 0},
    }


def sources(district: str) -> Json:
    """Return the tiles of a district, and the sources that the page fills with what it knows."""
    tiles = {
        name: {
            "type": "vector",
            "tiles": [f"/tiles/{district}/{name}/{{z}}/{{x}}/{{y}}.pbf"],
            "minzoom": 0,
            "maxzoom": 16,
        }
        for name in ("ground", "town")
    }
    plain = ("edges", "veil", "names", "path")
    own: Json = {name: {"type": "geojson", "data": EMPTY} for name in plain}
    for name in ("areas", "places", "stations"):
        own[name] = {"type": "geojson", "data": EMPTY, "promoteId": "id"}
    return tiles | own


def ground(c: Colours) -> list[Json]:
    """Return land, the share served of areas, compounds, greens and water."""
    use = _fill("land-use", "ground", "land", _by("kind", GROUND, "land", c), 11)
    use["paint"] |= {"fill-opacity": ["case", ["==", ["get", "kind"], "field"], 0.6, 1]}
    scraps = _fill("scraps", "ground", "land", _by("kind", SCRAPS, "land", c), 14)
    scraps["filter"] = ["in", ["get", "kind"], ["literal", list(SCRAPS)]]
    shore = stops({10: 0.4, 13: 0.8, 15: 1.0})
    return [
        {"id": "land", "type": "background", "paint": {"background-color": c["land"]}},
        use,
        _fill("compound", "ground", "compound", c["compound"], 13),
        scraps,
        _share(c),
        _fill("water", "ground", "water", c["water"], 0),
        _line("shore", "ground", "water", c["shore"], shore, 10),
    ]


def _share(c: Colours) -> Json:
    """Below the zoom of buildings, areas take the class of their share served."""
    share: Expression = ["coalesce", ["feature-state", "s"], -1]
    paint = {
        "fill-color": ["match", share, *_numbered(BANDS, c), c["land"]],
        "fill-opacity": ["case", ["==", share, -1], 0, 0.72],
        "fill-antialias": False,
    }
    layer = {"id": "area-share", "type": "fill", "source": "areas", "paint": paint}
    return layer | {"filter": ["==", ["get", "shown"], True], "maxzoom": at(14)}


def roads(c: Colours, latitude: float) -> list[Json]:
    """Return roads and paths: all casings, then the fills, narrow below wide; then bridges."""
    bridge: Expression = ["to-boolean", ["get", "bridge"]]
    plain: Expression = ["!", bridge]
    fill = _by_class({"path": c["path"], "lane": c["lane"]}, c["road"])
    wide: Expression = ["all", plain, ["!=", _class(), "path"]]
    edge = _road("bridge-edge", c["bridge"], widths(latitude, 2.0), bridge)
    edge["layout"] |= {"line-cap": "butt"}
    return [
        _road("road-casing", c["casing"], widths(latitude, 1.0), wide),
        _road("road", fill, widths(latitude, 0.0), plain),
        edge,
        _road("bridge", fill, widths(latitude, 0.0), bridge),
    ]


def _road(id: str, colour: Any, width: Expression, which: Expression) -> Json:
    order = _by_class({"main": 5, "second": 4, "side": 3, "lane": 2}, 1)
    layer = _line(id, "ground", "way", colour, width, 8)
    layer["layout"] = {"line-cap": "round", "line-join": "round", "line-sort-key": order}
    return layer | {"filter": which}


def _class() -> Expression:
    pairs = (part for name, values in ROADS.items() for part in (list(values), name))
    return ["match", ["get", "highway"], *pairs, "path"]


def _by_class(values: Mapping[str, Any], other: Any) -> Expression:
    pairs = (part for name, value in values.items() for part in (name, value))
    return ["match", _class(), *pairs, other]


def widths(latitude: float, more: float) -> Expression:
    """Return the width of a way by zoom and class [px], wider by ``more`` on each side."""
    found: Expression = []
    for zoom in range(9, 21):
        wide = {name: round(width(name, latitude, zoom, more), 2) for name in METRES}
        found += [at(zoom), _by_class(wide, wide.pop("path"))]
    return ["interpolate", ["exponential", 2], ["zoom"], *found]


def width(name: str, latitude: float, zoom: int, more: float = 0.0) -> float:
    """Return how many pixels a class of road takes: 90 % of its true width, or the least."""
    per_pixel = 156543.034 * math.cos(math.radians(latitude)) / math.exp2(zoom)
    least = [value for first, value in LEAST[name].items() if first <= zoom][-1]
    edge = more * (0.5 if zoom < 13 else 0.75 if zoom < 15 else 1.0)
    return max(0.9 * METRES[name] / per_pixel, least) + 2 * edge


def barriers(c: Colours) -> list[Json]:
    """Return railways, dark with light dashes, and walls."""
    rail: Expression = ["==", ["get", "kind"], "railway"]
    wall: Expression = ["in", ["get", "kind"], ["literal", ["wall", "fence"]]]
    thick = stops({10: 1.2, 13: 2.2, 15: 3.2, 18: 5})
    thin = stops({10: 0.5, 13: 1.1, 15: 1.8, 18: 3})
    hair = stops({14: 0.6, 15: 0.9, 16: 1.1, 18: 1.6})
    dashes = _line("railway-dash", "ground", "barrier", c["land"], thin, 10)
    dashes["paint"] |= {"line-dasharray": [5, 5]}
    return [
        _line("railway", "ground", "barrier", c["rail"], thick, 0) | {"filter": rail},
        dashes | {"filter": rail},
        _line("wall", "ground", "barrier", c["wall"], hair, 14) | {"filter": wall},
    ]


def buildings(c: Colours) -> list[Json]:
    """Return buildings by the class of their minutes.

    The page sets the state of each: ``c``, the number of its colour, and ``off``, out of a filter.
    """
    fade: Expression = ["case", ["==", ["feature-state", "off"], True], 0.22, 1]
    hatched: Expression = ["case", ["==", ["feature-state", "c"], HATCH], fade, 0]
    fill = _fill("building", "town", "building", _minutes("", "hatch-ground", c), 14)
    fill["paint"] |= {"fill-opacity": fade}
    hatch = _fill("building-hatch", "town", "building", None, 14)
    hatch["paint"] = {"fill-pattern": "hatch", "fill-opacity": hatched}
    hair = stops({14.5: 0, 15: 0.4, 16: 0.6, 18: 1.0})
    line = _line("building-line", "town", "building", _minutes("-line", "hatch", c), hair, 15)
    line["paint"] |= {"line-opacity": fade}
    return [fill, hatch, line]


def _minutes(suffix: str, unconnected: str, c: Colours) -> Expression:
    state: Expression = ["coalesce", ["feature-state", "c"], -1]
    bands = _numbered([band + suffix for band in BANDS], c)
    known: Expression = ["match", state, *bands, HATCH, c[unconnected], c[f"building{suffix}"]]
    return ["case", ["==", ["get", "households"], 0], c[f"other{suffix}"], known]


def _numbered(names: Sequence[str], c: Colours) -> Expression:
    return [part for number, name in enumerate(names) for part in (number, c[name])]


def _by(key: str, kinds: Mapping[str, str], other: str, c: Colours) -> Expression:
    pairs = (part for kind, token in kinds.items() for part in (kind, c[token]))
    return ["match", ["get", key], *pairs, c[other]]


def _fill(id: str, source: str, layer: str, colour: Any, first: float) -> Json:
    of = {"source": source, "source-layer": layer, "minzoom": at(first)}
    return {"id": id, "type": "fill", **of, "paint": {"fill-color": colour}}


def _line(id: str, source: str, layer: str, colour: Any, width: Any, first: float) -> Json:
    of = {"source": source, "source-layer": layer, "minzoom": at(first)}
    return {"id": id, "type": "line", **of, "paint": {"line-color": colour, "line-width": width}}
