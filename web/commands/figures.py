"""`./yige status|coverage|nearest|network|profile`: figures, for people and for scripts."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from web.commands import connected, say
from web.i18n import t

DISTRICT = click.option("--district", required=True, metavar="CODE", help=t("help.district"))
JSON = click.option("--json", "as_json", is_flag=True, help=t("help.json"))
PROFILE = click.option(
    "--profile", default="standard", show_default=True, help=t("help.with_profile")
)
AT = click.option("--at", metavar="TIME", help=t("help.at"))
SERVICE = click.option("--service", metavar="CODE", help=t("help.service"))
LEVELS = ("district", "subdistrict", "community", "grid")


def progress(step: str) -> None:
    """Tell on the error stream what is being worked out."""
    click.echo(t(f"progress.{step}"), err=True)


def show(answer: Any, as_json: bool, as_text: Callable[[Any], None]) -> None:
    """Print an answer as JSON, or as text for people."""
    if as_json:
        json.dump(answer, sys.stdout, ensure_ascii=False)
        click.echo()
    else:
        as_text(answer)


@click.command(help=t("help.status"))
@JSON
def status(as_json: bool) -> None:
    """Count what there is in each district."""
    from gis import districts

    with connected() as conn:
        show({"districts": districts.status(conn)}, as_json, _print_status)


@click.command(help=t("help.coverage"))
@DISTRICT
@PROFILE
@AT
@SERVICE
@click.option("--by", type=click.Choice(LEVELS), default="district", help=t("help.by"))
@JSON
def coverage(
    district: str, profile: str, at: str | None, service: str | None, by: str, as_json: bool
) -> None:
    """Count who is served within how many minutes."""
    from gis.coverage import coverage as figures

    with connected() as conn:
        answer = figures(conn, district, profile, at, service, by, progress)
    show(answer, as_json, _print_coverage)


@click.command(help=t("help.nearest"), context_settings={"ignore_unknown_options": True})
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@DISTRICT
@click.option("--datum", default="cgcs2000", show_default=True, help=t("help.datum"))
@SERVICE
@AT
@PROFILE
@click.option("--limit", type=click.IntRange(1, 1000), default=3, help=t("help.limit"))
@JSON
def nearest(
    lon: float,
    lat: float,
    district: str,
    datum: str,
    service: str | None,
    at: str | None,
    profile: str,
    limit: int,
    as_json: bool,
) -> None:
    """Find the nearest stations on foot from a point."""
    from gis.nearest import nearest as find

    with connected() as conn:
        answer = find(conn, district, lon, lat, datum, service, at, limit, profile, progress)
    show(answer, as_json, _print_nearest)


@click.command(help=t("help.network"))
@DISTRICT
@click.option("--variant", default="day", show_default=True, help=t("help.variant"))
@click.option(
    "--export", type=click.Path(dir_okay=False, path_type=Path), help=t("help.export_network")
)
@JSON
def network(district: str, variant: str, export: Path | None, as_json: bool) -> None:
    """Report on the walking network, or write it into a GeoPackage."""
    from gis import districts
    from gis.walk import report, variants

    with connected() as conn:
        home = districts.district(conn, district)
        variants.ensure_network(conn, district, progress)
        state = variants.named(conn, district, variant, home.zone)
        answer = report.health(conn, home, variant, state)
        if export is not None:
            from gis.exchange.geopackage import write

            write(conn, home, state, export)
    show(answer, as_json, _print_network)
    if export is not None and not as_json:
        say("network.exported", file=export)


@click.command(help=t("help.profile"))
@DISTRICT
@click.argument("code", required=False)
@click.option("--speed", type=float, metavar="KM/H", help=t("help.speed"))
@click.option("--minutes", type=int, default=15, show_default=True, help=t("help.minutes"))
@JSON
def profile(
    district: str, code: str | None, speed: float | None, minutes: int, as_json: bool
) -> None:
    """List the profiles of a district, or set one."""
    from dataclasses import asdict

    from gis import coverage as figures
    from gis import districts

    with connected() as conn:
        districts.district(conn, district)
        if code is not None and speed is not None:
            figures.set_profile(conn, district, code, speed, minutes)
        those = figures.profiles(conn, district)
    show({"profiles": [asdict(one) for one in those]}, as_json, _print_profiles)


def table(head: list[str], rows: list[list[Any]]) -> None:
    """Print columns, numbers to the right; Chinese characters count double."""
    cells = [[str(c) for c in head], *[[_cell(c) for c in row] for row in rows]]
    widths = [max(_width(row[k]) for row in cells) for k in range(len(head))]
    for number, row in enumerate(cells):
        parts = [
            _pad(text, width, right=bool(number and isinstance(rows[number - 1][k], int | float)))
            for k, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(parts).rstrip())


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def percent(part: int, whole: int) -> str:
    """Return a share for people; a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _print_status(answer: dict[str, Any]) -> None:
    if not answer["districts"]:
        say("status.none")
        return
    names = ("subdistricts", "communities", "grids", "compounds", "buildings", "households",
             "people", "stations")  # fmt: skip
    head = ["", t("count.district"), *(t(f"count.{n}") for n in names), t("count.data_date")]
    rows = [
        [d["code"], _marked(d), *(d[n] for n in names), d["data_date"]] for d in answer["districts"]
    ]
    table(head, rows)


