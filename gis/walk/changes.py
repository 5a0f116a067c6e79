"""Which ways cost something else after a network has changed in a few places. Pure.

A way that differs leads over an edge that changed, and so through one of its ends: a *port*. With
``via`` the cheapest way through any port, and old and new the cheapest ways of all::

    via_new <= old                     =>  new = via_new
    via_new > old, via_old > old       =>  new = old
    via_new > old, via_old = old       =>  to be searched anew: the old way has gone

The first: a cheaper way through no port was there before. The second: no port is on the old way, so
it is there still; a cheaper one would lead through a port. Ports are few, so a few bounded searches
tell what changed, wherever it is felt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.walk import position
from gis.walk.access import Access
from gis.walk.engine import Walk
from gis.walk.graph import Edges, Graph, Ints, Longs, turned
from gis.walk.reach import nearest, pairs, reach

FAR = np.int64(1) << 40  # more than any way costs
Flags = NDArray[np.bool_]


class Costs(NamedTuple):
    """Ids of buildings and stations, and what the way from one to the other costs [cm]."""

    building: Longs
    station: Longs
    cost_cm: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A network before or after, under a variant; ``edge``: rows of the edges that changed."""

    walk: Walk
    graph: Graph
    edges: Edges
    edge: Longs

    @property
    def ends(self) -> Longs:
        """The nodes at which the changed edges begin and end."""
        return np.union1d(self.edges.source[self.edge], self.edges.target[self.edge])


@dataclass(frozen=True, slots=True, eq=False)
class _Via:
    """What the ways through ports cost; by port, and by id of building or station."""

    building: Longs
    into: Longs
    station: Longs
    out: Longs
    direct: Costs


Stored = Callable[[Longs, Longs], Costs]


def changes(
    before: Side, after: Side, building: Longs, station: Longs, stored: Stored, limit_cm: int
) -> Costs:
    """Return the pairs whose cost changed, with the new one; -1 where there is no way any more.

    Parameters
    ----------
    building, station
        Ids of those that get onto the network elsewhere than before: all their ways are new.
    stored
        Returns the costs before between any of some buildings and any of some stations.
    """
    moved = _moved(before, after, building, station, limit_cm)
    if not len(before.edge) and not len(after.edge):
        return moved
    rest = _felt(before, after, building, station, stored, limit_cm)
    return Costs(*(np.concatenate(both) for both in zip(moved, rest, strict=True)))


def _moved(before: Side, after: Side, building: Longs, station: Longs, limit_cm: int) -> Costs:
    """Return what changed of the ways from some buildings and to some stations."""
    old, new = (
        _both(_to(side, station, limit_cm), _from(side, building, limit_cm), station)
        for side in (before, after)
    )
    return _difference(old, new)


def _both(to: Costs, start: Costs, station: Longs) -> Costs:
    once = ~np.isin(start.station, station)
    return Costs(*(np.concatenate([a, b[once]]) for a, b in zip(to, start, strict=True)))


def _to(side: Side, station: Longs, limit_cm: int) -> Costs:
    """Return all ways to some stations."""
    walk = side.walk
    rows = _of(walk.stations, walk.station, station)
    near = _near(walk.buildings, side, _around(side.graph, side.edges, rows, limit_cm))
    found = reach(side.graph, side.edges, near, rows, limit_cm)
    return Costs(walk.building[found.building], walk.station[found.station], _long(found.cost_cm))


def reaching(side: Side, station: Longs, limit_cm: int) -> Longs:
    """Return the buildings that may reach some stations, gates open or shut, and some more."""
    walk = side.walk
    rows = _of(walk.stations, walk.station, station)
    near = _near(walk.buildings, side, _around(side.graph, side.edges, rows, limit_cm))
    return walk.building[np.unique(near.ref)]


def _from(side: Side, building: Longs, limit_cm: int) -> Costs:
    """Return all ways from some buildings: searched backwards, one search for each."""
    walk = side.walk
    rows = _of(walk.buildings, walk.building, building)
    back, edges = turned(side.graph, side.edges)
    near = _near(walk.stations, side, _around(back, edges, rows, limit_cm))
    found = reach(back, edges, near, rows, limit_cm)
    return Costs(walk.building[found.station], walk.station[found.building], _long(found.cost_cm))


def _felt(
    before: Side, after: Side, building: Longs, station: Longs, stored: Stored, limit_cm: int
) -> Costs:
    """Return what changed of the ways over the changed edges."""
    ports = np.union1d(before.ends, after.ends)
    via_old, via_new = (_via(side, ports, limit_cm) for side in (before, after))
    who = _others(building, via_old.building, via_new.building)
    where = _others(station, via_old.station, via_new.station)
    via_was, via_is = (_through(via, who, where) for via in (via_old, via_new))
    concerned = np.minimum(via_was, via_is) <= limit_cm
    rows, columns = concerned.any(axis=1), concerned.any(axis=0)
    who, where = who[rows], where[columns]
    via_was, via_is = via_was[rows][:, columns], via_is[rows][:, columns]
    was = _grid(stored(who, where), who, where)
    better = (via_is <= limit_cm) & (via_is < was)
    lost = (was == via_was) & (was <= limit_cm) & (via_is > was)
    now = np.where(better, via_is, was)
    now[lost] = _anew(after, who, where, lost, limit_cm)[lost]
    b, s = np.nonzero(now != was)
    cost = now[b, s]
    return Costs(who[b], where[s], np.where(cost > limit_cm, -1, cost))


def _others(moved: Longs, one: Longs, two: Longs) -> Longs:
    return np.setdiff1d(np.union1d(one, two), moved)


