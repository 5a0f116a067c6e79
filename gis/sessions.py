"""Signing in and out, as the service itself: before anybody acts there is no actor.

Each function takes a connection of ``sql.database.service``.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is known of a login; ``password`` is its hash, None: nobody can sign in with it."""

    account: int
    district: str
    password: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a session."""

    id: int
    district: str
    login: str
    name: str
    session: int


def credentials(conn: Conn, login: str) -> Credentials | None:
    """Return what is known of a login (as stored), None if there is none."""
    row = conn.execute("SELECT * FROM app.credentials(%s)", [login]).fetchone()
    return Credentials(*row) if row else None


def attempt(conn: Conn, account: int | None, mark: int, address: str | None) -> int | datetime:
    """Note an attempt and return its id, or until when the login or the address is locked."""
    row = conn.execute(
        "SELECT attempt, locked FROM app.try_sign_in(%s, %s, %s)", [account, mark, address]
    ).fetchone()
    assert row is not None
    found: int | datetime = row[0] if row[1] is None else row[1]
    return found


def open_session(conn: Conn, account: int, attempt: int | None = None) -> str | None:
    """Open a session and return its token, None if the account is out of use."""
    token = secrets.token_urlsafe(32)
    row = conn.execute(
        "SELECT app.open_session(%s, %s, %s)", [account, digest(token), attempt]
    ).fetchone()
    return token if row and row[0] is not None else None


def let_in(conn: Conn, attempt: int) -> None:
    """Say of an attempt that its password was right."""
    conn.execute("SELECT app.let_in(%s)", [attempt])


def holder(conn: Conn, token: str) -> Holder | None:
    """Return who holds the session of a token, None if it is closed, over or unknown."""
    row = conn.execute("SELECT * FROM app.signed_in(%s)", [digest(token)]).fetchone()
    return Holder(*row) if row else None


def close(conn: Conn, account: int, only: int | None = None, kept: int | None = None) -> int:
    """Close the session ``only`` of an account, or all but ``kept``; return how many."""
    row = conn.execute("SELECT app.close_sessions(%s, %s, %s)", [account, only, kept]).fetchone()
    return int(row[0]) if row else 0


def change_password(conn: Conn, account: int, hash_: str) -> None:
    """Give an account its own new password."""
    conn.execute("SELECT app.change_password(%s, %s)", [account, hash_])


def digest(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()
