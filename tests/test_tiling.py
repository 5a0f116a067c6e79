import itertools
import os
import subprocess
import sys
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from gis.errors import TilingError
from gis.tiling import dissolve, faults

STEP = 0.0001


def cells(picture: str) -> tuple[list[Polygon], list[str]]:
    """Unit squares with their letters; the first row of the picture is the north."""
    rows = [line.split() for line in picture.strip().splitlines()]
    found = [
        (square(column, len(rows) - 1 - row), letter)
        for row, line in enumerate(rows)
        for column, letter in enumerate(line)
        if letter != "."
    ]
    return [polygon for polygon, _ in found], [letter for _, letter in found]


def square(column: int, row: int) -> Polygon:
    west, east = (round(115 + STEP * (column + i), 9) for i in (0, 1))
    south, north = (round(35 + STEP * (row + i), 9) for i in (0, 1))
    return box(west, south, east, north)


def united(picture: str) -> dict[str, MultiPolygon]:
    return dissolve(*cells(picture))


def counts(shape: MultiPolygon) -> list[tuple[int, int]]:
    """Points and holes of each part."""
    return sorted((len(part.exterior.coords) - 1, len(part.interiors)) for part in shape.geoms)


def doubled_area(shape: MultiPolygon) -> Fraction:
    """Twice the area, exactly."""
    rings = [ring for part in shape.geoms for ring in (part.exterior, *part.interiors)]
    return sum((shoelace(list(ring.coords)) for ring in rings), Fraction())


def shoelace(points: list[tuple[float, float]]) -> Fraction:
    exact = [(Fraction(x), Fraction(y)) for x, y in points]
    return sum((x * v - u * y for (x, y), (u, v) in itertools.pairwise(exact)), Fraction())


# --- unions


def test_neighbours_lose_their_shared_edge_and_keep_every_vertex():
    areas = united("""
        A A B
        A C B
    """)
    assert list(areas) == ["A", "B", "C"]
    # the L of three squares has 8 lattice points on its outline, none of them inside it
    assert counts(areas["A"]) == [(8, 0)]
    assert counts(areas["B"]) == [(6, 0)]
    assert areas["A"].geoms[0].exterior.is_ccw


def test_a_hole_and_the_enclave_in_it():
    areas = united("""
        A A A
        A B A
        A A A
    """)
    assert counts(areas["A"]) == [(12, 1)]
    assert counts(areas["B"]) == [(4, 0)]
    assert not areas["A"].geoms[0].interiors[0].is_ccw
    assert areas["A"].geoms[0].interiors[0].equals(areas["B"].geoms[0].exterior)


def test_an_island_inside_a_hole_is_a_part_of_its_own():
    areas = united("""
        A A A A A
        A B B B A
        A B A B A
        A B B B A
        A A A A A
    """)
    assert counts(areas["A"]) == [(4, 0), (20, 1)]
    assert counts(areas["B"]) == [(12, 1)]


def test_squares_that_touch_at_a_corner_stay_two_parts():
    areas = united("""
        A B
        B A
    """)
    assert counts(areas["A"]) == counts(areas["B"]) == [(4, 0), (4, 0)]
    assert all(area.is_valid for area in areas.values())


def test_a_hole_that_touches_the_outline_at_a_point():
    areas = united("""
        . A A
        A B A
        A A A
    """)
    # the missing corner touches the hole at one point: one part, whose interior is connected
    assert counts(areas["A"]) == [(12, 1)]
    assert areas["A"].is_valid


def test_two_holes_that_touch_at_a_corner():
    areas = united("""
        A A A A
        A B A A
        A A B A
        A A A A
    """)
    assert counts(areas["A"]) == [(16, 2)]
    assert areas["A"].is_valid


def test_holes_in_a_closed_chain_of_corners_cut_the_middle_off():
    areas = united("""
        A A A A A
        A A B A A
        A B A B A
        A A B A A
        A A A A A
    """)
    assert counts(areas["A"]) == [(4, 0), (20, 1)]
    assert areas["A"].is_valid


def test_polygons_that_overlap_are_refused_with_the_place():
    twice, letters = cells("A B")
    with pytest.raises(TilingError, match=r"115\.0000\d+ 35\.0000"):
        dissolve([*twice, twice[0]], [*letters, "A"])


def test_outlines_that_cross_are_refused():
    # two bow-tie halves through one common point, laid across each other
    cross = [Polygon([(0, 0), (2, 0), (1, 1)]), Polygon([(0, 2), (0, 1), (1, 1)])]
    over = Polygon([(1, 1), (0.5, 0), (0.7, -1)])
    with pytest.raises(TilingError, match="overlap"):
        dissolve([*cross, over, Polygon([(1, 1), (0.6, 0), (0.65, -1)])], ["A"] * 4)


# --- the rule


@pytest.fixture
def four() -> list[MultiPolygon]:
    """Drawn: A B over C D, each of one square."""
    return list(united("A B\nC D").values())


def parent_of(children: list[MultiPolygon]) -> MultiPolygon:
    return dissolve(children, [0] * len(children))[0]


def test_children_that_tile_have_no_faults(four):
    assert faults(parent_of(four), four) == []


