"""Random walking networks, and what brute force says about them."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor

import numpy as np
from hypothesis import strategies as st

from gis.walk.graph import Edges, Graph, graph
from gis.walk.position import Points


@dataclass(frozen=True)
class Walk:
    n_node: int
    edges: Edges
    building: Points
    station: Points

    @property
    def graph(self) -> Graph:
        edges = self.edges
        return graph(self.n_node, edges.source, edges.target, edges.forward_cm, edges.backward_cm)


def arrays(kind, rows, width):
    return kind(*np.array(rows, dtype=np.int32).reshape(-1, width).T.copy())


@st.composite
def walks(draw, cost=30):
    """Small networks with loops, parallel and closed edges, zero lengths and zero costs."""
    n_node = draw(st.integers(1, 8))
    node, pay = st.integers(0, n_node - 1), st.integers(-1, cost)
    edge = st.tuples(node, node, st.integers(0, 20), pay, pay)
    edges = arrays(Edges, draw(st.lists(edge, min_size=1, max_size=16)), 5)
    return Walk(n_node, edges, draw(points(edges, 5)), draw(points(edges, 3)))


@st.composite
def points(draw, edges, n_ref):
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        edge = draw(st.integers(0, edges.source.size - 1))
        position = draw(st.integers(0, int(edges.length_cm[edge])))
        rows.append((draw(st.integers(0, n_ref)), edge, position, draw(st.integers(0, 9))))
    return arrays(Points, sorted(rows), 4)


def node_costs(n_node, edges):
    """All costs between nodes by Floyd and Warshall; absent where there is no way."""
    cost = defaultdict(lambda: float("inf"), {(i, i): 0 for i in range(n_node)})
    for s, t, _, forward, backward in zip(*columns(edges), strict=True):
        for pair, pay in (((s, t), forward), ((t, s), backward)):
            if pay >= 0:
                cost[pair] = min(cost[pair], pay)
    for k, i, j in product(range(n_node), repeat=3):
        cost[i, j] = min(cost[i, j], cost[i, k] + cost[k, j])
    return cost


def columns(edges):
    names = ("source", "target", "length_cm", "forward_cm", "backward_cm")
    return [getattr(edges, name).tolist() for name in names]


def share(position, length, cost):
    """The rounded part of the cost, half up, from fractions and not from our formula."""
    return floor(Fraction(position * cost, length) + Fraction(1, 2)) if length else 0


def access_cost(walk, between, one, other):
    """The cheapest way from access row to access row, straight from the definition."""
    e, p, c = (int(column[one]) for column in walk.building[1:])
    f, q, d = (int(column[other]) for column in walk.station[1:])
    rows = list(zip(*columns(walk.edges), strict=True))
    (s, t, length, forward, backward), (u, v, far, onwards, back) = rows[e], rows[f]
    off = [(t, forward - share(p, length, forward))] if forward >= 0 else []
    off += [(s, share(p, length, backward))] if backward >= 0 else []
    on = [(u, share(q, far, onwards))] if onwards >= 0 else []
    on += [(v, back - share(q, far, back))] if back >= 0 else []
    ways = [a + between[i, j] + b for (i, a), (j, b) in product(off, on)]
    if e == f and q >= p and forward >= 0:
        ways.append(share(q, length, forward) - share(p, length, forward))
    if e == f and q <= p and backward >= 0:
        ways.append(share(p, length, backward) - share(q, length, backward))
    return c + d + min(ways, default=float("inf"))


def reached(walk, limit):
    """All (building, cost, station) within the limit, sorted."""
    between, best = node_costs(walk.n_node, walk.edges), {}
    for one, other in product(range(walk.building.ref.size), range(walk.station.ref.size)):
        pair = int(walk.building.ref[one]), int(walk.station.ref[other])
        cost = access_cost(walk, between, one, other)
        best[pair] = min(best.get(pair, cost), cost)
    return sorted((b, cost, s) for (b, s), cost in best.items() if cost <= limit)


def town(n_node, seed, cost=9000):
    """A larger random network: a ring with chords, one-way and closed edges among them."""
    random = np.random.default_rng(seed)
    ring = np.arange(n_node)
    source = np.concatenate([ring, random.integers(0, n_node, n_node)])
    target = np.concatenate([np.roll(ring, -1), random.integers(0, n_node, n_node)])
    pay = random.integers(0, cost, (2, source.size))
    pay[random.random(pay.shape) < 0.2] = -1
    length = random.integers(0, cost, source.size)
    return arrays(Edges, np.stack([source, target, length, *pay], axis=1), 5)
