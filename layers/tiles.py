"""Vector tiles: the layers of a district in a square of the web's map, one statement a tile."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from psycopg import sql as pgsql

from gis.errors import NotFound
from layers.catalogue import LAYERS
from layers.layer import TOP, Layer
from sql import ROOT, query
from sql.database import Conn

HALF = math.pi * 6378137.0
"""Half the width of the web's map [m of EPSG:3857]."""
MARGIN = 1 / 64
"""What a tile shows beyond its edges, as a part of its width, so that outlines do not end there."""
SMALL_BELOW = 14
"""Below this zoom polygons smaller than a pixel are left out."""


FLAT_FROM = 13
"""From this zoom on degrees are straight enough: the error is below a quarter of a step."""


@dataclass(frozen=True, slots=True)
class Square:
    """A tile's square: EPSG:3857 [m], in stored degrees, and the same with the margin."""

    left: float
    bottom: float
    right: float
    top: float
    own_west: float
    own_south: float
    own_east: float
    own_north: float
    west: float
    south: float
    east: float
    north: float


def square(z: int, x: int, y: int) -> Square:
    """Return the square of a tile, counted from the north-west as all web maps do.

    Raises
    ------
    NotFound
        There is no such tile, or none is served at that zoom.
    """
    if not (0 <= z <= TOP and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound("no_tile", tile=f"{z}/{x}/{y}", top=TOP)
    width = 2 * HALF / 2**z
    left, top = x * width - HALF, HALF - y * width
    right, bottom, margin = left + width, top - width, MARGIN * width
    own = *_degrees(left, bottom), *_degrees(right, top)
    wide = *_degrees(left - margin, bottom - margin), *_degrees(right + margin, top + margin)
    return Square(left, bottom, right, top, *own, *wide)


def _degrees(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude [deg] of a point of EPSG:3857 [m]."""
    return math.degrees(x / 6378137), math.degrees(math.atan(math.sinh(y / 6378137)))


def extent(z: int) -> int:
    """Return how many steps of its coordinates a tile of a zoom is wide."""
    return 4096 if z >= 13 else 2048 if z >= 12 else 1024


def tile(conn: Conn, district: str, of: Iterable[Layer], z: int, x: int, y: int) -> bytes:
    """Return a tile as protobuf, not compressed; empty where there is nothing to show.

    Raises
    ------
    NotFound
        There is no such tile.
    """
    statement, values = _asked(district, of, z, x, y)
    if statement is None:
        return b""
    row = conn.execute(statement, values, binary=True).fetchone()
    return bytes(row[0]) if row else b""


def plan(conn: Conn, district: str, of: Iterable[Layer], z: int, x: int, y: int) -> str:
    """Return how the database would look for what a tile shows, for this actor."""
    statement, values = _asked(district, of, z, x, y)
    assert statement is not None
    rows = conn.execute(pgsql.SQL("EXPLAIN ") + statement, values)
    return "\n".join(line for (line,) in rows)


def _asked(
    district: str, of: Iterable[Layer], z: int, x: int, y: int
) -> tuple[pgsql.Composed | None, dict[str, Any]]:
    """Return the statement of a tile, None where no layer has anything, and its values."""
    at = square(z, x, y)
    shown = tuple(layer.name for layer in of if layer.zoom <= z)
    steps = extent(z)
    values = asdict(at) | {
        "district": district,
        "zoom": z,
        "extent": steps,
        "buffer": round(steps * MARGIN),
        "dot": 360 / 2**z / 512,
        "per_lon": steps / (at.own_east - at.own_west),
        "per_lat": steps / (at.own_north - at.own_south),
    }
    return (_statement(shown, z) if shown else None), values


@cache
def _statement(names: tuple[str, ...], z: int) -> pgsql.Composed:
    """Return the statement of one tile: its layers, one after the other."""
    parts = [pgsql.SQL("coalesce(({}), '')").format(_layer(LAYERS[name], z)) for name in names]
    return pgsql.SQL("SELECT ") + pgsql.SQL(" || ").join(parts)


def _layer(layer: Layer, z: int) -> pgsql.Composed:
    """Return the query of one layer of a tile."""
    names = [pgsql.SQL("{}, ").format(pgsql.Identifier(name)) for name in layer.carried(z)]
    dots = layer.geometry == "polygon" and z < SMALL_BELOW
    shape = "bent" if z < FLAT_FROM else "small" if layer.small else "flat"
    return query("tiles.layer").format(
        name=pgsql.Literal(layer.name),
        properties=pgsql.Composed(names),
        view=pgsql.Identifier(*layer.view),
        shape=query(f"tiles.{shape}"),
        large=query("tiles.large") if dots else pgsql.SQL(""),
    )


def state(conn: Conn, district: str, of: Iterable[Layer]) -> str:
    """Return what tiles and features of these layers depend on, the same text for the same rows.

    It costs no work on the rows. Two actors with rights on the same areas share it.

    Raises
    ------
    NotFound
        The actor sees nothing of the district, or there is none.
    """
    tables = sorted({"area", "area_version"}.union(*(layer.tables for layer in of)))
    values = {"district": district, "tables": tables}
    row = conn.execute(query("tiles.state"), values).fetchone()
    if row is None or row[0] is None:
        raise NotFound("no_such_district", code=district[:12])
    return f"{_code()}:{row[0]}:{row[1]}"


def tag(state: str, *address: object) -> str:
    """Return the ETag, without its quotes, of an answer that depends on ``state``."""
    text = "/".join([state, *map(str, address)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """Return a digest of what draws the tiles: another version of it draws others."""
    files = [ROOT / "functions/70_map.sql", ROOT / "queries/tiles.sql"]
    digest = hashlib.sha256(repr(tuple(LAYERS.values())).encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
