"""Districts as a whole: bring one in, take it out, count what is in it."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import sql as pgsql
from psycopg.rows import dict_row

from gis import errors
from sql import query
from sql.database import Conn

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from gis.content import Content

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class District:
    """What is known of a district as a whole; the place is the centre of its metre plane [deg]."""

    code: str
    name: str
    longitude: float
    latitude: float
    data_date: date
    sample: bool = False
    origin: str = ""
    zone: str = "Asia/Shanghai"
    snap_m: float = 100.0


def district(conn: Conn, code: str) -> District:
    """Return the district of that code.

    Raises
    ------
    NotFound
        There is none; the error lists the codes there are.
    """
    found = conn.execute(query("districts.one"), {"code": code}).fetchone()
    if found is None:
        known = [row[0] for row in conn.execute(query("districts.codes")).fetchall()]
        raise errors.NotFound("no_district", code=code, known="、".join(known) or "–")
    return District(*found)


def status(conn: Conn) -> list[dict[str, Any]]:
    """Return the counts of every district, by code: areas by level, buildings, stations."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query("districts.status")).fetchall()


def claim(conn: Conn, code: str, replace: bool = False) -> None:
    """Make this transaction the only one that stores the district, before any long work.

    Raises
    ------
    Conflict
        The district exists and ``replace`` is false, or another transaction is storing it at this
        moment.
    """
    lock = "SELECT pg_try_advisory_xact_lock(hashtext('yige.district.' || %s))"
    row = conn.execute(lock, [code]).fetchone()
    if not (row and row[0]):
        raise errors.Conflict("import_running", code=code)
    if not replace and conn.execute(query("districts.one"), {"code": code}).fetchone():
        raise errors.Conflict("district_exists", code=code)


def create(
    conn: Conn,
    new: District,
    content: "Content",
    services: Iterable[tuple[str, str]] = (),
    replace: bool = False,
) -> None:
    """Store a district and all that is in it, in the caller's transaction.

    Raises
    ------
    Conflict
        The district exists and ``replace`` is false, or it is being stored at this moment.
    TilingError, BadInput
        The content breaks a rule of the schema.
    """
    claim(conn, new.code, replace)
    with errors.told():
        conn.execute(query("districts.remove"), {"code": new.code})
        conn.execute(query("districts.insert"), asdict(new))
        conn.execute(query("districts.profiles"), {"district": new.code})
        conn.cursor().executemany(query("districts.service"), [(new.code, *s) for s in services])
        _store(conn, new, content)
        conn.execute("ANALYZE app.area, app.area_version, app.building, app.station, app.way")
        conn.execute("SET CONSTRAINTS net.run IMMEDIATE")  # tells now what commit would refuse
        conn.execute("SET CONSTRAINTS net.run DEFERRED")
    conn.execute("SELECT net.forget(%s)", [new.code])


def remove(conn: Conn, code: str) -> None:
    """Take a district out, with all that was derived from it.

    Raises
    ------
    Conflict
        It is being stored at this moment.
    """
    claim(conn, code, replace=True)
    conn.execute(query("districts.remove"), {"code": code})
    conn.execute("SELECT net.forget(%s)", [code])  # last: it locks out readers until commit


def _store(conn: Conn, new: District, content: "Content") -> None:
    """Copy the tables in the order of their references."""
    _store_areas(conn, new, content.area)
    base = {"district": new.code, "period": f"[{new.data_date} 00:00 {new.zone},)"}
    _copy(conn, "compound", content.compound.drop(columns="branch"), base)
    compounds = _ids(conn, "compound", new.code)
    _branches(conn, new, content.compound, compounds)
    in_compound = {"compound": compounds.get}
    for name in ("building", "gate"):
        _refuse_unknown(name, "compound", getattr(content, name), compounds)
    _copy(conn, "building", content.building, base, in_compound)
    _copy(conn, "gate", content.gate.assign(open=content.gate["hours"]), base, in_compound)
    for name in ("barrier", "water", "land", "way"):
        _copy(conn, name, getattr(content, name), base)
    _copy(conn, "station", content.station.assign(open=content.station["hours"]), base)


def _store_areas(conn: Conn, new: District, area: "GeoDataFrame") -> None:
    """Store the tree from the top, then the shapes; tiling is switched on last."""
    identity = area.drop(columns=["geometry", "tiled"])
    _refuse_unknown("area", "parent", area, set(area["code"]))
    for level in ("district", "subdistrict", "community", "grid"):
        rows = identity[identity["level"] == level]
        ids = _ids(conn, "area", new.code)
        _copy(conn, "area", rows, {"district": new.code}, {"parent": ids.get})
    ids = _ids(conn, "area", new.code)
    shapes = area[["code", "geometry"]].dropna(subset="geometry").rename(columns={"code": "area"})
    base = {"district": new.code, "period": f"[{new.data_date} 00:00 {new.zone},)"}
    _copy(conn, "area_version", shapes, base, {"area": ids.get})
    tiled = area.loc[area["tiled"].astype(bool), "code"].tolist()
    conn.execute(query("districts.tiled"), {"district": new.code, "codes": tiled})


def _branches(conn: Conn, new: District, compound: "GeoDataFrame", ids: Mapping[str, int]) -> None:
    rows = compound[["code", "branch"]].dropna(subset="branch")
    parameters = [
        (new.code, name, ids[code]) for code, name in rows.itertuples(index=False, name=None)
    ]
    conn.cursor().executemany(query("districts.branch"), parameters)


def _refuse_unknown(table: str, column: str, frame: "GeoDataFrame", known: Container[str]) -> None:
    """Refuse rows that refer to a code that is not there."""
    for code, other in frame[["code", column]].dropna().itertuples(index=False, name=None):
        if other not in known:
            raise errors.BadInput(
                "unknown_code", table=table, code=code, column=column, other=other
            )


def _ids(conn: Conn, table: str, code: str) -> dict[str, int]:
    text = pgsql.SQL("SELECT code, id FROM app.{} WHERE district = %s")
    return dict(conn.execute(text.format(pgsql.Identifier(table)), [code]).fetchall())


def _copy(
    conn: Conn,
    table: str,
    frame: "GeoDataFrame",
    base: Mapping[str, object],
    convert: Mapping[str, Callable[[Any], object]] | None = None,
) -> None:
    """Copy a table's rows; ``base`` is the same for all, ``convert`` changes a column."""
    from gis.exchange.rows import columns

    prepared = columns(table, frame, convert or {})
    names = [*base, *prepared]
    text = pgsql.SQL("COPY {} ({}) FROM STDIN").format(
        pgsql.Identifier("app", table), pgsql.SQL(", ").join(map(pgsql.Identifier, names))
    )
    fixed = tuple(base.values())
    with conn.cursor().copy(text) as copy:
        for row in zip(*prepared.values(), strict=True):
            copy.write_row(fixed + row)
