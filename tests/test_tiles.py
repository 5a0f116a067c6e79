"""Vector tiles against a recount: another decoder, another projection, every row by itself."""

import gzip
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL

from gis import districts
from gis.content import table
from gis.errors import NotFound
from layers import tiles
from layers.catalogue import GROUND, LAYERS, TOWN, layers
from layers.layer import TOP
from sql import database
from sql.database import Conn, Database
from tests import mvt, people, town
from tests.test_rights import CODE, EAST, WEST, acting, halves
from web import create_app
from web.config import Config

CENTRE = town.PLANE.inverse(np.array([400.0]), np.array([190.0]))


def houses(n: int, seed: int) -> list[dict[str, Any]]:
    """Return turned houses all over the town, some of them across the border of its halves."""
    rng = np.random.default_rng(seed)
    found = []
    for i, (x, y) in enumerate(rng.uniform((0, 0), (800, 380), (n, 2))):
        shape = shapely.box(-rng.uniform(3, 30), -6, 20, rng.uniform(2, 9))
        turned = shapely.affinity.translate(
            shapely.affinity.rotate(shape, rng.uniform(0, 90)), x, y
        )
        more = {"geometry": town.place(turned), "name": f"楼{i}`${{}}", "floors": int(i % 30)}
        found.append(town.building(f"h{i:04d}", x, y, int(i % 7), **more))
    return found


@pytest.fixture(scope="module")
def filled(own: Database) -> Database:
    content = town.content(buildings=houses(120, 1), stations=[town.station("Q", 700, -10)])
    main = town.way("main", (0, 30), (800, 30), highway="primary")
    lane = town.way("lane", (10, 20), (390, 25), (790, 15), highway="service", name="南巷")
    content = replace(content, area=halves(), way=table("way", [
        *content.way.to_dict("records"), lane, main,
    ]), land=table("land", [
        {"code": "L", "name": "公园", "kind": "park", "geometry": town.box(500, 240, 600, 340)},
        {"code": "M", "name": "田", "kind": "field", "geometry": town.box(620, 240, 700, 340)},
    ]))  # fmt: skip
    with database.admin(own) as conn:
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
        for login, role, where in [
            ("whole", "official", CODE), ("west", "official", WEST), ("field_west", "field", WEST),
            ("east", "planner", EAST), ("nobody", None, None),
        ]:  # fmt: skip
            people.add(conn, CODE, login, role, where)
    return own


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


@pytest.fixture(scope="module")
def app(filled: Database) -> Iterator[Flask]:
    app = create_app(Config(filled))
    with app.extensions["pool"]:
        yield app


@cache  # the oldest sessions of an account end when it has many
def client(app: Flask, login: str) -> FlaskClient:
    with database.admin(app.extensions["config"].database) as conn:
        found = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    assert found is not None
    return people.client_of(app, found[0])


# The recount.


def mercator(shape: Any, z: int, x: int, y: int, extent: int) -> Any:
    """Bring degrees into the steps of a tile, from its upper left, y down."""

    def project(lonlat: Any) -> Any:
        lon, lat = np.radians(lonlat.T)
        u = (lon / math.pi + 1) / 2
        v = (1 - np.arcsinh(np.tan(lat)) / math.pi) / 2
        return np.column_stack([(u * 2**z - x) * extent, (v * 2**z - y) * extent])

    return shapely.transform(shape, project)


def tiles_over_the_town(z: int, margin: int = 1) -> list[tuple[int, int, int]]:
    lon, lat = CENTRE[0][0], CENTRE[1][0]
    at = mercator(shapely.Point(lon, lat), z, 0, 0, 1)
    reach = math.ceil(420 / (40_075_000 * math.cos(math.radians(lat)) / 2**z)) + margin - 1
    return [
        (z, x, y)
        for x in range(int(at.x) - reach, int(at.x) + reach + 1)
        for y in range(int(at.y) - reach, int(at.y) + reach + 1)
    ]


