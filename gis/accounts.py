"""Accounts: who may sign in, and which role each has on which area.

The caller's rights decide: as the administrator of the database anything, as a person what
row-level security lets him.
"""

import unicodedata
from datetime import datetime

from argon2 import PasswordHasher

from gis import errors
from sql import query
from sql.database import Conn

ROLES = ("field", "official", "dispatcher", "planner", "admin")
SAMPLE_PASSWORD = "yige2026"  # refused but from this machine, see web.auth
SHORTEST, LONGEST = 10, 200


def normal(text: str) -> str:
    """Return a login as it is stored: no spaces round it, one form of each letter, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def hashed(password: str, hasher: PasswordHasher | None = None) -> str:
    """Return the argon2 hash of a password."""
    return (hasher or PasswordHasher()).hash(one_form(password))


def one_form(password: str) -> str:
    """Return a password in the one form of each letter, however it was typed."""
    return unicodedata.normalize("NFKC", password)


def add(conn: Conn, district: str, login: str, name: str, password: str | None = None) -> int:
    """Make an account and return its id; without a password nobody signs in with it.

    Raises
    ------
    Conflict
        The login is taken, perhaps in another district.
    """
    values = {"district": district, "login": normal(login), "name": name.strip()}
    with errors.told():
        row = conn.execute(query("accounts.add"), values | {"password": password}).fetchone()
    assert row is not None
    return int(row[0])


def grant(
    conn: Conn,
    district: str,
    account: int,
    role: str,
    area: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Give an account a role on an area and all below it, from now on or in a period.

    Raises
    ------
    NotFound
        There is no such account or area in the district.
    BadInput
        The period ends before it starts.
    """
    values = {"district": district, "account": account, "role": role, "area": area}
    with errors.told():
        row = conn.execute(
            query("accounts.grant"), values | {"since": since, "until": until}
        ).fetchone()
    if row is None:
        raise errors.NotFound("no_area", code=area)
    return int(row[0])


def roles(conn: Conn, account: int) -> list[str]:
    """Return the roles an account holds now, on any area."""
    rows = conn.execute(query("accounts.roles"), {"account": account})
    return [role for (role,) in rows.fetchall()]
