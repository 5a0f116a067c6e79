"""Districts come in whole or not at all, whatever happens on the way."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely

from gis import districts
from gis.content import Content
from gis.coverage import coverage
from gis.errors import BadInput, Conflict, NotFound, TilingError, YigeError
from sql import backup, cluster, database
from sql.database import Conn, Database
from tests import town
from tests.conftest import FAST
from tests.shared import ROOT

CODE = town.HOME.code


def counts(conn: Conn) -> dict[str, int]:
    """Return how many rows each table holds, without the empty ones."""
    names = conn.execute(
        """SELECT oid::regclass::text FROM pg_class
            WHERE relkind IN ('r', 'p') AND NOT relispartition
              AND relnamespace IN ('app'::regnamespace, 'net'::regnamespace) ORDER BY 1"""
    ).fetchall()
    found = {n: conn.execute(f"SELECT FROM {n}").rowcount for (n,) in names}
    return {name: n for name, n in found.items() if n}


@pytest.fixture
def conn(own: Database) -> Iterator[Conn]:
    """A connection that commits, to a database without a district."""
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()
        districts.remove(conn, CODE)
        conn.commit()


def bring(conn: Conn, content: Content | None = None, **more: Any) -> None:
    districts.create(conn, town.HOME, content or town.content(), **more)
    conn.commit()


def test_what_is_stored_is_what_was_given(conn: Conn) -> None:
    bring(conn)
    found = districts.status(conn)
    assert found == [{
        "code": CODE, "name": "小镇", "sample": True, "subdistricts": 1, "communities": 1,
        "grids": 2, "compounds": 1, "branches": 1, "buildings": 4, "households": 250,
        "people": 500, "stations": 1, "data_date": "2026-11-20",
    }]  # fmt: skip
    assert districts.district(conn, CODE) == town.HOME
    shapes = conn.execute("SELECT code, ST_AsBinary(geom) FROM app.way ORDER BY code").fetchall()
    given = town.content().way
    assert [code for code, _ in shapes] == given["code"].tolist()
    assert [shapely.from_wkb(bytes(g)) for _, g in shapes] == given.geometry.tolist()


def test_order_of_the_rows_does_not_matter(conn: Conn) -> None:
    given = town.content()
    mixed = {
        name: getattr(given, name).iloc[::-1].reset_index(drop=True) for name in Content.__slots__
    }
    bring(conn)
    one = coverage(conn, CODE, by="grid")
    bring(conn, Content(**mixed), replace=True)
    assert coverage(conn, CODE, by="grid") == one


def test_the_same_district_twice(conn: Conn) -> None:
    bring(conn)
    before = counts(conn)
    with pytest.raises(Conflict) as error:
        bring(conn)
    assert error.value.key == "district_exists"
    conn.rollback()
    assert counts(conn) == before


def test_a_replaced_district_is_the_new_one_alone(conn: Conn) -> None:
    bring(conn, town.content(buildings=[town.building("old", 700, 10, 30)]))
    assert coverage(conn, CODE)["households"] == 280
    conn.commit()
    bring(conn, replace=True)
    assert coverage(conn, CODE)["households"] == 250
    conn.commit()
    fresh = counts(conn)
    districts.remove(conn, CODE)
    bring(conn)
    coverage(conn, CODE)
    assert counts(conn) == fresh


def test_a_replacement_that_fails_leaves_the_old_one(conn: Conn) -> None:
    bring(conn)
    coverage(conn, CODE)
    conn.commit()
    before = counts(conn)
    with pytest.raises(BadInput):
        bring(conn, town.content(stations=[town.station("W", 300, 200)]), replace=True)
    conn.rollback()
    assert counts(conn) == before
    assert coverage(conn, CODE)["households"] == 250


def test_an_unknown_district_names_the_known_ones(conn: Conn) -> None:
    bring(conn)
    with pytest.raises(NotFound, match=CODE):
        districts.district(conn, "999999")


def without(frame: gpd.GeoDataFrame, code: str) -> gpd.GeoDataFrame:
    return frame[frame["code"] != code]


def changed(frame: gpd.GeoDataFrame, column: str, value: Any) -> gpd.GeoDataFrame:
    frame = frame.copy()
    frame[column] = frame[column].astype(object)
    frame.at[frame.index[-1], column] = value
    return frame


def doubled(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat([frame, frame.iloc[-1:]]), geometry="geometry", crs=frame.crs)


BOW = shapely.Polygon([(115, 35), (115.001, 35.001), (115.001, 35), (115, 35.001)])
BAD: dict[str, tuple[str, Any, type[YigeError], str]] = {
    "a station in the river": ("station", lambda f: changed(
        f, "geometry", town.place(shapely.Point(300, 200))), BadInput, "in_water"),
    "a missing grid": ("area", lambda f: without(f, f"{town.COMMUNITY}002"), TilingError, "tiling"),
    "an unknown parent": ("area", lambda f: changed(f, "parent", "371799009009"), BadInput,
                          "unknown_code"),
    "a parent that is missing": ("area", lambda f: changed(f, "parent", None), BadInput,
                                 "rule_broken"),
    "a parent of its own level": ("area", lambda f: changed(f, "parent", f"{town.COMMUNITY}001"),
                                  BadInput, "rule_broken"),
    "a code too short": ("area", lambda f: changed(f, "code", "37179900100103"), BadInput,
                         "rule_broken"),
    "a building twice": ("building", doubled, Conflict, "twice"),
    "an area twice": ("area", doubled, Conflict, "twice"),
    "a building in an unknown compound": ("building", lambda f: changed(f, "compound", "Z"),
                                          BadInput, "unknown_code"),
    "a gate of an unknown compound": ("gate", lambda f: changed(f, "compound", "Z"), BadInput,
                                      "unknown_code"),
    "fewer than no households": ("building", lambda f: changed(f, "households", -1), BadInput,
                                 "rule_broken"),
    "a station of an unknown kind": ("station", lambda f: changed(f, "kind", "palace"), BadInput,
                                     "rule_broken"),
    "a building without floors": ("building", lambda f: changed(f, "floors", None), BadInput,
                                  "rule_broken"),
    "a compound that crosses itself": ("compound", lambda f: changed(f, "geometry", BOW), BadInput,
                                       "rule_broken"),
    "a way without a shape": ("way", lambda f: changed(f, "geometry", None), BadInput,
                              "rule_broken"),
    "a way that is a point": ("way", lambda f: changed(f, "geometry", shapely.Point(115, 35)),
                              BadInput, "rule_broken"),
    "a gate off the lattice": ("gate", lambda f: changed(
        f, "geometry", shapely.Point(115.45000000001, 35.25)), BadInput, "rule_broken"),
    "hours nobody can read": ("gate", lambda f: changed(f, "hours", "noonish"), BadInput,
                              "opening_hours"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_content_that_breaks_a_rule_is_refused_whole(conn: Conn, case: str) -> None:
    name, spoil, kind, key = BAD[case]
    content = town.content()
    with pytest.raises(kind) as error:
        bring(conn, replace(content, **{name: spoil(getattr(content, name))}))
    assert error.value.key == key
    conn.rollback()
    assert counts(conn) == {}
    bring(conn)


def test_a_backup_brings_it_all_back(conn: Conn, own: Database, tmp_path: Path) -> None:
    bring(conn)
    figures = coverage(conn, CODE, by="grid")
    conn.commit()
    rows = counts(conn)
    conn.commit()
    backup.backup(own, tmp_path / "kept")
    other = own.beside("restored")
    try:
        backup.restore(other, tmp_path / "kept")
        with closing(database.admin(other)) as there:
            assert counts(there) == rows
            assert coverage(there, CODE, by="grid") == figures
            there.execute("UPDATE app.area_version SET period = '[2030-01-01,)'")
            there.execute("UPDATE app.way SET name = '新'")
            there.commit()
            assert there.execute("SELECT audit.broken_links()").fetchall() == []
    finally:
        with closing(database.admin(replace(own, name="postgres"), autocommit=True)) as server:
            server.execute(f"DROP DATABASE IF EXISTS {other.dbname} WITH (FORCE)")


# Two at once, and the end in the middle.


def test_the_second_of_two_imports_is_told_at_once(conn: Conn, own: Database) -> None:
    districts.create(conn, town.HOME, town.content())  # not committed yet
    with closing(database.admin(own)) as other:
        other.execute("SET lock_timeout = '2s'")
        for verb in (lambda: bring(other), lambda: bring(other, replace=True)):
            with pytest.raises(Conflict) as error:
                verb()
            assert error.value.key == "import_running"
            other.rollback()
        neighbour = replace(town.HOME, code="371798")
        districts.claim(other, neighbour.code)  # another district is free
        other.rollback()
        conn.commit()
        with pytest.raises(Conflict) as error:
            bring(other)
        assert error.value.key == "district_exists"
    assert coverage(conn, CODE)["households"] == 250


SLOW = """
import sys
from gis import districts
from sql import database
from sql.cluster import place
from tests import town

