"""An OpenStreetMap extract becomes a district."""

from dataclasses import replace as changed
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import districts
from gis.content import Content, table
from gis.crs import LocalPlane
from gis.districts import District, Progress
from gis.errors import BadInput
from gis.walk import network, osm
from gis.walk.access import places, seed_demand
from sql.database import Conn

ORIGIN = "© OpenStreetMap contributors, ODbL 1.0"


def bring(
    conn: Conn,
    path: Path,
    code: str,
    name: str,
    day: date,
    demand: str | None = None,
    replace: bool = False,
    progress: Progress = lambda step: None,
) -> dict[str, int]:
    """Read a file and store it as a district; return how much of what came in.

    ``demand`` is ``edges:N``: N households spread along the ways, marked as estimates, instead of
    the buildings found.

    Raises
    ------
    BadInput
        The file cannot be read, the code is no six digits, or ``demand`` cannot be read.
    Conflict
        The district exists, or is being imported at this moment.
    """
    if not (len(code) == 6 and code.isdigit()):
        raise BadInput("district_code", code=code)
    n_demand = _demand(demand)
    districts.claim(conn, code, replace)
    progress("read")
    found = osm.read(path)
    centre = _centre(found)
    found = changed(found, area=_areas(found, code, name, centre))
    if n_demand:
        progress("demand")
        found = changed(found, building=_seeded(found, LocalPlane(*centre), n_demand))
    progress("content")
    new = District(code, name, *centre, day, origin=f"{path.name} {ORIGIN}")
    districts.create(conn, new, found, replace=replace)
    return {name: len(getattr(found, name)) for name in ("way", "building", "gate", "area")}


def _demand(text: str | None) -> int:
    if text is None:
        return 0
    kind, _, number = text.partition(":")
    if kind != "edges" or not number.isdigit() or not 0 < int(number) <= 10_000_000:
        raise BadInput("demand", text=text)
    return int(number)


def _centre(found: Content) -> tuple[float, float]:
    """Return the middle of the box of the ways, to a thousandth of a degree."""
    west, south, east, north = map(float, found.way.total_bounds)
    return round((west + east) / 2, 3), round((south + north) / 2, 3)


def _areas(found: Content, code: str, name: str, centre: tuple[float, float]) -> gpd.GeoDataFrame:
    """Put the areas found in the file under one district, with codes of ours.

    The lowest area of a higher level that holds an area's inner point is its parent; subdistricts
    are numbered 001 …, communities 001 … within theirs, by the codes of the file. A community in
    no subdistrict is left out. Without a polygon of its own the district has none.
    """
    area = found.area.sort_values("code")
    of = {level: area[area["level"] == level] for level in ("district", "subdistrict", "community")}
    top = _named(of["district"], name)
    rows: list[dict[str, object]] = [
        {
            "code": code,
            "level": "district",
            "name": name,
            "parent": None,
            "tiled": False,
            "geometry": top,
        }
    ]
    parents: list[tuple[str, shapely.Geometry]] = []
    for number, (label, shape) in enumerate(_pairs(of["subdistrict"]), 1):
        parents.append((f"{code}{number:03d}", shape))
        rows.append(_row(parents[-1][0], "subdistrict", label, code, shape))
    count = dict.fromkeys([own for own, _ in parents], 0)
    for label, shape in _pairs(of["community"]):
        inner = shape.representative_point()
        home = next((own for own, outline in parents if outline.covers(inner)), None)
        if home is not None:
            count[home] += 1
            rows.append(_row(f"{home}{count[home]:03d}", "community", label, home, shape))
    return table("area", rows)


def _row(code: str, level: str, name: str, parent: str, shape: object) -> dict[str, object]:
    return {
        "code": code,
        "level": level,
        "name": name,
        "parent": parent,
        "tiled": False,
        "geometry": shape,
    }


def _pairs(area: gpd.GeoDataFrame) -> list[tuple[str, shapely.Geometry]]:
    return list(zip(area["name"], area.geometry, strict=True))


def _named(area: gpd.GeoDataFrame, name: str) -> shapely.Geometry | None:
    """Return the shape of that name, or the only one there is."""
    same = area[area["name"] == name]
    chosen = same if len(same) else area
    return chosen.geometry.iloc[0] if len(chosen) == 1 else None


def _seeded(found: Content, plane: LocalPlane, n: int) -> gpd.GeoDataFrame:
    """Return n points along the edges as buildings of one household each."""
    net = network.build(found.way, found.gate, found.compound)
    rows = seed_demand(net, n)
    lon, lat = places(net, found.way, plane, rows.edge, rows.from_source_cm)
    frame = pd.DataFrame({
        "code": [f"d{k:07d}" for k in range(n)], "name": "", "kind": "demand", "floors": 0,
        "households": 1, "people": 1, "estimated": True, "compound": None, "doors": None,
        "geometry": shapely.points(np.asarray(lon), np.asarray(lat)),
    })  # fmt: skip
    return table("building", frame)
