"""The interface for reading: figures, areas, minutes, stations; and whose they are."""

import gzip
import json
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pytest

from gis.coverage import coverage, headlines
from sql import database as connections
from sql.database import Database
from tests import town
from tests.halves import CODE, EAST, GRID, ROLES, WEST, Site

COUNTED = ("buildings", "households", "people", "households_covered", "bands", "unconnected")


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


def told(site: Site, **more: Any) -> dict[str, Any]:
    """The figures of the command line."""
    with connections.admin(site.database) as conn:
        return coverage(conn, CODE, **more)


def counts(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figures[name] for name in COUNTED}


@pytest.mark.parametrize("by", ["district", "subdistrict", "community", "grid"])
@pytest.mark.parametrize("more", [{}, {"at": "2026-11-23T22:30"}, {"service": "s2"}])
def test_figures_are_those_of_the_command_line(site: Site, by: str, more: dict[str, str]) -> None:
    expected = told(site, by=by, **more)
    found = site.get(f"{CODE}/coverage", query_string={"by": by, **more})
    for row in found["areas"]:
        assert len(row.pop("point")) == 2 and len(row.pop("bbox")) == 4
    assert found == expected
    assert found["partial"] is False


def test_figures_are_as_reckoned_by_hand(site: Site) -> None:
    # a: 120 m, d: 415 m, c: 1,100 m from P (see test_coverage); b at x = 600 is 10 m from the road,
    # 100 m along it and 10 m from Q: 120 m
    found = site.get(f"{CODE}/coverage")
    assert [band["households"] for band in found["bands"]] == [150, 210, 210, 250]


@pytest.mark.parametrize("role", ROLES)
def test_somebody_of_one_subdistrict_gets_its_figures_and_no_others(site: Site, role: str) -> None:
    (west,) = [row for row in told(site, by="subdistrict")["areas"] if row["code"] == WEST]
    found = site.get(f"{CODE}/coverage?by=subdistrict", f"{role}_west")
    assert [row["code"] for row in found["areas"]] == [WEST]
    assert found["partial"] is True
    assert counts(found) == counts(found["areas"][0]) == counts(west)
    grids = site.get(f"{CODE}/coverage?by=grid", f"{role}_west")
    assert [row["code"] for row in grids["areas"]] == [GRID[WEST]]


def test_halves_add_up_to_the_whole(site: Site) -> None:
    whole, west, east = (
        site.get(f"{CODE}/coverage", login) for login in ("official", "official_west", "east")
    )
    for name in ("buildings", "households", "people", "households_covered"):
        assert west[name] + east[name] == whole[name]
    assert west["households"] == 160 and east["households"] == 90


def test_figures_of_one_area(site: Site) -> None:
    found = site.get(f"{CODE}/coverage?by=grid&area={EAST}")
    assert [row["code"] for row in found["areas"]] == [GRID[EAST]]
    assert found["households"] == 90 and found["partial"] is False
    alone = site.get(f"{CODE}/coverage?area={GRID[EAST]}")
    assert alone["by"] == "grid" and counts(alone) == counts(found)


def test_minutes_asked_for_are_a_band(site: Site) -> None:
    found = site.get(f"{CODE}/coverage?minutes=7")
    assert [band["minutes"] for band in found["bands"]] == [5, 7, 10, 15, 20]
    # seven minutes are 466.66 m: a, b and d, not c
    assert found["households_covered"] == 210


def test_minutes_by_building(site: Site) -> None:
    codes = {id_: code for code, id_ in site.ids("building").items()}
    found = site.get(f"{CODE}/minutes")
    minutes = dict(zip(accumulate(found["ids"]), found["minutes"], strict=True))
    # at 4 km/h 120 m take 1.8 minutes, 415 m 6.2, 1,100 m 16.5
    assert {codes[id_]: m for id_, m in minutes.items()} == {"a": 2, "b": 2, "c": 17, "d": 7}
    assert found["limits"] == [33333, 66666, 100000, 133333] and found["bands"] == [5, 10, 15, 20]
    west = site.get(f"{CODE}/minutes", "field_west")
    assert [codes[id_] for id_ in accumulate(west["ids"])] == ["a", "d"]


