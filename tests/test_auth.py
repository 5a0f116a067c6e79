"""Signing in and out: sessions kept by the database, passwords tried a few times only."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask

from gis import districts
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


def test_a_signed_in_client_is_the_account(app: Flask, conn: Conn) -> None:
    one = people.add(conn, CODE, "one", "official")
    client = people.client_of(app, one)
    assert client.get("/login").status_code == 302
    assert client.post("/logout").status_code == 302
    assert client.get("/login").status_code == 200
