"""Names and signs on the map.

A later layer is set first, and what does not fit is left out: so building names come first here,
then compounds, roads, areas, and stations last. Letters are drawn by the browser's own fonts: the
style names no glyph server. All zooms are Leaflet's, one more than MapLibre's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.tokens import Colours

Json = dict[str, Any]
Expression = list[Any]

FONTS = (
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
)
REGULAR = ["Yige Regular", *FONTS]  # the first name says the weight; nobody has such a font
STRONG = ["Yige Semibold", *FONTS]

CORRIDOR = ("motorway", "trunk", "primary", "secondary", "tertiary")
OUT: Expression = ["case", ["==", ["get", "out"], True], 0.38, 1]
"""What lies outside the chosen area steps back."""
AROUND = ["center", "bottom", "top", "left", "right", "top-left", "bottom-right"]
"""Where the name of an area may stand round its point, so that a sign does not drive it out."""
FARTHER: list[Any] = [
    *("center", [0, 0], "bottom", [0, -1.2], "top", [0, 1.2], "left", [1.2, 0], "right", [-1.2, 0]),
    *("top-left", [1.6, 1.6], "top-right", [-1.6, 1.6]),
    *("bottom-left", [1.6, -1.6], "bottom-right", [-1.6, -1.6]),
]
"""The same for the names that matter most, with how far off each is [em]."""


def names(c: Colours) -> list[Json]:
    """Return the names of buildings, compounds, parks, roads and water."""
    side: Expression = ["!", _in("highway", CORRIDOR)]
    return [
        building(c),
        _ground_name("compound", c["map-label"], c["halo"], 16, 12),
        land(c),
        _along("road-name-side", c["map-label"], c["road"], 16, 11, side),
        _along("road-name", c["map-label"], c["road"], 14, 12, _in("highway", CORRIDOR)),
        water(c),
    ]


def signs(c: Colours) -> list[Json]:
    """Return hours of gates, the names of areas and the stations."""
    return [dots(c), hours(c), *places(c), *stations(c)]


def building(c: Colours) -> Json:
    """Return the numbers of buildings, and their floors further in."""
    floors: Expression = ["concat", "\n", ["to-string", ["get", "floors"]], "层"]
    whole: Expression = ["format", number(), {}, floors, {"font-scale": 0.88}]
    field: Expression = ["step", ["zoom"], number(), 17, whole]
    layer = _name("building-name", field, REGULAR, stops({17: 9.5, 18: 11, 19: 12}))
    layer["paint"] = _ink(c["map-label"], c["halo"], 1.2)
    return _of(layer, "town", "building", 17)


def number() -> Expression:
    """Return the last part of a building's name, from its first digit: 5号楼 of 利民苑5号楼."""
    name: Expression = ["get", "name"]
    digits: list[Expression] = [["index-of", str(digit), name] for digit in range(10)]
    first: list[Expression] = [["case", ["<", one, 0], 99, one] for one in digits]
    where: Expression = ["var", "first"]
    part: Expression = ["case", ["==", where, 99], name, ["slice", name, where]]
    return ["let", "first", ["min", *first], part]


def _ground_name(kind: str, colour: str, halo: str, first: float, size: float) -> Json:
    """Return names that the page has gathered, each once, into the source ``names``."""
    layer = _name(f"{kind}-name", ["get", "name"], REGULAR, size)
    layer["paint"] = _ink(colour, halo, 1.6)
    return layer | {"source": "names", "filter": _is("layer", kind), "minzoom": at(first)}


def land(c: Colours) -> Json:
    """Return the names of parks, schools, hospitals, villages."""
    layer = _ground_name("land", c["map-label"], c["halo"], 16, 11.5)
    layer["paint"] |= {"text-color": ["case", _is("kind", "park"), c["park-label"], c["map-label"]]}
    return layer


def water(c: Colours) -> Json:
    """Return the names of rivers and lakes, letters far apart."""
    layer = _ground_name("water", c["water-label"], c["water"], 13, 0)
    layer["layout"] |= {"text-size": stops({13: 11, 16: 15}), "text-letter-spacing": 0.6}
    return layer


