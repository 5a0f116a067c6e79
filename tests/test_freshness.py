"""Figures follow every edit, whoever makes it; and edits wait for nobody."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import CheckViolation, FeatureNotSupported

from gis import districts
from gis.coverage import coverage
from sql import database
from sql.database import Conn, Database
from tests import town
from tests.drawn import commit_checks

CODE = town.HOME.code


@pytest.fixture(scope="module")
def stored(own: Database) -> Database:
    """The town with its figures worked out: 250 households, 210 of them covered."""
    with database.admin(own) as conn:
        districts.create(conn, town.HOME, town.content(), services=[("s1", "党务服务")])
        assert figures(conn) == (250, 210, 0)
    return own


@pytest.fixture
def conn(stored: Database) -> Iterator[Conn]:
    with closing(database.admin(stored)) as conn:
        yield conn
        conn.rollback()


def figures(conn: Conn, **more: Any) -> tuple[int, int, int]:
    found = coverage(conn, CODE, **more)
    return found["households"], found["households_covered"], found["unconnected"]["households"]


def wkt(shape: Any) -> str:
    return f"ST_GeomFromText('{shape.wkt}', 4490)"


NEAR_C = wkt(town.place(town.shapely.Point(600, 375)))
WALL = wkt(town.line((450, 5), (750, 5), (750, 120), (450, 120), (450, 5)))
POND = wkt(town.box(450, 3, 750, 6))
HOUSE = "district, name, kind, floors, people, estimated, period, geom, doors"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("DELETE FROM app.way WHERE bridge", (250, 210, 40)),
        # the path goes, and with it d: its door is 85 m beyond the wall
        ("DELETE FROM app.way WHERE code = 'path'", (250, 150, 60)),
        ("UPDATE app.way SET foot = 'backward' WHERE code = 'path'", (250, 210, 0)),
        # forward runs into the compound: nobody gets out
        ("UPDATE app.way SET foot = 'forward' WHERE code = 'path'", (250, 150, 0)),
        ("UPDATE app.gate SET open = '{}'", (250, 150, 0)),
        ("UPDATE app.gate SET passage = 'in'", (250, 150, 0)),
        ("UPDATE app.gate SET passage = 'out'", (250, 210, 0)),
        ("DELETE FROM app.gate", (250, 210, 0)),
        ("UPDATE app.building SET households = 90 WHERE code = 'b'", (290, 250, 0)),
        ("DELETE FROM app.building WHERE code = 'b'", (200, 160, 0)),
        (
            f"""INSERT INTO app.building ({HOUSE}, code, households)
                SELECT {HOUSE}, 'n', 25 FROM app.building WHERE code = 'a'""",
            (275, 235, 0),
        ),
        # a building that ended yesterday, and one that begins tomorrow
        (
            """UPDATE app.building SET period = tstzrange('2020-01-01', now() - interval '1 day')
                WHERE code = 'b'""",
            (200, 160, 0),
        ),
        (
            """UPDATE app.building SET period = tstzrange(now() + interval '1 day', NULL)
                WHERE code = 'b'""",
            (200, 160, 0),
        ),
        ("UPDATE app.building SET doors = NULL WHERE code = 'b'", (250, 210, 0)),
        # 380 m of wall round the door of b
        (
            f"""INSERT INTO app.barrier (district, code, kind, period, geom)
                SELECT district, 'x', kind, period, {WALL} FROM app.barrier""",
            (250, 160, 50),
        ),
        ("DELETE FROM app.barrier", (250, 210, 0)),
        (
            f"""INSERT INTO app.water (district, code, name, kind, period, geom)
                SELECT district, 'x', name, kind, period, ST_Multi({POND}) FROM app.water""",
            (250, 160, 50),
        ),
        # P moves to the north road beside c: 1,000 m for c alone
        (f"UPDATE app.station SET geom = {NEAR_C}", (250, 40, 0)),
        ("UPDATE app.station SET state = 'closed'", (250, 0, 0)),
        ("UPDATE app.station SET services = '{}'", (250, 210, 0)),
        ("DELETE FROM app.station", (250, 0, 0)),
        # only the door of d is within 7 m of a way; P is not
        ("UPDATE app.district SET snap_m = 7", (250, 0, 190)),
        ("DELETE FROM app.compound WHERE false", (250, 210, 0)),
    ],
)
def test_an_edit_changes_the_figures(conn: Conn, edit: Any, expected: tuple[int, int, int]) -> None:
    conn.execute(edit)
    commit_checks(conn)
    assert figures(conn) == expected


def test_a_deleted_and_restored_bridge_gives_the_same_figures(conn: Conn) -> None:
    before = coverage(conn, CODE)
    conn.execute("SAVEPOINT before")
    conn.execute("DELETE FROM app.way WHERE bridge")
    assert coverage(conn, CODE) != before
    conn.execute("ROLLBACK TO before")
    assert coverage(conn, CODE) == before


def test_a_version_of_the_network_is_never_used_twice(conn: Conn) -> None:
    """The pack on disk bears it: neither a rollback nor a new import may bring an old one back."""
    seen = []
    for _ in range(3):
        with conn.transaction(force_rollback=True):
            conn.execute("DELETE FROM app.way WHERE bridge")
            coverage(conn, CODE)
            seen += conn.execute("SELECT edge FROM net.freshness").fetchall()
    districts.create(conn, town.HOME, town.content(), replace=True)
    assert figures(conn) == (250, 210, 0)
    seen += conn.execute("SELECT edge FROM net.freshness").fetchall()
    assert len(set(seen)) == 4


def by_area(conn: Conn, level: str) -> dict[str, int]:
    found = coverage(conn, CODE, by=level)["areas"]
    return {area["name"].removeprefix(f"{level} "): area["households"] for area in found}


def test_an_area_split_moves_households(conn: Conn) -> None:
    """The border of the two grids moves from x = 400 to x = 250, past house d."""
    one, two = f"{town.COMMUNITY}001", f"{town.COMMUNITY}002"
    assert by_area(conn, "grid") == {one: 160, two: 90}
    conn.execute("UPDATE app.area SET tiled = false")
    for code, (x0, x1) in {one: (-20, 250), two: (250, 820)}.items():
        shape = wkt(town.shapely.MultiPolygon([town.outline(x0, x1)]))
        conn.execute(
            f"""UPDATE app.area_version SET geom = {shape}
                 WHERE area = (SELECT id FROM app.area WHERE code = '{code}')"""
        )
    commit_checks(conn)
    assert by_area(conn, "grid") == {one: 100, two: 150}
    gone = "DELETE FROM app.area_version WHERE area = (SELECT id FROM app.area WHERE code = %s)"
    conn.execute(gone, [two])
    assert by_area(conn, "grid") == {one: 100, two: 0, "未划入": 150}


def test_a_building_on_a_border_belongs_to_the_lowest_code(conn: Conn) -> None:
    one, two = f"{town.COMMUNITY}001", f"{town.COMMUNITY}002"
    corner = wkt(town.place(town.shapely.Point(400, -20)))
    conn.execute(f"UPDATE app.building SET geom = {corner} WHERE code = 'b'")
    covering = conn.execute(
        f"""SELECT count(*) FROM app.area_version AS v JOIN app.area AS a ON a.id = v.area
             WHERE a.level = 'grid' AND ST_Covers(v.geom, {corner})"""
    )
    assert covering.fetchone() == (2,)
    assert by_area(conn, "grid") == {one: 210, two: 40}


def end(conn: Conn, relation: str, days: int) -> None:
    conn.execute(
        f"UPDATE app.{relation} SET period = tstzrange(lower(period), now() + %s)"
        " WHERE code IN ('bridge', 'P')",
        [timedelta(days)],
    )


def test_figures_change_by_themselves_when_a_period_ends(conn: Conn) -> None:
    end(conn, "way", 2)
    end(conn, "station", 1)
    assert figures(conn) == (250, 210, 0)
    until = conn.execute("SELECT until - now() FROM net.freshness").fetchone()
    assert until == (timedelta(1),)
    # as if three days had passed: the way has ended, and nobody edits anything
    conn.execute("ALTER TABLE app.way DISABLE TRIGGER USER")
    end(conn, "way", -1)
    assert figures(conn) == (250, 210, 0)
    conn.execute("UPDATE net.freshness SET until = now() - interval '2 days'")
    assert figures(conn) == (250, 210, 40)
    assert conn.execute("SELECT until > now() FROM net.freshness").fetchone() == (True,)


@pytest.mark.parametrize("relation", ["building", "way", "area", "district", "profile"])
def test_truncate_is_refused(conn: Conn, relation: str) -> None:
    with pytest.raises(FeatureNotSupported, match="recorded"):
        conn.execute(f"TRUNCATE app.{relation} CASCADE")


def test_a_row_stays_in_its_district(conn: Conn) -> None:
    conn.execute(
        """INSERT INTO app.district (code, name, longitude, latitude, data_date)
           VALUES ('371798', '邻县', 115, 35, '2026-11-20')"""
    )
    for edit in [
        "UPDATE app.way SET district = '371798'",
        "UPDATE app.building SET district = '371798' WHERE compound IS NULL",
        f"UPDATE app.district SET code = '371797' WHERE code = '{CODE}'",
    ]:
        with pytest.raises(CheckViolation, match="stays in its district"), conn.transaction():
            conn.execute(edit)  # type: ignore[call-overload]
    conn.execute(f"UPDATE app.way SET district = '{CODE}'")
    # and its version counts, whatever is written
    conn.execute("UPDATE app.way SET version = 99 WHERE bridge")
    assert conn.execute("SELECT version FROM app.way WHERE bridge").fetchone() == (3,)


def left(conn: Conn) -> list[str]:
    """Return the tables of net that hold anything, and partitions that are there."""
    names = [
        name for (name,) in conn.execute(
            """SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'net'::regnamespace
                  AND relkind IN ('r', 'p') ORDER BY 1"""
        )
    ]  # fmt: skip
    parts = [name for name in names if CODE in name]
    filled = [n for n in names if conn.execute(f"SELECT FROM {n} LIMIT 1").rowcount]
    return sorted({*parts, *filled})


def test_a_removed_district_leaves_nothing(conn: Conn) -> None:
    assert len(left(conn)) > 8
    districts.remove(conn, CODE)
    commit_checks(conn)
    assert left(conn) == []
    assert conn.execute("SELECT count(*) FROM app.building").fetchone() == (0,)


def test_a_district_deleted_in_psql_leaves_only_partitions_that_the_next_import_takes_over(
    conn: Conn,
) -> None:
    conn.execute("DELETE FROM app.district")
    commit_checks(conn)
    districts.create(conn, town.HOME, town.content())
    commit_checks(conn)
    assert figures(conn) == (250, 210, 0)


def test_a_change_of_names_leaves_the_network_alone(conn: Conn) -> None:
    before = conn.execute("SELECT edge, place FROM net.freshness").fetchone()
    conn.execute("UPDATE app.service SET name = '新'")
    conn.execute("UPDATE app.land SET name = '新'")
    figures(conn)
    assert conn.execute("SELECT edge, place FROM net.freshness").fetchone() == before
    conn.execute("UPDATE app.area SET name = name")
    figures(conn)
    after = conn.execute("SELECT edge, place FROM net.freshness").fetchone()
    assert before is not None
    assert after is not None
    assert after[0] == before[0]
    assert after[1] != before[1]
