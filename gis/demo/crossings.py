"""Where a river or a railway can be crossed: the seams on it that a way passes through."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.proposal import BARRIERS

Codes = NDArray[np.object_]


def barred(units: gpd.GeoDataFrame, seam: pd.DataFrame, way: gpd.GeoSeries) -> "pd.Series[bool]":
    """Return for each seam whether it is a barrier that no way has a vertex on.

    Parameters
    ----------
    units
        code and geometry [m].
    seam
        unit_a, unit_b, kind.
    way
        Lines of the ways [m]; where one crosses a seam, both have a vertex.
    """
    barrier = seam["kind"].isin(BARRIERS)
    named = units.set_index("code").geometry
    passed = pd.MultiIndex.from_arrays(_millimetres(way.to_numpy())[0].T)
    shut = [
        not _meet(named[one], named[other], passed)
        for one, other in seam.loc[barrier, ["unit_a", "unit_b"]].itertuples(index=False)
    ]
    result = barrier.copy()
    result[barrier] = shut
    return result


def _meet(one: shapely.Polygon, other: shapely.Polygon, passed: pd.MultiIndex) -> bool:
    """Return whether two units share a vertex that a way passes through."""
    first, last = (
        pd.MultiIndex.from_arrays(_millimetres(np.array([unit]))[0].T) for unit in (one, other)
    )
    both = first[first.isin(last)]
    return bool(both.isin(passed).any())


def _millimetres(shapes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    return np.rint(points * 1000).astype(np.int64), owner
