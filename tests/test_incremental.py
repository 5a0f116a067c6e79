"""A network mended where an edit touched it equals one built anew, whatever the edits."""

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import OperationalError

from gis import districts
from gis.coverage import coverage
from gis.exchange import geopackage
from gis.walk import engine, variants
from sql import database, roles
from sql.database import Conn, Database
from tests import recount, town

CODE = town.HOME.code


@pytest.fixture(scope="module")
def stored(own: Database) -> Database:
    with database.admin(own) as conn:
        content = town.content(
            ways=[town.way("lane", (350, 100), (350, 150)), town.way("stairs", (400, 0), (400, 120),
                  steps=True)],
            buildings=[town.building("e", 380, 60, 20), town.building("f", 700, 60, 30)],
            stations=[town.station("Q", 700, -10), town.station("R", 500, 390)],
        )  # fmt: skip
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
        coverage(conn, CODE)
        coverage(conn, CODE, at="2026-11-23 23:00")
    return own


@pytest.fixture
def conn(stored: Database) -> Iterator[Conn]:
    with closing(database.admin(stored)) as conn:
        yield conn
        conn.rollback()


EDGES = """
SELECT e.id, encode(ST_AsBinary(e.geom), 'hex'), e.length_cm, e.forward_cm, e.backward_cm, e.steps,
       e.way, e.inside, a.gate, b.gate, e.component, ST_AsText(a.geom), ST_AsText(b.geom)
  FROM net.edge AS e JOIN net.node AS a ON a.id = e.source JOIN net.node AS b ON b.id = e.target
"""


def canonical(conn: Conn) -> dict[str, Any]:
    """All that is derived, without the numbers of edges, nodes and variants."""
    rows = conn.execute(EDGES).fetchall()
    edge = {row[0]: row[1:10] + row[11:] for row in rows}
    pieces: dict[int, list[Any]] = {}
    for row in rows:
        pieces.setdefault(row[10], []).append(edge[row[0]])
    access = conn.execute(
        "SELECT kind, ref, edge, from_source_cm, connector_cm FROM net.access"
    ).fetchall()
    reach = """SELECT v.shut, v.step_free, r.building, r.station, r.cost_cm
                 FROM net.reach AS r JOIN net.variant AS v ON v.id = r.variant
                 JOIN net.freshness AS f ON f.edge = v.edge"""
    return {
        "edge": sorted(map(str, edge.values())),
        "node": sorted(conn.execute("SELECT ST_AsText(geom), gate FROM net.node").fetchall(), key=str),  # noqa: E501
        "pieces": sorted(str(sorted(map(str, piece))) for piece in pieces.values()),
        "largest": len(pieces.get(0, [])),
        "access": sorted(str((k, r, edge[e], p, c)) for k, r, e, p, c in access),
        "reach": sorted(map(str, conn.execute(reach).fetchall())),
        "lost": sorted(conn.execute("SELECT building FROM net.unconnected").fetchall()),
        "place": sorted(conn.execute("SELECT building, area FROM net.placement").fetchall()),
    }  # fmt: skip


def worked_out(conn: Conn) -> dict[str, Any]:
    """Bring everything up to date as the engine; return the figures."""
    conn.execute(f"SET LOCAL ROLE {roles.ENGINE}")
    found = coverage(conn, CODE, by="grid")
    conn.execute("RESET ROLE")
    return found


