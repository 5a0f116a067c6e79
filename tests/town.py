"""A town small enough to reckon by hand, used by many tests.

Two grids side by side, 400 m x 400 m each, in one community; a road along the south, y = 0, one
along the north, y = 380, joined at x = 0, 400 and 800. Coordinates are metres in a local plane.

      north road ------------+--------------
      |   river y 180..220, one bridge x=0  |
      |  compound (walled)   |              |
      south road ------------+--------------
      x = 0                 400            800
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely

from gis.content import Content, table
from gis.crs import LocalPlane
from gis.districts import District

PLANE = LocalPlane(115.45, 35.25)
HOME = District("371799", "小镇", PLANE.lon, PLANE.lat, date(2026, 11, 20), sample=True)
COMMUNITY = "371799001001"


def place(shape: Any) -> Any:
    """Bring metres into degrees on the lattice."""
    return shapely.transform(shape, lambda xy: np.column_stack(PLANE.inverse(*xy.T)))


def line(*points: tuple[float, float]) -> Any:
    return place(shapely.LineString(points))


def box(x0: float, y0: float, x1: float, y1: float) -> Any:
    return place(shapely.Polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))


def way(code: str, *points: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {
        "code": code, "name": code, "highway": "residential", "bridge": False, "tunnel": False,
        "steps": False, "foot": "both", "geometry": line(*points), **more,
    }  # fmt: skip


def building(code: str, x: float, y: float, households: int, **more: Any) -> dict[str, Any]:
    """A house of 10 m x 10 m whose door is in the middle of its south wall."""
    return {
        "code": code, "name": code, "kind": "slab", "floors": 6, "households": households,
        "people": 2 * households, "estimated": False, "compound": None,
        "doors": place(shapely.MultiPoint([(x, y)])),
        "geometry": box(x - 5, y, x + 5, y + 10), **more,
    }  # fmt: skip


def station(code: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "name": f"{code}驿站", "kind": "post", "services": ["s1"],
        "hours": "Mo-Su 08:00-18:00", "capacity": None, "floor_area": None, "state": "open",
        "geometry": place(shapely.Point(x, y)), **more,
    }  # fmt: skip


def area(code: str, level: str, parent: str | None, shape: Any, tiled: bool) -> dict[str, Any]:
    return {
        "code": code, "name": f"{level} {code}", "level": level, "parent": parent, "tiled": tiled,
        "geometry": shapely.MultiPolygon([shape]),
    }  # fmt: skip


def outline(x0: float, x1: float, middle: float | None = None) -> Any:
    """A rectangle from y = -20 to 400, with vertices where others meet it."""
    xs = [x0, *([middle] if middle is not None else []), x1]
    ring = [(x, -20.0) for x in xs] + [(x, 400.0) for x in reversed(xs)]
    return place(shapely.Polygon(ring))


def areas() -> Any:
    whole = outline(-20, 820, 400)
    return table("area", [
        area("371799", "district", None, whole, True),
        area("371799001", "subdistrict", "371799", whole, True),
        area(COMMUNITY, "community", "371799001", whole, True),
        area(f"{COMMUNITY}001", "grid", COMMUNITY, outline(-20, 400), False),
        area(f"{COMMUNITY}002", "grid", COMMUNITY, outline(400, 820), False),
    ])  # fmt: skip


def content(
    ways: Iterable[dict[str, Any]] = (),
    buildings: Iterable[dict[str, Any]] = (),
    stations: Iterable[dict[str, Any]] = (),
) -> Content:
    """The town; what is given comes on top of it.

    Station P stands at (100, -10). House a: door (200, 10), 100 households; house b: door
    (600, 10), 50 households; house c, north of the river: door (600, 370), 40; house d inside the
    walled compound: door (300, 100), 60, whose only gate (350, 20) shuts at 22:00.
    """
    own_ways = [
        way("south", (0, 0), (350, 0), (400, 0), (800, 0)),
        way("north", (0, 380), (400, 380), (800, 380)),
        way("bridge", (0, 0), (0, 170), (0, 230), (0, 380), bridge=True),
        way("path", (350, 0), (350, 20), (350, 100), (250, 100), highway="footway"),
    ]
    compound = [
        {
            "code": "K",
            "name": "华都小区",
            "branch": "华都小区党支部",
            "geometry": box(210, 20, 390, 170),
        }
    ]
    gate = [{
        "code": "G", "name": "南门", "compound": "K", "hours": "Mo-Su 06:00-22:00",
        "passage": "both", "geometry": place(shapely.Point(350, 20)),
    }]  # fmt: skip
    wall = line((210, 20), (390, 20), (390, 170), (210, 170), (210, 20))
    houses = [
        building("a", 200, 10, 100), building("b", 600, 10, 50),
        building("c", 600, 370, 40, estimated=True), building("d", 300, 105, 60, compound="K"),
    ]  # fmt: skip
    return Content(
        area=areas(),
        compound=table("compound", compound),
        building=table("building", [*houses, *buildings]),
        gate=table("gate", gate),
        barrier=table("barrier", [{"code": "W", "kind": "wall", "geometry": wall}]),
        water=table(
            "water",
            [{"code": "R", "name": "小河", "kind": "river", "geometry": box(-100, 180, 900, 220)}],
        ),
        land=table("land", []),
        way=table("way", [*own_ways, *ways]),
        station=table("station", [station("P", 100, -10), *stations]),
    )
