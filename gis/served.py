"""What figures are made of, as arrays: buildings, the costs of their ways, and areas.

Each is read once and serves every question: by area, by level, by profile.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sql import query
from sql.database import Conn

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
NO_WAY = np.int64(1) << 40  # more than any limit
LEVELS = ("grid", "community", "subdistrict", "district")  # ascending


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """The buildings one may see, by id; ``area`` is the row of the lowest area that holds each."""

    id: Longs
    households: Longs
    people: Longs
    estimated: Flags
    unconnected: Flags
    area: Longs


class Area(NamedTuple):
    """An area in force; ``mine``: every building of it may be seen; box west, south, east, north.

    ``parent`` is the row of the area above, -1 for the district.
    """

    id: int
    code: str
    name: str
    level: str
    parent: int
    mine: bool
    lon: float | None
    lat: float | None
    box: list[float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """The areas by code, and the buildings in them, as one actor sees them."""

    areas: tuple[Area, ...]
    buildings: Buildings

    def seen(self) -> list[bool]:
        """Tell of each area whether the actor has a right on it, or on one below it."""
        found = [area.mine for area in self.areas]
        for level in LEVELS:
            for row, area in enumerate(self.areas):
                if area.level == level and found[row] and area.parent >= 0:
                    found[area.parent] = True
        return found

    def inside(self, root: int) -> Flags:
        """Tell of each area whether it is the one of row ``root`` or below it."""
        found: Flags = np.arange(len(self.areas)) == root
        parent = np.array([area.parent for area in self.areas])
        for _ in LEVELS:
            found |= (parent >= 0) & found[parent]
        return found

    def summed(self, counts: NDArray[Any]) -> Longs:
        """Add to the count of each area those of the areas below it."""
        found = counts.astype(np.int64)
        for level in LEVELS[:-1]:
            for row, area in enumerate(self.areas):
                if area.level == level and area.parent >= 0:
                    found[area.parent] += found[row]
        return found

    def above(self, level: str) -> Longs:
        """Return for each area the row of the lowest area at ``level`` or higher that holds it."""
        rank = LEVELS.index(level)
        found = np.arange(len(self.areas))
        for _ in LEVELS:
            for row, at in enumerate(found.tolist()):
                area = self.areas[at]
                if LEVELS.index(area.level) < rank and area.parent >= 0:
                    found[row] = area.parent
        return found


def town(conn: Conn, district: str) -> Town:
    """Return the areas and buildings of a district that may be seen."""
    rows = conn.execute(query("served.areas"), {"district": district}).fetchall()
    row_of = {row[0]: k for k, row in enumerate(rows)}
    areas = [_area(row, row_of.get(row[4], -1)) for row in rows]
    return Town(tuple(areas), buildings(conn, district, row_of))


def _area(row: tuple[Any, ...], parent: int) -> Area:
    id_, code, name, level, _, mine, lon, lat, *corners = row
    return Area(id_, code, name, level, parent, mine, lon, lat, _box(corners))


def _box(corners: Any) -> list[float] | None:
    return None if corners[0] is None else [round(one, 9) for one in corners]


def buildings(
    conn: Conn, district: str, row_of: dict[int, int], only: Longs | None = None
) -> Buildings:
    """Return the buildings that may be seen, or some of them; ``row_of`` the areas by id."""
    name, asked = ("some_", {"ids": only.tolist()}) if only is not None else ("", {})
    columns = _columns(conn, f"served.{name}buildings", {"district": district, **asked}, 6)
    ids, households, people, estimated, unconnected, area = columns
    lowest, place = np.unique(area, return_inverse=True)
    rows = np.array([row_of[one] for one in lowest.tolist()], dtype=np.int64)
    return Buildings(
        ids, households, people, estimated.astype(bool), unconnected.astype(bool), rows[place]
    )


def stations(conn: Conn, district: str, service: str | None, minute: int | None) -> tuple[int, ...]:
    """Return the ids of the stations that count, ascending.

    Those open for service, with ``service`` those that offer it, with ``minute`` those open at
    that minute of the week.
    """
    asked = {"district": district, "service": service, "minute": minute}
    row = conn.execute(query("served.stations"), asked).fetchone()
    assert row is not None
    return tuple(row[0])


def costs(
    conn: Conn,
    district: str,
    variant: int,
    stations: tuple[int, ...],
    only: Longs | None = None,
) -> tuple[Longs, Longs]:
    """Return the ids of buildings, ascending, and what the cheapest way to a station costs [cm].

    Buildings that reach none of the stations are left out; with ``only`` all but some.
    """
    asked = {"district": district, "variant": variant, "stations": list(stations)}
    name = "costs"
    if only is not None:
        name, asked["ids"] = "some_costs", only.tolist()
    ids, cost = _columns(conn, f"served.{name}", asked, 2)
    return ids, cost


def cost_of(buildings: Buildings, costs: tuple[Longs, Longs]) -> Longs:
    """Return the cost of each building, ``NO_WAY`` where there is none."""
    ids, cost = costs
    found = np.full(len(buildings.id), NO_WAY)
    if len(ids):
        at = np.minimum(np.searchsorted(ids, buildings.id), len(ids) - 1)
        there = ids[at] == buildings.id
        found[there] = cost[at[there]]
    return found


def _columns(conn: Conn, name: str, asked: dict[str, Any], n: int) -> list[Longs]:
    # planned for these very ids each time: a plan for any would compare them one by one
    rows = conn.execute(query(name), asked, binary=True, prepare=False).fetchall()
    array = np.array(rows, dtype=np.int64).reshape(-1, n)
    return [np.ascontiguousarray(column) for column in array.T]