def anew(conn: Conn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Build all of it from the tables, and go back to how it was."""
    with conn.transaction(force_rollback=True):
        conn.execute("INSERT INTO net.stale (district, what) VALUES (%s, 'walk'), (%s, 'place')",
                     [CODE, CODE])  # fmt: skip
        kept = conn.execute(
            """SELECT v.shut, v.step_free FROM net.variant AS v JOIN net.freshness AS f
                   ON f.edge = v.edge"""
        ).fetchall()
        found = worked_out(conn)
        for shut, free in kept:
            variants.ensure_reach(conn, CODE, variants._variant(conn, CODE, shut, free))
        return found, canonical(conn)


def noted(conn: Conn) -> list[str]:
    rows = conn.execute("SELECT operation FROM audit.change WHERE relation = 'network' ORDER BY id")
    return [row[0] for row in rows]


def check(conn: Conn, mended: bool = True) -> None:
    """What is there equals what is built anew, in the tables and in memory."""
    before = noted(conn)
    figures = worked_out(conn)
    assert "BUILD" not in noted(conn)[len(before) :] or not mended
    assert (figures, canonical(conn)) == anew(conn)
    kept, read = engine.walk(conn, CODE), engine.read(conn, CODE)
    for name in type(kept).__slots__:
        a, b = getattr(kept, name), getattr(read, name)
        assert np.array_equal(a[: len(b)] if name == "gate" else a, b), name


def wkt(shape: Any) -> str:
    return f"ST_GeomFromText('{shapely.to_wkt(shape, rounding_precision=9)}', 4490)"


def way(code: str, *points: tuple[float, float], foot: str = "both", steps: bool = False) -> str:
    return f"""INSERT INTO app.way (district, code, name, highway, bridge, tunnel, steps, foot,
                                    period, geom)
               VALUES ('{CODE}', '{code}', '', 'footway', false, false, {steps}, '{foot}',
                       tstzrange('2020-01-01', NULL), {wkt(town.line(*points))})"""


def gate(code: str, x: float, y: float, passage: str = "both", compound: str = "K") -> str:
    return f"""INSERT INTO app.gate (district, code, name, compound, open, hours, passage, period,
                                     geom)
               SELECT district, '{code}', '', id, '{{[0,10080)}}', '24/7', '{passage}',
                      tstzrange('2020-01-01', NULL), {wkt(town.place(shapely.Point(x, y)))}
                 FROM app.compound WHERE code = '{compound}'"""


def station(code: str, x: float, y: float) -> str:
    return f"""INSERT INTO app.station (district, code, name, kind, services, open, hours, state,
                                        period, geom)
               VALUES ('{CODE}', '{code}', '{code}', 'post', '{{s1}}', '{{[0,10080)}}', '24/7',
                       'open', tstzrange('2020-01-01', NULL),
                       {wkt(town.place(shapely.Point(x, y)))})"""


def house(code: str, x: float, y: float) -> str:
    shape = town.box(x - 5, y, x + 5, y + 10)
    return f"""INSERT INTO app.building (district, code, name, kind, floors, households, people,
                                         estimated, period, geom)
               VALUES ('{CODE}', '{code}', '', 'slab', 6, 7, 14, false,
                       tstzrange('2020-01-01', NULL), {wkt(shape)})"""


def wall(code: str, *points: tuple[float, float]) -> str:
    return f"""INSERT INTO app.barrier (district, code, kind, period, geom)
               VALUES ('{CODE}', '{code}', 'wall', tstzrange('2020-01-01', NULL),
                       {wkt(town.line(*points))})"""


def moved(table: str, code: str, shape: Any) -> str:
    return f"UPDATE app.{table} SET geom = {wkt(shape)} WHERE code = '{code}'"


POINT = town.place(shapely.Point(640, 20))
EDITS = {
    "a path to the station": way("n1", (400, 0), (300, -5), (200, -5)),
    "a footbridge": way("n2", (400, 0), (400, 380)),
    "a path of its own": way("n3", (600, 100), (700, 100)),
    "a path beside the end of another": way("n4", (250, 100), (250, 160), (400, 160)),
    "a way one way": way("n5", (250, 100), (0, 0), foot="forward"),
    "stairs": way("n6", (350, 150), (400, 120), steps=True),
    "a path that runs back into itself": way("n7", (800, 0), (820, 40), (780, 40), (800, 0)),
    "no bridge": "DELETE FROM app.way WHERE bridge",
    "no path": "DELETE FROM app.way WHERE code = 'path'",
    "no south road": "DELETE FROM app.way WHERE code = 'south'",
    "a path one way": "UPDATE app.way SET foot = 'forward' WHERE code = 'path'",
    "a path with steps": "UPDATE app.way SET steps = NOT steps WHERE code = 'path'",
    "a path ends": "UPDATE app.way SET period = tstzrange(lower(period), now()) WHERE code = 'lane'",  # noqa: E501
    "a path moves": moved("way", "path", town.line((400, 0), (400, 60), (300, 100), (250, 100))),
    "a gate": gate("H", 250, 100),
    "a gate in the wall": gate("I", 350, 0, passage="out"),
    "a gate of nobody": gate("J", 400, 0).replace("id, '{[0", "NULL::bigint, '{[0"),
    "no gate": "DELETE FROM app.gate WHERE code = 'G'",
    "a gate moves": moved("gate", "G", town.place(shapely.Point(350, 100))),
    "a gate one way": "UPDATE app.gate SET passage = 'out' WHERE code = 'G'",
    "a gate shut": "UPDATE app.gate SET open = '{}' WHERE code = 'G'",
    "a gate open": "UPDATE app.gate SET open = '{[0,10080)}' WHERE code = 'G'",
    "a gate at night": "UPDATE app.gate SET open = '{[0,400)}' WHERE code = 'G'",
    "a compound moves": moved("compound", "K", town.box(0, 10, 390, 90)),
    "a wall": wall("w1", (590, 5), (620, 5)),
    "a wall round f": wall("w2", (650, 40), (750, 40), (750, 110), (650, 110), (650, 40)),
    "no walls": "DELETE FROM app.barrier",
    "a wall moves": moved("barrier", "W", town.line((150, 5), (250, 5))),
    "no river": "DELETE FROM app.water",
    "a house": house("n", 640, 20),
    "a house far away": house("far", 640, 300),
    "no house": "DELETE FROM app.building WHERE code = 'b'",
    "a house ends": "UPDATE app.building SET period = tstzrange(lower(period), now()) WHERE code = 'a'",  # noqa: E501
    "a house moves": f"UPDATE app.building SET geom = {wkt(town.box(450, 20, 460, 30))}, doors = NULL WHERE code = 'd'",  # noqa: E501
    "households": "UPDATE app.building SET households = households + 5 WHERE code = 'a'",
    "a station": station("S", 600, 365),
    "no station": "DELETE FROM app.station WHERE code = 'P'",
    "a station moves": moved("station", "P", POINT),
    "a station closes": "UPDATE app.station SET state = 'closed' WHERE code = 'P'",
    "other hours": "UPDATE app.station SET open = '{[0,5)}' WHERE code = 'Q'",
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_one_edit(conn: Conn, name: str) -> None:
    conn.execute(EDITS[name])  # type: ignore[call-overload]
    check(conn)


@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=6, unique=True), st.data())
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_edits_one_after_another(conn: Conn, names: list[str], data: st.DataObject) -> None:
    with conn.transaction(force_rollback=True):
        for name in names:
            conn.execute(EDITS[name])  # type: ignore[call-overload]
            if data.draw(st.booleans(), label=f"after {name}"):
                worked_out(conn)
        check(conn)


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(-1, 8)), min_size=2, max_size=4,
                unique=True), st.booleans(), st.integers(0, 2))  # fmt: skip
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_any_path(conn: Conn, corners: Any, steps: bool, foot: int) -> None:
    """Paths over a grid of 50 m meet the roads, the gate's path and each other or do not."""
    points = [(50.0 * x, 50.0 * y if y < 8 else 380.0) for x, y in corners]
    with conn.transaction(force_rollback=True):
        foots = ("both", "forward", "backward")
        conn.execute(way("any", *points, foot=foots[foot], steps=steps))  # type: ignore[arg-type]
        check(conn)
        conn.execute("DELETE FROM app.way WHERE code = 'any'")
        check(conn)
    assert all(a != b for a, b in pairwise(points))


@pytest.mark.parametrize("name", ["a footbridge", "no bridge", "a station moves", "a wall round f"])
def test_the_recount_says_the_same(conn: Conn, tmp_path: Any, name: str) -> None:
    conn.execute(EDITS[name])  # type: ignore[call-overload]
    figures = worked_out(conn)
    home = districts.district(conn, CODE)
    geopackage.write(conn, home, variants.at_minute(conn, CODE), tmp_path / "a.gpkg")
    apart = recount.load(tmp_path / "a.gpkg")
    best = recount.buildings(apart, recount.open_stations(apart, None))
    for band in figures["bands"]:
        assert recount.covered(apart, best, 400_000, band["minutes"]).items() <= band.items()
    assert figures["unconnected"]["buildings"] == len(recount.unconnected(apart))


def test_a_mending_that_is_given_up_leaves_all_as_it_was(stored: Database) -> None:
    """The connection is lost in the middle: who comes next mends it again."""
    with closing(database.admin(stored)) as other:
        before = canonical(other)
        other.rollback()
        other.execute(EDITS["a footbridge"])  # type: ignore[call-overload]
        other.commit()
        try:
            with closing(database.admin(stored)) as lost:
                worked_out(lost)
                pid = lost.info.backend_pid
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
                with pytest.raises(OperationalError):
                    lost.execute("SELECT 1")
            assert canonical(other) == before
            check(other)
            other.rollback()
        finally:
            other.execute("DELETE FROM app.way WHERE code = 'n2'")
            worked_out(other)
            other.commit()
        assert canonical(other) == before


def test_an_edit_while_another_is_mended_is_not_lost(stored: Database) -> None:
    """Editors wait for nobody, and each change is dealt with once."""
    with closing(database.admin(stored)) as one, closing(database.admin(stored)) as two:
        one.execute(EDITS["a station"])  # type: ignore[call-overload]
        one.commit()
        worked_out(one)
        two.execute("SET LOCAL lock_timeout = '2s'")
        two.execute(EDITS["a house"])  # type: ignore[call-overload]
        two.commit()
        one.commit()
        assert one.execute("SELECT count(*) FROM net.stale").fetchone() == (2,)
        check(one)
        one.execute("DELETE FROM app.station WHERE code = 'S'")
        one.execute("DELETE FROM app.building WHERE code = 'n'")
        worked_out(one)
        one.commit()
