"""The nearest stations on foot from a point, and the way there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import shapely

from gis import coverage, districts, errors
from gis.crs import LocalPlane, to_stored
from gis.districts import District, Progress
from gis.trace import trace
from gis.walk import variants
from gis.walk.access import Access, connect
from gis.walk.engine import Walk, under, walk
from gis.walk.graph import LONGEST_CM, Edges, Graph, turned
from gis.walk.network import Network
from gis.walk.reach import path, reach
from sql import query
from sql.database import Conn

FIRST_LIMIT_CM = 200_000


@dataclass(frozen=True, slots=True)
class Start:
    """A point and its access rows; edges are rows of the district's network."""

    lon: float
    lat: float
    access: Access


def nearest(
    conn: Conn,
    district: str,
    lon: float,
    lat: float,
    datum: str = "cgcs2000",
    service: str | None = None,
    at: str | None = None,
    limit: int = 3,
    profile_code: str = "standard",
    progress: Progress = lambda step: None,
) -> dict[str, Any]:
    """Return the stations that cost least to walk to from a point, by cost, then code.

    The point pays its connector like a building. Without ``at`` gates are as at 10:00 on a working
    day and ``open`` says whether a station is open now; with it, both are as at that time. Shut
    stations are listed too. ``path`` is a GeoJSON LineString (longitude, latitude) from the point
    to the station; ``access`` is how the point gets onto the network (see the GeoPackage).

    Raises
    ------
    NotFound
        Unknown district, profile or service.
    BadInput
        The point lies outside the district's network, or is no point.
    """
    home = districts.district(conn, district)
    walker = coverage.profile(conn, district, profile_code)
    coverage.check_service(conn, district, service)
    when = variants.moment(at, home.zone) if at else datetime.now(ZoneInfo(home.zone))
    minute = variants.minute_of_week(when)
    variants.ensure_network(conn, district, progress)
    variant = variants.at_minute(conn, district, minute if at else variants.DAY)
    there = to_stored(np.array([lon]), np.array([lat]), datum)
    network = walk(conn, district)
    start = start_at(conn, home, network, float(there[0][0]), float(there[1][0]))
    graph, edges = under(conn, district, variant)
    asked = {"district": district, "service": service, "minute": minute}
    rows = {row[0]: row for row in conn.execute(query("nearest.stations"), asked).fetchall()}
    found = costs(graph, edges, start, only(network, sorted(rows)), limit)
    by_cost = sorted((cost, rows[network.station[k]][1], k) for k, cost in found.items())[:limit]
    return {
        "district": district,
        "profile": walker.code,
        "from": [start.lon, start.lat],
        "access": _access_rows(start, network),
        "at": at,
        "service": service,
        "stations": [
            {
                "code": code,
                "name": rows[network.station[k]][2],
                "kind": rows[network.station[k]][3],
                "hours": rows[network.station[k]][4],
                "open": rows[network.station[k]][5],
                "cost_cm": cost,
                "minutes": walker.minutes_for(cost),
                "path": way(
                    conn,
                    district,
                    network,
                    graph,
                    edges,
                    start,
                    k,
                    tuple(rows[network.station[k]][6:8]),
                ),
            }
            for cost, code, k in by_cost
        ],
    }


def start_at(conn: Conn, home: District, network: Walk, lon: float, lat: float) -> Start:
    """Connect a point to every edge in sight.

    Raises
    ------
    BadInput
        There is none within the snap limit.
    """
    near = connect_point(conn, home, lon, lat)
    row = np.searchsorted(network.edge, near.edge).astype(np.int32)
    access = Access(near.ref, row, near.from_source_cm, near.connector_cm)
    if not len(access.ref):
        raise errors.BadInput("far_from_ways", lon=lon, lat=lat, metres=round(home.snap_m))
    return Start(lon, lat, access)


