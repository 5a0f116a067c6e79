"""Shops: a strip of low buildings between a compound's wall and the street."""

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from .draws import stream
from .lines import Array, rounded
from .mesh import HALF
from .parts import Building, Parts

NEAR = HALF["second"] + 0.6  # of the front from the street's centreline


def shops(parts: Parts, seed: int) -> list[Building]:
    """Build shops along the street, clear of gates, of each other and of all units' borders."""
    site = parts.site
    if site.shops.is_empty:
        return []
    draw = stream(seed, "shops", *site.place)
    links = shapely.union_all([gate.link for gate in parts.gates]).buffer(4.0)
    cuts = shapely.union_all([cut.line for cut in parts.cuts]).buffer(2.5)
    lanes = shapely.union_all([path.line for path in parts.paths]).buffer(2.2)
    free = site.shops.buffer(0.3).difference(shapely.union_all([links, cuts, lanes]))
    free = free.intersection(site.block.buffer(-6))
    built: list[Building] = []
    for line in shapely.get_parts(site.street):
        for side in (1, -1):
            built += _row(line, side, free, built, draw)
    return built


def _row(
    line: LineString, side: int, free: Polygon, built: list[Building], draw: np.random.Generator
) -> list[Building]:
    found: list[Building] = []
    start = draw.uniform(0, 8)
    while start < line.length - 8:
        width, depth = draw.uniform(9, 24), draw.uniform(8, 10.5)
        shape = _box(line, start, start + width, side * NEAR, side * (NEAR + depth))
        floors = 1 + int(draw.random() < 0.55)
        if free.covers(shape) and not any(
            shape.intersects(b.shape) for b in built[-40:] + found[-2:]
        ):
            front = np.array(shape.exterior.coords)[:2].mean(axis=0)
            door = rounded(Point(front)).coords[0]
            found.append(Building(shape, "shop", floors, doors=(door,)))
            start += 0.1
        start += width if draw.random() < 0.93 else width + draw.uniform(3, 20)
    return found


def _box(line: LineString, low: float, high: float, near: float, far: float) -> Polygon:
    a, b = (np.array(line.interpolate(s).coords[0]) for s in (low, high))
    along: Array = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    left = np.array([-along[1], along[0]])
    shape: Polygon = rounded(
        Polygon([a + near * left, b + near * left, b + far * left, a + far * left])
    )
    return shape
