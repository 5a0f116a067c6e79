"""What the network is made of, read from the tables of `app`."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.content import CRS
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of app that the network is made of, each in the order of its codes."""

    way: gpd.GeoDataFrame
    gate: gpd.GeoDataFrame
    compound: gpd.GeoDataFrame
    barrier: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    building: gpd.GeoDataFrame
    station: gpd.GeoDataFrame


def tables(conn: Conn, code: str) -> Tables:
    """Read the tables of a district as they are in force now."""
    asked = {"district": code}
    return Tables(
        **{name: frame(conn, f"network.{name}", asked) for name in Tables.__dataclass_fields__}
    )


def frame(conn: Conn, name: str, asked: dict[str, Any]) -> gpd.GeoDataFrame:
    """Read a query as a table: its columns, and its shapes as geometries."""
    cursor = conn.execute(query(name), asked, binary=True)
    assert cursor.description is not None
    columns = [column.name for column in cursor.description]
    found = pd.DataFrame(cursor.fetchall(), columns=columns)
    for shape in ("doors", "geometry"):
        if shape in found:
            found[shape] = pd.Series(
                list(shapes(list(found[shape]))), index=found.index, dtype=object
            )
    return gpd.GeoDataFrame(found, geometry="geometry", crs=CRS)


def shapes(values: list[Any]) -> NDArray[np.object_]:
    """Return geometries of well-known bytes, None where there are none."""
    array = np.array([None if v is None else bytes(v) for v in values], dtype=object)
    return np.asarray(shapely.from_wkb(array), dtype=object).reshape(-1)
