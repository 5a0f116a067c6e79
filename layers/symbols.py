"""Names and signs on the map.

A later layer is set first, and what does not fit is left out: so building names come first here,
then compounds, roads, areas, and stations last. Letters are drawn by the browser's own fonts: the
style names no glyph server.
"""

from collections.abc import Mapping
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


def names(c: Colours) -> list[Json]:
    """Return the names of buildings, compounds, places, roads and water."""
    return [
        _name("building-name", "town", "building", c["map-label"], c["halo"], 17,
              _steps({17: 10, 19: 12}), field=_building()),
        _name("land-name", "ground", "land", c["park-label"], c["halo"], 16, 11.5,
              filter=["all", ["!=", ["get", "name"], ""], ["in", ["get", "kind"], ["literal", ["park", "plaza", "school", "hospital", "government", "commerce", "station_square"]]]]),
        _name("compound-name", "ground", "compound", c["map-label"], c["halo"], 16, 12),
        _along("road-name-side", "way", c["map-label"], c["road"], 16, 11, 4, ["!", _in("highway", CORRIDOR)]),
        _along("road-name", "way", c["map-label"], c["road"], 14, 12, 4.5, _in("highway", CORRIDOR)),
        _water(c),
    ]  # fmt: skip


def signs(c: Colours) -> list[Json]:
    """Return gates, the names of areas and the stations."""
    return [*gates(c), *places(c), *stations(c)]


def gates(c: Colours) -> list[Json]:
    """Return gates: a white ring when open, an ink square when shut; with hours close by.

    The page sets which gates are shut: the filters of ``gate`` and ``gate-shut``.
    """
    common = {"source": "town", "source-layer": "gate", "minzoom": 14}
    ring = {
        "circle-radius": _steps({15: 1.8, 16: 2.5, 17: 3.4, 18: 4.5}),
        "circle-color": c["paper"],
        "circle-stroke-color": c["ink-2"],
        "circle-stroke-width": _steps({15: 1.0, 17: 1.4}),
    }
    shut = {"icon-image": "gate-shut", "icon-size": _steps({15: 0.45, 16: 0.6, 17: 0.8, 18: 1}),
            "icon-allow-overlap": True, "icon-ignore-placement": True}  # fmt: skip
    hours = _name("gate-hours", "town", "gate", c["ink-2"], c["halo"], 17.5, 10.5, field=["get", "hours"],
                  filter=["!", _in("hours", ("24/7", "off"))])  # fmt: skip
    hours["layout"] |= {"text-anchor": "top", "text-offset": [0, 0.6]}
    return [
        hours,
        {"id": "gate", "type": "circle", **common, "paint": ring},
        {"id": "gate-shut", "type": "symbol", **common, "layout": shut, "filter": ["==", ["get", "open"], "{}"]},
    ]  # fmt: skip


def places(c: Colours) -> list[Json]:
    """Return the names of areas, grids below communities below subdistricts."""
    number: Expression = ["get", "number"]
    whole: Expression = ["format", ["get", "name"], {}, "\n", {}, ["get", "note"],
                         {"text-font": ["literal", REGULAR], "font-scale": 0.92}]  # fmt: skip
    field: Expression = ["step", ["zoom"], number, 14, ["get", "name"], 15, whole]
    grid = _place("place-grid", "grid", c["ink"], c["halo"], (13, 24), {13: 10, 15: 12, 17: 13.5})
    grid["layout"] |= {"text-field": field}
    community = _place(
        "place-community", "community", c["ink"], c["halo"], (12, 16), {12: 11, 15: 15}
    )
    community["layout"] |= {"text-letter-spacing": 3 / 14}
    sub = _place(
        "place-subdistrict", "subdistrict", c["ink"], c["halo"], (9, 14.5), {9: 12, 14: 17}
    )
    sub["layout"] |= {"text-letter-spacing": 3 / 14}
    return [grid, community, sub]


def _place(
    id: str,
    level: str,
    colour: str,
    halo: str,
    zooms: tuple[float, float],
    size: Mapping[float, float],
) -> Json:  # noqa: E501
    layer = _name(id, "places", None, colour, halo, zooms[0], _steps(size), field=["get", "name"])
    layer["layout"] |= {"text-font": STRONG, "text-max-width": 20, "text-padding": 4}
    return layer | {"filter": ["==", ["get", "level"], level], "maxzoom": max(0, zooms[1] - 1)}


