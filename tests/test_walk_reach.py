import csv
from itertools import groupby, pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from shared import SHARED
from walks import Walk, arrays, columns, node_costs, reached, share, town, walks

from gis.errors import BadInput
from gis.walk.graph import LONGEST_CM, Edges, graph
from gis.walk.plan import SHIFT, plan
from gis.walk.position import Points
from gis.walk.reach import nearest, pairs, path, reach, warm

LIMIT = st.integers(0, 120)
NONE = arrays(Points, [], 4)


@pytest.fixture(autouse=True)
def _small_graphs_are_shared_out_too(monkeypatch):
    monkeypatch.setattr("gis.walk.reach.ALONE", 1)


def triples(found):
    return list(zip(found.building.tolist(), found.cost_cm.tolist(), found.station.tolist(),
                    strict=True))  # fmt: skip


def nearest_by_hand(between, n_node, stations, limit):
    """(cost, station) of every node: the least of all, by cost and then by row."""
    ways = [
        [(between[node, at], row) for row, at in enumerate(stations) if at >= 0]
        for node in range(n_node)
    ]
    least = [min(each, default=(limit + 1, -1)) for each in ways]
    return [each if each[0] <= limit else (-1, -1) for each in least]


@settings(deadline=None)
@given(walks(), st.lists(st.integers(-1, 7), max_size=6), LIMIT, st.sampled_from([1, 2]))
def test_nearest_station_of_every_node(walk, stations, limit, threads):
    stations = [min(at, walk.n_node - 1) for at in stations]
    found = nearest(walk.graph, stations, limit, threads)
    between = node_costs(walk.n_node, walk.edges)
    assert list(zip(found.cost_cm.tolist(), found.station.tolist(), strict=True)) == (
        nearest_by_hand(between, walk.n_node, stations, limit)
    )


@settings(deadline=None)
@given(walks(), st.lists(st.integers(-1, 7), max_size=6), LIMIT)
def test_all_pairs_of_stations_and_nodes(walk, stations, limit):
    stations = [min(at, walk.n_node - 1) for at in stations]
    found = pairs(walk.graph, stations, limit)
    between = node_costs(walk.n_node, walk.edges)
    for row, at in enumerate(stations):
        own = slice(found.start[row], found.start[row + 1])
        ours = dict(zip(found.node[own].tolist(), found.cost_cm[own].tolist(), strict=True))
        assert len(ours) == found.node[own].size
        assert ours == {
            node: between[node, at]
            for node in range(walk.n_node)
            if at >= 0 and between[node, at] <= limit
        }


@settings(deadline=None, max_examples=400)
@given(walks(), LIMIT, st.sampled_from([1, 2]))
def test_all_pairs_of_buildings_and_stations(walk, limit, threads):
    found = reach(walk.graph, walk.edges, walk.building, walk.station, limit, threads)
    assert triples(found) == reached(walk, limit)


@settings(deadline=None)
@given(walks(), LIMIT, st.randoms())
def test_permuted_access_rows_change_nothing(walk, limit, random):
    def shuffled(access):
        order = random.sample(range(access.ref.size), access.ref.size)
        return Points(*(column[order] for column in access))

    building, station = shuffled(walk.building), shuffled(walk.station)
    found = reach(walk.graph, walk.edges, building, station, limit)
    assert triples(found) == reached(walk, limit)


def recount(walk, way):
    """What the way's pieces cost, and the places it passes: nodes, or places on edges."""
    source, target, length, forward, backward = columns(walk.edges)
    cost = int(walk.building.connector_cm[way.building_row])
    cost += int(walk.station.connector_cm[way.station_row])
    for e, a, b in zip(way.edge.tolist(), way.from_cm.tolist(), way.to_cm.tolist(), strict=True):
        pay = forward[e] if a <= b else backward[e]
        assert a == b or pay >= 0, "the way runs along a closed edge"
        cost += abs(share(b, length[e], pay) - share(a, length[e], pay))
    ends = [
        ({0: source[e], length[e]: target[e]}.get(a), {0: source[e], length[e]: target[e]}.get(b))
        for e, a, b in zip(way.edge.tolist(), way.from_cm.tolist(), way.to_cm.tolist(), strict=True)
    ]
    assert all(one[1] == other[0] is not None for one, other in pairwise(ends))
    return cost


def with_lengths(walk):
    """The same with every edge at least 1 cm long: a zero length has no direction to recount."""
    edges = walk.edges
    length = np.maximum(edges.length_cm, 1)
    return Walk(
        walk.n_node,
        Edges(edges.source, edges.target, length, edges.forward_cm, edges.backward_cm),
        walk.building,
        walk.station,
    )


