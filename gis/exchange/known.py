"""What the database holds that rows of a file are compared with, and what the actor may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from psycopg import sql as pgsql

from gis.crs import LocalPlane
from gis.districts import District
from gis.exchange.kinds import Kind
from gis.exchange.shapes import Shapes
from sql import query
from sql.database import Conn

ROLES = {"member": ["dispatcher", "planner", "admin"]}
BINARY = ("geometry", "doors")


@dataclass(frozen=True, slots=True)
class Realm:
    """What an actor may change: everything if ``all``, else areas of these codes and this shape."""

    all: bool
    areas: frozenset[str]
    shape: Any


@dataclass(frozen=True, slots=True)
class References:
    """Codes by name and names by code of a table that cells refer to; a name may mean several."""

    codes: dict[str, str]
    names: dict[str, list[str]]


def stored(conn: Conn, home: District, name: str) -> pd.DataFrame:
    """Return the rows of a kind in force; lists are tuples, shapes shapely geometries."""
    cursor = conn.execute(query(f"exchange.{name}"), {"district": home.code}, binary=True)
    assert cursor.description is not None
    columns = [c.name for c in cursor.description]
    rows = cursor.fetchall()
    found = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    frame = {name: _column(name, found.get(name, ())) for name in columns}
    return pd.DataFrame(frame, index=range(len(rows)))


def realm(conn: Conn, home: District, kind: Kind) -> Realm:
    """Return what the actor of this transaction may change of a kind."""
    roles = ROLES.get(kind.table, ["planner", "admin"])
    row = conn.execute(query("exchange.realm"), {"district": home.code, "roles": roles}).fetchone()
    assert row is not None
    guarded, whole, areas, shape = row
    outline = shapely.from_wkb(bytes(shape)) if shape else shapely.MultiPolygon()
    return Realm(not guarded or (whole and kind.table != "member"), frozenset(areas), outline)


def references(conn: Conn, home: District, table: str) -> References:
    """Return the codes and names of a table."""
    values = {"district": home.code}
    rows = conn.execute(_of("exchange.named", table), values).fetchall()
    names: dict[str, list[str]] = {}
    for code, name in sorted(rows):
        names.setdefault(name, []).append(code)
    return References(dict(rows), names)


def ended(conn: Conn, home: District, table: str) -> set[str]:
    """Return the codes of what is no longer in force: they are not given twice."""
    found = conn.execute(_of("exchange.ended", table), {"district": home.code}).fetchall()
    return {row[0] for row in found}


def ids(conn: Conn, home: District, table: str) -> Mapping[str, int]:
    """Return the id of every code."""
    return dict(conn.execute(_of("exchange.ids", table), {"district": home.code}).fetchall())


def outline(conn: Conn, home: District) -> Any:
    """Return the outline of the district, None if it has none."""
    row = conn.execute(query("exchange.outline"), {"district": home.code}).fetchone()
    return shapely.from_wkb(bytes(row[0])) if row else None


def shapes(conn: Conn, home: District, name: str) -> Shapes:
    """Return the shapes of a kind in force."""
    return np.asarray(stored(conn, home, name)["geometry"], dtype=object)


def places(home: District, shape: Shapes) -> NDArray[np.float64]:
    """Return (n, 2) the middle of each shape in the district's plane [m]; nan: there is none."""
    middle = shapely.centroid(shape)
    lines = shapely.get_type_id(shape) == 1
    middle[lines] = shapely.line_interpolate_point(shape[lines], 0.5, normalized=True)
    lon, lat = shapely.get_x(middle), shapely.get_y(middle)
    plane = LocalPlane(home.longitude, home.latitude)
    there = np.full((len(shape), 2), np.nan)
    has = np.isfinite(lon)
    there[has] = np.column_stack(plane.forward(lon[has], lat[has]))
    return there


def _of(name: str, table: str) -> pgsql.Composed:
    return query(name).format(table=pgsql.Identifier(table))


def _column(name: str, values: Any) -> pd.Series:
    if name in BINARY:
        raw = np.array([None if v is None else bytes(v) for v in values], dtype=object)
        return pd.Series(shapely.from_wkb(raw), dtype=object)
    return pd.Series([tuple(v) if isinstance(v, list) else v for v in values], dtype=object)