def rows(conn: Conn, name: str, names: tuple[str, ...]) -> dict[int, tuple[int, Any, dict]]:
    """Return every row of a layer, whoever may see it: its zoom, shape and properties."""
    text = SQL(f"SELECT id, zoom, ST_AsBinary(geom), to_jsonb(m) FROM map.{name} AS m")
    return {
        i: (zoom, shapely.from_wkb(wkb), {key: said[key] for key in names})
        for i, zoom, wkb, said in conn.execute(text)
    }


def drawn(conn: Conn, login: str, name: str, place: tuple[int, int, int]) -> dict[str, mvt.Layer]:
    with acting(conn, login):
        return mvt.decode(tiles.tile(conn, CODE, layers(name), *place))


def compare(
    found: mvt.Layer | None, expected: dict[int, tuple], place: tuple, polygon: bool
) -> int:
    """Compare a layer of a tile with the rows, as closely as its steps allow."""
    z = place[0]
    extent = tiles.extent(z)
    got = {feature.id: feature for feature in found.features} if found else {}
    assert found is None or (found.extent, len(got)) == (extent, len(found.features))
    margin = extent * tiles.MARGIN
    inner = shapely.box(-margin + 2, -margin + 2, extent + margin - 2, extent + margin - 2)
    outer = shapely.box(-margin - 2, -margin - 2, extent + margin + 2, extent + margin + 2)
    dot = extent / 512 if polygon and z < tiles.SMALL_BELOW else 0
    for i, (zoom, shape, said) in expected.items():
        plain = mercator(shape, *place, extent)
        west, north, east, south = plain.bounds
        size = max(east - west, south - north)
        if zoom > z or not plain.intersects(outer):
            assert i not in got
            continue
        part = plain.intersection(inner)
        big = part.area > 40 if polygon else part.length > 8 or plain.geom_type.endswith("Point")
        if not part.is_empty and big and size > 1.3 * dot:
            assert i in got, (i, place)
        if i in got:
            assert {k: v for k, v in said.items() if v is not None} == got[i].properties
            seen = shapely.intersection(got[i].shape, inner)
            if big:
                assert shapely.hausdorff_distance(seen, part) < 2.5 or not seen.is_valid
    assert set(got) <= set(expected)
    return len(got)


@pytest.mark.parametrize("name", LAYERS)
def test_a_tile_holds_what_a_recount_finds(conn: Conn, name: str) -> None:
    total = 0
    for z in (11, 12, 13, 14, 15, 16, 17):
        of = LAYERS[name]
        expected = rows(conn, name, of.carried(z))
        for place in tiles_over_the_town(z)[:: 1 if z < 17 else 3]:
            found = drawn(conn, "whole", name, place)
            if z < of.zoom:
                assert not found
            assert set(found) <= {name}
            total += compare(found.get(name), expected, place, of.geometry == "polygon")
    assert total > 0


def test_a_set_is_its_layers_together(conn: Conn) -> None:
    place = tiles_over_the_town(14)[4]
    for name in (GROUND, TOWN):
        whole = drawn(conn, "whole", name, place)
        parts = [drawn(conn, "whole", each.name, place) for each in layers(name)]
        assert list(whole) == [key for part in parts for key in part]
        assert [whole[key] for part in parts for key in part] == [
            v for p in parts for v in p.values()
        ]
    assert len(drawn(conn, "whole", GROUND, place)) == 5


def test_main_roads_come_first_lanes_later_paths_last(conn: Conn) -> None:
    shown = {
        z: {
            feature.properties["highway"]
            for place in tiles_over_the_town(z)
            for each in drawn(conn, "whole", "way", place).values()
            for feature in each.features
        }
        for z in (8, 12, 14, 15)
    }
    assert shown[8] == {"primary"}
    assert shown[12] == {"primary", "residential"}
    assert shown[14] == {"primary", "residential", "service"}
    assert shown[15] == {"primary", "residential", "service", "footway"}