@settings(deadline=None, max_examples=300)
@given(walks().map(with_lengths))
def test_a_path_is_connected_and_costs_what_reach_says(walk):
    way = path(walk.graph, walk.edges, walk.building, walk.station)
    least = min((cost for _, cost, _ in reached(walk, 10**9)), default=None)
    if least is None:
        assert way is None
        return
    assert way.cost_cm == least == recount(walk, way)
    ends = zip((way.building_row, way.station_row), (walk.building, walk.station), (0, -1),
               ((way.from_cm), (way.to_cm)), strict=True)  # fmt: skip
    for row, access, at, place in ends:
        assert access.edge[row] == way.edge[at]
        assert access.from_source_cm[row] == place[at]


@settings(deadline=None)
@given(walks())
def test_a_path_costs_what_reach_says_through_zero_lengths_too(walk):
    way = path(walk.graph, walk.edges, walk.building, walk.station)
    least = min((cost for _, cost, _ in reached(walk, 10**9)), default=None)
    assert (way and way.cost_cm) == least


def test_of_equal_ways_a_path_takes_the_fewest_nodes_then_the_smallest_edge():
    # 0 to 3 costs 4 through 1, through 2, and through 4 and 5; edges 0, 6 lead on from the ends
    source, target = [7, 0, 2, 0, 1, 0, 3, 4, 5], [0, 2, 3, 1, 3, 4, 8, 5, 3]
    cost = [5, 2, 2, 2, 2, 1, 5, 1, 2]
    edges = arrays(Edges, np.stack([source, target, cost, cost, cost], axis=1), 5)
    walk = Walk(9, edges, arrays(Points, [(0, 0, 3, 0)], 4), arrays(Points, [(0, 6, 1, 0)], 4))
    way = path(walk.graph, edges, walk.building, walk.station)
    assert way.cost_cm == 2 + 4 + 1
    assert way.edge.tolist() == [0, 1, 2, 6]
    assert way.from_cm.tolist() == [3, 0, 0, 0]
    assert way.to_cm.tolist() == [5, 2, 2, 1]


def test_a_path_with_a_limit_stops_there():
    edges = arrays(Edges, [(0, 1, 100, 100, 100)], 5)
    ends = arrays(Points, [(0, 0, 0, 10)], 4), arrays(Points, [(0, 0, 100, 0)], 4)
    net = graph(2, [0], [1], [100], [100])
    assert path(net, edges, *ends, limit_cm=109) is None
    assert path(net, edges, *ends, limit_cm=110).cost_cm == 110


