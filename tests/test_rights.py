"""What people see and change: role x area, held by the database for every program.

The town in two subdistricts, west (houses a and d, the walled compound K, station P) and east
(houses b and c, station Q).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from gis import districts
from gis.content import table
from gis.coverage import coverage
from sql import database
from sql.database import Conn, Database
from tests import town
from tests.town import area, outline

CODE = town.HOME.code
WEST, EAST = f"{CODE}001", f"{CODE}002"
HALVES = {WEST: (-20.0, 400.0), EAST: (400.0, 820.0)}
TABLES = (
    "district", "area", "area_version", "compound", "organisation", "building", "gate", "barrier",
    "water", "land", "way", "service", "station", "profile", "account", "grant",
    "session", "member", "assignment",
)  # fmt: skip


def halves() -> object:
    rows = [area(CODE, "district", None, outline(-20, 820, 400), True)]
    for code, (x0, x1) in HALVES.items():
        parts = [("subdistrict", "", CODE, True), ("community", "001", code, True)]
        parts.append(("grid", "001001", f"{code}001", False))
        rows += [area(code + end, level, up, outline(x0, x1), t) for level, end, up, t in parts]
    return table("area", rows)


@pytest.fixture(scope="module")
def guarded(own: Database) -> Database:
    with database.admin(own) as conn:
        fill(conn)
    return own


@pytest.fixture
def conn(guarded: Database) -> Iterator[Conn]:
    with closing(database.admin(guarded)) as conn:
        yield conn
        conn.rollback()


def fill(admin: Conn) -> None:
    content = replace(town.content(stations=[town.station("Q", 700, -10)]), area=halves())
    districts.create(admin, town.HOME, content, services=[("s1", "党务服务")])
    coverage(admin, CODE)
    people = [
        ("planner_west", "planner", WEST), ("official_west", "official", WEST),
        ("field_west", "field", WEST), ("planner_east", "planner", EAST),
        ("official", "official", CODE), ("planner", "planner", CODE), ("admin", "admin", CODE),
        ("admin_west", "admin", WEST), ("retired", "planner", CODE), ("former", "planner", CODE),
    ]  # fmt: skip
    for login, role, where in people:
        admin.execute(
            """
            WITH made AS (INSERT INTO app.account (district, login, name, password)
                          VALUES (%(d)s, %(login)s, %(login)s, 'hash') RETURNING id)
            INSERT INTO app."grant" (district, account, role, area)
            SELECT %(d)s, made.id, %(role)s, a.id FROM made, app.area AS a WHERE a.code = %(where)s
            """,
            {"d": CODE, "login": login, "role": role, "where": where},
        )
    admin.execute("UPDATE app.account SET active = false WHERE login = 'retired'")
    admin.execute(
        """UPDATE app."grant" SET period = '[2020-01-01,2020-02-01)'
            WHERE account = (SELECT id FROM app.account WHERE login = 'former')"""
    )
    admin.execute(
        "INSERT INTO app.account (district, login, name) VALUES (%s, 'new', 'new')", [CODE]
    )
    elsewhere(admin)


def elsewhere(conn: Conn) -> None:
    """Another district with a planner of its own."""
    conn.execute(
        """
        WITH d AS (INSERT INTO app.district (code, name, longitude, latitude, data_date)
                   VALUES ('371798', '邻县', 115, 35, '2026-11-20') RETURNING code),
             a AS (INSERT INTO app.area (district, level, code, name)
                   SELECT code, 'district', code, '邻县' FROM d RETURNING id),
             p AS (INSERT INTO app.account (district, login, name)
                   SELECT code, 'neighbour', 'x' FROM d RETURNING id)
        INSERT INTO app."grant" (district, account, role, area)
        SELECT d.code, p.id, 'admin', a.id FROM d, a, p
        """
    )


@contextmanager
def acting(conn: Conn, login: str | None) -> Iterator[None]:
    """Act as a person (None: a visitor), as sql.database.transaction does for a request."""
    found = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    conn.execute(
        "SELECT set_config('role', 'app_web', true), set_config('app.actor', %s, true)",
        [str(found[0]) if found else ""],
    )
    yield
    conn.execute("SELECT set_config('role', 'none', true), set_config('app.actor', '', true)")


def seen(conn: Conn, relation: str, column: str = "code") -> list[str]:
    query = SQL("SELECT {} FROM {} ORDER BY 1")
    names = Identifier(column), Identifier(*relation.split("."))
    return [value for (value,) in conn.execute(query.format(*names))]


def counted(conn: Conn, login: str | None, verb: str) -> dict[str, int]:
    """Return how many rows of each table somebody sees (or may update), without the zeros."""
    query = {"see": "SELECT version FROM {}", "change": "UPDATE {} SET version = version"}[verb]
    found = {}
    for name in TABLES:
        with acting(conn, login):
            try:
                with conn.transaction():
                    text = SQL(query).format(Identifier("app", name))  # type: ignore[arg-type]
                    found[name] = conn.execute(text).rowcount
            except InsufficientPrivilege:
                conn.execute("RESET ROLE")
    return {name: n for name, n in found.items() if n}


MAP = {"district": 1, "area": 7, "area_version": 7, "gate": 1, "barrier": 1, "water": 1, "way": 4,
       "service": 1, "station": 2, "profile": 4}  # fmt: skip
OWN = {"account": 1, "grant": 1}


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        (None, {}),
        ("new", {"account": 1}),
        ("retired", {"account": 1, "grant": 1}),
        ("former", {"account": 1, "grant": 1}),
        ("field_west", MAP | OWN | {"building": 2, "compound": 1, "organisation": 1}),
        ("official_west", MAP | OWN | {"building": 2, "compound": 1, "organisation": 1}),
        ("planner_west", MAP | OWN | {"building": 2, "compound": 1, "organisation": 1}),
        ("planner_east", MAP | OWN | {"building": 2}),
        ("official", MAP | OWN | {"building": 4, "compound": 1, "organisation": 1}),
        ("planner", MAP | OWN | {"building": 4, "compound": 1, "organisation": 1}),
        (
            "admin",
            MAP | {"building": 4, "compound": 1, "organisation": 1, "account": 11, "grant": 10},
        ),
        (
            "admin_west",
            MAP | {"building": 2, "compound": 1, "organisation": 1, "account": 1, "grant": 4},
        ),
        ("neighbour", {"district": 1, "area": 1, "account": 1, "grant": 1}),
    ],
)
def test_everybody_sees_what_he_should(
    conn: Conn, login: str | None, expected: dict[str, int]
) -> None:
    assert counted(conn, login, "see") == expected


WHOLE = {"area": 7, "area_version": 7, "compound": 1, "building": 4, "gate": 1, "barrier": 1,
         "water": 1, "way": 4, "station": 2}  # fmt: skip


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        (None, {}), ("new", {}), ("retired", {}), ("former", {}), ("field_west", {}),
        ("official_west", {}), ("official", {}),
        ("planner_west", {"area": 3, "area_version": 3, "compound": 1, "building": 2,
                          "station": 1}),
        ("planner_east", {"area": 3, "area_version": 3, "building": 2, "station": 1}),
        ("planner", WHOLE),
        ("admin", WHOLE | {"organisation": 1, "service": 1, "profile": 4, "grant": 10}),
        ("admin_west", {"area": 3, "area_version": 3, "compound": 1, "building": 2, "station": 1,
                        "grant": 4}),
        ("neighbour", {"area": 1, "grant": 1}),
    ],
)  # fmt: skip
def test_everybody_changes_what_he_may(
    conn: Conn, login: str | None, expected: dict[str, int]
) -> None:
    assert counted(conn, login, "change") == expected


def test_buildings_are_those_of_ones_own_areas(conn: Conn) -> None:
    for login, codes in [("field_west", ["a", "d"]), ("planner_east", ["b", "c"])]:
        with acting(conn, login):
            assert seen(conn, "app.building") == codes


@pytest.mark.parametrize(
    ("relation", "column"),
    [
        ("reach", "building"),
        ("placement", "building"),
        ("unconnected", "building"),
        ("access", "ref"),
    ],
)
def test_what_is_derived_shows_no_other_building(conn: Conn, relation: str, column: str) -> None:
    if relation == "unconnected":
        conn.execute(
            "INSERT INTO net.unconnected (district, building) SELECT district, id FROM app.building"
        )
    only = " AND n.kind = 'building'" if relation == "access" else ""
    query = f"""SELECT DISTINCT b.code FROM app.building AS b, net.{relation} AS n
                 WHERE n.{column} = b.id{only} ORDER BY 1"""
    assert [code for (code,) in conn.execute(query)] == ["a", "b", "c", "d"]
    for login, codes in [("official_west", ["a", "d"]), (None, []), ("former", [])]:
        ids = [
            i for (i,) in conn.execute("SELECT id FROM app.building WHERE code = ANY (%s)", [codes])
        ]
        with acting(conn, login):
            rows = conn.execute(
                f"SELECT DISTINCT {column} FROM net.{relation} AS n WHERE true{only}"
            )
            assert sorted(row[0] for row in rows) == sorted(ids)


def test_no_way_round_a_policy_through_a_partition(conn: Conn) -> None:
    parts = conn.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')"
    ).fetchall()
    assert len(parts) == 8  # node, edge, access, reach: the district's, and one below it
    for (part,) in parts:
        with acting(conn, "admin"), pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(f"SELECT FROM {part}")


def test_figures_are_of_the_buildings_one_may_see(conn: Conn) -> None:
    whole = coverage(conn, CODE)
    # c, of 40 households, is 1,100 m from P and farther from Q; the others are within 1,000 m
    assert (whole["households"], whole["households_covered"]) == (250, 210)
    expected = {"official_west": (160, 160), "planner_east": (90, 50), "official": (250, 210)}
    for login, (households, covered) in expected.items():
        with acting(conn, login):
            found = coverage(conn, CODE)
            assert (found["households"], found["households_covered"]) == (households, covered)


def test_the_engine_computes_it_all(conn: Conn) -> None:
    before = coverage(conn, CODE)
    conn.execute("UPDATE app.station SET name = name")
    conn.execute("UPDATE app.area SET name = name")
    conn.execute("SET LOCAL ROLE yige_engine")
    assert coverage(conn, CODE) == before
    assert coverage(conn, CODE, at="2026-11-23T23:00")["households_covered"] == 0


# Who may change a part of the map changes no other part, not even by moving things.

BUILDING = """
    INSERT INTO app.building (district, code, name, kind, floors, households, people, estimated,
                              period, geom)
    SELECT district, 'n', 'n', 'slab', 6, 7, 14, false, period, %s::geometry
      FROM app.station WHERE code = 'P' RETURNING id
