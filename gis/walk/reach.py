"""Who reaches what on foot: searches over a graph. Every function is pure.

Costs are integer centimetres and run from the building, or the node, to the station: a station's
search runs over the reversed graph. All answers are exact within the limit, whatever the number
of threads; limits hold inclusively.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import BadInput
from gis.walk import kernels, position
from gis.walk.graph import Edges, Graph, Ints, Longs, graph, order_of
from gis.walk.path import Path, path
from gis.walk.plan import Found, Space, each_station, part, plan, together
from gis.walk.position import Access

__all__ = ["Nearest", "Pairs", "Path", "Reach", "nearest", "pairs", "path", "reach", "warm"]

ALONE = 250_000  # nodes for which a second thread is not worth its start
NEIGHBOURHOOD = 8192  # nodes that a batch of stations should cover, so that it stays in the cache


class Nearest(NamedTuple):
    """For every node the cost to its nearest station and that station's row; int32, -1: none."""

    cost_cm: Ints
    station: Ints


class Pairs(NamedTuple):
    """The nodes of station ``i`` and their costs are the rows start[i] to start[i + 1]."""

    start: Longs
    node: Ints
    cost_cm: Ints


class Reach(NamedTuple):
    """Pairs of a building and a station, by building, cost and station; int32 each."""

    building: Ints
    station: Ints
    cost_cm: Ints


def nearest(graph: Graph, station_node: ArrayLike, limit_cm: int, threads: int = 1) -> Nearest:
    """Find the nearest station of every node (task T1); of equally near ones the first row.

    Parameters
    ----------
    station_node
        (n_station,) the node each station stands at; -1 for one without access, which is never
        found.
    limit_cm
        The longest way that counts [cm].

    Raises
    ------
    BadInput
        A station stands at a node that is not there, or the limit is out of range.
    """
    node = _nodes(graph, station_node)
    order = np.argsort(node, kind="stable")
    order = order[node[order] >= 0]
    batch = max(4, order.size * NEIGHBOURHOOD // max(1, graph.n_node))
    arcs, how = graph.reversed, plan(graph.reversed, limit_cm)
    threads = max(1, min(threads, graph.n_node // ALONE + 1))
    keys = np.empty((threads, graph.n_node), np.int64)
    result = Nearest(*np.empty((2, graph.n_node), np.int32))

    def search(i: int) -> None:
        own = order[part(order.size, i, threads)]
        net, space = (arcs.start, arcs.arc), how.space(keys[i])
        kernels.spread(net, (node[own], own), batch, space, how.limit, how.shift, 0)

    def settle(i: int) -> None:
        own = part(graph.n_node, i, threads)
        kernels.settle(keys, *result, own.start, own.stop, how.limit)

    together(search, threads)
    together(settle, threads)
    return result


def pairs(graph: Graph, station_node: ArrayLike, limit_cm: int, threads: int = 1) -> Pairs:
    """Find all pairs of a station and a node that reaches it within the limit (task T2).

    A station's nodes come in the order of the search, which depends on the graph alone.
    Parameters and errors are those of nearest().
    """
    node = _nodes(graph, station_node)
    net, how = (graph.reversed.start, graph.reversed.arc), plan(graph.reversed, limit_cm)
    start = np.append(0, np.cumsum(node >= 0))
    seeds = node[node >= 0], np.zeros(start[-1], np.int64)

    def search(first: int, last: int, space: Space) -> Found:
        return kernels.pairs(net, start, seeds, first, last, space, how.limit, how.shift)

    count, found, cost = each_station(search, node.size, graph.n_node, how, threads)
    return Pairs(np.append(0, np.cumsum(count)), found, cost)


def _nodes(graph: Graph, station_node: ArrayLike) -> Ints:
    node = np.asarray(station_node, dtype=np.int64)
    if node.ndim != 1 or node.min(initial=0) < -1 or node.max(initial=-1) >= graph.n_node:
        reason = f"a station stands at a node outside 0 … {graph.n_node - 1}"
        raise BadInput("bad_network", reason=reason)
    return node.astype(np.int32)


def reach(
    graph: Graph,
    edges: Edges,
    building: Access,
    station: Access,
    limit_cm: int,
    threads: int = 1,
) -> Reach:
    """Find all pairs of a building and a station it reaches within the limit.

    The cost is the least over all pairs of their access points: connector, part of an edge,
    edges, part of an edge, connector; or connector, stretch of one edge, connector.

    Parameters
    ----------
    graph, edges
        The graph of these edges, and the edges.
    building, station
        Their access points; ``building`` and ``station`` of the result are their ``ref``.
    limit_cm
        The longest way that counts [cm].

    Raises
    ------
    BadInput
        An access point lies nowhere, or the limit is out of range.
    """
    for access in (building, station):
        position.check(edges, access)
    who, building_row = np.unique(building.ref, return_inverse=True)
    where, station_row = np.unique(station.ref, return_inverse=True)
    seed = position.arriving(edges, station)
    stub = position.leaving(edges, building)
    along = position.direct(edges, building, station)
    seed_start, seed_key = _rows(
        where.size, station_row[seed.row], seed.cost_cm, seed.node, limit_cm
    )
    net = graph.reversed.start, graph.reversed.arc
    how = plan(graph.reversed, limit_cm, int(seed_key.max(initial=0)) >> 32)
    seeds = (seed_key & 0xFFFFFFFF).astype(np.int32), seed_key & ~0xFFFFFFFF
    stubs = _rows(graph.n_node, stub.node, stub.cost_cm, building_row[stub.row], limit_cm)
    direct = _rows(
        where.size,
        station_row[along.station],
        along.cost_cm,
        building_row[along.building],
        limit_cm,
    )

    def search(first: int, last: int, space: Space) -> Found:
        return kernels.reach(
            net,
            seed_start,
            seeds,
            stubs,
            direct,
            who.size,
            first,
            last,
            space,
            how.limit,
            how.shift,
        )

    found = each_station(search, where.size, graph.n_node, how, threads)
    return _sorted(who, where, *found)


def _rows(n_row: int, row: Longs, cost: Longs, label: Longs, limit_cm: int) -> tuple[Longs, Longs]:
    """Return what costs no more than the limit by row: where each starts, and the sorted keys."""
    keep = cost <= limit_cm
    row, key = row[keep], cost[keep] << 32 | label[keep]
    order = np.argsort(key)
    order = order[order_of(row[order], n_row)]
    return np.append(0, np.cumsum(np.bincount(row, minlength=n_row))), key[order]


def _sorted(
    who: NDArray[np.integer], where: NDArray[np.integer], count: Longs, building: Ints, cost: Ints
) -> Reach:
    """Put pairs that come by station into the order of building, cost and station."""
    station = np.repeat(np.arange(count.size), count)
    start = np.zeros(who.size + 1, np.int64)
    key = kernels.by_building(building, cost.astype(np.int64) << 32 | station, start)
    owner = np.repeat(who, np.diff(start))
    station = where[key & 0xFFFFFFFF]
    return Reach(*(each.astype(np.int32) for each in (owner, station, key >> 32)))


def warm() -> None:
    """Compile every kernel, or load it from the cache, and run each once on a graph of one edge."""
    one = np.array([0], dtype=np.int32)
    edges = Edges(one, one + 1, one + 2, one + 2, one + 2)
    small = graph(2, one, one + 1, edges.forward_cm, edges.backward_cm)
    nearest(small, one, 2)
    pairs(small, one, 2)
    access = position.Points(one, one, one, one)
    reach(small, edges, access, access, 2)
    path(small, edges, access, access)