def _along(id: str, colour: str, halo: str, first: float, size: float, which: Expression) -> Json:
    """Return names along lines; Chinese stands upright where the line runs north and south."""
    layer = _name(id, ["get", "name"], REGULAR, size)
    layer["layout"] |= {
        "symbol-placement": "line",
        "symbol-spacing": 420,
        "text-max-angle": 30,
        "text-letter-spacing": 0.36,
        "text-padding": 12,
    }
    layer["paint"] = _ink(colour, halo, 2)
    layer["filter"] = ["all", ["!=", ["get", "name"], ""], which]
    return _of(layer, "ground", "way", first)


def gates(c: Colours) -> list[Json]:
    """Return gates: a white ring when open, an ink square when shut.

    Which are shut the page says, by the filters of both layers.
    """
    ring = {
        "circle-radius": stops({15: 1.8, 16: 2.5, 17: 3.4, 18: 4.5}),
        "circle-color": c["paper"],
        "circle-stroke-color": c["ink-2"],
        "circle-stroke-width": stops({15: 1.0, 17: 1.4}),
    }
    size = stops({15: 0.42, 16: 0.55, 17: 0.7, 18: 0.9})
    open_, shut = (
        {"id": "gate", "type": "circle", "paint": ring},
        _sign("gate-shut", "gate-shut", size),
    )
    shut["filter"] = _is("open", "{}")
    return [
        _of(open_, "town", "gate", 15),
        _of(shut, "town", "gate", 15),
    ]


def hours(c: Colours) -> Json:
    """Return the hours of gates that have some; the page puts them into words."""
    layer = _name("gate-hours", ["get", "hours"], REGULAR, 10.5)
    layer["layout"] |= {"text-anchor": "top", "text-offset": [0, 0.6]}
    layer["paint"] = _ink(c["ink-2"], c["halo"], 1.6)
    layer["filter"] = ["!", _in("hours", ("24/7", "off"))]
    return _of(layer, "town", "gate", 17.5)


def places(c: Colours) -> list[Json]:
    """Return the names of areas, grids below communities below subdistricts."""
    wide: Json = {"text-letter-spacing": 3 / 14}
    near = {"text-variable-anchor": AROUND, "text-radial-offset": 1.2}
    community = _place("community", c, (13, 16), {13: 10.5, 14: 12, 15: 14, 16: 15})
    subdistrict = _place("subdistrict", c, (9, 15.1), {9: 12, 12: 14, 14: 18})
    weight = {"text-font": _from(15, ["literal", REGULAR], ["literal", STRONG])}
    community["layout"] |= wide | near | weight
    community["paint"] |= {"text-color": _from(15, c["ink-2"], c["ink"])}
    subdistrict["layout"] |= wide | {"text-field": _with_tally()}
    subdistrict["layout"] |= {"text-variable-anchor-offset": FARTHER}
    return [grids(c), community, subdistrict]


def grids(c: Colours) -> Json:
    """Return grids: a quiet number, further in the name, then its households or who serves."""
    light = {"text-font": ["literal", REGULAR], "font-scale": 0.92}
    whole: Expression = ["format", ["get", "name"], {}, "\n", {}, ["get", "note"], light]
    name: Expression = [at(15), ["get", "name"], at(16), whole]
    colour: Expression = ["case", _is("hole", True), c["gap"], _is("chosen", True), c["chosen"]]
    layer = _place("grid", c, (14, 24), {14: 9, 15: 11, 16: 12, 17: 13.5})
    layer["layout"] |= {"text-field": ["step", ["zoom"], ["get", "number"], *name]}
    layer["layout"] |= {"text-font": _from(16, ["literal", REGULAR], ["literal", STRONG])}
    quiet = _from(15, c["ink-3"], [*colour, c["ink-2"]])
    layer["paint"] |= {"text-color": [*quiet, at(16), [*colour, c["ink"]]]}
    return layer


def _with_tally() -> Expression:
    """Return a name; from so far away that stations are not drawn, with how many there are."""
    name, light = ["get", "name"], {"text-font": ["literal", REGULAR], "font-scale": 0.8}
    return ["step", ["zoom"], ["format", name, {}, ["get", "tally"], light], at(11), name]


