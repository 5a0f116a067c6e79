"""A database into one file, and back: the old one stays until the new one is complete."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql as pgsql

from sql import database
from sql.cluster.programs import installed, programs
from sql.database import Conn, Database
from sql.errors import DatabaseError


def program(of: Database, name: str) -> str:
    """Return the path of a client program: the cluster's own version, else the newest there is.

    Raises
    ------
    DatabaseError
        It is not installed.
    """
    if of.url is None:
        return programs(of.place.data)[name]
    found = [one[name] for one in installed() if Path(one[name]).exists()]
    path = found[0] if found else shutil.which(name)
    if path is None:
        raise DatabaseError("no_program", name=name)
    return path


def backup(of: Database, file: Path) -> int:
    """Write the whole database into ``file`` and return its size [bytes].

    The file is readable by its owner alone, and appears under its name when it is complete.

    Raises
    ------
    DatabaseError
        It cannot be written, or the server stopped.
    """
    aside = file.with_name(f"{file.name}.part")
    try:
        aside.unlink(missing_ok=True)
        aside.touch(0o600)
        _run(of, ["pg_dump", "-Fc", "-f", str(aside)], "backup_failed")
        _sync(aside)
        aside.rename(file)
    except OSError as error:
        raise DatabaseError("backup_failed", reason=error.strerror) from None
    finally:
        aside.unlink(missing_ok=True)
    return file.stat().st_size


def restore(of: Database, file: Path) -> str | None:
    """Put the content of a backup in the place of the database; return the old one's new name.

    The backup is read into a new database and brought up to date there. Only then the two change
    names, in one transaction; the old one is kept until the next restore.

    Raises
    ------
    DatabaseError
        The file is no backup, or could not be read to its end: the database is as it was.
    """
    _run(of, ["pg_restore", "--list", str(file)], "not_a_backup", file=file)
    fresh = of.beside("restoring")
    with _maintenance(of) as conn:
        _drop(conn, fresh.dbname)
        try:
            conn.execute(_sql("CREATE DATABASE {} TEMPLATE template0", fresh.dbname))
            command = ["pg_restore", "--exit-on-error", "--no-owner", "-d", fresh.dbname, str(file)]
            _run(of, command, "restore_failed", file=file)
            database.migrate(fresh)
            _drop(conn, of.beside("before").dbname)
            return _swap(conn, of, fresh.dbname)
        finally:
            _drop(conn, fresh.dbname)


def _sync(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _swap(conn: Conn, of: Database, fresh: str) -> str | None:
    """Exchange the names; those at work in the old database are put out, and may return at once."""
    for _ in range(20):
        try:
            with conn.transaction():
                return _rename(conn, of.dbname, of.beside("before").dbname, fresh)
        except psycopg.errors.ObjectInUse:
            continue
    raise DatabaseError("in_use", name=of.dbname)


def _rename(conn: Conn, name: str, before: str, fresh: str) -> str | None:
    there = conn.execute(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_database
          LEFT JOIN pg_stat_activity USING (datname)
         WHERE datname = %s
         GROUP BY datname
        """,
        [name],
    ).fetchone()
    if there:
        conn.execute(_sql("ALTER DATABASE {} RENAME TO {}", name, before))
    conn.execute(_sql("ALTER DATABASE {} RENAME TO {}", fresh, name))
    return before if there else None


def _drop(conn: Conn, name: str) -> None:
    conn.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _maintenance(of: Database) -> Conn:
    return database.admin(of, autocommit=True, dbname="postgres")


def _run(of: Database, command: list[str], key: str, **values: object) -> None:
    run = subprocess.run(
        [program(of, command[0]), *command[1:]],
        env=of.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if run.returncode:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
        raise DatabaseError(key, reason=lines[0].partition("error: ")[2] or lines[0], **values)


def _sql(text: str, *names: str) -> pgsql.Composed:
    return pgsql.SQL(text).format(*(pgsql.Identifier(name) for name in names))
