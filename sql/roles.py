"""The roles that own nothing: two to act as, one for people at a desktop GIS, and the service's.

Roles belong to the server, not to a database, so they are no migration; what they may do is
in ``policies``.
"""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql as pgsql

from sql.cluster.place import Place, make_home
from sql.errors import DatabaseError

if TYPE_CHECKING:
    from sql.database import Conn

WEB, ENGINE, SERVICE, DESK = "app_web", "yige_engine", "yige_service", "yige_desk"


def ensure(conn: "Conn", place: Place, *, ours: bool) -> None:
    """Make the roles that are missing, and a password for the service if it has none.

    ``ours``: the server is the private cluster, where a lost password may be replaced.

    Raises
    ------
    DatabaseError
        On somebody's server the service's role exists, and we do not know its password.
    """
    found = {name for (name,) in conn.execute("SELECT rolname FROM pg_roles").fetchall()}
    for name in (WEB, ENGINE, DESK, SERVICE):
        attributes = "LOGIN" if name == SERVICE else "NOLOGIN"
        if name not in found:
            conn.execute(_sql("CREATE ROLE {} " + attributes, name))
    # it acts as one of them for a transaction, and is neither by itself
    conn.execute(_sql("ALTER ROLE {} NOINHERIT", SERVICE))
    for role in (WEB, ENGINE):
        conn.execute(_sql("GRANT {} TO {}", role, SERVICE))
    if conn.info.server_version >= 160000:  # there it is the grant that inherits, not the role
        for role in (WEB, ENGINE):
            conn.execute(_sql("GRANT {} TO {} WITH INHERIT FALSE", role, SERVICE))
    if SERVICE not in found or not place.passfile.exists():
        if SERVICE in found and not ours:
            raise DatabaseError("service_role_taken", role=SERVICE, passfile=place.passfile)
        _set_password(conn, place)
    place.service.owns(place.passfile, 0o600)  # an administrator may have written it


def _set_password(conn: "Conn", place: Place) -> None:
    """Give the service a new password: the server sees its scram verifier, never the word."""
    word = secrets.token_urlsafe(32)
    verifier = conn.pgconn.encrypt_password(word.encode(), SERVICE.encode(), b"scram-sha-256")
    alter = pgsql.SQL("ALTER ROLE {} PASSWORD {}")
    _write(place, f"*:*:*:{SERVICE}:{word}\n")
    conn.execute(alter.format(pgsql.Identifier(SERVICE), pgsql.Literal(verifier.decode())))


def _write(place: Place, text: str) -> None:
    make_home(place)
    aside = Path(f"{place.passfile}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    place.service.owns(aside, 0o600)
    aside.rename(place.passfile)


def _sql(text: str, *names: str) -> pgsql.Composed:
    return pgsql.SQL(text).format(*(pgsql.Identifier(name) for name in names))
