"""Unions of areas by cancelling the segments they share."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cmp_to_key
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, MultiPolygon, Polygon

from gis.errors import TilingError

from .edges import Edges, Ints, Point, Shapes, count, directed

Label = TypeVar("Label", str, int)
Rings = list[LinearRing]
Vector = tuple[Fraction, Fraction]
Spoke = tuple[Vector, bool, int]  # away from the pinch; does the edge arrive; its number
NULL = Fraction(0), Fraction(0)


def dissolve(
    polygons: Shapes, label: Sequence[Label] | NDArray[np.object_]
) -> dict[Label, MultiPolygon]:
    """Unite the polygons of each label by cancelling the segments they share.

    No vertex is moved, added or lost on what remains. Shells run counter-clockwise, holes
    clockwise; parts that touch only at a point stay apart. The same polygons in another
    order give the same result, down to the first vertex.

    Returns
    -------
    The areas, ordered by label.

    Raises
    ------
    TilingError
        Polygons of one label overlap or cross; the text names a place.
    """
    names, owner = np.unique(np.asarray(label), return_inverse=True)
    edges = _outline(directed(polygons, owner.astype(np.int64)))
    rings, walk, of = _rings(edges)
    shells: dict[int, list[int]] = {}
    holes: dict[int, list[int]] = {}
    for i, outer in enumerate(shapely.is_ccw(rings).tolist()):
        (shells if outer else holes).setdefault(int(of[i]), []).append(i)
    shapes = [_area(rings, walk, shells.get(i, []), holes.get(i, [])) for i in range(len(names))]
    canonical = shapely.orient_polygons(shapely.normalize(np.array(shapes, dtype=object)))
    return dict(zip(names.tolist(), canonical.tolist(), strict=True))


def _outline(edges: Edges) -> Edges:
    """Drop what cancels, and sort the rest by owner, start, end."""
    key = edges.owned(edges.key())
    order = np.argsort(key, kind="stable")
    twice = order[1:][key[order][1:] == key[order][:-1]]
    if len(twice):
        raise _clash(edges.ends(int(twice[0]))[0])
    left = ~np.isin(key, edges.owned(edges.reverse()))
    return edges.take(order[left[order]])


def _clash(place: Point) -> TilingError:
    x, y = place
    return TilingError(f"polygons of one area overlap near {x:.9f} {y:.9f}: correct one of them")


def _rings(edges: Edges) -> tuple[Rings, Ints, Ints]:
    """Return simple closed rings, the walk each was cut from, and its owner."""
    traced = list(_trace(edges))
    first = np.array([ring[0] for _, ring in traced], dtype=np.int64)
    walk = np.array([walk for walk, _ in traced], dtype=np.int64)
    closed = [[*ring, ring[0]] for _, ring in traced]
    which = np.repeat(np.arange(len(closed)), [len(ring) for ring in closed])
    nodes = edges.start[np.concatenate([*closed, first[:0]])]
    rings = shapely.linearrings(edges.point[nodes], indices=which)
    return list(rings), walk, edges.owner[first]


def _trace(edges: Edges) -> Iterator[tuple[int, list[int]]]:
    """Yield the simple rings of the outline as lists of edges, with the number of their walk."""
    following, pinched = _successors(edges)
    seen = bytearray(len(following))
    start = edges.start.tolist()
    for first in range(len(following)):
        if not seen[first]:
            for ring in _loops(_walk(first, following, seen), start, pinched):
                yield first, ring


def _walk(first: int, following: list[int], seen: bytearray) -> list[int]:
    walk, here = [], first
    while not seen[here]:
        seen[here] = 1
        walk.append(here)
        here = following[here]
    return walk


def _loops(walk: list[int], start: list[int], pinched: set[int]) -> Iterator[list[int]]:
    """Cut a walk at every point it visits twice."""
    if pinched.isdisjoint(walk):
        yield walk
        return
    path: list[int] = []
    at: dict[int, int] = {}
    for edge in walk:
        if (back := at.get(start[edge])) is not None:
            yield path[back:]
            for gone in path[back:]:
                del at[start[gone]]
            del path[back:]
        at[start[edge]] = len(path)
        path.append(edge)
    yield path


def _successors(edges: Edges) -> tuple[list[int], set[int]]:
    """Return the edge that follows each one on its outline, and the edges that start at a pinch.

    ``edges`` are sorted by owner and start, so the edges that leave a node stand together.
    """
    n_node = len(edges.point)
    leave, arrive = edges.owner * n_node + edges.start, edges.owner * n_node + edges.end
    following = np.searchsorted(leave, arrive)
    pinched = np.flatnonzero(count(leave, leave) > 1)
    into: dict[int, list[int]] = {}
    for i in np.flatnonzero(count(leave, arrive) > 1).tolist():
        into.setdefault(int(arrive[i]), []).append(i)
    for node, arriving in into.items():
        first, last = np.searchsorted(leave, [node, node + 1]).tolist()
        for i, j in _pair(edges, arriving, list(range(first, last))):
            following[i] = j
    return following.tolist(), set(pinched.tolist())


def _pair(edges: Edges, arriving: list[int], leaving: list[int]) -> Iterator[tuple[int, int]]:
    """Join the two edges that bound each wedge of the area at a pinch point.

    Counter-clockwise around the point, a wedge begins with the edge that leaves along it and
    ends with the one that arrives.
    """
    spokes: list[Spoke] = [(_spoke(edges.ends(j)), False, j) for j in leaving]
    spokes += [(_spoke(edges.ends(i)[::-1]), True, i) for i in arriving]
    spokes.sort(key=cmp_to_key(_turn))
    for before, after in zip(spokes[-1:] + spokes[:-1], spokes, strict=True):
        if before[1] == after[1]:
            raise _clash(edges.ends(leaving[0])[0])
        if after[1]:
            yield after[2], before[2]


def _spoke(ends: tuple[Point, Point]) -> Vector:
    (x, y), (u, v) = ends
    return Fraction(u) - Fraction(x), Fraction(v) - Fraction(y)


def _turn(a: Spoke, b: Spoke) -> int:
    """Compare two spokes by their angle from the west, exactly: negative if ``a`` is first."""
    (x, y), (u, v) = a[0], b[0]
    half = (y, x) > NULL, (v, u) > NULL
    cross = x * v - y * u
    return half[0] - half[1] if half[0] != half[1] else (cross < 0) - (cross > 0)


def _area(rings: Rings, walk: Ints, shells: list[int], holes: list[int]) -> MultiPolygon:
    """Give each hole to the shell of its own walk, else to the smallest shell around it."""
    of_walk = {int(walk[i]): i for i in shells}
    filled: dict[int, list[LinearRing]] = {i: [] for i in shells}
    for i in holes:
        shell = of_walk.get(int(walk[i]))
        filled[_around(rings, i, shells) if shell is None else shell].append(rings[i])
    return MultiPolygon([Polygon(rings[i], inner) for i, inner in filled.items()])


def _around(rings: Rings, hole: int, shells: list[int]) -> int:
    covers = [i for i in shells if Polygon(rings[i]).covers(Polygon(rings[hole]))]
    if not covers:
        x, y = shapely.get_coordinates(rings[hole])[0].tolist()
        raise _clash((x, y))
    return min(covers, key=lambda i: Polygon(rings[i]).area)
