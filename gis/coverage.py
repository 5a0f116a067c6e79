"""Who is served within how many minutes on foot: counted per building, summed per area.

A building is covered by a profile within m minutes if its cheapest way to a station that counts
costs at most speed x m; counts add up exactly, from grids to the district.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from gis import districts, errors
from gis.districts import Progress
from gis.walk import variants
from sql import query
from sql.database import Conn

LEVELS = ("district", "subdistrict", "community", "grid")
COUNTS = ("buildings", "households", "people")


@dataclass(frozen=True, slots=True)
class Profile:
    """How one walks: speed, the minutes asked for, the bands and their limits.

    A band's limit is speed x minutes / 60, rounded down to the centimetre, unless the profile
    names distances of its own.
    """

    code: str
    name: str
    speed_cm_per_h: int
    minutes: int
    bands: list[int]
    limits_cm: list[int] | None = None

    @property
    def limits(self) -> list[int]:
        """The limit of each band [cm]."""
        return self.limits_cm or [self.speed_cm_per_h * m // 60 for m in self.bands]

    def minutes_for(self, cost_cm: int) -> int:
        """Return the minutes a way takes, rounded up."""
        return -(-60 * cost_cm // self.speed_cm_per_h)


def profile(conn: Conn, district: str, code: str) -> Profile:
    """Return a profile of a district.

    Raises
    ------
    NotFound
        It has none of that code; the error lists those it has.
    """
    found = conn.execute(query("coverage.profile"), {"district": district, "code": code}).fetchone()
    if found is None:
        raise errors.NotFound("no_profile", code=code, known=_known(profiles(conn, district)))
    return Profile(*found)


def profiles(conn: Conn, district: str) -> list[Profile]:
    """Return the profiles of a district, the fastest first."""
    rows = conn.execute(query("coverage.profiles"), {"district": district}).fetchall()
    return [Profile(*row) for row in rows]


def set_profile(conn: Conn, district: str, code: str, speed_km_h: float, minutes: int) -> Profile:
    """Make or change a profile.

    Raises
    ------
    BadInput
        The speed is not between 0.1 and 20 km/h, or the minutes not between 1 and 120.
    """
    if not 0.1 <= speed_km_h <= 20:
        raise errors.BadInput("speed", speed=speed_km_h)
    if not 1 <= minutes <= 120:
        raise errors.BadInput("minutes", minutes=minutes)
    values = {
        "district": district,
        "code": code,
        "name": code,
        "speed_cm_per_h": round(speed_km_h * 100_000),
        "minutes": minutes,
        "bands": sorted({5, 10, 15, 20, minutes}),
    }
    with errors.told():
        conn.execute(query("coverage.set_profile"), values)
    return profile(conn, district, code)


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
    parameters = {
        "district": district,
        "variant": variant.id,
        "service": service,
        "minute": minute,
        "by": by,
        "limits": walker.limits,
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query("coverage.figures"), parameters).fetchall()
    stations = conn.execute(query("coverage.stations"), parameters).fetchone()
    assert stations is not None
    areas = [_area(row, walker) for row in rows]
    return {
        "district": district,
        "name": home.name,
        "sample": home.sample,
        "origin": home.origin,
        "data_date": str(home.data_date),
        "profile": walker.code,
        "speed_cm_per_h": walker.speed_cm_per_h,
        "minutes": walker.minutes,
        "at": at,
        "service": service,
        "by": by,
        "stations": stations[0],
        **_sum(areas, walker),
        "areas": areas,
    }


def publish(conn: Conn, district: str, progress: Progress = lambda step: None) -> None:
    """Work out the default figures by subdistrict and keep them for the front page."""
    figures = coverage(conn, district, by="subdistrict", progress=progress)
    values = {"district": district, "figures": Jsonb(figures)}
    conn.execute(query("coverage.publish"), values)


def unpublished(conn: Conn) -> list[str]:
    """Return the districts whose published figures are missing or out of date, by code."""
    return [row[0] for row in conn.execute(query("coverage.unpublished")).fetchall()]


def headlines(conn: Conn) -> list[tuple[dict[str, Any], datetime]]:
    """Return the published figures of every district and when they were worked out, by code."""
    return conn.execute(query("coverage.headlines")).fetchall()


def _area(row: dict[str, Any], walker: Profile) -> dict[str, Any]:
    """Turn a row of the query into the figures of one area."""
    unassigned = row["unassigned"]
    return {
        "code": "unassigned" if unassigned else row["code"],
        "name": "未划入" if unassigned else row["name"],
        "level": row["level"],
        "parent": row["code"] if unassigned else row["parent"],
        **_figures(
            {name: row[name] for name in COUNTS},
            _counts(row["unconnected"]),
            _counts(row["estimated"]),
            [_counts(band) for band in row["bands"]],
            walker,
        ),
    }


def _figures(
    total: dict[str, int],
    unconnected: dict[str, int],
    estimated: dict[str, int],
    bands: list[dict[str, int]],
    walker: Profile,
) -> dict[str, Any]:
    covered = bands[walker.bands.index(walker.minutes)]
    return {
        **total,
        **{f"{name}_covered": covered[name] for name in COUNTS},
        "unconnected": unconnected,
        "estimated": estimated,
        "bands": [{"minutes": m, **band} for m, band in zip(walker.bands, bands, strict=True)],
    }


def _sum(areas: list[dict[str, Any]], walker: Profile) -> dict[str, Any]:
    """Add up areas that are disjoint and leave nothing out."""

    def add(parts: list[dict[str, int]]) -> dict[str, int]:
        return {name: sum(part[name] for part in parts) for name in COUNTS}

    return _figures(
        add(areas),
        add([area["unconnected"] for area in areas]),
        add([area["estimated"] for area in areas]),
        [add([area["bands"][i] for area in areas]) for i in range(len(walker.bands))],
        walker,
    )


def _counts(values: list[int]) -> dict[str, int]:
    return dict(zip(COUNTS, values, strict=True))


def _known(those: list[Profile]) -> str:
    return "、".join(one.code for one in those)
