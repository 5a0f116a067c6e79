"""A sample town measured once: what it costs to walk from each building to each spot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point

from gis import hours
from gis.content import TABLES, Content
from gis.crs import LocalPlane
from gis.demo.spots import Spots, project, spots
from gis.walk.access import Access, connect
from gis.walk.graph import Edges, graph
from gis.walk.network import Network, build, variant
from gis.walk.reach import reach

LIMIT_CM = 100_000  # 15 minutes at 4.0 km/h
ELDERLY_CM = 72_500  # 15 minutes at 2.9 km/h
FAR = np.iinfo(np.int32).max  # no station within the limit asked for
DAY = 2 * 1440 + 10 * 60  # Wednesday 10:00, in minutes since Monday

Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A town, its network, and where its buildings and spots get onto it.

    Rows of ``content`` are in the order of their codes. ``xy`` (n_building, 2) are points on the
    outlines in local metres, ``households`` theirs.
    """

    content: Content
    plane: LocalPlane
    network: Network
    building: Access
    spots: Spots
    spot: Access
    xy: Float
    households: Int
    gate_xy: Float


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """Costs [cm] of the pairs (building, place) within a limit, by place, then building.

    The pairs of place ``i`` are ``start[i]`` to ``start[i + 1]``.
    """

    n_building: int
    start: Int
    building: Int32
    cost: Int32

    def column(self, place: int) -> tuple[Int32, Int32]:
        """Return the buildings that reach a place, and their costs."""
        here = slice(self.start[place], self.start[place + 1])
        return self.building[here], self.cost[here]

    def within(self, place: int, limit_cm: int = LIMIT_CM) -> Int32:
        """Return the buildings that reach a place within a limit."""
        building, cost = self.column(place)
        return building[cost <= limit_cm]

    def count(self, places: Sequence[int] | Int, limit_cm: int = LIMIT_CM) -> Int:
        """Return for each building how many of the places (each as often as named) it reaches."""
        hits = [self.within(int(p), limit_cm) for p in places]
        hits.append(np.empty(0, dtype=np.int32))
        return np.bincount(np.concatenate(hits), minlength=self.n_building)

    def nearest(self, places: Sequence[int] | Int) -> tuple[Int, Int]:
        """Return for each building the lowest cost, or FAR, and which of the places has it, or -1.

        Of equally near places the first named counts.
        """
        best = np.full(self.n_building, FAR, dtype=np.int64)
        which = np.full(self.n_building, -1, dtype=np.int64)
        for k, place in enumerate(places):
            building, cost = self.column(int(place))
            nearer = cost < best[building]
            best[building[nearer]], which[building[nearer]] = cost[nearer], k
        return best, which


def ground(content: Content, plane: LocalPlane) -> Ground:
    """Measure a town."""
    content = Content(*(getattr(content, t).sort_values("code", ignore_index=True) for t in TABLES))
    network = build(content.way, content.gate, content.compound)
    places = spots(content, plane)
    return Ground(
        content,
        plane,
        network,
        access(content, plane, network, entrances(content)),
        places,
        access(content, plane, network, points(places.xy, plane)),
        middles(content, plane),
        content.building["households"].to_numpy(dtype=np.int64),
        shapely.get_coordinates(project(content.gate.geometry.to_numpy(), plane)),
    )


def middles(content: Content, plane: LocalPlane) -> Float:
    """Return a point (n_building, 2) on each outline in local metres, by the buildings' codes."""
    outline = content.building.sort_values("code").geometry.to_numpy()
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(project(outline, plane))))


def entrances(content: Content) -> NDArray[np.object_]:
    """Return the doors of each building, failing these its outline, in degrees."""
    doors = content.building["doors"].to_numpy(dtype=object)
    has = np.array([door is not None and not door.is_empty for door in doors], dtype=bool)
    return np.asarray(np.where(has, doors, content.building.geometry.to_numpy()), dtype=object)


def points(xy: Float, plane: LocalPlane) -> NDArray[np.object_]:
    """Return points (n, 2) in local metres as shapes in degrees."""
    shapes = np.empty(len(xy), dtype=object)
    shapes[:] = [Point(*one) for one in np.stack(plane.inverse(*xy.T), axis=1)]
    return shapes


def access(
    content: Content, plane: LocalPlane, network: Network, shape: NDArray[np.object_]
) -> Access:
    """Connect shapes in degrees to the network of a town."""
    barrier = content.barrier.geometry.to_numpy()
    water = content.water.geometry.to_numpy()
    return connect(network, content.way, plane, shape, barrier, water)


def select(access: Access, rows: Sequence[int] | Int) -> Access:
    """Return the access of some of the rows, numbered anew in the order given.

    The rows must ascend.
    """
    number = np.full(int(max(access.ref.max(initial=-1), max(rows, default=-1))) + 1, -1)
    number[np.asarray(rows, dtype=np.int64)] = np.arange(len(rows))
    keep = number[access.ref] >= 0
    ref = number[access.ref[keep]].astype(np.int32)
    return Access(ref, access.edge[keep], access.from_source_cm[keep], access.connector_cm[keep])


def only(access: Access, rows: Sequence[int] | Int) -> Access:
    """Return the access of some of the rows, under their numbers."""
    keep = np.isin(access.ref, rows)
    return Access(
        access.ref[keep], access.edge[keep], access.from_source_cm[keep], access.connector_cm[keep]
    )


def homes(content: Content) -> list[tuple[str, Int]]:
    """Return the compounds by code, each with the rows of its buildings that hold households."""
    building = content.building.sort_values("code", ignore_index=True)
    lived = building[building["households"] > 0]
    return [(str(code), rows.index.to_numpy()) for code, rows in lived.groupby("compound")]


def shut_at(hours_text: Sequence[str], minute: int) -> Bool:
    """Tell which hours are closed at a minute of the week."""
    is_open = {text: hours.is_open(hours.parse(text), minute) for text in dict.fromkeys(hours_text)}
    return np.array([not is_open[text] for text in hours_text], dtype=bool)


def costs(
    network: Network,
    building: Access,
    place: Access,
    sizes: tuple[int, int],
    shut: Bool,
    closed: Bool | None = None,
    limit_cm: int = LIMIT_CM,
) -> Costs:
    """Return what it costs to walk from buildings to places.

    Parameters
    ----------
    sizes
        How many buildings and places there are.
    shut
        (n_gate,) gates that are shut.
    closed
        (n_edge,) edges that nobody may walk on; None is none.
    """
    forward, backward = variant(network, shut)
    if closed is not None:
        forward = np.where(closed, np.int32(-1), forward)
        backward = np.where(closed, np.int32(-1), backward)
    edges = Edges(network.source, network.target, network.length_cm, forward, backward)
    net = graph(len(network.lon), network.source, network.target, forward, backward)
    pair = reach(net, edges, building, place, limit_cm, 1)
    n_building, n_place = sizes
    order = np.lexsort([pair[0], pair[1]])
    start = np.searchsorted(pair[1][order], np.arange(n_place + 1))
    return Costs(n_building, start, pair[0][order], pair[2][order])


def spot_costs(town: Ground, rows: Bool | None = None) -> Costs:
    """Return what it costs to walk from buildings, all or some, to all spots of a town by day."""
    sizes = len(town.households), len(town.spots.xy)
    shut = shut_at(town.content.gate["hours"], DAY)
    home = town.building if rows is None else only(town.building, np.flatnonzero(rows))
    return costs(town.network, home, town.spot, sizes, shut)
