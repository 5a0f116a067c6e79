"""What is on the map as those read it who mend it: exact shapes, versions, the last edits."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from psycopg import sql as pgsql
from psycopg.rows import class_row

from gis import errors, trail
from gis.editable import KINDS, PLACED, Kind
from sql import query
from sql.database import Conn

MOST = 3000  # things of a kind in one answer
WIDEST = 0.06  # degrees that one answer covers at most
TOGETHER = 12  # an act that changed more rows is an import, which is undone as a whole
WHERE = {
    "around": pgsql.SQL("t.geom && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4490)"),
    "one": pgsql.SQL("t.id = %(id)s"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing on the map in force now; ``may``: the actor may change it.

    ``geometry`` is GeoJSON in degrees (longitude, latitude) with all nine decimals.
    """

    kind: str
    id: int
    version: int
    code: str
    may: bool
    geometry: dict[str, Any]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a thing by somebody; ``last``: nobody has changed it since, so it can be undone.

    ``differs`` are the names of what became otherwise, ``done`` is made, changed or ended.
    """

    kind: str
    id: int
    version: int
    at: datetime
    who: str | None
    done: str
    name: str
    differs: list[str]
    last: bool


@dataclass(frozen=True, slots=True)
class _Row:
    transaction: int
    relation: str
    id: int
    at: datetime
    who: str | None
    operation: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    last: bool


def kinds(conn: Conn, code: str) -> list[str]:
    """Return what the actor may edit in a district: the kinds, in the order of `KINDS`."""
    row = conn.execute(query("editing.rights"), {"district": code}).fetchone()
    whole, some = row or (False, False)
    return [kind for kind, of in KINDS.items() if whole or (some and of.table in PLACED)]


def around(conn: Conn, code: str, box: tuple[float, float, float, float]) -> list[Thing]:
    """Return what meets a box (west, south, east, north [deg]), at most `MOST` of a kind, by id.

    Raises
    ------
    BadInput
        The box is wider or higher than `WIDEST`, or turned over.
    """
    w, s, e, n = box
    if not (0 <= e - w <= WIDEST and 0 <= n - s <= WIDEST):
        raise errors.BadInput("drawn_wide", degrees=WIDEST)
    asked = {"w": w, "s": s, "e": e, "n": n}
    return [one for kind in KINDS for one in _read(conn, code, kind, "around", asked)]


def one(conn: Conn, code: str, kind: str, id: int) -> Thing:
    """Return one thing.

    Raises
    ------
    NotFound
        There is no such kind, none of that id in force, or one does not see it.
    """
    found = _read(conn, code, kind, "one", {"id": id}) if kind in KINDS else []
    if not found:
        raise errors.NotFound("no_thing", id=id)
    return found[0]


def edits(conn: Conn, code: str, most: int = 30) -> list[Edit]:
    """Return the last edits by people of what the actor may edit, the last first."""
    asked = {"district": code, "most": TOGETHER * most}
    with conn.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(query("editing.recent"), asked).fetchall()
    acts = [list(group) for _, group in groupby(rows, lambda row: row.transaction)]
    return [_edit(act) for act in acts if len(act) <= TOGETHER][:most]


def buildings(conn: Conn, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return the names and points [deg] of the buildings the actor sees, ended ones too, by id."""
    rows = conn.execute(query("editing.buildings"), {"ids": ids}).fetchall()
    return {id: {"name": name, "point": [lon, lat]} for id, name, lon, lat in rows}


def _read(conn: Conn, code: str, kind: str, where: str, asked: dict[str, Any]) -> list[Thing]:
    of = KINDS[kind]
    text = query("editing.drawn").format(
        table=pgsql.Identifier(of.table), columns=_columns(of), where=WHERE[where],
        may=query("editing.may_placed" if of.table in PLACED else "editing.may_whole"),
    )  # fmt: skip
    rows = conn.execute(text, {"district": code, "most": MOST, **asked}).fetchall()
    return [
        Thing(
            kind,
            id,
            version,
            code,
            may,
            json.loads(shape),
            dict(zip(of.columns, values, strict=True)),
        )
        for id, version, code, may, shape, *values in rows
    ]


def _columns(of: Kind) -> pgsql.Composed:
    """Return the columns of a kind; of a compound its code, as it is told."""
    named = {name: pgsql.SQL("t.{}").format(pgsql.Identifier(name)) for name in of.columns}
    if "compound" in named:
        named["compound"] = query("editing.code_of_compound").format()
    return pgsql.SQL(", ").join(named.values())


def _edit(act: list[_Row]) -> Edit:
    """Return the edit of a transaction: ways that got a vertex with it are not it."""
    row = min(act, key=lambda one: (one.relation == "way", one.operation == "UPDATE"))
    state = row.after or row.before or {}
    kind = next(kind for kind, of in KINDS.items() if of.table == row.relation)
    differs = trail.differences(row.before or {}, row.after or {})
    columns = [name for name, _, _ in differs if name in ("geom", *KINDS[kind].columns)]
    return Edit(
        kind, row.id, int(state["version"]), row.at, row.who, _done(row, differs),
        state.get("name") or "", columns if row.before and row.after else [], row.last,
    )  # fmt: skip


def _done(row: _Row, differs: list[tuple[str, Any, Any]]) -> str:
    """Tell whether a thing was made, changed, or ended; one that comes back is made again."""
    if row.before is None or row.after is None:
        return "made" if row.after else "ended"
    names = [name for name, _, _ in differs]
    if names != ["period"]:
        return "changed"
    return "ended" if row.before["period"].endswith(",)") else "made"
