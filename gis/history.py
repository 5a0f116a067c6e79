"""What was done to a member or an assignment, by whom and when, as the audit has it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.rows import class_row

from gis import districts, errors
from sql import query
from sql.database import Conn

_PERIOD = re.compile(r'[\[(]"?([^",]*)"?,"?([^")]*)"?[)\]]')


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a row; ``who`` is None for an administrator or a program.

    ``before`` and ``after`` are the whole row as PostgreSQL writes it in JSON, None where there was
    none; ``name`` is the person or station concerned.
    """

    id: int
    at: datetime
    who: str | None
    operation: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    name: str | None

    @property
    def version(self) -> int:
        """The version the row had after this change; of a row that is gone its last."""
        state = self.after or self.before
        assert state is not None
        return int(state["version"])


def history(conn: Conn, district: str, relation: str, id: int) -> list[Change]:
    """Return every change of a row one may see, the last first, also of one that is gone.

    Rows stored in bulk (over 1,000 in a statement) are recorded as a whole and begin without one.
    """
    values = {"district": district, "relation": relation, "id": id}
    with conn.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(query("history.changes"), values).fetchall()


def at(conn: Conn, district: str, kind: str, target: int, limit: int = 50) -> list[Change]:
    """Return the last changes of who serves an area, building or station, the last first."""
    values = {"district": district, "kind": kind, "target": target, "limit": limit}
    with conn.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(query("history.at"), values).fetchall()


def period(state: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return when a recorded state begins and ends; None: it is open there."""
    found = _PERIOD.fullmatch(state["period"])
    assert found is not None
    since, until = (datetime.fromisoformat(text) if text else None for text in found.groups())
    return since, until


def refuse_stale(conn: Conn, district: str, relation: str, id: int, version: int, now: int) -> None:
    """Refuse to change a row that was read at another version than it has now.

    Raises
    ------
    Conflict
        It has changed; the error names who changed it last, and when.
    """
    if version == now:
        return
    last = next(iter(history(conn, district, relation, id)), None)
    zone = ZoneInfo(districts.district(conn, district).zone)
    at = last.at.astimezone(zone).strftime("%m-%d %H:%M") if last else "–"
    raise errors.Conflict("changed_meanwhile", who=(last and last.who) or "–", at=at)
