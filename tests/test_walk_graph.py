import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import BadInput
from gis.walk.graph import LONGEST_CM, graph

EDGE = st.tuples(
    st.integers(0, 6), st.integers(0, 6), st.integers(-1, 9), st.integers(-1, 9)
)  # few nodes: many loops and parallel edges


def arcs_of(arcs):
    tail = np.repeat(np.arange(arcs.start.size - 1), np.diff(arcs.start))
    return list(zip(tail.tolist(), arcs.node.tolist(), arcs.cost_cm.tolist(), arcs.edge.tolist(),
                    strict=True))  # fmt: skip


def cheapest(edges):
    """The least (cost, edge) of every pair of nodes, told apart by their direction."""
    best = {}
    for row, (source, target, forward, backward) in enumerate(edges):
        for pair, cost in (((source, target), forward), ((target, source), backward)):
            if cost >= 0 and source != target:
                best[pair] = min(best.get(pair, (cost, row)), (cost, row))
    return best


def columns(edges):
    return np.array(edges, dtype=np.int32).reshape(-1, 4).T


@settings(deadline=None)
@given(st.lists(EDGE, max_size=40))
def test_both_directions_hold_the_cheapest_open_arc_of_each_pair(edges):
    net = graph(7, *columns(edges))
    best = cheapest(edges)
    assert arcs_of(net.forward) == sorted((a, b, *rest) for (a, b), rest in best.items())
    assert arcs_of(net.reversed) == sorted((b, a, *rest) for (a, b), rest in best.items())


@settings(deadline=None)
@given(st.lists(EDGE, max_size=40), st.randoms())
def test_the_order_of_the_edges_changes_no_arc(edges, random):
    shuffled = random.sample(edges, len(edges))
    one, other = (graph(7, *columns(each)) for each in (edges, shuffled))
    assert np.array_equal(one.reversed.start, other.reversed.start)
    assert np.array_equal(one.reversed.arc, other.reversed.arc)


def test_nodes_without_edges_and_no_nodes_at_all():
    assert graph(3, [], [], [], []).forward.start.tolist() == [0, 0, 0, 0]
    assert graph(0, [], [], [], []).n_node == 0


def test_nobody_may_write_into_a_graph():
    net = graph(2, [0], [1], [5], [5])
    with pytest.raises(ValueError, match="read-only"):
        net.forward.arc[0] = 0


@pytest.mark.parametrize(
    ("edge", "message"),
    [
        (([0], [2], [1], [1]), "outside 0 … 1"),
        (([-1], [1], [1], [1]), "outside 0 … 1"),
        (([0], [1], [-2], [1]), "cost must be -1"),
        (([0], [1], [1], [LONGEST_CM + 1]), "cost must be -1"),
        (([0], [1], [1], [1, 2]), "differ in length"),
    ],
)
def test_edges_that_cannot_be(edge, message):
    with pytest.raises(BadInput, match=message):
        graph(2, *edge)


def test_costs_up_to_the_greatest_survive():
    net = graph(2, [0], [1], [LONGEST_CM], [0])
    assert net.forward.cost_cm.tolist() == [LONGEST_CM, 0]
    assert net.forward.longest_cm == LONGEST_CM
