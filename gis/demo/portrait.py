"""A picture of a stored district: minutes to the nearest station, as the map will show them.

Like `gis.demo.picture`, which draws it, this needs matplotlib.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import coverage, districts
from gis.crs import LocalPlane
from gis.demo import picture
from gis.walk import variants
from sql import query
from sql.database import Conn

# ui.md, part 4: five classes of minutes, unconnected, without households
CLASSES = ("#D3E9E3", "#98CEC4", "#5BA9A3", "#C26018", "#6E2B08")
LINES = ("#A3C8BF", "#6BA99E", "#3A807B", "#96490C", "#4A1B03")
STATION = "#C3301C"


def portrait(
    conn: Conn,
    code: str,
    path: Path,
    metres_per_pixel: float = 3.0,
    box: tuple[float, float, float, float] | None = None,
) -> None:
    """Draw a district with its default figures (standard profile) to a PNG.

    Parameters
    ----------
    box
        West, south, east, north in metres from the centre of the district's plane.

    Raises
    ------
    NotFound
        There is no such district.
    """
    home = districts.district(conn, code)
    walker = coverage.profile(conn, code, "standard")
    variants.ensure_network(conn, code)
    variant = variants.at_minute(conn, code)
    variants.ensure_reach(conn, code, variant)
    plane = LocalPlane(home.longitude, home.latitude)
    asked = {"district": code, "variant": variant.id}
    names = ("area", "land", "compound", "water", "way", "barrier", "gate", "building", "station")
    town = SimpleNamespace(**{name: _table(conn, name, asked, plane) for name in names})
    outline = town.area[town.area["level"] == "district"].geometry.iloc[0]
    town.outline = max(shapely.get_parts(outline), key=lambda part: part.area)
    town.canvas = shapely.box(*town.outline.bounds).buffer(250, join_style="mitre")
    town.limits = walker.limits
    picture.picture(
        town, path, metres_per_pixel, box, steps=(*picture.GROUND, _houses, _edges, _stations)
    )


def _table(conn: Conn, name: str, asked: dict[str, Any], plane: LocalPlane) -> gpd.GeoDataFrame:
    cursor = conn.execute(query(f"portrait.{name}"), asked, binary=True)
    assert cursor.description is not None
    frame = pd.DataFrame(cursor.fetchall(), columns=[c.name for c in cursor.description])
    shapes = np.array([bytes(value) for value in frame.pop("geometry")], dtype=object)
    return gpd.GeoDataFrame(frame, geometry=plane.project(shapely.from_wkb(shapes)))


def _houses(pen: Any, town: Any) -> None:
    """Fill buildings by minutes, the far ones on top; those without households stay pale."""
    building = town.building
    cost = building["cost_cm"].to_numpy(dtype=float)  # nan: no station within the longest band
    band = np.searchsorted(town.limits, np.nan_to_num(cost, nan=np.inf))
    empty = building["households"].to_numpy() == 0
    lost = building["unconnected"].to_numpy(dtype=bool)
    shape = building.geometry.to_numpy()
    pen.fill(shape[empty], "#E2DED4", "#CFC9BC")
    for k, (face, line) in enumerate(zip(CLASSES, LINES, strict=True)):
        pen.fill(shape[(band == k) & ~empty & ~lost], face, line)
    pen.fill(shape[lost & ~empty], "#F3F2EF", "#6B6F70", 1.2)


def _edges(pen: Any, town: Any) -> None:
    for level, pixels in (("grid", 0.7), ("community", 1.3), ("subdistrict", 2.0)):
        shapes = town.area.geometry[town.area["level"] == level].to_numpy()
        pen.lines(shapely.boundary(shapes), "#1C2326", 0, least=pixels, alpha=0.55)


def _stations(pen: Any, town: Any) -> None:
    """Draw stations: a square for centres and community stations, a disc for the others."""
    for kinds, marker, size in (
        (("centre",), "s", 70),
        (("community",), "s", 34),
        (("post", "shared"), "o", 26),
    ):
        rows = town.station[town.station["kind"].isin(kinds)]
        pen.axes.scatter(
            rows.geometry.x, rows.geometry.y, s=size * max(0.5, 2 / pen.scale), c=STATION,
            marker=marker, edgecolors="#FFFFFF", linewidths=0.9, zorder=6,
        )  # fmt: skip