def connect_point(conn: Conn, home: District, lon: float, lat: float) -> Access:
    """Return the access rows of a point; edges are ids of net.edge.

    The same rule as for buildings: the nearest place on every edge within the snap limit whose
    straight connector touches no barrier and no water.
    """
    box = {"district": home.code, **_box(lon, lat, home.snap_m)}
    rows = conn.execute(query("nearest.edges"), box, binary=True).fetchall()
    shapes = {
        name: _shapes([r[0] for r in conn.execute(query(f"nearest.{name}"), box, binary=True)])
        for name in ("barriers", "water")
    }
    if not rows:
        empty = np.zeros(0, dtype=np.int32)
        return Access(empty, empty, empty, empty)
    ids, *columns = (np.array(column) for column in list(zip(*rows, strict=True))[:-1])
    line = _shapes([row[-1] for row in rows])
    near = connect(
        _piece(columns, line),
        gpd.GeoDataFrame({"code": [f"{k:09d}" for k in range(len(ids))]}, geometry=line),
        LocalPlane(home.longitude, home.latitude),
        np.array([shapely.Point(lon, lat)], dtype=object),
        shapes["barriers"],
        shapes["water"],
        home.snap_m,
    )
    return Access(near.ref, ids[near.edge].astype(np.int32), near.from_source_cm, near.connector_cm)


def _piece(columns: list[Any], line: Any) -> Network:
    """Return the edges near a point as a network of their own, each a way of one edge."""
    source, target, length, forward, backward, steps, gate_a, gate_b = columns
    n = len(source)
    nodes, end = np.unique(np.concatenate([source, target]), return_inverse=True)
    gate = np.full(len(nodes), -1, dtype=np.int32)
    gate[end] = np.concatenate([gate_a, gate_b]) >= 0
    gate -= gate == 0
    nothing = np.zeros(len(nodes))
    return Network(
        lon=nothing, lat=nothing, gate=gate,
        source=end[:n].astype(np.int32), target=end[n:].astype(np.int32),
        length_cm=length.astype(np.int32), forward_cm=forward.astype(np.int32),
        backward_cm=backward.astype(np.int32), way=np.arange(n, dtype=np.int32),
        first=np.zeros(n, dtype=np.int32),
        last=(shapely.get_num_points(line) - 1).astype(np.int32),
        steps=steps.astype(bool), inside=np.full(n, -1, dtype=np.int32),
    )  # fmt: skip


def _access_rows(start: Start, network: Walk) -> list[dict[str, int]]:
    """List how the point gets onto the network, so that its costs can be recounted."""
    rows = start.access
    columns = (network.edge[rows.edge], rows.from_source_cm, rows.connector_cm)
    names = ("edge", "from_source_cm", "connector_cm")
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in values]


def _box(lon: float, lat: float, metres: float) -> dict[str, float]:
    """Return a box that holds everything within a distance, one per cent to spare."""
    north = 1.01 * metres / 110_500
    east = north / max(0.05, math.cos(math.radians(lat)))
    return {"west": lon - east, "south": lat - north, "east": lon + east, "north": lat + north}


def _shapes(values: list[Any]) -> Any:
    array = np.array([bytes(value) for value in values], dtype=object)
    return np.asarray(shapely.from_wkb(array), dtype=object).reshape(-1)


def only(network: Walk, ids: Sequence[int]) -> Access:
    """Return the access rows of some stations; refs stay rows of all stations."""
    keep = np.isin(network.station[network.station_ref], np.array(ids, dtype=np.int64))
    all_rows = network.stations
    return Access(*(getattr(all_rows, name)[keep] for name in Access.__slots__))


def costs(graph: Graph, edges: Edges, start: Start, stations: Access, n: int) -> dict[int, int]:
    """Return the cost to at least n stations by row, or to all there is a way to."""
    limit = FIRST_LIMIT_CM
    while True:
        found = reach(*turned(graph, edges), stations, start.access, limit)
        if len(found.building) >= n or limit >= LONGEST_CM // 8:
            return dict(zip(found.building.tolist(), found.cost_cm.tolist(), strict=True))
        limit *= 8


def way(
    conn: Conn,
    district: str,
    network: Walk,
    graph: Graph,
    edges: Edges,
    start: Start,
    station: int,
    end: tuple[float, float],
) -> dict[str, Any]:
    """Draw the way from the point over its connector and the edges to a station, given by row."""
    found = path(graph, edges, start.access, only(network, [int(network.station[station])]))
    assert found is not None  # reach() found a way
    return trace(conn, district, network, found, (start.lon, start.lat), end)
