"""What is on the map, mended by hand: stations, gates, compounds, buildings, ways and barriers.

A change needs the version its row was read at. What ends stays in the past. What was before is in
the audit, from which the last change can be undone; that is a change as well.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from psycopg import sql as pgsql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from gis import errors, placing
from gis.districts import District, district
from gis.editable import KINDS, Kind
from gis.exchange.rows import multirange
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Stored:
    """A thing after a change; version None: it is gone."""

    id: int
    version: int | None


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change the audit has: the row before and after, None where there was none."""

    table: str
    id: int
    at: Any
    who: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    with_it: bool

    @property
    def version(self) -> int:
        """The version the row had after this change; of a row that is gone its last."""
        state = self.after or self.before
        assert state is not None
        return int(state["version"])


def make(conn: Conn, code: str, kind: str, shape: Any, said: dict[str, Any]) -> Stored:
    """Put something on the map, in force from now on.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    shape
        Coordinates in degrees, as `placing.shape_of` reads them.
    said
        Values of columns; what is absent or None takes the kind's own.

    Raises
    ------
    Misplaced
        It lies outside the district, a station in water, a gate on no way; the place is named.
    BadInput
        Hours, shape or another value cannot be used.
    Forbidden
        One may not edit there.
    """
    of, home = KINDS[kind], district(conn, code)
    values = of.columns | {name: value for name, value in said.items() if value is not None}
    if of.table == "station" and not values["name"].strip():
        raise errors.BadInput("name_empty")
    state = _state(conn, home, values) | {"code": f"{of.table[0]}-{uuid4().hex[:10]}"}
    state["geom"] = _placed(conn, home, of, placing.shape_of(of.shape, shape), values, None)
    return _run(conn, code, "make", of, {"state": Jsonb(state)}, [*state])


def change(
    conn: Conn, code: str, kind: str, id: int, version: int,
    shape: Any, said: dict[str, Any], empty: Iterable[str] = (),
) -> Stored:  # fmt: skip
    """Change something; what is None stays as it is, what is named in ``empty`` loses its value.

    Raises
    ------
    NotFound
        There is none of that id, or one may not change it.
    Conflict
        Somebody else has changed it since the version; the error names who and when.
    Misplaced, BadInput, Forbidden
        As in ``make``.
    """
    of, home = KINDS[kind], district(conn, code)
    _lock(conn, code, of, id, version)
    values = {name: value for name, value in said.items() if value is not None}
    state = _state(conn, home, values) | dict.fromkeys(_emptied(of, empty))
    if shape is not None:
        drawn = placing.shape_of(of.shape, shape)
        state["geom"] = _placed(conn, home, of, drawn, {**of.columns, **values}, id)
    if not state:
        raise errors.BadInput("nothing_changed")
    return _run(conn, code, "change", of, {"id": id, "state": Jsonb(state)}, [*state])


def end(conn: Conn, code: str, kind: str, id: int, version: int) -> Stored:
    """End something now; what has not begun before this moment is taken away.

    Raises
    ------
    NotFound, Conflict
        As in ``change``.
    """
    of = KINDS[kind]
    if _lock(conn, code, of, id, version):
        raise errors.NotFound("no_thing", id=id)
    with _told():
        row = conn.execute(_sql("end", of), {"district": code, "id": id}).fetchone()
        if row is None:
            conn.execute(_sql("take_away", of), {"district": code, "id": id})
    return Stored(*row) if row else Stored(id, None)


def undo(conn: Conn, code: str, kind: str, id: int, version: int) -> Stored:
    """Bring back the state something had before its last change, and the ways changed with it.

    Raises
    ------
    NotFound
        There never was one of that id, or one may not change it.
    Conflict
        It has changed since the version.
    BadInput
        Its last change was one of many rows at once, of which the audit keeps no single states.
    """
    of = KINDS[kind]
    edits = _edits(conn, code, of.table, id)
    last = next((one for one in edits if not one.with_it), None)
    if last is None or last.after is not None:
        _lock(conn, code, of, id, version)
        if last is None or last.version != version:
            raise errors.BadInput("nothing_to_undo")
    elif last.version != version:
        raise _meanwhile(conn, code, last)
    done = _undone(conn, code, of, last)
    for one in edits:
        other = next(each for each in KINDS.values() if each.table == one.table)
        if one.with_it and _is_as(conn, code, other, one):
            _undone(conn, code, other, one)
    return done


