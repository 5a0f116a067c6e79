"""Groups of buildings that lie together. Pure, in local metres."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

LOW, HIGH = 15, 300  # households of a planted gap
APART_M = 60.0  # buildings of one piece are nearer than this to another of it, of two farther
LINK_M = 95.0  # the same for one gap that is planted

Int = NDArray[np.int64]
Float = NDArray[np.float64]


def islands(xy: Float, rows: Int, link_m: float = APART_M) -> list[Int]:
    """Return rows of buildings in pieces, each building near another of its piece."""
    if not len(rows):
        return []
    pairs = KDTree(xy[rows]).query_pairs(link_m, output_type="ndarray")
    ones = np.ones(len(pairs), dtype=np.int8)
    near = csr_array((ones, pairs.T), shape=(len(rows), len(rows)))
    number, label = connected_components(near, directed=False)
    return [rows[label == k] for k in range(number)]


def is_apart(xy: Float, rows: Int, others: Int, least_m: float = APART_M) -> bool:
    """Tell whether no building of some rows is near one of other rows."""
    if not len(rows) or not len(others):
        return True
    return bool(KDTree(xy[others]).query(xy[rows])[0].min() >= least_m)
