"""What public places look like, drawn upright: schools, offices, hospitals, markets, parks.

Each function draws on an upright parcel and returns its buildings (shape, kind, floors), its
patches of land or 'lake', and its paths, which may reach beyond the parcel.
"""

from collections.abc import Callable

import numpy as np
import shapely
from shapely import LineString, Polygon, box

from .lines import largest, strings
from .upright import Upright, slab

Drawing = tuple[list[tuple[Polygon, str, int]], list[tuple[Polygon, str]], list[LineString]]


def _school(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw teaching blocks on one side, a running track on the other."""
    width, _height = at.size
    mirrored = draw.random() < 0.5
    side = 0.3 if mirrored else 0.7
    land = _track(at, side, draw)
    reach = 0.36 * width
    floors = int(draw.integers(4, 6))
    shapes: list[tuple[Polygon, str, int]] = []
    y = at.parcel.bounds[3] - 22
    x = at.at(1 - side + (0.05 if mirrored else -0.05), 0)[0]
    while y > at.parcel.bounds[1] + 30 and len(shapes) < 4:
        long = min(reach, 78) * draw.uniform(0.8, 1.0)
        shapes.append((slab((x, y), long, 14), "school", floors))
        y -= draw.uniform(34, 44)
    lines = [LineString([at.at(0.5, -0.2), at.at(0.5, 1.2)])]
    return [s for s in shapes if not any(s[0].intersects(patch) for patch, _ in land)], land, lines


def _track(at: Upright, side: float, draw: np.random.Generator) -> list[tuple[Polygon, str]]:
    """Draw a running track as large as fits: 400 m (95 × 175) down to 200 m."""
    room = at.parcel.buffer(-4)
    for straight, radius in [(84, 46), (74, 40), (62, 34), (52, 29), (40, 24)]:
        for v in (0.5, 0.42, 0.58):
            for turned in (False, True):
                x, y = at.at(side, v)
                axis = (
                    [(x - straight / 2, y), (x + straight / 2, y)]
                    if turned
                    else [(x, y - straight / 2), (x, y + straight / 2)]
                )
                outer = LineString(axis).buffer(radius, quad_segs=8)
                if room.covers(outer):
                    inner = LineString(axis).buffer(radius - 8, quad_segs=8)
                    return [(outer.difference(inner), "track"), (inner, "green")]
    return []


def _government(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw a broad block behind a forecourt, wings to the north."""
    width, height = at.size
    long, floors = min(0.55 * width, 88), int(draw.integers(5, 12))
    x, y = at.at(0.5, 0.56)
    shapes = [(slab((x, y), long, 20), "government", floors)]
    for side in (-1, 1):
        wing = slab((x + side * (long / 2 - 9), y + 12 + 0.16 * height), 16, 0.26 * height)
        shapes.append((wing, "government", 4))
    if draw.random() < 0.6:
        shapes.append((slab(at.at(0.5, 0.88), long * 0.8, 14), "government", 5))
    court = slab(at.at(0.5, 0.26), 0.42 * width, 0.26 * height)
    return shapes, [(court, "green")], [LineString([at.at(0.5, -0.2), (x, y - 14)])]


def _hospital(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw an outpatient hall in the south, ward slabs behind it, one of them tall."""
    width, _height = at.size
    shapes = [(slab(at.at(0.5, 0.24), min(0.6 * width, 90), 30), "hospital", 4)]
    y = at.at(0.5, 0.24)[1] + 52
    tall = int(draw.integers(9, 17))
    while y < at.parcel.bounds[3] - 20 and len(shapes) < 6:
        long = min(0.62 * width, 84) * draw.uniform(0.75, 1.0)
        x = at.at(0.5 + draw.uniform(-0.08, 0.08), 0)[0]
        shapes.append((slab((x, y), long, 17), "hospital", tall))
        tall, y = int(draw.integers(4, 8)), y + draw.uniform(42, 56)
    return shapes, [], [LineString([at.at(0.13, -0.2), at.at(0.13, 1.2)])]


def _market(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw shop buildings round a yard, or rows of market halls."""
    width, height = at.size
    if draw.random() < 0.5 or at.parcel.area > 1.6e4:
        return _halls(at, draw, (min(width * 0.8, 90), 24), 14, "shop", (2, 4))
    west, south, east, north = at.parcel.buffer(-8).bounds
    ring = box(west, south, east, north)
    deep = min(20.0, 0.3 * min(width, height))
    opening = slab((at.at(0.5, 0)[0], south), 26, 2 * deep + 10)
    body = ring.difference(ring.buffer(-deep, join_style="mitre")).difference(opening)
    body = largest(body.intersection(at.parcel.buffer(-6)))
    return (
        [(body, "shop", int(draw.integers(3, 6)))],
        [],
        [LineString([at.at(0.5, -0.3), at.at(0.5, 0.5)])],
    )


def _mall(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw a broad mall on a forecourt, with a tower beside it."""
    width, height = at.size
    hall = (
        slab(at.at(0.44, 0.56), min(0.6 * width, 150), min(0.5 * height, 90))
        .buffer(-9)
        .buffer(9, quad_segs=3)
    )
    tower = slab(at.at(0.86, 0.66), 28, 28)
    shapes = [(hall, "shop", 5)]
    if not tower.buffer(8).intersects(hall):
        shapes.append((tower, "other", int(draw.integers(16, 26))))
    return (
        shapes,
        [],
        [
            LineString([at.at(-0.2, 0.14), at.at(1.2, 0.14)]),
            LineString([at.at(0.5, -0.3), at.at(0.5, 0.14)]),
        ],
    )


def _factory(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw halls in rows with roads between, an office and a dormitory by the gate."""
    return _halls(at, draw, (draw.uniform(60, 110), draw.uniform(28, 44)), 14, "factory", (1, 3))


def _halls(
    at: Upright,
    draw: np.random.Generator,
    size: tuple[float, float],
    between: float,
    kind: str,
    floors: tuple[int, int],
) -> Drawing:
    west, south, east, north = at.parcel.buffer(-9).bounds
    columns = max(1, round((east - west + between) / (size[0] + between)))
    rows = max(1, round((north - south + between) / (size[1] + between)))
    width, height = (east - west + between) / columns, (north - south + between) / rows
    shapes, inside = [], at.parcel.buffer(-9)
    for i in range(columns):
        for j in range(rows):
            shape = slab(
                (west + (i + 0.5) * width - between / 2, south + (j + 0.5) * height - between / 2),
                width - between,
                height - between,
            )
            shape = _trimmed(shape, inside)
            if draw.random() < 0.85 and shape is not None:
                house = kind == "factory" and j == rows - 1 and i == 0
                shapes.append(
                    (_bar(shape), "dormitory", 5)
                    if house
                    else (shape, kind, int(draw.integers(*floors)))
                )
    lines = [LineString([at.at(-0.2, 0), at.at(1.2, 0)])] if rows < 2 else []
    for j in range(1, rows, 2):
        y = south + j * height - between / 2
        lines.append(LineString([(west - 60, y), (east + 60, y)]))
    return shapes, [], lines


def _bar(shape: Polygon) -> Polygon:
    """Return a slab 15 deep within a shape's bounds."""
    west, _south, east, north = shape.bounds
    return box(west, north - 15, west + min(east - west, 60), north)


def _trimmed(shape: Polygon, inside: Polygon) -> Polygon | None:
    """Return a hall cut to the land it may stand on, if most of it is left and it is plain."""
    if inside.covers(shape):
        return shape
    cut = largest(shape.intersection(inside))
    is_plain = not cut.is_empty and cut.area > 0.5 * shape.area
    return (
        cut if is_plain and cut.area > 0.75 * shapely.minimum_rotated_rectangle(cut).area else None
    )


def _park(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw a path round the edge, a winding one within, a pond, and a few entrances."""
    outer = largest(at.parcel.buffer(-14).simplify(1))
    lines = [LineString(outer.exterior)] if outer.area > 1500 else []
    centre = at.parcel.centroid.coords[0]
    for angle in draw.uniform(0, 0.6) + np.arange(4) * np.pi / 2:
        end = (centre[0] + 900 * np.cos(angle), centre[1] + 900 * np.sin(angle))
        lines.append(LineString([centre, end]).intersection(at.block))
    land: list[tuple[Polygon, str]] = []
    room = largest(at.parcel.buffer(-38))
    if room.area > 2500:
        land.append((_pond(room, draw), "lake"))
        lines = [part for line in lines for part in strings(line.difference(land[0][0].buffer(6)))]
        lines.append(LineString(land[0][0].buffer(6).simplify(0.5).exterior))
    return [], land, [part for line in lines for part in strings(line)]


def _pond(room: Polygon, draw: np.random.Generator) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    swell = (
        1
        + 0.28 * np.sin(2 * angle + draw.uniform(0, 6))
        + 0.14 * np.sin(3 * angle + draw.uniform(0, 6))
    )
    x, y = room.centroid.coords[0]
    west, south, east, north = room.bounds
    a, b = 0.42 * (east - west), 0.42 * (north - south)
    shape = Polygon(np.column_stack([x + a * swell * np.cos(angle), y + b * swell * np.sin(angle)]))
    return (
        largest(shape.intersection(room).buffer(-5).buffer(5, quad_segs=4))
        if shape.is_valid
        else room
    )


def _plaza(at: Upright, draw: np.random.Generator) -> Drawing:
    """Draw a paved square crossed by two paths, with beds of green."""
    lines = [
        LineString([at.at(-0.3, 0.5), at.at(1.3, 0.5)]),
        LineString([at.at(0.5, -0.3), at.at(0.5, 1.3)]),
    ]
    lines = [part for line in lines for part in strings(line.intersection(at.block))[:1]]
    width, height = at.size
    beds = [
        (
            slab(at.at(u, v), 0.3 * width, 0.28 * height)
            .buffer(-4)
            .buffer(4)
            .intersection(at.parcel.buffer(-8)),
            "green",
        )
        for u in (0.27, 0.73)
        for v in (0.27, 0.73)
    ]
    return [], [(largest(bed), kind) for bed, kind in beds if bed.area > 100], lines


DRAW: dict[str, Callable[[Upright, np.random.Generator], Drawing]] = {
    "school": _school,
    "government": _government,
    "hospital": _hospital,
    "commerce": _market,
    "mall": _mall,
    "factory": _factory,
    "park": _park,
    "plaza": _plaza,
    "station_square": _plaza,
}
