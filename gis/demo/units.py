"""Units: the faces of one noded arrangement of all lines, and the seams between them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from .lines import Shapes, faces, node, sources

KINDS = ("main", "second", "side", "river", "railway", "wall", "path", "lane")
SLIVER = 100.0  # smaller faces are slivers [m²]


@dataclass(frozen=True, slots=True)
class Borders:
    """Lines that part units, each with the kind of its seam."""

    lines: list[LineString]
    kinds: list[str]

    def ordered(self) -> "Borders":
        """Return them with the kinds that win where lines coincide first."""
        order = sorted(range(len(self.lines)), key=lambda k: (KINDS.index(self.kinds[k]), k))
        return Borders([self.lines[k] for k in order], [self.kinds[k] for k in order])


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The noded edges, the line of the walking network each came from (or -1), and the faces."""

    edges: Shapes
    way: NDArray[np.intp]
    units: Shapes
    seam: pd.DataFrame


def arrange(
    borders: Borders, roads: list[LineString], paths: list[LineString], outline: Polygon
) -> Arrangement:
    """Node all borders and paths together; the faces of the borders within the outline are units.

    ``way`` of the result counts through roads, which are borders too, then paths.
    """
    borders = borders.ordered()
    edges = node([*borders.lines, *paths])
    border = sources(edges, borders.lines)
    parting, kinds = edges[border >= 0], np.array(borders.kinds)[border[border >= 0]]
    found = faces(parting)
    for _ in range(4):
        found = found[outline.contains(shapely.point_on_surface(found))]
        left = _without_slivers(found, parting)
        if left.all():
            break
        parting, kinds = parting[left], kinds[left]
        found = faces(parting)
    way = sources(edges, [*roads, *paths])
    return Arrangement(edges, way, found, seams(found, parting, kinds))


def _without_slivers(units: Shapes, edges: Shapes) -> NDArray[np.bool_]:
    """Tell which edges stay if each sliver joins the neighbour it shares the longest edge with."""
    left = np.ones(len(edges), dtype=bool)
    middle = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    tree = shapely.STRtree(middle)
    inner = shapely.union_all(shapely.get_exterior_ring(shapely.coverage_union_all(units)))
    for sliver in units[shapely.area(units) < SLIVER]:
        around = np.sort(tree.query(shapely.boundary(sliver), predicate="dwithin", distance=0.0015))
        around = around[shapely.distance(middle[around], inner) > 0.0015]
        if len(around):
            left[around[np.argmax(np.round(shapely.length(edges[around]), 3))]] = False
    return left


def segments(shapes: Shapes) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return all segments of shapes as (n, 4) millimetres, lesser end first, and their owners."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    points = np.round(points * 1000).astype(np.int64)
    follows = owner[1:] == owner[:-1]
    a, b = points[:-1][follows], points[1:][follows]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    first, last = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    return np.hstack([first, last]), owner[:-1][follows]


def seams(units: Shapes, edges: Shapes, kinds: NDArray[np.str_]) -> pd.DataFrame:
    """Return how long which units border on each other along which kind of line.

    Columns unit_a < unit_b (rows of ``units``), kind, length_m; sorted by them.
    """
    rings, face = _rings(units)
    border, owner = segments(rings)
    owner = face[owner]
    lines, line = segments(edges)
    sides = pd.DataFrame(border, columns=list("abcd")).assign(unit=owner)
    kind = pd.DataFrame(lines, columns=list("abcd")).assign(kind=kinds[line])
    kind = kind.drop_duplicates(list("abcd"))
    pairs = sides.merge(sides, on=list("abcd"), suffixes=("_a", "_b"))
    pairs = pairs[pairs.unit_a < pairs.unit_b].merge(kind, on=list("abcd"))
    pairs["length_m"] = np.hypot(pairs.c - pairs.a, pairs.d - pairs.b) / 1000
    table = pairs.groupby(["unit_a", "unit_b", "kind"], as_index=False)["length_m"].sum()
    return table.round({"length_m": 3})


def _rings(units: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    rings, face = shapely.get_rings(units, return_index=True)
    return np.asarray(rings), np.asarray(face)
