"""Who edits the tables with a login of his own: held to the rules, told the place and the cure."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from gis import districts, hours
from gis.errors import BadInput
from sql import database, desk
from sql.database import Conn, Database
from tests import people, town
from tests.test_rights import CODE, WEST, halves

WORDS = ["Mo", "Su", "We-Fr", "Sa,Su", "Fr-Tu", "PH", "SH,Mo", "Xx", "mo", " ", "", "off", "closed",
         "24/7", "08:30-12:00", "8:5-9:00", "20:00-02:00", "00:00-24:00", "25:00-26:00",
         "09:00-09:00", "08:00-12:00,14:00-18:00", ",", "-", "Mo-", ";", "12:60-13:00",
         "23:59-24:00"]  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    rule = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    return st.lists(rule, min_size=1, max_size=3).map(";".join)


@pytest.fixture(scope="module")
def logins(own: Database) -> Iterator[dict[str, str]]:
    """Connection strings of people at desks: planners of the whole and of the west, an official."""
    content = town.content(stations=[town.station("Q", 700, -10)])
    content = type(content)(**{**{n: getattr(content, n) for n in content.__dataclass_fields__},
                               "area": halves()})  # fmt: skip
    found = {}
    with database.admin(own, autocommit=True) as conn:
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
        accounts = {
            login: people.add(conn, CODE, login, role, area)
            for login, role, area in [("whole", "planner", CODE), ("west", "planner", WEST),
                                      ("reader", "official", CODE), ("nobody", None, None)]
        }  # fmt: skip
        for login, account in accounts.items():
            role, word = desk.make(conn, account)
            found[login] = make_conninfo(own.conninfo(), user=role, password=word, options="")
        yield found
        for account in accounts.values():
            desk.remove(conn, account)


@pytest.fixture
def conn(logins: dict[str, str]) -> Iterator[Conn]:
    with closing(psycopg.connect(logins["whole"])) as conn:
        yield conn
        conn.rollback()


@pytest.fixture
def boss(own: Database, logins: dict[str, str]) -> Iterator[Conn]:
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()


def refused(conn: Conn, text: str, *values: object) -> tuple[str, str]:
    """Return message and cure of what a statement, and the commit after it, is refused with."""
    with pytest.raises(psycopg.Error) as raised, conn.transaction():
        conn.execute(text, values)  # type: ignore[arg-type]
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
    found = raised.value.diag
    return found.message_primary or "", found.message_hint or ""


def near(message: str, x: float, y: float, metres: float = 30) -> bool:
    """Tell whether a message names a place near x, y of the town's plane."""
    numbers = [float(word.strip("():,")) for word in message.split()
               if word.strip("():,").replace(".", "").isdigit() and "." in word]  # fmt: skip
    px, py = town.PLANE.forward(*numbers[-2:])  # type: ignore[arg-type]
    return bool(abs(px - x) < metres and abs(py - y) < metres)


NEW = """INSERT INTO map.building (name, kind, floors, households, people, estimated, geom)
         VALUES ('新楼', 'slab', 6, 10, 20, false, ST_GeomFromText(%s, 4490))"""


# Rules.


def test_a_vertex_of_one_grid_alone_is_refused_with_its_place(conn: Conn) -> None:
    message, cure = refused(
        conn,
        """UPDATE app.area_version SET geom = ST_SetSRID(ST_Translate(geom, 1e-5, 0), 4490)
            WHERE area = (SELECT id FROM app.area WHERE code = %s)""",
        f"{WEST}001001",
    )
    assert "do not tile it" in message and CODE in message and "115.4" in message
    assert "事务组" in cure and "transaction" in cure


def test_the_same_vertex_of_all_that_share_it_is_moved(conn: Conn) -> None:
    corner = town.outline(-20, 400).exterior.coords[1]
    moved = town.line((400, -20), (401, -20)).coords[1]
    move = """UPDATE app.area_version SET geom = ST_GeomFromText(
                replace(ST_AsText(geom, 9), %s, %s), 4490) WHERE ST_AsText(geom, 9) LIKE %s"""
    before, after = (f"{x:.9f}".rstrip("0") + f" {y:.9f}".rstrip("0") for x, y in (corner, moved))
    with conn.transaction(force_rollback=True):
        assert conn.execute(move, [before, after, f"%{before}%"]).rowcount > 3
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_station_in_the_river_is_refused_with_its_place(conn: Conn) -> None:
    message, cure = refused(
        conn, "UPDATE map.station SET geom = ST_GeomFromText(%s, 4490) WHERE code = 'P'",
        town.line((300, 200), (301, 200)).interpolate(0).wkt,
    )  # fmt: skip
    assert "P驿站" in message and "小河" in message and near(message, 300, 200)
    assert "移到岸上" in cure


