"""Bring a database up to date: migrations once, functions and policies each time."""

import hashlib
from pathlib import Path

from sql import ROOT
from sql.database import Conn
from sql.errors import DatabaseError

_LEDGER = """
CREATE TABLE IF NOT EXISTS public.yige_migration (
  name text PRIMARY KEY,
  hash text NOT NULL,
  at   timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON public.yige_migration TO PUBLIC
"""


def migrate(conn: Conn) -> list[str]:
    """Apply the migrations not yet applied, then reload every function and policy.

    Migrations run once and are never edited; functions and policies are written to be
    run again, so they always equal their files. All in one transaction.

    Returns
    -------
    Names of the migrations applied now, in order.

    Raises
    ------
    DatabaseError
        A migration that was applied has been edited or removed.
    """
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('yige.migrate'))")
        conn.execute("SET LOCAL client_min_messages = warning")
        conn.execute(_LEDGER)
        applied = _applied(conn)
        chain = _chain()
        _compare(applied, chain)
        pending = [name for name in chain if name not in applied]
        for name in pending:
            _run(conn, ROOT / "migrations" / name)
            conn.execute(
                "INSERT INTO public.yige_migration (name, hash) VALUES (%s, %s)",
                [name, chain[name]],
            )
        for path in _files("functions") + _files("policies"):
            _run(conn, path)
    return pending


def is_current(conn: Conn) -> bool:
    """Tell whether every migration of this checkout has been applied, and no other."""
    known = conn.execute("SELECT to_regclass('public.yige_migration')").fetchone()
    return known is not None and known[0] is not None and _applied(conn) == _chain()


def pending(conn: Conn) -> list[str]:
    """Return the migrations of this checkout that the database lacks, in order.

    Any login may ask. One that has been edited since counts as lacking.
    """
    there = conn.execute("SELECT to_regclass('public.yige_migration') IS NOT NULL").fetchone()
    applied = _applied(conn) if there == (True,) else {}
    return [name for name, digest in _chain().items() if applied.get(name) != digest]


def _applied(conn: Conn) -> dict[str, str]:
    return dict(conn.execute("SELECT name, hash FROM public.yige_migration").fetchall())


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).glob("*.sql"))


def _chain() -> dict[str, str]:
    """Return each migration's hash, which covers all migrations before it."""
    chain: dict[str, str] = {}
    last = ""
    for path in _files("migrations"):
        last = hashlib.sha256(last.encode() + path.read_bytes()).hexdigest()
        chain[path.name] = last
    return chain


def _compare(applied: dict[str, str], chain: dict[str, str]) -> None:
    for name, digest in applied.items():
        if chain.get(name) != digest:
            raise DatabaseError("migration_edited", name=name)


def _run(conn: Conn, path: Path) -> None:
    conn.execute(path.read_bytes())  # our own file
