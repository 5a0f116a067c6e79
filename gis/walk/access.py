"""Where buildings, stations and points get onto the network. Pure.

Geometries come in degrees (longitude, latitude); distances are measured in the district's local
plane and rounded, half up, to centimetres.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import LocalPlane
from gis.walk.network import Network, lines

LIMIT_M = 100.0
TOUCH_M = 0.01  # what is nearer than this to a wall or to water touches it
CHUNK = 2048  # starting points handled at once: bounds the memory

Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Access rows, sorted by all four columns.

    Attributes
    ----------
    ref
        (n,) row of what is connected.
    edge
        (n,) edge of the network.
    from_source_cm
        (n,) place on the edge, in its own centimetres: 0 to its length.
    connector_cm
        (n,) straight walk to that place.
    """

    ref: Int32
    edge: Int32
    from_source_cm: Int32
    connector_cm: Int32


def connect(
    network: Network,
    way: gpd.GeoDataFrame,
    plane: LocalPlane,
    shape: Shapes,
    barrier: Shapes,
    water: Shapes,
    limit_m: float = LIMIT_M,
) -> Access:
    """Connect each shape to the nearest point on every edge within the limit that is in sight.

    A shape is a point, the points of its doors, or an outline; of several parts each is connected
    for itself. In sight means that the straight connector comes nowhere within a centimetre of a
    barrier or of water: neither its ends nor a connector without length may touch them, or one
    could step round a shut gate, or off a bridge. An edge whose nearest point is hidden is left
    out. An edge that runs through an outline is entered where it enters and where it leaves.

    A row is left out when another row of the same shape and edge, and the walk along the edge
    from there, is never longer; only on edges that every variant leaves open both ways.

    Parameters
    ----------
    shape
        (n,) points, multipoints, polygons or multipolygons; None and empty ones get no row.
    barrier, water
        Lines and polygons.
    limit_m
        Longest connector [m].
    """
    line = lines(network, way)
    return attach(line, network.length_cm, plane, shape, barrier, water, limit_m, _free(network))


def attach(
    line: Shapes,
    length_cm: Int32,
    plane: LocalPlane,
    shape: Shapes,
    barrier: Shapes,
    water: Shapes,
    limit_m: float = LIMIT_M,
    free: Bool | None = None,
) -> Access:
    """Connect shapes to some edges, as `connect` does to all: for a point and what lies around it.

    Parameters
    ----------
    line, length_cm
        (n_edge,) edges; the rows say which by their place in here.
    free
        (n_edge,) on which edges needless rows are left out; None: on none.
    """
    line = plane.project(line)
    tree = shapely.STRtree(line)
    wall = shapely.STRtree(_segments(plane.project(np.concatenate([barrier, water]))))
    water = plane.project(water)
    start, ref = shapely.get_parts(plane.project(shape), return_index=True)
    rows = [np.empty((0, 4), dtype=np.int64)]
    for k in range(0, len(start), CHUNK):
        at, edge, link, share = _links(start[k : k + CHUNK], tree, line, limit_m)
        clear = ~(_touches(link, wall) | _begins_in(link, water))
        length = np.hypot(*(link[:, 1] - link[:, 0]).T)
        place = half_up(share * length_cm[edge])
        row = np.stack([ref[k + at], edge, place, half_up(100 * length)], axis=1)
        rows.append(row[clear])
    row = _sorted(np.concatenate(rows))
    return _access(row if free is None else _undominated(row, free))


def half_up(value: Float) -> Int:
    """Round to integers, halves upwards."""
    return np.floor(value + 0.5).astype(np.int64)


def seed_demand(network: Network, n: int, seed: int = 1) -> Access:
    """Spread n points along the edges in proportion to length, as demand where none is known.

    The edges are laid end to end and cut into n equal pieces, each with one point at random.
    Edges closed both ways get none.
    """
    is_open = np.maximum(network.forward_cm, network.backward_cm) >= 0
    edge = np.flatnonzero(is_open & (network.length_cm > 0))
    end = np.cumsum(network.length_cm[edge], dtype=np.int64)
    share = (np.arange(n) + np.random.default_rng(seed).random(n)) / n
    along = np.minimum((share * end[-1]).astype(np.int64), end[-1] - 1)
    k = np.searchsorted(end, along, side="right")
    from_source = along - end[k] + network.length_cm[edge[k]]
    return _access(np.stack([np.arange(n), edge[k], from_source, np.zeros_like(k)], axis=1))


def places(
    network: Network, way: gpd.GeoDataFrame, plane: LocalPlane, edge: Int32, from_source_cm: Int32
) -> tuple[Float, Float]:
    """Return lon, lat of places on edges, on the lattice."""
    row, of = np.unique(edge, return_inverse=True)
    line = plane.project(lines(network, way)[row])
    share = from_source_cm / np.maximum(network.length_cm[edge], 1)
    point = shapely.line_interpolate_point(line[of], share, normalized=True)
    return plane.inverse(*shapely.get_coordinates(point).T)


