"""Assignments through the interface: rights per role and area, stale forms, undo, bad input."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sql import database
from sql.database import Database
from tests import people, staff
from tests.staff import ACCOUNTS, CODE, EAST, E, Staff, W
from web import create_app
from web.config import Config

URL = f"/api/{CODE}"


class Site:
    """The town served, and clients signed in as its people."""

    def __init__(self, own: Database, app: Flask) -> None:
        with database.admin(own) as conn:
            self.staff: Staff = staff.fill(conn)
        self.own, self.app = own, app
        self.client: dict[str, FlaskClient] = {
            login: people.client_of(app, id) for login, id in self.staff.account.items()
        }

    def ask(self, login: str, method: str, path: str, status: int, **more: Any) -> Any:
        answer = self.client[login].open(f"{URL}/{path}", method=method, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def get(self, login: str, path: str, status: int = 200, **asked: Any) -> Any:
        return self.ask(login, "GET", path, status, query_string=asked)

    def post(self, login: str, path: str, status: int, **said: Any) -> Any:
        return self.ask(login, "POST", path, status, json=said)

    def assign(self, login: str, grid: str, who: str, **more: Any) -> Any:
        said = {"grid": grid, "role": "grid_member", "member": self.staff.member[who], **more}
        return self.post(login, "assignments", 201, **said)

    def names(self, login: str, grid: str) -> list[str]:
        return [s["who"]["name"] for s in self.get(login, "assignments", grid=grid)["serving"]]


@pytest.fixture(scope="module")
def served(own: Database) -> Iterator[Site]:
    app = create_app(Config(own))
    with app.extensions["pool"]:
        yield Site(own, app)


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    yield served
    with database.admin(served.own) as conn:
        conn.execute("DELETE FROM app.assignment")
        conn.execute("DELETE FROM app.member WHERE name ~ '^新'")


def test_a_grid_gets_its_member_and_loses_him_by_undo(site: Site) -> None:
    before = site.get("planner", "assignments", grid=W)
    assert [h["role"] for h in before["holes"]] == ["grid_member"]
    assert before["target"]["households"] == 160 and before["may_change"]
    made = site.assign("planner", W, "赵甲", note="试用")
    assert made["version"] == 1
    after = site.get("planner", "assignments", grid=W)
    [one] = after["serving"]
    assert (one["who"]["name"], one["role"], one["minutes"]) == ("赵甲", "grid_member", 0)
    assert after["holes"] == [] and one["since"].endswith("+08:00")
    undone = site.post("planner", f"assignments/{made['id']}/undo", 200, version=1)
    assert undone == {"id": made["id"], "version": None}
    assert site.names("planner", W) == []
    again = site.post("planner", f"assignments/{made['id']}/undo", 200, version=1)
    assert again["version"] == 2 and site.names("planner", W) == ["赵甲"]
    changes = site.get("planner", f"assignments/{made['id']}/history")["changes"]
    assert [c["operation"] for c in changes] == ["insert", "delete", "insert"]
    assert [c["who"] for c in changes] == ["planner"] * 3
    assert changes[0]["after"]["name"] == "赵甲" and changes[0]["after"]["note"] == "试用"
    assert site.get("planner", "history", grid=W)["changes"][:3] == changes


def test_one_is_replaced_by_another_in_one_step(site: Site) -> None:
    first = site.assign("planner", W, "赵甲", **{"from": "2026-01-01"})
    refused = site.post("planner", "assignments", 409, grid=W, role="grid_member",
                        member=site.staff.member["李丁"])  # fmt: skip
    assert refused["key"] == "post_taken" and "赵甲" in refused["detail"]
    second = site.assign("planner", W, "李丁", replaces={"id": first["id"], "version": 1})
    assert second["ended"] == {"id": first["id"], "version": 2}
    assert site.names("planner", W) == ["李丁"]
    site.post("planner", f"assignments/{second['id']}/undo", 200, version=1)
    site.post("planner", f"assignments/{first['id']}/undo", 200, version=2)
    assert site.names("planner", W) == ["赵甲"]


def test_a_stale_form_names_who_was_faster(site: Site) -> None:
    made = site.assign("planner", W, "赵甲")
    path = f"assignments/{made['id']}"
    site.ask("dispatcher_west", "PATCH", path, 200, json={"version": 1, "note": "先"})
    late: list[tuple[str, dict[str, Any]]] = [
        ("PATCH", {"json": {"version": 1, "note": "后"}}),
        ("DELETE", {"query_string": {"version": 1}}),
    ]
    for method, more in late:
        told = site.ask("planner", method, path, 409, **more)
        assert told["key"] == "changed_meanwhile" and told["values"]["who"] == "dispatcher_west"
    assert site.post("planner", f"{path}/undo", 409, version=1)["key"] == "changed_meanwhile"
    done = site.ask("planner", "DELETE", path, 200, query_string={"version": 2})
    assert done["id"] == made["id"] and site.names("planner", W) == []


@pytest.mark.parametrize("login", ACCOUNTS)
@pytest.mark.parametrize("grid", [W, E])
def test_rights_by_role_and_area(site: Site, login: str, grid: str) -> None:
    role, area = ACCOUNTS[login]
    here, may = grid.startswith(area), role in ("planner", "dispatcher", "admin")
    made = site.assign("planner", grid, "赵甲" if grid == W else "李丁")
    seen = site.get(login, "assignments", 200 if here else 404, grid=grid)
    if here:
        assert [s["who"]["name"] for s in seen["serving"]] == ["赵甲" if grid == W else "李丁"]
        assert seen["may_change"] == may
        assert (seen["serving"][0]["minutes"] is not None) == may
    codes = [row["code"] for row in site.get(login, "holes", role="cadre")["areas"]]
    assert (grid in codes) == (here and may)
    path = f"assignments/{made['id']}"
    allowed = 200 if here and may else 404
    site.get(login, f"{path}/history", allowed)
    site.ask(login, "PATCH", path, allowed, json={"version": 1, "note": "x"})
    site.post(login, f"{path}/undo", allowed, version=2)
    site.ask(login, "DELETE", path, allowed, query_string={"version": 3})
    who = site.staff.member["赵甲" if area != EAST else "李丁"]
    answer = site.client[login].post(
        f"{URL}/assignments", json={"grid": grid, "role": "grid_member", "member": who}
    )
    if not here:
        assert answer.status_code == 404
    elif not may:
        assert answer.status_code in (403, 404)
    else:
        assert answer.status_code == 201


@pytest.mark.parametrize("login", ["official_west", "field_west", "official"])
def test_people_are_not_listed_to_those_who_do_not_assign(site: Site, login: str) -> None:
    assert site.get(login, "members")["members"] == []
    found = site.get(login, "assignments/suitable", grid=W, role="grid_member")
    assert found == {"people": []}
    answer = site.client[login].post(
        f"{URL}/members", json={"name": "新人", "roles": ["cadre"], "area": CODE}
    )
    assert answer.status_code == 403


def test_suitable_people_are_told_with_walk_load_and_reason(site: Site) -> None:
    site.assign("planner", E, "李丁")
    found = site.get("planner", "assignments/suitable", grid=W, role="grid_member")["people"]
    told = {one["name"]: one for one in found}
    assert {*told} == {"赵甲", "钱乙", "李丁", "吴己"}  # 孙丙 has left
    assert told["赵甲"]["why"] == "空闲" and told["赵甲"]["minutes"] == 0
    one = told["李丁"]
    assert (one["load_before"], one["load_after"], one["held"]) == (140, 300, 1)
    assert one["limit"] == {"low": 300, "high": 500} and not one["over"]
    assert one["serves"] == [{"role": "grid_member", "place": f"grid {E}"}]
    assert told["吴己"]["minutes"] is None and told["吴己"]["point"] is None
    assert [p["name"] for p in found][-1] == "吴己"
    named = site.get("planner", "assignments/suitable", grid=W, role="grid_member", q="护")
    assert [p["name"] for p in named["people"]] == ["赵甲"]


def test_a_load_elsewhere_counts_though_the_place_is_out_of_sight(site: Site) -> None:
    site.assign("planner", E, "赵甲")
    found = site.get("planner_west", "assignments/suitable", grid=W, role="grid_member")["people"]
    [one] = [p for p in found if p["name"] == "赵甲"]
    assert (one["load_before"], one["held"], one["serves"]) == (140, 1, [])
    assert one["why"] == "在别处有 1 个职务"


def test_members_are_entered_and_changed(site: Site) -> None:
    new = {"name": "新甲", "roles": ["volunteer"], "area": CODE, "skills": ["电工"]}
    made = site.post("planner", "members", 201, **new)
    assert site.get("planner", "members", q="新甲")["members"] == [made]
    path = f"members/{made['id']}"
    left = site.ask("planner", "PATCH", path, 200, json={"version": 1, "active": False})
    assert (left["active"], left["version"], left["skills"]) == (False, 2, ["电工"])
    stale = site.ask("planner", "PATCH", path, 409, json={"version": 1, "name": "新乙"})
    assert stale["values"]["who"] == "planner"
    site.ask("planner_west", "PATCH", path, 404, json={"version": 2, "name": "新乙"})


BAD: list[tuple[dict[str, Any], str]] = [
    ({"role": "king"}, "no_post"), ({"role": None}, "body_missing"),
    ({"role": ["x"]}, "body_kind"), ({"member": "1"}, "body_kind"), ({"member": True}, "body_kind"),
    ({"member": 10**30}, "body_kind"), ({"grid": None}, "one_target"),
    ({"building": 1}, "one_target"),
    ({"until": "2020-01-01"}, "period_ends_first"), ({"from": "yesterday"}, "body_date"),
    ({"from": "0001-01-01"}, "body_date"), ({"note": "x" * 501}, "body_kind"),
    ({"more": 1}, "body_unknown"), ({"replaces": {"id": 1}}, "body_kind"),
    ({"member": None}, "post_unfit"), ({"role": "station"}, "post_unfit"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "key"), BAD, ids=str)
def test_bad_input_is_told_and_nothing_is_done(
    site: Site, change: dict[str, Any], key: str
) -> None:
    said = {"grid": W, "role": "grid_member", "member": site.staff.member["赵甲"], **change}
    told = site.post("planner", "assignments", 400, **said)
    assert told["key"] == key and told["detail"].count("。") >= 2
    assert site.names("planner", W) == []


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"grid":'])
def test_a_body_that_is_none(site: Site, text: str) -> None:
    told = site.ask("planner", "POST", "assignments", 400, data=text)
    assert told["key"] == "body_object"


def test_a_member_of_somebody_else_is_not_there(site: Site) -> None:
    for id in (site.staff.member["李丁"], 10**9):
        told = site.post("planner_west", "assignments", 404, grid=W, role="grid_member", member=id)
        assert told["key"] == "no_member"


def test_changes_need_the_token_of_the_page(site: Site) -> None:
    client = site.client["planner"]
    said = {"grid": W, "role": "grid_member", "member": site.staff.member["赵甲"]}
    answer = client.post(f"{URL}/assignments", json=said, headers={"X-CSRF-Token": "forged"})
    assert answer.status_code == 400
    assert site.names("planner", W) == []


def test_visitors_and_other_districts(site: Site) -> None:
    visitor = site.app.test_client()
    for path in ("assignments?grid=" + W, "holes?role=cadre", "members", "history?grid=" + W):
        assert visitor.get(f"{URL}/{path}").status_code == 401
        assert site.client["planner"].get(f"/api/371798/{path}").status_code == 404


def test_nothing_of_people_is_kept_by_browsers(site: Site) -> None:
    for path in (f"assignments?grid={W}", "members", f"assignments/suitable?grid={W}&role=cadre"):
        answer = site.client["planner"].get(f"{URL}/{path}")
        assert answer.headers["Cache-Control"] == "no-store"


def test_stations_serve_grids_too(site: Site) -> None:
    found = site.get("planner", "assignments/suitable", grid=W, role="station")["people"]
    assert [one["name"] for one in found] == ["P驿站", "Q驿站"]
    made = site.post("planner", "assignments", 201, grid=W, role="station",
                     serving_station=found[1]["id"])  # fmt: skip
    [one] = site.get("planner", "assignments", grid=W)["serving"]
    assert one["who"] == {"kind": "station", "id": found[1]["id"], "name": "Q驿站"}
    assert one["minutes"] == found[1]["minutes"] and made["version"] == 1
