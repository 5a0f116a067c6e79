"""What lies outside somebody's area never reaches him: by no route, and by no table or view.

The cases of the routes stand in tests/routes.py, the tables are those of the catalog: a route, a
table or a view without a case fails here.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.sql import SQL, Identifier
from werkzeug.test import TestResponse

from sql import database
from sql.database import Conn, Database
from tests import hidden, mvt, people
from tests.hidden import PEOPLE, Person, World
from tests.routes import ASKED, CHANGED, FILES, OWN, SEEN
from web import create_app
from web.config import Config

NUMBER = re.compile(r"\d{16}")
BY_LOGIN = {person.login: person for person in PEOPLE}


class Site:
    """The application on both districts, and a client of each person."""

    def __init__(self, own: Database, app: Flask, world: World) -> None:
        self.own, self.app, self.world = own, app, world
        self.secrets: dict[str, tuple[set[int], set[str]]] = {}
        self.clients = {person.login: self._client(person) for person in PEOPLE}
        with database.admin(own) as conn:
            for person in PEOPLE:
                self.secrets[person.login] = hidden.hidden(conn, world, person)

    def _client(self, person: Person) -> FlaskClient:
        if person.session == "none":
            return self.app.test_client()
        client = people.client_of(self.app, self.world.account[person.login])
        if person.session == "ended":
            with database.admin(self.own) as conn:
                conn.execute("UPDATE app.session SET closed = now() WHERE account = %s",
                             [self.world.account[person.login]])  # fmt: skip
        return client

    def url(self, endpoint: str, args: dict[str, Any], query: dict[str, Any]) -> str:
        rule = next(self.app.url_map.iter_rules(endpoint))
        used = {name: value for name, value in args.items() if name in rule.arguments}
        built: str = self.app.url_map.bind("localhost").build(endpoint, used | query,
                                                              method=_method(rule))  # fmt: skip
        return built


def _method(rule: Any) -> str:
    found: str = sorted(rule.methods - {"HEAD", "OPTIONS"})[0]
    return found


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    with database.admin(own) as conn:
        world = hidden.fill(conn)
    app = create_app(Config(own))
    with app.extensions["pool"]:
        yield Site(own, app, world)


def told(answer: TestResponse, asked: str) -> tuple[set[int], str]:
    """Return the large numbers and the text of an answer, without what the question itself said."""
    if answer.mimetype == "application/vnd.mapbox-vector-tile":
        found = [f for layer in mvt.decode(answer.data).values() for f in layer.features]
        text = " ".join(f"{f.id} {f.properties}" for f in found)
    else:
        text = answer.get_data(as_text=True)
    numbers = {int(n) for n in NUMBER.findall(text)} - {int(n) for n in NUMBER.findall(asked)}
    body = answer.get_json(silent=True)
    if isinstance(body, dict) and isinstance(body.get("ids"), list):  # each after the one before
        total = 0
        for step in body["ids"]:
            numbers.add(total := total + step)
    return numbers, text


def leaks(site: Site, login: str, numbers: set[int], text: str) -> list[object]:
    ids, texts = site.secrets[login]
    return [*sorted(numbers & ids), *sorted(one for one in texts if one in text)]


def rules(site: Site, changing: bool) -> set[str]:
    safe = {"GET", "HEAD", "OPTIONS"}
    return {r.endpoint for r in site.app.url_map.iter_rules() if bool(r.methods - safe) == changing}


def test_every_route_has_a_case(site: Site) -> None:
    sent = {*CHANGED, *ASKED, *OWN}
    missing = rules(site, False) - set(SEEN) - FILES, rules(site, True) - sent
    assert missing == (set(), set()), "add them to tests/routes.py: what may leak by them?"


@pytest.mark.parametrize("login", BY_LOGIN)
def test_no_route_tells_what_is_not_ones_own(site: Site, login: str) -> None:
    client, person = site.clients[login], BY_LOGIN[login]
    for endpoint in sorted(rules(site, False) - FILES):
        for args, query in SEEN[endpoint](site.world):
            url = site.url(endpoint, args, query)
            with client.get(url) as answer:
                assert answer.status_code < 500, url
                asked = "" if answer.status_code < 300 else url
                assert leaks(site, login, *told(answer, asked)) == [], url
            outside = set(args.values()) & site.secrets[login][0]
            if outside and person.session == "open":
                assert answer.status_code in (404, 403), url
            if person.session != "open" and not _is_public(site, endpoint):
                assert answer.status_code in (401, 302), url


@pytest.mark.parametrize("login", BY_LOGIN)
def test_no_question_with_a_body_tells_or_changes_anything(site: Site, login: str) -> None:
    before, answered = everything(site.own), 0
    for endpoint, cases in ASKED.items():
        for args, query, body in cases(site.world):
            url = site.url(endpoint, args, query)
            with site.clients[login].post(url, **body) as answer:
                is_mine = BY_LOGIN[login].reach == args["district"]
                assert (answer.status_code == 200) == is_mine, url
                assert is_mine or answer.status_code in (401, 404, 400), url
                assert leaks(site, login, *told(answer, url)) == [], url
                answered += is_mine
    assert everything(site.own) == before
    assert bool(answered) == bool(BY_LOGIN[login].reach)


def _is_public(site: Site, endpoint: str) -> bool:
    return getattr(site.app.view_functions[endpoint], "public", False)


def test_what_is_hidden_would_be_found(site: Site) -> None:
    """The administrator of all sees, by some route, each kind of thing that others must not."""
    numbers, texts = set(), ""
    for endpoint in sorted(rules(site, False) - FILES):
        for args, query in SEEN[endpoint](site.world):
            url = site.url(endpoint, args, query)
            with site.clients["admin-whole"].get(url) as answer:
                if answer.status_code == 200:
                    more, text = told(answer, url)
                    numbers, texts = numbers | more, texts + text
    for place in (hidden.WEST, hidden.EAST):
        for of in ("building", "assignment", "member"):
            if of == "building" or "api.assignments" in site.app.view_functions:
                assert set(site.world.ids[of, place]) & numbers, (of, place)
        assert f"{hidden.WORD}-{place}-compound" in texts


@pytest.mark.parametrize(
    "login", ["official-west", "field-west", "neighbour", "nobody", "former", "ended", "visitor"]
)
def test_nobody_changes_what_is_not_his(site: Site, login: str) -> None:
    before = everything(site.own)
    for endpoint in sorted(rules(site, True) - OWN - set(ASKED)):
        for args, query, body in CHANGED[endpoint](site.world):
            if login == "neighbour" and args["district"] == hidden.OTHER:
                continue  # his own
            method = _method(next(site.app.url_map.iter_rules(endpoint)))
            sent = query if method == "DELETE" else {}
            url = site.url(endpoint, args, sent)
            with site.clients[login].open(url, method=method, **body) as answer:
                assert answer.status_code in (302, 400, 401, 403, 404, 409, 422), url
                if answer.status_code == 302:
                    assert answer.headers["Location"].startswith("/login"), url
                assert leaks(site, login, *told(answer, url + str(body))) == [], url
    assert everything(site.own) == before


def everything(of: Database) -> dict[str, str]:
    """Return a digest of each table of truth."""
    with database.admin(of) as conn:
        names = [n for _, n in relations(conn, "app") if n != "session"]
        text = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM app.{} AS t"
        return {
            n: str(conn.execute(SQL(text).format(Identifier(n))).fetchone())  # type: ignore[arg-type]
            for n in names
        }


# The same as app_web in plain SQL: a web layer that asks too much gets no more.


def relations(conn: Conn, *schemas: str) -> list[tuple[str, str]]:
    return conn.execute(
        """SELECT relnamespace::regnamespace::text, relname FROM pg_class
            WHERE relnamespace::regnamespace::text = ANY (%s) AND relkind IN ('r', 'p', 'v', 'm')
              AND NOT relispartition ORDER BY 1, 2""",
        [list(schemas or ("app", "net", "map", "audit"))],
    ).fetchall()


EMPTY = {
    ("app", "land"): "the town has no parks",
    ("map", "land"): "the town has no parks",
    ("net", "stale"): "nothing has changed since the figures were worked out",
    ("net", "unconnected"): "everybody in the town is connected",
}  # fmt: skip


@pytest.fixture
def conn(site: Site) -> Iterator[Conn]:
    with closing(database.admin(site.own)) as conn:
        yield conn
        conn.rollback()


def columns(conn: Conn, schema: str, name: str) -> list[str]:
    """Return the columns that app_web may read."""
    rows = conn.execute(
        """SELECT attname FROM pg_attribute
            WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
              AND has_schema_privilege('app_web', %s, 'USAGE')
              AND has_column_privilege('app_web', attrelid, attnum, 'SELECT')""",
        [f'{schema}."{name}"', schema],
    )
    return [column for (column,) in rows]


@pytest.mark.parametrize("login", BY_LOGIN)
def test_no_table_or_view_shows_what_is_not_ones_own(site: Site, conn: Conn, login: str) -> None:
    ids, texts = site.secrets[login]
    person = BY_LOGIN[login]
    actor = "" if person.session != "open" else str(site.world.account[login])
    other = {hidden.CODE, hidden.OTHER} - {person.reach}
    readable = [(s, n, columns(conn, s, n)) for s, n in relations(conn)]
    conn.execute("SELECT set_config('role', 'app_web', true), set_config('app.actor', %s, true)",
                 [actor])  # fmt: skip
    for schema, name, found in readable:
        if not found or (schema, name) == ("net", "headline"):  # figures for everybody
            continue
        text = SQL("SELECT row({})::text FROM {}").format(
            SQL(", ").join(map(Identifier, found)), Identifier(schema, name)
        )
        rows = " ".join(row for (row,) in conn.execute(text))
        numbers = {int(n) for n in NUMBER.findall(rows)}
        assert numbers & ids == set(), name
        assert [one for one in texts if one in rows] == [], name
        if name not in (
            "account",
            "grant",
            "session",
            "token",
        ):  # one's own, with a role or without
            assert not [code for code in other if re.search(rf"\b{code}\b", rows)], name


def test_every_table_and_view_has_rows_that_could_leak(site: Site, conn: Conn) -> None:
    """A table without rows proves nothing: give it some in tests/hidden.py."""
    empty = set()
    for schema, name in relations(conn, "app", "net", "map"):
        if not columns(conn, schema, name) or (schema, name) in EMPTY:
            continue
        text = SQL("SELECT row(t.*)::text FROM {} AS t").format(Identifier(schema, name))
        rows = " ".join(row for (row,) in conn.execute(text))
        if not {hidden.CODE, hidden.OTHER} <= set(re.findall(r"\b\d{6}\b", rows)):
            empty.add(f"{schema}.{name}")
    assert empty == set()


def test_functions_tell_an_administrator_of_his_own_district_alone(site: Site, conn: Conn) -> None:
    for login, district in [("neighbour", hidden.CODE), ("admin-west", hidden.CODE),
                            ("official-whole", hidden.CODE), ("nobody", hidden.CODE)]:  # fmt: skip
        with conn.transaction(force_rollback=True):
            conn.execute(
                "SELECT set_config('role', 'app_web', true), set_config('app.actor', %s, true)",
                [str(site.world.account[login])],
            )
            for text in [
                "SELECT * FROM app.sign_ins(%s)",
                "SELECT * FROM app.trail(%s, NULL, NULL, NULL, NULL, NULL, 10)",
                "SELECT FROM app.chain_state(%s) WHERE length IS NOT NULL",
            ]:
                assert conn.execute(text, [district]).fetchall() == [], (login, text)


def test_no_table_of_the_audit_is_read_at_all(conn: Conn) -> None:
    for schema, name in relations(conn, "audit"):
        conn.execute("SET LOCAL ROLE app_web")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute(SQL("SELECT FROM {}").format(Identifier(schema, name)))
        conn.execute("RESET ROLE")
