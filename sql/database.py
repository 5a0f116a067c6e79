"""Connections: as administrator, as the engine that writes what is derived, as the service.

Nobody logs in by trust: the administrator of the private cluster is known by the user of the
system, the service by a password that only its own user can read.
"""

import os
import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import conninfo, pq
from psycopg import sql as pgsql

from sql import cluster, roles
from sql.cluster.server import ADMIN
from sql.errors import DatabaseError

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

Conn = psycopg.Connection[Any]

SESSION = "-c timezone=UTC -c jit=off"


@dataclass(frozen=True, slots=True)
class Database:
    """A database of the private cluster, or the one that ``url`` names on somebody's server."""

    place: cluster.Place
    url: str | None = None
    name: str = "yige"

    def conninfo(self, **more: str) -> str:
        """Return the connection string of the administrator; ``more`` overrides its parts.

        Raises
        ------
        DatabaseError
            The URL cannot be read (the text does not repeat it: it may hold a password).
        """
        parts = {"application_name": "yige", "options": SESSION, "connect_timeout": "10"}
        if self.url is None:
            parts |= {"host": str(self.place.socket), "user": ADMIN, "dbname": self.name}
        else:
            parts |= {"dbname": self.name, **_read(self.url)}
        return conninfo.make_conninfo(**{**parts, **more})

    @property
    def dbname(self) -> str:
        """The name of the database on its server."""
        return _read(self.conninfo())["dbname"]

    def beside(self, suffix: str) -> "Database":
        """Return another database of the same server: this one's name and a suffix."""
        name = f"{self.dbname}_{suffix}"
        url = self.url and conninfo.make_conninfo(self.url, dbname=name)
        return Database(self.place, url, name)

    def public_url(self) -> str:
        """Return the URL without its password, for the service, which has one of its own."""
        parts = _read(self.url or "")
        parts.pop("password", None)
        return conninfo.make_conninfo(**parts)

    def service(self) -> str:
        """Return the connection string of the service; libpq itself reads the password."""
        plain = _read(self.conninfo())
        plain.pop("password", None)
        passfile = str(self.place.passfile)
        return conninfo.make_conninfo(**{**plain, "user": roles.SERVICE, "passfile": passfile})

    def environment(self) -> dict[str, str]:
        """Return the environment in which psql and pg_dump find this database.

        A password reaches them there, never in a command line, which every user can read.
        """
        entries = pq.Conninfo.parse(self.conninfo().encode())
        ours = {e.envvar.decode(): e.val.decode() for e in entries if e.envvar and e.val}
        return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | ours


def _read(url: str) -> dict[str, str]:
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise DatabaseError("bad_url") from None
    return {name: str(value) for name, value in parts.items()}


def from_environment(environ: Mapping[str, str] = os.environ) -> Database:
    """Return the database that ``YIGE_DATABASE_URL`` or ``YIGE_HOME`` names."""
    return Database(cluster.place(environ), environ.get("YIGE_DATABASE_URL") or None)


def admin(database: Database | None = None, *, autocommit: bool = False, **more: str) -> Conn:
    """Connect as the administrator; ``more`` overrides parts of the connection string.

    Raises
    ------
    DatabaseError
        The server does not answer or does not let us in.
    """
    database = database or from_environment()
    try:
        return psycopg.connect(database.conninfo(**more), autocommit=autocommit)
    except psycopg.OperationalError as error:
        if "does not exist" in str(error) and 'database "' in str(error):
            raise DatabaseError("no_database", reason=reason(error)) from None
        raise DatabaseError("unreachable", reason=reason(error)) from None


def engine(database: Database | None = None) -> Conn:
    """Connect as the engine, the only role that writes the derived tables of ``net``."""
    return admin(database, options=f"{SESSION} -c role={roles.ENGINE}")


def service_pool(database: Database | None = None, *, size: int = 8) -> "ConnectionPool[Conn]":
    """Return the service's pool, closed: open it after the fork, in each worker.

    A connection on which the server has spoken is tried before it is lent, so a restart of the
    server costs no request; after an outage the pool is back within seconds.
    """
    from psycopg_pool import ConnectionPool

    database = database or from_environment()
    return ConnectionPool(
        database.service(),
        min_size=1,
        max_size=size,
        open=False,
        timeout=10,
        reconnect_timeout=2,
        check=_try_if_told,
        kwargs={"autocommit": True},  # each request begins a transaction itself
        name="service",
    )


