"""What a district is made of before it is stored: one table a kind, from a generator or a file.

All geometries are EPSG:4490, longitude latitude, on the lattice of 1e-9 degrees. Codes are text,
stable, and unique within their table; a column that refers to another table holds its code.
"""

from dataclasses import dataclass, fields

import geopandas as gpd
import pandas as pd

CRS = "EPSG:4490"

COLUMNS: dict[str, tuple[str, ...]] = {
    "area": ("code", "level", "name", "parent", "tiled"),
    "compound": ("code", "name", "branch"),
    "building": (
        "code",
        "name",
        "kind",
        "floors",
        "households",
        "people",
        "estimated",
        "compound",
        "doors",
    ),
    "gate": ("code", "name", "compound", "hours", "passage"),
    "barrier": ("code", "kind"),
    "water": ("code", "name", "kind"),
    "land": ("code", "name", "kind"),
    "way": ("code", "name", "highway", "bridge", "tunnel", "steps", "foot"),
    "station": (
        "code",
        "name",
        "kind",
        "services",
        "hours",
        "capacity",
        "floor_area",
        "state",
    ),
}


def table(
    name: str, rows: pd.DataFrame | list[dict[str, object]] | None = None
) -> gpd.GeoDataFrame:
    """Return rows as the table ``name``: its columns in order, then ``geometry``, by code.

    Raises
    ------
    KeyError
        There is no such table, or the rows lack one of its columns.
    ValueError
        Two rows have the same code.
    """
    columns = [*COLUMNS[name], "geometry"]
    some = rows is not None and len(rows)
    frame = pd.DataFrame(rows) if some else pd.DataFrame(columns=columns)
    frame = frame[columns].sort_values("code", ignore_index=True)
    for column in frame.columns[frame.isna().any()]:  # pandas would make a missing text a NaN
        frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    if not frame["code"].is_unique:
        raise ValueError(f"{name}: two rows share a code")
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


@dataclass(frozen=True, slots=True)
class Content:
    """The tables of one district; see ``COLUMNS`` for what each holds."""

    area: gpd.GeoDataFrame
    compound: gpd.GeoDataFrame
    building: gpd.GeoDataFrame
    gate: gpd.GeoDataFrame
    barrier: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    way: gpd.GeoDataFrame
    station: gpd.GeoDataFrame


TABLES = tuple(field.name for field in fields(Content))
