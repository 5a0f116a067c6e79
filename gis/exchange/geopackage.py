"""A district's network as a GeoPackage: all that a stranger needs to recount every figure."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis.content import CRS
from gis.districts import District
from gis.errors import BadInput
from gis.walk.engine import walk
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

LAYERS = ("node", "edge", "access", "building", "station", "area")


def write(conn: Conn, home: District, variant: Variant, path: Path) -> None:
    """Write the layers node, edge, access, building, station and area (EPSG:4490).

    ``edge.forward_cm`` and ``backward_cm`` are as in the variant: -1 is closed that way.
    ``access.ref`` is the code of the building or station. The cost of a way from a building is
    connector_cm + the part of the edge + edges + the part of the edge at the station + its
    connector_cm. Of an edge, the part from the source to the position x (from_source_cm) costs
    F(x) = (2 x forward_cm + length_cm) // (2 length_cm) forwards and B(x), likewise with
    backward_cm, backwards; to the target forward_cm - F(x), from the target backward_cm - B(x);
    on one edge from p to q F(q) - F(p) if q >= p, or B(p) - B(q) if q <= p.

    The file is written aside and renamed; the old one is lost only then.

    Raises
    ------
    BadInput
        The file cannot be written there.
    """
    aside = path.with_name(f".{path.name}.part.gpkg")
    try:
        aside.unlink(missing_ok=True)
        for name in LAYERS:
            frame = _edge(conn, home, variant) if name == "edge" else _table(conn, home, name)
            pyogrio.write_dataframe(frame, aside, layer=name, driver="GPKG", append=aside.exists())
        aside.replace(path)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        aside.unlink(missing_ok=True)
        raise BadInput("cannot_write", file=path, reason=error) from None


def _table(conn: Conn, home: District, name: str) -> Any:
    """Return a layer as its query gives it; a column ``geometry`` is made shapes."""
    cursor = conn.execute(query(f"export.{name}"), {"district": home.code}, binary=True)
    assert cursor.description is not None
    frame = pd.DataFrame(cursor.fetchall(), columns=[c.name for c in cursor.description])
    if "geometry" not in frame:
        return frame
    shapes = np.array([bytes(value) for value in frame["geometry"]], dtype=object)
    return gpd.GeoDataFrame(
        frame.drop(columns="geometry"), geometry=shapely.from_wkb(shapes), crs=CRS
    )


def _edge(conn: Conn, home: District, variant: Variant) -> Any:
    frame = _table(conn, home, "edge")
    _, edges = walk(conn, home.code).under(variant)
    return frame.assign(forward_cm=edges.forward_cm, backward_cm=edges.backward_cm)
