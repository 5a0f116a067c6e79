"""The health report finds what is drawn wrong, and nothing else."""

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from gis.content import table
from gis.crs import LocalPlane
from gis.walk.access import connect
from gis.walk.health import health
from gis.walk.network import build

PLANE = LocalPlane(115.48, 35.24)
NONE = np.array([], dtype=object)

# A cross of four arms of 100 m, two with a gate at the end, and 1 km further a path of 50 m.
WAYS = [[(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)], [(1000, 0), (1050, 0)]]
GATES = {"a": ((100, 0), "both"), "b": ((0, 100), "out"), "c": ((500, 500), "in")}
HOUSES = [(10, 10), (30, 70), (1010, 10), (500, 0), (100, 60)]  # lower left corners, 10 m wide


def on_earth(*shapes):
    """Turn shapes in metres into shapes in degrees."""

    def inverse(xy):
        return np.stack(PLANE.inverse(*xy.T), axis=1)

    return np.array([shapely.transform(shape, inverse) for shape in shapes], dtype=object)


@pytest.fixture(scope="module")
def report():
    lines = on_earth(*map(LineString, WAYS))
    way = table(
        "way",
        [
            {"code": f"w{k}", "name": None, "highway": "path", "bridge": False, "tunnel": False,
             "steps": False, "foot": "both", "geometry": line}
            for k, line in enumerate(lines)
        ],
    )  # fmt: skip
    gate = table(
        "gate",
        [
            {"code": code, "name": None, "compound": None, "hours": "24/7", "passage": passage,
             "geometry": on_earth(Point(at))[0]}
            for code, (at, passage) in GATES.items()
        ],
    )  # fmt: skip
    net = build(way, gate, table("compound"))
    shape = on_earth(*[box(x, y, x + 10, y + 10) for x, y in HOUSES])
    found = connect(net, way, PLANE, shape, NONE, NONE)
    return health(net, found, shape, gate.iloc[::-1])


def metres(places):
    x, y = PLANE.forward(places.lon, places.lat)
    return [(round(a), round(b)) for a, b in zip(x, y, strict=True)]


def test_components_are_the_pieces_longest_first(report):
    found = report.components
    assert found.nodes.tolist() == [5, 2]
    assert found.edges.tolist() == [4, 1]
    assert found.length_cm == pytest.approx([40000, 5000], abs=4)
    assert found.largest_share == pytest.approx(40000 / 45000, abs=1e-4)
    assert metres(found)[1] in [(1000, 0), (1050, 0)]


def test_buildings_without_access_are_named_with_their_place(report):
    assert report.unconnected.ref.tolist() == [3]
    assert metres(report.unconnected) == [(505, 5)]


def test_buildings_on_a_small_piece_are_stranded(report):
    assert report.stranded.ref.tolist() == [2]


def test_far_counts_the_nearest_access_of_a_building(report):
    # House 1 is 30 m from one arm and 70 m from the other; house 4 is 60 m from the nearest.
    assert report.far.ref.tolist() == [4]
    assert report.far_cm == pytest.approx([6000], abs=1)
    assert metres(report.far) == [(105, 65)]


def test_gates_that_pass_one_way_and_gates_on_no_way(report):
    assert report.one_way.ref.tolist() == [1, 2]
    assert report.loose.ref.tolist() == [2]
    assert metres(report.loose) == [(500, 500)]


def test_dead_ends_are_ends_without_a_gate(report):
    assert sorted(metres(report.dead_end)) == [(-100, 0), (0, -100), (1000, 0), (1050, 0)]