def test_a_path_goes_further_than_its_first_search():
    # 1,000 edges of 10 m: 10 km, and the way back is closed
    n = 1000
    hop = np.full(n, 1000)
    edges = arrays(
        Edges, np.stack([np.arange(n), np.arange(1, n + 1), hop, hop, -hop // hop], 1), 5
    )
    walk = Walk(
        n + 1, edges, arrays(Points, [(0, 0, 0, 0)], 4), arrays(Points, [(0, n - 1, 1000, 0)], 4)
    )
    way = path(walk.graph, edges, walk.building, walk.station)
    assert way.cost_cm == 1_000_000
    assert way.edge.tolist() == list(range(n))
    assert path(walk.graph, edges, walk.station, walk.building) is None


def least_matrix(n_node, edges):
    """A scipy matrix with the cheapest of parallel arcs (it would add them), 0 as 1e-9."""
    source, target, _, forward, backward = (np.array(each) for each in columns(edges))
    tail, head = np.concatenate([source, target]), np.concatenate([target, source])
    cost = np.concatenate([forward, backward])
    tail, head, cost = (each[(cost >= 0) & (tail != head)] for each in (tail, head, cost))
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    return coo_matrix((np.maximum(cost[first], 1e-9), (tail[first], head[first])), (n_node, n_node))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("cost", "room"), [(3, 512), (9_000, 2), (9_000, 512), (90_000, 2)])
def test_against_scipy_on_larger_networks(seed, cost, room, monkeypatch):
    # costs up to 3 make many ties; with little room, buckets grow on the way
    monkeypatch.setattr("gis.walk.plan.ROOM", room)
    n_node, limit = 3000, 5 * cost
    edges = town(n_node, seed, cost)
    net = Walk(n_node, edges, NONE, NONE).graph
    stations = np.random.default_rng(seed).integers(0, n_node, 70)
    theirs = np.rint(dijkstra(least_matrix(n_node, edges).T.tocsr(), indices=stations))
    theirs[theirs > limit] = limit + 1
    found = nearest(net, stations, limit, 2)
    assert np.array_equal(np.where(found.cost_cm < 0, limit + 1, found.cost_cm), theirs.min(0))
    assert np.array_equal(found.station, np.where(found.cost_cm < 0, -1, theirs.argmin(0)))
    all_pairs = pairs(net, stations, limit, 2)
    ours = np.full(theirs.shape, limit + 1)
    ours[np.repeat(np.arange(70), np.diff(all_pairs.start)), all_pairs.node] = all_pairs.cost_cm
    assert np.array_equal(ours, theirs)


def pay(net, tail, head, cost):
    """Add an arc unless a cheaper one is there."""
    if cost < net.get_edge_data(tail, head, {"weight": cost + 1})["weight"]:
        net.add_edge(tail, head, weight=cost)


def stranger(walk):
    """The network as somebody else would build it: a node for each access row, arcs to and fro."""
    net = nx.DiGraph()
    net.add_nodes_from(range(walk.n_node))
    rows = list(zip(*columns(walk.edges), strict=True))
    for source, target, _, forward, backward in rows:
        if forward >= 0:
            pay(net, source, target, forward)
        if backward >= 0:
            pay(net, target, source, backward)
    for i, e, p, connector in zip(*(column.tolist() for column in walk.building), strict=True):
        source, target, length, forward, backward = rows[e]
        if forward >= 0:
            pay(net, ("building", i), target, connector + forward - share(p, length, forward))
        if backward >= 0:
            pay(net, ("building", i), source, connector + share(p, length, backward))
    for i, e, p, connector in zip(*(column.tolist() for column in walk.station), strict=True):
        source, target, length, forward, backward = rows[e]
        if forward >= 0:
            pay(net, source, ("station", i), connector + share(p, length, forward))
        if backward >= 0:
            pay(net, target, ("station", i), connector + backward - share(p, length, backward))
    return net


@pytest.mark.parametrize("seed", range(4))
def test_against_networkx_with_access_points_as_nodes(seed):
    n_node, edges, random = 500, town(500, seed), np.random.default_rng(seed)
    half = edges.source.size // 2  # buildings on one half of the edges, stations on the other

    def some(n, edge):
        place = (random.random(n) * (edges.length_cm[edge] + 1)).astype(int)
        return arrays(
            Points, np.stack([np.arange(n) // 2, edge, place, random.integers(0, 5000, n)], 1), 4
        )

    building, station = (
        some(200, random.integers(0, half, 200)),
        some(60, random.integers(half, 2 * half, 60)),
    )
    walk = Walk(n_node, edges, building, station)
    net, expected = stranger(walk).reverse(), []
    for i in range(30):
        costs = nx.single_source_dijkstra_path_length(net, ("station", i), cutoff=40_000)
        expected += [
            (to[1], cost, i)
            for to, cost in costs.items()
            if isinstance(to, tuple) and to[0] == "building"
        ]
    assert len(expected) > 100
    assert triples(reach(walk.graph, edges, building, station, 40_000, 2)) == sorted(expected)


def test_an_edge_longer_than_the_limit_can_be_walked_in_part():
    edges = arrays(Edges, [(0, 1, 5_000_000, 5_000_000, 5_000_000)], 5)
    building, station = (
        arrays(Points, [(4, 0, 2_000_000, 1)], 4),
        arrays(Points, [(9, 0, 2_000_070, 2)], 4),
    )
    net = graph(2, [0], [1], [5_000_000], [5_000_000])
    assert triples(reach(net, edges, building, station, 73)) == [(4, 73, 9)]
    assert triples(reach(net, edges, building, station, 72)) == []


def test_the_greatest_costs_do_not_overflow():
    top = LONGEST_CM
    edges = arrays(Edges, [(0, 1, top, top, top), (1, 2, top, top, top)], 5)
    net = graph(3, [0, 1], [1, 2], [top, top], [top, top])
    far = np.iinfo(np.int32).max
    ends = (
        arrays(Points, [(0, 0, top, far), (1, 1, 0, 5)], 4),
        arrays(Points, [(0, 1, top, far), (1, 0, top - 3, 6)], 4),
    )
    assert triples(reach(net, edges, *ends, top - 1)) == [(1, 14, 1)]
    assert path(net, edges, *ends).cost_cm == 14
    assert nearest(net, [0, 2], top - 1).cost_cm.tolist() == [0, -1, 0]


def test_a_limit_far_beyond_every_way_makes_no_wider_buckets(monkeypatch):
    """In wide ones a node is lowered again and again, and their entries fill the memory."""
    made = []

    def noted(*how):
        made.append(plan(*how))
        return made[-1]

    for module in ("reach", "path"):
        monkeypatch.setattr(f"gis.walk.{module}.plan", noted)
    edges = town(50, 4)
    net = graph(50, edges.source, edges.target, edges.forward_cm, edges.backward_cm)
    access = arrays(Points, [(0, 0, 0, 10), (1, 7, 0, 10)], 4)
    reach(net, edges, access, access, LONGEST_CM - 1)
    assert path(net, edges, access, NONE) is None
    assert [how.limit for how in made].count(LONGEST_CM - 1) == 2
    assert {how.shift for how in made} == {SHIFT}


@pytest.mark.parametrize("limit", [-1, LONGEST_CM])
def test_limits_that_cannot_be(limit):
    net = graph(1, [], [], [], [])
    with pytest.raises(BadInput, match="limit"):
        nearest(net, [0], limit)


@pytest.mark.parametrize("node", [-2, 1])
def test_a_station_at_a_node_that_is_not_there(node):
    with pytest.raises(BadInput, match="outside 0 … 0"):
        pairs(graph(1, [], [], [], []), [node], 5)


@pytest.mark.parametrize(
    ("row", "message"),
    [((0, 1, 0, 0), "not there"), ((0, 0, 11, 0), "beyond the end"), ((0, 0, 0, -1), "negative")],
)
def test_access_points_that_cannot_be(row, message):
    edges, net = arrays(Edges, [(0, 1, 10, 10, 10)], 5), graph(2, [0], [1], [10], [10])
    with pytest.raises(BadInput, match=message):
        reach(net, edges, arrays(Points, [row], 4), NONE, 5)


def test_nothing_on_either_side():
    edges, net = arrays(Edges, [(0, 1, 10, 10, 10)], 5), graph(2, [0], [1], [10], [10])
    one = arrays(Points, [(0, 0, 0, 0)], 4)
    assert (
        triples(reach(net, edges, NONE, one, 5, 2))
        == triples(reach(net, edges, one, NONE, 5))
        == []
    )
    assert nearest(net, [], 5, 2).station.tolist() == [-1, -1]
    assert pairs(net, [], 5, 2).start.tolist() == [0]
    assert path(net, edges, NONE, one) is None


def test_warming_compiles_every_kernel():
    from gis.walk import kernels

    warm()
    compiled = [
        getattr(kernels, name) for name in ("spread", "settle", "pairs", "reach", "by_building")
    ]
    assert all(len(kernel.signatures) == 1 for kernel in compiled)


def published():
    """(sources, directed, equicost) and the answers of each of pgRouting's published cases."""
    folder = SHARED / "data" / "known" / "pgrouting"
    if not folder.exists():
        pytest.skip(f"the published answers of pgRouting are not there: {folder}")
    with (folder / "edges.csv").open() as file:
        edges = [[int(value) for value in row.values()] for row in csv.DictReader(file)]
    with (folder / "driving_distance.csv").open() as file:
        rows = list(csv.DictReader(file))
    cases = [list(group) for _, group in groupby(rows, key=lambda row: row["case"])]
    return np.array(edges), cases


@pytest.mark.parametrize("case", range(3))
def test_published_answers_of_pgrouting(case):
    edges, cases = published()
    sources = [int(one) for one in cases[case][0]["sources"].split()]
    _, source, target, forward, backward = edges.T
    if cases[case][0]["directed"] == "False":  # an edge closed one way counts both ways there
        forward = backward = np.maximum(forward, backward)
    # their costs run from the source: the same network turned round
    net = graph(18, source, target, backward, forward)
    if cases[case][0]["equicost"] == "True":
        found = zip(range(18), *(each.tolist() for each in nearest(net, sources, 3)), strict=True)
        ours = [(sources[row], node, cost) for node, cost, row in found if cost >= 0]
    else:
        start, node, cost = (each.tolist() for each in pairs(net, sources, 3))
        ours = list(zip(np.repeat(sources, np.diff(start)).tolist(), node, cost, strict=True))
    theirs = [
        (int(row["from_node"]), int(row["node"]), float(row["agg_cost"])) for row in cases[case]
    ]
    assert sorted(ours) == sorted(theirs)
