"""Which area gets which name and number: names that speak of a place lie there."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from shapely.geometry.base import BaseGeometry

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COMPASS = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "南": (0.0, -1.0), "北": (0.0, 1.0)}
MARKS = {
    "河": "river",
    "堤": "river",
    "鱼": "river",
    "站": "station",
    "关": "gate",
    "新": "new",
    "园": "park",
    "苑": "park",
}
RANK = 0.01  # cost [m] of a name that stands one place off in the order of codes


def heading(name: str) -> Floats:
    """Return the direction (east, north) a name speaks of; (0, 0) if none."""
    ways = [COMPASS.get(c, (0.0, 0.0)) for c in name]
    return np.asarray(np.array(ways).sum(axis=0), dtype=np.float64)


def name_areas(names: Sequence[str], points: Floats, marks: Mapping[str, BaseGeometry]) -> Ints:
    """Return for each area the number of its name, such that names fit places best in all.

    Parameters
    ----------
    points
        (n, 2) one point of each area [m].
    marks
        Where things are that names speak of [m], by the values of ``MARKS``.
    """
    rank = np.empty(len(points))
    rank[reading_order(points, 1.0)] = np.arange(len(points))
    cost = RANK * np.abs(rank[:, None] - np.arange(len(names)))
    offset, spots = points - points.mean(axis=0), shapely.points(points)
    for i, name in enumerate(names):
        cost[:, i] -= offset @ heading(name)
        for mark in sorted({MARKS[c] for c in name if c in MARKS} & {*marks}):
            cost[:, i] += shapely.distance(spots, marks[mark])
    return np.asarray(linear_sum_assignment(np.round(cost, 3))[1], dtype=np.int64)


def reading_order(points: Floats, band: float) -> Ints:
    """Return points from west to east in bands, the northmost band first.

    Parameters
    ----------
    band
        Height of a band [m].
    """
    x, y = np.round(points, 2).T
    row = (y.max(initial=-np.inf) - y) // band
    return np.lexsort([-y, x, row])
