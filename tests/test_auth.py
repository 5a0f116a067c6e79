"""Signing in and out: sessions kept by the database, passwords tried a few times only."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from gis import accounts, districts
from sql import database
from sql.database import Conn, Database
from tests import people, town
from web import create_app
from web.config import Config

CODE = town.HOME.code
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WORD = "七里河边 2026"


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


def test_a_signed_in_client_is_the_account(app: Flask, conn: Conn) -> None:
    one = people.add(conn, CODE, "one", "official")
    client = people.client_of(app, one)
    assert client.get("/login").status_code == 302
    assert client.post("/logout").status_code == 302
    assert client.get("/login").status_code == 200


def sign_in(app: Flask, login: str, word: str = WORD, **more: str) -> tuple[FlaskClient, int, str]:
    """Fill in the form as a browser does; return the client, the status and where it leads."""
    client = app.test_client()
    form = client.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    data = {"login": login, "password": word, "csrf_token": token.group(1)}
    headers = {k.replace("_", "-"): v for k, v in more.items() if k[0].isupper()}
    data |= {k: v for k, v in more.items() if k[0].islower()}
    answer = client.post("/login", data=data, headers=headers)
    return client, answer.status_code, answer.headers.get("Location", answer.text)


@pytest.fixture
def known(conn: Conn) -> int:
    return people.add(conn, CODE, "zhao", "official", password=accounts.hashed(WORD, CHEAP))


def attempts(conn: Conn) -> list[tuple[int | None, bool]]:
    rows = conn.execute("SELECT account, entered IS NOT NULL FROM audit.attempt ORDER BY id")
    return rows.fetchall()


def test_the_right_password_signs_in(app: Flask, conn: Conn, known: int) -> None:
    client, status, where = sign_in(app, " ZHAO ")
    assert (status, where) == (302, f"/{CODE}/coverage")
    assert client.get("/login").headers["Location"] == where
    assert attempts(conn) == [(known, False), (known, True)]
    row = conn.execute("SELECT until - opened, length(token) FROM app.session").fetchone()
    assert row == (timedelta(hours=12), 32)


@pytest.mark.parametrize(
    ("login", "word"),
    [("zhao", "wrong"), ("nobody", WORD), ("passwordless", WORD), ("retired", WORD), ("", "")],
)
def test_all_else_is_refused_alike(
    app: Flask, conn: Conn, known: int, login: str, word: str
) -> None:
    people.add(conn, CODE, "passwordless", "official")
    retired = people.add(conn, CODE, "retired", password=accounts.hashed(WORD, CHEAP))
    accounts.set_active(conn, CODE, retired, False)
    client, status, text = sign_in(app, login, word)
    assert status == 401
    assert ("用户名或密码不对" if login else "没有填全") in text
    assert client.get("/login").status_code == 200
    assert conn.execute("SELECT FROM app.session").rowcount == 0


def test_what_is_typed_for_an_unknown_login_is_kept_nowhere(app: Flask, conn: Conn) -> None:
    sign_in(app, "my-secret-password", "x")
    for table in ("audit.attempt", "audit.change", "app.session"):
        rows = conn.execute(f"SELECT t::text FROM {table} AS t").fetchall()  # type: ignore[arg-type]
        assert not [row for row in rows if "secret" in row[0]]
    assert attempts(conn) == [(None, False)]


@pytest.mark.parametrize("login", ["zhao", "nobody"])
def test_five_failures_lock_a_login_and_say_until_when(
    app: Flask, conn: Conn, known: int, login: str
) -> None:
    assert [sign_in(app, login, "wrong")[1] for _ in range(6)] == [401] * 5 + [429]
    locked = conn.execute("SELECT max(at) + interval '15 minutes' FROM audit.attempt").fetchone()
    assert locked is not None
    _, status, text = sign_in(app, login)
    assert status == 429 and f"{locked[0].astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" in text
    assert sign_in(app, "other", "wrong")[1] == 401
    earlier(conn, 16)
    assert sign_in(app, login)[1] == (302 if login == "zhao" else 401)


def test_a_sign_in_forgets_the_failures_before_it(app: Flask, conn: Conn, known: int) -> None:
    for _ in range(3):
        assert [sign_in(app, "zhao", "wrong")[1] for _ in range(4)] == [401] * 4
        assert sign_in(app, "zhao")[1] == 302


def test_failures_long_apart_do_not_lock(app: Flask, conn: Conn, known: int) -> None:
    for _ in range(8):
        assert sign_in(app, "zhao", "wrong")[1] == 401
        earlier(conn, 4)


def test_thirty_failures_lock_an_address(app: Flask, conn: Conn, known: int) -> None:
    conn.execute(
        """INSERT INTO audit.attempt (mark, address)
           SELECT n + 70000, '127.0.0.1' FROM generate_series(1, 29) AS n"""
    )
    assert sign_in(app, "nobody", "wrong")[1] == 401
    assert sign_in(app, "zhao")[1] == 429
    assert sign_in(app, "zhao", X_Forwarded_For="10.0.0.7")[1] == 302


def test_many_tries_at_once_count_like_one_after_the_other(
    app: Flask, conn: Conn, known: int
) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: sign_in(app, "zhao", f"wrong {n}")[1], range(12)))
    assert sorted(found) == [401] * 5 + [429] * 7


def earlier(conn: Conn, minutes: int) -> None:
    """Let minutes pass."""
    conn.execute("UPDATE audit.attempt SET at = at - %s * interval '1 minute'", [minutes])


def test_the_sample_password_works_on_this_machine_only(app: Flask, conn: Conn) -> None:
    word = accounts.SAMPLE_PASSWORD
    people.add(conn, CODE, "sample", "official", password=accounts.hashed(word, CHEAP))
    assert sign_in(app, "sample", word)[1] == 302
    _, status, text = sign_in(app, "sample", word, X_Forwarded_For="127.0.0.1")
    assert status == 403 and "本机" in text
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.168.1.9"
    assert sign_in_from(client, "sample", word) == 403


def sign_in_from(client: FlaskClient, login: str, word: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token is not None
    data = {"login": login, "password": word, "csrf_token": token.group(1)}
    return client.post("/login", data=data).status_code


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/account?x=1", "/account?x=1"), ("/371702/coverage", "/371702/coverage"),
        ("//evil.example", None), ("https://evil.example/", None), ("/\\evil.example", None),
        ("\\\\evil.example", None), ("javascript:alert(1)", None), ("/\t/evil.example", None),
        ("/\n//evil.example", None), ("", None),
    ],
)  # fmt: skip
def test_only_a_local_path_is_gone_on_to(
    app: Flask, conn: Conn, known: int, asked: str, leads: str | None
) -> None:
    assert sign_in(app, "zhao", next=asked)[2] == (leads or f"/{CODE}/coverage")


def test_a_closed_session_ends_at_once(app: Flask, conn: Conn, known: int) -> None:
    for close in [
        "UPDATE app.session SET closed = now()",
        "UPDATE app.session SET opened = opened - interval '12 h', until = now()",
        "UPDATE app.account SET active = false",
        "UPDATE app.account SET password = 'another'",
        "DELETE FROM app.session",
    ]:
        conn.execute("UPDATE app.account SET active = true")
        client = people.client_of(app, known)
        assert client.get("/account").status_code == 200
        conn.execute(close)  # type: ignore[arg-type]
        assert client.get("/account").status_code == 302, close


def test_an_hour_unused_ends_a_session(app: Flask, conn: Conn, known: int) -> None:
    client = people.client_of(app, known)
    for ago, status in [(3590, 200), (3601, 302)]:
        with client.session_transaction() as session:
            session["seen"] = int(time.time()) - ago
        assert client.get("/account").status_code == status
        if status == 200:
            with client.session_transaction() as session:
                assert time.time() - session["seen"] < 5


def test_a_sixth_session_closes_the_oldest(app: Flask, conn: Conn, known: int) -> None:
    clients = [people.client_of(app, known) for _ in range(6)]
    assert [c.get("/account").status_code for c in clients] == [302] + [200] * 5


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    app: Flask, conn: Conn, known: int
) -> None:
    client, _, _ = sign_in(app, "zhao")
    cookie = client.get_cookie("yige")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    assert not cookie.secure
    answer = app.test_client().get("/login", base_url="https://yige.example/")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_cookie_before_is_not_the_cookie_after(app: Flask, conn: Conn, known: int) -> None:
    """Nobody signs in with a cookie that another has put into his browser."""
    client, _, _ = sign_in(app, "zhao")
    with client.session_transaction() as session:
        assert set(session) <= {"token", "seen", "_user_id", "_id", "_fresh", "csrf_token"}
        mine = session["token"]
    other, _, _ = sign_in(app, "zhao")
    with other.session_transaction() as session:
        assert session["token"] != mine


def test_a_token_is_of_one_account_only(app: Flask, conn: Conn, known: int) -> None:
    other = people.add(conn, CODE, "other", "admin")
    client = people.client_of(app, known)
    with client.session_transaction() as session:
        session["_user_id"] = str(other)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_forged_request_is_refused(app: Flask, conn: Conn, known: int, path: str) -> None:
    client = people.client_of(app, known)
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert client.post(path, data={"login": "zhao", "password": WORD}).status_code == 400
    assert client.get("/account").status_code == 200


def test_whose_session_has_ended_is_told_that_not_of_a_stale_form(app: Flask) -> None:
    client = app.test_client()
    assert client.post(f"/api/{CODE}/assignments", json={}).status_code == 401
    answer = client.post("/account/password", data={"csrf_token": "old"})
    assert (answer.status_code, answer.location) == (302, "/login")


def test_a_stronger_setting_is_taken_up_at_the_next_sign_in(own: Database, conn: Conn) -> None:
    account = people.add(conn, CODE, "zhao", password=accounts.hashed(WORD, CHEAP))
    app = create_app(Config(own, hasher=PasswordHasher(2, 16, 1)))
    with app.extensions["pool"]:
        client, status, _ = sign_in(app, "zhao")
        assert status == 302 and client.get("/account").status_code == 200
        assert sign_in(app, "zhao")[1] == 302
    row = conn.execute("SELECT password FROM app.account WHERE id = %s", [account]).fetchone()
    assert row is not None and "$m=16,t=2,p=1$" in row[0]


def test_who_is_not_signed_in_is_sent_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/account?x=1")
    assert answer.headers["Location"] == "/login?next=/account?x%3D1"
    assert client.get("/api/session").status_code in (401, 404)


def test_nothing_but_what_says_so_is_public(app: Flask) -> None:
    found = {name for name, view in app.view_functions.items() if getattr(view, "public", False)}
    assert found == {"health.health", "figures.figures", "session.login", "session.enter",
                     "session.logout", "api.contents", "api.openapi",
                     "versioned.file"}  # fmt: skip


def test_the_key_of_the_cookies_is_derived_and_the_same_for_all(own: Database) -> None:
    keys = {create_app(Config(own)).secret_key for _ in range(2)}
    assert len(keys) == 1
    assert own.place.passfile.read_text().strip().rpartition(":")[2] not in str(keys)