@pytest.mark.parametrize("table", ["station", "gate"])
@pytest.mark.parametrize("said", ["25:00-26:00", "周一到周五", "", "Mo-Fr 8-17"])
def test_bad_hours_are_refused(conn: Conn, table: str, said: str) -> None:
    message, cure = refused(conn, f"UPDATE map.{table} SET hours = %s", said)
    assert f'hours "{said}"' in message and table in message and "115.4" in message
    assert "Mo-Fr 08:30-17:30" in cure


def test_minutes_follow_the_hours_that_are_written(conn: Conn) -> None:
    conn.execute("UPDATE map.station SET hours = 'Mo 09:00-10:00; Su 23:00-01:00' WHERE code = 'P'")
    row = conn.execute("SELECT open::text FROM map.station WHERE code = 'P'").fetchone()
    assert row == ("{[0,60),[540,600),[10020,10080)}",)


def test_minutes_that_are_given_stay(boss: Conn) -> None:
    boss.execute("UPDATE app.station SET hours = '24/7', open = '{[0,5)}' WHERE code = 'P'")
    row = boss.execute("SELECT open::text FROM app.station WHERE code = 'P'").fetchone()
    assert row == ("{[0,5)}",)


def test_a_building_on_another_is_refused_with_its_place(conn: Conn) -> None:
    message, cure = refused(conn, NEW, town.box(198, 8, 210, 22).wkt)
    assert "overlaps a (a)" in message and near(message, 200, 15) and "画在旁边" in cure


def test_a_building_across_two_grids_is_refused_with_its_place(conn: Conn) -> None:
    message, cure = refused(conn, NEW, town.box(390, 300, 412, 312).wkt)
    assert "cut by the border" in message and near(message, 400, 306)
    assert message.count("grid ") == 2 and "一栋楼只属于一个网格" in cure


def test_a_building_that_touches_its_neighbours_is_welcome(conn: Conn) -> None:
    conn.execute(NEW, [town.box(205, 10, 215, 20).wkt])  # house a is beside it
    conn.execute(NEW, [town.box(388, 300, 400.3, 312).wkt])  # a hand's breadth over the border
    rows = conn.execute("SELECT district, code LIKE 'desk-%%', period @> now() FROM app.building"
                        " WHERE name = '新楼'").fetchall()  # fmt: skip
    assert rows == [(CODE, True, True)] * 2


def test_an_outline_that_crosses_itself_is_refused_with_its_place(conn: Conn) -> None:
    bow = town.place(shapely.Polygon([(100, 300), (120, 320), (120, 300), (100, 320)]))
    message, cure = refused(conn, NEW, bow.wkt)
    assert "Self-intersection" in message and near(message, 110, 310, 1) and "顶点" in cure


def test_what_lies_elsewhere_is_refused(conn: Conn) -> None:
    message, cure = refused(conn, NEW, town.box(9000, 300, 9010, 310).wkt)
    assert "outside the district" in message and "EPSG:4490" in cure
    assert "no shape" in refused(conn, NEW, "POLYGON EMPTY")[0]


def test_a_gate_beside_the_way_is_refused(conn: Conn) -> None:
    point = town.line((352, 21), (353, 21)).interpolate(0).wkt
    message, cure = refused(
        conn, "UPDATE map.gate SET geom = ST_GeomFromText(%s, 4490) WHERE code = 'G'", point
    )
    assert "南门 (G)" in message and near(message, 352, 21, 2) and "捕捉" in cure
    conn.execute("UPDATE map.gate SET geom = (SELECT ST_StartPoint(geom) FROM map.way"
                 " WHERE code = 'path') WHERE code = 'G'")  # fmt: skip


