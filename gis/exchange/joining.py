"""Ways of a file join those they meet: ways connect only where they share an equal vertex. Pure.

An end within a metre of another way moves onto it, and where two ways cross at grade both get the
crossing as a vertex; over and under bridges and tunnels nothing is joined. Only vertices are added
to ways that are stored, none is moved.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import snap
from gis.districts import District
from gis.exchange.compare import Compared
from gis.exchange.shapes import Refused, Shapes
from gis.exchange.slivers import redrawn

NEAR_M = 1.0
M_PER_DEG = 111_320.0
Place = tuple[float, float]


def settle(home: District, row: Compared, refused: Refused, before: pd.DataFrame) -> Compared:
    """Let the ways of the file share vertices with those they meet, stored ones included."""
    assert row.shape is not None
    kept = [k for k in range(len(row.frame)) if k not in refused]
    rest = np.setdiff1d(np.arange(len(before)), row.target[kept])
    lines = np.array([*row.shape[kept], *before["geometry"].iloc[rest]], dtype=object)
    apart = [
        bool(bridge or tunnel)
        for frame in (row.frame.iloc[kept], before.iloc[rest])
        for bridge, tunnel in zip(frame["bridge"], frame["tunnel"], strict=True)
    ]
    drawn = [row.target[k] < 0 or "geometry" in row.changes[k] for k in kept]
    fresh = np.array([*drawn, *([False] * len(rest))], dtype=bool)
    shape = join(lines, fresh, np.array(apart, dtype=bool), home.latitude)
    at = np.array([*kept, *([-1] * len(rest))], dtype=np.int64)
    stored = np.array([*row.target[kept], *rest], dtype=np.int64)
    return redrawn(row, at, stored, shape, before)


def join(
    shape: Shapes, fresh: NDArray[np.bool_], apart: NDArray[np.bool_], latitude: float
) -> Shapes:
    """Return the ways with the vertices they should share.

    Parameters
    ----------
    shape
        (n,) lines in stored degrees, on the lattice.
    fresh
        (n,) which of them are the file's; only these move, and only at their ends.
    apart
        (n,) which run over or under others: bridges and tunnels.
    """
    scale = np.array([np.cos(np.radians(latitude)), 1.0]) * M_PER_DEG
    found = shape.copy()
    ends = _Plane(found, scale)
    new: dict[int, list[Place]] = {}
    for i in np.flatnonzero(fresh).tolist():
        moved = [_met(ends, i, found[i].coords[end], new) for end in (0, -1)]
        rest = list(found[i].coords)[1:-1]
        found[i] = shapely.LineString([moved[0], *rest, moved[1]])
    plane = _Plane(found, scale)
    for i, j in _pairs(plane, fresh):
        for place in _shared(plane, i, j, bool(apart[i] or apart[j])):
            new.setdefault(i, []).append(place)
            new.setdefault(j, []).append(place)
    for i, places in sorted(new.items()):
        found[i] = _with(found[i], places, scale)
    return found


class _Plane:
    """Lines in metres, with an index; degrees are scaled, not projected."""

    def __init__(self, shape: Shapes, scale: NDArray[np.float64]) -> None:
        self.shape, self.scale = shape.copy(), scale
        self.line = shapely.transform(shape, lambda xy: xy * scale)
        self.tree = shapely.STRtree(self.line)

    def point(self, place: Place) -> Any:
        """Return a place in metres."""
        return shapely.Point(np.asarray(place) * self.scale)

    def place(self, point: Any) -> Place:
        """Return a point in metres as degrees on the lattice."""
        lon, lat = snap(shapely.get_coordinates(point)[0] / self.scale).tolist()
        return lon, lat


def _met(plane: _Plane, i: int, end: Place, new: dict[int, list[Place]]) -> Place:
    """Return where an end belongs: on a way within a metre, at its vertex if one is as near."""
    point = plane.point(end)
    near = [j for j in plane.tree.query(point, "dwithin", NEAR_M).tolist() if j != i]
    if not near:
        return end
    vertices = [tuple(xy) for j in near for xy in plane.shape[j].coords]
    if tuple(end) in vertices:
        return end
    metres = shapely.distance(point, shapely.points(np.array(vertices) * plane.scale))
    if metres.min() <= NEAR_M:
        return vertices[int(metres.argmin())]
    j = min(near, key=lambda one: (point.distance(plane.line[one]), one))
    line = plane.line[j]
    place = plane.place(line.interpolate(line.project(point)))
    new.setdefault(j, []).append(place)
    return place


def _pairs(plane: _Plane, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield each pair of ways that meet within a metre, one of them of the file, once."""
    at = np.flatnonzero(fresh)
    left, right = plane.tree.query(plane.line[at], "dwithin", NEAR_M)
    for i, j in sorted(zip(at[left].tolist(), right.tolist(), strict=True)):
        if i != j and not (fresh[j] and j < i):
            yield i, j


def _shared(plane: _Plane, i: int, j: int, apart: bool) -> Iterator[Place]:
    """Yield the places where two ways should share a vertex and do not."""
    one, other = plane.shape[i], plane.shape[j]
    for a, b in ((i, j), (j, i)):  # a dead end of one on the other
        own = {tuple(xy) for xy in plane.shape[b].coords}
        for end in (plane.shape[a].coords[0], plane.shape[a].coords[-1]):
            if tuple(end) not in own and plane.point(end).distance(plane.line[b]) <= NEAR_M:
                yield tuple(end)
    if apart:
        return
    both = {tuple(xy) for xy in one.coords} & {tuple(xy) for xy in other.coords}
    for part in shapely.get_parts(shapely.intersection(plane.line[i], plane.line[j])):
        if part.geom_type == "Point" and plane.place(part) not in both:
            yield plane.place(part)


def _with(line: Any, places: list[Place], scale: NDArray[np.float64]) -> Any:
    """Insert vertices into a line in their order along it; one that is there is not repeated."""
    have = [tuple(xy) for xy in line.coords]
    there = shapely.LineString(np.array(have) * scale)
    more = [place for place in dict.fromkeys(places) if place not in have]
    along = [there.project(shapely.Point(np.array(place) * scale)) for place in more]
    steps = np.hypot(*np.diff(np.array(have) * scale, axis=0).T)
    at = [0.0, *np.cumsum(steps).tolist()]
    ordered = sorted([*zip(at, have, strict=True), *zip(along, more, strict=True)],
                     key=lambda one: one[0])  # fmt: skip
    return shapely.LineString([place for _, place in ordered])
