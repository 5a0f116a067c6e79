"""Walled compounds: slabs, inner paths, gates, and the lines that part their units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, union_all

from .draws import stream
from .gates import links, open_gates, with_points
from .lines import largest, rounded, split, strings
from .parts import Building, Cut, Parts, Path, Site, Wall
from .slabs import Layout, Row, lay_out

UNIT = 130.0  # households of a unit beyond which a compound is split
MOST = 155.0  # households of a unit at most, by size
GREEN = 3.0e4  # a compound this large has a green in the middle [m²]
KINDERGARTEN = 4.5e4
DOORWAY = 7.0  # from a row's north front to its path


def compound(site: Site, sun: float, seed: int) -> Parts:
    """Fill a site with a compound of its era; too small for two slabs, it comes back empty."""
    draw = stream(seed, "compound", *site.place)
    wall = rounded(site.parcel)
    layout, land = _with_green(wall, site.use, lay_out(wall, site.use, sun, draw), draw)
    if len(layout.slabs) < 1:
        return Parts(site)
    inner = rounded(largest(wall.buffer(-4.0, join_style="mitre").simplify(0.3)))
    spines = _spines(site.block, wall, inner, layout)
    gates = open_gates(site, wall, inner, _links(site, wall, inner, layout, spines), draw)
    ring = with_points(wall, [gate.point for gate in gates])
    return Parts(
        site,
        buildings=_numbered(layout),
        paths=tuple(Path(line, "service") for line in _paths(inner, layout, spines)),
        cuts=tuple(_cuts(site.block, layout, spines)),
        gates=tuple(gates),
        walls=(Wall(ring.exterior),),
        land=land,
        walled=ring,
    )


def _with_green(
    wall: Polygon, era: str, layout: Layout, draw: np.random.Generator
) -> tuple[Layout, tuple[tuple[Polygon, str], ...]]:
    """Leave out the slab in the middle of a large, newer compound for a green or a kindergarten."""
    if era == "90s" or wall.area < GREEN or len(layout.slabs) < 9:
        return layout, ()
    order = sorted(layout.slabs, key=lambda s: round(s.shape.distance(wall.centroid), 3))
    taken: dict[Building, Building | None] = {order[0]: None}
    west, south, east, north = order[0].shape.bounds
    land = [(rounded(shapely.box(west, south - 9, east, north)), "green")]
    if wall.area > KINDERGARTEN and draw.random() < 0.7:
        taken[order[-1]] = _kindergarten(order[-1])
    rows = [replace(row, slabs=tuple(_kept(row.slabs, taken))) for row in layout.rows]
    return replace(layout, rows=tuple(row for row in rows if row.slabs)), tuple(land)


def _kept(slabs: Sequence[Building], taken: dict[Building, Building | None]) -> Iterator[Building]:
    for slab in slabs:
        instead = taken.get(slab, slab)
        if instead is not None:
            yield instead


def _kindergarten(slab: Building) -> Building:
    """Return a kindergarten on the place of a slab, its door in the north front."""
    west, _, east, north = slab.shape.bounds
    width, depth = min(east - west, 34.0), 12.0
    shape = rounded(shapely.box(west, north - depth, west + width, north))
    door = (round(west + width / 2, 3), north)
    return Building(shape, "kindergarten", 3, doors=(door,), label="幼儿园")


def _numbered(layout: Layout) -> tuple[Building, ...]:
    """Give the slabs their numbers: row by row from the north, each from the west."""
    homes = [slab for slab in layout.slabs if slab.kind != "kindergarten"]
    slabs = sorted(homes, key=lambda s: (-round(s.shape.bounds[3] / 12), s.shape.bounds[0]))
    others = [slab for slab in layout.slabs if slab.kind == "kindergarten"]
    return (*(replace(slab, label=f"{k}号楼") for k, slab in enumerate(slabs, 1)), *others)


@dataclass(frozen=True, slots=True)
class Spine:
    """A north-south path: road, wall, inner ring in the south, then ring, wall, road in the north.

    The path within the ring, the links through gates and the border of units share these points,
    so they are one line to the millimetre.
    """

    points: tuple[tuple[float, float], ...]

    @property
    def border(self) -> LineString:
        """From road to road."""
        return LineString(dict.fromkeys(self.points))

    @property
    def path(self) -> LineString:
        """From ring to ring."""
        return LineString(self.points[2:4])

    @property
    def links(self) -> list[LineString]:
        """From the ring through the wall to the road, at either end; not where they coincide."""
        ends = [self.points[2::-1], self.points[3:]]
        return [LineString(end) for end in ends if len(dict.fromkeys(end)) == 3]


def _spines(block: Polygon, wall: Polygon, inner: Polygon, layout: Layout) -> list[Spine]:
    """Find where the spines meet block, wall and inner ring."""
    found = []
    for spine in layout.spines:
        pieces = [strings(shape.intersection(spine))[:1] for shape in (block, wall, inner)]
        points = [rounded(Point(line.coords[end])) for end in (0, -1) for p in pieces for line in p]
        if len(points) == 6:
            found.append(Spine(tuple(sorted((p.coords[0] for p in points), key=lambda c: c[1]))))
    return found


def _paths(inner: Polygon, layout: Layout, spines: list[Spine]) -> list[LineString]:
    """Draw a ring within the wall, the spines, and a path north of each row."""
    within = [spine.path for spine in spines]
    lines = [LineString(inner.exterior), *within]
    columns = split(inner, within) if within else [inner]
    slabs = _around(layout.slabs, 1.5)
    for row in layout.rows:
        lines += _row_path(columns, row, slabs)
    return [rounded(line) for line in lines]


def _around(slabs: Sequence[Building], by: float) -> MultiPolygon:
    """Return the boxes of slabs, larger by so much [m] on all sides."""
    west, south, east, north = np.array([slab.shape.bounds for slab in slabs]).T
    return union_all(shapely.box(west - by, south - by, east + by, north + by))


def _row_path(columns: list[Polygon], row: Row, slabs: MultiPolygon) -> list[LineString]:
    y = row.north + DOORWAY
    middle = Point(row.slabs[0].shape.centroid)
    own = [c for c in columns if c.contains(middle)]
    if not own or own[0].bounds[3] - y < 4:
        return []
    west, _, east, _ = own[0].bounds
    line = own[0].intersection(LineString([(west - 1, y), (east + 1, y)])).difference(slabs)
    found = sorted(strings(line), key=lambda part: round(part.distance(middle)))
    return [part for part in found[:1] if part.length > 0.3 * (east - west)]


# --- units --------------------------------------------------------------------------------------


def _cuts(block: Polygon, layout: Layout, spines: list[Spine]) -> list[Cut]:
    """Part a compound of too many households along its spines, a column along its row paths."""
    if sum(slab.natural for slab in layout.slabs) <= UNIT:
        return []
    lines = [spine.border for spine in spines]
    slabs = _around(layout.slabs, 0.5)
    for column in split(block, lines) if lines else [block]:
        rows = [r for r in layout.rows if column.contains(r.slabs[0].shape.centroid)]
        lines += [line for y in _row_cuts(rows) for line in _level(column, y, slabs)]
    lines = [rounded(line) for line in lines]
    for cell in split(block, lines) if lines else [block]:
        lines += _halving(cell, _within(cell, list(layout.slabs)))
    return [Cut(line, "path") for line in lines]


def _halving(cell: Polygon, slabs: list[Building]) -> list[LineString]:
    """Cut a cell that still holds too many households straight between its slabs."""
    if sum(slab.natural for slab in slabs) <= MOST:
        return []
    walls = _around(slabs, 0.5)
    west, south, east, north = cell.bounds
    lines = [
        line
        for slab in slabs
        for x, y in [(slab.shape.bounds[2] + 3, slab.shape.bounds[3] + DOORWAY)]
        for ends in (((x, south - 1), (x, north + 1)), ((west - 1, y), (east + 1, y)))
        for line in strings(cell.intersection(LineString(ends)))[:1]
        if not line.intersects(walls)
    ]
    halves = [split(cell, [line]) for line in lines]
    loads = [max(_load(half, slabs) for half in pair) if pair else np.inf for pair in halves]
    if not lines or min(loads) >= _load(cell, slabs):
        return []
    best = int(np.argmin(np.round(loads, 6)))
    cut = rounded(lines[best])
    rest = [c for half in split(cell, [cut]) for c in _halving(half, _within(half, slabs))]
    return [cut, *rest]


def _within(cell: Polygon, slabs: list[Building]) -> list[Building]:
    return [slab for slab in slabs if cell.contains(slab.shape.centroid)]


def _load(cell: Polygon, slabs: list[Building]) -> float:
    return sum(slab.natural for slab in _within(cell, slabs))


def _row_cuts(rows: list[Row]) -> list[float]:
    """Choose the row paths that part a column into runs of rows of about equal households."""
    loads = [sum(slab.natural for slab in row.slabs) for row in rows]
    runs = int(np.ceil(sum(loads) / UNIT))
    total = np.cumsum(loads)
    level: list[float] = []
    for before, after in pairwise(range(len(rows))):
        share = sum(loads) / max(runs, 1)
        if round(total[before] / share) > len(level) and runs > 1:
            level.append(rows[after].north + DOORWAY)
    return level


def _level(column: Polygon, y: float, slabs: MultiPolygon) -> list[LineString]:
    west, _, east, _ = column.bounds
    lines = strings(column.intersection(LineString([(west - 1, y), (east + 1, y)])))[:1]
    return [line for line in lines if not line.intersects(slabs)]


# --- gates --------------------------------------------------------------------------------------


def _links(
    site: Site, wall: Polygon, inner: Polygon, layout: Layout, spines: list[Spine]
) -> list[LineString]:
    """Return where gates may be: the ends of the spines and of a middle row path."""
    west, south, east, north = wall.bounds
    lines = []
    if not spines:
        lines.append(LineString([(wall.centroid.x, south - 60), (wall.centroid.x, north + 60)]))
    tops = sorted({row.north for row in layout.rows})
    if len(tops) > 1:
        y = tops[len(tops) // 2] + DOORWAY
        lines.append(LineString([(west - 60, y), (east + 60, y)]))
    return [*(link for spine in spines for link in spine.links), *links(site, wall, inner, lines)]
