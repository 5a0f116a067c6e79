"""An import goes in as a whole, in the caller's transaction, and comes out again as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from psycopg import sql as pgsql
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from gis import errors
from gis.districts import District
from gis.exchange import known
from gis.exchange.preview import CHANGED, NEW, Preview
from gis.exchange.rows import columns as prepared
from sql import query
from sql.database import Conn

KEPT = 10_000  # refused rows that are remembered
COLUMNS = {
    "area": ("code", "level", "name", "parent", "tiled"),
    "area_version": ("area", "geom"),
    "building": ("code", "name", "kind", "floors", "households", "people", "estimated", "compound",
                 "doors", "geom"),
    "station": ("code", "name", "kind", "services", "open", "hours", "capacity", "floor_area",
                "state", "geom"),
    "member": ("name", "roles", "skills", "home", "area", "active"),
    "way": ("code", "name", "highway", "bridge", "tunnel", "steps", "foot", "geom"),
}  # fmt: skip
SHAPES = ("geom", "doors")
TIMELESS = ("area", "member")
REFERS = {
    "area": {"parent": "area"},
    "area_version": {"area": "area"},
    "building": {"compound": "compound"},
    "member": {"home": "building", "area": "area"},
}
LEVELS = ("district", "subdistrict", "community", "grid")


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it is remembered; ``refused`` counts the rows left out."""

    id: int
    kind: str
    file: str
    datum: str
    at: datetime
    who: str | None
    added: int
    changed: int
    unchanged: int
    refused: int
    undone: datetime | None


def imports(conn: Conn, district: str) -> list[Import]:
    """Return the imports one may see, the last first."""
    with conn.cursor(row_factory=class_row(Import)) as cursor:
        return cursor.execute(query("exchange.imports"), {"district": district}).fetchall()


def refused(conn: Conn, district: str, id: int) -> list[dict[str, Any]]:
    """Return line, key and values of the rows an import left out.

    Raises
    ------
    NotFound
        There is no such import, or one may not see it.
    """
    values = {"district": district, "import": id}
    row = conn.execute(query("exchange.refused"), values).fetchone()
    if row is None:
        raise errors.NotFound("no_import", id=id)
    return list(row[0])


def alone(conn: Conn, home: District) -> bool:
    """Tell whether this is the only import of the district that is under way, and let it stay so.

    Where another one is, wait for its end. What it brought is in force since later than this
    transaction, which does not see it: begin another one, and ask again.
    """
    values = {"district": home.code}
    row = conn.execute(query("exchange.alone"), values).fetchone()
    if row is not None and row[0]:
        return True
    conn.execute(query("exchange.wait"), values)
    return False


def store(conn: Conn, home: District, ready: Preview, name: str | None = None) -> int:
    """Bring in what a preview found new and changed; return the number of the import.

    ``name``: what the file was called where it came from.

    Raises
    ------
    TilingError, BadInput, Conflict
        A rule of the schema was broken as a whole; nothing was stored.
    Forbidden
        Some of it is somebody else's.
    """
    base = {"district": home.code, "kind": ready.kind.name, "file": name or ready.file,
            "datum": ready.order.datum}  # fmt: skip
    try:
        with errors.told():
            row = conn.execute(query("exchange.begin"), base).fetchone()
            assert row is not None
            _store(conn, home, ready, int(row[0]))
            conn.execute(query("exchange.finish"), _finished(home, ready, int(row[0])))
            conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
            conn.execute("SET CONSTRAINTS ALL DEFERRED")
    except InsufficientPrivilege as error:
        raise errors.Forbidden("right") from error
    return int(row[0])


def _finished(home: District, ready: Preview, id: int) -> dict[str, object]:
    counts = ready.counts
    return {
        "district": home.code, "import": id, "added": counts[NEW], "changed": counts[CHANGED],
        "unchanged": counts["unchanged"], "refused": Jsonb(ready.refused()[:KEPT]),
        "left_out": counts["refused"],
    }  # fmt: skip


def _store(conn: Conn, home: District, ready: Preview, id: int) -> None:
    at = np.flatnonzero((ready.state == NEW) | (ready.state == CHANGED))
    frame = ready.frame.iloc[at].reset_index(drop=True)
    frame["row_id"] = pd.Series(_row_ids(ready, at), dtype=object)
    if "code" in frame:
        frame["code"] = pd.Series(_codes(frame, id), dtype=object)
    if ready.shape is not None:
        frame["geometry"] = pd.Series(ready.shape[at], dtype=object)
    if ready.kind.table == "area":
        _store_areas(conn, home, ready, at, frame, id)
    else:
        _put(conn, home, ready.kind.table, frame, id)