def _try_if_told(conn: Conn) -> None:
    """Try a connection if something has come in on it while it lay idle: the server's farewell."""
    from psycopg_pool import ConnectionPool

    waiting = select.poll()
    waiting.register(conn.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(conn)


@contextmanager
def transaction(
    pool: "ConnectionPool[Conn]", actor: int | None, *, read_only: bool = False
) -> Iterator[Conn]:
    """Run one request as one transaction of one actor (None: a visitor).

    Row-level security reads the actor from ``app.actor``. All settings are local to the
    transaction, so a pooled connection cannot keep the last request's rights.
    """
    with pool.connection() as conn, conn.transaction():
        conn.execute(
            "SELECT set_config('transaction_read_only', %s, true),"
            " set_config('app.actor', %s, true), set_config('role', 'app_web', true)",
            ["on" if read_only else "off", str(actor or "")],
        )
        yield conn


@contextmanager
def computing(pool: "ConnectionPool[Conn]") -> Iterator[Conn]:
    """Run one transaction as the engine, for what a request needs and nobody has worked out yet.

    The engine sees everything: check first that the asker may ask, and hand nothing of it on.
    """
    with pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('role', %s, true)", [roles.ENGINE])
        yield conn


@contextmanager
def service(pool: "ConnectionPool[Conn]") -> Iterator[Conn]:
    """Run a block as one transaction of the service itself: who signs in is nobody yet."""
    with pool.connection() as conn, conn.transaction():
        yield conn


@contextmanager
def failures() -> Iterator[None]:
    """Turn what a server does to a running statement into what a person can cure."""
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise DatabaseError("server_disk_full", reason=reason(error)) from None
    except psycopg.OperationalError as error:
        raise DatabaseError("unreachable", reason=reason(error)) from None


def lacking(pool: "ConnectionPool[Conn]", patience_s: float) -> list[str]:
    """Return the migrations that the service's database lacks, in order.

    Raises
    ------
    DatabaseError
        The database cannot be reached within ``patience_s`` [s].
    """
    from sql.migrate import pending

    with failures(), pool.connection(timeout=patience_s) as conn:
        return pending(conn)


def reason(error: psycopg.Error) -> str:
    """Return what the server said, in one line and without the address it was said at."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line.rpartition("FATAL: ")[2].strip()


def create(database: Database) -> bool:
    """Make the database if it is not there, with PostGIS in it and the roles; True if made.

    Raises
    ------
    DatabaseError
        On somebody's server: too old, no PostGIS, or no right to create what we need.
    """
    made = database.url is None and _create(database)
    with admin(database, autocommit=True) as conn:
        if database.url is not None:
            check(conn)
        conn.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        roles.ensure(conn, database.place, ours=database.url is None)
    return made


def migrate(database: Database) -> list[str]:
    """Bring a database up to date, made if it is not there; return what was applied now."""
    from sql.migrate import migrate as apply

    create(database)
    with admin(database) as conn:
        return apply(conn)


def _create(database: Database) -> bool:
    with admin(database, autocommit=True, dbname="postgres") as conn:
        sought = "SELECT 1 FROM pg_database WHERE datname = %s"
        if conn.execute(sought, [database.name]).fetchone():
            return False
        conn.execute(pgsql.SQL("CREATE DATABASE {}").format(pgsql.Identifier(database.name)))
    return True


def check(conn: Conn) -> None:
    """Refuse a server that cannot hold our tables.

    Raises
    ------
    DatabaseError
        Too old, no PostGIS, or no right to create schemas, roles or the extension.
    """
    if conn.info.server_version < 150000:
        raise DatabaseError("server_too_old", version=conn.info.server_version // 10000)
    row = conn.execute(
        """
        SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis'),
               EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis'),
               rolsuper, rolsuper OR rolcreaterole,
               has_database_privilege(current_database(), 'CREATE'),
               current_user, current_database()
          FROM pg_roles
         WHERE rolname = current_user
        """
    ).fetchone()
    assert row is not None
    has, can, superuser, may_role, may_schema, user, name = row
    if not has and not can:
        raise DatabaseError("server_no_postgis")
    if not has and not superuser:
        raise DatabaseError("server_create_postgis", database=name, user=user)
    if not (may_role and may_schema):
        raise DatabaseError("server_rights", database=name, user=user)