# Rights: nothing of another's area, by the database itself and over HTTP.


def buildings(found: dict[str, mvt.Layer]) -> set[int]:
    return {f.id for name in ("building", "door") if name in found for f in found[name].features}


def inside(conn: Conn, code: str) -> set[int]:
    rows = conn.execute(
        """SELECT b.id FROM app.building AS b,
                  app.area AS a JOIN app.area_version AS v ON v.area = a.id
            WHERE a.code = %s AND ST_Intersects(v.geom, ST_PointOnSurface(b.geom))""",
        [code],
    )
    return {i for (i,) in rows}


@pytest.mark.parametrize(("login", "code"), [("west", WEST), ("field_west", WEST), ("east", EAST)])
def test_a_tile_shows_nobody_elses_buildings(app: Flask, conn: Conn, login: str, code: str) -> None:
    own = inside(conn, code)
    signed_in = client(app, login)
    seen: set[int] = set()
    for z in (13, 14, 16):
        for _, x, y in tiles_over_the_town(z):
            answer = signed_in.get(f"/tiles/{CODE}/town/{z}/{x}/{y}.pbf")
            assert answer.status_code in (200, 204)
            seen |= buildings(mvt.decode(answer.data))
    assert seen == own and 30 < len(own) < 124


def test_a_compound_is_seen_where_it_lies(conn: Conn) -> None:
    place = tiles_over_the_town(13)[4]
    assert "compound" in drawn(conn, "west", GROUND, place)
    assert "compound" not in drawn(conn, "east", GROUND, place)


def test_who_has_no_right_is_told_of_no_district(app: Flask) -> None:
    path = "/{}/town/14/{}/{}.pbf".format("{}", *tiles_over_the_town(14)[4][1:])
    assert client(app, "nobody").get("/tiles" + path.format(CODE)).status_code == 404
    signed_in = client(app, "whole")
    for other in ("371798", "000000", "x", "'; --", "371799 "):
        assert signed_in.get("/tiles" + path.format(other)).status_code == 404
    assert app.test_client().get("/tiles" + path.format(CODE)).status_code == 401


# What a browser keeps.


def test_an_unchanged_tile_costs_no_tile(app: Flask) -> None:
    signed_in = client(app, "west")
    path = "/tiles/{}/town/14/{}/{}.pbf".format(CODE, *tiles_over_the_town(14)[4][1:])
    first = signed_in.get(path, headers={"Accept-Encoding": "gzip"})
    assert (
        first.headers["Content-Encoding"] == "gzip" and "no-cache" in first.headers["Cache-Control"]
    )
    assert first.mimetype == "application/vnd.mapbox-vector-tile"
    plain = signed_in.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.data == gzip.decompress(first.data) and "Content-Encoding" not in plain.headers
    tag = first.headers["ETag"]
    again = signed_in.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    # the same for who holds another role on the same area, another for who sees more
    assert client(app, "field_west").get(path).headers["ETag"] == tag
    assert client(app, "whole").get(path).headers["ETag"] != tag
    assert client(app, "whole").get(path, headers={"If-None-Match": tag}).status_code == 200


def tag(app: Flask, login: str, name: str = "town") -> str:
    place = tiles_over_the_town(14)[4]
    answer = client(app, login).get("/tiles/{}/{}/{}/{}/{}.pbf".format(CODE, name, *place))
    return str(answer.headers["ETag"])


def test_a_change_is_seen_at_once_and_only_where_it_is(app: Flask, filled: Database) -> None:
    with database.admin(filled, autocommit=True) as conn:
        before = tag(app, "west"), tag(app, "west", "ground")
        conn.execute("UPDATE app.building SET floors = floors + 1 WHERE code = 'a'")
        assert tag(app, "west") != before[0] and tag(app, "west", "ground") == before[1]
        before = tag(app, "west"), tag(app, "west", "ground")
        conn.execute("UPDATE app.water SET name = '大河'")
        assert tag(app, "west") == before[0] and tag(app, "west", "ground") != before[1]
        before = tag(app, "west"), tag(app, "west", "ground")
        conn.execute("UPDATE app.profile SET name = '居民' WHERE code = 'standard'")
        assert (tag(app, "west"), tag(app, "west", "ground")) == before
        conn.execute("""UPDATE app."grant" SET area = (SELECT id FROM app.area WHERE code = %s)
                         WHERE account = (SELECT id FROM app.account WHERE login = 'field_west')""",
                     [EAST])  # fmt: skip
        assert tag(app, "field_west") == tag(app, "east") != before[0]


def test_what_is_rolled_back_changes_no_tag(app: Flask, filled: Database) -> None:
    before = tag(app, "west")
    with closing(database.admin(filled)) as conn:
        conn.execute("UPDATE app.building SET floors = floors + 1 WHERE code = 'a'")
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
        conn.rollback()
    assert tag(app, "west") == before


def test_the_change_committed_last_is_seen_though_it_began_first(
    app: Flask, filled: Database
) -> None:
    with closing(database.admin(filled)) as slow, closing(database.admin(filled)) as quick:
        slow.execute("UPDATE app.building SET floors = floors + 1 WHERE code = 'a'")
        quick.execute("UPDATE app.building SET floors = floors + 1 WHERE code = 'b'")
        quick.commit()
        before = tag(app, "west")
        slow.commit()
    assert tag(app, "west") != before


def test_a_period_that_begins_changes_the_tag(conn: Conn) -> None:
    """While what is derived is up to date the next beginning is known; else a minute counts."""

    def edition() -> str:
        row = conn.execute("SELECT net.edition(%s, '{building}')", [CODE]).fetchone()
        return str(row and row[0])

    fresh = "UPDATE net.freshness SET until = %s"
    conn.execute("DELETE FROM net.stale")
    conn.execute(fresh, ["infinity"])
    quiet = edition()
    conn.execute(fresh, ["2020-01-01"])
    past = edition()
    conn.execute("INSERT INTO net.stale (district, what) VALUES (%s, 'place')", [CODE])
    conn.execute(fresh, ["infinity"])
    assert len({quiet, past, edition()}) == 3
    assert edition().startswith(quiet) and not quiet.startswith(edition())


def test_a_district_that_comes_again_has_other_tags(conn: Conn) -> None:
    def state() -> str:
        with acting(conn, "whole"):
            return tiles.state(conn, CODE, layers("water"))

    before = state()
    conn.execute("UPDATE app.water SET name = name || '!'")
    conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert state() != before
    districts.remove(conn, CODE)
    conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert conn.execute("SELECT count(*) FROM net.edition").fetchone() == (0,)


# Addresses.


@pytest.mark.parametrize("path", [
    "town/14/-1/0", "town/14/16384/0", "town/14/0/16384", "town/19/0/0", "town/-1/0/0",
    "town/a/b/c", "town/14/1.5/0", "town/14/1e3/0", "town/١٤/0/0", "town/99999999999999999999/0/0",
    "town/014/0/0", "roads/14/0/0", "map.way/14/0/0", "town%27/14/0/0", "TOWN/14/0/0",
    "town/14/0/0%00",
])  # fmt: skip
def test_an_address_that_is_no_tile_is_not_found(app: Flask, path: str) -> None:
    answer = client(app, "whole").get(f"/tiles/{CODE}/{path}.pbf")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_nothing_to_show_is_no_content(app: Flask) -> None:
    signed_in = client(app, "whole")
    for place in ("14/0/0", "0/0/0", "18/262143/262143"):
        answer = signed_in.get(f"/tiles/{CODE}/gate/{place}.pbf")
        assert (answer.status_code, answer.data) == (204, b"") and answer.headers["ETag"]
    with pytest.raises(NotFound):
        tiles.square(TOP + 1, 0, 0)


