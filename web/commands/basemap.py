"""`./yige basemap`: whose tiles lie under the map of a district."""

from pathlib import Path

import click

from web.commands import connected, say
from web.commands.figures import DISTRICT, JSON, show
from web.i18n import t

KEY_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group(help=t("help.basemap"))
def basemap() -> None:
    """Group what is done with the background."""


@basemap.command(help=t("help.basemap_tianditu"))
@DISTRICT
@click.option("--key-file", type=KEY_FILE, required=True, help=t("help.key_file"))
def tianditu(district: str, key_file: Path) -> None:
    """Switch 天地图 on; the key is read from a file, for a command line is seen by all."""
    from gis import basemaps, districts

    with connected() as conn:
        districts.district(conn, district)
        basemaps.use_tianditu(conn, district, _read(key_file))
    say("settings.tianditu_on")


@basemap.command(help=t("help.basemap_tiles"))
@DISTRICT
@click.option("--map", "vec", metavar="URL", help=t("help.basemap_map"))
@click.option("--labels", "cva", metavar="URL", help=t("help.basemap_labels"))
@click.option("--imagery", "img", metavar="URL", help=t("help.basemap_imagery"))
@click.option("--imagery-labels", "cia", metavar="URL", help=t("help.basemap_labels"))
@click.option("--datum", type=click.Choice(["cgcs2000", "wgs84", "gcj02"]), default="cgcs2000",
              show_default=True, help=t("help.basemap_datum"))  # fmt: skip
@click.option("--key-file", type=KEY_FILE, help=t("help.key_file"))
def tiles(district: str, datum: str, key_file: Path | None, **addresses: str | None) -> None:
    """Switch on tiles of any other server."""
    from gis import basemaps, districts

    given = {name: text for name, text in addresses.items() if text}
    if not {"vec", "img"} & set(given):
        raise click.UsageError(t("error.basemap_none"))
    with connected() as conn:
        districts.district(conn, district)
        key = _read(key_file) if key_file else None
        basemaps.use_tiles(conn, district, given, datum, key)
    say("settings.tiles_on")


@basemap.command(help=t("help.basemap_own"))
@DISTRICT
def own(district: str) -> None:
    """Go back to our own background."""
    from gis import basemaps

    with connected() as conn:
        basemaps.off(conn, district)
    say("settings.own_on")


@basemap.command(name="show", help=t("help.basemap_show"))
@DISTRICT
@JSON
def show_(district: str, as_json: bool) -> None:
    """Tell which background there is; never the key."""
    from gis import basemaps, districts

    with connected() as conn:
        districts.district(conn, district)
        known = basemaps.basemap(conn, district)
    answer = {"kind": "own"} if known is None else {
        "kind": known.kind, "datum": known.datum, "sets": known.sets}  # fmt: skip
    show(answer, as_json, lambda found: say(f"settings.now_{found['kind']}"))


def _read(file: Path) -> str:
    with click.open_file(str(file)) as opened:
        return str(opened.read(1000))
