"""Tokens: a program reads with one what its owner sees, and changes nothing."""

import base64
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.sql import SQL, Identifier
from werkzeug.serving import make_server

from gis import tokens, trail
from gis.errors import BadInput, Infeasible
from sql import database
from sql.database import Conn, Database
from tests import hidden, people
from tests.hidden import CODE, World
from tests.routes import CHANGED, FILES, SEEN
from web import bearer, create_app
from web.config import Config

ROOT = f"/ogc/{CODE}"
ITEMS = f"{ROOT}/collections/building/items"
SOON = timedelta(days=30)
Site = tuple[Flask, World]


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    with database.admin(own) as conn:
        world = hidden.fill(conn)
    app = create_app(Config(own))
    with app.extensions["pool"]:
        yield app, world


@pytest.fixture
def conn(site: Site, own: Database) -> Iterator[Conn]:
    with database.admin(own, autocommit=True) as conn:
        yield conn
        conn.execute("TRUNCATE audit.attempt")
        conn.execute("TRUNCATE audit.use")


def token_of(conn: Conn, account: int, name: str = "QGIS", life: timedelta = SOON) -> str:
    return tokens.make(conn, account, name, datetime.now(UTC) + life)


def basic(word: str, user: str = "") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()}


def with_(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def urls(site: Site, endpoints: set[str]) -> Iterator[str]:
    app, world = site
    for endpoint in sorted(endpoints):
        rule = next(app.url_map.iter_rules(endpoint))
        for args, query in SEEN[endpoint](world):
            used = {name: value for name, value in args.items() if name in rule.arguments}
            yield app.url_map.bind("localhost").build(endpoint, used | query, method="GET")


def opened(app: Flask) -> set[str]:
    """The endpoints that a token opens."""
    views = app.view_functions
    return {r.endpoint for r in app.url_map.iter_rules()
            if r.endpoint.partition(".")[0] in bearer.OPENS
            or getattr(views[r.endpoint], "by_token", False)}  # fmt: skip


# What is seen.


@pytest.mark.parametrize("login", ["official-whole", "field-west", "admin-east", "neighbour",
                                   "nobody", "former"])  # fmt: skip
def test_a_token_shows_what_its_owner_sees_signed_in(site: Site, conn: Conn, login: str) -> None:
    app, world = site
    account = world.account[login]
    client, program = people.client_of(app, account), app.test_client()
    headers = with_(token_of(conn, account))
    found = 0
    for url in urls(site, opened(app)):
        with client.get(url) as signed_in, program.get(url, headers=headers) as by_token:
            assert by_token.status_code == signed_in.status_code, url
            if "/export/" in url:  # files hold the time they were written at
                assert abs(len(by_token.data) - len(signed_in.data)) < 20, url
            elif signed_in.mimetype != "text/html":  # whose nonces differ
                assert by_token.data == signed_in.data, url
            found += by_token.status_code == 200
    assert (found > 20) == (login not in ("nobody", "former"))


def test_a_token_opens_no_page_and_no_interface(site: Site, conn: Conn) -> None:
    app, world = site
    headers = with_(token_of(conn, world.account["admin-whole"]))
    reading = {
        r.endpoint for r in app.url_map.iter_rules() if not r.methods - {"GET", "HEAD", "OPTIONS"}
    }  # type: ignore[operator]
    for url in urls(site, reading - FILES - opened(app)):
        endpoint = app.url_map.bind("localhost").match(url.partition("?")[0])[0]
        if not getattr(app.view_functions[endpoint], "public", False):
            assert app.test_client().get(url, headers=headers).status_code in (401, 302), url


def everything(conn: Conn) -> dict[str, Any]:
    rows = conn.execute("SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
                        " AND relkind = 'r'")  # fmt: skip
    text = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM app.{} AS t"
    return {n: conn.execute(SQL(text).format(Identifier(n))).fetchone() for (n,) in rows.fetchall()}


def test_an_administrators_token_changes_nothing(site: Site, conn: Conn) -> None:
    app, world = site
    token = token_of(conn, world.account["admin-whole"])
    before = everything(conn)
    for endpoint, cases in CHANGED.items():
        rule = next(app.url_map.iter_rules(endpoint))
        method = min(rule.methods - {"HEAD", "OPTIONS"})  # type: ignore[operator]
        for args, query, body in cases(world):
            used = {k: v for k, v in args.items() if k in rule.arguments}
            sent = query if method == "DELETE" else {}
            url = app.url_map.bind("localhost").build(endpoint, used | sent, method=method)
            answer = app.test_client().open(url, method=method, headers=with_(token), **body)
            assert answer.status_code in (302, 400, 401), url
    assert everything(conn) == before


def test_the_database_too_lets_a_token_change_nothing(site: Site, conn: Conn) -> None:
    app, world = site
    pool = app.extensions["pool"]
    with database.transaction(pool, world.account["admin-whole"]) as inside:
        assert inside.execute("UPDATE app.station SET name = name").rowcount > 0
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        database.transaction(pool, world.account["admin-whole"], read_only=True) as inside,
    ):
        inside.execute("UPDATE app.station SET name = name")