def _marked(answer: dict[str, Any]) -> str:
    return f"{answer['name']} [{t('sample')}]" if answer["sample"] else str(answer["name"])


def _print_coverage(a: dict[str, Any]) -> None:
    say("coverage.head", name=_marked(a), profile=a["profile"], date=a["data_date"],
        speed=f"{a['speed_cm_per_h'] / 100_000:.1f}", minutes=a["minutes"])  # fmt: skip
    say("coverage.people", share=percent(a["people_covered"], a["people"]),
        part=a["people_covered"], whole=a["people"])  # fmt: skip
    say("coverage.buildings", share=percent(a["buildings_covered"], a["buildings"]),
        part=a["buildings_covered"], whole=a["buildings"])  # fmt: skip
    say("coverage.stations", count=a["stations"])
    bands = [f"≤ {b['minutes']}" for b in a["bands"]]
    head = ["", "", t("count.households"), *bands, t("band.unconnected"), t("count.share")]
    lines = [[x["code"], x["name"], *_row(x)] for x in a["areas"]]
    total = [["", t("count.sum"), *_row(a)]] if len(lines) > 1 else []
    click.echo()
    table(head, lines + total)


def _row(x: dict[str, Any]) -> list[Any]:
    bands = [b["households"] for b in x["bands"]]
    unconnected = x["unconnected"]["households"]
    return [x["households"], *bands, unconnected, percent(x["households_covered"], x["households"])]


def _print_nearest(answer: dict[str, Any]) -> None:
    head = ["", t("count.stations"), t("count.minutes"), t("count.metres"), t("count.hours"), ""]
    rows = [
        [s["code"], s["name"], s["minutes"], -(-s["cost_cm"] // 100), s["hours"],
         t("station.open" if s["open"] else "station.shut")]
        for s in answer["stations"]
    ]  # fmt: skip
    if rows:
        table(head, rows)
    else:
        say("nearest.none")


def _print_network(a: dict[str, Any]) -> None:
    say("network.head", name=a["name"], variant=a["variant"], nodes=f"{a['nodes']:,}",
        edges=f"{a['edges']:,}", km=f"{a['length_cm'] / 100_000:,.1f}")  # fmt: skip
    say("network.components", count=a["components"]["count"],
        share=f"{100 * a['components']['largest_share']:.1f} %")  # fmt: skip
    for name in ("unconnected_buildings", "long_connectors", "one_way_gates", "shut_gates"):
        say(f"network.{name}", count=len(a[name]))
        for one in a[name][:10]:
            click.echo(f"  {one['code']}  {one['name']}  {one['lon']:.6f} {one['lat']:.6f}")


def _print_profiles(answer: dict[str, Any]) -> None:
    rows = [
        [p["code"], p["name"], f"{p['speed_cm_per_h'] / 100_000:.1f} km/h", p["minutes"],
         "、".join(map(str, p["bands"]))]
        for p in answer["profiles"]
    ]  # fmt: skip
    table(["", "", t("count.speed"), t("count.minutes"), t("count.bands")], rows)
