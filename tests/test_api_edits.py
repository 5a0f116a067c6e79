"""The map mended through the interface: effects, rights per role and area, stale forms, undo."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from gis.coverage import coverage
from sql import database
from sql.database import Conn, Database
from tests import people, staff, town
from tests.staff import ACCOUNTS, CODE
from web import create_app
from web.config import Config

URL = f"/api/{CODE}"
TABLES = {"stations": "station", "gates": "gate", "compounds": "compound",
          "buildings": "building", "ways": "way", "barriers": "barrier"}  # fmt: skip


def xy(x: float, y: float) -> list[float]:
    """Metres of the town as degrees."""
    return list(shapely.get_coordinates(town.place(shapely.Point(x, y)))[0])


def line(*points: tuple[float, float]) -> list[list[float]]:
    return [xy(*one) for one in points]


def box(x0: float, y0: float, x1: float, y1: float) -> list[list[list[float]]]:
    return [line((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]


class Site:
    """The town served, and clients signed in as its people."""

    def __init__(self, own: Database, app: Flask) -> None:
        with database.admin(own) as conn:
            found = staff.fill(conn)
            conn.execute("UPDATE app.way SET period = '[2020-01-01,)'")
        self.own, self.app = own, app
        self.client: dict[str, FlaskClient] = {
            login: people.client_of(app, id) for login, id in found.account.items()
        }

    def ask(self, login: str, method: str, path: str, status: int, **more: Any) -> Any:
        answer = self.client[login].open(f"{URL}/{path}", method=method, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)
        told = answer.get_json()
        if status < 300 and login == "planner" and method != "GET":
            self.check(told["effect"]["after"])
        return told

    def check(self, after: dict[str, Any]) -> None:
        """What was renewed is what is counted again: the headline told, and the published one."""
        with database.admin(self.own) as conn:
            found = coverage(conn, CODE, by="subdistrict")
            assert after == {name: found[name] for name in after}
            published = "SELECT figures FROM net.headline WHERE district = %s"
            assert conn.execute(published, [CODE]).fetchone() == (found,)

    def post(self, login: str, path: str, status: int = 201, **said: Any) -> Any:
        return self.ask(login, "POST", path, status, json=said)

    def patch(self, login: str, path: str, status: int = 200, **said: Any) -> Any:
        return self.ask(login, "PATCH", path, status, json=said)

    def end(self, login: str, path: str, version: int, status: int = 200) -> Any:
        return self.ask(login, "DELETE", path, status, query_string={"version": version})

    def undo(self, login: str, path: str, version: int, status: int = 200) -> Any:
        return self.post(login, f"{path}/undo", status, version=version)

    def of(self, kind: str, code: str) -> tuple[int, int]:
        with database.admin(self.own) as conn:
            text = f"SELECT id, version FROM app.{TABLES[kind]} WHERE code = %s"
            found = conn.execute(text, [code]).fetchone()
        assert found is not None
        return found[0], found[1]

    def rows(self) -> dict[str, list[Any]]:
        """All that can be edited, but the versions."""
        with database.admin(self.own) as conn:
            return {table: _rows(conn, table) for table in TABLES.values()}

    def figures(self) -> dict[str, Any]:
        with database.admin(self.own) as conn:
            return coverage(conn, CODE)


def _rows(conn: Conn, table: str) -> list[Any]:
    text = f"SELECT to_jsonb(t) - 'version', encode(ST_AsEWKB(geom), 'hex') FROM app.{table} AS t"
    return conn.execute(f"{text} WHERE period @> now() ORDER BY id").fetchall()


@pytest.fixture
def site(own: Database) -> Iterator[Site]:
    app = create_app(Config(own))
    with app.extensions["pool"]:
        yield Site(own, app)
        with database.admin(own) as conn:
            conn.execute("DELETE FROM app.district")


def covered(effect: dict[str, Any]) -> tuple[int, int]:
    return effect["before"]["households_covered"], effect["after"]["households_covered"]


def test_a_day_of_edits_and_back_again(site: Site) -> None:
    """Each edit tells what it does, and what is undone is as it was to the bit."""
    rows, figures = site.rows(), site.figures()
    made = site.post("planner", "stations", point=xy(600, 365), name="新站", hours="20:00-02:00")
    effect = made["effect"]
    assert effect["network"] == "patched" and effect["lost"] == 0
    assert covered(effect)[1] - covered(effect)[0] == effect["gained"]
    moved = site.patch("planner", f"stations/{made['id']}", version=1, point=xy(605, 365))
    assert moved["version"] == 2
    closed = site.patch("planner", f"stations/{made['id']}", version=2, state="closed")
    assert closed["effect"]["network"] == "same"
    assert closed["effect"]["lost"] == effect["gained"]
    opened = site.undo("planner", f"stations/{made['id']}", 3)
    assert covered(opened["effect"])[1] == covered(moved["effect"])[1]
    ended = site.end("planner", f"stations/{made['id']}", 4)
    assert site.figures() == figures and site.rows() == rows
    again = site.undo("planner", f"stations/{made['id']}", ended["version"])
    assert covered(again["effect"])[1] == covered(moved["effect"])[1]
    site.end("planner", f"stations/{made['id']}", again["version"])


CASES: list[tuple[str, dict[str, Any]]] = [
    ("stations", {"point": xy(600, 365), "name": "甲"}),
    ("gates", {"point": xy(120, 1), "name": "侧门", "compound": "K", "hours": "off"}),
    ("compounds", {"polygon": box(450, 30, 550, 150), "name": "新苑"}),
    ("buildings", {"polygon": box(500, 20, 510, 30), "households": 12, "floors": 6}),
    ("ways", {"line": line((500, 1), (500, 379))}),
    ("ways", {"line": line((400, -1), (400, 381)), "bridge": True}),
    ("barriers", {"line": line((590, 5), (620, 5))}),
]


@pytest.mark.parametrize(("kind", "said"), CASES)
def test_what_is_made_and_undone_leaves_no_trace(
    site: Site, kind: str, said: dict[str, Any]
) -> None:
    rows, figures = site.rows(), site.figures()
    made = site.post("planner", kind, **said)
    assert site.rows() != rows
    gone = site.undo("planner", f"{kind}/{made['id']}", made["version"])
    assert gone["version"] is None
    assert site.rows() == rows and site.figures() == figures
    assert gone["effect"]["after"] == made["effect"]["before"]
    back = site.undo("planner", f"{kind}/{made['id']}", made["version"])
    assert back["effect"]["after"] == made["effect"]["after"]


@pytest.mark.parametrize(("kind", "code", "said"), [
    ("stations", "P", {"hours": "Mo-Fr 22:00-02:00; PH off"}),
    ("stations", "P", {"point": xy(300, 5)}), ("gates", "G", {"hours": "off"}),
    ("gates", "G", {"passage": "in"}), ("buildings", "a", {"households": 7, "people": 9}),
    ("buildings", "d", {"polygon": box(500, 20, 510, 30)}), ("ways", "path", {"foot": "forward"}),
    ("ways", "bridge", {"line": line((0, 0), (0, 100))}), ("compounds", "K", {"name": "改"}),
    ("barriers", "W", {"line": line((0, 50), (50, 50))}),
])  # fmt: skip
def test_what_is_changed_or_ended_comes_back_exactly(
    site: Site, kind: str, code: str, said: dict[str, Any]
) -> None:
    rows, figures = site.rows(), site.figures()
    id_, version = site.of(kind, code)
    changed = site.patch("planner", f"{kind}/{id_}", version=version, **said)
    assert site.rows() != rows
    undone = site.undo("planner", f"{kind}/{id_}", changed["version"])
    assert site.rows() == rows and site.figures() == figures
    ended = site.end("planner", f"{kind}/{id_}", undone["version"])
    assert id_ not in [row[0]["id"] for row in site.rows()[TABLES[kind]]]
    back = site.undo("planner", f"{kind}/{id_}", ended["version"])
    assert site.rows() == rows and site.figures() == figures
    assert back["effect"]["after"] == ended["effect"]["before"]


def test_a_gate_closed_and_opened_says_whom_it_cuts_off(site: Site) -> None:
    id_, version = site.of("gates", "G")
    shut = site.patch("planner", f"gates/{id_}", version=version, hours="off")
    [lost] = [one for one in shut["effect"]["buildings"] if one["after"] == 255]
    assert (lost["id"], shut["effect"]["lost"]) == (site.of("buildings", "d")[0], 60)
    assert shut["effect"]["network"] == "same"
    opened = site.patch("planner", f"gates/{id_}", version=version + 1, hours="24/7")
    assert opened["effect"]["gained"] == 60


def test_two_people_edit_one_station(site: Site) -> None:
    id_, version = site.of("stations", "P")
    site.patch("planner_west", f"stations/{id_}", version=version, name="先改")
    told = site.patch("planner", f"stations/{id_}", 409, version=version, name="后改")
    assert told["key"] == "changed_meanwhile" and told["values"]["who"] == "planner_west"
    assert [r[0]["name"] for r in site.rows()["station"] if r[0]["id"] == id_] == ["先改"]
    assert site.end("planner", f"stations/{id_}", version, 409)["key"] == "changed_meanwhile"
    assert site.undo("planner", f"stations/{id_}", version, 409)["key"] == "changed_meanwhile"


MAY: dict[str, set[str]] = {
    "west": {"planner", "planner_west", "admin_west"},
    "east": {"planner", "planner_east"},
    "whole": {"planner"},
}
WHERE: list[tuple[str, str, dict[str, Any]]] = [
    ("west", "stations", {"point": xy(200, -5), "name": "x"}),
    ("east", "stations", {"point": xy(600, -5), "name": "x"}),
    ("west", "buildings", {"polygon": box(100, 30, 110, 40)}),
    ("east", "buildings", {"polygon": box(700, 30, 710, 40)}),
    ("west", "compounds", {"polygon": box(50, 30, 90, 40)}),
    ("whole", "ways", {"line": line((100, 0), (100, 50))}),
    ("whole", "gates", {"point": xy(100, 0)}),
    ("whole", "barriers", {"line": line((100, 20), (120, 20))}),
]


@pytest.mark.parametrize(("place", "kind", "said"), WHERE)
def test_rights(site: Site, place: str, kind: str, said: dict[str, Any]) -> None:
    """Who may edit there does; all others change nothing by any of the four ways."""
    rows = site.rows()
    for login in ACCOUNTS:
        if login not in MAY[place]:
            site.post(login, kind, 403, **said)
    assert site.rows() == rows
    for login in sorted(MAY[place]):
        made = site.post(login, kind, **said)
        path = f"{kind}/{made['id']}"
        for other in ACCOUNTS:
            if other not in MAY[place]:
                site.patch(other, path, 404, version=made["version"], **said)
                site.end(other, path, made["version"], 404)
                site.undo(other, path, made["version"], 404)
        site.undo(login, path, made["version"])
    assert site.rows() == rows


def test_a_station_is_not_moved_into_anothers_area(site: Site) -> None:
    id_, version = site.of("stations", "P")
    site.patch("planner_west", f"stations/{id_}", 403, version=version, point=xy(600, -5))


RIVER = xy(300, 200)
BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("stations", {"point": RIVER, "name": "x"}, 422, "station_in_water"),
    ("stations", {"point": [116.5, 39.9], "name": "x"}, 422, "edit_outside"),
    ("stations", {"point": RIVER[::-1], "name": "x"}, 400, "edit_shape"),
    ("stations", {"point": [115.4], "name": "x"}, 400, "edit_shape"),
    ("stations", {"point": xy(1, 1)}, 400, "name_empty"),
    ("stations", {"point": xy(1, 1), "name": "x", "hours": "25:00"}, 400, "opening_hours"),
    ("stations", {"point": xy(1, 1), "name": "x", "services": ["?"]}, 404, "no_service"),
    ("stations", {"point": xy(1, 1), "name": "x", "kind": "?"}, 400, "rule_broken"),
    ("stations", {"point": xy(1, 1), "name": "x", "capacity": -1}, 400, "rule_broken"),
    ("stations", {"point": xy(1, 1), "name": "x", "capacity": True}, 400, "body_kind"),
    ("stations", {"point": ["1", 2], "name": "x"}, 400, "body_kind"),
    ("stations", {"name": "x"}, 400, "body_missing"),
    ("gates", {"point": xy(600, 100)}, 422, "gate_off_way"),
    ("gates", {"point": xy(350, 20.3)}, 422, "gate_there"),
    ("gates", {"point": xy(0, 0), "compound": "?"}, 400, "edit_compound"),
    ("gates", {"point": xy(0, 0), "passage": "?"}, 400, "rule_broken"),
    ("ways", {"line": [xy(0, 0)]}, 400, "edit_shape"),
    ("ways", {"line": line((0, 0), (0, 0))}, 400, "edit_shape"),
    ("buildings", {"polygon": [line((0, 0), (9, 9), (9, 0), (0, 9))]}, 400, "edit_crosses"),
    ("buildings", {"polygon": []}, 400, "edit_shape"),
    ("barriers", {"line": [[115, 35], [float("inf"), 35]]}, 400, "body_kind"),
]  # fmt: skip


def test_bad_input_changes_nothing_and_says_why(site: Site) -> None:
    rows = site.rows()
    for kind, said, status, key in BAD:
        told = site.post("planner", kind, status, **said)
        assert told["key"] == key, (kind, said)
        if status == 422:
            place = said["point"]
            assert [told["values"]["lon"], told["values"]["lat"]] == pytest.approx(place, abs=1e-4)
    assert site.rows() == rows


def test_a_gate_beside_a_way_is_put_on_it(site: Site) -> None:
    """The south road runs along y = 0: it gets a vertex below the gate."""
    made = site.post("planner", "gates", point=xy(520, 3), name="g")
    [gate] = [row[0] for row in site.rows()["gate"] if row[0]["id"] == made["id"]]
    assert gate["geom"]["coordinates"] == pytest.approx(xy(520, 0), abs=2e-8)
    [south] = [row[0] for row in site.rows()["way"] if row[0]["code"] == "south"]
    assert gate["geom"]["coordinates"] in south["geom"]["coordinates"]


def test_a_path_drawn_nearly_to_the_road_joins_it(site: Site) -> None:
    """House c lies 380 m north of the station's road; a bridge at x = 600 brings it near."""
    made = site.post("planner", "ways", line=line((600, 1.5), (600, 378.8)), bridge=True)
    id_ = site.of("buildings", "c")[0]
    [c] = [one for one in made["effect"]["buildings"] if one["id"] == id_]
    assert c["after"] < c["before"]