def _store_areas(
    conn: Conn, home: District, ready: Preview, at: Any, frame: pd.DataFrame, id: int
) -> None:
    """Store the tree from the top, then the shapes that differ: the old ones end now."""
    frame["tiled"] = _tiled(ready, frame)
    for level in LEVELS:
        rows = frame[frame["level"] == level]
        if len(rows):
            _put(conn, home, "area", rows.drop(columns="geometry"), id)
    drawn = [ready.target[k] < 0 or "geometry" in ready.changes[k] for k in at.tolist()]
    shapes = frame.loc[drawn, ["code", "geometry"]].rename(columns={"code": "area"})
    before = ready.before["shape_id"].to_numpy(dtype=object) if len(ready.before) else np.array([])
    old = [before[ready.target[k]] if ready.target[k] >= 0 else None for k in at[drawn].tolist()]
    shapes["row_id"] = pd.Series(old, index=shapes.index, dtype=object)
    _put(conn, home, "area_version", shapes, id)


def _tiled(ready: Preview, frame: pd.DataFrame) -> list[bool]:
    """Return which areas are tiled: as told, else those whose children came with them."""
    parents = set(ready.frame["parent"]) | set(ready.before.get("parent", ()))
    return [
        bool(told) if told is not None else code in parents
        for code, told in zip(frame["code"], frame["tiled"], strict=True)
    ]


def _row_ids(ready: Preview, at: Any) -> list[int | None]:
    ids = ready.before["id"].tolist() if len(ready.before) else []
    return [ids[k] if k >= 0 else None for k in ready.target[at].tolist()]


def _codes(frame: pd.DataFrame, id: int) -> list[str]:
    """Return the codes; what came without one is named after the import and its line."""
    return [
        code if code is not None else f"i{id}-{line}"
        for code, line in zip(frame["code"], frame["line"], strict=True)
    ]


def _put(conn: Conn, home: District, table: str, frame: pd.DataFrame, id: int) -> None:
    """Stage rows, keep what they change, change it, and add what is new."""
    names = COLUMNS[table]
    _stage(conn, home, table, frame, names)
    parts = {"table": pgsql.Identifier(table), "columns": _list(names), **_parts(table, names)}
    values = {"district": home.code, "import": id, "relation": table}
    wanted = int(frame["row_id"].notna().sum())
    kept = conn.execute(query("exchange.keep").format(**parts), values).rowcount
    change = "exchange.end" if table == "area_version" else "exchange.change"
    changed = conn.execute(query(change).format(**parts), values).rowcount
    if not kept == changed == wanted:
        raise errors.Forbidden("right")
    if table == "area_version":
        conn.execute("UPDATE staged SET row_id = NULL")
    conn.execute(query("exchange.add").format(**parts), values)


def _parts(table: str, names: Sequence[str]) -> dict[str, pgsql.Composable]:
    shapes = [name for name in names if name in SHAPES]
    pairs = [
        pgsql.SQL("{}, t.{}::text").format(pgsql.Literal(n), pgsql.Identifier(n)) for n in shapes
    ]
    kept = pgsql.SQL("|| jsonb_build_object({})").format(pgsql.SQL(", ").join(pairs))
    timed = table not in TIMELESS
    return {
        "assignments": assignments(names),
        "shapes": kept if shapes else pgsql.SQL(""),
        "period_column": pgsql.SQL(", period" if timed else ""),
        "period": pgsql.SQL(", tstzrange(now(), NULL)" if timed else ""),
    }


def assignments(names: Sequence[str]) -> pgsql.Composed:
    """Return ``a = s.a, b = s.b`` for some columns."""
    each = [pgsql.SQL("{0} = s.{0}").format(pgsql.Identifier(name)) for name in names]
    return pgsql.SQL(", ").join(each)


def _list(names: Sequence[str]) -> pgsql.Composed:
    return pgsql.SQL(", ").join(map(pgsql.Identifier, names))


def _stage(
    conn: Conn, home: District, table: str, frame: pd.DataFrame, names: Sequence[str]
) -> None:
    conn.execute("DROP TABLE IF EXISTS pg_temp.staged")
    text = query("exchange.stage").format(table=pgsql.Identifier(table), columns=_list(names))
    conn.execute(text)
    to = {
        column: known.ids(conn, home, other).get for column, other in REFERS.get(table, {}).items()
    }
    if "hours" in frame:
        frame = frame.assign(open=frame["hours"])
    if "roles" in frame:
        frame = frame.assign(roles=frame["roles"].map(list), skills=frame["skills"].map(list))
    cells = prepared(table, frame.drop(columns="line", errors="ignore"), to)
    copy = pgsql.SQL("COPY staged (n, row_id, {}) FROM STDIN").format(_list(names))
    with conn.cursor().copy(copy) as out:
        rows = zip(cells["row_id"], *(cells[name] for name in names), strict=True)
        for n, row in enumerate(rows):
            out.write_row((n, *row))
