"""Public places: schools, hospitals, offices, markets, malls, factories, parks, squares."""

import numpy as np
from shapely import LineString, Point, Polygon

from .draws import stream
from .gates import links, open_gates, with_points
from .lines import largest, rounded, strings
from .parts import Building, Parts, Path, Site, Wall
from .upright import Upright, upright
from .yards import DRAW

LAND = {"mall": "commerce"}
HOURS = {
    "school": "Mo-Fr 06:30-21:00",
    "government": "Mo-Fr 08:00-18:30",
    "hospital": "24/7",
    "factory": "24/7",
}


def place(site: Site, seed: int) -> Parts:
    """Fill a site with the public place of its use; walled ones get a ring path and gates."""
    draw = stream(seed, "place", *site.place)
    turned = upright(site)
    drawing = DRAW[site.use](turned, draw) if site.use in DRAW else ([], [], [])
    shapes, land, lines = drawing
    inside = turned.parcel.buffer(-5)
    buildings = [
        Building(turned.back(shape), kind, floors, doors=(_door(turned, shape),))
        for k, (shape, kind, floors) in enumerate(shapes)
        if shape.area > 60
        and inside.covers(shape)
        and not any(shape.distance(other) < 4 for other, *_ in shapes[:k])
    ]
    patches = [(site.parcel, LAND.get(site.use, site.use))]
    patches += [(turned.back(s), kind) for s, kind in land if kind != "lake"]
    lakes = tuple(turned.back(s) for s, kind in land if kind == "lake")
    paths = [
        turned.back(part) for line in lines for part in strings(line.intersection(turned.block))
    ]
    if site.use in HOURS:
        return _walled(site, turned, buildings, patches, paths, draw)
    return Parts(
        site,
        buildings=tuple(buildings),
        paths=tuple(Path(line, "footway") for line in paths),
        land=tuple(patches),
        water=lakes,
    )


def _door(turned: Upright, shape: Polygon) -> tuple[float, float]:
    """Return the middle of the south front of a building."""
    west, south, east, _ = shape.bounds
    cut = strings(
        shape.intersection(
            LineString([((west + east) / 2, south - 1), ((west + east) / 2, south + 1e3)])
        )
    )
    point = Point(min(cut[0].coords, key=lambda c: c[1])) if cut else shape.representative_point()
    x, y = turned.back(point).coords[0]
    return x, y


def _walled(
    site: Site,
    turned: Upright,
    buildings: list[Building],
    land: list[tuple[Polygon, str]],
    lines: list[LineString],
    draw: np.random.Generator,
) -> Parts:
    wall = rounded(site.parcel)
    inner = rounded(largest(wall.buffer(-3.0, join_style="mitre").simplify(0.3)))
    west, south, east, north = wall.bounds
    x, y = wall.centroid.coords[0]
    across = [
        LineString([(x, south - 60), (x, north + 60)]),
        LineString([(west - 60, y), (east + 60, y)]),
    ]
    gates = open_gates(site, wall, inner, links(site, wall, inner, across), draw)
    hours = HOURS[site.use]
    gates = [type(g)(g.point, g.link, hours if g.hours != "off" else "off") for g in gates[:2]]
    lines = [part for line in lines for part in strings(line.intersection(inner))]
    return Parts(
        site,
        buildings=tuple(buildings),
        paths=tuple(
            Path(rounded(line), "service") for line in [LineString(inner.exterior), *lines]
        ),
        gates=tuple(gates),
        walls=(Wall(with_points(wall, [g.point for g in gates]).exterior, "fence"),),
        land=tuple(land),
    )
