"""Assignments (分配): who serves which area, building or station, as what, from when to when.

A change needs the version the assignment was read at. What was before is in the audit, from which
the last change of an assignment can be undone; that is a change as well, so it can be undone too.
Periods begin at a moment and end before another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import (
    CheckViolation,
    ExclusionViolation,
    ForeignKeyViolation,
    InsufficientPrivilege,
    UniqueViolation,
)
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from gis import errors, history, members, posts
from gis.serving import KINDS, Target, serving
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Stored:
    """An assignment after a change; version None: it is gone."""

    id: int
    version: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment as it is stored."""

    id: int
    version: int
    role: str
    member: int | None
    serving_station: int | None
    area: int | None
    building: int | None
    station: int | None
    since: datetime
    until: datetime | None
    note: str


def assign(
    conn: Conn,
    district: str,
    to: Target,
    role: str,
    *,
    member: int | None = None,
    serving_station: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    note: str = "",
) -> Stored:
    """Have a member, or a station, serve a target from ``since`` (None: now) to before ``until``.

    Raises
    ------
    BadInput
        The post is unknown or does not go with the target or the member, or the period ends before
        it begins.
    NotFound
        There is no such member or station, or one may not see him.
    Conflict
        He serves there already as the same, or somebody else holds a post of one holder.
    Forbidden
        The target is somebody else's.
    """
    if to.kind not in posts.post(role).targets or (role == "station") != (member is None):
        raise errors.BadInput("post_unfit")
    since = since or _now(conn)
    _check_period(since, until)
    values = {
        "district": district, "role": role, "member": member, "serving_station": serving_station,
        **{kind: to.id if kind == to.kind else None for kind in KINDS},
        "since": since, "until": until, "note": note,
    }  # fmt: skip
    return _write(conn, district, "add", values, values)


def change(
    conn: Conn,
    district: str,
    id: int,
    version: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    open_end: bool = False,
    note: str | None = None,
) -> Stored:
    """Change the period or the note of an assignment; what is None stays as it is.

    ``open_end`` takes the end away.

    Raises
    ------
    NotFound
        There is none of that id, or one may not change it.
    Conflict
        Somebody else has changed it since the version; the error names who. Or as in ``assign``.
    BadInput
        The period ends before it begins.
    """
    row = _lock(conn, district, id, version)
    since, until = since or row.since, None if open_end else until or row.until
    _check_period(since, until)
    values = {"district": district, "id": id, "since": since, "until": until}
    values["note"] = row.note if note is None else note
    return _write(conn, district, "change", asdict(row), values)


def end(conn: Conn, district: str, id: int, version: int) -> Stored:
    """End an assignment now; one that has not begun yet is taken away.

    Raises
    ------
    NotFound, Conflict
        As in ``change``.
    """
    row = _lock(conn, district, id, version)
    now = _now(conn)
    if row.since >= now:
        return _delete(conn, district, id)
    return change(conn, district, id, version, until=min(now, row.until or now))


def undo(conn: Conn, district: str, id: int, version: int) -> Stored:
    """Bring back the state an assignment had before its last change.

    A new assignment goes, one that was taken away returns under its id with the next version. The
    undoing is recorded like any change, and undone by undoing once more.

    Raises
    ------
    NotFound
        There never was one of that id, or one may not see it.
    Conflict
        It has changed since the version; or somebody else serves there now.
    BadInput
        Its last change was one of many rows at once, of which the audit keeps no single states.
    """
    last = next(iter(history.history(conn, district, "assignment", id)), None)
    if last is not None and last.after is None:
        return _restore(conn, district, id, version, last)
    row = _lock(conn, district, id, version)
    if last is None or last.version != row.version:
        raise errors.BadInput("nothing_to_undo")
    if last.before is None:
        return _delete(conn, district, id)
    return _write(conn, district, "rewrite", last.before, {"state": Jsonb(last.before)})


def _restore(conn: Conn, district: str, id: int, version: int, last: history.Change) -> Stored:
    """Put back an assignment that is gone."""
    assert last.before is not None
    history.refuse_stale(conn, district, "assignment", id, version, last.version)
    try:
        return _write(conn, district, "restore", last.before, {"state": Jsonb(last.before)})
    except UniqueViolation:  # somebody else has just put it back
        history.refuse_stale(conn, district, "assignment", id, version, version + 1)
        raise


def is_seen(conn: Conn, district: str, id: int) -> bool:
    """Tell whether there is an assignment of that id that one may see."""
    values = {"district": district, "id": id}
    return conn.execute(query("assignment.seen"), values).fetchone() is not None


def _lock(conn: Conn, district: str, id: int, version: int) -> Row:
    """Keep an assignment from others until commit."""
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        values = {"district": district, "id": id}
        row = cursor.execute(query("assignment.lock"), values).fetchone()
    if row is None:
        raise errors.NotFound("no_assignment", id=id)
    history.refuse_stale(conn, district, "assignment", id, version, row.version)
    return row


def _write(
    conn: Conn, district: str, name: str, held: dict[str, Any], values: dict[str, Any]
) -> Stored:
    """Run a statement that gives an assignment a new state; ``held`` is who serves as what."""
    with _told(conn, district, held):
        found = conn.execute(query(f"assignment.{name}"), values).fetchone()
    assert found is not None
    return Stored(*found)


def _delete(conn: Conn, district: str, id: int) -> Stored:
    if not conn.execute(query("assignment.delete"), {"district": district, "id": id}).rowcount:
        raise errors.NotFound("no_assignment", id=id)
    return Stored(id, None)


def _now(conn: Conn) -> datetime:
    row = conn.execute(query("assignment.now")).fetchone()
    assert row is not None
    now: datetime = row[0]
    return now


def _check_period(since: datetime, until: datetime | None) -> None:
    if until is not None and until <= since:
        raise errors.BadInput("period_ends_first")


@contextmanager
def _told(conn: Conn, district: str, held: dict[str, Any]) -> Iterator[None]:
    """Say what the database refuses; what was done before in the transaction stays."""
    try:
        with conn.transaction():
            yield
    except ExclusionViolation as error:
        raise _taken(conn, district, held, error.diag.constraint_name or "") from error
    except ForeignKeyViolation as error:
        raise _nobody(held) from error
    except InsufficientPrivilege as error:
        raise errors.Forbidden("not_your_area") from error
    except CheckViolation as error:
        if error.diag.constraint_name == "member_may":
            who = _name(conn, district, held)
            raise errors.BadInput("member_may_not", who=who) from error
        raise errors.BadInput("post_unfit") from error


def _taken(conn: Conn, district: str, held: dict[str, Any], rule: str) -> errors.Conflict:
    if rule == "once":
        return errors.Conflict("serves_already", who=_name(conn, district, held))
    kind = next(kind for kind in KINDS if held[kind] is not None)
    there = serving(conn, district, [Target(kind, held[kind], "", "", kind)])
    who = next((one.name for one in there if one.role == held["role"]), "–")
    return errors.Conflict("post_taken", who=who)


def _nobody(held: dict[str, Any]) -> errors.NotFound:
    if held["member"] is not None:
        return errors.NotFound("no_member", id=held["member"])
    return errors.NotFound("no_station", code=held["serving_station"])


def _name(conn: Conn, district: str, held: dict[str, Any]) -> str:
    """Return the name of who is meant to serve."""
    found = held["member"] and members.find(conn, district, held["member"])
    return found.name if found else "–"
