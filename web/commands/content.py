"""`./yige demo|import|remove`: districts in and out."""

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.commands import connected, say
from web.commands.figures import progress
from web.i18n import t

if TYPE_CHECKING:
    from sql.database import Conn, Database

SAMPLES = ("mudan", "taonan", "longyao")
REPLACE = click.option("--replace", is_flag=True, help=t("help.replace"))


@click.command(help=t("help.demo"))
@click.argument("name", type=click.Choice(SAMPLES))
@click.option("--seed", type=click.IntRange(1), default=1, show_default=True, help=t("help.seed"))
@click.option("--scale", type=click.IntRange(1, 20), default=1, show_default=True,
              help=t("help.scale"))  # fmt: skip
@REPLACE
def demo(name: str, seed: int, scale: int, replace: bool) -> None:
    """Make a sample district."""
    from gis.demo import store

    start = time.monotonic()
    with connected() as conn:
        store.check_free(conn, name, replace)
        made = store.make(conn, name, seed, scale, replace, progress)
        _work_out(conn, made.code)
    say("demo.made", name=made.name, code=made.code, seconds=f"{time.monotonic() - start:.0f}")


def ensure(to: "Database", show: Any) -> str:
    """Make the first sample district if there is no district, else bring the figures up to date."""
    from gis import coverage, districts

    def tell(step: str) -> None:
        show(t(f"progress.{step}"))

    with connected(to) as conn:
        if not districts.status(conn):
            from gis.demo import store

            made = store.make(conn, "mudan", 1, 1, False, tell)
            _work_out(conn, made.code, tell)
            return t("demo.ready", name=made.name)
        for code in coverage.unpublished(conn):
            _work_out(conn, code, tell)
        return t("demo.there", names="、".join(d["name"] for d in districts.status(conn)))


def _work_out(conn: "Conn", code: str, tell: Any = progress) -> None:
    """Build the network and the default figures, so that the first question is answered at once."""
    from gis import coverage

    coverage.publish(conn, code, tell)


@click.group(name="import", help=t("help.import"))
def import_() -> None:
    """Group the kinds of files."""


@import_.command(help=t("help.import_osm"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code", required=True, metavar="CODE", help=t("help.code"))
@click.option("--name", required=True, help=t("help.name"))
@click.option("--date", "data_date", type=click.DateTime(["%Y-%m-%d"]), help=t("help.date"))
@click.option("--demand", metavar="edges:N", help=t("help.demand"))
@REPLACE
def osm(
    file: Path, code: str, name: str, data_date: Any, demand: str | None, replace: bool
) -> None:
    """Make a district of an OpenStreetMap extract."""
    from gis.exchange import openstreetmap

    start = time.monotonic()
    with connected() as conn:
        day = data_date.date() if data_date else date.today()
        counts = openstreetmap.bring(conn, file, code, name, day, demand, replace, progress)
        _work_out(conn, code)
    say("import.done", name=name, code=code, seconds=f"{time.monotonic() - start:.0f}",
        **counts)  # fmt: skip


KIND = click.Choice(("areas", "buildings", "stations", "members", "ways"))


def _kind(name: str) -> None:
    """Add the command of a kind to ``import``."""

    @import_.command(name=name, help=t(f"help.import_{name}"))
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--district", required=True, metavar="CODE", help=t("help.district"))
    @click.option("--datum", required=True, help=t("help.datum"))
    @click.option("--encoding", default="", help=t("help.encoding"))
    @click.option("--layer", help=t("help.layer"))
    @click.option(
        "--column", "columns", multiple=True, metavar="FIELD=HEADING", help=t("help.column")
    )
    @click.option("--set", "given", multiple=True, metavar="FIELD=VALUE", help=t("help.set"))
    @click.option("--repair", is_flag=True, help=t("help.repair"))
    @click.option("--trust-datum", "trust", is_flag=True, help=t("help.trust_datum"))
    @click.option("--refused", type=click.Path(path_type=Path), help=t("help.refused"))
    @click.option("--dry-run", is_flag=True, help=t("help.dry_run"))
    @click.option("--json", "as_json", is_flag=True, help=t("help.json"))
    def bring(file: Path, district: str, **asked: Any) -> None:
        from web.commands import exchange

        exchange.bring(name, file, district, **asked)


for _name in KIND.choices:
    _kind(_name)


@import_.command(name="list", help=t("help.import_list"))
@click.option("--district", required=True, metavar="CODE", help=t("help.district"))
@click.option("--json", "as_json", is_flag=True, help=t("help.json"))
def list_(district: str, as_json: bool) -> None:
    """List what was brought in."""
    from web.commands import exchange

    exchange.show(district, as_json)


@import_.command(help=t("help.import_undo"))
@click.argument("id", type=int)
def undo(id: int) -> None:
    """Take an import back."""
    from gis.exchange import undo as taking

    with connected() as conn:
        count = taking.undo(conn, id)
    say("import.undone", id=id, count=count)


@click.command(help=t("help.export_layer"))
@click.argument("layer")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--district", required=True, metavar="CODE", help=t("help.district"))
@click.option("--datum", default="cgcs2000", show_default=True, help=t("help.datum"))
@click.option("--encoding", default="UTF-8", show_default=True, help=t("help.encoding"))
def export(layer: str, file: Path, district: str, datum: str, encoding: str) -> None:
    """Write one layer."""
    from gis import districts
    from gis.exchange import writing

    with connected() as conn:
        home = districts.district(conn, district)
        count = writing.write(conn, home, layer, file, datum, encoding)
    say("export.done", file=file, count=count, layer=layer, datum=datum)


@click.command(help=t("help.remove"))
@click.argument("code")
def remove(code: str) -> None:
    """Take a district out."""
    from gis import districts

    with connected() as conn:
        home = districts.district(conn, code)
        districts.remove(conn, code)
    say("remove.done", name=home.name, code=code)
