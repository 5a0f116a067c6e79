"""Lines in local metres, rounded to the millimetre: curves, cutting, noding."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

MILLIMETRE = 0.001
Array = NDArray[np.float64]
Shapes = NDArray[np.object_]


def rounded(shapes: Any) -> Any:
    """Round all coordinates to the millimetre; minus zero becomes zero."""
    return shapely.transform(shapes, lambda points: np.round(points, 3) + 0.0)


def spline(points: Array, per_span: int = 24) -> Array:
    """Return a Catmull-Rom curve through points (n, 2), ``per_span`` points a span."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, per_span, endpoint=False)[:, None]
    spans = [_span(padded[k : k + 4], t) for k in range(len(points) - 1)]
    return np.vstack([*spans, points[-1:]])


def _span(p: Array, t: Array) -> Array:
    a, b, c, d = p
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    return np.asarray(0.5 * (curve + (3 * b - a - 3 * c + d) * t**3))


def beside(points: Array, distance: Array | float) -> Array:
    """Move each point of a smooth line (n, 2) to its left by a distance [m], one or n."""
    along = np.gradient(points, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]])
    return np.asarray(points + left * np.reshape(distance, (-1, 1)))


def dense(points: Array, step: float = 40.0) -> Array:
    """Add points to a line (n, 2) so that none of its segments is longer than ``step``."""
    line = shapely.segmentize(LineString(points), step)
    return np.asarray(shapely.get_coordinates(line))


def strings(shape: Any) -> list[LineString]:
    """Return the line strings of a shape, longest first; points and polygons are left out."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "LineString" and p.length > 0]
    return sorted(parts, key=lambda p: (-round(p.length, 3), *p.coords[0], *p.coords[-1]))


def polygons(shape: Any) -> list[Polygon]:
    """Return the polygons of a shape, largest first."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 0]
    return sorted(parts, key=lambda p: (-round(p.area, 3), *p.bounds))


def largest(shape: Any) -> Polygon:
    """Return the largest polygon of a shape, an empty one if it has none."""
    parts = polygons(shape)
    return parts[0] if parts else Polygon()


def split(shape: Polygon, cuts: list[LineString]) -> list[Polygon]:
    """Cut a polygon along straight lines that cross it, pieces from west to east."""
    edges = shapely.union_all([shape.boundary, *(longer(cut) for cut in cuts)])
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside = [f for f in parts if shape.contains(f.representative_point())]
    return sorted(inside, key=lambda f: (round(f.centroid.x, 3), round(f.centroid.y, 3)))


def longer(line: LineString, by: float = 0.5) -> LineString:
    """Return a line whose first and last segments are longer by so much [m]."""
    points = np.array(line.coords)
    first, last = points[0] - points[1], points[-1] - points[-2]
    start = points[0] + first / np.hypot(*first) * by
    end = points[-1] + last / np.hypot(*last) * by
    return LineString([start, *points[1:-1], end])


def node(lines: list[LineString]) -> Shapes:
    """Node lines together on the lattice of a millimetre, edges sorted by their coordinates.

    Wherever two lines meet or touch, all of them have the same vertex (snap rounding, Hobby 1999).
    """
    edges = rounded(shapely.get_parts(shapely.union_all(lines, grid_size=MILLIMETRE)))
    edges = shapely.normalize(edges)
    ends = shapely.get_coordinates(shapely.get_point(edges, 0))
    middle = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    order = np.lexsort([middle[:, 1], middle[:, 0], ends[:, 1], ends[:, 0]])
    return np.asarray(edges[order])


def sources(edges: Shapes, lines: list[LineString]) -> NDArray[np.intp]:
    """Return for each noded edge the first of the lines it came from, -1 if from none."""
    middle = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    found, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=0.003)
    source = np.full(len(edges), len(lines), dtype=np.intp)
    np.minimum.at(source, found, line)
    return np.where(source == len(lines), -1, source)


def faces(edges: Shapes) -> Shapes:
    """Return the faces of noded edges, sorted by their south-west corner and centroid."""
    parts = shapely.get_parts(shapely.polygonize(edges))
    keys = np.column_stack(
        [shapely.bounds(parts), shapely.get_coordinates(shapely.centroid(parts))]
    )
    return np.asarray(parts[np.lexsort(np.round(keys, 3).T[::-1])])


def ends(edges: Shapes) -> tuple[NDArray[np.int64], int]:
    """Return the numbers of edges' end points (n, 2), and how many nodes there are."""
    first = shapely.get_coordinates(shapely.get_point(edges, 0))
    last = shapely.get_coordinates(shapely.get_point(edges, -1))
    points = np.round(np.vstack([first, last]) * 1000).astype(np.int64)
    unique, number = np.unique(points, axis=0, return_inverse=True)
    return number.reshape(2, -1).T, len(unique)


def unpruned(edges: Shapes, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which edges are left when loose ends are cut back; edges to ``keep`` stay."""
    number, n = ends(edges)
    left = np.ones(len(edges), dtype=bool)
    while True:
        degree = np.bincount(number[left].ravel(), minlength=n)
        loose = left & ~keep & (degree[number].min(axis=1) < 2)
        if not loose.any():
            return left
        left &= ~loose
