"""The cheapest way from one building to one station, edge by edge. Pure."""

from dataclasses import dataclass

import numpy as np

from gis.walk import kernels, position
from gis.walk.graph import LONGEST_CM, Edges, Graph, Ints, Longs
from gis.walk.plan import plan
from gis.walk.position import Access, Direct, Stubs

FIRST_LIMIT_CM = 200_000

Piece = tuple[int, int, int]  # edge, from, to


@dataclass(frozen=True, slots=True)
class Path:
    """A way on foot: its whole cost [cm], connectors included, and where it leads.

    ``building_row`` and ``station_row`` are the access points used. The pieces in walking order,
    int32: each runs along ``edge`` from ``from_cm`` to ``to_cm``, counted from the edge's source
    in its own length; walked against the edge, ``to_cm`` is the smaller.
    """

    cost_cm: int
    building_row: int
    station_row: int
    edge: Ints
    from_cm: Ints
    to_cm: Ints


def path(
    graph: Graph, edges: Edges, building: Access, station: Access, limit_cm: int = LONGEST_CM - 1
) -> Path | None:
    """Find the cheapest way from any access point of a building to any of a station.

    Of equally cheap ways the one over the fewest nodes is taken; of these the one that leaves the
    building towards a target rather than a source, by the first access row, goes on by the
    smallest edge at each node, and arrives likewise. The cost is that of reach().

    Parameters
    ----------
    building, station
        The access points of one building and one station; their ``ref`` is not looked at.
    limit_cm
        Give up beyond [cm].

    Returns
    -------
    None where no way leads from one to the other within the limit.

    Raises
    ------
    BadInput
        An access point lies nowhere, or the limit is out of range.
    """
    for access in (building, station):
        position.check(edges, access)
    limit = min(FIRST_LIMIT_CM, limit_cm)
    while (found := _within(graph, edges, building, station, limit)) is None and limit < limit_cm:
        limit = min(8 * limit, limit_cm)
    return found


def _within(
    graph: Graph, edges: Edges, building: Access, station: Access, limit: int
) -> Path | None:
    """Find the cheapest way up to a limit: along one edge, or through nodes."""
    seed = position.arriving(edges, station).within(limit)
    stub = position.leaving(edges, building).within(limit)
    key = _keys(graph, seed, limit)
    through = (stub.cost_cm << 32) + key[stub.node]
    along = position.direct(edges, building, station)
    straight = int(along.cost_cm.min(initial=limit + 1))
    if min(straight, int(through.min(initial=(limit + 1) << 32)) >> 32) > limit:
        return None
    if straight << 32 <= through.min(initial=straight << 32):
        return _straight(along, building, station)
    return _through(graph, edges, building, station, seed, stub, key, int(np.argmin(through)))


def _keys(graph: Graph, seed: Stubs, limit: int) -> Longs:
    """Return every node's way to the station: its cost in the upper 32 bits, its arcs below."""
    how = plan(graph.reversed, limit, int(seed.cost_cm.max(initial=0)))
    space = how.space(np.empty(graph.n_node, np.int64))
    net = graph.reversed.start, graph.reversed.arc
    seeds = seed.node.astype(np.int32), seed.cost_cm << 32
    kernels.spread(net, seeds, max(1, seed.node.size), space, how.limit, how.shift, 1)
    return space[0]


def _straight(along: Direct, building: Access, station: Access) -> Path:
    first = np.lexsort((along.station, along.building, along.cost_cm))[0]
    one, other = int(along.building[first]), int(along.station[first])
    piece = building.edge[one], building.from_source_cm[one], station.from_source_cm[other]
    return _path(int(along.cost_cm[first]), one, other, [piece])


def _through(
    graph: Graph,
    edges: Edges,
    building: Access,
    station: Access,
    seed: Stubs,
    stub: Stubs,
    key: Longs,
    first: int,
) -> Path:
    """Follow the keys from the first node, where a building's stub leads, to a station's seed."""
    one, node = int(stub.row[first]), int(stub.node[first])
    cost = int(stub.cost_cm[first]) + int(key[node] >> 32)
    edge = building.edge[one]
    end = edges.length_cm[edge] if stub.onwards[first] else 0
    pieces = [(edge, building.from_source_cm[one], end)]
    while key[node] & 0xFFFFFFFF:
        edge, following = _next(graph, key, node)
        ends = (0, edges.length_cm[edge])
        pieces.append((edge, *(ends if edges.source[edge] == node else ends[::-1])))
        node = following
    last = np.flatnonzero((seed.node == node) & (seed.cost_cm << 32 == key[node]))[0]
    other = int(seed.row[last])
    edge = station.edge[other]
    begin = 0 if seed.onwards[last] else edges.length_cm[edge]
    pieces.append((edge, begin, station.from_source_cm[other]))
    return _path(cost, one, other, pieces)


def _next(graph: Graph, key: Longs, node: int) -> tuple[int, int]:
    """Return the smallest edge along which the way goes on, and the node it leads to."""
    arcs = slice(graph.forward.start[node], graph.forward.start[node + 1])
    other, cost = graph.forward.arc[arcs] & 0xFFFFFFFF, graph.forward.arc[arcs] >> 32
    on = key[other] + (cost << 32) + 1 == key[node]
    edge = graph.forward.edge[arcs][on]
    return int(edge.min()), int(other[on][edge.argmin()])


def _path(cost: int, one: int, other: int, pieces: list[Piece]) -> Path:
    return Path(cost, one, other, *np.array(pieces, dtype=np.int32).T.copy())
