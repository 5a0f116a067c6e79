"""Reading OpenStreetMap files: small towns written here, and published counts of real ones."""

import numpy as np
import osmium
import pytest
import shapely
from osmium.osm.mutable import Node, Relation, Way

from gis.content import TABLES
from gis.crs import CGCS2000, snap
from gis.errors import BadInput, NoNetwork, YigeError
from gis.walk import osm, osm_tags
from gis.walk.network import build
from gis.walk.store import components
from tests.shared import SHARED

ORIGIN = (116.0, 28.0)
STEP = 1e-4  # degrees: about 10 m


def town(path, nodes, ways, relations=(), backwards=False):
    """Write a file. Nodes: number -> (x, y[, tags]); ways: (number, nodes, tags)."""
    things = []
    for number, (x, y, *tags) in nodes.items():
        place = (ORIGIN[0] + STEP * x, ORIGIN[1] + STEP * y)
        things.append(Node(id=number, location=place, tags=tags[0] if tags else {}))
    things += [Way(id=number, nodes=of, tags=tags) for number, of, tags in ways]
    things += [Relation(id=number, members=of, tags=tags) for number, of, tags in relations]
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in reversed(things) if backwards else things:
            writer.add(thing)
    return path


def square(first, x, y, size, nodes):
    """Add the corners of a square to the nodes; return the closed way's list."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    nodes |= {first + k: corner for k, corner in enumerate(corners)}
    return [first, first + 1, first + 2, first + 3, first]


ROAD = {1: (0, 0), 2: (10, 0), 3: (20, 0)}
ROAD_WAY = (1, [1, 2, 3], {"highway": "residential", "name": "建设路"})


def place(x, y):
    return tuple(snap(np.array([ORIGIN[0] + STEP * x, ORIGIN[1] + STEP * y])))


# ---------------------------------------------------------------- what tags mean


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "trunk"}, True),
        ({"highway": "trunk", "motorroad": "yes"}, False),
        ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway_link", "foot": "designated"}, True),
        ({"highway": "construction", "foot": "yes"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "no", "foot": "private"}, False),
        ({"highway": "service", "access": "bus"}, True),
        ({"building": "yes"}, False),
    ],
)
def test_walkable(tags, expected):
    assert osm_tags.is_walkable(tags) is expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, "both"),
        ({"oneway": "yes"}, "both"),
        ({"oneway:foot": "yes"}, "forward"),
        ({"oneway:foot": "-1"}, "backward"),
        ({"foot:backward": "no"}, "forward"),
        ({"foot:forward": "no"}, "backward"),
        ({"conveying": "forward"}, "forward"),
        ({"conveying": "reversible"}, "both"),
    ],
)
def test_foot(tags, expected):
    assert osm_tags.foot(tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "wall"}, "wall"),
        ({"barrier": "fence", "tunnel": "yes"}, "fence"),
        ({"barrier": "bollard"}, None),
        ({"railway": "rail"}, "railway"),
        ({"railway": "rail", "bridge": "viaduct"}, None),
        ({"railway": "subway", "tunnel": "yes"}, None),
        ({"railway": "abandoned"}, None),
        ({"railway": "tram"}, None),
        ({"waterway": "river"}, "river"),
        ({"waterway": "canal", "tunnel": "culvert"}, None),
        ({"waterway": "stream"}, None),
    ],
)
def test_barrier(tags, expected):
    assert osm_tags.barrier(tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, None),
        ({"building:levels": "6"}, 6),
        ({"building:levels": "6;7"}, 6),
        ({"building:levels": "0"}, 1),
        ({"building:levels": "many", "height": "17.6 m"}, 6),
        ({"height": "1"}, 1),
    ],
)
def test_floors(tags, expected):
    assert osm_tags.floors(tags) == expected


# ---------------------------------------------------------------- small towns


def test_ways_keep_what_matters_to_a_walker(tmp_path):
    ways = [
        ROAD_WAY,
        (2, [2, 4], {"highway": "steps", "bridge": "yes", "oneway:foot": "yes"}),
        (3, [3, 4], {"highway": "motorway"}),
    ]
    found = osm.read(town(tmp_path / "a.osm.pbf", ROAD | {4: (10, 10)}, ways)).way
    assert found.drop(columns="geometry").to_numpy().tolist() == [
        ["w1", "建设路", "residential", False, False, False, "both"],
        ["w2", None, "steps", True, False, True, "forward"],
    ]
    assert list(found.geometry[0].coords) == [place(0, 0), place(10, 0), place(20, 0)]


def test_every_place_is_on_the_lattice_as_it_is(tmp_path):
    nodes = {k: (k * 0.3331, k * 0.7773) for k in range(1, 200)}
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, [(1, list(nodes), ROAD_WAY[2])]))
    xy = shapely.get_coordinates(found.way.geometry.to_numpy())
    assert len(xy) == 199
    assert np.array_equal(xy, snap(xy))


def test_gates_are_nodes_of_ways(tmp_path):
    nodes = ROAD | {
        2: (10, 0, {"barrier": "gate", "opening_hours": "Mo-Su 06:00-22:00", "name": "东门"}),
        3: (20, 0, {"barrier": "lift_gate", "access": "no"}),
        5: (0, 0, {"barrier": "gate", "access": "private"}),
        6: (0, 0, {"barrier": "gate"}),
        7: (50, 50, {"barrier": "gate"}),
        8: (5, 0, {"barrier": "swing_gate", "opening_hours": "dawn-dusk"}),
        9: (7, 0, {"barrier": "bollard"}),
    }
    ways = [(1, [5, 6, 8, 9, 2, 3], {"highway": "path"})]
    found = osm.extract(town(tmp_path / "a.osm.pbf", nodes, ways))
    gate = found.content.gate
    assert gate[["code", "name", "hours"]].to_numpy().tolist() == [
        ["n2", "东门", "Mo-Su 06:00-22:00"],
        ["n3", None, "off"],
        ["n5", None, "24/7"],
        ["n8", None, "24/7"],
    ]
    assert set(gate["passage"]) == {"both"}
    assert found.left_out == {"gate on no way": 2, "opening hours of a gate": 1}
    assert (build(found.content.way, gate, found.content.compound).gate >= 0).sum() == 4


def test_compounds_hold_buildings_and_own_gates(tmp_path):
    nodes = ROAD | {2: (10, 0, {"barrier": "gate"})}
    estate = square(10, 5, 0, 10, nodes)
    estate.insert(1, 2)
    unnamed = square(20, 30, 0, 10, nodes)
    ways = [
        ROAD_WAY,
        (2, estate, {"landuse": "residential", "name": "花园小区", "barrier": "wall"}),
        (3, unnamed, {"landuse": "residential"}),
        (4, square(30, 6, 6, 2, nodes), {"building": "apartments", "building:levels": "6"}),
        (5, square(40, 31, 1, 2, nodes), {"building": "house"}),
    ]
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, ways))
    assert found.compound[["code", "name"]].to_numpy().tolist() == [["w2", "花园小区"]]
    assert found.building["compound"].tolist() == ["w2", None]
    assert found.gate["compound"].tolist() == ["w2"]
    assert found.barrier[["code", "kind"]].to_numpy().tolist() == [["w2", "wall"]]
    assert found.land["kind"].tolist() == ["residential", "residential"]


def test_households_are_estimated_from_outline_and_floors(tmp_path):
    nodes = dict(ROAD)
    tags = [
        {"building": "apartments", "building:levels": "12"},
        {"building": "yes", "height": "9"},
        {"building": "yes", "shop": "supermarket"},
        {"building": "yes"},  # stands on the factory's land
        {"building": "no"},
    ]
    ways = [(k, square(100 * k, 10 * k, 5, 2, nodes), t) for k, t in enumerate(tags, start=2)]
    ways.append((9, square(900, 48, 3, 8, nodes), {"landuse": "industrial"}))
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, [ROAD_WAY, *ways])).building
    assert found[["code", "kind", "floors"]].to_numpy().tolist() == [
        ["w2", "tower", 12], ["w3", "slab", 3], ["w4", "shop", 1], ["w5", "factory", 1],
    ]  # fmt: skip
    # the outline on the ellipsoid, and 100 m² of floor to a household of 2.62
    m2 = [abs(CGCS2000.geometry_area_perimeter(shape)[0]) for shape in found.geometry]
    households = [round(m2[0] * 12 / 100), round(m2[1] * 3 / 100), 0, 0]
    assert found["households"].tolist() == households
    assert found["people"].tolist() == [round(2.62 * n) for n in households]
    assert found["estimated"].all()


def test_doors_are_entrances_on_the_outline(tmp_path):
    nodes = dict(ROAD)
    with_doors, without = square(10, 0, 5, 2, nodes), square(20, 9, 5, 2, nodes)
    nodes[11] += ({"entrance": "yes"},)
    nodes[13] += ({"entrance": "staircase"},)
    nodes[12] += ({"entrance": "garage"},)
    ways = [ROAD_WAY, (2, with_doors, {"building": "yes"}), (3, without, {"building": "yes"})]
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, ways)).building["doors"]
    assert {point.coords[0] for point in found[0].geoms} == {place(2, 5), place(0, 7)}
    assert found[1] is None


def ring_relation(kind="multipolygon", **tags):
    return [("w", 2, "outer"), ("w", 3, "inner")], {"type": kind, **tags}


def test_a_lake_has_its_island_and_a_building_its_court(tmp_path):
    nodes = dict(ROAD)
    ways = [ROAD_WAY, (2, square(10, 0, 5, 9, nodes), {}), (3, square(20, 3, 8, 3, nodes), {})]
    members, tags = ring_relation(natural="water", water="lake", name="东湖")
    house = {"type": "multipolygon", "building": "yes"}
    relations = [(5, members, tags), (6, members, house)]
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, ways, relations))
    assert found.water[["code", "name", "kind"]].to_numpy().tolist() == [["r5", "东湖", "lake"]]
    assert len(found.water.geometry[0].interiors) == 1
    assert found.building["code"].tolist() == ["r6"]
    assert len(found.building.geometry[0].interiors) == 1


def test_administrative_areas_are_complete_relations(tmp_path):
    nodes = dict(ROAD)
    ways = [
        ROAD_WAY,
        (2, square(10, 0, 0, 90, nodes), {}),
        (3, square(20, 1, 1, 50, nodes), {}),
        (4, square(30, 2, 2, 9, nodes), {"boundary": "administrative", "admin_level": "10"}),
    ]

    def area(number, level, ways, name):
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": level}
        return number, [("w", way, "outer") for way in ways], {**tags, "name": name}

    relations = [
        area(5, "8", [3], "东门街道"),
        area(6, "6", [2], "贵溪市"),
        area(7, "10", [4], "一社区"),
        area(8, "8", [2, 99], "西门街道"),  # way 99 is not in the file
        area(9, "4", [2], "江西省"),
    ]
    found = osm.extract(town(tmp_path / "a.osm.pbf", nodes, ways, relations))
    assert found.content.area[["code", "level", "name", "parent"]].to_numpy().tolist() == [
        ["r5", "subdistrict", "东门街道", "r6"],
        ["r6", "district", "贵溪市", None],
        ["r7", "community", "一社区", "r5"],
    ]
    assert set(found.content.area.geom_type) == {"MultiPolygon"}
    assert found.left_out == {"relation without all its ways": 1}


def test_a_pedestrian_area_is_walked_along_its_outline(tmp_path):
    nodes = dict(ROAD)
    closed = square(10, 0, 5, 9, nodes)
    ways = [
        ROAD_WAY,
        (2, closed, {"highway": "pedestrian", "area": "yes"}),
        (3, square(20, 20, 5, 9, nodes), {}),
        (4, square(30, 23, 8, 3, nodes), {}),
    ]
    members = [("w", 3, "outer"), ("w", 4, "inner")]
    square_tags = {"type": "multipolygon", "highway": "pedestrian"}
    found = osm.read(town(tmp_path / "a.osm.pbf", nodes, ways, [(5, members, square_tags)])).way
    assert found["code"].tolist() == ["r5", "r5.2", "w1", "w2"]
    assert all(found.geometry[k].is_closed for k in (0, 1, 3))


def test_a_way_that_lacks_nodes_is_kept_in_pieces(tmp_path):
    ways = [(1, [1, 2, 98, 3, 4, 99, 5], {"highway": "path"})]
    nodes = ROAD | {4: (30, 0), 5: (40, 0)}
    found = osm.extract(town(tmp_path / "a.osm.pbf", nodes, ways))
    assert found.content.way["code"].tolist() == ["w1", "w1.2"]
    assert found.left_out == {"way without all its nodes": 1}


def test_an_object_that_comes_twice_counts_once(tmp_path):
    again = (1, [1, 2], {"highway": "path"})
    found = osm.read(town(tmp_path / "a.osm.pbf", ROAD, [ROAD_WAY, again]))
    assert found.way["code"].tolist() == ["w1"]


def test_stations_are_not_guessed(tmp_path):
    nodes = ROAD | {4: (1, 1, {"amenity": "community_centre", "name": "党群服务中心"})}
    assert len(osm.read(town(tmp_path / "a.osm.pbf", nodes, [ROAD_WAY])).station) == 0


def test_order_in_the_file_changes_nothing(tmp_path):
    nodes = dict(ROAD)
    ways = [ROAD_WAY, (2, square(10, 0, 5, 9, nodes), {"building": "yes"})]
    ways += [(3, square(20, 1, 6, 2, nodes), {"building": "house"}), (4, [1, 10], ROAD_WAY[2])]
    water = (5, [("w", 2, "outer")], {"type": "multipolygon", "natural": "water"})
    one = osm.read(town(tmp_path / "a.osm.pbf", nodes, ways, [water]))
    two = osm.read(town(tmp_path / "b.osm.pbf", nodes, ways, [water], backwards=True))
    assert len(one.water) == 1
    for name in TABLES:
        assert getattr(one, name).equals(getattr(two, name)), name


# ---------------------------------------------------------------- broken files


def test_a_file_without_walkable_ways_is_refused(tmp_path):
    path = town(tmp_path / "a.osm.pbf", ROAD, [(1, [1, 2], {"highway": "motorway"})])
    with pytest.raises(NoNetwork, match=r"no_ways.*a\.osm\.pbf"):
        osm.read(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"<osm version='0.6'/>", b"\0" * 500])
def test_a_file_that_is_no_pbf_is_refused(tmp_path, content):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="not_pbf"):
        osm.read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"cannot_read.*nowhere\.osm\.pbf.*No such file"):
        osm.read(tmp_path / "nowhere.osm.pbf")
    with pytest.raises(BadInput, match=r"cannot_read.*Is a directory"):
        osm.read(tmp_path)


def blocks(content):
    """Return where the blocks of a file begin, and its end (4 bytes, header, data)."""
    starts = [0]
    while starts[-1] < len(content):
        at = starts[-1]
        size = int.from_bytes(content[at : at + 4], "big")
        header = content[at + 4 : at + 4 + size]
        # the header ends with field 3, the length of the data, as a varint
        field = header[2 + header[1] :]
        data = sum((byte & 127) << 7 * k for k, byte in enumerate(field[1:]))
        starts.append(at + 4 + size + data)
    return starts


def test_a_file_cut_off_inside_a_block_is_refused(tmp_path):
    nodes = dict(ROAD)
    ways = [ROAD_WAY, (2, square(10, 0, 5, 9, nodes), {"building": "yes"})]
    members = [("w", 2, "outer")]
    relations = [(5, members, {"type": "multipolygon", "natural": "water"})]
    content = town(tmp_path / "a.osm.pbf", nodes, ways, relations).read_bytes()
    whole = blocks(content)
    path = tmp_path / "b.osm.pbf"
    for size in [*range(1, len(content), 7), *(k + 2 for k in whole[1:-1])]:
        path.write_bytes(content[:size])
        if size not in whole:
            with pytest.raises(BadInput, match=r"cut_off|not_pbf"):
                osm.read(path)


def test_a_file_cut_off_between_blocks_is_a_smaller_file(tmp_path):
    nodes = dict(ROAD)
    ways = [ROAD_WAY, (2, square(10, 0, 5, 9, nodes), {})]
    relations = [(5, [("w", 2, "outer")], {"type": "multipolygon", "natural": "water"})]
    content = town(tmp_path / "a.osm.pbf", nodes, ways, relations).read_bytes()
    whole = blocks(content)
    assert whole[-1] == len(content)
    path = tmp_path / "b.osm.pbf"
    for size in whole[1:-1]:
        path.write_bytes(content[:size])
        try:
            assert len(osm.read(path).water) == 0  # the relation's block is the last
        except YigeError as error:
            assert isinstance(error, NoNetwork)


def test_a_changed_byte_never_brings_the_reader_down(tmp_path):
    content = town(tmp_path / "a.osm.pbf", ROAD, [ROAD_WAY]).read_bytes()
    path = tmp_path / "b.osm.pbf"
    refused = 0
    for at in range(0, len(content), 5):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            osm.read(path)
        except BadInput:
            refused += 1
    assert refused > 0


# ---------------------------------------------------------------- real cities


def city(name):
    path = SHARED / "data" / "osm" / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"{path} is missing: set YIGE_SHARED to the folder of reference data")
    return path


def raw(path):
    """Count highway ways, segments, and metres of motorroads not said to be closed to walkers."""
    count, segments, motorroad = 0, 0, 0.0
    ways = osmium.FileProcessor(str(path)).with_locations()
    for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
        if way.is_way():
            count, segments = count + 1, segments + len(way.nodes) - 1
            if way.tags.get("motorroad") == "yes" and way.tags.get("foot") is None:
                lon, lat = zip(*((node.lon, node.lat) for node in way.nodes), strict=True)
                motorroad += CGCS2000.line_length(lon, lat)
    return count, segments, motorroad


@pytest.mark.parametrize(
    ("name", "ways", "segments", "kilometres", "share"),
    [
        ("guixi", 176, None, 115, 1.0),
        ("shenzhen_nanshan", 1253, None, 313, 0.95),
        ("shenzhen_longgang", 516, None, 187, None),
        ("shanghai_center", 4701, 24275, 911, 0.83),
        pytest.param("porto", 51349, 375612, None, 0.986, marks=pytest.mark.slow),
    ],
)
def test_networks_of_real_cities_are_as_published(name, ways, segments, kilometres, share):
    path = city(name)
    count, segment, motorroad_m = raw(path)
    assert (count, segments or segment) == (ways, segment)
    found = osm.read(path)
    net = build(found.way, found.gate, found.compound)
    # The published figures hold motorroads, which are not for walkers, and differ in details of
    # what is walkable and of how a share is counted.
    if kilometres:
        total = net.length_cm.sum() / 1e5 + motorroad_m / 1e3
        assert total == pytest.approx(kilometres, rel=0.01)
    length = np.bincount(components(net)[net.source], net.length_cm)
    if share:
        assert length[0] / length.sum() == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(
    ("name", "building", "area"),
    [
        ("guixi", 165, ["东门街道"]),
        ("shenzhen_nanshan", 433, []),
        ("shenzhen_longgang", 139, []),
    ],
)
def test_buildings_and_areas_of_real_cities_are_as_published(name, building, area):
    found = osm.read(city(name))
    assert len(found.building) == building
    assert found.area["name"].tolist() == area
    for name in TABLES:
        table = getattr(found, name)
        assert table.is_valid.all(), name
        xy = shapely.get_coordinates(table.geometry.to_numpy())
        assert np.array_equal(xy, snap(xy)), name
