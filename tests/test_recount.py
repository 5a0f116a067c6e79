"""Real cities held against an engine written apart (tests/recount.py), from the file alone."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gis.coverage import coverage
from gis.districts import district
from gis.errors import BadInput
from gis.exchange import geopackage, openstreetmap
from gis.nearest import nearest
from gis.walk import variants
from sql import database
from sql.database import Conn, Database
from tests import recount
from tests.shared import SHARED

FILES = {"360681": "guixi", "440305": "shenzhen_nanshan"}
STATIONS = """
INSERT INTO app.station (district, code, name, kind, services, open, hours, state, period, geom)
SELECT district, 'S' || number, 'S' || number, 'post', ARRAY['s' || mod(number, 2)],
       '{[0,10080)}', '24/7', 'open', tstzrange('2020-01-01', NULL), ST_StartPoint(geom)
  FROM (SELECT *, row_number() OVER (ORDER BY md5(code)) AS number FROM app.way
         WHERE district = %(code)s) AS way
 WHERE number <= 8
"""
PLACES = "SELECT ST_X(place), ST_Y(place) FROM app.building WHERE district = %s ORDER BY code"


@dataclass(frozen=True)
class City:
    """A city in the database, and its network as exported."""

    conn: Conn
    code: str
    apart: recount.Recount


def exported(conn: Conn, code: str, path: Path) -> recount.Recount:
    geopackage.write(conn, district(conn, code), variants.at_minute(conn, code), path)
    return recount.load(path)


@pytest.fixture(scope="module", params=FILES.items(), ids=lambda item: item[1])
def stored(request: Any, own: Database, tmp_path_factory: Any) -> Iterator[City]:
    """A city of OpenStreetMap with eight stations, where ways begin."""
    code, name = request.param
    file = SHARED / "data" / "osm" / f"{name}.osm.pbf"
    if not file.exists():
        pytest.skip("the shared data are not there")
    with database.admin(own) as conn:
        openstreetmap.bring(conn, file, code, name, date(2026, 11, 23))
        conn.execute(
            "INSERT INTO app.service (district, code, name) VALUES (%s, 's1', 's1')", [code]
        )
        conn.execute(STATIONS, {"code": code})
        coverage(conn, code)
        yield City(conn, code, exported(conn, code, tmp_path_factory.mktemp(name) / "a.gpkg"))
        conn.rollback()


@pytest.fixture
def city(stored: City) -> Iterator[City]:
    """The city; what a test does to it is undone."""
    with stored.conn.transaction(force_rollback=True):
        yield stored


def check_figures(city: City, apart: recount.Recount, service: str | None = None) -> dict[str, Any]:
    figures = coverage(city.conn, city.code, service=service)
    best = recount.buildings(apart, recount.open_stations(apart, service))
    for band in figures["bands"]:
        assert recount.covered(apart, best, 400_000, band["minutes"]).items() <= band.items()
    assert figures["unconnected"]["buildings"] == len(recount.unconnected(apart))
    return figures


@pytest.mark.parametrize("service", [None, "s1"])
def test_coverage_of_a_city(city: City, service: str | None) -> None:
    figures = check_figures(city, city.apart, service)
    assert 0 < figures["households_covered"] < figures["households"]


def places(city: City, draw: random.Random) -> Iterator[tuple[float, float]]:
    """Yield buildings and places anywhere between them, in turn, for ever."""
    building = city.conn.execute(PLACES, [city.code]).fetchall()
    x, y = zip(*building, strict=True)
    while True:
        yield draw.choice(building)
        yield draw.uniform(min(x), max(x)), draw.uniform(min(y), max(y))


def test_two_hundred_nearest_to_the_centimetre(city: City) -> None:
    stations = recount.open_stations(city.apart)
    to = {code: recount.costs_to(city.apart, code) for code in stations}
    answered = 0
    for lon, lat in places(city, random.Random(7)):
        try:
            answer = nearest(city.conn, city.code, lon, lat, limit=3)
        except BadInput:
            continue  # nothing to walk on within 100 m
        costs = [recount.cost(city.apart, answer["access"], code, to[code]) for code in stations]
        wanted = sorted(c for c in costs if c is not None)[:3]
        assert [s["cost_cm"] for s in answer["stations"]] == wanted
        answered += 1
        if answered == 200:
            break
    assert answered == 200


@pytest.mark.parametrize("table", ["app.way", "net.edge"])
def test_deleted_ways_change_the_figures_as_the_recount_says(
    city: City, tmp_path: Path, table: str
) -> None:
    """Whether the ways go or the edges made of them, by hand, somebody is cut off."""
    gone = "SELECT id FROM app.way WHERE district = %s AND (bridge OR highway = 'primary')"
    column = {"app.way": "id", "net.edge": "way"}[table]
    before = coverage(city.conn, city.code)
    city.conn.execute(f"DELETE FROM {table} WHERE {column} IN ({gone})", [city.code])
    coverage(city.conn, city.code)
    apart = exported(city.conn, city.code, tmp_path / "after.gpkg")
    assert len(apart.edge) < len(city.apart.edge)
    after = check_figures(city, apart)
    assert after["unconnected"]["buildings"] > before["unconnected"]["buildings"]
