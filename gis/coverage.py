"""Who is served within how many minutes on foot: counted per building, summed per area.

A building is covered by a profile within m minutes if its cheapest way to a station that counts
costs at most speed x m; counts add up exactly, from grids to the district.
"""

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from gis import districts, errors, recent, served
from gis.counting import Basis, figures
from gis.districts import District, Progress
from gis.kept import Kept
from gis.profiles import Profile, profile, profiles, set_profile
from gis.served import Longs, Town
from gis.walk import variants
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

__all__ = [
    "LEVELS", "Basis", "Profile", "check_service", "coverage", "headlines", "limit", "profile",
    "profiles", "publish", "read", "set_profile", "unpublished",
]  # fmt: skip

_LAST: Kept[tuple[Town, tuple[Longs, Longs]]] = Kept(8)
LEVELS = ("district", "subdistrict", "community", "grid")


def check_service(conn: Conn, district: str, code: str | None) -> None:
    """Refuse a service the district does not know.

    Raises
    ------
    NotFound
        The error lists the codes it knows.
    """
    known = [c for c, _ in conn.execute(query("coverage.services"), {"district": district})]
    if code is not None and code not in known:
        raise errors.NotFound("no_service", code=code, known="、".join(known) or "–")


def coverage(
    conn: Conn,
    district: str,
    profile_code: str = "standard",
    at: str | None = None,
    service: str | None = None,
    by: str = "district",
    progress: Progress = lambda step: None,
) -> dict[str, Any]:
    """Return the figures of a district and of its areas of one level.

    Without ``at`` every station open for service counts whatever its hours, and gates are as at
    10:00 on a working day; with it, stations and gates are as at that time. Buildings in no area
    of the level are listed as ``unassigned`` under the lowest area above that holds them.

    Raises
    ------
    NotFound
        Unknown district, profile or service.
    BadInput
        The time cannot be read.
    """
    home = districts.district(conn, district)
    walker = profile(conn, district, profile_code)
    check_service(conn, district, service)
    minute = variants.minute_of_week(variants.moment(at, home.zone)) if at else None
    variants.ensure_network(conn, district, progress)
    variant = variants.at_minute(conn, district, variants.DAY if minute is None else minute)
    variants.ensure_reach(conn, district, variant, progress)
    basis = read(conn, home, variant, service, minute)
    return figures(basis, walker, at, service, by)


def read(
    conn: Conn, home: District, variant: Variant, service: str | None, minute: int | None
) -> Basis:
    """Read what figures are counted from, as far as it may be seen; reach must be up to date."""
    counting = served.stations(conn, home.code, service, minute)
    town = served.town(conn, home.code)
    costs = served.costs(conn, home.code, variant.id, counting)
    cost = served.cost_of(town.buildings, costs)
    return Basis(home, town, cost, len(counting), limit(conn, home.code))


def limit(conn: Conn, district: str) -> int:
    """Return how far reach is worked out [cm]: as far as any profile's longest band."""
    row = conn.execute(query("network.limit"), {"district": district}).fetchone()
    assert row is not None
    return int(row[0])


def publish(conn: Conn, district: str, progress: Progress = lambda step: None) -> None:
    """Work out the default figures by subdistrict and keep them for the front page."""
    home = districts.district(conn, district)
    variants.ensure_network(conn, district, progress)
    variant = variants.at_minute(conn, district)
    variants.ensure_reach(conn, district, variant, progress)
    basis = _published(conn, home, variant)
    found = figures(basis, profile(conn, district, "standard"), by="subdistrict")
    values = {"district": district, "figures": Jsonb(found)}
    conn.execute(query("coverage.publish"), values)


def _published(conn: Conn, home: District, variant: Variant) -> Basis:
    """Return what the default figures are counted from: the last, renewed where it changed."""
    row = conn.execute(query("incremental.versions"), {"district": home.code}).fetchone()
    who = conn.execute("SELECT current_user").fetchone()
    assert row is not None
    key = conn.info.dbname, home, variant.id, who

    def make() -> tuple[Town, tuple[Longs, Longs]]:
        stations = served.stations(conn, home.code, None, None)
        step = recent.step(conn, home.code, *row)
        was = _LAST.peek((*key, step.edge, step.place)) if step else None
        if step is None or was is None or variant.id not in step.variants:
            costs = served.costs(conn, home.code, variant.id, stations)
            return served.town(conn, home.code), costs
        costs = recent.costs(conn, home.code, variant.id, stations, was[1], step.buildings)
        return recent.town(conn, home.code, was[0], step.buildings), costs

    town, costs = _LAST.of((*key, *row), make)
    counting = served.stations(conn, home.code, None, None)
    cost = served.cost_of(town.buildings, costs)
    return Basis(home, town, cost, len(counting), limit(conn, home.code))


def unpublished(conn: Conn) -> list[str]:
    """Return the districts whose published figures are missing or out of date, by code."""
    return [row[0] for row in conn.execute(query("coverage.unpublished")).fetchall()]


def headlines(conn: Conn) -> list[tuple[dict[str, Any], datetime]]:
    """Return the published figures of every district and when they were worked out, by code."""
    return conn.execute(query("coverage.headlines")).fetchall()
