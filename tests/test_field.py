"""The question of the field page: nearest by time, open when one gets there, and who answers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import field, handover, hours, members
from gis.crs import to_stored
from gis.districts import district
from gis.field import Question
from gis.members import Draft
from sql import database
from sql.database import Database
from tests import people, staff, town
from tests.staff import CODE, EAST, E, W
from web import create_app
from web.config import Config

MONDAY = "2026-11-23"


def at(x: float, y: float) -> dict[str, float]:
    lon, lat = town.PLANE.inverse(np.array([x]), np.array([y]))
    return {"lon": float(lon[0]), "lat": float(lat[0])}


class Site:
    """The town: Q is always open, P by day; W has its grid member, E a worker who stands in."""

    def __init__(self, own: Database) -> None:
        self.own = own
        with database.admin(own) as conn:
            self.staff = staff.fill(conn)
            conn.execute(
                "UPDATE app.station SET hours = '24/7', open = '{[0,10080)}' WHERE code = 'Q'"
            )
            worker = members.add(conn, CODE, Draft("郑庚", ["community_worker"], f"{EAST}001")).id
            self.account = {**self.staff.account, "grid_e": people.add(conn, CODE, "e", "field", E)}
            for who, role, area in [(self.staff.member["赵甲"], "grid_member", W),
                                    (worker, "community_worker", f"{EAST}001")]:  # fmt: skip
                conn.execute(
                    """INSERT INTO app.assignment (district, role, member, area)
                       SELECT district, %s, %s, id FROM app.area WHERE code = %s""",
                    [role, who, area],
                )
        self.app = create_app(Config(own))
        self.app.extensions["pool"].open()

    def client(self, login: str) -> FlaskClient:
        return people.client_of(self.app, self.account[login])

    def ask(self, login: str, status: int = 200, **said: Any) -> Any:
        with self.client(login).post(f"/api/{CODE}/field", json=said) as answer:
            assert answer.status_code == status, answer.get_data(as_text=True)
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.get_json()

    def answer(self, clock: str, x: float, y: float, service: str | None = None) -> Any:
        now = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        place = at(x, y)
        with database.admin(self.own) as conn:
            asked = Question(place["lon"], place["lat"], 0.0, service, now)
            return field.answer(conn, district(conn, CODE), asked)


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    made = Site(own)
    yield made
    made.app.extensions["pool"].close()


def shown(answer: Any) -> list[tuple[str, bool, bool]]:
    return [(one["code"], one["open"], one["in_time"]) for one in answer["stations"]]


def test_nearest_by_walking_time(site: Site) -> None:
    # from (300, 3): 3 m to the road, 200 m along it and 10 m to P; straight to the corner (350, 0),
    # from where another edge begins: 50.09 m, 350 m along it and 10 m to Q
    found = site.answer(f"{MONDAY}T10:00", 300, 3)
    assert shown(found) == [("P", True, True), ("Q", True, True)]
    assert [one["cost_cm"] for one in found["stations"]] == pytest.approx([21_300, 41_009], abs=2)
    assert [one["minutes"] for one in found["stations"]] == [4, 7]
    line = found["stations"][0]["path"]["coordinates"]
    assert line[0] == pytest.approx(list(at(300, 3).values()), abs=2e-6)
    assert line[-1] == pytest.approx(list(at(100, -10).values()), abs=2e-6)
    assert found["stations"][0]["street"] == "south"


@pytest.mark.parametrize(
    ("clock", "expected", "since", "until"),
    [
        ("07:57", (False, True), "2026-11-22T18:00", "2026-11-23T08:00"),
        ("08:00", (True, True), "2026-11-23T08:00", "2026-11-23T18:00"),
        ("17:55", (True, True), "2026-11-23T08:00", "2026-11-23T18:00"),
        ("17:56", (True, False), "2026-11-23T08:00", "2026-11-23T18:00"),  # four minutes' walk
        ("18:00", (False, False), "2026-11-23T18:00", "2026-11-24T08:00"),
    ],
)
def test_open_now_and_when_one_gets_there(
    site: Site, clock: str, expected: tuple[bool, bool], since: str, until: str
) -> None:
    first, other = site.answer(f"{MONDAY}T{clock}", 300, 3)["stations"]
    assert (first["open"], first["in_time"]) == expected
    assert (first["since"], first["until"]) == (since, until)
    assert (other["open"], other["since"], other["until"]) == (True, None, None)


def test_gates_are_as_they_are_now(site: Site) -> None:
    # in the compound: by day through its gate; at night the gate is shut and there is no way out
    by_day = site.answer(f"{MONDAY}T10:00", 300, 98)["stations"]
    assert [one["code"] for one in by_day] == ["P", "Q"]
    assert site.answer(f"{MONDAY}T23:00", 300, 98)["stations"] == []


def test_service_asked_for(site: Site) -> None:
    assert len(site.ask("official", **at(300, 3), service="s1")["stations"]) == 2
    assert site.ask("official", 404, **at(300, 3), service="none")["key"] == "no_service"


def test_three_that_are_open_are_named_beyond_any_that_are_shut() -> None:
    def one(k: int, is_open: bool) -> field.Station:
        opening = {"open": is_open, "in_time": is_open}
        return field.Station(k, str(k), "", "post", "", 0.0, 0.0, k, k, k, opening)

    found = [one(k, k in (4, 5, 7, 8)) for k in range(9)]
    assert [s.id for s in field._shown(found)] == [0, 1, 2, 4, 5, 7]


def test_grids_near_an_edge(site: Site) -> None:
    grids = site.ask("official", **at(395, 3), accuracy=29)["grids"]
    assert [(g["code"], g["inside"]) for g in grids] == [(W, True), (E, False)]
    assert [g["code"] for g in site.ask("official", **at(395, 3), accuracy=3)["grids"]] == [W]
    assert [g["code"] for g in site.ask("official", **at(300, 3), accuracy=29)["grids"]] == [W]
    assert [g["code"] for g in site.ask("official", **at(405, 3))["grids"]] == [E]


def test_who_answers_for_a_grid(site: Site) -> None:
    west, east = site.ask("official", **at(399, 3), accuracy=29)["grids"]
    assert west["who"] == {"role": "grid_member", "name": "赵甲", "stands_in": False}
    assert east["who"] == {"role": "community_worker", "name": "郑庚", "stands_in": True}
    assert east["community"] == f"community {EAST}001"


def test_names_are_told_where_one_has_a_right(site: Site) -> None:
    west, east = site.ask("field_west", **at(399, 3), accuracy=29)["grids"]
    assert west["mine"] and west["who"]["name"] == "赵甲"
    assert not east["mine"] and east["who"] is None
    west, east = site.ask("grid_e", **at(399, 3), accuracy=29)["grids"]
    assert not west["mine"] and west["who"] is None
    assert east["mine"] and east["who"]["name"] == "郑庚"  # though the community is not his


def test_outside_the_district_and_off_the_ways(site: Site) -> None:
    problem = site.ask("official", 400, **at(-2020, 0))
    assert problem["key"] == "outside_district" and problem["values"]["km"] == "2.0"
    assert site.ask("official", 400, **at(200, 130))["key"] == "no_way_here"


@pytest.mark.parametrize(
    "said",
    [
        {}, {"lon": 115.45}, {"lon": "115.45", "lat": 35.25}, {"lon": 181, "lat": 35.25},
        {"lon": 115.45, "lat": 35.25, "accuracy": -1}, {"lon": True, "lat": 35.25},
        {"lon": 115.45, "lat": 35.25, "who": "me"},
    ],
)  # fmt: skip
def test_bad_questions_are_refused(site: Site, said: dict[str, Any]) -> None:
    assert site.ask("official", 400, **said)["status"] == 400


def test_nan_is_no_degree(site: Site) -> None:
    body = '{"lon": NaN, "lat": 35.25}'
    with site.client("official").post(f"/api/{CODE}/field", data=body) as answer:
        assert answer.status_code == 400


def test_position_is_in_no_address(site: Site) -> None:
    with site.client("official").get(f"/api/{CODE}/field", query_string=at(300, 3)) as answer:
        assert answer.status_code == 405


def test_page_is_where_field_staff_begin(site: Site) -> None:
    client = site.client("field_west")
    assert client.get("/login").headers["Location"] == f"/{CODE}/field"
    for path in ("/field", f"/{CODE}/field"):
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Security-Policy"].count("'nonce-") == 1
    assert site.app.test_client().get("/field").headers["Location"].startswith("/login?next=/field")


def test_page_names_the_modules_it_begins_with(site: Site) -> None:
    text = site.client("official").get("/field").get_data(as_text=True)
    loaded = {part.split('"')[0] for part in text.split('rel="modulepreload" href="')[1:]}
    names = {path.partition("/js/")[2] for path in loaded}
    assert {"field/main.js", "field/choice.js", "api.js"} <= names
    assert not [name for name in names if name.startswith("map/") or name == "field/map.js"]


@pytest.mark.parametrize(
    "text", ["Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00", "Sa,Su 20:00-02:00", "24/7", "off",
             "Mo 00:00-24:00", "Mo-Su 22:00-06:00"],
)  # fmt: skip
def test_turns_are_those_of_a_clock_that_ticks(text: str) -> None:
    ranges = hours.parse(text)
    state = [hours.is_open(ranges, minute) for minute in range(hours.WEEK)]
    turned = [m for m in range(hours.WEEK) if state[m] != state[m - 1]]
    for minute in range(0, hours.WEEK, 7):
        expected = turned and (
            min((minute - m) % hours.WEEK for m in turned),
            min((m - minute) % hours.WEEK or hours.WEEK for m in turned),
        )
        assert hours.turns(ranges, minute) == (expected or None)


@settings(max_examples=60, deadline=None)
@given(st.floats(100, 122), st.floats(22, 45))
def test_handed_over_places_lead_back(lon: float, lat: float) -> None:
    links = handover.links(lon, lat, "东城,站|A&B=C")
    amap, baidu = (parse_qs(urlsplit(links[app]).query) for app in ("amap", "baidu"))
    x, y, name = amap["to"][0].split(",")
    assert name == "东城 站 A&B=C" and amap["coordinate"] == ["gaode"]
    latlng, _, called = baidu["destination"][0].partition("|")
    assert called == "name:东城 站 A&B=C" and baidu["coord_type"] == ["bd09ll"]
    by, bx = latlng.removeprefix("latlng:").split(",")
    for datum, place in [("gcj02", (x, y)), ("bd09", (bx, by))]:
        there = to_stored(*(np.array([float(one)]) for one in place), datum)
        assert [float(there[0][0]), float(there[1][0])] == pytest.approx([lon, lat], abs=2e-6)
    assert unquote(links["geo"]).startswith(f"geo:{lat:.6f},{lon:.6f}?q=")


def test_nobody_is_told_where_one_starts_from() -> None:
    for address in handover.links(115.45, 35.25, "站").values():
        assert not any(word in address for word in ("from=", "origin", "sname", "slat"))
