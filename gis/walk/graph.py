"""The walking network as arrays a search can run over, both ways. Every function is pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from gis.errors import BadInput

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
LONGEST_CM = 2**30 - 1  # two such costs still fit the upper half of a search's 64-bit keys


@dataclass(frozen=True, slots=True)
class Edges:
    """The stretches of way between two nodes, as arrays of n_edge int32.

    ``length_cm`` is what a tape measures from source to target, ``forward_cm`` and
    ``backward_cm`` are what a walker pays for the whole edge [cm]; -1 closes that direction.
    """

    source: Ints
    target: Ints
    length_cm: Ints
    forward_cm: Ints
    backward_cm: Ints


@dataclass(frozen=True, slots=True)
class Arcs:
    """One direction of a graph in compressed sparse rows; read-only.

    The arcs of node ``i`` are ``start[i]`` to ``start[i + 1]`` (int32) of ``arc`` (int64: cost [cm]
    in the upper 32 bits, the node at the other end in the lower: one load gives both) and of
    ``edge`` (int32), the edge each comes from. A node's arcs are in the order of their other ends.
    """

    start: Ints
    arc: Longs
    edge: Ints
    longest_cm: int

    @property
    def node(self) -> Longs:
        """The node at the other end of each arc."""
        return self.arc & 0xFFFFFFFF

    @property
    def cost_cm(self) -> Longs:
        """The cost of each arc [cm]."""
        return self.arc >> 32


@dataclass(frozen=True, slots=True)
class Graph:
    """A walking network for searches: the arcs as walked, and the same arcs turned round."""

    forward: Arcs
    reversed: Arcs

    @property
    def n_node(self) -> int:
        """How many nodes there are, connected or not."""
        return self.forward.start.size - 1


def graph(
    n_node: int,
    source: ArrayLike,
    target: ArrayLike,
    forward_cm: ArrayLike,
    backward_cm: ArrayLike,
) -> Graph:
    """Return the graph of n_edge edges between the nodes 0 … n_node - 1.

    A loop is left out, and of several arcs between the same two nodes only the cheapest is kept
    (of equals the one of the smallest edge): no cheapest way needs the others.

    Parameters
    ----------
    source, target
        (n_edge,) nodes.
    forward_cm, backward_cm
        (n_edge,) costs [cm] from source to target and back; -1 where closed.

    Raises
    ------
    BadInput
        A node or a cost is out of range, or the arrays differ in length.
    """
    ends = [np.asarray(one) for one in (source, target)]
    costs = [np.asarray(one) for one in (forward_cm, backward_cm)]
    _check(n_node, ends, costs)
    tail, head, best = _cheapest(n_node, *_open(*(one.astype(np.int64) for one in [*ends, *costs])))
    back = order_of(head, n_node)
    return Graph(
        forward=_rows(n_node, tail, head, best),
        reversed=_rows(n_node, head[back], tail[back], best[back]),
    )


def turned(graph: Graph, edges: Edges) -> tuple[Graph, Edges]:
    """Return the same network walked backwards: each cost is that of the way back.

    So one search finds the ways from one place to many: reach() with the places as its buildings
    and the one they are reached from as its station.
    """
    back = Edges(edges.source, edges.target, edges.length_cm, edges.backward_cm, edges.forward_cm)
    return Graph(forward=graph.reversed, reversed=graph.forward), back


def arcs(start: Ints, arc: Longs, edge: Ints) -> Arcs:
    """Return arcs of their arrays, as they come out of a pack."""
    for array in (start, arc, edge):
        array.flags.writeable = False
    return Arcs(start, arc, edge, int(arc.max(initial=0) >> 32))


def _check(n_node: int, ends: list[NDArray[np.integer]], costs: list[NDArray[np.integer]]) -> None:
    if len({one.shape for one in [*ends, *costs]}) != 1 or ends[0].ndim != 1:
        raise BadInput("bad_network", reason="the edge arrays differ in length")
    if any(one.min(initial=0) < 0 or one.max(initial=-1) >= n_node for one in ends):
        raise BadInput("bad_network", reason=f"an edge names a node outside 0 … {n_node - 1}")
    if any(one.min(initial=0) < -1 or one.max(initial=0) > LONGEST_CM for one in costs):
        raise BadInput("bad_network", reason=f"a cost must be -1 (closed) or 0 … {LONGEST_CM} cm")


def _open(source: Longs, target: Longs, forward_cm: Longs, backward_cm: Longs) -> list[Longs]:
    """Return tail, head and ``cost << 32 | edge`` of every arc that is open and no loop."""
    edge = np.tile(np.arange(source.size), 2)
    tail, head = np.concatenate([source, target]), np.concatenate([target, source])
    cost = np.concatenate([forward_cm, backward_cm])
    keep = (cost >= 0) & (tail != head)
    return [each[keep] for each in (tail, head, cost << 32 | edge)]


def _cheapest(n_node: int, tail: Longs, head: Longs, key: Longs) -> tuple[Longs, Longs, Longs]:
    """Return the arcs by tail and head, of each pair only the one with the smallest key."""
    order = order_of(head, n_node)
    order = order[order_of(tail[order], n_node)]
    tail, head = tail[order], head[order]
    first = np.flatnonzero(np.diff(tail * n_node + head, prepend=-1))
    best = np.minimum.reduceat(key[order], first) if first.size else key
    return tail[first], head[first], best


def order_of(values: Longs, size: int) -> Ints:
    """Return the stable order of values 0 … size - 1 by counting, ten times as fast as argsort.

    scipy counts when it turns rows into columns: of a matrix with one entry in each row.
    """
    n = values.size
    rows = csr_matrix((np.ones(n, np.int8), values.astype(np.int32), np.arange(n + 1)), (n, size))
    order: Ints = rows.tocsc().indices
    return order


def _rows(n_node: int, tail: Longs, head: Longs, key: Longs) -> Arcs:
    """Return arcs, sorted by tail and head, as rows."""
    start = np.searchsorted(tail, np.arange(n_node + 1)).astype(np.int32)
    return arcs(start, key & ~0xFFFFFFFF | head, (key & 0xFFFFFFFF).astype(np.int32))