def test_acting_with_a_token_is_read_only(site: Site, conn: Conn) -> None:
    app, world = site
    from web.asked import acting

    headers = with_(token_of(conn, world.account["official-whole"]))
    for given, expected in [(headers, "on"), ({}, "off")]:
        with app.test_request_context(ROOT, headers=given), acting() as inside:
            assert inside.execute("SHOW transaction_read_only").fetchone() == (expected,)


# How it is sent.


@pytest.mark.parametrize("sent", [
    with_, lambda word: {"Authorization": f"bearer {word}"}, basic,
    lambda word: basic(word, "anything"),
])  # fmt: skip
def test_a_token_may_be_sent_as_bearer_or_as_password(
    site: Site, conn: Conn, sent: Callable[[str], dict[str, str]]
) -> None:
    app, world = site
    token = token_of(conn, world.account["official-whole"])
    assert app.test_client().get(ROOT, headers=sent(token)).status_code == 200


@pytest.mark.parametrize("headers", [
    {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer  "},
    {"Authorization": "Basic !!!"}, {"Authorization": "Digest x"}, with_("yige_" + "x" * 43),
    with_("x" * 9000), with_("yige_" + "é" * 43), basic(""),
    basic("\x00"), basic("yige2026", "official"),
])  # fmt: skip
def test_what_is_no_token_opens_nothing(site: Site, conn: Conn, headers: dict[str, str]) -> None:
    answer = site[0].test_client().get(ITEMS, headers=headers)
    assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
    kinds = [value.split()[0] for value in answer.headers.getlist("WWW-Authenticate")]
    assert kinds == ["Bearer", "Basic"]


def test_no_window_for_passwords_opens_over_a_map(site: Site) -> None:
    answer = site[0].test_client().get(f"/tiles/{CODE}/town/14/1/1.pbf")
    assert answer.status_code == 401
    assert answer.headers.getlist("WWW-Authenticate") == [bearer.CHALLENGE]


def test_a_person_with_a_browser_is_led_to_the_sign_in_page(site: Site) -> None:
    answer = site[0].test_client().get(ROOT, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/login?next=")


def test_a_cookie_comes_before_a_wrong_token(site: Site, conn: Conn) -> None:
    app, world = site
    client = people.client_of(app, world.account["official-whole"])
    assert client.get(ROOT, headers=basic("of the proxy")).status_code == 200
    assert conn.execute("SELECT FROM audit.attempt").rowcount == 0


# Its end.


@pytest.mark.parametrize("end", [
    "UPDATE app.token SET closed = now() WHERE account = %s",
    "UPDATE app.token SET made = made - interval '40 d', until = now() WHERE account = %s",
    "DELETE FROM app.token WHERE account = %s",
    "UPDATE app.account SET active = false WHERE id = %s",
    "UPDATE app.account SET password = 'another' WHERE id = %s",  # an administrator's doing
])  # fmt: skip
def test_a_token_ends_at_once(site: Site, conn: Conn, end: Any) -> None:
    app, _ = site
    account = people.add(conn, CODE, f"short-{hash(end)}", "official")
    headers = with_(token_of(conn, account))
    assert app.test_client().get(ROOT, headers=headers).status_code == 200
    conn.execute(end, [account])
    answer = app.test_client().get(ROOT, headers=headers)
    told = answer.get_json()
    assert (answer.status_code, told["key"]) == (
        401, "token_wrong" if end.startswith("DELETE") else "token_ended")  # fmt: skip
    conn.execute("DELETE FROM app.account WHERE id = %s", [account])


def test_an_ended_right_ends_what_the_token_shows(site: Site, conn: Conn) -> None:
    app, _ = site
    account = people.add(conn, CODE, "moved", "official")
    headers = with_(token_of(conn, account))
    assert app.test_client().get(ROOT, headers=headers).status_code == 200
    conn.execute('DELETE FROM app."grant" WHERE account = %s', [account])
    assert app.test_client().get(ROOT, headers=headers).status_code == 404


def test_wrong_tokens_lock_an_address_like_wrong_passwords(site: Site, conn: Conn) -> None:
    app, world = site
    right = with_(token_of(conn, world.account["official-whole"]))
    statuses = [app.test_client().get(ROOT, headers=basic(f"guess {n}")).status_code
                for n in range(40)]  # fmt: skip
    assert statuses == [401] * 30 + [429] * 10
    assert app.test_client().get(ROOT, headers=right).status_code == 200  # nobody guesses one


def test_one_wrong_token_tried_for_ever_locks_nobody_else(site: Site, conn: Conn) -> None:
    """A program left running with a token that is not there any more keeps no office out."""
    app, _ = site
    statuses = [app.test_client().get(ROOT, headers=basic("old")).status_code for _ in range(60)]
    assert statuses == [401] * 5 + [429] * 55
    assert conn.execute("SELECT FROM audit.attempt").rowcount == 5
    assert app.test_client().get(ROOT, headers=basic("other")).status_code == 401


def test_an_ended_token_counts_as_no_failure(site: Site, conn: Conn) -> None:
    app, world = site
    headers = with_(token_of(conn, world.account["official-whole"]))
    conn.execute("UPDATE app.token SET closed = now() WHERE name = 'QGIS'")
    for _ in range(40):
        assert app.test_client().get(ROOT, headers=headers).status_code == 401
    assert conn.execute("SELECT FROM audit.attempt").rowcount == 0


# What is kept.


def test_a_token_is_kept_as_its_hash_alone(site: Site, conn: Conn) -> None:
    app, world = site
    token = token_of(conn, world.account["official-whole"], "my program")
    app.test_client().get(ROOT, headers=with_(token))
    app.test_client().get(ROOT, headers=basic("a password of somebody"))
    for table in ("app.token", "audit.change", "audit.attempt", "audit.use"):
        rows = conn.execute(f"SELECT t::text FROM {table} AS t").fetchall()  # type: ignore[arg-type]
        for word in (token, token.removeprefix(tokens.PREFIX), "a password of somebody"):
            assert not [row for row in rows if word in row[0]], table
    changes = conn.execute(
        "SELECT after::text FROM audit.change WHERE relation = 'token' AND after IS NOT NULL"
    )
    assert all("sha" not in row and r"\x" not in row for (row,) in changes)


def test_making_use_and_end_are_on_record(site: Site, conn: Conn) -> None:
    app, world = site
    account = world.account["official-whole"]
    client = people.client_of(app, account)
    said = {"name": "ledger", "until": str(date.today() + timedelta(days=30))}
    made = re.search(r"yige_[\w-]{43}", client.post("/account/tokens", data=said).text)
    assert made is not None
    for _ in range(3):
        app.test_client().get(ROOT, headers=with_(made.group()))
    found = re.findall(r"/account/tokens/(\d+)/close", client.get("/account").text)
    client.post(f"/account/tokens/{found[0]}/close")
    with database.transaction(app.extensions["pool"], world.account["admin-whole"]) as inside:
        noted = [
            c for c in trail.changes(inside, CODE, table="token") if c.row.get("name") == "ledger"
        ]
    assert [c.operation for c in noted] == ["UPDATE", "USE", "INSERT"]
    assert {c.actor for c in noted} == {account} and noted[1].row["address"] == "127.0.0.1"
    page = people.client_of(app, world.account["admin-whole"]).get(f"/{CODE}/audit").text
    assert "令牌" in page and "ledger" in page and made.group() not in page
    assert conn.execute("SELECT FROM audit.broken_links()").rowcount == 0


def test_a_use_is_noted_once_a_quarter_of_an_hour_and_address(site: Site, conn: Conn) -> None:
    app, world = site
    headers = with_(token_of(conn, world.account["official-whole"]))
    for where in ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1"):
        app.test_client().get(ROOT, headers=headers | {"X-Forwarded-For": where})
    assert conn.execute("SELECT FROM audit.use").rowcount == 2
    conn.execute("UPDATE audit.use SET at = at - interval '16 minutes'")
    app.test_client().get(ROOT, headers=headers | {"X-Forwarded-For": "10.0.0.1"})
    assert conn.execute("SELECT FROM audit.use").rowcount == 3


# The page.


@pytest.fixture
def mine(site: Site, conn: Conn) -> Iterator[FlaskClient]:
    account = people.add(conn, CODE, "mine", "official")
    yield people.client_of(site[0], account)
    conn.execute("DELETE FROM app.account WHERE id = %s", [account])


def make(client: FlaskClient, name: str = "QGIS", days: int = 30) -> Any:
    said = {"name": name, "until": str(date.today() + timedelta(days=days))}
    return client.post("/account/tokens", data=said)


def test_a_token_is_shown_once_with_what_to_do_with_it(site: Site, mine: FlaskClient) -> None:
    answer = make(mine, " <b>办公室 ")
    found = re.findall(r"yige_[\w-]{43}", answer.text)
    assert len(set(found)) == 1 and f"OAPIF:http://localhost{ROOT}" in answer.text
    assert "&lt;b&gt;办公室" in answer.text and answer.headers["Cache-Control"] == "no-store"
    again = mine.get("/account").text
    assert found[0] not in again and "&lt;b&gt;办公室" in again and "还没有用过" in again
    site[0].test_client().get(ROOT, headers=with_(found[0]))
    assert "127.0.0.1" in mine.get("/account").text


@pytest.mark.parametrize(("said", "field"), [
    ({"name": " "}, "token-name"), ({"name": "x" * 61}, "token-name"),
    ({"name": "a\u202eb"}, "token-name"), ({"until": ""}, "token-until"),
    ({"until": "2020-01-01"}, "token-until"), ({"until": "9999-12-31"}, "token-until"),
    ({"until": "x"}, "token-until"),
])  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    mine: FlaskClient, said: dict[str, str], field: str
) -> None:
    good = {"name": "QGIS", "until": str(date.today() + timedelta(days=9))}
    answer = mine.post("/account/tokens", data=good | said)
    assert answer.status_code == 422 and f'id="{field}-why"' in answer.text
    assert not re.search(r"yige_[\w-]{43}", answer.text)


def test_an_account_has_twenty_tokens_at_most(mine: FlaskClient) -> None:
    assert [make(mine).status_code for _ in range(22)] == [200] * 20 + [422] * 2


def test_nobody_closes_anothers_token(site: Site, conn: Conn, mine: FlaskClient) -> None:
    app, world = site
    token = token_of(conn, world.account["official-whole"])
    row = conn.execute("SELECT max(id) FROM app.token").fetchone()
    assert row is not None
    assert mine.post(f"/account/tokens/{row[0]}/close").status_code == 302
    assert app.test_client().get(ROOT, headers=with_(token)).status_code == 200


def test_no_forged_request_makes_a_token(site: Site, conn: Conn) -> None:
    app, world = site
    client = people.client_of(app, world.account["official-whole"])
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert make(client).status_code == 400


def test_the_page_of_the_features_says_how_to_connect(mine: FlaskClient) -> None:
    page = mine.get(ROOT, headers={"Accept": "text/html"}).text
    assert "QGIS" in page and f"http://localhost{ROOT}" in page and "/account#tokens" in page


# GDAL's own programs.


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    """The application at an address of this machine, for programs of others."""
    server = make_server("127.0.0.1", 0, site[0], threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}{ROOT}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
@pytest.mark.parametrize("login", ["official-whole", "official-west", "neighbour"])
@pytest.mark.parametrize("way", ["header", "password"])
def test_ogrinfo_reads_what_the_owner_may_see(
    site: Site, conn: Conn, address: str, login: str, way: str
) -> None:
    app, world = site
    token = token_of(conn, world.account[login])
    said = {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}"}
    if way == "password":
        said = {"GDAL_HTTP_USERPWD": f"anybody:{token}", "GDAL_HTTP_AUTH": "BASIC"}
    command = ["ogrinfo", "-q", f"OAPIF:{address}", "building"]
    done = subprocess.run(command, env={**os.environ, **said}, capture_output=True, text=True)
    found = set(re.findall(r"name \(String\) = (\S+)", done.stdout))
    with database.transaction(app.extensions["pool"], world.account[login]) as inside:
        rows = inside.execute("SELECT name FROM map.building WHERE district = %s", [CODE])
        expected = {name for (name,) in rows.fetchall()}
    assert found == expected and len(expected) == {"neighbour": 0, "official-west": 2}.get(login, 4)
    assert token not in done.stdout + done.stderr


# By themselves.


def test_ends_and_names_have_bounds(conn: Conn, site: Site) -> None:
    account = site[1].account["nobody"]
    for life in (timedelta(0), timedelta(days=-1), timedelta(days=367)):
        with pytest.raises(BadInput):
            token_of(conn, account, life=life)
    with pytest.raises(BadInput):
        token_of(conn, account, "a\x00b")
    with pytest.raises(Infeasible):
        token_of(conn, -1)
    tokens.make(conn, account, "Ｑ  GIS", datetime.now(UTC) + SOON)
    assert conn.execute("SELECT name FROM app.token ORDER BY id DESC").fetchone() == ("Q GIS",)


def test_nobody_but_the_service_comes_near_the_hashes(conn: Conn, site: Site) -> None:
    asked = [
        "SELECT token FROM app.token", "SELECT app.use_token('x', NULL)", "TABLE audit.use",
        "SELECT app.make_token(1, 'x', 'x', now(), 9)", "SELECT app.close_own_token(1, NULL)",
        "SELECT app.close_tokens(1, NULL)", "INSERT INTO app.token DEFAULT VALUES",
        "UPDATE app.token SET closed = NULL", "DELETE FROM app.token",
    ]  # fmt: skip
    for role in ("app_web", "yige_engine"):
        for text in asked:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
                conn.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
                conn.execute(text)  # type: ignore[arg-type]
