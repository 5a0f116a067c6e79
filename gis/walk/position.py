"""Places on edges: where a door or station meets the network, what the rest of the edge costs.

Of an edge of ``length_cm`` that costs ``forward_cm`` and ``backward_cm``, the part from the source
to the position ``x`` costs F(x) forwards and B(x) backwards, in proportion and rounded half up::

    F(x) = (2 x forward + length) // (2 length)        B(x) = (2 x backward + length) // (2 length)

and 0 where the length is 0. From x to the target a walker pays forward - F(x), from the target to
x backward - B(x), from p to q on the same edge F(q) - F(p) or, backwards, B(p) - B(q).
"""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadInput
from gis.walk.graph import Edges, Ints, Longs

_NONE = np.int64(1) << 40  # more than any way costs


class Access(Protocol):
    """Ways onto the network, many for each building or station ``ref``; n_access int32 each."""

    @property
    def ref(self) -> Ints:
        """What is connected."""

    @property
    def edge(self) -> Ints:
        """The edge it is connected to."""

    @property
    def from_source_cm(self) -> Ints:
        """Where on that edge, 0 … length [cm]."""

    @property
    def connector_cm(self) -> Ints:
        """What the way to that place costs [cm]."""


class Points(NamedTuple):
    """Access points as plain arrays."""

    ref: Ints
    edge: Ints
    from_source_cm: Ints
    connector_cm: Ints


class Stubs(NamedTuple):
    """Ways between access rows and nodes [cm]; ``onwards`` are walked from source to target."""

    row: Longs
    node: Longs
    cost_cm: Longs
    onwards: NDArray[np.bool_]

    def within(self, limit_cm: int) -> "Stubs":
        """Return those that cost no more."""
        near = self.cost_cm <= limit_cm
        return Stubs(self.row[near], self.node[near], self.cost_cm[near], self.onwards[near])


class Direct(NamedTuple):
    """Ways along one edge: the access rows of a building and a station, and the cost [cm]."""

    building: Longs
    station: Longs
    cost_cm: Longs


class _Split(NamedTuple):
    forward: Longs
    backward: Longs
    to_here: Longs  # F(x)
    from_here: Longs  # B(x)


def check(edges: Edges, access: Access) -> None:
    """Refuse access rows that lie nowhere.

    Raises
    ------
    BadInput
        A row names an edge that is not there, a position beyond its edge or a negative connector.
    """
    edge, position = access.edge, access.from_source_cm
    if edge.size and (edge.min() < 0 or edge.max() >= edges.source.size):
        raise BadInput("bad_network", reason="an access point names an edge that is not there")
    if (position < 0).any() or (position > edges.length_cm[edge]).any():
        raise BadInput("bad_network", reason="an access point lies beyond the end of its edge")
    if (access.connector_cm < 0).any():
        raise BadInput("bad_network", reason="an access point has a negative connector")


def _share(position: Longs, length: Longs, cost: Longs) -> Longs:
    return np.where(length > 0, (2 * position * cost + length) // np.maximum(2 * length, 1), 0)


def _split(edges: Edges, access: Access) -> _Split:
    edge, position = access.edge, access.from_source_cm.astype(np.int64)
    length = edges.length_cm[edge].astype(np.int64)
    forward, backward = (
        each[edge].astype(np.int64) for each in (edges.forward_cm, edges.backward_cm)
    )
    shares = [_share(position, length, np.maximum(cost, 0)) for cost in (forward, backward)]
    return _Split(forward, backward, *shares)


def leaving(edges: Edges, access: Access) -> Stubs:
    """Return the open ways from access points to the ends of their edges, connectors included."""
    at = _split(edges, access)
    return _stubs(access, edges.target, at.forward - at.to_here, edges.source, at.from_here, at)


def arriving(edges: Edges, access: Access) -> Stubs:
    """Return the open ways from the ends of edges to the access points, connectors included."""
    at = _split(edges, access)
    return _stubs(access, edges.source, at.to_here, edges.target, at.backward - at.from_here, at)


def _stubs(
    access: Access,
    forward_end: Ints,
    forward_cm: Longs,
    backward_end: Ints,
    backward_cm: Longs,
    at: _Split,
) -> Stubs:
    row = np.tile(np.arange(access.edge.size), 2)
    node = np.concatenate([forward_end[access.edge], backward_end[access.edge]]).astype(np.int64)
    cost = np.concatenate([forward_cm, backward_cm]) + access.connector_cm[row].astype(np.int64)
    onwards = np.arange(row.size) < access.edge.size
    is_open = np.concatenate([at.forward, at.backward]) >= 0
    return Stubs(row[is_open], node[is_open], cost[is_open], onwards[is_open])


def direct(edges: Edges, building: Access, station: Access) -> Direct:
    """Return the open ways from building to station along an edge both have access to."""
    one, other = same(building.edge, station.edge)
    here, there = _split(edges, building), _split(edges, station)
    p, q = building.from_source_cm[one], station.from_source_cm[other]
    forth = there.to_here[other] - here.to_here[one]
    back = here.from_here[one] - there.from_here[other]
    forth = np.where((q >= p) & (here.forward[one] >= 0), forth, _NONE)
    back = np.where((q <= p) & (here.backward[one] >= 0), back, _NONE)
    connectors = building.connector_cm[one].astype(np.int64) + station.connector_cm[other]
    keep = np.minimum(forth, back) < _NONE
    cost = np.minimum(forth, back) + connectors
    return Direct(one[keep], other[keep], cost[keep])


def same(left: NDArray[np.integer], right: NDArray[np.integer]) -> tuple[Longs, Longs]:
    """Return every pair of rows (left, right) with equal values, by right row."""
    order = np.argsort(left, kind="stable")
    first = np.searchsorted(left[order], right, side="left")
    count = np.searchsorted(left[order], right, side="right") - first
    rows = np.repeat(np.arange(right.size), count)
    within = np.arange(rows.size) - np.repeat(np.cumsum(count) - count, count)
    return order[np.repeat(first, count) + within], rows
