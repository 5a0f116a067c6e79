"""A whole sample district, stored: counts as promised, gaps as recorded, twice the same."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pandas as pd
import psycopg
import pytest
import shapely

from gis import districts
from gis.content import TABLES, Content
from gis.coverage import coverage
from gis.crs import LocalPlane
from gis.demo.assemble import sample
from gis.demo.stations import SERVICES
from sql.cluster.place import CHECKOUT
from sql.database import Conn

CODE = "130525"
OPEN = {"too_far", "detour_river", "detour_railway", "detour_wall", "gate", "unconnected"}
NEAREST = """
SELECT s.code, sum(b.households), s.capacity
  FROM (SELECT DISTINCT ON (building) building, station
          FROM net.reach JOIN app.station AS t ON t.district = reach.district AND t.id = station
         WHERE reach.district = %(district)s AND t.state = 'open' AND cost_cm <= 100000
         ORDER BY building, cost_cm, t.code) AS nearest
  JOIN app.building AS b ON b.district = %(district)s AND b.id = nearest.building
  JOIN app.station AS s ON s.district = %(district)s AND s.id = nearest.station
 GROUP BY s.code, s.capacity
"""
DIGEST = """
from tests.test_demo_gaps import digest
from gis.demo.assemble import sample
print(digest(*sample("longyao", 1, 1, lambda step: None)[:2]))
"""


def digest(content: Content, record: pd.DataFrame) -> str:
    """One number for all tables and the record."""
    whole = hashlib.sha256()
    for name in TABLES:
        frame = getattr(content, name)
        whole.update(frame.geometry.to_wkb().str.len().to_numpy().tobytes())
        whole.update(b"".join(frame.geometry.to_wkb()))
        whole.update(frame.drop(columns="geometry").astype(str).to_csv(index=False).encode())
    return hashlib.sha256(whole.digest() + record.to_csv(index=False).encode()).hexdigest()


@pytest.fixture(scope="module")
def made() -> tuple[Content, pd.DataFrame, LocalPlane]:
    return sample("longyao", 1, 1, lambda step: None)


@pytest.fixture(scope="module")
def conn(database_url: str, made: tuple[Content, pd.DataFrame, LocalPlane]) -> Iterator[Conn]:
    content, _, plane = made
    home = districts.District(CODE, "隆尧县", plane.lon, plane.lat, date(2026, 11, 20), True)
    with psycopg.connect(database_url) as conn:
        districts.create(conn, home, content, SERVICES.items())
        yield conn
        conn.rollback()


def missed(figures: dict) -> int:
    return int(figures["households"] - figures["households_covered"])


def inside(content: Content, rows: str, places: list) -> bool:
    """Tell whether all places lie in an area of a level."""
    outline = content.area.geometry[content.area["level"] == rows].union_all()
    return bool(shapely.covers(outline, places).all()) and len(places) > 0


def test_stations_and_new_ones_stand_inside_the_district(
    made: tuple[Content, pd.DataFrame, LocalPlane],
) -> None:
    content, record, _ = made
    new = shapely.from_wkt(record["at"][record["cure"] == "station"].to_numpy())
    assert inside(content, "district", list(content.station.geometry))
    assert inside(content, "district", list(new))


def test_counts_are_as_promised(conn: Conn) -> None:
    (one,) = districts.status(conn)
    assert (one["subdistricts"], one["communities"], one["grids"]) == (1, 9, 60)
    assert (one["compounds"], one["households"], one["stations"]) == (134, 24_000, 42)


def test_every_grid_holds_300_to_500_households(conn: Conn) -> None:
    grids = coverage(conn, CODE, by="grid")["areas"]
    assert len(grids) == 60 and all(grid["code"] != "unassigned" for grid in grids)
    assert all(300 <= grid["households"] <= 500 for grid in grids)


def test_default_figures_miss_just_the_recorded_households(
    conn: Conn, made: tuple[Content, pd.DataFrame, LocalPlane]
) -> None:
    record = made[1]
    shown = record[record["kind"].isin(OPEN)]
    figures = coverage(conn, CODE)
    assert missed(figures) == shown["households"].sum() > 0
    away = record[record["kind"] == "unconnected"]["households"].sum()
    assert figures["unconnected"]["households"] == away > 0
    assert 0.8 <= figures["households_covered"] / figures["households"] <= 0.97


def test_gaps_of_an_hour_and_of_a_service_show_only_then(
    conn: Conn, made: tuple[Content, pd.DataFrame, LocalPlane]
) -> None:
    record = made[1]
    always = missed(coverage(conn, CODE))
    at_night = missed(coverage(conn, CODE, at="2026-11-25T19:30"))
    assert at_night >= always + record[record["kind"] == "hours"]["households"].sum() > always
    assert (record["kind"] == "service").any()
    for service, gaps in record[record["kind"] == "service"].groupby("service"):
        without = missed(coverage(conn, CODE, service=str(service)))
        assert without >= always + gaps["households"].sum() > always


def test_full_stations_hold_fewer_than_those_nearest_to_them(
    conn: Conn, made: tuple[Content, pd.DataFrame, LocalPlane]
) -> None:
    coverage(conn, CODE)
    rows = conn.execute(NEAREST, {"district": CODE}).fetchall()
    full = sorted(code for code, load, capacity in rows if load > capacity)
    causes = made[1][made[1]["kind"] == "full"]["cause"]
    assert full == sorted(code for cause in causes for code in cause.split()) != []


def test_same_in_another_process(made: tuple[Content, pd.DataFrame, LocalPlane]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], cwd=CHECKOUT, capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout.strip() == digest(*made[:2])