real = districts._copy
def slow(conn, table, *rest):
    real(conn, table, *rest)
    if table == "water":
        print("half", flush=True)
        sys.stdin.read()
districts._copy = slow
with database.admin(database.Database(place(), name=sys.argv[1])) as conn:
    districts.create(conn, town.HOME, town.content(), replace=True)
"""


@pytest.fixture
def before(request: pytest.FixtureRequest, conn: Conn) -> dict[str, int]:
    """What is there before the import: nothing, or with the parameter the district already."""
    if getattr(request, "param", False):
        bring(conn)
        coverage(conn, CODE)
        conn.commit()
    found = counts(conn)
    conn.rollback()
    return found


@pytest.fixture
def half(own: Database, before: dict[str, int]) -> Iterator[subprocess.Popen[str]]:
    """An import by another process that has stored half the district and goes no further."""
    command = [sys.executable, "-c", SLOW, own.dbname]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "half\n"
        yield process
        process.kill()


def gone(conn: Conn) -> None:
    """Return when the server has noticed that the importing process is gone."""
    busy = "SELECT count(*), pg_sleep(0.02) FROM pg_locks WHERE locktype = 'advisory'"
    while conn.execute(busy).fetchone()[0]:  # type: ignore[index]
        conn.rollback()
    conn.rollback()


@pytest.mark.parametrize("before", [False, True], indirect=True, ids=["new", "replaced"])
def test_an_import_killed_in_the_middle(
    conn: Conn, before: dict[str, int], half: subprocess.Popen[str]
) -> None:
    with pytest.raises(Conflict, match="import_running"):
        bring(conn, replace=True)
    conn.rollback()
    assert counts(conn) == before  # readers see the old one, and wait for nobody
    conn.rollback()
    half.send_signal(signal.SIGKILL)
    half.wait()
    gone(conn)
    assert counts(conn) == before
    bring(conn, replace=True)
    assert coverage(conn, CODE)["households"] == 250


def test_an_import_whose_connection_is_cut(conn: Conn, half: subprocess.Popen[str]) -> None:
    cut = conn.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
              AND backend_type = 'client backend'"""
    )
    assert cut.fetchall() == [(True,)]
    conn.rollback()
    gone(conn)
    _, errors = half.communicate("")
    assert half.returncode != 0
    assert "terminating connection" in errors
    assert counts(conn) == {}
    bring(conn)


@pytest.fixture
def second() -> Iterator[cluster.Place]:
    """The place of a cluster that a test may kill."""
    home = Path(tempfile.mkdtemp(prefix="yige-test-"))
    home.chmod(0o755)
    at = cluster.place({"YIGE_HOME": str(home)})
    yield at
    cluster.stop(at)
    shutil.rmtree(home)


def test_the_server_killed_in_the_middle(second: cluster.Place) -> None:
    at = second
    to = Database(at)
    with cluster.running(at, FAST):
        database.migrate(to)
        with database.admin(to) as conn:
            districts.create(conn, town.HOME, town.content())
        conn = database.admin(to)
        districts.create(conn, town.HOME, town.content(), replace=True)  # not committed
        pid = cluster.status(at).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            while True:
                conn.execute("SELECT pg_sleep(0.05)")
        conn.close()
        with cluster.running(at, FAST), database.admin(to) as conn:
            assert conn.execute("SELECT audit.broken_links()").fetchall() == []
            assert counts(conn)["app.building"] == 4
            districts.create(conn, town.HOME, town.content(), replace=True)
            assert coverage(conn, CODE)["households"] == 250