"""


def house(x: float) -> str:
    return f"SRID=4490;{town.building('n', x, 100, 1)['geometry'].wkt}"


def test_a_new_building_in_ones_own_area(conn: Conn) -> None:
    with acting(conn, "planner_west"):
        made = conn.execute(BUILDING, [house(100)]).fetchone()
        assert made is not None
        assert seen(conn, "app.building") == ["a", "d", "n"]
        conn.execute("UPDATE app.building SET households = 7 WHERE id = %s", made)
        assert conn.execute("DELETE FROM app.building WHERE id = %s", made).rowcount == 1
    for login, x in [("planner_west", 600), ("official_west", 100), ("field_west", 100)]:
        with acting(conn, login), pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(BUILDING, [house(x)])


@pytest.mark.parametrize(
    ("relation", "code", "shape"),
    [
        ("building", "a", town.building("x", 600, 100, 1)["geometry"]),
        ("station", "P", town.station("x", 600, -10)["geometry"]),
        ("compound", "K", town.box(500, 20, 600, 100)),
    ],
)
def test_nothing_is_moved_or_put_into_somebody_elses_area(
    conn: Conn, relation: str, code: str, shape: object
) -> None:
    there = f"ST_GeomFromText('{shape.wkt}', 4490)"  # type: ignore[attr-defined]
    move = f"UPDATE app.{relation} SET geom = {there} WHERE code = '{code}'"
    refused = pytest.raises(InsufficientPrivilege, match="row-level")
    with acting(conn, "planner_west"), refused, conn.transaction():
        conn.execute(move)  # type: ignore[call-overload]
    with acting(conn, "planner"):
        assert conn.execute(move).rowcount == 1  # type: ignore[call-overload]


GRID = """
    INSERT INTO app.area (district, level, code, name, parent)
    SELECT district, 'grid', code || '009', 'n', id FROM app.area WHERE code = %s RETURNING id
