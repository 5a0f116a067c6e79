"""Members (党员、网格员、志愿者…): a name, the posts somebody may take, and where he belongs.

Nothing else is kept of a person: no number, no birth date, no contact, no door. Rights are those of
row-level security: who may not see a member does not find him.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from psycopg.errors import InsufficientPrivilege
from psycopg.rows import class_row

from gis import errors, posts
from gis.history import refuse_stale
from sql import query
from sql.database import Conn

EVERY = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """A member; ``home`` is the id of the building he lives in, ``area`` the code he belongs to."""

    id: int
    version: int
    name: str
    roles: list[str]
    skills: list[str]
    home: int | None
    home_name: str | None
    area: str
    area_name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is entered of a member."""

    name: str
    roles: Sequence[str]
    area: str
    skills: Sequence[str] = ()
    home: int | None = None
    active: bool = True


def members(
    conn: Conn,
    district: str,
    area: str | None = None,
    role: str | None = None,
    q: str | None = None,
    limit: int = EVERY,
) -> list[Member]:
    """Return the members one may see, the active first, by name.

    Parameters
    ----------
    area
        Code of an area: those who belong to it or to an area below.
    role
        Those who may take this post.
    q
        A part of the name, or a skill.
    """
    return _members(conn, district, {"area": area, "role": role, "q": q or None, "limit": limit})


def member(conn: Conn, district: str, id: int) -> Member:
    """Return a member.

    Raises
    ------
    NotFound
        There is none of that id, or one may not see him.
    """
    found = find(conn, district, id)
    if found is None:
        raise errors.NotFound("no_member", id=id)
    return found


def find(conn: Conn, district: str, id: int) -> Member | None:
    """Return a member, None if one does not see one of that id."""
    return next(iter(_members(conn, district, {"id": id, "limit": 1})), None)


def add(conn: Conn, district: str, new: Draft) -> Member:
    """Enter a member.

    Raises
    ------
    NotFound
        The area or the home is not there.
    BadInput
        A post is unknown, or the name is empty or too long.
    Forbidden
        The area is somebody else's.
    """
    return _store(conn, district, "members.add", None, new)


def change(conn: Conn, district: str, id: int, version: int, new: Draft) -> Member:
    """Change a member who was read at a version. One who leaves becomes inactive.

    Raises
    ------
    NotFound
        There is none of that id, or one may not see him; or as in ``add``.
    Conflict
        Somebody else has changed him since; the error names who.
    BadInput, Forbidden
        As in ``add``.
    """
    row = conn.execute(query("members.lock"), {"district": district, "id": id}).fetchone()
    if row is None:
        raise errors.NotFound("no_member", id=id)
    refuse_stale(conn, district, "member", id, version, row[0])
    return _store(conn, district, "members.change", id, new)


def draft(of: Member) -> Draft:
    """Return what was entered of a member, to be changed with ``replace``."""
    return Draft(of.name, of.roles, of.area, of.skills, of.home, of.active)


def _members(conn: Conn, district: str, asked: dict[str, object]) -> list[Member]:
    values = {"district": district, "id": None, "area": None, "role": None, "q": None, **asked}
    with conn.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(query("members.members"), values).fetchall()


def _store(conn: Conn, district: str, name: str, id: int | None, new: Draft) -> Member:
    for role in new.roles:
        posts.of_member(role)
    found = conn.execute(query("members.area"), {"district": district, "code": new.area}).fetchone()
    if found is None:
        raise errors.NotFound("no_area", code=new.area)
    _check_home(conn, district, new.home)
    new = replace(new, name=new.name.strip(), roles=list(new.roles), skills=list(new.skills))
    values = {**asdict(new), "district": district, "id": id, "area": found[0]}
    try:
        with errors.told():
            row = conn.execute(query(name), values).fetchone()
    except InsufficientPrivilege as error:
        raise errors.Forbidden("not_your_area", name=new.area) from error
    assert row is not None
    return member(conn, district, row[0])


def _check_home(conn: Conn, district: str, home: int | None) -> None:
    values = {"district": district, "id": home}
    if home is not None and not conn.execute(query("members.building"), values).fetchone():
        raise errors.NotFound("no_building", id=home)
