"""A real city held against an engine written apart (tests/recount.py), from the file alone."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gis.coverage import coverage
from gis.districts import district
from gis.errors import BadInput
from gis.exchange import geopackage, openstreetmap
from gis.nearest import nearest
from gis.walk import variants
from sql.database import Conn
from tests import recount
from tests.shared import SHARED

CODE = "360681"
GUIXI = SHARED / "data" / "osm" / "guixi.osm.pbf"
STATIONS = """
INSERT INTO app.station (district, code, name, kind, services, open, hours, state, period, geom)
SELECT district, 'S' || number, 'S' || number, 'post', ARRAY['s' || number % 2],
       '{[0,10080)}', '24/7', 'open', tstzrange('2020-01-01', NULL), ST_StartPoint(geom)
  FROM (SELECT *, row_number() OVER (ORDER BY md5(code)) AS number FROM app.way) AS way
 WHERE district = '360681' AND number <= 8
"""

pytestmark = pytest.mark.skipif(not GUIXI.exists(), reason="the shared data are not there")


@pytest.fixture
def city(admin: Conn, tmp_path: Path) -> Iterator[tuple[Conn, recount.Recount]]:
    openstreetmap.bring(admin, GUIXI, CODE, "贵溪市", date(2026, 11, 23))
    admin.execute("INSERT INTO app.service (district, code, name) VALUES (%s, 's1', 's1')", [CODE])
    admin.execute(STATIONS)
    home = district(admin, CODE)
    variants.ensure_network(admin, CODE)
    geopackage.write(admin, home, variants.at_minute(admin, CODE), tmp_path / "city.gpkg")
    yield admin, recount.load(tmp_path / "city.gpkg")


def test_coverage_of_a_city(city: tuple[Conn, recount.Recount]) -> None:
    conn, apart = city
    for service in (None, "s1"):
        figures = coverage(conn, CODE, service=service)
        best = recount.buildings(apart, recount.open_stations(apart, service))
        for band in figures["bands"]:
            assert recount.covered(apart, best, 400_000, band.pop("minutes")) == band
    assert 0 < figures["households_covered"] < figures["households"]


def test_nearest_at_random_places(city: tuple[Conn, recount.Recount]) -> None:
    conn, apart = city
    to = {code: recount.costs_to(apart, code) for code in recount.open_stations(apart)}
    draw = random.Random(7)
    answered = 0
    for _ in range(40):
        lon, lat = draw.uniform(117.19, 117.24), draw.uniform(28.27, 28.31)
        try:
            answer = nearest(conn, CODE, lon, lat, limit=3)
        except BadInput:
            continue  # nothing to walk on within 100 m
        answered += 1
        costs = [recount.cost(apart, answer["access"], code, to[code]) for code in to]
        wanted = sorted(c for c in costs if c is not None)[:3]
        assert [s["cost_cm"] for s in answer["stations"]] == wanted
    assert answered >= 10


def test_deleted_way_changes_the_figures_as_the_recount_says(
    city: tuple[Conn, recount.Recount], tmp_path: Path
) -> None:
    conn, before = city
    conn.execute(
        "DELETE FROM app.way WHERE district = %s AND (bridge OR highway = 'primary')", [CODE]
    )
    figures = coverage(conn, CODE)
    home = district(conn, CODE)
    geopackage.write(conn, home, variants.at_minute(conn, CODE), tmp_path / "after.gpkg")
    after = recount.load(tmp_path / "after.gpkg")
    assert len(after.edge) < len(before.edge)
    best = recount.buildings(after, recount.open_stations(after))
    for band in figures["bands"]:
        assert recount.covered(after, best, 400_000, band.pop("minutes")) == band
