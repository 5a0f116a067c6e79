"""Rows of a table of `gis.content` as PostgreSQL takes them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from gis import hours

SRID = 4490
_MULTI = {"area_version", "water", "land"}  # tables whose shapes are MultiPolygons


def columns(
    table: str, frame: GeoDataFrame | pd.DataFrame, convert: Mapping[str, Callable[[Any], object]]
) -> dict[str, list[Any]]:
    """Return the columns of a frame as lists of plain values.

    Shapes become EWKB in hexadecimal, opening hours a multirange of minutes of the week, missing
    values None.
    """
    known: dict[str, Callable[[pd.Series], list[Any]]] = {
        "geometry": lambda s: wkb(_multi(s) if table in _MULTI else s.to_numpy()),
        "doors": lambda s: wkb(s.to_numpy()),
        "open": lambda s: [multirange(text) for text in s],
        "name": lambda s: ["" if pd.isna(text) else text for text in s],
        "services": lambda s: [list(codes) for codes in s],
    }
    found = {}
    for name in frame.columns:
        values = known[name](frame[name]) if name in known else plain(frame[name])
        change = convert.get(name)
        found["geom" if name == "geometry" else name] = (
            [None if v is None else change(v) for v in values] if change else values
        )
    return found


def plain(series: pd.Series) -> list[Any]:
    """Return a column as Python values, None where it is missing."""
    return [
        None if missing else v for v, missing in zip(series.tolist(), series.isna(), strict=True)
    ]


def wkb(shapes: Any) -> list[str | None]:
    """Return shapes as EWKB in hexadecimal, None where there is none."""
    array = np.array(shapes, dtype=object)
    array[pd.isna(array)] = None
    return shapely.to_wkb(shapely.set_srid(array, SRID), hex=True, include_srid=True).tolist()  # type: ignore[no-any-return]


def multirange(text: str) -> str:
    """Return opening hours as an int4multirange of minutes of the week."""
    return "{" + ",".join(f"[{a},{b})" for a, b in hours.parse(text)) + "}"


def _multi(shapes: pd.Series) -> list[Any]:
    return [shapely.MultiPolygon([s]) if s.geom_type == "Polygon" else s for s in shapes]
