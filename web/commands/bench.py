"""`./yige bench`: our searches beside other engines, all in one run."""

import importlib

import click

from sql import database
from web.commands import running
from web.i18n import t


@click.command(help=t("help.bench"))
@click.argument("tasks", nargs=-1, type=click.Choice(["T1", "T2"]))
@click.option("--sizes", help=t("help.sizes"))
@click.option("--peers", help=t("help.peers"))
@click.option("--json", "as_json", is_flag=True, help=t("help.json"))
def bench(tasks: tuple[str, ...], sizes: str | None, peers: str | None, as_json: bool) -> None:
    """Measure, print the table, or JSON."""
    measure = importlib.import_module("bench").run
    chosen = {"sizes": sizes, "peers": peers}
    to = database.from_environment()
    with running(to):
        measure(
            tasks,
            as_json=as_json,
            database_url=to.conninfo(),
            **{name: text.split(",") for name, text in chosen.items() if text},
        )
