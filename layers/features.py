"""Features of the layers as GeoJSON, as OGC API - Features asks for them (parts 1 and 2)."""

import math
import re
from dataclasses import dataclass

from psycopg import sql as pgsql

from gis.errors import BadInput, NotFound
from layers.layer import Layer
from sql import query
from sql.database import Conn

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
STORED = "http://www.opengis.net/def/crs/EPSG/0/4490"
FLIPPED = {CRS84: False, "http://www.opengis.net/def/crs/EPSG/0/4326": True, STORED: True}
"""The reference systems that may be asked for: whether latitude comes first. Their numbers are
the same to less than a millimetre."""
LIMIT, MOST = 1000, 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which features are asked for: after an id, at most so many, those that meet a box (WKT)."""

    after: int = 0
    limit: int = LIMIT
    box: str | None = None
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Features as texts of GeoJSON, by id; ``last`` is the last one's id where more follow."""

    features: list[str]
    last: int | None

    def collection(self) -> str:
        """Return the members of a feature collection that do not depend on its address."""
        count = len(self.features)
        return f'"numberReturned":{count},"features":[{",".join(self.features)}]'


def flipped(uri: str, parameter: str = "crs") -> bool:
    """Tell whether a reference system puts latitude first.

    Raises
    ------
    BadInput
        It is none of those that may be asked for.
    """
    name = uri.strip("<>[]")
    if name not in FLIPPED:
        raise BadInput("unknown_crs", name=parameter, text=uri[:80], known=" ".join(FLIPPED))
    return FLIPPED[name]


def number(text: str, name: str, most: int) -> int:
    """Read a whole number from 1 on; a larger one than ``most`` means ``most``.

    Raises
    ------
    BadInput
        It is no such number.
    """
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise BadInput("bad_number", name=name, text=text[:40])
    return min(int(text), most)


def box(text: str, latitude_first: bool = False) -> str:
    """Read ``west,south,east,north`` (or with heights, which are not used) and return its WKT.

    A box whose west is east of its east goes over the date line and becomes two.

    Raises
    ------
    BadInput
        It is no box.
    """
    numbers = [float(part) for part in text.split(",") if _is_number(part)]
    if len(numbers) != text.count(",") + 1 or len(numbers) not in (4, 6):
        raise BadInput("bad_box", text=text[:80])
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if latitude_first:
        west, south, east, north = south, west, north, east
    if not (south <= north and south >= -90 and north <= 90 and max(abs(west), abs(east)) <= 360):
        raise BadInput("bad_box", text=text[:80])
    if west <= east:
        return _span(west, south, east, north)
    parts = _span(west, south, 180.0, north), _span(-180.0, south, east, north)
    return f"GEOMETRYCOLLECTION({','.join(parts)})"


def _is_number(text: str) -> bool:
    plain = re.fullmatch(r"\s*[+-]?[0-9]{0,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?\s*", text)
    try:
        return plain is not None and math.isfinite(float(text))
    except ValueError:
        return False


def _span(west: float, south: float, east: float, north: float) -> str:
    """Return a box as WKT: a line or a point where it has no width or no height."""
    if west == east or south == north:
        return f"LINESTRING({west!r} {south!r},{east!r} {north!r})"
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"POLYGON(({','.join(f'{x!r} {y!r}' for x, y in corners)}))"


def district(conn: Conn, code: str) -> tuple[str, list[float]]:
    """Return the name of a district and its box: west, south, east, north [deg].

    Raises
    ------
    NotFound
        The actor sees nothing of it, or there is none.
    """
    row = conn.execute(query("features.district"), {"district": code}).fetchone()
    if row is None:
        raise NotFound("no_such_district", code=code[:12])
    return row[0], row[1]


def page(conn: Conn, code: str, layer: Layer, asked: Asked) -> Page:
    """Return a page of the features of a layer that the actor sees, by id."""
    inside = query("features.inside") if asked.box else pgsql.SQL("true")
    statement = query("features.page").format(**_parts(layer, asked.flipped), inside=inside)
    values = {"district": code, "after": asked.after, "limit": asked.limit, "box": asked.box}
    rows = conn.execute(statement, values).fetchall()
    shown = rows[: asked.limit]
    return Page([text for _, text in shown], shown[-1][0] if len(rows) > len(shown) else None)


def count(conn: Conn, code: str, layer: Layer, asked: Asked) -> int:
    """Return how many features of a layer the actor sees on all pages together."""
    inside = query("features.inside") if asked.box else pgsql.SQL("true")
    view = pgsql.Identifier(*layer.view)
    statement = query("features.count").format(view=view, inside=inside)
    row = conn.execute(statement, {"district": code, "box": asked.box}).fetchone()
    return int(row[0]) if row else 0


def one(conn: Conn, code: str, layer: Layer, name: str, latitude_first: bool = False) -> str:
    """Return one feature as GeoJSON.

    Raises
    ------
    NotFound
        There is none of that id, or the actor does not see it.
    """
    row = None
    if re.fullmatch(r"[0-9]{1,18}", name):
        statement = query("features.one").format(**_parts(layer, latitude_first))
        row = conn.execute(statement, {"district": code, "id": int(name)}).fetchone()
    if row is None:
        raise NotFound("no_feature", layer=layer.name, id=name[:40])
    return str(row[0])


def _parts(layer: Layer, latitude_first: bool) -> dict[str, pgsql.Composable]:
    """Return what of a layer the queries are filled with."""
    turned = "ST_ForcePolygonCCW({})" if layer.geometry == "polygon" else "{}"
    shape = pgsql.SQL(turned).format(pgsql.SQL("geom"))
    if latitude_first:
        shape = pgsql.SQL("ST_FlipCoordinates({})").format(shape)
    return {
        "shape": shape,
        "view": pgsql.Identifier(*layer.view),
        "columns": pgsql.SQL(", ").join(map(pgsql.Identifier, layer.columns)),
    }
