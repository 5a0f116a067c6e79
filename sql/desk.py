"""Logins of people who edit the tables from a desktop GIS: each acts as one account, no more.

The role's name says whose it is and of which database, so `audit.actor` cannot be told otherwise;
it belongs to ``yige_desk``, which comes near the map's tables alone, under row-level security.
"""

import secrets

from psycopg import sql as pgsql

from sql.database import Conn
from sql.roles import DESK

PREFIX = "yige_desk_"


def role(conn: Conn, account: int) -> str:
    """Return the name of an account's login in this database."""
    row = conn.execute(
        "SELECT %s || oid || '_' || %s FROM pg_database WHERE datname = current_database()",
        [PREFIX, account],
    ).fetchone()
    assert row is not None
    return str(row[0])


def make(conn: Conn, account: int) -> tuple[str, str]:
    """Make the login of an account, or give it another password; return both."""
    name, word = role(conn, account), secrets.token_urlsafe(24)
    known = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verifier = conn.pgconn.encrypt_password(word.encode(), name.encode(), b"scram-sha-256")
    change = "ALTER ROLE {} LOGIN CONNECTION LIMIT 10 PASSWORD {}"
    if known is None:
        change = "CREATE ROLE {} LOGIN CONNECTION LIMIT 10 PASSWORD {}"
    told = pgsql.SQL(change)
    conn.execute(told.format(pgsql.Identifier(name), pgsql.Literal(verifier.decode())))
    conn.execute(pgsql.SQL("GRANT {} TO {}").format(*map(pgsql.Identifier, (DESK, name))))
    return name, word


def remove(conn: Conn, account: int) -> bool:
    """Take the login of an account away and end its connections; False if it had none."""
    name = role(conn, account)
    if conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        return False
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
    conn.execute(end, [name])
    conn.execute(pgsql.SQL("DROP ROLE {}").format(pgsql.Identifier(name)))
    return True
