"""Counting who is served: sums of buildings per area. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gis import errors
from gis.districts import District
from gis.profiles import Profile
from gis.served import LEVELS, NO_WAY, Flags, Longs, Town

COUNTS = ("buildings", "households", "people")
OVER, UNCONNECTED = 255, 254  # classes of minutes beside the minutes themselves


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What figures are counted from: the same for every level, area and profile."""

    home: District
    town: Town
    cost_cm: Longs
    stations: int
    limit_cm: int


def figures(
    basis: Basis,
    walker: Profile,
    at: str | None = None,
    service: str | None = None,
    by: str = "district",
    area: str | None = None,
) -> dict[str, Any]:
    """Count who is served, in all and by the areas of one level, in the order of their codes.

    With ``area`` only what lies in it counts; a level above its own stands for its own. Areas that
    hold nothing of the actor's are left out.

    Raises
    ------
    NotFound
        There is no area of that code, or nothing of it may be seen.
    BadInput
        The minutes asked for lie beyond what reach is worked out for.
    """
    if walker.limits[-1] > basis.limit_cm:
        most = 60 * basis.limit_cm // walker.speed_cm_per_h
        raise errors.BadInput("minutes_far", minutes=walker.bands[-1], most=most)
    root, level = _root(basis.town, area, by)
    keep = basis.town.inside(root)[basis.town.buildings.area]
    rows = _rows(basis, walker, level, root, keep)
    return {
        "district": basis.home.code,
        "name": basis.home.name,
        "sample": basis.home.sample,
        "origin": basis.home.origin,
        "data_date": str(basis.home.data_date),
        "profile": walker.code,
        "speed_cm_per_h": walker.speed_cm_per_h,
        "minutes": walker.minutes,
        "at": at,
        "service": service,
        "by": level,
        "stations": basis.stations,
        "partial": not basis.town.areas[root].mine,
        **_sum(rows, walker),
        "areas": rows,
    }


def minutes(basis: Basis, walker: Profile) -> Longs:
    """Return the minutes of each building, rounded up; ``OVER`` or ``UNCONNECTED`` where none.

    With distances of its own a profile counts in its bands: the minutes of the first one that
    holds the way.
    """
    cost = basis.cost_cm
    if walker.limits_cm:
        found = np.append(walker.bands, OVER)[np.searchsorted(walker.limits_cm, cost)]
    else:
        found = np.minimum(-(-60 * cost // walker.speed_cm_per_h), UNCONNECTED - 1)
        found[cost > basis.limit_cm] = OVER
    found[basis.town.buildings.unconnected & (cost >= NO_WAY)] = UNCONNECTED
    return found


def _root(town: Town, area: str | None, by: str) -> tuple[int, str]:
    """Return the row of the area that is asked about, and the level to list."""
    seen = town.seen()
    found = [
        row
        for row, one in enumerate(town.areas)
        if seen[row] and (one.code == area or (area is None and one.level == "district"))
    ]
    if not found:
        raise errors.NotFound("no_area", code=area)
    own = town.areas[found[0]].level
    return found[0], min(own, by, key=LEVELS.index)


def _rows(
    basis: Basis, walker: Profile, level: str, root: int, keep: Flags
) -> list[dict[str, Any]]:
    """Return the figures of each area of a level below the root, then what none of them takes."""
    town, seen = basis.town, basis.town.seen()
    inside = town.inside(root)
    counts = _Counts(basis, walker, town.above(level)[town.buildings.area], keep)
    rows = [
        (one.level != level, one.code, row)
        for row, one in enumerate(town.areas)
        if inside[row] and seen[row] and (one.level == level or counts.buildings[row])
    ]
    return [_area(town, row, unassigned, counts, walker) for unassigned, _, row in sorted(rows)]


class _Counts:
    """Buildings, households and people by area: all, unconnected, estimated, within each limit."""

    def __init__(self, basis: Basis, walker: Profile, area: Longs, keep: Flags) -> None:
        those = basis.town.buildings
        self._weights = (np.ones(len(those.id), np.int64), those.households, those.people)
        self._area, self._size = area, len(basis.town.areas)
        self.all = self._of(keep)
        self.unconnected = self._of(keep & those.unconnected)
        self.estimated = self._of(keep & those.estimated)
        self.bands = [self._of(keep & (basis.cost_cm <= limit)) for limit in walker.limits]
        self.buildings = self.all[0]

    def _of(self, those: Flags) -> Longs:
        """Return (3, n_area) counts of those buildings."""
        area = self._area[those]
        counted = [np.bincount(area, each[those], self._size) for each in self._weights]
        return np.array(counted).astype(np.int64)


def _area(
    town: Town, row: int, unassigned: bool, counts: _Counts, walker: Profile
) -> dict[str, Any]:
    """Return the figures of one area, or of what no area below it takes."""
    area = town.areas[row]
    parent = town.areas[area.parent].code if area.parent >= 0 else None

    def of(those: Longs) -> dict[str, int]:
        return dict(zip(COUNTS, those[:, row].tolist(), strict=True))

    return {
        "code": "unassigned" if unassigned else area.code,
        "name": "未划入" if unassigned else area.name,
        "level": area.level,
        "parent": area.code if unassigned else parent,
        **_figures(
            of(counts.all),
            of(counts.unconnected),
            of(counts.estimated),
            [of(band) for band in counts.bands],
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
