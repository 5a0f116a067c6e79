"""`./yige setup`: a list of steps, each done only where it is not done yet."""

import importlib
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import click

from sql import cluster, database
from sql.cluster.place import make_home
from sql.database import Database
from web.commands import report, running, say
from web.i18n import t


class Progress:
    """The line of one step: on a terminal it is rewritten, elsewhere told every few seconds."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.start = time.monotonic()
        self.live = sys.stdout.isatty()
        self._draw("…")

    def __call__(self, text: str, done: float | None = None) -> None:
        """Show what is being done and, where known, the share of it that is [0...1]."""
        if time.monotonic() - self.shown > (0.1 if self.live else 5.0):
            self._draw(text if done is None else f"{text} {done:4.0%}")

    def end(self, text: str) -> None:
        """Leave the line with the result and the seconds it took."""
        seconds = time.monotonic() - self.start
        self._draw(f"{text} ({seconds:.1f} s)")
        if self.live:
            click.echo()

    def _draw(self, text: str) -> None:
        self.shown = time.monotonic()
        line = f"{self.label} {text}"
        click.echo(f"\r\x1b[K{line}" if self.live else line, nl=not self.live)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the key of its label, and what does it and returns a line about the result."""

    key: str
    run: Callable[[Database, Progress], str]


def _environment(to: Database, progress: Progress) -> str:
    return f"Python {platform.python_version()}"


def _cluster(to: Database, progress: Progress) -> str:
    database.create(to)
    with database.admin(to) as conn:
        row = conn.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        server, postgis = row.fetchone() or ("", "")
    return f"PostgreSQL {server.split()[0]}, PostGIS {postgis}"


def _migrate(to: Database, progress: Progress) -> str:
    return t("setup.migrated", count=len(database.migrate(to)))


def _demo(to: Database, progress: Progress) -> str:
    return _later("web.commands.content", "ensure", to, progress)


def _kernels(to: Database, progress: Progress) -> str:
    warming = importlib.import_module("web.commands.serve").warming
    with warming(to):
        return _later("gis.walk.reach", "warm")


def _browser(to: Database, progress: Progress) -> str:
    return _later("web.assets", "install")


def _later(module: str, name: str, *arguments: object) -> str:
    """Call a function of a module that is imported only now: it may be slow to load."""
    function = getattr(importlib.import_module(module), name)
    return str(function(*arguments) or t("setup.done"))


STEPS = (
    Step("environment", _environment),
    Step("browser", _browser),
    Step("cluster", _cluster),
    Step("migrate", _migrate),
    Step("demo", _demo),
    Step("kernels", _kernels),
)


EMPTY = click.option("--empty", is_flag=True, help=t("help.empty"))


def run_steps(to: Database, empty: bool) -> None:
    """Run the steps in order, each with its progress; a failed one ends the run.

    ``empty``: without the sample district. A second terminal waits for the first.
    """
    make_home(to.place)
    with cluster.locked(to.place, report, "setup"):
        _run_steps(to, [step for step in STEPS if not (empty and step.key == "demo")])


def _run_steps(to: Database, steps: list[Step]) -> None:
    for number, step in enumerate(steps, 1):
        progress = Progress(f"[{number}/{len(steps)}] {t(f'setup.{step.key}')}")
        try:
            progress.end(step.run(to, progress))
        except BaseException:
            progress.end(t("setup.failed"))
            raise


@click.command(help=t("help.setup"))
@EMPTY
def setup(empty: bool) -> None:
    """Do all but serve."""
    to = database.from_environment()
    with running(to):
        run_steps(to, empty)
    say("setup.ready", command=f"{os.environ.get('YIGE_SCRIPT', './yige')} up")