def test_minutes_agree_with_bands_for_every_profile(site: Site) -> None:
    weight = {"a": 100, "b": 50, "c": 40, "d": 60}
    codes = {id_: code for code, id_ in site.ids("building").items()}
    for profile in ("standard", "brisk", "elderly", "gb50180"):
        asked = {"profile": profile, "at": "2026-11-23T22:30"}
        found = site.get(f"{CODE}/minutes", query_string=asked)
        households = [weight[codes[id_]] for id_ in accumulate(found["ids"])]
        bands = site.get(f"{CODE}/coverage", query_string=asked)["bands"]
        for band in bands:
            within = [m <= band["minutes"] for m in found["minutes"]]
            assert (
                sum(w for w, holds in zip(households, within, strict=True) if holds)
                == (band["households"])
            )


def test_areas_with_counts_and_shapes(site: Site) -> None:
    found = site.get(f"{CODE}/areas?geometry=1")
    assert [area["code"] for area in found["areas"]] == sorted(
        [CODE, WEST, f"{WEST}001", GRID[WEST], EAST, f"{EAST}001", GRID[EAST]]
    )
    by_code = {area["code"]: area for area in found["areas"]}
    names = ("households", "people", "buildings", "compounds", "stations")
    assert [by_code[CODE][name] for name in names] == [250, 500, 4, 1, 2]
    assert [by_code[GRID[WEST]][name] for name in names] == [160, 320, 2, 1, 1]
    features = found["geometry"]["features"]
    assert [one["properties"]["code"] for one in features] == list(by_code)
    assert {one["geometry"]["type"] for one in features} == {"MultiPolygon"}


def test_areas_of_somebody_are_theirs_and_what_is_above(site: Site) -> None:
    found = site.get(f"{CODE}/areas", "field_west")["areas"]
    assert [(area["code"], area["partial"]) for area in found] == [
        (CODE, True), (WEST, False), (f"{WEST}001", False), (GRID[WEST], False),
    ]  # fmt: skip
    assert found[0]["households"] == 160 and found[0]["stations"] == 1
    grid = site.get(f"{CODE}/areas", "grid")["areas"]
    assert [area["partial"] for area in grid] == [True, True, True, False]


def test_stations_say_whether_they_are_open(site: Site) -> None:
    asked = {"at": "2026-11-23T19:30"}
    found = site.get(f"{CODE}/stations", query_string=asked)
    assert [(one["code"], one["open"]) for one in found["stations"]] == [("P", False), ("Q", True)]
    assert found["services"] == [
        {"code": "s1", "name": "党务服务"}, {"code": "s2", "name": "政务代办"},
    ]  # fmt: skip
    assert found["stations"][1]["name"] == "<b>${Q}`银行"
    only = site.get(f"{CODE}/stations?service=s2")
    assert [one["code"] for one in only["stations"]] == ["Q"]


def test_who_is_nearest_to_a_station(site: Site) -> None:
    ids = site.ids("station")
    p = site.get(f"{CODE}/stations/{ids['P']}")
    assert p["nearest"] == {"buildings": 2, "households": 160, "people": 320}
    assert [area["code"] for area in p["areas"]] == [GRID[WEST], f"{WEST}001", WEST, CODE]
    assert site.get(f"{CODE}/stations/{ids['Q']}")["nearest"]["households"] == 50
    # c is 17 minutes from P
    assert site.get(f"{CODE}/stations/{ids['P']}?minutes=16")["nearest"]["households"] == 160
    assert site.get(f"{CODE}/stations/{ids['P']}?minutes=17")["nearest"]["households"] == 200
    # with P shut for the night all who reach one reach Q
    night = {"at": "2026-11-23T19:30"}
    found = site.get(f"{CODE}/stations/{ids['Q']}", query_string=night)
    assert found["nearest"]["households"] == told(site, **night)["households_covered"]
    shut = site.get(f"{CODE}/stations/{ids['P']}", query_string=night)
    assert shut["nearest"]["households"] == 0
    # of one's own alone
    east = site.get(f"{CODE}/stations/{ids['P']}?minutes=17", "east")
    assert east["nearest"]["households"] == 40