def test_a_gate_on_another_is_refused(conn: Conn) -> None:
    message, cure = refused(
        conn, "INSERT INTO app.gate (district, code, name, hours, passage, open, period, geom)"
              " SELECT district, 'T', '旁门', hours, passage, open, period, geom FROM app.gate"
              " WHERE code = 'G'"
    )  # fmt: skip
    assert "旁门 (T)" in message and "another gate" in message and "先删去" in cure


def test_what_is_drawn_by_hand_is_rounded(conn: Conn) -> None:
    conn.execute("UPDATE map.station SET geom = ST_SetSRID(ST_MakePoint(115.45012345678901,"
                 " 35.24987654321098), 4490) WHERE code = 'P'")  # fmt: skip
    row = conn.execute("SELECT ST_AsText(geom, 15) FROM map.station WHERE code = 'P'").fetchone()
    assert row == ("POINT(115.450123457 35.249876543)",)


def test_what_is_deleted_stays_in_the_past(conn: Conn, boss: Conn) -> None:
    with conn.transaction(force_rollback=True):
        conn.execute("DELETE FROM map.building WHERE code = 'a'")
        assert conn.execute("SELECT FROM map.building WHERE code = 'a'").rowcount == 0
        row = conn.execute("SELECT upper(period) = now() FROM app.building WHERE code = 'a'")
        assert row.fetchone() == (True,)
        with conn.transaction():
            conn.execute(NEW, [town.box(195, 10, 205, 20).wkt])  # in its place
            conn.execute("DELETE FROM map.building WHERE name = '新楼'")
            assert conn.execute("SELECT FROM app.building WHERE name = '新楼'").rowcount == 0


# Rights.


def test_a_desk_acts_as_its_account_and_as_no_other(logins: dict[str, str], boss: Conn) -> None:
    ids = dict(boss.execute("SELECT login, id FROM app.account").fetchall())
    for login, count in [("whole", 4), ("west", 2), ("reader", 4), ("nobody", 0)]:
        with psycopg.connect(logins[login], autocommit=True) as at:
            for said in ("", str(ids["whole"]), "1", "x"):
                at.execute("SELECT set_config('app.actor', %s, false)", [said])
                assert at.execute("SELECT FROM map.building").rowcount == count
            for role in ("app_web", "yige_engine", "yige_service", "yige_admin", "postgres"):
                with pytest.raises(psycopg.Error):
                    at.execute(f"SET ROLE {role}")  # type: ignore[arg-type]


@pytest.mark.parametrize(("login", "text"), [
    ("west", "UPDATE map.building SET floors = 9 WHERE code = 'b'"),
    ("west", "UPDATE map.way SET name = 'x'"),
    ("reader", "UPDATE map.station SET name = 'x'"),
    ("reader", "DELETE FROM map.station"),
    ("west", "DELETE FROM map.building WHERE code = 'c'"),
])  # fmt: skip
def test_what_is_not_ones_own_is_refused_and_said(
    logins: dict[str, str], login: str, text: str
) -> None:
    with closing(psycopg.connect(logins[login])) as at:
        message, cure = refused(at, text)
        assert "outside the area you may change" in message and "管理员" in cure


def test_nothing_is_put_into_anothers_area(logins: dict[str, str]) -> None:
    with closing(psycopg.connect(logins["west"])) as at:
        at.execute(NEW, [town.box(100, 300, 110, 310).wkt])
        assert "row-level security" in refused(at, NEW, town.box(600, 300, 610, 310).wkt)[0]
        at.rollback()


