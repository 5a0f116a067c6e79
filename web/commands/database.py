"""`./yige db`: the private cluster and what is in it."""

import json
import signal
import subprocess
from pathlib import Path

import click

from sql import backup, cluster, database
from sql.database import Database
from sql.errors import DatabaseError
from web.commands import report, running, say
from web.i18n import t


@click.group(help=t("help.db"))
def db() -> None:
    """Group the commands of the database."""


def _ours() -> Database:
    to = database.from_environment()
    if to.url is not None:
        raise DatabaseError("not_ours")
    return to


@db.command(help=t("help.db_start"))
def start() -> None:
    """Start the cluster and let it stay."""
    to = _ours()
    cluster.start(to.place, report=report)
    say("db.running", home=to.place.home)


@db.command(help=t("help.db_stop"))
def stop() -> None:
    """Stop the cluster."""
    say("db.stopped" if cluster.stop(_ours().place) else "db.not_running")


@db.command(help=t("help.db_status"))
@click.option("--json", "as_json", is_flag=True, help=t("help.json"))
def status(as_json: bool) -> None:
    """Tell where the database is and what it does."""
    to = database.from_environment()
    if to.url is not None:
        with database.admin(to) as conn:
            facts = {"state": "running", "ours": False, "major": conn.info.server_version // 10000}
    else:
        now = cluster.status(to.place)
        facts = {"state": now.state, "ours": True, "major": now.major, "pid": now.pid,
                 "stays": now.stays, "home": str(to.place.home)}  # fmt: skip
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        key = f"db.state_{facts['state']}" if facts["ours"] else "db.state_remote"
        say(key, major=facts["major"], home=facts.get("home", ""))


@db.command(help=t("help.db_migrate"))
def migrate() -> None:
    """Bring the tables up to date."""
    to = database.from_environment()
    with running(to):
        names = database.migrate(to)
    for name in names:
        click.echo(name)
    say("db.migrated", count=len(names))


@db.command(help=t("help.db_psql"), context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> int:
    """Open psql as the administrator."""
    to = database.from_environment()
    with running(to):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # psql's own: it cancels a query
        command = [backup.program(to, "psql"), *arguments]
        return subprocess.run(command, env=to.environment(), check=False).returncode


@db.command(name="backup", help=t("help.db_backup"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def _backup(file: Path) -> None:
    """Write everything into one file."""
    to = database.from_environment()
    with running(to):
        size = backup.backup(to, file)
    say("db.backed_up", file=file, size=f"{size / 1e6:.1f}")


@db.command(help=t("help.db_restore"))
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def restore(file: Path) -> None:
    """Put what a file holds in the place of what is there."""
    to = database.from_environment()
    with running(to):
        before = backup.restore(to, file)
    say("db.restored", file=file, before=before or "-")