def _via(side: Side, ports: Longs, limit_cm: int) -> _Via:
    """Search from each port backwards to the buildings, and on to the stations."""
    walk = side.walk
    here = ports[ports < side.graph.n_node]
    back = turned(side.graph, side.edges)[0]
    into, out = (_dense(each, here, limit_cm) for each in (side.graph, back))
    buildings = _near(walk.buildings, side, np.any(into < FAR, axis=0))
    stations = _near(walk.stations, side, np.any(out < FAR, axis=0))
    leaving = position.leaving(side.edges, buildings)
    arriving = position.arriving(side.edges, stations)
    touched = np.zeros(len(walk.edge), dtype=bool)
    touched[side.edge] = True
    ends = [_where(rows, touched[rows.edge]) for rows in (walk.buildings, walk.stations)]
    along = position.direct(side.edges, *ends)
    return _Via(
        *_least(leaving, into, walk.building[buildings.ref]),
        *_least(arriving, out, walk.station[stations.ref]),
        Costs(
            walk.building[ends[0].ref[along.building]],
            walk.station[ends[1].ref[along.station]],
            along.cost_cm,
        ),
    )


def _dense(graph: Graph, ports: Longs, limit_cm: int) -> Longs:
    """Return (n_port, n_node) costs from each node to each port."""
    found = pairs(graph, ports, limit_cm)
    dense = np.full((len(ports), graph.n_node), FAR)
    port = np.repeat(np.arange(len(ports)), np.diff(found.start))
    dense[port, found.node] = found.cost_cm
    return dense


def _least(stubs: position.Stubs, node_cm: Longs, ref: Longs) -> tuple[Longs, Longs]:
    """Return ids, ascending, and (n_port, n_id) the least cost over the stubs of each."""
    owner = ref[stubs.row]
    order = np.argsort(owner, kind="stable")
    ids, first = np.unique(owner[order], return_index=True)
    node, cost = stubs.node[order], stubs.cost_cm[order]
    least = np.full((len(node_cm), len(ids)), FAR)
    if len(ids):
        for port, costs in enumerate(node_cm):
            least[port] = np.minimum.reduceat(costs[node] + cost, first)
    return ids, np.minimum(least, FAR)


def _through(via: _Via, who: Longs, where: Longs) -> Longs:
    """Return (n_who, n_where) the least cost through any port, or along a changed edge."""
    into = np.full((len(via.into), len(who)), FAR)
    out = np.full((len(via.out), len(where)), FAR)
    for wide, narrow, all_ids, ids in (
        (into, via.into, who, via.building), (out, via.out, where, via.station)
    ):  # fmt: skip
        there = np.isin(ids, all_ids)
        wide[:, np.searchsorted(all_ids, ids[there])] = narrow[:, there]
    best = np.full((len(who), len(where)), FAR)
    for a, b in zip(into, out, strict=True):
        near, far = np.flatnonzero(a < FAR), np.flatnonzero(b < FAR)
        box = np.ix_(near, far)
        best[box] = np.minimum(best[box], a[near][:, None] + b[far])
    return np.minimum(best, _grid(via.direct, who, where))


def _grid(costs: Costs, who: Longs, where: Longs) -> Longs:
    """Return costs as (n_who, n_where), the least of several, ``FAR`` where there is none."""
    grid = np.full((len(who), len(where)), FAR)
    there = np.isin(costs.building, who) & np.isin(costs.station, where)
    b, s, cost = (column[there] for column in costs)
    np.minimum.at(grid, (np.searchsorted(who, b), np.searchsorted(where, s)), cost)
    return grid


def _anew(after: Side, who: Longs, where: Longs, lost: Flags, limit_cm: int) -> Longs:
    """Search the pairs again that have lost their way; (n_who, n_where)."""
    walk = after.walk
    buildings = _of(walk.buildings, walk.building, who[lost.any(axis=1)])
    stations = _of(walk.stations, walk.station, where[lost.any(axis=0)])
    found = reach(after.graph, after.edges, buildings, stations, limit_cm)
    ids = walk.building[found.building], walk.station[found.station]
    return _grid(Costs(*ids, _long(found.cost_cm)), who, where)


def _around(graph: Graph, edges: Edges, rows: Access, limit_cm: int) -> Flags:
    """Return the nodes from which any of these access rows is in reach, and some more."""
    edge = np.unique(rows.edge)
    ends = np.union1d(edges.source[edge], edges.target[edge])
    return np.asarray(nearest(graph, ends, limit_cm).cost_cm >= 0)


def _near(rows: Access, side: Side, node: Flags) -> Access:
    """Return the access rows on edges that begin or end at one of these nodes."""
    edge = node[side.edges.source] | node[side.edges.target]
    return _where(rows, edge[rows.edge])


def _of(rows: Access, ids: Longs, those: Longs) -> Access:
    """Return the access rows of some ids."""
    return _where(rows, np.isin(ids, those)[rows.ref])


def _where(rows: Access, keep: Flags) -> Access:
    return Access(*(getattr(rows, name)[keep] for name in Access.__slots__))


def _long(values: Ints) -> Longs:
    return values.astype(np.int64)


def _difference(old: Costs, new: Costs) -> Costs:
    """Return the pairs of which only one side knows, or the sides differ."""
    who, b = np.unique(np.concatenate([old.building, new.building]), return_inverse=True)
    where, s = np.unique(np.concatenate([old.station, new.station]), return_inverse=True)
    key = b * max(1, len(where)) + s
    n = len(old.building)
    pair = np.unique(key)
    was, now = np.full((2, len(pair)), -1, dtype=np.int64)
    was[np.searchsorted(pair, key[:n])] = old.cost_cm
    now[np.searchsorted(pair, key[n:])] = new.cost_cm
    other = was != now
    pair = pair[other]
    return Costs(who[pair // max(1, len(where))], where[pair % max(1, len(where))], now[other])
