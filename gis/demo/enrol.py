"""Store the fictional people of a sample district, in the transaction that stores the district."""

from collections.abc import Iterable

from psycopg import sql as pgsql

from gis.content import Content
from gis.demo.people import Duty, Person, people, periods
from gis.districts import District
from sql.database import Conn


def enrol(conn: Conn, home: District, content: Content, seed: int) -> None:
    """Draw the people of a district that has just been stored, and store them."""
    persons, duties = people(content, seed, home.data_date)
    codes = {kind: _ids(conn, kind, home.code) for kind in ("area", "building", "station")}
    _members(conn, home.code, persons, codes)
    rows = conn.execute("SELECT id FROM app.member WHERE district = %s ORDER BY id", [home.code])
    _assignments(conn, home.code, duties, [id for (id,) in rows.fetchall()], codes)
    conn.execute("ANALYZE app.member, app.assignment")


def _members(
    conn: Conn, district: str, persons: Iterable[Person], ids: dict[str, dict[str, int]]
) -> None:
    columns = ("district", "name", "roles", "skills", "home", "area", "active")
    with conn.cursor().copy(_into("member", columns)) as copy:
        for one in persons:
            home, area = ids["building"][one.home], ids["area"][one.area]
            row = (one.name, [*one.roles], [*one.skills], home, area, one.active)
            copy.write_row((district, *row))


def _assignments(
    conn: Conn,
    district: str,
    duties: list[Duty],
    member: list[int],
    ids: dict[str, dict[str, int]],
) -> None:
    """Copy what people and stations serve; members are numbered as they were entered."""
    kinds = ("area", "building", "station")
    columns = ("district", "role", "member", "serving_station", *kinds, "period")
    with conn.cursor().copy(_into("assignment", columns)) as copy:
        for duty, period in zip(duties, periods(duties), strict=True):
            who = _who(duty, member, ids["station"])
            target = (ids[kind][duty.code] if kind == duty.kind else None for kind in kinds)
            copy.write_row((district, duty.role, *who, *target, period))


def _who(duty: Duty, member: list[int], station: dict[str, int]) -> tuple[int | None, int | None]:
    """Return the ids of the member and of the station that serves: one of them."""
    if isinstance(duty.who, str):
        return None, station[duty.who]
    return member[duty.who], None


def _into(table: str, columns: tuple[str, ...]) -> pgsql.Composed:
    names = pgsql.SQL(", ").join(map(pgsql.Identifier, columns))
    return pgsql.SQL("COPY {} ({}) FROM STDIN").format(pgsql.Identifier("app", table), names)


def _ids(conn: Conn, table: str, district: str) -> dict[str, int]:
    text = pgsql.SQL("SELECT code, id FROM {} WHERE district = %s")
    return dict(conn.execute(text.format(pgsql.Identifier("app", table)), [district]).fetchall())
