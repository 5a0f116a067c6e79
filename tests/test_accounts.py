"""Accounts: made, given roles and put out of use by administrators, on the page and the line."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from gis import accounts, districts, errors, trail
from gis.demo import logins
from sql import database
from sql.database import Conn, Database
from tests import people, town
from web import create_app
from web.config import Config

CODE = town.HOME.code
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
BASE = f"/{CODE}/accounts"


@pytest.fixture(scope="module")
def app(own: Database) -> Iterator[Flask]:
    with database.admin(own) as conn:
        districts.create(conn, town.HOME, town.content(), services=[("s1", "党务服务")])
    app = create_app(Config(own, hasher=CHEAP))
    with app.extensions["pool"]:
        yield app


@pytest.fixture
def conn(own: Database) -> Iterator[Conn]:
    with database.admin(own, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM app.account")
        conn.execute("TRUNCATE audit.attempt")


@pytest.fixture
def boss(app: Flask, conn: Conn) -> FlaskClient:
    return people.client_of(app, people.add(conn, CODE, "boss", "admin"))


def one(conn: Conn, login: str) -> dict[str, Any]:
    return next(a for a in accounts.listing(conn, CODE) if a["login"] == login)


def test_a_new_account_has_its_role_and_a_password_shown_once(
    app: Flask, conn: Conn, boss: FlaskClient
) -> None:
    form = {"login": " Zhao ", "name": "<b>赵甲", "role": "field", "area": f"{CODE}001"}
    answer = boss.post(BASE, data=form)
    shown = re.search(r"<code>([a-z2-9-]{14})</code>", answer.text)
    assert answer.status_code == 200 and shown and "&lt;b&gt;赵甲" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown[1] not in boss.get(BASE).text
    made = one(conn, "zhao")
    assert [(g["role"], g["area"]) for g in made["grants"]] == [("field", f"{CODE}001")]
    row = conn.execute("SELECT password FROM app.account WHERE login = 'zhao'").fetchone()
    assert row is not None and CHEAP.verify(row[0], shown[1])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"login": "boss"}, "已有人用"), ({"login": "two words"}, "不能有空格"),
        ({"login": ""}, "不能空"), ({"name": "  "}, "姓名不能空"),
        ({"area": "999"}, "没有区域 999"), ({"role": "king"}, "没有角色"),
        ({"until": "2020-01-01"}, "结束在开始之前"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_stored(
    conn: Conn, boss: FlaskClient, change: dict[str, str], told: str
) -> None:
    form = {"login": "zhao", "name": "赵甲", "role": "field", "area": CODE, **change}
    answer = boss.post(BASE, data=form)
    why = re.search(r'<p class="error" id="(add-\w+)-why" role="alert">([^<]+)', answer.text)
    assert answer.status_code == 422 and why and told in why[2]
    assert f'aria-describedby="{why[1]}-why"' in answer.text
    assert [a["login"] for a in accounts.listing(conn, CODE)] == ["boss"]


def test_a_role_is_granted_for_days_of_the_district(conn: Conn, boss: FlaskClient) -> None:
    zhao = people.add(conn, CODE, "zhao")
    days = {"since": "2030-01-01", "until": "2030-01-31"}
    boss.post(f"{BASE}/{zhao}/grants", data={"role": "planner", "area": CODE, **days})
    [grant] = one(conn, "zhao")["grants"]
    zone = ZoneInfo("Asia/Shanghai")
    assert datetime.fromisoformat(grant["since"]) == datetime(2030, 1, 1, tzinfo=zone)
    assert datetime.fromisoformat(grant["until"]) == datetime(2030, 2, 1, tzinfo=zone)
    assert grant["later"]


@pytest.mark.parametrize("since", [None, "2030-01-01"])
def test_an_ended_grant_can_be_put_back(
    app: Flask, conn: Conn, boss: FlaskClient, since: str | None
) -> None:
    zhao = people.add(conn, CODE, "zhao")
    zone = ZoneInfo("Asia/Shanghai")
    first = datetime.fromisoformat(since).replace(tzinfo=zone) if since else None
    until = datetime(2031, 1, 1, tzinfo=zone)
    accounts.grant(conn, CODE, zhao, "official", CODE, first, until)
    [grant] = one(conn, "zhao")["grants"]
    path = f"{BASE}/{zhao}/grants/{grant['id']}"
    assert boss.post(f"{path}/end", data={"version": grant["version"]}).status_code == 302
    assert one(conn, "zhao")["grants"] == []
    assert f"{path}/restore" in boss.get(f"{BASE}?account={zhao}").text
    assert boss.post(f"{path}/restore").status_code == 302
    [again] = one(conn, "zhao")["grants"]
    assert {**again, "id": 0, "version": 0} == {**grant, "id": 0, "version": 0}
    assert boss.post(f"{path}/restore").status_code == 404


def test_an_ended_grant_gives_no_right_any_more(app: Flask, conn: Conn, boss: FlaskClient) -> None:
    other = people.add(conn, CODE, "other", "admin")
    client = people.client_of(app, other)
    assert client.get(BASE).status_code == 200
    [grant] = one(conn, "other")["grants"]
    accounts.revoke(conn, CODE, grant["id"], grant["version"])
    assert client.get(BASE).status_code == 404


def test_a_stale_form_changes_nothing(conn: Conn, boss: FlaskClient) -> None:
    zhao = people.add(conn, CODE, "zhao", "official")
    [grant] = one(conn, "zhao")["grants"]
    for path in (f"{zhao}/active", f"{zhao}/password", f"{zhao}/grants/{grant['id']}/end"):
        answer = boss.post(f"{BASE}/{path}", data={"version": 9, "active": "0"})
        assert answer.status_code == 422 and "别人刚改过" in answer.text
    assert one(conn, "zhao")["active"] and one(conn, "zhao")["grants"] == [grant]


def test_the_last_administrator_stays(app: Flask, conn: Conn, boss: FlaskClient) -> None:
    me = one(conn, "boss")
    end = f"{BASE}/{me['id']}/grants/{me['grants'][0]['id']}/end"
    for path, form in [(end, {"version": 1}), (f"{BASE}/{me['id']}/active", {"version": 1})]:
        answer = boss.post(path, data=form)
        assert answer.status_code == 422 and "最后一位管理员" in answer.text
    people.add(conn, CODE, "second", "admin")
    assert boss.post(end, data={"version": 1}).status_code == 302


def test_an_account_put_out_of_use_is_signed_out_and_can_come_back(
    app: Flask, conn: Conn, boss: FlaskClient
) -> None:
    zhao = people.add(conn, CODE, "zhao", "official")
    client = people.client_of(app, zhao)
    for active, status in [("0", 302), ("1", 302)]:
        form = {"version": one(conn, "zhao")["version"], "active": active}
        boss.post(f"{BASE}/{zhao}/active", data=form)
        assert client.get("/account").status_code == status  # the old session stays closed
    assert people.client_of(app, zhao).get("/account").status_code == 200


def test_another_password_ends_the_sessions(app: Flask, conn: Conn, boss: FlaskClient) -> None:
    zhao = people.add(conn, CODE, "zhao", "official")
    client = people.client_of(app, zhao)
    answer = boss.post(f"{BASE}/{zhao}/password", data={"version": 1, "login": "zhao"})
    assert re.search(r"<code>[a-z2-9-]{14}</code>", answer.text)
    assert client.get("/account").status_code == 302
    assert boss.get("/account").status_code == 200


def test_sign_ins_are_seen(app: Flask, conn: Conn, boss: FlaskClient) -> None:
    zhao = people.add(conn, CODE, "zhao", "official")
    conn.execute("INSERT INTO audit.attempt (account, mark) VALUES (%s, 1), (%s, 1)", [zhao, zhao])
    assert one(conn, "zhao")["failed"] is None  # the database's own administrator is nobody's
    text = boss.get(f"{BASE}?account={zhao}").text
    assert "失败 2 次" in text and "没有登录过" in text


def own_password(
    client: FlaskClient, old: str, new: str, again: str | None = None
) -> tuple[int, str]:
    form = {"old": old, "new": new, "again": new if again is None else again}
    answer = client.post("/account/password", data=form)
    return answer.status_code, answer.text


def test_ones_own_password(app: Flask, conn: Conn) -> None:
    old, new = "老密码老密码老密码 1", "新密码新密码新密码 2"
    zhao = people.add(conn, CODE, "zhao", "official", password=accounts.hashed(old, CHEAP))
    here, there = people.client_of(app, zhao), people.client_of(app, zhao)
    for tried, wanted, again, told in [
        ("wrong", new, None, "现在的密码不对"), (old, new, "other", "两遍"),
        (old, "short", None, "至少 10"),
        (old, "zhao-zhao-zhao", None, "太好猜"), (old, "aaaaaaaaaaaa", None, "太好猜"),
        (old, "x" * 201, None, "最多 200"),
    ]:  # fmt: skip
        status, text = own_password(here, tried, wanted, again)
        assert status == 422 and told in text, told
    assert there.get("/account").status_code == 200
    assert own_password(here, old, new)[0] == 302
    assert here.get("/account").status_code == 200 and there.get("/account").status_code == 302
    row = conn.execute("SELECT password FROM app.account WHERE id = %s", [zhao]).fetchone()
    assert row is not None and CHEAP.verify(row[0], new)


def test_guessing_ones_own_password_locks_it(app: Flask, conn: Conn) -> None:
    zhao = people.add(conn, CODE, "zhao", password=accounts.hashed("something else", CHEAP))
    client = people.client_of(app, zhao)
    texts = [own_password(client, f"guess {n}", "新密码新密码新密码 2")[1] for n in range(6)]
    assert "锁定" in texts[5] and "锁定" not in texts[4]


def test_ones_own_sessions(app: Flask, conn: Conn) -> None:
    zhao = people.add(conn, CODE, "zhao")
    clients = [people.client_of(app, zhao) for _ in range(3)]
    ids = re.findall(r'name="session" value="(\d+)"', clients[2].get("/account").text)
    assert len(ids) == 2
    clients[2].post("/account/sessions", data={"session": ids[0]})
    assert [c.get("/account").status_code for c in clients] == [200, 302, 200]
    clients[2].post("/account/sessions")
    assert [c.get("/account").status_code for c in clients] == [302, 302, 200]
    other = people.client_of(app, people.add(conn, CODE, "other"))
    mine = conn.execute("SELECT max(id) FROM app.session WHERE account = %s", [zhao]).fetchone()
    assert mine is not None
    other.post("/account/sessions", data={"session": mine[0]})
    assert clients[2].get("/account").status_code == 200


def test_the_trail_tells_who_changed_what(app: Flask, conn: Conn, boss: FlaskClient) -> None:
    zhao = people.add(conn, CODE, "zhao")
    boss.post(f"{BASE}/{zhao}/grants", data={"role": "official", "area": CODE})
    boss.post(f"{BASE}/{zhao}/active", data={"version": 1, "active": "0"})
    text = boss.get(f"/{CODE}/audit").text
    assert re.search(r"在用</dt>\s*<dd><del>是</del> → <ins>否</ins>", text)
    assert "记录链完整" in text and "zhao 干部" in text
    mine = boss.get(f"/{CODE}/audit?account={one(conn, 'boss')['id']}&table=grant").text
    assert mine.count('<li class="change">') == 1 and "boss" in mine
    assert boss.get(f"/{CODE}/audit?to=2020-01-01").text.count('<li class="change">') == 0
    for table in trail.tables(conn):
        assert boss.get(f"/{CODE}/audit?table={table}").status_code == 200


def test_the_trail_is_paged_without_gap_or_repeat(conn: Conn, boss: FlaskClient) -> None:
    conn.execute(
        """INSERT INTO app.service (district, code, name)
           SELECT %s, 'n' || n, 'service ' || n FROM generate_series(1, 230) AS n""",
        [CODE],
    )
    seen, path = [], f"/{CODE}/audit?table=service"
    while path:
        text = boss.get(path).text
        seen += re.findall(r"service (\d+)<", text)
        older = re.search(r'class="button" href="([^"]*before=\d+[^"]*)"', text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [str(n) for n in range(230, 0, -1)]
    conn.execute("DELETE FROM app.service WHERE code LIKE 'n%'")


def test_a_broken_chain_is_told(conn: Conn, boss: FlaskClient) -> None:
    conn.execute("ALTER TABLE audit.change DISABLE TRIGGER ALL")
    row = conn.execute("SELECT min(id) FROM audit.change WHERE before IS NULL").fetchone()
    assert row is not None
    conn.execute("UPDATE audit.change SET operation = 'X' WHERE id = %s", row)
    assert "环断开" in boss.get(f"/{CODE}/audit").text
    conn.execute("UPDATE audit.change SET operation = 'INSERT' WHERE id = %s", row)
    assert "记录链完整" in boss.get(f"/{CODE}/audit").text


def test_differences_are_what_differs() -> None:
    assert trail.differences({"a": 1, "b": 2, "version": 1}, {"a": 1, "b": 3, "version": 2}) == [
        ("b", 2, 3)
    ]
    assert trail.differences({}, {"a": 1}) == [("a", None, 1)]
    assert trail.differences({"a": 1}, {}) == [("a", 1, None)]


def test_sample_accounts_have_the_rights_their_names_say(conn: Conn) -> None:
    logins.add(conn, CODE, "mudan")
    found = {
        a["login"]: [(g["role"], g["area"]) for g in a["grants"]]
        for a in accounts.listing(conn, CODE)
    }
    assert found == {
        "planner": [("planner", CODE)], "official": [("official", CODE)],
        "admin": [("admin", CODE)],
        "official-1": [("official", f"{CODE}001")], "field": [("field", town.COMMUNITY)],
        "dispatcher": [("dispatcher", CODE)],
    }  # fmt: skip
    logins.add(conn, CODE, "taonan")
    assert accounts.of_login(conn, "Admin-taonan")[0] == CODE
    logins.add(conn, CODE, "mudan")  # where somebody has the login
    assert accounts.of_login(conn, "admin-mudan")[0] == CODE


def test_a_grant_that_is_over_is_not_put_back_twice(conn: Conn) -> None:
    zhao = people.add(conn, CODE, "zhao", "official")
    [grant] = one(conn, "zhao")["grants"]
    was = accounts.revoke(conn, CODE, grant["id"], grant["version"])
    with pytest.raises(errors.Conflict):
        accounts.revoke(conn, CODE, grant["id"], grant["version"])
    accounts.restore(conn, CODE, was)
    with pytest.raises(errors.BadInput):
        accounts.restore(
            conn, CODE, was | {"id": 0, "until": datetime.now().astimezone() - timedelta(1)}
        )
    assert len(one(conn, "zhao")["grants"]) == 1 and one(conn, "zhao")["id"] == zhao