def test_without_a_pack_or_a_network_all_is_built(site: Site) -> None:
    with database.admin(site.own) as conn:
        from gis.walk.engine import pack_folder

        shutil.rmtree(pack_folder(conn), ignore_errors=True)
    made = site.post("planner", "stations", point=xy(600, 365), name="新站")
    assert made["effect"]["gained"] >= 0


def drawn(site: Site, login: str, **more: float) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what is on the map around the town, by kind and code."""
    (west, south), (east, north) = xy(-30, -30), xy(830, 410)
    box = {"west": west, "south": south, "east": east, "north": north, **more}
    told = site.ask(login, "GET", "drawn", 200, query_string=box)
    return {(one["kind"], one["code"]): one for one in told["things"]}


def test_what_is_drawn_is_told_as_it_is_stored(site: Site) -> None:
    """Shapes to the last decimal, so that what is drawn to a corner joins it; values as set."""
    found = drawn(site, "planner")
    assert {kind for kind, _ in found} == set(TABLES)
    bridge = found["ways", "bridge"]
    assert bridge["geometry"]["coordinates"] == line((0, 0), (0, 170), (0, 230), (0, 380))
    assert bridge["values"]["bridge"] is True and bridge["may"]
    gate = found["gates", "G"]
    assert gate["values"] == {
        "name": "南门", "compound": "K", "hours": "Mo-Su 06:00-22:00", "passage": "both",
    }  # fmt: skip
    one = site.ask("planner", "GET", f"drawn/gates/{gate['id']}", 200)
    assert one == gate
    assert (one["id"], one["version"]) == site.of("gates", "G")
    site.ask("planner", "GET", "drawn/gates/999999", 404)
    site.ask("planner", "GET", "drawn/members/1", 404)
    wide = {"west": 115, "south": 35, "east": 116, "north": 36}
    assert site.ask("planner", "GET", "drawn", 400, query_string=wide)["key"] == "drawn_wide"


def test_what_is_drawn_says_who_may_change_it(site: Site) -> None:
    west = drawn(site, "planner_west")
    assert west["stations", "P"]["may"] and west["buildings", "a"]["may"]
    assert not west["stations", "Q"]["may"] and not west["ways", "south"]["may"]
    assert ("buildings", "b") not in west
    assert not any(one["may"] for one in drawn(site, "official").values())


def test_the_last_edits_are_listed_for_who_may_edit_there(site: Site) -> None:
    made = site.post("planner", "gates", point=xy(520, 3), name="东门")
    id_, version = site.of("stations", "P")
    site.patch("planner_west", f"stations/{id_}", version=version, name="改名", hours="off")
    site.end("planner", f"gates/{made['id']}", made["version"])
    told = site.ask("planner", "GET", "edits", 200, query_string={"limit": 3})["edits"]
    assert [(one["kind"], one["done"], one["name"], one["who"], one["last"]) for one in told] == [
        ("gates", "ended", "东门", "planner", True),
        ("stations", "changed", "改名", "planner_west", True),
        ("gates", "made", "东门", "planner", False),
    ]
    assert told[1]["differs"] == ["name", "hours"]
    west = site.ask("planner_west", "GET", "edits", 200)["edits"]
    assert {one["kind"] for one in west} == {"stations"}
    assert site.ask("official", "GET", "edits", 200)["edits"] == []
    site.undo("planner", f"gates/{told[0]['id']}", told[0]["version"])


def test_a_value_that_may_be_absent_is_taken_away(site: Site) -> None:
    id_, version = site.of("stations", "P")
    site.patch("planner", f"stations/{id_}", version=version, capacity=50)
    site.patch("planner", f"stations/{id_}", version=version + 1, empty=["capacity"])
    [station] = [row[0] for row in site.rows()["station"] if row[0]["id"] == id_]
    assert station["capacity"] is None
    for name in ("name", "code", "?"):
        told = site.patch("planner", f"stations/{id_}", 400, version=version + 2, empty=[name])
        assert told["key"] == "edit_empty"


def test_households_that_crossed_are_named_the_largest_first(site: Site) -> None:
    id_, version = site.of("gates", "G")
    shut = site.patch("planner", f"gates/{id_}", version=version, hours="off")["effect"]
    [house] = shut["crossed"]
    assert (house["name"], house["households"], house["after"]) == ("d", 60, 255)
    assert sum(one["households"] for one in shut["crossed"]) == shut["lost"]
