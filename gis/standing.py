"""Where one stands: the grid, those beside it within the error, and who answers for each."""

import json
import math
from typing import Any

from gis.districts import District
from sql import query
from sql.database import Conn

MOST = 3
FARTHEST_M = 200.0  # a worse position than this names no neighbours


def standing(
    conn: Conn, home: District, lon: float, lat: float, accuracy_m: float
) -> dict[str, Any]:
    """Return the grids a point may lie in, the likeliest first, and who answers for them.

    ``mine``: one has a right there, so one is told who. Of a grid without a grid member the one who
    stands in is named: ``stands_in``; ``who`` is null where nobody does. Without a grid ``area`` is
    the lowest area the point lies in, null outside the district.
    """
    reach = min(accuracy_m, FARTHEST_M)
    asked = {
        "district": home.code, "lon": lon, "lat": lat, "metres": reach, "most": MOST,
        "degrees": reach / 100_000 / max(0.05, math.cos(math.radians(lat))) + 1e-6,
    }  # fmt: skip
    rows = conn.execute(query("field.grids"), asked).fetchall()
    who = _responsible(conn, home, [row[0] for row in rows if row[5]])
    grids = [
        {
            "code": code, "name": name, "community": community, "inside": inside, "mine": mine,
            "who": who.get(id_), "outline": json.loads(outline),
        }
        for id_, code, name, community, inside, mine, outline in rows
    ]  # fmt: skip
    area = None if grids else conn.execute(query("field.area"), asked).fetchone()
    names = ("level", "code", "name")
    return {"grids": grids, "area": area and dict(zip(names, area, strict=True))}


def outside_m(conn: Conn, home: District, lon: float, lat: float) -> float:
    """Return how far a point lies from the district [m]; 0 inside, or where it has no shape."""
    asked = {"district": home.code, "lon": lon, "lat": lat}
    row = conn.execute(query("field.outside"), asked).fetchone()
    return float(row[0]) if row and row[0] is not None else 0.0


def _responsible(conn: Conn, home: District, grids: list[int]) -> dict[int, dict[str, Any]]:
    asked = {"district": home.code, "grids": grids}
    return {
        grid: {"role": role, "name": name, "stands_in": stands_in}
        for grid, role, name, stands_in in conn.execute(query("field.responsible"), asked)
    }
