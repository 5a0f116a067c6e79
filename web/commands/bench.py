"""`./yige bench`: searches, tiles, features beside others, all in one run; pages by themselves."""

import importlib

import click

from sql import database
from sql.database import Database
from web.commands import running
from web.i18n import t


@click.command(help=t("help.bench"))
@click.argument("tasks", nargs=-1, type=click.Choice(["T1", "T2", "tiles", "features", "pages"]))
@click.option("--sizes", help=t("help.sizes"))
@click.option("--peers", help=t("help.peers"))
@click.option("--clients", default=8, show_default=True, help=t("help.clients"))
@click.option("--district", help=t("help.bench_district"))
@click.option("--json", "as_json", is_flag=True, help=t("help.json"))
def bench(
    tasks: tuple[str, ...],
    sizes: str | None,
    peers: str | None,
    clients: int,
    district: str | None,
    as_json: bool,
) -> None:
    """Measure, print the table, or JSON."""
    to = database.from_environment()
    searches = tuple(task for task in tasks if task not in ("tiles", "features", "pages"))
    with running(to):
        if "tiles" in tasks:
            measure = importlib.import_module("bench.tiles").run
            measure(to, district, clients, as_json=as_json)
        if "features" in tasks:
            importlib.import_module("bench.features").run(to, as_json=as_json)
        if "pages" in tasks:
            importlib.import_module("bench.pages").run(to, district, as_json=as_json)
        if searches or not tasks:
            _search(to, searches, sizes, peers, as_json)


def _search(
    to: Database, tasks: tuple[str, ...], sizes: str | None, peers: str | None, as_json: bool
) -> None:
    measure = importlib.import_module("bench").run
    chosen = {"sizes": sizes, "peers": peers}
    measure(
        tasks,
        as_json=as_json,
        database_url=to.conninfo(),
        **{name: text.split(",") for name, text in chosen.items() if text},
    )
