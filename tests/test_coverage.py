from typing import Any

import pytest

from gis import districts
from gis.coverage import coverage, headlines, publish, set_profile, unpublished
from gis.errors import BadInput, NotFound
from sql.database import Conn
from tests import town


@pytest.fixture
def conn(admin: Conn) -> Conn:
    districts.create(
        admin, town.HOME, town.content(), services=[("s1", "党务服务"), ("s2", "政务代办")]
    )
    return admin


def covered(conn: Conn, **more: Any) -> dict[str, Any]:
    return coverage(conn, town.HOME.code, **more)


def test_households_within_bands_are_as_reckoned_by_hand(conn: Conn) -> None:
    figures = covered(conn)
    # P's connector 10 m at x = 100. a: 10 + 100 + 10 = 120 m, under 5 minutes (333 m). d: door 5 m
    # above the path, 50 + 80 + 20 + 250 + ... = 5 + 50 + 100 + 250 + 10 = 415 m, 7 minutes. b: 10 +
    # 500 + 10 = 520 m, 8 minutes. c: 10 + 600 + 380 + 100 + 10 = 1100 m, 17 minutes.
    assert [b["households"] for b in figures["bands"]] == [100, 210, 210, 250]
    assert figures["households"] == 250
    assert figures["households_covered"] == 210
    assert figures["people_covered"] == 420
    assert figures["buildings_covered"] == 3
    assert figures["estimated"] == {"buildings": 1, "households": 40, "people": 80}
    assert figures["unconnected"] == {"buildings": 0, "households": 0, "people": 0}


def test_shut_gate_and_shut_station_count_at_their_hours_only(conn: Conn) -> None:
    assert covered(conn, at="10:00")["households_covered"] == 210
    assert covered(conn, at="2026-11-23T19:30")["households_covered"] == 0
    assert covered(conn, at="2026-11-23T07:59")["households_covered"] == 0
    assert covered(conn, at="2026-11-23T08:00")["households_covered"] == 210
    conn.execute("UPDATE app.station SET open = '{[0,10080)}'")
    assert covered(conn, at="2026-11-23T22:00")["households_covered"] == 150  # d is locked in
    assert covered(conn, at="2026-11-23T22:00")["unconnected"]["households"] == 0


def test_service_that_no_station_offers(conn: Conn) -> None:
    assert covered(conn, service="s1")["households_covered"] == 210
    assert covered(conn, service="s2")["households_covered"] == 0


@pytest.mark.parametrize("level", ["subdistrict", "community", "grid"])
def test_areas_and_unassigned_add_up(conn: Conn, level: str) -> None:
    conn.execute("UPDATE app.building SET geom = ST_Translate(geom, 1, 0) WHERE code = 'b'")
    figures = covered(conn, by=level)
    whole = covered(conn)
    for name in ("households", "people", "buildings", "households_covered"):
        assert sum(area[name] for area in figures["areas"]) == figures[name] == whole[name]
    unassigned = [a for a in figures["areas"] if a["code"] == "unassigned"]
    assert [(a["parent"], a["households"]) for a in unassigned] == [("371799", 50)]


def test_deleting_the_bridge_cuts_off_the_north(conn: Conn) -> None:
    assert covered(conn)["bands"][-1]["households"] == 250
    conn.execute("DELETE FROM app.way WHERE bridge")
    figures = covered(conn)
    assert figures["bands"][-1]["households"] == 210
    # the south road has 4 nodes with the path, the north road 2: the north has no station
    assert figures["unconnected"]["households"] == 40


def test_deleting_an_edge_of_the_network_itself(conn: Conn) -> None:
    covered(conn)
    conn.execute("DELETE FROM net.edge WHERE way = (SELECT id FROM app.way WHERE code = 'bridge')")
    assert covered(conn)["bands"][-1]["households"] == 210


def test_planned_station_does_not_count(conn: Conn) -> None:
    conn.execute("UPDATE app.station SET state = 'planned'")
    assert covered(conn)["households_covered"] == 0


def test_speed_of_a_profile(conn: Conn) -> None:
    # 1,100 m in 15 minutes is 4.4 km/h
    assert covered(conn, profile_code="brisk")["households_covered"] == 250
    assert covered(conn, profile_code="elderly")["households_covered"] == 210
    set_profile(conn, town.HOME.code, "exact", 4.4, 15)
    assert covered(conn, profile_code="exact")["households_covered"] == 250
    set_profile(conn, town.HOME.code, "exact", 4.39, 15)
    assert covered(conn, profile_code="exact")["households_covered"] == 210


def test_distances_of_the_standard_are_bands_of_their_own(conn: Conn) -> None:
    # 300, 500 and 1,000 m: a; a and d (415 m); these and b (520 m)
    figures = covered(conn, profile_code="gb50180")
    assert [b["households"] for b in figures["bands"]] == [100, 160, 210]


@pytest.mark.parametrize("speed", [0, -1, 0.05, 21, float("nan")])
def test_impossible_speed_is_refused(conn: Conn, speed: float) -> None:
    with pytest.raises(BadInput, match="speed"):
        set_profile(conn, town.HOME.code, "standard", speed, 15)


def test_unknown_codes_name_the_known_ones(conn: Conn) -> None:
    with pytest.raises(NotFound, match="371799"):
        coverage(conn, "999999")
    with pytest.raises(NotFound, match="standard"):
        covered(conn, profile_code="nobody")
    with pytest.raises(NotFound, match="s1"):
        covered(conn, service="s9")
    with pytest.raises(BadInput, match="time"):
        covered(conn, at="half past")


def test_published_figures_say_when_they_are_out_of_date(conn: Conn) -> None:
    assert unpublished(conn) == [town.HOME.code]
    publish(conn, town.HOME.code)
    assert unpublished(conn) == []
    ((figures, _),) = headlines(conn)
    assert figures["households_covered"] == 210
    conn.execute("DELETE FROM app.way WHERE bridge")
    assert unpublished(conn) == [town.HOME.code]
