"""Access points: against brute force, and what no wall, no water and no new path may change."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, MultiPoint, Point, Polygon, box

from gis.content import table
from gis.crs import CGCS2000, LocalPlane
from gis.walk import access as module
from gis.walk.access import Access, attach, connect, half_up, places, seed_demand
from gis.walk.network import Network, build, lines, variant

PLANE = LocalPlane(115.48, 35.24)
NONE = np.array([], dtype=object)


def on_earth(*shapes):
    """Turn shapes in metres into shapes in degrees on the lattice."""

    def inverse(xy):
        return np.stack(PLANE.inverse(*xy.T), axis=1)

    return np.array([shapely.transform(shape, inverse) for shape in shapes], dtype=object)


def on_plane(shape):
    return shapely.transform(shape, lambda xy: np.stack(PLANE.forward(*xy.T), axis=1))


def ways(*paths, foot="both", steps=False):
    rows = [
        {"code": f"w{k:02}", "name": None, "highway": "path", "bridge": False, "tunnel": False,
         "steps": steps, "foot": foot, "geometry": line}
        for k, line in enumerate(on_earth(*map(LineString, paths)))
    ]  # fmt: skip
    return table("way", rows)


def gate(at):
    row = {"code": "g", "name": None, "compound": None, "hours": "24/7", "passage": "both"}
    return table("gate", [{**row, "geometry": on_earth(Point(at))[0]}])


def network(way, gates=None):
    return build(way, table("gate") if gates is None else gates, table("compound"))


def rows(found: Access):
    return list(
        zip(
            found.ref.tolist(),
            found.edge.tolist(),
            found.from_source_cm.tolist(),
            found.connector_cm.tolist(),
            strict=True,
        )
    )


def connected(*shapes, way, barrier=NONE, water=NONE, gates=None, limit=100.0):
    net = network(way, gates)
    return net, connect(net, way, PLANE, on_earth(*shapes), barrier, water, limit)


# ---------------------------------------------------------------- brute force


def candidates(part, line):
    """The places (share of the line) where one door or outline meets one edge."""
    if part.geom_type == "Polygon" and part.intersects(line):
        xy = shapely.get_coordinates(part.intersection(line))
        share = [line.project(Point(p), normalized=True) for p in xy]
        return [
            (line.interpolate(s, normalized=True),) * 2 + (s,) for s in (min(share), max(share))
        ]
    start, end = map(Point, shapely.shortest_line(part, line).coords)
    return [(start, end, line.project(end, normalized=True))]


def in_sight(start, end, obstacles):
    link = start if start.equals(end) else LineString([start, end])
    return all(link.distance(obstacle) > module.TOUCH_M for obstacle in obstacles)


def brute(net, way, shapes, obstacles, limit):
    edges = [on_plane(line) for line in lines(net, way)]
    found = set()
    for ref, shape in enumerate(map(on_plane, shapes)):
        for edge, line in enumerate(edges):
            for part in getattr(shape, "geoms", [shape]):
                if part.distance(line) > limit:
                    continue
                for start, end, share in candidates(part, line):
                    if in_sight(start, end, map(on_plane, obstacles)):
                        cm = int(half_up(share * net.length_cm[edge]))
                        found.add((ref, edge, cm, int(half_up(100 * start.distance(end)))))
    return found


def needless(row, found):
    return any(
        other != row and other[:2] == row[:2] and row[3] - other[3] >= abs(row[2] - other[2])
        for other in found
    )


metres = st.tuples(st.integers(0, 200), st.integers(0, 200))
path = st.lists(metres, min_size=2, max_size=4, unique=True)
paths = st.lists(path, min_size=1, max_size=4)
house = st.tuples(metres, st.integers(4, 40), st.integers(4, 40)).map(
    lambda h: box(*h[0], h[0][0] + h[1], h[0][1] + h[2])
)
doors = st.lists(metres, min_size=1, max_size=4, unique=True).map(MultiPoint)
shapes = st.lists(st.one_of(metres.map(Point), house, doors), min_size=1, max_size=4)
wall = st.lists(metres, min_size=2, max_size=4, unique=True).map(LineString)


@given(paths, shapes, st.lists(wall, max_size=3), st.lists(house, max_size=2))
@settings(deadline=None, max_examples=150)
def test_access_equals_brute_force(found, shapes, walls, ponds):
    way = ways(*found)
    net = network(way)
    barrier, water, shapes = on_earth(*walls), on_earth(*ponds), on_earth(*shapes)
    expected = brute(net, way, shapes, [*barrier, *water], 80)
    result = rows(connect(net, way, PLANE, shapes, barrier, water, 80))
    assert result == sorted(row for row in expected if not needless(row, expected))


# ---------------------------------------------------------------- walking


def walk(net: Network, building: Access, station: Access, shut=()):
    """Least cost from each building to the one station, by scipy: inf if there is no way."""
    forward, backward = variant(net, np.array(shut, dtype=bool))
    n = len(net.lon)
    cost = np.full((n, n), np.inf)
    np.minimum.at(cost, (net.source, net.target), np.where(forward < 0, np.inf, forward))
    np.minimum.at(cost, (net.target, net.source), np.where(backward < 0, np.inf, backward))
    graph = np.ma.masked_invalid(cost)
    between = dijkstra(graph)
    best = {}
    for ref, e, p, link in rows(building):
        for _, f, q, last in rows(station):
            leave = [(net.target[e], forward[e] - p, forward[e]), (net.source[e], p, backward[e])]
            reach = [(net.source[f], q, forward[f]), (net.target[f], backward[f] - q, backward[f])]
            total = [
                a + between[u, v] + b for u, a, x in leave for v, b, y in reach if x >= 0 and y >= 0
            ]
            if e == f and (forward if q >= p else backward)[e] >= 0:
                total.append(abs(q - p))
            best[ref] = min([best.get(ref, np.inf), *(link + t + last for t in total)])
    return best


@given(paths, path, shapes, metres, st.lists(wall, max_size=2), st.data())
@settings(deadline=None, max_examples=100)
def test_a_new_path_makes_nobody_farther(found, new, shapes, at, walls, data):
    new[0] = data.draw(st.sampled_from([p for one in found for p in one]))
    assume(len(set(new)) == len(new))
    barrier, shapes, station = on_earth(*walls), on_earth(*shapes), on_earth(Point(at))
    costs = []
    for way in (ways(*found), ways(*found, new)):
        net = network(way)
        here, there = (connect(net, way, PLANE, s, barrier, NONE) for s in (shapes, station))
        costs.append(walk(net, here, there))
    before, after = costs
    # the places of building and station are rounded anew where an edge is split: 1 cm each
    assert all(after.get(ref, np.inf) <= before[ref] + 2 for ref in before)


def test_nobody_steps_round_a_shut_gate():
    # A wall along x = 50 from y = -99 to 99, its gate at y = 0 on the path from 0 to 100.
    way = ways([(0, 0), (50, 0), (100, 0)])
    wall = on_earth(LineString([(50, -99), (50, 0), (50, 99)]))
    gates = gate((50, 0))
    net = network(way, gates)
    house, station = on_earth(box(40, 5, 48, 15)), on_earth(Point(60, 10))
    here, there = (connect(net, way, PLANE, s, wall, NONE) for s in (house, station))
    assert walk(net, here, there, shut=[True]) == {0: np.inf}
    # 5 m to the path, 12 m along it, 10 m to the station
    assert walk(net, here, there, shut=[False])[0] == pytest.approx(2700, abs=2)


def test_a_connector_may_not_end_on_a_gate_in_the_wall():
    way = ways([(50, 0), (100, 0)])
    wall = on_earth(LineString([(50, -99), (50, 0), (50, 99)]))
    _, inside = connected(Point(40, 0), way=way, barrier=wall)
    assert rows(inside) == []
    _, outside = connected(Point(60, 8), way=way, barrier=wall)
    assert [row[2:] for row in rows(outside)] == [(1000, 800)]


# ---------------------------------------------------------------- drawn cases


def test_a_connector_does_not_cross_a_wall_but_another_edge_is_in_sight():
    way = ways([(0, 0), (100, 0)], [(0, 50), (100, 50)])
    wall = on_earth(LineString([(-50, 10), (150, 10)]))
    net, found = connected(Point(50, 20), way=way, barrier=wall)
    (row,) = rows(found)
    assert net.way[row[1]] == 1
    assert row[2:] == (5000, 3000)


def test_every_edge_within_the_limit_counts_and_none_beyond():
    way = ways([(0, 0), (100, 0)], [(0, 90), (100, 90)], [(0, 160), (100, 160)])
    net, found = connected(Point(50, 50), way=way)
    assert {int(net.way[e]): c for _, e, _, c in rows(found)} == {0: 5000, 1: 4000}
    assert rows(connected(Point(50, 50), way=way, limit=39.0)[1]) == []


def test_nothing_is_reached_across_water_nor_a_bridge_from_below():
    bridge = ways([(0, 0), (100, 0)])
    river = on_earth(box(20, -200, 80, 200))
    assert rows(connected(Point(50, 1), way=bridge, water=river)[1]) == []  # on the water
    assert rows(connected(Point(50, 0), way=bridge, water=river)[1]) == []  # on the bridge
    assert [row[2:] for row in rows(connected(Point(10, 9), way=bridge, water=river)[1])] == [
        (1000, 900)
    ]
    banks = ways([(85, -50), (85, 50)])
    assert rows(connected(Point(10, 0), way=banks, water=river)[1]) == []


def test_an_island_in_a_lake_is_not_water():
    lake = on_earth(
        Polygon(box(0, 0, 100, 100).exterior.coords, [box(20, 20, 80, 80).exterior.coords])
    )
    found = connected(Point(50, 50), way=ways([(40, 40), (60, 40)]), water=lake)[1]
    assert [row[3] for row in rows(found)] == [1000]


def test_a_place_on_the_path_is_connected_unless_a_wall_stands_there():
    way = ways([(0, 0), (100, 0)])
    assert [row[2:] for row in rows(connected(Point(30, 0), way=way)[1])] == [(3000, 0)]
    wall = on_earth(LineString([(30, -9), (30, 9)]))
    assert rows(connected(Point(30, 0), way=way, barrier=wall)[1]) == []


def test_a_path_through_a_house_is_entered_at_both_ends_of_the_passage():
    found = connected(box(40, -10, 60, 10), way=ways([(0, 0), (100, 0)]))[1]
    assert [row[2:] for row in rows(found)] == [(4000, 0), (6000, 0)]


def test_all_doors_along_a_path_count():
    house = MultiPoint([(20, 10), (40, 10), (40, 30)])
    found = connected(house, way=ways([(0, 0), (100, 0)]))[1]
    # the door behind the second one is never better
    assert [row[2:] for row in rows(found)] == [(2000, 1000), (4000, 1000)]


def test_a_door_that_one_could_walk_to_is_kept_where_a_gate_may_shut():
    house = MultiPoint([(20, 10), (40, 35)])
    way = ways([(0, 0), (100, 0)])
    assert len(connected(house, way=way)[1].ref) == 1
    assert len(connected(house, way=way, gates=gate((100, 0)))[1].ref) == 2
    assert len(connected(house, way=ways([(0, 0), (100, 0)], foot="forward"))[1].ref) == 2
    assert len(connected(house, way=ways([(0, 0), (100, 0)], steps=True))[1].ref) == 2


def test_shapes_without_an_edge_in_reach_get_no_row():
    way = ways([(0, 0), (100, 0)])
    net = network(way)
    shapes = np.array([None, MultiPoint(), *on_earth(Point(0, 500), Point(0, 5))], dtype=object)
    assert connect(net, way, PLANE, shapes, NONE, NONE).ref.tolist() == [3]
    assert len(connect(net, way, PLANE, NONE, NONE, NONE).ref) == 0


def test_a_point_is_connected_to_the_edges_around_it_as_to_all():
    way = ways([(0, 0), (100, 0)], [(0, 300), (100, 300)], [(0, 40), (100, 40)])
    net, found = connected(Point(60, 10), way=way)
    near = np.flatnonzero(net.way != 1)
    some = attach(
        lines(net, way)[near], net.length_cm[near], PLANE, on_earth(Point(60, 10)), NONE, NONE
    )
    assert [(r, near[e], p, c) for r, e, p, c in rows(some)] == rows(found)


def test_chunks_change_nothing(monkeypatch):
    way = ways([(0, 0), (100, 0), (100, 80)], [(0, 0), (0, 80)])
    shapes = on_earth(*[MultiPoint([(k, 9), (k + 7, 20)]) for k in range(0, 100, 9)])
    wall = on_earth(LineString([(50, 5), (50, 60)]))
    net = network(way)
    whole = rows(connect(net, way, PLANE, shapes, wall, NONE))
    monkeypatch.setattr(module, "CHUNK", 1)
    assert rows(connect(net, way, PLANE, shapes, wall, NONE)) == whole


# ---------------------------------------------------------------- places and seeded demand


def test_demand_is_spread_in_proportion_to_length():
    net = network(ways([(0, 0), (1000, 0)], [(0, 0), (0, 250)], [(0, 0), (0, -10)]))
    found = seed_demand(net, 126)
    assert found.ref.tolist() == list(range(126))
    assert set(found.connector_cm.tolist()) == {0}
    count = np.bincount(found.edge, minlength=3)
    # one point to each 10 m piece of the edges laid end to end
    assert np.abs(count - net.length_cm / 1000).max() <= 1
    assert (found.from_source_cm >= 0).all()
    assert (found.from_source_cm < net.length_cm[found.edge]).all()


def test_demand_depends_on_the_seed_alone():
    net = network(ways([(0, 0), (1000, 0)], [(0, 0), (0, 250)]))
    assert rows(seed_demand(net, 50)) == rows(seed_demand(net, 50))
    assert rows(seed_demand(net, 50)) != rows(seed_demand(net, 50, seed=2))


def test_places_lie_where_the_tape_says():
    way = ways([(0, 0), (300, 0), (300, 700)])
    net = network(way)
    lon, lat = places(net, way, PLANE, np.array([0, 0, 0]), np.array([0, 20000, 50000]))
    assert (lon[0], lat[0]) == (net.lon[net.source[0]], net.lat[net.source[0]])
    start = on_earth(Point(0, 0), Point(300, 0))
    assert CGCS2000.inv(start[0].x, start[0].y, lon[1], lat[1])[2] == pytest.approx(200, abs=0.02)
    assert CGCS2000.inv(start[1].x, start[1].y, lon[2], lat[2])[2] == pytest.approx(200, abs=0.02)
