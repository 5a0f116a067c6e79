"""Where a river or a railway can be crossed: the seams on it that a way passes through."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.proposal import BARRIERS


def barred(units: gpd.GeoDataFrame, seam: pd.DataFrame, way: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Return for each seam whether it is a barrier that no way has a vertex on.

    Parameters
    ----------
    units
        code and geometry [m].
    seam
        unit_a, unit_b, kind.
    way
        Lines of the ways [m]; where one crosses a seam, both have a vertex, to the millimetre.
    """
    barrier = seam["kind"].isin(BARRIERS).to_numpy(bool)
    shape = units.set_index("code").geometry
    passed = _vertices(way.to_numpy())
    pairs = seam.loc[barrier, ["unit_a", "unit_b"]].itertuples(index=False)
    shut = [not (_vertices(shape[one]) & _vertices(shape[other]) & passed) for one, other in pairs]
    result: NDArray[np.bool_] = barrier.copy()
    result[barrier] = np.array(shut, dtype=bool)
    return result


def _vertices(shapes: NDArray[np.object_] | shapely.Polygon) -> set[tuple[int, int]]:
    points = np.rint(shapely.get_coordinates(shapes) * 1000).astype(np.int64)
    return {(x, y) for x, y in points.tolist()}
