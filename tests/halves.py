"""The town in two subdistricts, and people with rights on all of it or on one half.

West: houses a and d, the walled compound K, station P. East: houses b and c, station Q, which is
open round the clock and offers s2 too.
"""

from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from gis import coverage, districts
from gis.content import table
from sql import database as connections
from sql.database import Conn, Database
from tests import people, town
from tests.town import area, outline
from web import create_app
from web.config import Config

CODE = town.HOME.code
WEST, EAST = f"{CODE}001", f"{CODE}002"
HALVES = {WEST: (-20.0, 400.0), EAST: (400.0, 820.0)}
ROLES = ("planner", "official", "field", "dispatcher", "admin")
GRID = {half: f"{half}001001" for half in HALVES}


def areas() -> Any:
    rows = [area(CODE, "district", None, outline(-20, 820, 400), True)]
    for code, (x0, x1) in HALVES.items():
        parts = [("subdistrict", "", CODE, True), ("community", "001", code, True)]
        parts.append(("grid", "001001", f"{code}001", False))
        rows += [area(code + end, level, up, outline(x0, x1), t) for level, end, up, t in parts]
    return table("area", rows)


def fill(conn: Conn) -> None:
    """Store the town and work its figures out; Q's name is an attack on the page."""
    q = town.station("Q", 700, -10, hours="24/7", services=["s1", "s2"])
    content = replace(town.content(stations=[{**q, "name": "<b>${Q}`银行"}]), area=areas())
    services = [("s1", "党务服务"), ("s2", "政务代办")]
    districts.create(conn, town.HOME, content, services=services)
    coverage.publish(conn, CODE)


def inhabit(conn: Conn) -> dict[str, int]:
    """Add an account of each role on the whole and on the west; return the ids by login."""
    found = {}
    for role in ROLES:
        found[role] = people.add(conn, CODE, role, role)
        found[f"{role}_west"] = people.add(conn, CODE, f"{role}_west", role, WEST)
    found["east"] = people.add(conn, CODE, "east", "official", EAST)
    found["grid"] = people.add(conn, CODE, "grid", "field", GRID[WEST])
    found["nobody"] = people.add(conn, CODE, "nobody")
    return found


class Site:
    """The application on a database with the town, and a client for each person."""

    def __init__(self, of: Database) -> None:
        self.database = of
        with connections.admin(of) as conn:
            fill(conn)
            self.accounts = inhabit(conn)
        self.app: Flask = create_app(Config(of))
        self.app.extensions["pool"].open()

    def client(self, login: str | None = "official") -> FlaskClient:
        if login is None:
            return self.app.test_client()
        return people.client_of(self.app, self.accounts[login])

    def get(self, path: str, login: str | None = "official", **more: Any) -> Any:
        """Return the JSON of an answer that must be 200."""
        answer = self.client(login).get(f"/api/{path}", **more)
        assert answer.status_code == 200, answer.text
        return answer.json

    def ids(self, name: str) -> dict[str, int]:
        with connections.admin(self.database) as conn:
            return dict(conn.execute(f"SELECT code, id FROM app.{name}").fetchall())

    def close(self) -> None:
        self.app.extensions["pool"].close()
