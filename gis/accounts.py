"""Accounts: who may sign in, and which role each has on which area.

The caller's rights decide: as the administrator of the database anything, as a person what
row-level security lets him.
"""

import secrets
import unicodedata
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from psycopg.rows import dict_row

from gis import errors
from sql import query
from sql.database import Conn

ROLES = ("field", "official", "dispatcher", "planner", "admin")
SAMPLE_PASSWORD = "yige2026"  # refused but from this machine, see web.pages.session
SHORTEST, LONGEST = 10, 200
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another


def normal(text: str) -> str:
    """Return a login as it is stored: no spaces round it, one form of each letter, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def one_form(password: str) -> str:
    """Return a password in the one form of each letter, however it was typed."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str, hasher: PasswordHasher | None = None) -> str:
    """Return the argon2 hash of a password."""
    return (hasher or PasswordHasher()).hash(one_form(password))


def new_password() -> str:
    """Return a password that can be read out: three groups of four, 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def check_password(password: str, login: str) -> None:
    """Refuse a password that is too short, too long, or easily guessed.

    Raises
    ------
    BadInput
        With the key ``password_short``, ``password_long`` or ``password_plain``.
    """
    text = one_form(password)
    if len(text) < SHORTEST:
        raise errors.BadInput("password_short", least=SHORTEST)
    if len(text) > LONGEST:
        raise errors.BadInput("password_long", most=LONGEST)
    if len(set(text)) < 5 or login in text.lower() or SAMPLE_PASSWORD in text:
        raise errors.BadInput("password_plain")


def add(conn: Conn, district: str, login: str, name: str, password: str | None = None) -> int:
    """Make an account and return its id.

    ``password`` is a hash; without one nobody signs in.

    Raises
    ------
    BadInput
        The login or the name is empty or too long, or the login has spaces in it.
    Conflict
        The login is taken, perhaps in another district.
    """
    login, name = normal(login), name.strip()
    if not login or len(login) > LONGEST or not login.isprintable() or " " in login:
        raise errors.BadInput("login_empty")
    if not name or len(name) > LONGEST:
        raise errors.BadInput("name_empty")
    values = {"district": district, "login": login, "name": name, "password": password}
    try:
        with errors.told(), conn.transaction():
            row = conn.execute(query("accounts.add"), values).fetchone()
    except errors.Conflict:
        raise errors.Conflict("login_taken", login=login) from None
    assert row is not None
    return int(row[0])


def set_password(
    conn: Conn, district: str, account: int, password: str, version: int | None = None
) -> None:
    """Give an account another password (its hash); all its sessions end.

    Raises
    ------
    Conflict
        It has changed since ``version``, or is not there for this actor.
    """
    values = {"district": district, "id": account, "version": version, "password": password}
    _changed(conn, "accounts.set_password", values)


def set_active(
    conn: Conn, district: str, account: int, active: bool, version: int | None = None
) -> None:
    """Put an account out of use, which ends its sessions, or back into it.

    Raises
    ------
    Conflict
        It has changed since ``version``, or is not there for this actor.
    Infeasible
        The district would be left without an administrator.
    """
    values = {"district": district, "id": account, "version": version, "active": active}
    conn.execute(query("accounts.lock_grants"), {"district": district})
    before = _administrators(conn, district)
    _changed(conn, "accounts.set_active", values)
    _refuse_none(conn, district, before)


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
        There is no such role, or the period ends before it starts.
    """
    if role not in ROLES:
        raise errors.BadInput("no_role", role=role, known="、".join(ROLES))
    if until is not None and until <= (since or datetime.now(until.tzinfo)):
        raise errors.BadInput("period_ends_first")
    values = {"district": district, "account": account, "role": role, "area": area}
    values |= {"since": since, "until": until}
    with errors.told():
        row = conn.execute(query("accounts.grant"), values).fetchone()
    if row is None:
        raise errors.NotFound("no_area", code=area)
    return int(row[0])


def revoke(conn: Conn, district: str, grant: int, version: int) -> dict[str, Any]:
    """End a grant now and return what it was, for `restore`.

    Raises
    ------
    Conflict
        It has changed since ``version``, is over, or is not there for this actor.
    Infeasible
        The district would be left without an administrator.
    """
    values = {"district": district, "id": grant, "version": version}
    conn.execute(query("accounts.lock_grants"), {"district": district})
    before = _administrators(conn, district)
    with conn.cursor(row_factory=dict_row) as cursor:
        was = cursor.execute(query("accounts.the_grant"), values).fetchone()
    if was is None:
        raise errors.Conflict("stale")
    conn.execute(query("accounts.withdraw" if was.pop("later") else "accounts.end"), values)
    _refuse_none(conn, district, before)
    return was


def restore(conn: Conn, district: str, was: dict[str, Any]) -> None:
    """Put back a grant that `revoke` ended, for the rest of its period.

    Raises
    ------
    Conflict, NotFound, BadInput
        It is no longer as it was left, or its period is over.
    """
    values = {"district": district, "id": was["id"], "until": was["until"]}
    if conn.execute(query("accounts.reopen"), values).fetchone() is None:
        grant(conn, district, was["account"], was["role"], was["area"], was["since"], was["until"])


def listing(conn: Conn, district: str) -> list[dict[str, Any]]:
    """Return the accounts of a district, with grants and sign-ins: those in use first, by login."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query("accounts.listing"), {"district": district}).fetchall()


def places(conn: Conn, district: str) -> list[tuple[str, str, str]]:
    """Return (code, name, level) of the areas of a district, each after the one it lies in."""
    return conn.execute(query("accounts.places"), {"district": district}).fetchall()


def roles(conn: Conn, account: int) -> list[str]:
    """Return the roles an account holds now, on any area."""
    rows = conn.execute(query("accounts.roles"), {"account": account})
    return [role for (role,) in rows.fetchall()]


def administers(conn: Conn, district: str) -> bool:
    """Tell whether the actor is administrator of the whole district."""
    row = conn.execute("SELECT app.administers(%s)", [district]).fetchone()
    return row == (True,)


def of_login(conn: Conn, login: str) -> tuple[str, int]:
    """Return the district and the id of an account.

    Raises
    ------
    NotFound
        There is none of that login.
    """
    row = conn.execute(query("accounts.of_login"), {"login": normal(login)}).fetchone()
    if row is None:
        raise errors.NotFound("no_login", login=login)
    return row[0], row[1]


def _changed(conn: Conn, name: str, values: dict[str, Any]) -> None:
    if conn.execute(query(name), values).fetchone() is None:
        raise errors.Conflict("stale")


def _administrators(conn: Conn, district: str) -> int:
    row = conn.execute("SELECT app.administrators(%s)", [district]).fetchone()
    return int(row[0]) if row else 0


def _refuse_none(conn: Conn, district: str, before: int) -> None:
    """Refuse what leaves a district without the last administrator it had."""
    if before and not _administrators(conn, district):
        raise errors.Infeasible("last_admin")