"""


def test_a_grid_is_added_only_under_ones_own_community(conn: Conn) -> None:
    with acting(conn, "planner_west"):
        made = conn.execute(GRID, [f"{WEST}001"]).fetchone()
        assert made is not None
        conn.execute(
            """INSERT INTO app.area_version (district, area, period, geom)
               SELECT district, %s, '[2020-01-01,2021-01-01)', geom FROM app.area_version AS v
                WHERE area = (SELECT id FROM app.area WHERE code = %s)""",
            [made[0], f"{WEST}001001"],
        )
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(GRID, [f"{EAST}001"])
        for mover in (f"{WEST}001001", f"{WEST}001"):
            with pytest.raises((InsufficientPrivilege, CheckViolation)), conn.transaction():
                conn.execute(
                    """UPDATE app.area SET parent = (SELECT parent FROM app.area WHERE code = %s)
                        WHERE code = %s""",
                    [mover.replace(WEST, EAST), mover],
                )


def test_nobody_makes_himself_more_than_he_is(conn: Conn) -> None:
    for login in ("planner", "official_west"):
        with acting(conn, login):
            assert conn.execute("""UPDATE app."grant" SET role = 'admin'""").rowcount == 0
            with pytest.raises(InsufficientPrivilege), conn.transaction():
                conn.execute(
                    """INSERT INTO app."grant" (district, account, role, area)
                       SELECT district, account, 'admin', area FROM app."grant" LIMIT 1"""
                )
    with acting(conn, "admin_west"):
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(
                """UPDATE app."grant" SET area = (SELECT id FROM app.area WHERE code = %s)
                    WHERE account = audit.actor()""",
                [CODE],
            )
        assert conn.execute("UPDATE app.account SET active = true").rowcount == 0
        for text in [
            "SELECT password FROM app.account",
            "UPDATE app.account SET login = 'boss'",
            "SELECT token FROM app.session",
            "UPDATE app.session SET closed = NULL",
        ]:
            with pytest.raises(InsufficientPrivilege), conn.transaction():
                conn.execute(text)  # type: ignore[arg-type]


def test_rights_do_not_outlive_the_transaction(conn: Conn, guarded: Database) -> None:
    found = conn.execute("SELECT id FROM app.account WHERE login = 'neighbour'").fetchone()
    assert found is not None
    with database.service_pool(guarded, size=1) as pool:
        with database.transaction(pool, found[0]) as web:
            assert seen(web, "app.district") == ["371798"]
        with database.transaction(pool, None) as web:
            assert seen(web, "app.district") == []
        with pool.connection() as web, pytest.raises(InsufficientPrivilege):
            seen(web, "app.district")  # the service by itself is neither a person nor the engine


def test_a_box_is_found_by_the_index_though_rows_are_guarded(conn: Conn) -> None:
    conn.execute("SET LOCAL enable_seqscan = off")
    with acting(conn, "official_west"):
        rows = conn.execute(
            """EXPLAIN SELECT id FROM app.building
                WHERE geom && ST_MakeEnvelope(115.4, 35.2, 115.41, 35.21, 4490)"""
        ).fetchall()
    plan = "\n".join(line for (line,) in rows)
    assert "Index Cond: (geom &&" in plan
