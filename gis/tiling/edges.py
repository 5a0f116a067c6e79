"""Directed boundary segments of areas, as arrays of numbers: each with its owner on the left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

Shape: TypeAlias = Polygon | MultiPolygon
Shapes: TypeAlias = Sequence[Shape] | NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Edges:
    """Directed segments with their owner on the left; nodes are numbered by x, then y."""

    owner: Ints
    start: Ints
    end: Ints
    point: Floats  # (n_node, 2)

    def key(self) -> Ints:
        """Return one number per directed segment."""
        return self.start * len(self.point) + self.end

    def reverse(self) -> Ints:
        """Key the same segment, directed the other way."""
        return self.end * len(self.point) + self.start

    def owned(self, key: Ints) -> Ints:
        """Return one number per key and owner."""
        return self.owner * len(self.point) ** 2 + key

    def take(self, chosen: Mask | Ints) -> "Edges":
        """Return some of the edges."""
        return Edges(self.owner[chosen], self.start[chosen], self.end[chosen], self.point)

    def ends(self, i: int) -> tuple[Point, Point]:
        """Return the two points of edge ``i``."""
        (x, y), (u, v) = self.point[self.start[i]].tolist(), self.point[self.end[i]].tolist()
        return (x, y), (u, v)


def directed(shapes: Shapes, owner: Ints) -> Edges:
    """Return the boundaries of areas: shells counter-clockwise, holes clockwise."""
    parts, part_shape = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    pairs = np.ascontiguousarray(points + 0.0).view(np.complex128).ravel()
    place, node = np.unique(pairs, return_inverse=True)
    inner = ring[:-1] == ring[1:]
    of = owner[part_shape[ring_part[ring[:-1][inner]]]]
    return Edges(of, node[:-1][inner], node[1:][inner], np.c_[place.real, place.imag])


def count(ordered: Ints, key: Ints) -> Ints:
    """Return how often each key occurs in an ordered array."""
    right = np.searchsorted(ordered, key, side="right")
    return np.asarray(right - np.searchsorted(ordered, key, side="left"), dtype=np.int64)
