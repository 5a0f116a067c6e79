"""Who serves what now: the targets of assignments, and those who serve them by name and post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from gis import errors, posts
from sql import query
from sql.database import Conn

KINDS = (posts.AREA, posts.BUILDING, posts.STATION)


@dataclass(frozen=True, slots=True)
class Target:
    """What is served: an area, building or station; ``level`` is the area's, or the kind."""

    kind: str
    id: int
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Serving:
    """An assignment in force and the name of who serves; of the ids the ones that apply."""

    id: int
    version: int
    role: str
    area: int | None
    building: int | None
    station: int | None
    member: int | None
    serving_station: int | None
    name: str
    since: datetime
    until: datetime | None


def target(conn: Conn, district: str, kind: str, key: str | int) -> Target:
    """Return what is to be served: an area or station by its code, a building by its id.

    Raises
    ------
    NotFound
        There is none, or one has no right where it lies.
    """
    values = {"district": district, "key": key}
    row = conn.execute(query(f"assignment.{kind}"), values).fetchone()
    if row is None:
        raise errors.NotFound(f"no_{kind}", **{"id" if kind == posts.BUILDING else "code": key})
    return Target(kind, *row)


def serving(conn: Conn, district: str, targets: Sequence[Target]) -> list[Serving]:
    """Return who serves some targets now, by post and name.

    Everybody with a right on a target sees who serves it; party members (双报到党员) are listed
    only for those who may see members.
    """
    ids = {kind: [t.id for t in targets if t.kind == kind] for kind in KINDS}
    with conn.cursor(row_factory=class_row(Serving)) as cursor:
        return cursor.execute(query("assignment.serving"), {"district": district, **ids}).fetchall()


def may_change(conn: Conn, of: Target) -> bool:
    """Tell whether one may change who serves a target."""
    row = conn.execute(query("assignment.may"), {"kind": of.kind, "id": of.id}).fetchone()
    return bool(row and row[0])
