"""A way on foot as a line on the map."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
import shapely.ops

from gis.crs import LocalPlane, lengths
from gis.walk.engine import Walk
from gis.walk.path import Path
from sql import query
from sql.database import Conn

Place = tuple[float, float]


@lru_cache(maxsize=64)
def plane_of(lon: float, lat: float) -> LocalPlane:
    """Return the metre plane of a district; making one takes longer than using it."""
    return LocalPlane(lon, lat)


def trace(
    conn: Conn, district: str, network: Walk, found: Path, begin: Place | None, end: Place
) -> dict[str, Any]:
    """Return a GeoJSON LineString (longitude, latitude) from ``begin`` along the way to ``end``."""
    return drawn(network, found, lines(conn, district, network, [found]), begin, end)


def lines(conn: Conn, district: str, network: Walk, those: Sequence[Path]) -> dict[int, bytes]:
    """Return the edges of some ways as WKB by id, read at once."""
    ids = [int(i) for found in those for i in network.edge[found.edge]]
    asked = {"district": district, "ids": ids}
    return dict(conn.execute(query("nearest.lines"), asked, binary=True).fetchall())


def drawn(
    network: Walk, found: Path, edges: Mapping[int, bytes], begin: Place | None, end: Place
) -> dict[str, Any]:
    """Return a way as `trace` does, its edges as `lines` has read them."""
    stretches = _stretches(network, found, edges)
    points = [begin] if begin else []
    points += [point for stretch in stretches for point in stretch]
    points.append(end)
    kept = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
    kept += kept if len(kept) == 1 else []
    return {"type": "LineString", "coordinates": [[round(x, 9), round(y, 9)] for x, y in kept]}


def door(shape: Any, plane: LocalPlane, line: dict[str, Any], connector_cm: int) -> Place:
    """Return where a building's connector begins: the door, or the point of its outline.

    Of several doors the one whose distance to the first place on the way is the connector's.
    """
    x, y = plane.forward(*line["coordinates"][0])
    there = shapely.Point(float(x), float(y))
    flat: Any = plane.project(shape)[()]
    parts = flat.geoms if flat.geom_type == "MultiPoint" else [flat]
    closest = min(parts, key=lambda part: abs(part.distance(there) - connector_cm / 100))
    at = shapely.ops.nearest_points(closest, there)[0]
    lon, lat = plane.inverse(at.x, at.y)
    return float(lon), float(lat)


def _stretches(network: Walk, found: Path, edges: Mapping[int, bytes]) -> list[list[Place]]:
    """Return the points of each piece of the way, in walking order."""
    ids = network.edge[found.edge].tolist()
    return [
        _stretch(shapely.from_wkb(bytes(edges[edge])), network.length_cm[row], a, b)
        for edge, row, a, b in zip(ids, found.edge, found.from_cm, found.to_cm, strict=True)
    ]


def _stretch(line: Any, length_cm: int, a: int, b: int) -> list[Place]:
    """Return the points of an edge between two positions [cm of its own length].

    Positions are measured on the ground: a degree north is longer than a degree east.
    """
    lonlat = shapely.get_coordinates(line)
    at = np.append(0.0, np.cumsum(lengths(lonlat[:, 0], lonlat[:, 1])))
    at *= length_cm / at[-1] if at[-1] else 0.0
    low, high = min(a, b), max(a, b)
    between = lonlat[(at > low) & (at < high)].tolist()
    ends = [[float(np.interp(x, at, lonlat[:, k])) for k in (0, 1)] for x in (low, high)]
    points = [(x, y) for x, y in [ends[0], *between, ends[1]]]
    return points if a <= b else points[::-1]