def _place(level: str, c: Colours, zooms: tuple[float, float], size: Mapping[float, float]) -> Json:
    layer = _name(f"place-{level}", ["get", "name"], STRONG, stops(size))
    layer["layout"] |= {"text-max-width": 20, "text-padding": 4}
    layer["paint"] = _ink(c["ink"], c["halo"], 2) | {"text-opacity": OUT}
    between = {"minzoom": at(zooms[0]), "maxzoom": at(zooms[1])}
    return layer | between | {"source": "places", "filter": _is("level", level)}


def dots(c: Colours) -> Json:
    """Return stations from far away: dots, which leave room to names."""
    size = stops({11: 0.22, 12: 0.3, 13: 0.42, 14: 0.6})
    layer = _sign("station-dot", ["get", "dot"], size)
    layer["paint"] = {"icon-opacity": OUT}
    return layer | {"source": "stations", "minzoom": at(11), "maxzoom": at(14)}


def stations(c: Colours) -> list[Json]:
    """Return stations: the shape says the kind, the filling the state; a ring round the chosen."""
    ring = {
        "circle-radius": stops({11: 7, 14: 11, 16: 15, 17: 18}),
        "circle-color": c["chosen"],
        "circle-opacity": 0.16,
        "circle-stroke-color": c["chosen"],
        "circle-stroke-width": 2.2,
    }
    chosen = {"id": "station-ring", "type": "circle", "source": "stations", "paint": ring}
    sign = _sign("station", ["get", "icon"], stops({14: 0.56, 15: 0.78, 16: 0.9, 17: 1.0}))
    sign["layout"] |= {"icon-ignore-placement": False, "symbol-sort-key": ["get", "order"]}
    sign["layout"] |= _station_name(c)
    sign["paint"] = _ink(c["ink"], c["halo"], 2) | {"text-opacity": OUT, "icon-opacity": OUT}
    return [
        chosen | {"filter": _is("chosen", True), "minzoom": at(11)},
        sign | {"source": "stations", "minzoom": at(14)},
    ]


def _station_name(c: Colours) -> Json:
    light = {"text-font": ["literal", REGULAR], "font-scale": 0.9, "text-color": c["ink-2"]}
    whole: Expression = ["format", ["get", "short"], {}, ["get", "note"], light]
    field: Expression = ["step", ["zoom"], "", at(15), ["get", "short"], at(16), whole]
    return {
        "text-field": field,
        "text-font": STRONG,
        "text-size": stops({15: 11.5, 17: 13}),
        "text-anchor": "top",
        "text-offset": [0, 1.05],
        "text-optional": True,
        "text-padding": 2,
        "text-max-width": 12,
    }


def at(zoom: float) -> float:
    """Return MapLibre's zoom of a Leaflet zoom."""
    return max(0, zoom - 1)


def stops(values: Mapping[float, float]) -> Expression:
    """Return a value that runs straight from zoom to zoom."""
    flat = (part for zoom, value in values.items() for part in (at(zoom), value))
    return ["interpolate", ["linear"], ["zoom"], *flat]


def _from(zoom: float, before: Any, after: Any) -> Expression:
    return ["step", ["zoom"], before, at(zoom), after]


def _name(id: str, field: Any, font: Sequence[str], size: Any) -> Json:
    layout = {"text-field": field, "text-font": list(font), "text-size": size}
    return {"id": id, "type": "symbol", "layout": layout}


def _sign(id: str, image: Any, size: Expression) -> Json:
    layout = {"icon-image": image, "icon-size": size}
    always = {"icon-allow-overlap": True, "icon-ignore-placement": True}
    return {"id": id, "type": "symbol", "layout": layout | always}


def _ink(colour: str, halo: str, width: float) -> Json:
    return {"text-color": colour, "text-halo-color": halo, "text-halo-width": width}


def _of(layer: Json, source: str, source_layer: str, first: float) -> Json:
    return layer | {"source": source, "source-layer": source_layer, "minzoom": at(first)}


def _is(key: str, value: Any) -> Expression:
    return ["==", ["get", key], value]


def _in(key: str, values: Sequence[str]) -> Expression:
    return ["in", ["get", key], ["literal", list(values)]]
