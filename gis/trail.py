"""The audit as its readers see it: who changed what, when, and whether the chain holds."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from psycopg.rows import class_row

from sql import query
from sql.database import Conn

HIDDEN = {"id", "district", "version", "place"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row (``rows`` > 1: a bulk statement, with digests instead of the rows)."""

    id: int
    at: datetime
    actor: int | None
    login: str | None
    name: str | None
    relation: str
    operation: str
    row_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    rows: int

    @property
    def row(self) -> dict[str, Any]:
        """The row as it was left, or as it was before it was deleted."""
        return self.after or self.before or {}

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """Column, value before and value after, of what differs."""
        return [] if self.rows > 1 else differences(self.before or {}, self.after or {})


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (column, before, after) of the columns that differ; None: there was or is no value."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        (name, before.get(name), after.get(name))
        for name in names
        if name not in HIDDEN and before.get(name) != after.get(name)
    ]


def acts(changes: list[Change]) -> list[list[Change]]:
    """Return neighbouring changes together that somebody made to one table in one go."""
    return [
        list(group)
        for _, group in groupby(changes, lambda c: (c.at, c.actor, c.relation, c.operation))
    ]


def changes(
    conn: Conn,
    district: str,
    before: int | None = None,
    account: int | None = None,
    table: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = 50,
) -> list[Change]:
    """Return the changes of a district, newest first, older than the change ``before``.

    Empty for who does not administer the whole district.
    """
    values = [district, before, account, table, since, until, most]
    with conn.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(query("trail.changes"), values).fetchall()


def chain(conn: Conn, district: str) -> tuple[int, int | None]:
    """Return how long the chain is and its first place that does not hold (None: it holds)."""
    row = conn.execute("SELECT length, broken FROM app.chain_state(%s)", [district]).fetchone()
    return (row[0], row[1]) if row and row[0] is not None else (0, None)


def tables(conn: Conn) -> list[str]:
    """Return the names of the tables whose changes are noted."""
    return [name for (name,) in conn.execute(query("trail.tables")).fetchall()]


def names(conn: Conn, district: str) -> dict[str, dict[int, str]]:
    """Return what ids in the trail stand for: the names of accounts and areas one sees."""
    found = conn.execute(query("trail.names"), {"district": district}).fetchall()
    return {
        kind: {id_: name for one, id_, name in found if one == kind} for kind in ("account", "area")
    }