def _links(
    start: Shapes, tree: shapely.STRtree, line: Shapes, limit_m: float
) -> tuple[Int, Int, Float, Float]:
    """Return the shortest connectors: start, edge, (n, 2, 2) ends, share of the edge before it."""
    at, edge = tree.query(start, predicate="dwithin", distance=limit_m)
    link = shapely.get_coordinates(shapely.shortest_line(start[at], line[edge])).reshape(-1, 2, 2)
    share = shapely.line_locate_point(line[edge], shapely.points(link[:, 1]), normalized=True)
    through = (link[:, 0] == link[:, 1]).all(axis=1) & (shapely.get_dimensions(start[at]) == 2)
    low, high = _overlap(start[at[through]], line[edge[through]], share[through])
    twice = np.concatenate([np.flatnonzero(~through), *[np.flatnonzero(through)] * 2])
    share = np.concatenate([share[~through], low, high])
    at, edge, link = at[twice], edge[twice], link[twice]
    new = slice((~through).sum(), None)
    point = shapely.line_interpolate_point(line[edge[new]], share[new], normalized=True)
    link[new] = shapely.get_coordinates(point)[:, None]
    return at, edge, link, np.nan_to_num(share)


def _overlap(area: Shapes, line: Shapes, share: Float) -> tuple[Float, Float]:
    """Return the shares of each line at which it first enters and last leaves its area."""
    xy, of = shapely.get_coordinates(shapely.intersection(area, line), return_index=True)
    place = shapely.line_locate_point(line[of], shapely.points(xy), normalized=True)
    low, high = share.copy(), share.copy()
    np.minimum.at(low, of, place)
    np.maximum.at(high, of, place)
    return low, high


def _segments(shape: Shapes) -> Shapes:
    """Return lines and rings piece by piece: a river's own box may be as large as the city."""
    part = shapely.get_parts(shape)
    area = shapely.get_dimensions(part) == 2
    line = np.concatenate([part[~area], shapely.get_rings(part[area])])
    xy, of = shapely.get_coordinates(line, return_index=True)
    pair = np.stack([xy[:-1], xy[1:]], axis=1)[of[:-1] == of[1:]]
    return np.asarray(shapely.linestrings(pair))


def _touches(link: Float, wall: shapely.STRtree) -> Bool:
    """Return which connectors touch a segment.

    A line without length is made a point: from such a line GEOS measures no distance.
    """
    shape = shapely.linestrings(link)
    flat = (link[:, 0] == link[:, 1]).all(axis=1)
    shape[flat] = shapely.points(link[flat, 0])
    touches = np.zeros(len(link), dtype=bool)
    touches[wall.query(shape, predicate="dwithin", distance=TOUCH_M)[0]] = True
    return touches


def _begins_in(link: Float, area: Shapes) -> Bool:
    """Return which connectors begin in an area.

    The areas ask the tree, because GEOS indexes the asking side: a river has many vertices.
    """
    tree = shapely.STRtree(shapely.points(link[:, 0]))
    begins = np.zeros(len(link), dtype=bool)
    begins[tree.query(area, predicate="intersects")[1]] = True
    return begins


def _free(network: Network) -> Bool:
    """Return the edges that cost their length both ways in every variant."""
    even: Bool = (network.forward_cm == network.length_cm) & (
        network.backward_cm == network.length_cm
    )
    gated: Bool = np.maximum(network.gate[network.source], network.gate[network.target]) >= 0
    return even & ~gated & ~network.steps


def _sorted(row: Int) -> Int:
    """Return the distinct rows in order."""
    row = np.take(row, np.lexsort(row.T[::-1]), axis=0)
    new: Bool = (row != np.roll(row, 1, axis=0)).any(axis=1)
    new[:1] = True
    return np.compress(new, row, axis=0)


def _undominated(row: Int, free: Bool) -> Int:
    """Drop rows for which a row of the same ref and edge is as good, whichever way one walks.

    Row 2 is dropped for row 1 where connector 2 >= connector 1 + the walk between them. Rows are
    distinct and sorted.
    """
    if not len(row):
        return row
    group = np.cumsum(np.append(0, (np.diff(row[:, :2], axis=0) != 0).any(axis=1)))
    wide = 4 * (int(row[:, 2:].max()) + 1)  # keeps the running minimum of one group from the next
    rising = row[:, 3] - row[:, 2] - group * wide
    falling = (row[:, 3] + row[:, 2] + group * wide)[::-1]
    before = np.append(np.iinfo(np.int64).max, np.minimum.accumulate(rising)[:-1])
    after = np.append(np.iinfo(np.int64).max, np.minimum.accumulate(falling)[:-1])[::-1]
    worse: Bool = (before <= rising) | (after <= falling[::-1])
    return np.compress(~(worse & free[row[:, 1]]), row, axis=0)


def _access(row: Int) -> Access:
    return Access(*np.ascontiguousarray(row.T, dtype=np.int32))
