"""Ways become a network: against counting by hand, and properties over random small ways."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gis.content import table
from gis.crs import CGCS2000
from gis.errors import BadInput, NoNetwork
from gis.walk.network import Network, build, lines, variant
from gis.walk.vertices import curve_order

STEP = 0.001  # degrees between the places of the drawings
ORIGIN = (115.48, 35.24)


def place(x, y):
    return round(ORIGIN[0] + STEP * x, 9), round(ORIGIN[1] + STEP * y, 9)


def ways(*paths, foot="both", **columns):
    rows = [
        {
            "code": f"w{k:02}",
            "name": None,
            "highway": "path",
            "bridge": False,
            "tunnel": False,
            "steps": False,
            "foot": foot,
            "geometry": LineString([place(*at) for at in path]),
            **columns,
        }
        for k, path in enumerate(paths)
    ]
    return table("way", rows)


def gates(*at, compound=None, passage="both"):
    rows = [
        {
            "code": f"g{k:02}",
            "name": None,
            "compound": compound,
            "hours": "24/7",
            "passage": passage,
            "geometry": Point(place(*p)),
        }
        for k, p in enumerate(at)
    ]
    return table("gate", rows)


def compounds(*corners):
    rows = [
        {
            "code": f"c{k}",
            "name": None,
            "branch": None,
            "geometry": box(*place(*low), *place(*high)),
        }
        for k, (low, high) in enumerate(corners)
    ]
    return table("compound", rows)


NO_GATE, NO_COMPOUND = table("gate"), table("compound")


def network(*paths, gate=NO_GATE, compound=NO_COMPOUND, **columns):
    return build(ways(*paths, **columns), gate, compound)


def same(one: Network, two: Network) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(two, field.name))
        for field in fields(Network)
    )


def node(net, x, y):
    (found,) = np.flatnonzero((net.lon == place(x, y)[0]) & (net.lat == place(x, y)[1]))
    return found


def arcs(net, forward, backward):
    """Which node may be reached from which in one step, as pairs."""
    one = zip(net.source[forward >= 0], net.target[forward >= 0], strict=True)
    two = zip(net.target[backward >= 0], net.source[backward >= 0], strict=True)
    return {(int(a), int(b)) for a, b in [*one, *two]}


point = st.tuples(st.integers(0, 4), st.integers(0, 4))
path = st.lists(point, min_size=2, max_size=7)
paths = st.lists(path, min_size=1, max_size=6).filter(
    lambda found: any(len(set(one)) > 1 for one in found)
)


@given(paths, st.lists(point, unique=True, max_size=3))
@settings(deadline=None)
def test_nodes_are_ends_gates_and_vertices_used_twice(found, at):
    real = [[p for p, q in zip(one, [None, *one], strict=False) if p != q] for one in found]
    real = [one for one in real if len(one) > 1]
    use = Counter(p for one in real for p in one)
    expected = {one[k] for one in real for k in (0, -1)} | {p for p in use if use[p] > 1}
    expected |= set(at) & use.keys()
    net = network(*found, gate=gates(*at))
    assert set(zip(net.lon, net.lat, strict=True)) == {place(*p) for p in expected}
    assert len(net.lon) == len(expected)
    gated = {place(*p) for p in set(at) & use.keys()}
    assert {(net.lon[k], net.lat[k]) for k in np.flatnonzero(net.gate >= 0)} == gated
    # a way of n vertices with m inner nodes gives m + 1 edges
    n_edge = sum(sum(p in expected for p in one[1:-1]) + 1 for one in real)
    assert len(net.source) == n_edge


@given(paths)
@settings(deadline=None)
def test_edges_of_a_way_add_up_to_its_geodesic_length(found):
    table_of_ways = ways(*found)
    net = build(table_of_ways, NO_GATE, NO_COMPOUND)
    for row in np.unique(net.way):
        lon, lat = table_of_ways.geometry[row].xy
        total = 100 * CGCS2000.line_length(lon, lat)
        assert abs(net.length_cm[net.way == row].sum() - total) <= 0.5 + 1e-4


@given(paths)
@settings(deadline=None)
def test_edge_lines_run_from_source_to_target_and_are_as_long_as_the_edge(found):
    table_of_ways = ways(*found)
    net = build(table_of_ways, NO_GATE, NO_COMPOUND)
    for k, line in enumerate(lines(net, table_of_ways)):
        assert line.coords[0] == (net.lon[net.source[k]], net.lat[net.source[k]])
        assert line.coords[-1] == (net.lon[net.target[k]], net.lat[net.target[k]])
        # two positions, each rounded by at most half a centimetre
        assert abs(net.length_cm[k] - 100 * CGCS2000.line_length(*line.xy)) <= 1 + 1e-4


@given(paths, st.lists(point, unique=True, max_size=3), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_of_the_tables_changes_nothing(found, at, random):
    tables = [ways(*found), gates(*at, compound="c1", passage="in")]
    tables.append(compounds(((0, 0), (2, 2)), ((1, 1), (4, 4))))
    mixed = [t.iloc[random.sample(range(len(t)), len(t))] for t in tables]
    assert same(build(*tables), build(*mixed))


@given(paths, st.data())
@settings(deadline=None)
def test_a_new_crossing_changes_no_sum(found, data):
    k = data.draw(st.integers(0, len(found) - 1))
    at = data.draw(st.sampled_from(found[k]))
    before = network(*found)
    after = network(*found, [at, (9, 9)])
    assert len(after.lon) >= len(before.lon)
    for row in range(len(found)):
        sums = [net.length_cm[net.way == row].sum() for net in (before, after)]
        assert sums[0] == sums[1]


@given(st.lists(point, min_size=3, max_size=9).filter(lambda one: len(set(one)) > 1), st.data())
@settings(deadline=None)
def test_a_way_cut_in_two_at_a_vertex_stays_as_long_to_the_centimetre(one, data):
    at = data.draw(st.integers(1, len(one) - 2))
    whole, cut = network(one), network(one[: at + 1], one[at:])
    assert set(zip(whole.lon, whole.lat, strict=True)) <= set(zip(cut.lon, cut.lat, strict=True))
    assert abs(int(cut.length_cm.sum()) - int(whole.length_cm.sum())) <= 1


def test_the_sum_is_independent_of_the_ways_before():
    last = [(0, 0), (1, 3), (3, 4)]
    alone = network(last)
    long = [[(k, 0), (-k, 50)] for k in range(1, 40)]
    net = network(*long, last)
    assert net.length_cm[net.way == len(long)].tolist() == alone.length_cm.tolist()


def test_lines_that_cross_without_a_shared_vertex_stay_apart():
    net = network([(0, 0), (2, 2)], [(0, 2), (2, 0)])
    assert len(net.lon) == 4
    assert len(net.source) == 2


def test_a_way_that_crosses_itself_gets_a_node_there():
    # 2 — 1 — 2 is walked twice: once along, once across
    net = network([(0, 1), (1, 1), (2, 1), (2, 2), (1, 2), (1, 1), (1, 0)])
    assert len(net.lon) == 3
    assert sorted(zip(net.source, net.target, strict=True)) == sorted(
        [
            (node(net, 0, 1), node(net, 1, 1)),
            (node(net, 1, 1), node(net, 1, 1)),
            (node(net, 1, 1), node(net, 1, 0)),
        ]
    )


def test_a_closed_way_is_an_edge_from_a_node_to_itself():
    net = network([(0, 0), (1, 0), (1, 1), (0, 0)])
    assert (net.source.tolist(), net.target.tolist()) == ([0], [0])
    assert (net.first.tolist(), net.last.tolist()) == ([0], [3])


def test_repeated_vertices_make_no_node_and_no_edge():
    net = network([(0, 0), (0, 0), (1, 0), (1, 0), (2, 0), (2, 0)])
    assert len(net.lon) == 2
    assert len(net.source) == 1


def test_ways_without_length_are_left_out():
    net = network([(5, 5), (5, 5)], [(0, 0), (1, 0)])
    assert net.way.tolist() == [1]
    with pytest.raises(NoNetwork, match="nothing_to_walk_on"):
        network([(5, 5), (5, 5)])
    with pytest.raises(NoNetwork):
        build(table("way"), NO_GATE, NO_COMPOUND)


def test_a_way_that_is_no_line_is_named():
    broken = ways([(0, 0), (1, 0)])
    broken.geometry = [Point(0, 0)]
    with pytest.raises(BadInput, match=r"not_a_line.*w00"):
        build(broken, NO_GATE, NO_COMPOUND)


def test_two_gates_at_one_place_are_named():
    with pytest.raises(BadInput, match=r"twin_gates.*g00.*g01"):
        network([(0, 0), (1, 0)], gate=gates((1, 0), (1, 0)))


def test_one_way_paths_are_closed_in_the_other_direction():
    ahead = network([(0, 0), (1, 0)], foot="forward")
    back = network([(0, 0), (1, 0)], foot="backward")
    assert ahead.forward_cm.tolist() == ahead.length_cm.tolist() == back.backward_cm.tolist()
    assert ahead.backward_cm.tolist() == back.forward_cm.tolist() == [-1]


def test_step_free_closes_steps_only():
    net = build(ways([(0, 0), (1, 0)]).pipe(lambda t: t.assign(steps=True)), NO_GATE, NO_COMPOUND)
    assert variant(net, np.array([], dtype=bool))[0].tolist() == net.length_cm.tolist()
    assert [side.tolist() for side in variant(net, np.array([], dtype=bool), step_free=True)] == [
        [-1],
        [-1],
    ]
    flat = network([(0, 0), (1, 0)])
    assert variant(flat, np.array([], dtype=bool), step_free=True)[0].tolist() != [-1]


def test_steps_may_cost_more_than_they_measure():
    stairs = ways([(0, 0), (1, 0), (2, 0)], [(1, 0), (1, 1)], steps=True)
    net = build(stairs, NO_GATE, NO_COMPOUND, steps_factor=1.5)
    assert np.abs(net.forward_cm - 1.5 * net.length_cm).max() <= 2
    first = net.way == 0
    whole = build(stairs[:1], NO_GATE, NO_COMPOUND, steps_factor=1.5)
    assert net.forward_cm[first].sum() == whole.forward_cm.sum()


# A compound of (0, 0)–(2, 2); its gate at (2, 1); a road outside runs from (3, 0) to (3, 2).
YARD = ([(1, 1), (2, 1)], [(2, 1), (3, 1)])
WALLED = compounds(((0, 0), (2, 2)))


def passes(gate, shut):
    """Who may go from inside to the gate, on to the outside, and the same inwards."""
    net = network(*YARD, gate=gate, compound=WALLED)
    inner, door, outer = node(net, 1, 1), node(net, 2, 1), node(net, 3, 1)
    assert net.gate[door] == 0
    found = arcs(net, *variant(net, np.array([shut])))
    steps = [(inner, door), (door, outer), (outer, door), (door, inner)]
    return [step in found for step in steps]


@pytest.mark.parametrize(
    ("passage", "shut", "expected"),
    [
        ("both", False, [True, True, True, True]),
        ("both", True, [False, True, False, True]),
        ("out", False, [True, True, False, True]),
        ("in", False, [False, True, True, True]),
        ("out", True, [False, True, False, True]),
    ],
)
def test_gates_close_directions_into_them(passage, shut, expected):
    assert passes(gates((2, 1), compound="c0", passage=passage), shut) == expected


def test_a_one_way_gate_without_a_compound_is_open():
    assert passes(gates((2, 1), passage="out"), shut=False) == [True] * 4


def test_edges_know_the_compound_that_holds_their_middle():
    net = network(
        [(1, 1), (2, 1), (3, 1)], [(0, 0), (0, 2)], [(2, 1), (1, 2)], [(5, 5), (6, 5)],
        gate=gates((2, 1)), compound=compounds(((0, 0), (2, 2)), ((-1, -1), (2, 3)))
    )  # fmt: skip
    inside = {(int(net.way[k]), int(net.first[k])): int(net.inside[k]) for k in range(len(net.way))}
    # within the first two: the first; along its wall: the second; outside: none
    assert inside == {(0, 0): 0, (0, 1): -1, (1, 0): 1, (2, 0): 0, (3, 0): -1}


def test_curve_goes_from_each_cell_to_a_neighbour():
    cells = np.stack(np.meshgrid(np.arange(16), np.arange(16)), axis=-1).reshape(-1, 2)
    walk = cells[curve_order(cells)]
    assert len(np.unique(walk, axis=0)) == 256
    assert np.abs(np.diff(walk, axis=0)).sum(axis=1).tolist() == [1] * 255


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**11), 10**11), st.integers(-9, 9)), min_size=1))
def test_curve_order_does_not_depend_on_the_order_of_points(points):
    array = np.array(points, dtype=np.int64)
    back = array[::-1]
    assert np.array_equal(array[curve_order(array)], back[curve_order(back)])


def test_nodes_are_on_the_lattice_of_the_ways():
    crooked = ways([(0, 0), (1, 0)])
    crooked.geometry = shapely.linestrings([[(115.1234567891, 35.0), (115.2, 35.1)]])
    net = build(crooked, NO_GATE, NO_COMPOUND)
    assert set(net.lon) == {115.123456789, 115.2}
