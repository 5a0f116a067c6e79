"""The style over HTTP: to those who may see the district."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis import districts
from sql import database as connections
from sql.cluster import Place
from sql.database import Database
from tests import people, town
from web import create_app
from web.config import Config

ADDRESS = f"/tiles/{town.HOME.code}/style.json"


@pytest.fixture(scope="module")
def app(cluster: Place, database: Database) -> Iterator[Flask]:
    own = Database(cluster, name=f"{database.name}_style")
    with psycopg.connect(Database(cluster, name="postgres").conninfo(), autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {own.name} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {own.name} TEMPLATE template_yige")
        app = create_app(Config(own))
        app.extensions["pool"].open()
        yield app
        app.extensions["pool"].close()
        conn.execute(f"DROP DATABASE {own.name} WITH (FORCE)")


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    with connections.admin(app.extensions["config"].database) as conn:
        districts.create(conn, town.HOME, town.content(), services=[("s1", "党务服务")])
        account = people.add(conn, town.HOME.code, "official", "official")
    return people.client_of(app, account)


def test_a_style_names_the_tiles_of_its_district(client: FlaskClient) -> None:
    style = client.get(f"{ADDRESS}?theme=dark").get_json()
    assert style["name"] == "yige-dark"
    assert style["sources"]["town"]["tiles"] == [
        f"/tiles/{town.HOME.code}/town/{{z}}/{{x}}/{{y}}.pbf"
    ]


def test_an_unchanged_style_costs_a_tag(client: FlaskClient) -> None:
    first = client.get(ADDRESS)
    assert "no-cache" in first.headers["Cache-Control"]
    again = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    other = client.get(f"{ADDRESS}?theme=dark", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_style_is_for_those_who_may_see_the_district(app: Flask, client: FlaskClient) -> None:
    assert app.test_client().get(ADDRESS).status_code >= 400
    assert client.get("/tiles/999999/style.json").status_code >= 400
    assert client.get(f"{ADDRESS}?theme=<b>").status_code >= 400
