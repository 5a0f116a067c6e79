"""A district's network as a GeoPackage: all that a stranger needs to recount every figure."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis.content import CRS
from gis.crs import LocalPlane
from gis.districts import District
from gis.errors import BadInput
from gis.walk.engine import walk
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

LAYERS = ("node", "edge", "access", "building", "station", "area", "gate", "barrier", "water")


def write(conn: Conn, home: District, variant: Variant, path: Path) -> None:
    """Write what `LAYERS` names, and the layer ``setting`` (name, value), in EPSG:4490.

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
            _append(frame, aside, name)
        _append(_settings(home, variant), aside, "setting")
        aside.replace(path)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        aside.unlink(missing_ok=True)
        raise BadInput("cannot_write", file=path, reason=error) from None


def _append(frame: Any, path: Path, layer: str) -> None:
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists())


def _settings(home: District, variant: Variant) -> pd.DataFrame:
    """Return what else a recount needs: the metre plane, the snap limit, the state of the gates."""
    values = {
        "district": home.code,
        "name": home.name,
        "data_date": str(home.data_date),
        "sample": str(home.sample).lower(),
        "origin": home.origin,
        "plane": LocalPlane(home.longitude, home.latitude).definition,
        "snap_m": repr(home.snap_m),
        "step_free": str(variant.step_free).lower(),
    }
    return pd.DataFrame({"name": list(values), "value": list(values.values())})


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