@pytest.mark.parametrize("text", [
    "SELECT FROM app.account", "SELECT FROM app.member", 'SELECT FROM app."grant"',
    "SELECT FROM app.session", "SELECT FROM app.token", "SELECT FROM app.basemap",
    "SELECT FROM audit.change", "SELECT FROM net.edge", "DELETE FROM app.area",
    "DELETE FROM app.area_version", "UPDATE app.area SET code = '1'", "TRUNCATE app.station",
    "CREATE TABLE public.x ()", "SELECT app.credentials('x')", "UPDATE app.district SET name = 'x'",
    "ALTER TABLE app.station DISABLE TRIGGER ALL", "COPY app.station TO PROGRAM 'true'",
])  # fmt: skip
def test_all_else_is_closed(conn: Conn, text: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(text)  # type: ignore[arg-type]


def test_a_change_at_a_desk_is_on_record_under_the_account(conn: Conn, boss: Conn) -> None:
    conn.execute("UPDATE map.station SET name = '新名' WHERE code = 'P'")
    conn.commit()
    row = boss.execute("""SELECT t.actor, a.login, t.login, c.after ->> 'name'
                            FROM audit.change AS c
                            JOIN audit.transaction AS t ON t.id = c.transaction
                            JOIN app.account AS a ON a.id = t.actor
                           WHERE c.relation = 'station' ORDER BY c.id DESC""").fetchone()
    assert row is not None and row[1] == "whole" and row[3] == "新名"
    assert row[2].startswith(desk.PREFIX)
    conn.execute("UPDATE map.station SET name = 'P驿站' WHERE code = 'P'")
    conn.commit()


def test_a_login_is_good_in_its_own_database_alone(
    logins: dict[str, str], boss: Conn, admin: Conn
) -> None:
    """Accounts are counted anew in another database: the same number is somebody else."""
    role = conninfo_to_dict(logins["whole"])["user"]
    for conn, is_own in [(boss, True), (admin, False)]:
        conn.execute("GRANT USAGE ON SCHEMA audit TO yige_desk")  # to look; rolled back
        conn.execute("SELECT set_config('app.actor', '1', true)")
        conn.execute(SQL("SET SESSION AUTHORIZATION {}").format(Identifier(str(role))))
        row = conn.execute("SELECT audit.actor()").fetchone()
        assert row is not None and (row[0] is not None) == is_own
        conn.rollback()


def test_an_account_out_of_use_sees_nothing(logins: dict[str, str], boss: Conn) -> None:
    with psycopg.connect(logins["west"], autocommit=True) as at:
        assert at.execute("SELECT FROM map.building").rowcount == 2
        boss.execute("UPDATE app.account SET active = false WHERE login = 'west'")
        boss.commit()
        assert at.execute("SELECT FROM map.building").rowcount == 0
        boss.execute("UPDATE app.account SET active = true WHERE login = 'west'")
        boss.commit()


def test_a_login_is_taken_away_at_once(own: Database, logins: dict[str, str]) -> None:
    with database.admin(own, autocommit=True) as boss:
        account = people.add(boss, CODE, "leaver", "planner")
        role, word = desk.make(boss, account)
        again, other = desk.make(boss, account)
        assert role == again and word != other
        first, second = (make_conninfo(own.conninfo(), user=role, password=p, options="")
                         for p in (word, other))  # fmt: skip
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(first)
        with closing(psycopg.connect(second, autocommit=True)) as at:
            assert desk.remove(boss, account) and not desk.remove(boss, account)
            with pytest.raises(psycopg.OperationalError):
                at.execute("SELECT")


# Hours, by two readers.


@settings(max_examples=400, deadline=None)
@given(said=texts())
@example("Mo-Su 08:00-12:00,14:00-24:00")
@example("Su 22:00-03:00")
@example("24/7; Su off")
@example("PH off")
@example("Mo-Fr 08:30-17:30; Sa 09:00-12:00")
def test_the_database_reads_hours_as_the_program_does(own: Database, said: str) -> None:
    try:
        expected = [[a, b] for a, b in hours.parse(said)]
    except BadInput:
        expected = None  # type: ignore[assignment]
    conn = _reader(own)
    row = conn.execute(
        """SELECT m IS NULL, ARRAY(SELECT ARRAY[lower(r), upper(r)] FROM unnest(m) AS r)
             FROM app.open_minutes(%s) AS m""",
        [said],
    ).fetchone()
    assert row is not None
    assert (None if row[0] else row[1]) == expected


_READERS: dict[str, Conn] = {}


def _reader(of: Database) -> Conn:
    if of.dbname not in _READERS:
        _READERS[of.dbname] = database.admin(of, autocommit=True)
    return _READERS[of.dbname]


@pytest.fixture(scope="module", autouse=True)
def _close() -> Iterator[None]:
    yield
    for conn in _READERS.values():
        conn.close()
    _READERS.clear()