def test_nearest_to_a_point(site: Site) -> None:
    lon, lat = town.PLANE.inverse(200.0, 10.0)
    found = site.get(f"{CODE}/nearest?lon={lon}&lat={lat}&limit=2")
    assert [(one["code"], one["cost_cm"]) for one in found["stations"]] == [
        ("P", 12_000), ("Q", 52_000),
    ]  # fmt: skip


def test_who_is_signed_in(site: Site) -> None:
    found = site.get("session", "planner_west")
    assert found["account"]["login"] == "planner_west" and found["language"] == "zh"
    (district,) = found["districts"]
    assert (district["code"], district["roles"], district["sample"]) == (CODE, ["planner"], True)
    assert [(a["code"], a["level"]) for a in district["areas"]] == [(WEST, "subdistrict")]
    assert district["areas"][0]["bbox"][2] < district["bbox"][2]
    assert site.get("session", "nobody")["districts"] == []


def test_an_edit_by_any_program_is_in_the_next_answer(site: Site) -> None:
    client = site.client()
    before = client.get(f"/api/{CODE}/coverage")
    with connections.admin(site.database) as conn:
        conn.execute("UPDATE app.building SET households = households + 7 WHERE code = 'a'")
    try:
        after = client.get(
            f"/api/{CODE}/coverage", headers={"If-None-Match": before.headers["ETag"]}
        )
        assert after.status_code == 200
        assert after.json and before.json
        assert after.json["households"] == before.json["households"] + 7
        assert after.headers["ETag"] != before.headers["ETag"]
    finally:
        with connections.admin(site.database) as conn:
            conn.execute("UPDATE app.building SET households = households - 7 WHERE code = 'a'")


def test_a_way_taken_out_is_worked_out_as_the_engine(site: Site) -> None:
    with connections.admin(site.database) as conn:
        conn.execute("UPDATE app.way SET period = '[2000-01-01,2001-01-01)' WHERE bridge")
    try:
        found = site.get(f"{CODE}/coverage", "east")
        assert found["unconnected"]["households"] == 40  # house c, north of the river
        with connections.admin(site.database) as conn:  # and the visitor's page says the same
            ((published, _),) = headlines(conn)
        assert published["unconnected"]["households"] == 40
        minutes = site.get(f"{CODE}/minutes", "east")["minutes"]
        assert sorted(minutes) == [2, 254]
    finally:
        with connections.admin(site.database) as conn:
            conn.execute("UPDATE app.way SET period = '[2026-11-20,)' WHERE bridge")


@pytest.mark.parametrize(
    "path", ["coverage", "areas", "areas?geometry=1", "minutes", "stations?at=10:00", "search?q=K"]
)
def test_what_one_has_is_not_sent_twice(site: Site, path: str) -> None:
    client = site.client()
    first = client.get(f"/api/{CODE}/{path}")
    headers = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"/api/{CODE}/{path}", headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    assert "no-cache" in first.headers["Cache-Control"]
    other = site.client("official_west").get(f"/api/{CODE}/{path}", headers=headers)
    assert other.status_code == 200
    english = client.get(f"/api/{CODE}/{path}{'&' if '?' in path else '?'}lang=en", headers=headers)
    assert english.status_code == 200


def test_long_answers_travel_compressed(site: Site) -> None:
    client = site.client()
    packed = client.get(f"/api/{CODE}/areas?geometry=1", headers={"Accept-Encoding": "gzip"})
    plain = client.get(f"/api/{CODE}/areas?geometry=1")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    short = client.get(f"/api/{CODE}/search?q=zzz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers
