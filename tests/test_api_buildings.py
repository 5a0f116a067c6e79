"""One building: facts, stations, ways; every cost that of net.reach, every way whole."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from gis.walk import engine, variants
from gis.walk.path import path
from sql import database as connections
from sql.database import Database
from tests import town
from tests.halves import CODE, EAST, GRID, WEST, Site
from tests.town import station

NIGHT = "2026-11-23T22:30"
GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


def length_m(line: dict[str, Any]) -> float:
    lon, lat = np.array(line["coordinates"]).T
    return float(GEOD.line_length(lon, lat))


def building(site: Site, code: str, login: str = "official", **more: str) -> dict[str, Any]:
    id_ = site.ids("building")[code]
    found: dict[str, Any] = site.get(f"{CODE}/buildings/{id_}", login, query_string=more)
    return found


def test_facts_of_a_building(site: Site) -> None:
    d = building(site, "d")
    assert (d["households"], d["people"], d["floors"], d["estimated"]) == (60, 120, 6, False)
    assert d["compound"]["name"] == "华都小区"
    assert [area["code"] for area in d["areas"]] == [GRID[WEST], f"{WEST}001", WEST, CODE]
    assert building(site, "a")["compound"] is None
    assert d["unconnected"] is False and d["kind"] == "slab"


def test_stations_in_reach_by_cost(site: Site) -> None:
    a = building(site, "a")
    # to Q: 10 + 500 + 10 m
    assert [(s["code"], s["cost_cm"], s["minutes"]) for s in a["stations"]] == [
        ("P", 12_000, 2), ("Q", 52_000, 8),
    ]  # fmt: skip
    assert (a["cost_cm"], a["minutes"]) == (12_000, 2)
    # from c to Q it is 1,700 m, beyond 20 minutes
    assert [s["code"] for s in building(site, "c")["stations"]] == ["P"]


def test_a_way_is_as_long_as_it_costs(site: Site) -> None:
    for code in "abcd":
        found = building(site, code)
        assert length_m(found["path"]) == pytest.approx(found["cost_cm"] / 100, abs=0.1)
        assert found["straight_m"] <= found["cost_cm"] / 100 + 8  # from the middle of the house


def test_a_way_begins_at_the_door_and_ends_at_the_station(site: Site) -> None:
    found = building(site, "d")
    door = town.PLANE.inverse(300.0, 105.0)
    p = town.PLANE.inverse(100.0, -10.0)
    assert found["path"]["coordinates"][0] == pytest.approx(list(door), abs=2e-9)
    assert found["path"]["coordinates"][-1] == pytest.approx(list(p), abs=2e-9)
    gate = town.PLANE.inverse(350.0, 20.0)
    assert any(
        point == pytest.approx(list(gate), abs=2e-9) for point in found["path"]["coordinates"]
    )


def test_the_way_to_a_station_of_ones_choice(site: Site) -> None:
    id_ = site.ids("building")["b"]
    to_p = site.get(f"{CODE}/buildings/{id_}/path?station=P")
    assert (to_p["cost_cm"], to_p["minutes"]) == (52_000, 8)
    assert length_m(to_p["path"]) == pytest.approx(520, abs=0.1)
    slow = site.get(f"{CODE}/buildings/{id_}/path?station=P&profile=elderly")
    assert (slow["cost_cm"], slow["minutes"]) == (52_000, 11)


def test_what_is_open_at_an_hour(site: Site) -> None:
    a = building(site, "a", at="2026-11-23T19:30")
    # P is shut from 18:00: still listed, nearer, but Q is where to go
    assert [(s["code"], s["open"]) for s in a["stations"]] == [("P", False), ("Q", True)]
    assert a["cost_cm"] == 52_000
    assert length_m(a["path"]) == pytest.approx(520, abs=0.1)


def test_a_house_whose_gate_is_locked_goes_nowhere(site: Site) -> None:
    d = building(site, "d", at=NIGHT)
    assert (d["cost_cm"], d["minutes"], d["path"], d["stations"]) == (None, None, None, [])
    assert d["unconnected"] is False
    id_ = site.ids("building")["d"]
    answer = site.client().get(f"/api/{CODE}/buildings/{id_}/path?station=P&at={NIGHT}")
    assert answer.status_code == 404 and answer.json and answer.json["key"] == "no_way"


def test_the_nearest_station_is_told_however_far_it_is(site: Site) -> None:
    c = building(site, "c", service="s2")
    assert [(s["code"], s["cost_cm"], s["minutes"]) for s in c["stations"]] == [("Q", 170_000, 26)]
    assert (c["cost_cm"], c["minutes"]) == (170_000, 26)
    assert length_m(c["path"]) == pytest.approx(1700, abs=0.1)


def test_costs_are_those_of_reach_and_the_pieces_of_a_way_add_up(site: Site) -> None:
    with connections.admin(site.database) as conn:
        day = variants.at_minute(conn, CODE)
        network = engine.walk(conn, CODE)
        kept = conn.execute(
            """SELECT b.code, s.code, r.cost_cm, b.id, s.id
                 FROM net.reach AS r
                 JOIN app.building AS b ON b.id = r.building
                 JOIN app.station AS s ON s.id = r.station
                WHERE r.district = %s AND r.variant = %s""",
            [CODE, day.id],
        ).fetchall()
        graph, edges = engine.under(conn, CODE, day)
    assert len(kept) >= 7
    for house, code, cost, id_, station_id in kept:
        way = site.get(f"{CODE}/buildings/{id_}/path?station={code}")
        assert way["cost_cm"] == cost, (house, code)
        assert length_m(way["path"]) == pytest.approx(cost / 100, abs=0.1)
        found = path(
            graph, edges,
            engine.only(network.buildings, network.building, [id_]),
            engine.only(network.stations, network.station, [station_id]),
        )  # fmt: skip
        assert found is not None
        pieces = int(np.abs(found.to_cm - found.from_cm).sum())
        connectors = (
            engine.only(network.buildings, network.building, [id_]).connector_cm[found.building_row]
            + engine.only(network.stations, network.station, [station_id]).connector_cm[
                found.station_row
            ]
        )
        assert pieces + int(connectors) == cost


def test_a_building_of_others_is_not_there(site: Site) -> None:
    ids = site.ids("building")
    for code, login in [("b", "official_west"), ("c", "grid"), ("a", "east"), ("a", "nobody")]:
        client = site.client(login)
        for address in (f"buildings/{ids[code]}", f"buildings/{ids[code]}/path?station=P"):
            assert client.get(f"/api/{CODE}/{address}").status_code == 404
    assert building(site, "a", "grid")["cost_cm"] == 12_000
    assert building(site, "b", "east")["cost_cm"] == 12_000


@pytest.mark.parametrize("login", ["official", "official_west", "east", "grid", "nobody"])
def test_one_building_by_function_is_as_by_row_level_security(site: Site, login: str) -> None:
    pool = site.app.extensions["pool"]
    with connections.transaction(pool, site.accounts[login]) as conn:
        for id_ in site.ids("building").values():
            values = {"b": id_, "d": CODE}
            by_row = conn.execute(
                """SELECT station, cost_cm FROM net.reach WHERE district = %(d)s AND variant = 1
                      AND building = %(b)s ORDER BY cost_cm, station""",
                values,
            ).fetchall()
            by_function = conn.execute(
                "SELECT station, cost_cm FROM net.reach_of(%(d)s, 1, %(b)s)", values
            ).fetchall()
            assert by_function == by_row
            placed = conn.execute(
                """SELECT area FROM net.placement WHERE district = %(d)s AND building = %(b)s
                    ORDER BY 1""",
                values,
            ).fetchall()
            one = conn.execute("SELECT area FROM net.place_of(%(d)s, %(b)s) ORDER BY 1", values)
            assert one.fetchall() == placed


def test_the_network_of_one_person_is_never_packed(site: Site) -> None:
    with connections.admin(site.database) as conn:
        conn.execute("UPDATE app.way SET highway = 'service' WHERE code = 'south'")
    a = building(site, "a", "official_west")  # the first to ask after the edit
    assert a["cost_cm"] == 12_000
    assert building(site, "b", "east")["cost_cm"] == 12_000
    with connections.admin(site.database) as conn:
        assert len(engine.walk(conn, CODE).building) == 4


def test_a_new_station_is_the_nearest_at_once(site: Site) -> None:
    shape = station("N", 610, -5)["geometry"].wkb_hex
    with connections.admin(site.database) as conn:
        conn.execute(
            """INSERT INTO app.station (district, code, name, kind, services, open, hours, state,
                                        period, geom)
               VALUES (%s, 'N', '新站', 'post', '{s1}', '{[0,10080)}', '24/7', 'open',
                       '[2026-11-20,)', ST_SetSRID(%s::geometry, 4490))""",
            [CODE, shape],
        )
    try:
        b = building(site, "b", "east")
        assert (b["stations"][0]["code"], b["cost_cm"]) == ("N", 2_500)
    finally:
        with connections.admin(site.database) as conn:
            conn.execute("DELETE FROM app.station WHERE code = 'N'")
    assert building(site, "b")["stations"][0]["code"] == "Q"
    assert EAST in [area["code"] for area in building(site, "b")["areas"]]
