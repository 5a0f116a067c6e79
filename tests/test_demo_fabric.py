"""One district held against what section by section real towns measure, and against each rule."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.content import COLUMNS
from gis.demo.fabric import fabric
from gis.demo.slabs import height
from gis.demo.specs import SPECS
from gis.demo.units import segments

NAME = "mudan"
TABLES = ("way", "building", "compound", "gate", "barrier", "water", "land", "unit")
WIDTH = {"primary": 15.0, "secondary": 10.0, "residential": 5.5}  # half, kerb to kerb


@pytest.fixture(scope="module")
def town():
    return fabric(SPECS[NAME], seed=1)


@pytest.fixture(scope="module")
def roads(town):
    return town.way[town.way.highway.isin(list(WIDTH)) & town.way.intersects(town.outline)]


def shapes(table):
    return table.geometry.values


def within(town):
    return shapely.area(town.outline) / 1e6


# --- counts and tables --------------------------------------------------------------------------


def test_counts_are_exact(town):
    spec = SPECS[NAME]
    assert town.building.households.sum() == spec.households
    assert town.building.people.sum() == spec.people
    assert len(town.compound) == spec.branches + spec.plain
    assert town.compound.branch.notna().sum() == spec.branches
    assert town.unit.households.sum() == spec.households
    assert len(town.building) >= 3000
    assert 0.05 <= town.building.estimated.mean() <= 0.10
    assert 0.9 * spec.land <= within(town) <= 1.2 * spec.land


def test_tables_have_the_columns_of_a_district(town):
    for name in TABLES[:-1]:
        assert set(COLUMNS[name]) <= set(getattr(town, name).columns)
    for name in TABLES:
        table = getattr(town, name)
        points = shapely.get_coordinates(shapes(table))
        assert (np.round(points, 3) == points).all()
        assert shapely.is_valid(shapes(table)).all(), name
        assert table.code.is_unique
        assert table.crs is None


def test_names_side_by_side_differ(town):
    for table in (town.compound, town.building, town.gate):
        assert not table.name.duplicated().any()


def test_codes_refer_to_rows(town):
    compounds, units = town.compound.code.to_numpy(), town.unit.code.to_numpy()
    assert np.isin(town.building.compound.dropna(), compounds).all()
    assert np.isin(town.gate.compound.dropna(), compounds).all()
    assert np.isin(town.unit.compound.dropna(), compounds).all()
    assert np.isin(town.building.unit, units).all()
    assert np.isin(town.seam[["unit_a", "unit_b"]], units).all()


# --- units --------------------------------------------------------------------------------------


def test_units_tile_the_land_exactly(town):
    units = shapes(town.unit)
    border, _ = segments(shapely.get_rings(units))
    unique, times = np.unique(border, axis=0, return_counts=True)
    outer, _ = segments(np.array([town.outline.exterior]))
    assert times.max() == 2
    assert {tuple(s) for s in unique[times == 1].tolist()} == {tuple(s) for s in outer.tolist()}
    assert not town.outline.interiors
    assert (shapely.area(units) >= 100).all()


def test_units_are_small_and_hold_their_buildings_whole(town):
    assert town.unit.households.max() <= 160
    homes = town.building[town.building.households > 0]
    unit = town.unit.set_index("code").geometry
    assert shapely.contains_properly(unit.loc[homes.unit].values, shapes(homes)).all()
    cut = shapely.STRtree(shapes(town.building)).query(
        shapely.boundary(shapes(town.unit)), predicate="intersects"
    )
    assert cut.size == 0


def test_seams_are_the_shared_borders(town):
    units = town.unit.set_index("code").geometry
    pairs = town.seam.groupby(["unit_a", "unit_b"]).length_m.sum().reset_index()
    some = pairs.iloc[:: max(1, len(pairs) // 150)]
    a, b = units.loc[some.unit_a].values, units.loc[some.unit_b].values
    shared = shapely.length(shapely.intersection(shapely.boundary(a), shapely.boundary(b)))
    assert np.abs(shared - some.length_m).max() < 0.01
    perimeter = shapely.length(shapely.boundary(shapes(town.unit))).sum()
    assert abs(2 * town.seam.length_m.sum() + town.outline.length - perimeter) < 1.0
    assert set(town.seam.kind) == {
        "main",
        "second",
        "side",
        "lane",
        "path",
        "wall",
        "river",
        "railway",
    }


def test_zones_are_where_history_put_them(town):
    far = {
        z: np.median(shapely.distance(shapely.centroid(shapes(g)), shapely.Point(town.centre)))
        for z, g in town.unit.groupby("zone")
    }
    assert set(far) == {"core", "ring90", "new00", "new10", "belt", "village"}
    assert far["core"] < far["ring90"] < far["new00"] < far["village"]


# --- buildings ----------------------------------------------------------------------------------


def test_buildings_stand_clear_of_each_other_of_roads_and_of_water(town):
    buildings = shapes(town.building)
    a, b = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    assert (shapely.area(shapely.intersection(buildings[a], buildings[b]))[a != b] < 1e-3).all()
    for kind, half in WIDTH.items():
        lines = shapes(town.way[town.way.highway == kind])
        assert (
            shapely.STRtree(buildings).query(lines, predicate="dwithin", distance=half - 1).size
            == 0
        )
    paths = shapes(town.way[~town.way.highway.isin(list(WIDTH))])
    assert shapely.STRtree(buildings).query(paths, predicate="intersects").shape[1] <= 3
    for barrier in (shapes(town.water), shapes(town.barrier)):
        assert shapely.STRtree(buildings).query(barrier, predicate="intersects").size == 0


def test_slabs_face_south_and_stand_inside_their_walls(town):
    slabs = town.building[town.building.kind.isin(["slab", "tower"])]
    width, depth = (
        np.ptp(slabs.bounds[["minx", "maxx"]], axis=1),
        np.ptp(slabs.bounds[["miny", "maxy"]], axis=1),
    )
    boxes = shapely.area(shapes(slabs)) / (width * depth)
    assert (boxes > 0.7).all()  # axis-parallel: a slab turned by 10 degrees fills 0.6 of its bounds
    walls = town.compound.set_index("code").geometry.loc[slabs.compound].values
    assert shapely.contains_properly(walls, shapes(slabs)).all()
    doors = np.array(list(slabs.doors), dtype=object)
    assert shapely.covers(walls, doors).all()


def test_the_sun_comes_in_between_rows(town):
    slabs = town.building[town.building.kind == "slab"]
    west, south, east, north = slabs.bounds.to_numpy().T
    tall = height(slabs.floors.to_numpy())
    for k, code in enumerate(slabs.compound.to_numpy()[::7]):
        k *= 7
        overlap = np.minimum(east, east[k]) - np.maximum(west, west[k])
        behind = (slabs.compound == code) & (south > north[k] - 0.5) & (overlap > 10)
        if behind.any():
            assert south[behind].min() - north[k] >= tall[k] - 2.0  # bays and wings stand out by 2


def test_density_is_that_of_such_towns(town):
    homes = town.building[town.building.kind.isin(["slab", "tower"])]
    floor = (shapely.area(shapes(homes)) * homes.floors).groupby(homes["compound"]).sum()
    parcel = town.compound.set_index("code").geometry.area
    ratio = (floor / parcel).to_numpy()
    assert 1.0 <= np.median(ratio) <= 2.0
    assert np.mean((ratio > 0.7) & (ratio < 2.8)) > 0.95
    assert 80 <= floor.sum() / homes.households.sum() <= 140
    cover = (shapely.area(shapes(homes)) * 1.0).sum() / parcel.sum()
    assert 0.14 <= cover <= 0.30
    assert 8000 <= town.building.people.sum() / within(town) <= 14000


def test_old_quarters_are_dense_and_low(town):
    houses = town.building[town.building.kind == "house"]
    land = town.land[town.land.kind == "old_quarter"].geometry.area.sum()
    assert 0.36 <= houses.geometry.area.sum() / land <= 0.55
    assert houses.floors.max() <= 3


# --- compounds, walls, gates --------------------------------------------------------------------


def test_compounds_are_of_believable_size(town):
    area = town.compound.geometry.area / 1e4
    load = town.building.groupby("compound").households.sum().reindex(town.compound.code)
    assert area.min() >= 0.3 and area.max() <= 13
    assert load.min() >= 35 and load.max() <= 1750
    gates = town.gate[town.gate.compound.notna() & (town.gate.hours != "off")]
    assert 250 <= town.compound.length.sum() / len(gates) <= 500
    assert np.isin(town.compound.code, gates[gates.hours == "24/7"].compound).all()


def test_gates_are_vertices_of_a_wall_and_of_a_way(town):
    def keys(points):
        return {tuple(p) for p in np.round(points * 1000).astype(int).tolist()}

    gates = keys(shapely.get_coordinates(shapes(town.gate)))
    assert len(gates) == len(town.gate)
    assert gates <= keys(shapely.get_coordinates(shapes(town.barrier)))
    assert gates <= keys(shapely.get_coordinates(shapes(town.way)))


def test_walls_are_closed_and_crossed_at_gates_only(town):
    walls = town.barrier[town.barrier.kind.isin(["wall", "fence"])]
    assert shapely.is_closed(shapes(walls)).all()
    ways = shapes(town.way)
    way, wall = shapely.STRtree(shapes(walls)).query(ways, predicate="intersects")
    meets = shapely.intersection(ways[way], shapes(walls)[wall])
    points = shapely.get_coordinates(meets)
    gates = shapely.STRtree(shapes(town.gate))
    assert (gates.query_nearest(shapely.points(points), return_distance=True)[1] < 0.002).all()


# --- roads --------------------------------------------------------------------------------------


def test_all_ways_are_connected(town):
    number = {}
    links = []
    for line in town.way.geometry:
        nodes = [number.setdefault(c, len(number)) for c in line.coords]
        links += list(pairwise(nodes))
    a, b = np.transpose(links)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(number), len(number)))
    assert connected_components(graph, directed=False)[0] == 1


def test_every_building_is_near_a_way(town):
    tree = shapely.STRtree(shapes(town.way))
    far = tree.query_nearest(shapes(town.building), return_distance=True, all_matches=False)[1]
    assert far.max() < 60
    assert np.median(far) < 15


def test_roads_are_as_dense_as_real_ones(town, roads):
    length = shapely.length(shapely.intersection(shapes(roads), town.outline.buffer(1))).sum() / 1e3
    assert 5 <= length / within(town) <= 9


def test_junctions_are_of_the_kinds_real_ones_are(town, roads):
    count = {}
    for line in roads.geometry:
        for a, b in pairwise(line.coords):
            count[a], count[b] = count.get(a, 0) + 1, count.get(b, 0) + 1
    inside = town.outline.buffer(-20)
    points = np.array([p for p, n in count.items() if n != 2])
    degree = np.array([n for n in count.values() if n != 2])
    own = inside.contains(shapely.points(points))
    points, degree = points[own], degree[own]
    joint = degree >= 3
    cluster = fcluster(linkage(points[joint], "single"), 40, "distance")
    arms = np.bincount(cluster, degree[joint] - 2)[1:] + 2
    dead = (degree == 1).sum()
    total = len(arms) + dead
    assert 15 <= len(arms) / within(town) <= 35
    assert 0.43 <= (arms == 3).sum() / total <= 0.60
    assert 0.27 <= (arms >= 4).sum() / total <= 0.50
    assert 0.07 <= dead / total <= 0.15


def test_blocks_differ_as_much_as_real_ones(town, roads):
    def blocks(rows):
        found = shapely.get_parts(
            shapely.polygonize(shapely.get_parts(shapely.union_all(shapes(rows))))
        )
        return found[town.outline.contains(shapely.point_on_surface(found))]

    area = shapely.area(blocks(roads)) / 1e4
    area = area[area > 0.05]
    assert 2 <= np.median(area) <= 6
    assert 8 <= np.percentile(area, 90) / np.percentile(area, 10) <= 20
    assert 0.9 <= np.log(area).std() <= 1.3
    boxes = shapely.minimum_rotated_rectangle(blocks(roads[roads.highway != "residential"]))
    sides = np.sort([np.hypot(*np.diff(np.array(b.exterior.coords)[:3], axis=0).T) for b in boxes])
    short, long = np.median(sides, axis=0)
    assert 250 <= short <= 380
    assert 430 <= long <= 600


def test_river_and_railway_are_crossed_at_few_places(town):
    river = town.water[town.water.kind == "river"].union_all()
    ways = shapes(town.way[town.way.intersects(river)])
    assert town.way[town.way.intersects(river)].bridge.all()
    length = shapely.length(shapely.intersection(river.boundary, town.outline)) / 2e3
    assert 0.7 <= length / len(ways) <= 1.6
    rails = town.barrier[town.barrier.kind == "railway"].union_all()
    crossing = town.way[town.way.crosses(rails)]
    assert set(crossing.highway) == {"primary"}
    assert 1 <= len(crossing[crossing.intersects(town.outline)]) <= 4


def test_land_is_used_as_in_such_towns(town):
    share = town.unit.geometry.area.groupby(town.unit.kind).sum() / town.outline.area
    assert 0.30 <= share["compound"] + share["old_quarter"] <= 0.50
    assert 0.08 <= share["factory"] <= 0.25
    assert 0.06 <= share["park"] <= 0.15
    for kind in ("school", "hospital", "government", "commerce", "station_square", "village"):
        assert share[kind] > 0


def test_nothing_is_built_beyond_the_land(town):
    assert town.outline.contains(shapes(town.building)).all()
    assert town.canvas.contains(town.outline)
    beyond = town.land[~town.land.intersects(town.outline.buffer(-1))]
    assert set(beyond.kind) <= {"field", "village", "green"}  # green: islands of the river
