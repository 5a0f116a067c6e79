"""The MapLibre style of the map: what lies over what, how wide, from which zoom on.

All zooms here are Leaflet's, as in the table of the interface; MapLibre, whose tiles are 512
pixels wide, counts one less. Widths of roads are true on the ground once that is more than a
hair. Layers stand in the order they are painted; names are in `symbols`, whose last layer is set
first. The page adds to the sources ``areas``, ``edges``, ``veil``, ``places``, ``path`` and
``stations`` what it knows.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from layers import symbols
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
LEAST = {
    "main": {10: 0.8, 11: 1.0, 12: 1.5, 13: 2.2, 14: 3.5},
    "second": {10: 0.5, 11: 0.7, 12: 1.1, 13: 1.7, 14: 2.4},
    "side": {13: 1.0, 14: 1.6, 15: 2.4},
    "lane": {15: 1.2, 16: 1.9},
    "path": {15: 0.9, 16: 1.4},
}
"""Pixels below which a road is not drawn, by zoom."""

GROUND_KINDS = {
    "park": "park", "field": "field", "village": "old", "old_quarter": "old", "water": "water",
    "school": "block", "hospital": "block", "government": "block", "commerce": "block",
    "factory": "block", "plaza": "path", "station_square": "path", "railway_yard": "block",
}  # fmt: skip
SCRAPS = {"green": "park", "track": "track"}
"""What lies inside compounds and schools, and is painted over them."""

BANDS = ("m1", "m2", "m3", "m4", "m5")
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
    return {
        "version": 8,
        "name": f"yige-{theme}",
        "sources": sources(district),
        "layers": [
            *ground(c), *roads(c, latitude), *barriers(c), *buildings(c),
            *areas(c), *paths(c), *symbols.names(c), *symbols.signs(c),
        ],
        "transition": {"duration": 0, "delay": 0},
    }  # fmt: skip


def sources(district: str) -> Json:
    """Return the tiles of a district, and the sources that the page fills."""
    tiles = {
        name: {
            "type": "vector",
            "tiles": [f"/tiles/{district}/{name}/{{z}}/{{x}}/{{y}}.pbf"],
            "minzoom": 0,
            "maxzoom": 16,
        }
        for name in ("ground", "town")
    }
    own = {name: {"type": "geojson", "data": EMPTY} for name in ("edges", "veil", "path")}
    named = {
        name: {"type": "geojson", "data": EMPTY, "promoteId": "id"}
        for name in ("areas", "places", "stations")
    }
    return tiles | own | named


def ground(c: Colours) -> list[Json]:
    """Return land, the share served of areas, compounds, greens and water."""
    return [
        {"id": "land", "type": "background", "paint": {"background-color": c["land"]}},
        _fill("land-use", "ground", "land", _by("kind", GROUND_KINDS, "land", c), 11),
        _share(c),
        _fill("compound", "ground", "compound", c["compound"], 13),
        {
            **_fill("scraps", "ground", "land", _by("kind", SCRAPS, "land", c), 14),
            "filter": ["in", ["get", "kind"], ["literal", list(SCRAPS)]],
        },
        _fill("water", "ground", "water", c["water"], 0),
        _line("shore", "ground", "water", c["shore"], _zooms({10: 0.4, 13: 0.8, 15: 1.0}), 10),
    ]


def _share(c: Colours) -> Json:
    """Below the zoom of buildings, areas take the class of their share served."""
    share = ["coalesce", ["feature-state", "s"], -1]
    paint = {
        "fill-color": ["match", share, *_numbered(BANDS, c), c["land"]],
        "fill-opacity": ["case", ["==", share, -1], 0, 0.72],
        "fill-antialias": False,
    }
    layer = {"id": "area-share", "type": "fill", "source": "areas", "paint": paint}
    return layer | {"filter": ["==", ["get", "shown"], True], "maxzoom": at(14)}


def roads(c: Colours, latitude: float) -> list[Json]:
    """Return roads and paths: all casings, then the fills, narrow below wide; then bridges."""
    plain: Expression = ["!", ["to-boolean", ["get", "bridge"]]]
    bridge: Expression = ["to-boolean", ["get", "bridge"]]
    inner = widths(latitude, 0.0)
    casing = _road("road-casing", c["casing"], widths(latitude, 1.0), plain)
    edge = _road("bridge-edge", c["bridge"], widths(latitude, 2.0), bridge)
    edge["layout"] = {**edge["layout"], "line-cap": "butt"}
    return [
        casing | {"filter": ["all", plain, ["!=", _class(), "path"]]},
        _road("road", _road_colour(c), inner, plain),
        edge,
        _road("bridge", _road_colour(c), inner, bridge),
    ]


def _road(id: str, colour: Any, width: Expression, filter: Expression) -> Json:
    order: Expression = ["match", _class(), "main", 5, "second", 4, "side", 3, "lane", 2, 1]
    layout = {"line-cap": "round", "line-join": "round", "line-sort-key": order}
    layer = _line(id, "ground", "way", colour, width, 8)
    return layer | {"layout": layout, "filter": filter}


def _road_colour(c: Colours) -> Expression:
    return ["match", _class(), "path", c["path"], "lane", c["lane"], c["road"]]


def _class() -> Expression:
    pairs = (part for name, values in ROADS.items() for part in (list(values), name))
    return ["match", ["get", "highway"], *pairs, "path"]


def widths(latitude: float, more: float) -> Expression:
    """Return the width of a way by zoom and class [px], wider by ``more`` on each side."""
    stops: Expression = []
    for zoom in range(9, 21):
        by_class: Expression = ["match", _class()]
        for name in (*ROADS, "path"):
            wide = max(true_width(METRES[name], latitude, zoom), _least(name, zoom))
            by_class += [name, round(wide + 2 * _edge(more, zoom), 2)]
        path = by_class.pop()
        stops += [at(zoom), [*by_class[:-1], path]]
    return ["interpolate", ["exponential", 2], ["zoom"], *stops]


def _edge(more: float, zoom: int) -> float:
    return more * (0.5 if zoom < 13 else 0.75 if zoom < 15 else 1.0)


def _least(name: str, zoom: int) -> float:
    least = LEAST[name]
    known = [least[each] for each in sorted(least) if each <= zoom]
    return known[-1] if known else next(iter(least.values())) / 2


def true_width(metres: float, latitude: float, zoom: float) -> float:
    """Return how many pixels a road of so many metres takes, drawn at 90 % of its width."""
    per_pixel = 156543.034 * math.cos(math.radians(latitude)) / 2**zoom
    return 0.9 * metres / per_pixel


def barriers(c: Colours) -> list[Json]:
    """Return railways, dark with light dashes, and walls."""
    rail: Expression = ["==", ["get", "kind"], "railway"]
    wall: Expression = ["in", ["get", "kind"], ["literal", ["wall", "fence"]]]
    thick, thin = (
        _zooms({10: 1.2, 13: 2.2, 15: 3.2, 18: 5}),
        _zooms({10: 0.5, 13: 1.1, 15: 1.8, 18: 3}),
    )
    dashes = _line("railway-dash", "ground", "barrier", c["land"], thin, 10)
    dashes["paint"]["line-dasharray"] = [5, 5]
    return [
        _line("railway", "ground", "barrier", c["rail"], thick, 0) | {"filter": rail},
        dashes | {"filter": rail},
        _line("wall", "ground", "barrier", c["wall"], _zooms({14: 0.6, 15: 0.9, 16: 1.1, 18: 1.6}), 14)
        | {"filter": wall},
    ]  # fmt: skip


def buildings(c: Colours) -> list[Json]:
    """Return buildings by the class of their minutes (feature state ``c``), and the veil."""
    lines = [f"{name}-line" for name in BANDS]
    fade: Expression = ["case", ["==", ["feature-state", "off"], True], 0.22, 1]
    hatched: Expression = ["case", ["==", ["feature-state", "c"], 5], fade, 0]
    fill = _fill("building", "town", "building", _minutes(BANDS, "building", "other", c), 14)
    fill["paint"] |= {"fill-opacity": fade}
    hatch = {"fill-pattern": "hatch", "fill-opacity": hatched}
    edge = _minutes(lines, "building-line", "other-line", c)
    width = _zooms({14.5: 0, 15: 0.4, 16: 0.6, 18: 1.0})
    outline = _line("building-line", "town", "building", edge, width, 15)
    outline["paint"] |= {"line-opacity": fade}
    veil = {"fill-color": c["land"], "fill-opacity": 0.5, "fill-antialias": False}
    return [
        fill,
        {**_fill("building-hatch", "town", "building", "", 14), "paint": hatch},
        outline,
        {"id": "veil", "type": "fill", "source": "veil", "paint": veil},
    ]


def _minutes(names: Sequence[str], unknown: str, empty: str, c: Colours) -> Expression:
    state: Expression = ["coalesce", ["feature-state", "c"], -1]
    by_class: Expression = ["match", state, *_numbered(names, c), 5, c["hatch-ground"], c[unknown]]
    if names[0].endswith("line"):
        by_class[-2] = c["hatch"]
    return ["case", ["==", ["get", "households"], 0], c[empty], by_class]


def areas(c: Colours) -> list[Json]:
    """Return tints and outlines of areas: holes, the one under the hand, the chosen one."""
    hole: Expression = ["==", ["feature-state", "hole"], True]
    tint: Expression = ["case", hole, c["gap"], c["chosen"]]
    hover: Expression = ["==", ["feature-state", "hover"], True]
    strength: Expression = ["case", hole, 0.16, hover, 0.05, 0]
    inside = {"line-color": c["gap"], "line-width": 1.8, "line-dasharray": [6 / 1.8, 4 / 1.8],
              "line-offset": 4, "line-opacity": ["case", hole, 1, 0]}  # fmt: skip
    under = {"line-color": c["chosen"], "line-width": 1.5, "line-opacity": ["case", hover, 1, 0]}
    shown: Expression = ["==", ["get", "shown"], True]
    return [
        {"id": "area", "type": "fill", "source": "areas", "filter": shown,
         "paint": {"fill-color": tint, "fill-opacity": strength}},
        {"id": "area-hole", "type": "line", "source": "areas", "filter": shown, "paint": inside},
        *edges(c),
        {"id": "area-hover", "type": "line", "source": "areas", "filter": shown, "paint": under},
        *_chosen(c),
    ]  # fmt: skip


def edges(c: Colours) -> list[Json]:
    """Return the outlines: each stretch is there once, under the highest level it bounds."""
    grid = {10: 0.5, 13: 0.7, 15: 0.9}
    community = {10: 0.7, 13: 1.3, 15: 2.0}
    band = _edge_line("district", c["ink"], {10: 4, 13: 6}, 0.12)
    band["paint"] |= {"line-offset": _zooms({10: 2, 13: 3})}
    dash = _edge_line("community", c["ink"], community, 0.75)
    dash["paint"] |= {"line-dasharray": [4.5, 1.5, 1, 1.5]}
    return [
        band | {"id": "edge-band"},
        _edge_line("grid", c["ink"], grid, 0.28) | {"minzoom": at(12)},
        dash,
        _edge_line("subdistrict", c["ink"], {10: 1.0, 13: 1.6, 15: 2.2}, 0.75),
        _edge_line("district", c["ink"], {10: 1.4, 13: 2.2, 15: 3.0}, 0.75),
    ]


def _edge_line(level: str, colour: str, width: Mapping[float, float], opacity: float) -> Json:
    paint = {"line-color": colour, "line-width": _zooms(width), "line-opacity": opacity}
    return {
        "id": f"edge-{level}", "type": "line", "source": "edges", "paint": paint,
        "layout": {"line-join": "round"}, "filter": ["==", ["get", "level"], level],
    }  # fmt: skip


def _chosen(c: Colours) -> list[Json]:
    chosen: Expression = ["==", ["get", "kind"], "chosen"]
    veil = {"type": "line", "source": "veil", "filter": chosen, "layout": {"line-join": "round"}}
    building: Expression = ["==", ["feature-state", "chosen"], True]
    ring = _line("building-chosen", "town", "building", c["chosen"], 2.6, 14)
    ring["paint"] |= {"line-opacity": ["case", building, 1, 0]}
    tint = {"fill-color": c["chosen"], "fill-opacity": ["case", building, 0.35, 0]}
    return [
        {**veil, "id": "chosen-under", "paint": {"line-color": c["paper"], "line-width": 6.5}},
        {**veil, "id": "chosen", "paint": {"line-color": c["chosen"], "line-width": 3.2}},
        {**_fill("building-tint", "town", "building", "", 14), "paint": tint},
        ring,
    ]


def paths(c: Colours) -> list[Json]:
    """Return the walked path, ink dots on white, the straight line, and both ends."""

    def line(id: str, kind: str, paint: Json) -> Json:
        layout = {"line-cap": "round", "line-join": "round"}
        return {"id": id, "type": "line", "source": "path", "layout": layout, "paint": paint,
                "filter": ["==", ["get", "kind"], kind]}  # fmt: skip

    dots = {"line-color": c["ink"], "line-width": 2.4, "line-dasharray": [0, 1.95]}
    straight = {"line-color": c["ink-3"], "line-width": 1.4, "line-dasharray": [3, 3]}
    end = {
        "circle-radius": 4.5,
        "circle-color": c["paper"],
        "circle-stroke-color": c["ink"],
        "circle-stroke-width": 2,
    }
    return [
        line("path-straight", "straight", straight),
        line("path-under", "walk", {"line-color": c["paper"], "line-width": 6}),
        line("path", "walk", dots),
        {"id": "path-end", "type": "circle", "source": "path", "paint": end,
         "filter": ["==", ["get", "kind"], "from"]},
    ]  # fmt: skip


def at(zoom: float) -> float:
    """Return MapLibre's zoom of a Leaflet zoom."""
    return max(0, zoom - 1)


def _zooms(stops: Mapping[float, float]) -> Expression:
    flat = (part for zoom, value in stops.items() for part in (at(zoom), value))
    return ["interpolate", ["linear"], ["zoom"], *flat]


def _numbered(names: Sequence[str], c: Colours) -> Expression:
    return [part for number, name in enumerate(names) for part in (number, c[name])]


def _by(key: str, kinds: Mapping[str, str], other: str, c: Colours) -> Expression:
    pairs = (part for kind, token in kinds.items() for part in (kind, c[token]))
    return ["match", ["get", key], *pairs, c[other]]


def _fill(id: str, source: str, layer: str, colour: Any, first: float) -> Json:
    paint = {"fill-color": colour}
    return {"id": id, "type": "fill", "source": source, "source-layer": layer,
            "minzoom": at(first), "paint": paint}  # fmt: skip


def _line(id: str, source: str, layer: str, colour: Any, width: Any, first: float) -> Json:
    paint = {"line-color": colour, "line-width": width}
    return {"id": id, "type": "line", "source": source, "source-layer": layer,
            "minzoom": at(first), "paint": paint}  # fmt: skip
