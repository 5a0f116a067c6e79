"""Walled compounds: slabs, inner paths, gates, and the lines that part their units."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from shapely import LineString, Point, Polygon

from .draws import stream
from .gates import open_gates, rays, with_points
from .lines import largest, rounded, split, strings
from .parts import Building, Cut, Parts, Path, Site, Wall
from .slabs import Layout, Row, lay_out

UNIT = 130.0  # households of a unit beyond which a compound is split
DOORWAY = 7.0  # from a row's north front to its path


def compound(site: Site, sun: float, seed: int) -> Parts:
    """Fill a site with a compound of its era; too small for two slabs, it comes back empty."""
    draw = stream(seed, "compound", *site.place)
    wall = rounded(site.parcel)
    layout = lay_out(wall, site.use, sun, draw)
    if len(layout.slabs) < 1:
        return Parts(site)
    inner = largest(wall.buffer(-4.0, join_style="mitre").simplify(0.3))
    gates = open_gates(site, wall, inner, _rays(wall, layout), draw)
    ring = with_points(wall, [gate.point for gate in gates])
    return Parts(
        site,
        buildings=_numbered(layout),
        paths=tuple(Path(line, "service") for line in _paths(inner, layout)),
        cuts=tuple(_cuts(site.block, layout)),
        gates=tuple(gates),
        walls=(Wall(ring.exterior),),
        walled=ring,
    )


def _numbered(layout: Layout) -> tuple[Building, ...]:
    """Number the slabs as people do: row by row from the north, each from the west."""
    slabs = sorted(layout.slabs, key=lambda s: (-round(s.shape.bounds[3] / 12), s.shape.bounds[0]))
    return tuple(replace(slab, label=f"{k}号楼") for k, slab in enumerate(slabs, 1))


def _paths(inner: Polygon, layout: Layout) -> list[LineString]:
    """Draw a ring within the wall, the spines, and a path north of each row."""
    spines = [part for s in layout.spines for part in strings(inner.intersection(s))[:1]]
    lines = [LineString(inner.exterior), *spines]
    columns = split(inner, list(layout.spines)) if layout.spines else [inner]
    for row in layout.rows:
        lines += _row_path(columns, row)
    return [rounded(line) for line in lines]


def _row_path(columns: list[Polygon], row: Row) -> list[LineString]:
    y = row.north + DOORWAY
    middle = Point(row.slabs[0].shape.centroid)
    own = [c for c in columns if c.contains(middle)]
    if not own or own[0].bounds[3] - y < 4:
        return []
    west, _, east, _ = own[0].bounds
    found = strings(own[0].intersection(LineString([(west - 1, y), (east + 1, y)])))
    return [line for line in found[:1] if line.length > 0.5 * (east - west)]


# --- units --------------------------------------------------------------------------------------


def _cuts(block: Polygon, layout: Layout) -> list[Cut]:
    """Part a compound of too many households along its spines, a column along its row paths."""
    if sum(slab.natural for slab in layout.slabs) <= UNIT:
        return []
    lines = [part for s in layout.spines for part in strings(block.intersection(s))[:1]]
    for column in split(block, lines) if lines else [block]:
        rows = [r for r in layout.rows if column.contains(r.slabs[0].shape.centroid)]
        lines += [line for y in _row_cuts(rows) for line in _level(column, y)]
    return [Cut(rounded(line), "path") for line in lines]


def _row_cuts(rows: list[Row]) -> list[float]:
    """Choose the row paths that part a column into runs of rows of about equal households."""
    loads = [sum(slab.natural for slab in row.slabs) for row in rows]
    runs = int(np.ceil(sum(loads) / UNIT))
    total, level = np.cumsum(loads), []
    for before, after in pairwise(range(len(rows))):
        share = sum(loads) / max(runs, 1)
        if round(total[before] / share) > len(level) and runs > 1:
            level.append(rows[after].north + DOORWAY)
    return level


def _level(column: Polygon, y: float) -> list[LineString]:
    west, _, east, _ = column.bounds
    return strings(column.intersection(LineString([(west - 1, y), (east + 1, y)])))[:1]


def _rays(wall: Polygon, layout: Layout) -> list[LineString]:
    """Return where gates may be: the ends of the spines and of a middle row path, outwards."""
    west, south, east, north = wall.bounds
    lines = list(layout.spines)
    if not lines:
        lines.append(LineString([(wall.centroid.x, south - 60), (wall.centroid.x, north + 60)]))
    tops = sorted({row.north for row in layout.rows})
    if len(tops) > 1:
        y = tops[len(tops) // 2] + DOORWAY
        lines.append(LineString([(west - 60, y), (east + 60, y)]))
    return [ray for line in lines for ray in rays(line, wall)]