@given(st.integers(0, TOP).flatmap(
    lambda z: st.tuples(st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))
))  # fmt: skip
def test_squares_tile_the_world_and_their_boxes_hold_them(place: tuple[int, int, int]) -> None:
    z, x, y = place
    at = tiles.square(*place)
    assert at.right - at.left == pytest.approx(at.top - at.bottom, rel=1e-6)
    if x + 1 < 2**z:
        assert tiles.square(z, x + 1, y).left == pytest.approx(at.right, abs=1e-6)
    for lon, lat, u, v in [(at.west, at.north, -1, -1), (at.east, at.south, 65, 65)]:
        corner = mercator(shapely.Point(lon, lat), z, x, y, 64)
        assert (corner.x, corner.y) == pytest.approx((u, v), abs=1e-4)


# The index, as app_web.


def test_a_tile_is_found_by_the_index_though_rows_are_guarded(conn: Conn) -> None:
    conn.execute(
        """INSERT INTO app.building (district, code, name, kind, floors, households, people,
                                     estimated, period, geom)
           SELECT district, 'n' || n, 'n', 'slab', 6, 7, 14, false, period,
                  ST_Translate(geom, (n % 100) * 0.01, n / 100 * 0.01)
             FROM app.building, generate_series(1, 5000) AS n WHERE code = 'a'"""
    )
    conn.execute("ANALYZE app.building")
    place = tiles_over_the_town(15)[4]
    for login in ("west", "whole"):
        with acting(conn, login):
            plan = tiles.plan(conn, CODE, layers("building"), *place)
        assert "Index Cond: (geom &&" in plan and "Seq Scan on building" not in plan
        asked = [line for line in plan.splitlines() if "realm_shape" in line]
        assert not asked, "the shape is fetched once, not joined row by row"


# The part of the map that is one's own, against shapely.


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_one_sees_what_lies_in_ones_areas_and_nothing_else(filled: Database, data: Any) -> None:
    with closing(database.admin(filled)) as conn:
        held, untiled = data.draw(st.tuples(st.sets(st.integers(0, 6), min_size=1), st.booleans()))
        areas = conn.execute(
            """SELECT a.id, a.code, ST_AsBinary(v.geom) FROM app.area AS a
                 JOIN app.area_version AS v ON v.area = a.id ORDER BY a.id"""
        ).fetchall()
        mine = [areas[i] for i in held]
        account = people.add(conn, CODE, "drawn", "official", mine[0][1])
        for _, code, _ in mine[1:]:
            people.accounts.grant(conn, CODE, account, "official", code)
        if untiled:  # a grid of the east reaches over the border, as areas that are not tiled may
            conn.execute("UPDATE app.area SET tiled = false")
            conn.execute(
                """UPDATE app.area_version SET geom = ST_Multi(ST_Translate(geom, -0.001, 0))
                    WHERE area = (SELECT id FROM app.area WHERE code = %s || '001001')""",
                [EAST],
            )
        shapes = conn.execute(
            """SELECT a.code, ST_AsBinary(v.geom) FROM app.area AS a
                 JOIN app.area_version AS v ON v.area = a.id"""
        ).fetchall()
        own = shapely.union_all([
            shapely.from_wkb(wkb) for code, wkb in shapes
            if any(code.startswith(above) for _, above, _ in mine)
        ])  # fmt: skip
        places = conn.execute("SELECT code, ST_AsBinary(place) FROM app.building").fetchall()
        expected = {code for code, wkb in places if own.intersects(shapely.from_wkb(wkb))}
        with acting(conn, "drawn"):
            assert {code for (code,) in conn.execute("SELECT code FROM map.building")} == expected
        conn.rollback()