def test_a_missing_child_leaves_its_edges_unmatched(four):
    found = faults(parent_of(four), four[1:])
    assert {fault.reason[:12] for fault in found} == {"no neighbour", "this segment"}
    # A's two outer edges lie only in the parent, its two inner ones only in B and C
    assert sorted(fault.area is None for fault in found) == [False, False, True, True]


def test_a_vertex_moved_by_a_tenth_of_a_millimetre_is_seen(four):
    points = shapely.get_coordinates(four[0])
    centre = np.array([115 + STEP, 35 + STEP]).round(9)
    moved = shapely.transform(
        four[0], lambda p: np.where((p == centre).all(1)[:, None], p + np.array([1e-9, 0]), p)
    )
    assert len(points) == 5 and not moved.equals(four[0])
    found = faults(parent_of(four), [moved, *four[1:]])
    # A's two moved edges are alone, and so are B's and C's that met them
    assert sorted(str(fault.area) for fault in found) == ["0", "0", "1", "2"]
    assert all(abs(fault.place[0] - centre[0]) <= STEP for fault in found)


def test_a_vertex_that_the_neighbour_lacks_is_seen(four):
    west, south, east, north = four[0].bounds
    extra = Polygon([(west, south), (east, south), (east, south + STEP / 2), (east, north),
                     (west, north)])  # fmt: skip
    found = faults(parent_of(four), [extra, *four[1:]])
    assert sorted(str(fault.area) for fault in found) == ["0", "0", "1"]


def test_an_area_laid_twice_is_an_overlap(four):
    found = faults(parent_of(four), [*four, four[2]])
    assert {fault.area for fault in found if "overlap" in fault.reason} == {2, 4}


def test_a_child_outside_the_parent_is_seen(four):
    parent = parent_of(four[:3])
    found = faults(parent, four)
    assert any("one lies outside" in fault.reason for fault in found)


def test_a_child_folded_onto_itself_is_seen():
    parent = box(0, 0, 2, 1)
    spike = Polygon([(0, 0), (2, 0), (2, 1), (1, 1), (1, 0.5), (1, 1), (0, 1)])
    assert {fault.reason[:23] for fault in faults(parent, [spike])} >= {"the area touches itself"}


# --- properties


@st.composite
def pictures(draw):
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    letters = st.sampled_from("ABCD.")
    rows = [[draw(letters) for _ in range(width)] for _ in range(height)]
    if all(letter == "." for row in rows for letter in row):
        rows[0][0] = "A"
    return "\n".join(" ".join(row) for row in rows)


@settings(max_examples=150, deadline=None)
@given(pictures(), st.integers(0, 2**16))
def test_random_unions_against_shapely_and_networkx(picture, seed):
    polygons, letters = cells(picture)
    areas = dissolve(polygons, letters)
    for letter, area in areas.items():
        own = [p for p, other in zip(polygons, letters, strict=True) if other == letter]
        judge = shapely.union_all(own)
        assert area.is_valid and area.normalize().equals(judge)
        assert doubled_area(area) == sum(doubled_area(MultiPolygon([p])) for p in own)
        assert len(area.geoms) == connected(own)
    assert faults(parent_of(polygons), list(areas.values())) == []
    order = np.random.default_rng(seed).permutation(len(polygons))
    again = dissolve([polygons[i] for i in order], [letters[i] for i in order])
    assert {k: v.wkb for k, v in again.items()} == {k: v.wkb for k, v in areas.items()}


def connected(squares: list[Polygon]) -> int:
    """How many parts squares make that hold together by their sides."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(squares)))
    pairs = [(i, j) for i in graph for j in range(i)]
    graph.add_edges_from(
        (i, j) for i, j in pairs if squares[i].intersection(squares[j]).length > STEP / 2
    )
    return nx.number_connected_components(graph)


def mosaic(n: int, seed: int) -> list[Polygon]:
    """Voronoi cells of a box, their vertices on a lattice."""
    draw = np.random.default_rng(seed)
    points = shapely.MultiPoint(draw.uniform(0, 100, (n, 2)))
    frame = box(0, 0, 100, 100)
    lines = shapely.voronoi_polygons(points, extend_to=frame, only_edges=True)
    net = shapely.union_all([lines.intersection(frame), frame.boundary], grid_size=1e-6)
    return list(shapely.polygonize([*net.geoms]).geoms)


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 60), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_random_mosaics_tile_at_every_level(n, k, seed):
    faces = mosaic(n, seed)
    label = np.random.default_rng(seed).integers(0, k, len(faces))
    areas = list(dissolve(faces, label).values())
    whole = parent_of(faces)
    assert faults(whole, areas) == [] and faults(whole, faces) == []
    assert parent_of(areas).wkb == whole.wkb
    assert sum(area.area for area in areas) == pytest.approx(10_000)
    if len(faces) > 1:
        assert faults(whole, faces[1:]) != []


def test_the_result_does_not_depend_on_the_hash_seed():
    code = (
        "from shapely import box; from gis.tiling import dissolve;"
        "b = [box(i, j, i + 1, j + 1) for i in range(5) for j in range(5)];"
        "areas = dissolve(b, ['ab'[i * 7 % 5 < 2] for i in range(25)]);"
        "print({name: area.wkt for name, area in areas.items()})"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
