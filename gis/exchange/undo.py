"""Taking an import back: what it made goes, what it changed is as it was."""

from psycopg import sql as pgsql

from gis import errors
from gis.exchange.store import COLUMNS, assignments
from sql import query
from sql.database import Conn

ORDER = ("area_version", "area", "building", "station", "member", "way")
RESTORED = {"area_version": ("period", "geom")}
SERVED = {"building": ("building",), "area": ("area",), "station": ("station", "serving_station"),
          "member": ("member",)}  # fmt: skip


def undo(conn: Conn, id: int, district: str | None = None) -> int:
    """Undo an import in the caller's transaction; return how many rows it concerned.

    Raises
    ------
    NotFound
        There is no such import, or one may not see it.
    Conflict
        It was undone before, or something it brought in has been changed or is in use since.
    Forbidden
        Some of it is somebody else's.
    """
    row = conn.execute(query("exchange.lock"), {"import": id}).fetchone()
    if row is None or (district is not None and row[0] != district):
        raise errors.NotFound("no_import", id=id)
    if row[1] is not None:
        raise errors.Conflict("import_undone", id=id)
    values = {"district": row[0], "import": id}
    counts = {r: (n, made) for r, n, made in conn.execute(query("exchange.relations"), values)}
    relations = [name for name in ORDER if name in counts]
    for relation in relations:
        _refuse_touched(conn, values, relation)
    with errors.told():
        for relation in relations:
            _undo(conn, values, relation, *counts[relation])
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
        conn.execute("SET CONSTRAINTS ALL DEFERRED")
    conn.execute(query("exchange.undone"), values)
    return sum(n for n, _ in counts.values())


def _refuse_touched(conn: Conn, values: dict[str, object], relation: str) -> None:
    asked = {**values, "relation": relation}
    text = query("exchange.touched").format(table=pgsql.Identifier(relation))
    touched, one = conn.execute(text, asked).fetchone() or (0, None)
    if touched:
        raise errors.Conflict("import_touched", count=touched, one=one)
    for column in SERVED.get(relation, ()):
        used = query("exchange.used").format(column=pgsql.Identifier(column))
        count = (conn.execute(used, asked).fetchone() or (0,))[0]
        if count:
            raise errors.Conflict("import_used", count=count)


def _undo(conn: Conn, values: dict[str, object], relation: str, rows: int, made: int) -> None:
    asked = {**values, "relation": relation}
    names = RESTORED.get(relation, COLUMNS[relation])
    parts = {"table": pgsql.Identifier(relation), "assignments": assignments(names)}
    gone = conn.execute(query("exchange.unmake").format(**parts), asked).rowcount
    back = conn.execute(query("exchange.restore").format(**parts), asked).rowcount
    conn.execute(query("exchange.relink").format(**parts), asked)
    if (gone, back) != (made, rows - made):
        raise errors.Forbidden("right")
