"""The vertices of ways as integers on the lattice of 1e-9 degrees, and which are equal. Pure."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import lengths
from gis.errors import BadInput, NoNetwork

PER_DEGREE = 1e9

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Vertices:
    """The vertices of all ways, one way after the other, without repeated neighbours.

    Attributes
    ----------
    point
        (n, 2) lon, lat on the lattice.
    way
        (n,) row of the way, ascending.
    number
        (n,) place along the way, counted from 0 with the repeated vertices.
    along_nm
        (n,) geodesic distance walked since the very first vertex; ways follow without a step.
    is_end
        (n,) whether the way begins or ends here.
    """

    point: Int
    way: Int
    number: Int
    along_nm: Int
    is_end: Bool

    @property
    def position_nm(self) -> Int:
        """(n,) geodesic distance from the first vertex of the same way."""
        return self.along_nm - self.along_nm[np.searchsorted(self.way, self.way)]


def vertices(way: gpd.GeoDataFrame) -> Vertices:
    """Return the vertices of the ways in the order of the table.

    Ways whose vertices are all equal are left out.

    Raises
    ------
    BadInput
        A way is not a line.
    NoNetwork
        No way is left.
    """
    shape = way.geometry.to_numpy()
    if (bad := shapely.get_type_id(shape) != shapely.GeometryType.LINESTRING).any():
        raise BadInput("not_a_line", code=way["code"].iloc[bad.argmax()])
    xy, owner = shapely.get_coordinates(shape, return_index=True)
    point = lattice(xy)
    number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    keep = (number == 0) | (point != np.roll(point, 1, axis=0)).any(axis=1)
    keep &= np.bincount(owner[keep], minlength=len(way))[owner] > 1
    if not keep.any():
        raise NoNetwork("nothing_to_walk_on")
    point, owner, number = point[keep], owner[keep], number[keep]
    change = np.diff(owner) > 0
    is_end = np.append(True, change) | np.append(change, True)
    return Vertices(point, owner, number, _along(point, change), is_end)


def _along(point: Int, change: Bool) -> Int:
    """Add up nanometres as integers: a sum does not depend on what was added before it."""
    step = np.where(change, 0.0, lengths(*(point / PER_DEGREE).T))
    return np.append(0, np.cumsum(np.rint(step * 1e9).astype(np.int64)))


def lattice(xy: Float) -> Int:
    """Return degrees as integers on the lattice."""
    return np.rint(xy * PER_DEGREE).astype(np.int64)


def number_points(*points: Int) -> list[Int]:
    """Give equal points of several (n, 2) arrays equal numbers; one array of them for each."""
    lon, lat = np.concatenate(points).T
    x, y = (np.unique(axis, return_inverse=True)[1] for axis in (lon, lat))
    number = np.unique(x * len(lon) + y, return_inverse=True)[1]
    return np.split(number, np.cumsum([len(p) for p in points])[:-1])


def curve_order(point: Int) -> Int:
    """Return the order of (n, 2) integer points along a Hilbert curve over their box.

    The curve has 2^16 cells a side; points in one cell are ordered by their coordinates.
    """
    low = point.min(axis=0)
    span = max(1, int((point - low).max()))
    x, y = ((point - low) * 65535 // span).T
    distance = np.zeros(len(point), dtype=np.int64)
    for bit in (1 << k for k in range(15, -1, -1)):
        right, up = (x & bit) > 0, (y & bit) > 0
        distance += bit * bit * (3 * right ^ up)
        flip = right & ~up
        x, y = np.where(flip, 65535 - x, x), np.where(flip, 65535 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
    return np.lexsort([point[:, 1], point[:, 0], distance])