def stations(c: Colours) -> list[Json]:
    """Return stations: the shape says the kind, the filling the state; ring when chosen."""
    image: Expression = ["step", ["zoom"], ["get", "dot"], 12, ["get", "icon"]]
    size = _steps({12: 0.36, 13: 0.5, 14: 0.66, 15: 0.8, 16: 0.92, 17: 1.0})
    note: Expression = ["format", ["get", "short"], {}, ["get", "note"],
                        {"text-font": ["literal", REGULAR], "font-scale": 0.9, "text-color": c["ink-2"]}]  # fmt: skip
    layout = {
        "icon-image": image, "icon-size": size,
        "icon-allow-overlap": True, "icon-ignore-placement": False,
        "text-field": ["step", ["zoom"], "", 14, ["get", "short"], 15, note],
        "text-font": STRONG, "text-size": _steps({15: 11.5, 17: 13}), "text-anchor": "top",
        "text-offset": [0, 1.05], "text-optional": True, "text-padding": 2, "text-max-width": 12,
        "symbol-sort-key": ["get", "order"],
    }  # fmt: skip
    paint = {"text-color": c["ink"], "text-halo-color": c["halo"], "text-halo-width": 2}
    ring = {
        "circle-radius": _steps({12: 7, 14: 12, 16: 16, 17: 18}), "circle-color": c["chosen"],
        "circle-opacity": 0.14, "circle-stroke-color": c["chosen"], "circle-stroke-width": 2.2,
    }  # fmt: skip
    chosen: Expression = ["==", ["get", "chosen"], True]
    return [
        {"id": "station-ring", "type": "circle", "source": "stations", "minzoom": 11, "filter": chosen, "paint": ring},
        {"id": "station", "type": "symbol", "source": "stations", "minzoom": 11, "layout": layout, "paint": paint},
    ]  # fmt: skip


def _water(c: Colours) -> Json:
    layer = _name("water-name", "ground", "water", c["water-label"], c["water"], 14, _steps({14: 12, 16: 15}),
                  filter=["!=", ["get", "name"], ""])  # fmt: skip
    layer["layout"] |= {"text-letter-spacing": 0.6}
    return layer


def _along(
    id: str,
    layer: str,
    colour: str,
    halo: str,
    first: float,
    size: float,
    apart: float,
    filter: Expression,
) -> Json:  # noqa: E501
    """Return names along lines; Chinese stands upright where the line runs north and south."""
    found = _name(
        id,
        "ground",
        layer,
        colour,
        halo,
        first,
        size,
        filter=["all", ["!=", ["get", "name"], ""], filter],
    )
    found["layout"] |= {
        "symbol-placement": "line", "symbol-spacing": 420, "text-max-angle": 30,
        "text-letter-spacing": apart / size, "text-padding": 12, "text-pitch-alignment": "viewport",
    }  # fmt: skip
    return found


def _name(id: str, source: str, layer: str | None, colour: str, halo: str, first: float, size: Any,
          field: Any = None, filter: Expression | None = None) -> Json:  # fmt: skip
    layout = {"text-field": field or ["get", "name"], "text-font": REGULAR, "text-size": size}
    paint = {"text-color": colour, "text-halo-color": halo, "text-halo-width": 1.6}
    found: Json = {"id": id, "type": "symbol", "source": source, "minzoom": max(0, first - 1)}
    found |= {"layout": layout, "paint": paint}
    found |= {"source-layer": layer} if layer else {}
    return found | ({"filter": filter} if filter else {})


def _building() -> Expression:
    floors: Expression = ["concat", "\n", ["to-string", ["get", "floors"]], "层"]
    return ["format", ["get", "name"], {}, floors, {"font-scale": 0.9}]


def _in(key: str, values: tuple[str, ...]) -> Expression:
    return ["in", ["get", key], ["literal", list(values)]]


def _steps(stops: Mapping[float, float]) -> Expression:
    flat = (part for zoom, value in stops.items() for part in (max(0, zoom - 1), value))
    return ["interpolate", ["linear"], ["zoom"], *flat]
