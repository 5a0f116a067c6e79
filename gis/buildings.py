"""One building: where it lies, which stations it reaches on foot, and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis import errors
from gis.crs import LocalPlane
from gis.districts import District
from gis.profiles import Profile
from gis.stations import Station
from gis.trace import door, plane_of, trace
from gis.walk import engine
from gis.walk.access import Access
from gis.walk.engine import Walk
from gis.walk.graph import LONGEST_CM, Edges, Graph, turned
from gis.walk.path import Path, path
from gis.walk.reach import reach
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

FIRST_LIMIT_CM = 200_000
NAMES = ("id", "code", "name", "kind", "floors", "households", "people", "estimated")


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The ways of one building on the network as it is in a variant."""

    home: District
    network: Walk
    graph: Graph
    edges: Edges
    building: int
    shape: Any  # its doors, or its outline

    def access(self) -> Access:
        """Return the access rows of the building."""
        return engine.only(self.network.buildings, self.network.building, [self.building])

    def path(self, station: int) -> Path | None:
        """Return the cheapest way to a station; None where there is none."""
        to = engine.only(self.network.stations, self.network.station, [station])
        return path(self.graph, self.edges, self.access(), to)

    def line(self, conn: Conn, found: Path, end: tuple[float, float]) -> dict[str, Any]:
        """Return a way as a GeoJSON LineString, from the door to the station."""
        drawn = trace(conn, self.home.code, self.network, found, None, end)
        connector = int(self.access().connector_cm[found.building_row])
        begin = door(self.shape, self._plane(), drawn, connector)
        drawn["coordinates"].insert(0, [round(begin[0], 9), round(begin[1], 9)])
        return drawn

    def beyond(self, stations: list[int]) -> dict[int, int]:
        """Return the costs to the stations nearest to it, however far; empty where no way leads."""
        to = engine.only(self.network.stations, self.network.station, stations)
        limit = FIRST_LIMIT_CM
        while True:
            found = reach(*turned(self.graph, self.edges), to, self.access(), limit)
            if len(found.building) or limit >= LONGEST_CM // 8:
                ids = self.network.station[found.building]
                return dict(zip(ids.tolist(), found.cost_cm.tolist(), strict=True))
            limit *= 8

    def _plane(self) -> LocalPlane:
        return plane_of(self.home.longitude, self.home.latitude)


def building(
    conn: Conn,
    home: District,
    id_: int,
    variant: Variant,
    walker: Profile,
    stations: list[Station],
    hours: bool,
) -> dict[str, Any]:
    """Return a building, the stations in its reach by cost, and the way to the first that counts.

    Stations in reach of the longest band, and the nearest one that counts however far it is. With
    ``hours`` only stations open at the time count.

    Raises
    ------
    NotFound
        There is no such building, or it is not the actor's.
    """
    facts, ways = _read(conn, home, id_, variant)
    there = {one.id: one for one in stations if one.state == "open"}
    counting = {key: one for key, one in there.items() if one.open or not hours}
    cost = _costs(conn, home, id_, variant, ways, list(counting))
    by_cost = sorted((c, there[k].code, k) for k, c in cost.items() if k in there)
    first = next((k for _, _, k in by_cost if k in counting), None)
    listed = [k for c, _, k in by_cost if c <= walker.limits[-1] or k == first]
    found = ways.path(first) if first is not None else None
    return {
        **facts,
        "cost_cm": cost[first] if first is not None else None,
        "minutes": walker.minutes_for(cost[first]) if first is not None else None,
        "stations": [_station(there[k], cost[k], walker) for k in listed],
        "path": ways.line(conn, found, (there[first].lon, there[first].lat)) if found else None,  # type: ignore[index]
        "straight_m": _straight(home, facts["point"], there[first]) if first is not None else None,
    }


def way(
    conn: Conn,
    home: District,
    id_: int,
    variant: Variant,
    walker: Profile,
    stations: list[Station],
    code: str,
) -> dict[str, Any]:
    """Return the way from a building to one station: cost, minutes, line.

    Raises
    ------
    NotFound
        There is no such building or station, or no way leads from one to the other.
    """
    facts, ways = _read(conn, home, id_, variant)
    to = next((one for one in stations if one.code == code), None)
    if to is None:
        raise errors.NotFound("no_station", code=code)
    found = ways.path(to.id)
    if found is None:
        raise errors.NotFound("no_way", id=id_, code=code)
    return {
        "cost_cm": found.cost_cm,
        "minutes": walker.minutes_for(found.cost_cm),
        "path": ways.line(conn, found, (to.lon, to.lat)),
        "straight_m": _straight(home, facts["point"], to),
    }


def _read(conn: Conn, home: District, id_: int, variant: Variant) -> tuple[dict[str, Any], Ways]:
    asked = {"district": home.code, "id": id_}
    row = conn.execute(query("buildings.one"), asked, binary=True).fetchone()
    if row is None:
        raise errors.NotFound("no_building", id=id_)
    lon, lat, *compound, shape = row[8:]
    areas = conn.execute(query("buildings.areas"), asked).fetchall()
    facts = {
        **_named(NAMES, row[:8]),
        "point": [lon, lat],
        "compound": _named(("id", "code", "name"), compound) if compound[0] else None,
        "areas": [_named(("level", "code", "name"), area[1:]) for area in areas],
        "unconnected": any(area[0] for area in areas),
    }  # fmt: skip
    network = engine.walk(conn, home.code)
    graph, edges = engine.under(conn, home.code, variant)
    return facts, Ways(home, network, graph, edges, id_, shapely.from_wkb(bytes(shape)))


def _named(names: tuple[str, ...], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def _costs(
    conn: Conn, home: District, id_: int, variant: Variant, ways: Ways, counting: list[int]
) -> dict[int, int]:
    """Return the costs to the stations in reach, and, if none of them counts, to the next ones."""
    asked = {"district": home.code, "id": id_, "variant": variant.id}
    found = dict(conn.execute(query("buildings.reach"), asked).fetchall())
    if found.keys().isdisjoint(counting) and counting:
        found |= ways.beyond(counting)
    return found


def _station(one: Station, cost: int, walker: Profile) -> dict[str, Any]:
    names = ("id", "code", "name", "kind", "services", "open", "hours", "point")
    facts = one.facts()
    return {name: facts[name] for name in names} | {
        "cost_cm": cost,
        "minutes": walker.minutes_for(cost),
    }


def _straight(home: District, point: list[float], to: Station) -> int:
    """Return the straight distance, rounded to the metre."""
    x, y = plane_of(home.longitude, home.latitude).forward(
        np.array([point[0], to.lon]), np.array([point[1], to.lat])
    )
    return round(float(np.hypot(x[1] - x[0], y[1] - y[0])))
