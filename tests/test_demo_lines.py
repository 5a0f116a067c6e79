import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from gis.demo.lines import beside, faces, node, sources, spline, split, unpruned
from gis.demo.units import Borders, arrange, segments

coordinate = st.integers(0, 200_000).map(lambda v: v / 1000)
point = st.tuples(coordinate, coordinate)
segment = st.tuples(point, point).filter(lambda s: s[0] != s[1]).map(LineString)
FRAME = box(-1, -1, 201, 201)


@settings(max_examples=60, deadline=None)
@given(st.lists(segment, min_size=2, max_size=12))
def test_noded_edges_meet_at_their_ends_only(lines):
    edges = node(lines)
    assert (np.round(shapely.get_coordinates(edges), 3) == shapely.get_coordinates(edges)).all()
    touch = shapely.STRtree(edges).query(edges, predicate="crosses")
    assert touch.size == 0
    assert (sources(edges, lines) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(segment, min_size=1, max_size=10))
def test_units_tile_their_outline_with_the_same_vertices_on_both_sides(lines):
    crossing = [LineString(line.coords) for line in lines]
    borders = Borders([FRAME.exterior, *crossing], ["main", *["path"] * len(crossing)])
    made = arrange(borders, [], [], FRAME)
    assert abs(shapely.area(made.units).sum() - FRAME.area) < 1e-6
    border, _ = segments(shapely.get_rings(made.units))
    unique, times = np.unique(border, axis=0, return_counts=True)
    outer = {
        tuple(s) for s in segments(np.array([shapely.union_all(made.units).exterior]))[0].tolist()
    }
    once = {tuple(s) for s in unique[times == 1].tolist()}
    assert times.max() <= 2
    assert once == outer  # whatever lies inside occurs twice


def test_a_loose_end_is_cut_back_to_the_last_crossing():
    square = [
        LineString([(0, 0), (9, 0)]),
        LineString([(9, 0), (9, 9)]),
        LineString([(9, 9), (0, 0)]),
    ]
    tail = [LineString([(9, 9), (20, 9)]), LineString([(20, 9), (30, 9)])]
    edges = node([*square, *tail])
    assert unpruned(edges, np.zeros(5, dtype=bool)).sum() == 3
    assert unpruned(edges, shapely.bounds(edges)[:, 2] > 25).sum() == 5  # an end that may stay


def test_split_cuts_in_order_from_the_west():
    pieces = split(
        box(0, 0, 30, 10), [LineString([(10, 0), (10, 10)]), LineString([(20, 0), (20, 10)])]
    )
    assert [round(p.area) for p in pieces] == [100, 100, 100]
    assert [round(p.centroid.x) for p in pieces] == [5, 15, 25]


def test_a_curve_passes_through_its_points_and_its_side_keeps_its_distance():
    points = np.array([(0.0, 0.0), (100.0, 30.0), (220.0, 10.0), (300.0, 60.0)])
    curve = spline(points)
    assert np.abs(curve[::24] - points).max() < 1e-9
    left = beside(curve, 5.0)
    assert abs(LineString(curve).distance(shapely.Point(left[40])) - 5) < 0.1
    assert left[0, 1] > curve[0, 1]  # left of a line to the east is north


def test_faces_come_in_a_fixed_order():
    lines = [LineString([(0, k), (4, k)]) for k in range(5)] + [
        LineString([(k, 0), (k, 4)]) for k in range(5)
    ]
    forward, back = faces(node(lines)), faces(node(lines[::-1]))
    assert shapely.equals_exact(forward, back).all()
    assert len(forward) == 16
