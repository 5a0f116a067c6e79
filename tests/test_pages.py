"""The page of figures: the same figures as elsewhere, in two languages, from our own address."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from flask.testing import FlaskClient

from gis import coverage, districts
from sql import database as connections
from sql.cluster import Place
from sql.database import Database
from tests import town
from web import create_app
from web.config import Config


@pytest.fixture(scope="module")
def client(cluster: Place, database: Database) -> Iterator[FlaskClient]:
    """The application on a database of its own with the town in it."""
    own = Database(cluster, name=f"{database.name}_pages")
    with psycopg.connect(Database(cluster, name="postgres").conninfo(), autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {own.name} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {own.name} TEMPLATE template_yige")
        with connections.admin(own) as inside:
            districts.create(inside, town.HOME, town.content(), services=[("s1", "党务服务")])
            inside.execute("UPDATE app.district SET name = '<b>${小镇}`'")
            coverage.publish(inside, town.HOME.code)
        app = create_app(Config(own))
        app.extensions["pool"].open()
        yield app.test_client()
        app.extensions["pool"].close()
        conn.execute(f"DROP DATABASE {own.name} WITH (FORCE)")


def test_figures_are_those_of_the_command_line(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    assert "84.0" in text and "75.0" in text  # 420 of 500 people, 3 of 4 buildings
    assert "420 / 500" in text and "示例数据" in text


def test_classes_add_up_to_all_households(client: FlaskClient) -> None:
    legend = re.search(r'<ul class="legend">(.*?)</ul>', client.get("/").text, re.S)
    assert legend is not None
    counts = [int(n.replace(",", "")) for n in re.findall(r"<b>([\d,]+)</b>", legend.group(1))]
    assert counts == [100, 110, 0, 40, 0, 0] and sum(counts) == 250


def test_language_is_chosen_and_remembered(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/").text
    assert "People covered" in client.get("/?lang=en").text
    assert "People covered" in client.get("/").text
    client.get("/?lang=zh")


def test_names_are_text_not_markup(client: FlaskClient) -> None:
    text = client.get("/").text
    assert "<b>${" not in text and "&lt;b&gt;${小镇}`" in text


def test_nothing_is_loaded_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for link in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert link.startswith(("/", "?")), link
        with client.get(link if link.startswith("/") else f"/{link}") as loaded:
            assert loaded.status_code == 200, link