def _undone(conn: Conn, code: str, of: Kind, last: _Edit) -> Stored:
    asked: dict[str, Any] = {"district": code, "id": last.id}
    if last.before is None:
        with _told():
            conn.execute(_sql("take_away", of), asked)
        return Stored(last.id, None)
    columns = ["code", "geom", "period", *of.columns, *(["open"] if "hours" in of.columns else [])]
    columns += ["doors"] if of.table == "building" else []
    state = {"state": Jsonb(last.before)}
    return _run(conn, code, "change" if last.after else "restore", of, {**asked, **state}, columns)


def _is_as(conn: Conn, code: str, of: Kind, one: _Edit) -> bool:
    """Tell whether a row is still as a change left it."""
    row = conn.execute(_sql("lock", of), {"district": code, "id": one.id}).fetchone()
    return one.after is not None and row is not None and row[1] == one.version


def _emptied(of: Kind, empty: Iterable[str]) -> list[str]:
    """Return columns that may be without a value, in their order; refuse others."""
    names = sorted({*empty})
    for name in names:
        if name not in of.columns or of.columns[name] is not None:
            raise errors.BadInput("edit_empty", name=name[:40])
    return names


def _state(conn: Conn, home: District, values: dict[str, Any]) -> dict[str, Any]:
    """Return values as columns: hours as minutes of the week too, a compound by its id."""
    state = dict(values)
    if "hours" in state:
        state["hours"] = state["hours"].strip()
        state["open"] = multirange(state["hours"])
    if state.get("compound") is not None:
        asked = {"district": home.code, "code": state["compound"]}
        row = conn.execute(query("editing.compound_of"), asked).fetchone()
        if row is None:
            raise errors.BadInput("edit_compound", code=state["compound"])
        state["compound"] = row[0]
    if "services" in state:
        rows = conn.execute(query("editing.services"), {"district": home.code}).fetchall()
        known = [row[0] for row in rows]
        unknown = sorted({*state["services"]} - {*known})
        if unknown:
            raise errors.NotFound("no_service", code=unknown[0], known="、".join(known) or "–")
    return state


def _placed(
    conn: Conn, home: District, of: Kind, shape: Any, values: dict[str, Any], id: int | None
) -> str:
    """Return where a shape is stored; ways it stands on or joins get a vertex there."""
    placing.check(conn, home.code, shape, dry=of.table == "station")
    joints = []
    if of.table == "gate":
        joints = [placing.gate(conn, home, (shape.x, shape.y), id)]
        shape = placing.shape_of("point", joints[0].place)
    if of.table == "way":
        over = bool(values["bridge"] or values["tunnel"])
        shape, joints = placing.joined(conn, home, shape, id, ends=over)
    for one in joints:
        if one.line is not None:
            state = {"state": Jsonb({"geom": placing.hexed(one.line)}), "id": one.way}
            _run(conn, home.code, "change", KINDS["ways"], state, ["geom"])
    return placing.hexed(shape)


def _lock(conn: Conn, code: str, of: Kind, id: int, version: int) -> bool:
    """Keep a row from others until commit; tell whether it has ended."""
    row = conn.execute(_sql("lock", of), {"district": code, "id": id}).fetchone()
    if row is None:
        raise errors.NotFound("no_thing", id=id)
    if row[1] != version:
        raise _meanwhile(conn, code, next(iter(_edits(conn, code, of.table, id)), None))
    return bool(row[2])


def _meanwhile(conn: Conn, code: str, last: _Edit | None) -> errors.Conflict:
    zone = ZoneInfo(district(conn, code).zone)
    at = last.at.astimezone(zone).strftime("%m-%d %H:%M") if last else "–"
    return errors.Conflict("changed_meanwhile", who=(last and last.who) or "–", at=at)


def _edits(conn: Conn, code: str, table: str, id: int) -> list[_Edit]:
    asked = {"district": code, "table": table, "id": id}
    rows = conn.execute(query("editing.edits"), asked).fetchall()
    return [_Edit(*row) for row in rows]


def _run(
    conn: Conn, code: str, name: str, of: Kind, values: dict[str, Any], columns: list[str]
) -> Stored:
    with _told():
        row = conn.execute(_sql(name, of, columns), {"district": code, **values}).fetchone()
    if row is None:
        raise errors.Forbidden("not_your_area")
    return Stored(*row)


def _sql(name: str, of: Kind, columns: list[str] | None = None) -> pgsql.Composed:
    listed = pgsql.SQL(", ").join(map(pgsql.Identifier, columns or ["id"]))
    text = query(f"editing.{name}")
    return text.format(table=pgsql.Identifier(of.table), columns=listed)


@contextmanager
def _told() -> Iterator[None]:
    """Say what the database refuses."""
    try:
        with errors.told():
            yield
    except InsufficientPrivilege as error:
        raise errors.Forbidden("not_your_area") from error
