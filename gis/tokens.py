"""Tokens: what programs say instead of a password, to read as an account and to change nothing.

`make`, `close` and `holder` take a connection of ``sql.database.service``.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from gis import errors
from gis.sessions import digest
from sql import query
from sql.database import Conn

PREFIX = "yige_"  # so that a token that was left lying about is known for what it is
SHAPE = re.compile(PREFIX + r"[\w-]{43}", re.ASCII)
MOST, LONGEST = 20, 60
LONGEST_LIFE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Token:
    """An open token of one's own; ``used`` and ``address``: last read, when and from where."""

    id: int
    name: str
    made: datetime
    until: datetime
    used: datetime | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is, and whether it still opens."""

    id: int
    district: str
    login: str
    name: str
    token: int
    good: bool


def make(conn: Conn, account: int, name: str, until: datetime) -> str:
    """Make a token of an account and return it: it can be read here and never again.

    Raises
    ------
    BadInput
        The name is empty or too long, or the end has passed or is more than a year away.
    Infeasible
        The account has too many, or is out of use.
    """
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise errors.BadInput("token_name", most=LONGEST)
    if not timedelta(0) < until - datetime.now(until.tzinfo) <= LONGEST_LIFE:
        raise errors.BadInput("token_until")
    token = PREFIX + secrets.token_urlsafe(32)
    values = [account, name, digest(token), until, MOST]
    row = conn.execute("SELECT app.make_token(%s, %s, %s, %s, %s)", values).fetchone()
    if row is None or row[0] is None:
        raise errors.Infeasible("token_most", most=MOST)
    return token


def close(conn: Conn, account: int, token: int) -> int:
    """Close one of an account's tokens; return how many that were: 1 or 0."""
    row = conn.execute("SELECT app.close_own_token(%s, %s)", [account, token]).fetchone()
    return int(row[0]) if row else 0


def holder(conn: Conn, token: str, address: str | None) -> Bearer | None:
    """Return whose token it is, None if nobody's; the use of one that opens is noted."""
    if not SHAPE.fullmatch(token):
        return None
    with conn.cursor(row_factory=class_row(Bearer)) as cursor:
        asked = "SELECT * FROM app.use_token(%s, %s)"
        return cursor.execute(asked, [digest(token), address]).fetchone()


def own(conn: Conn, account: int) -> list[Token]:
    """Return the open tokens of an account as itself, the newest first."""
    with conn.cursor(row_factory=class_row(Token)) as cursor:
        return cursor.execute(query("accounts.tokens"), {"account": account}).fetchall()
