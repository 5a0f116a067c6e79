"""The commands, one module a group; what they share is how they reach the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from sql import cluster, database
from sql.database import Conn, Database
from web.i18n import t


def say(key: str, **values: object) -> None:
    """Print a text of the translations."""
    click.echo(t(key, **values))


def report(key: str) -> None:
    """Tell on the error stream what takes a moment."""
    click.echo(t(f"cluster.{key}"), err=True)


@contextmanager
def running(to: Database) -> Iterator[None]:
    """Keep the private cluster running inside the block, if the database is in it."""
    if to.url is not None:
        yield
        return
    with cluster.running(to.place, report=report):
        yield


@contextmanager
def connected(to: Database | None = None) -> Iterator[Conn]:
    """Yield the administrator's connection, in one transaction, with the server started."""
    to = to or database.from_environment()
    with running(to), database.admin(to) as conn:
        yield conn
