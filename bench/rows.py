"""A district of generated buildings, as many as one likes: in rows, each turned a little."""

from datetime import date
from typing import Any

import numpy as np
import shapely

from gis.content import Content, table
from gis.crs import LocalPlane, snap
from gis.districts import District

HOME = District("999999", "测速区", 115.45, 35.25, date(2026, 11, 20), sample=True)
KINDS = ("slab", "tower", "house", "shop", "school")
APART_M = 40.0
PLAIN = np.array([(0, 0), (30, 0), (30, 12), (0, 12)])
WING = np.array([(0, 0), (30, 0), (30, 12), (18, 12), (18, 20), (8, 20), (8, 12), (0, 12)])
EMPTY = ("compound", "gate", "barrier", "water", "land", "way", "station")


def content(features: int) -> Content:
    """Return a district with so many buildings; every third has a wing."""
    rng = np.random.default_rng(4)
    shapes = _shapes(features, rng.uniform(-0.1, 0.1, features))
    floors, households = rng.integers(1, 34, features), rng.integers(0, 200, features)
    rows = [
        {
            "code": f"B{k:06}", "name": f"和平小区{k % 40 + 1}号楼", "kind": KINDS[k % 5],
            "floors": int(floors[k]), "households": int(households[k]),
            "people": 3 * int(households[k]), "estimated": k % 7 == 0, "compound": None,
            "doors": None, "geometry": shape,
        }
        for k, shape in enumerate(shapes)
    ]  # fmt: skip
    area = {"code": HOME.code, "name": HOME.name, "level": "district", "parent": None,
            "tiled": False, "geometry": _around(shapes)}  # fmt: skip
    empty = {name: table(name, []) for name in EMPTY}
    return Content(area=table("area", [area]), building=table("building", rows), **empty)


def _shapes(features: int, turns: Any) -> list[Any]:
    plane = LocalPlane(HOME.longitude, HOME.latitude)
    side = int(np.ceil(np.sqrt(features)))
    shapes = []
    for k, turn in enumerate(turns):
        turned = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        corners = (PLAIN if k % 3 else WING) @ turned
        x, y = (APART_M * (one - side / 2) for one in divmod(k, side))
        lon, lat = plane.inverse(corners[:, 0] + x, corners[:, 1] + y)
        shapes.append(shapely.Polygon(np.column_stack([lon, lat])))
    return shapes


def _around(shapes: list[Any]) -> Any:
    west, south, east, north = shapely.total_bounds(shapes)
    box = snap(np.array([west - 0.01, south - 0.01, east + 0.01, north + 0.01]))
    return shapely.MultiPolygon([shapely.box(*box)])
