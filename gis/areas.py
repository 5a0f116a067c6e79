"""Areas as people pick them: the tree with counts, shapes and boxes; who holds which."""

import json
from typing import Any

import numpy as np

from gis.served import Longs, Town
from sql import query
from sql.database import Conn


def areas(conn: Conn, district: str, town: Town) -> list[dict[str, Any]]:
    """Return the areas that hold something of the actor's, by code, each with its counts.

    The counts are of what may be seen; ``partial`` marks areas of which that is not all.
    """
    those = town.buildings
    counts = {
        "households": town.summed(np.bincount(those.area, those.households, len(town.areas))),
        "people": town.summed(np.bincount(those.area, those.people, len(town.areas))),
        "buildings": town.summed(np.bincount(those.area, minlength=len(town.areas))),
        "compounds": town.summed(_counted(conn, "areas.compounds", district, town)),
        "stations": town.summed(_counted(conn, "areas.stations", district, town)),
    }
    seen = town.seen()
    return [
        {
            "id": area.id,
            "code": area.code,
            "level": area.level,
            "name": area.name,
            "parent": town.areas[area.parent].code if area.parent >= 0 else None,
            "partial": not area.mine,
            **{name: int(count[row]) for name, count in counts.items()},
            "point": [round(area.lon, 9), round(area.lat or 0.0, 9)] if area.lon else None,
            "bbox": area.box or (_extent(conn, district) if area.level == "district" else None),
        }
        for row, area in enumerate(town.areas)
        if seen[row]
    ]


def shapes(conn: Conn, district: str, those: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the shapes of areas as a GeoJSON FeatureCollection (longitude, latitude)."""
    asked = {"district": district, "codes": [area["code"] for area in those]}
    shape = dict(conn.execute(query("areas.shapes"), asked).fetchall())
    names = ("id", "code", "level", "name", "parent", "households")
    features = [
        {
            "type": "Feature",
            "id": area["id"],
            "properties": {name: area[name] for name in names},
            "geometry": json.loads(shape[area["code"]]),
        }
        for area in those
        if area["code"] in shape
    ]
    return {"type": "FeatureCollection", "features": features}


def held(conn: Conn) -> list[dict[str, Any]]:
    """Return the districts in which the actor holds a role, with roles, areas and boxes."""
    found: dict[str, dict[str, Any]] = {}
    for code, name, sample, date, zone, *area, roles, west, south, east, north in conn.execute(
        query("areas.held")
    ).fetchall():
        one = found.setdefault(
            code,
            {"code": code, "name": name, "sample": sample, "data_date": date, "zone": zone,
             "roles": [], "areas": [], "bbox": _extent(conn, code)},
        )  # fmt: skip
        one["roles"] = sorted({*one["roles"], *roles})
        box = None if west is None else [west, south, east, north]
        facts = dict(zip(("code", "name", "level"), area, strict=True))
        one["areas"].append({**facts, "roles": roles, "bbox": box})
    return list(found.values())


def _extent(conn: Conn, district: str) -> list[float] | None:
    row = conn.execute(query("areas.extent"), {"district": district}).fetchone()
    return list(row) if row else None


def _counted(conn: Conn, name: str, district: str, town: Town) -> Longs:
    """Return how much lies in each of the actor's areas and in none below it."""
    rows = dict(conn.execute(query(name), {"district": district}).fetchall())
    return np.array([rows.get(area.id, 0) if area.mine else 0 for area in town.areas])
