"""Shapes as people draw them, made fit to store: on the lattice, in the district, on the ways."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.ops

from gis import errors
from gis.crs import LocalPlane, snap
from gis.districts import District
from gis.exchange.rows import SRID
from gis.walk.tables import shapes
from sql import query
from sql.database import Conn

GATE_M = 5.0  # a gate this near to a way stands on it
JOIN_M = 2.0  # a new way this near to another joins it
VERTEX_M = 0.5  # a vertex this near is the place itself
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hitch:
    """A place on a way; ``line`` is the way with a vertex there, None where it has one."""

    place: Place
    way: int
    line: Any


def shape_of(kind: str, given: Any) -> Any:
    """Return the shape of coordinates in degrees (longitude, latitude), on the lattice.

    Parameters
    ----------
    kind
        ``point``, ``line`` or ``polygon``: a place, places, or rings of places.

    Raises
    ------
    BadInput
        They are no such shape, or no longitudes and latitudes.
    """
    try:
        made = {"point": _point, "line": _line, "polygon": _polygon}[kind](given)
    except (ValueError, TypeError, IndexError, shapely.errors.GEOSException):
        raise errors.BadInput("edit_shape", kind=kind) from None
    if made.is_empty or not made.is_valid:
        raise errors.BadInput("edit_crosses", reason=shapely.is_valid_reason(made))
    return made


def _places(given: Any) -> Any:
    xy = np.array(given, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
        raise ValueError
    if (np.abs(xy[:, 0]) > 180).any() or (np.abs(xy[:, 1]) > 90).any():
        raise ValueError
    return snap(xy)


def _point(given: Any) -> Any:
    return shapely.Point(_places([given])[0])


def _line(given: Any) -> Any:
    xy = _places(given)
    return shapely.LineString(xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))])


def _polygon(given: Any) -> Any:
    return shapely.Polygon(_places(given[0]), [_places(ring) for ring in given[1:]])


def hexed(shape: Any) -> str:
    """Return a shape as PostGIS reads it."""
    return str(shapely.to_wkb(shapely.set_srid(shape, SRID), hex=True, include_srid=True))


def check(conn: Conn, district: str, shape: Any, dry: bool) -> None:
    """Refuse what lies outside the district, and with ``dry`` what stands in water.

    Raises
    ------
    Misplaced
        The error names the place.
    """
    lon, lat = shapely.get_coordinates(shape)[0].tolist()
    asked = {"district": district, "shape": hexed(shape)}
    if conn.execute(query("editing.outside"), asked).fetchone() == (True,):
        raise errors.Misplaced("edit_outside", lon=lon, lat=lat)
    wet = conn.execute(query("editing.water_at"), asked).fetchone() if dry else None
    if wet:
        raise errors.Misplaced("station_in_water", water=wet[0], lon=lon, lat=lat)


def gate(conn: Conn, home: District, at: Place, id: int | None) -> Hitch:
    """Return where on a way a gate stands.

    Raises
    ------
    Misplaced
        No way is near, or another gate stands there.
    """
    found = hitch(conn, home, at, GATE_M)
    if found is None:
        raise errors.Misplaced("gate_off_way", lon=at[0], lat=at[1], metres=round(GATE_M))
    asked = {"district": home.code, "shape": hexed(shapely.Point(found.place)), "id": id}
    other = conn.execute(query("editing.gate_at"), asked).fetchone()
    if other:
        name = other[0] or other[1]
        raise errors.Misplaced("gate_there", name=name, lon=found.place[0], lat=found.place[1])
    return found


def joined(
    conn: Conn, home: District, line: Any, id: int | None, ends: bool
) -> tuple[Any, list[Hitch]]:
    """Return a line that joins the ways it comes near to, and where.

    With ``ends`` only the two ends join (a bridge passes over what it crosses).
    """
    xy = [(x, y) for x, y in shapely.get_coordinates(line).tolist()]
    which = (0, len(xy) - 1) if ends else range(len(xy))
    found = {k: one for k in which if (one := hitch(conn, home, xy[k], JOIN_M, id))}
    for k, one in found.items():
        xy[k] = one.place
    kept = [p for k, p in enumerate(xy) if k == 0 or p != xy[k - 1]]
    if len(kept) < 2:
        raise errors.BadInput("edit_shape", kind="line")
    return shapely.LineString(kept), list(found.values())


def hitch(
    conn: Conn, home: District, at: Place, within_m: float, id: int | None = None
) -> Hitch | None:
    """Return the place on the nearest way within some metres [m], None where there is none."""
    asked = {
        "district": home.code, "shape": hexed(shapely.Point(at)), "id": id,
        "degrees": within_m / 50_000,
    }  # fmt: skip
    rows = conn.execute(query("editing.ways_near"), asked, binary=True).fetchall()
    if not rows:
        return None
    plane = LocalPlane(home.longitude, home.latitude)
    lines = shapes([row[1] for row in rows])
    flat = plane.project(lines)
    here = plane.project(np.array([shapely.Point(at)], dtype=object))[0]
    away = shapely.distance(flat, here)
    k = int(np.argmin(away))
    if away[k] > within_m:
        return None
    return _hitch(plane, rows[k][0], lines[k], flat[k], here)


def _hitch(plane: LocalPlane, way: int, line: Any, flat: Any, here: Any) -> Hitch:
    xy, metres = shapely.get_coordinates(line), shapely.get_coordinates(flat)
    to_vertex = np.hypot(*(metres - shapely.get_coordinates(here)).T)
    nearest = int(np.argmin(to_vertex))
    if to_vertex[nearest] <= VERTEX_M:
        return Hitch(_place(xy[nearest]), way, None)
    along = flat.project(here)
    on = flat.interpolate(along)
    place = _place(np.concatenate(plane.inverse(np.array([on.x]), np.array([on.y]))))
    if any(place == _place(one) for one in xy):
        return Hitch(place, way, None)
    walked = np.append(0, np.cumsum(np.hypot(*np.diff(metres, axis=0).T)))
    k = int(np.clip(np.searchsorted(walked, along), 1, len(xy) - 1))
    return Hitch(place, way, shapely.LineString(np.insert(xy, k, place, axis=0)))


def _place(xy: Any) -> Place:
    return float(xy[0]), float(xy[1])
