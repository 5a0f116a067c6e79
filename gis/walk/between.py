"""Walks between many places and one: costs from buildings to a place, or from it to stations.

A place is what has access rows: a building, all the buildings of a grid together, a station. Gates
are as at 10:00 on a working day. Costs are centimetres; what cannot be reached is left out.
"""

from collections.abc import Collection

import numpy as np

from gis.walk.access import Access
from gis.walk.engine import Longs, Walk, under, walk
from gis.walk.graph import Edges, Graph
from gis.walk.path import Path, path
from gis.walk.reach import reach
from gis.walk.variants import DAY, Variant
from sql import query
from sql.database import Conn

FARTHEST_CM = 1_000_000


def to_place(
    conn: Conn, district: str, homes: Collection[int], kind: str, place: Collection[int]
) -> dict[int, int]:
    """Return the cheapest walk from each of some buildings to a place, by building.

    Parameters
    ----------
    kind, place
        ``building`` or ``station``, and the ids of those that make up the place: any will do.
    """
    network, graph, edges = _day(conn, district)
    starts = _only(network.buildings, network.building, homes)
    ids, access = _of_kind(network, kind)
    ends = _as_one(_only(access, ids, place))
    found = reach(graph, edges, starts, ends, FARTHEST_CM)
    homes_of = network.building[found.building].tolist()
    return dict(zip(homes_of, found.cost_cm.tolist(), strict=True))


def to_stations(
    conn: Conn, district: str, place: Collection[int], stations: Collection[int]
) -> dict[int, int]:
    """Return the cheapest walk from any of some buildings to each of some stations, by station.

    One search over the network turned round, in which every cost is that of the way back.
    """
    network, graph, edges = _day(conn, district)
    starts = _only(network.stations, network.station, stations)
    ends = _as_one(_only(network.buildings, network.building, place))
    found = reach(*_turned(graph, edges), starts, ends, FARTHEST_CM)
    ids = network.station[found.building].tolist()
    return dict(zip(ids, found.cost_cm.tolist(), strict=True))


def way(
    conn: Conn, district: str, home: int, kind: str, place: Collection[int]
) -> tuple[Walk, Path, int] | None:
    """Return the network, the way from a building to a place, and which part of it is reached.

    None where no way leads there. Parameters and cost are those of ``to_place``.
    """
    network, graph, edges = _day(conn, district)
    ids, access = _of_kind(network, kind)
    ends = _only(access, ids, place)
    found = path(graph, edges, _only(network.buildings, network.building, [home]), ends)
    if found is None:
        return None
    return network, found, int(ids[ends.ref[found.station_row]])


def _turned(graph: Graph, edges: Edges) -> tuple[Graph, Edges]:
    """Return the same network walked backwards."""
    back = Edges(edges.source, edges.target, edges.length_cm, edges.backward_cm, edges.forward_cm)
    return Graph(forward=graph.reversed, reversed=graph.forward), back


def _day(conn: Conn, district: str) -> tuple[Walk, Graph, Edges]:
    asked = {"district": district, "minute": DAY}
    row = conn.execute(query("network.shut"), asked).fetchone()
    assert row is not None
    variant = Variant(0, tuple(row[0]), step_free=False)
    return walk(conn, district), *under(conn, district, variant)


def _of_kind(network: Walk, kind: str) -> tuple[Longs, Access]:
    if kind == "station":
        return network.station, network.stations
    return network.building, network.buildings


def _only(access: Access, ids: Longs, wanted: Collection[int]) -> Access:
    """Return the access rows of some buildings or stations; refs stay rows of all."""
    keep = np.isin(ids[access.ref], np.array([*wanted], dtype=np.int64))
    return Access(*(getattr(access, name)[keep] for name in Access.__slots__))


def _as_one(access: Access) -> Access:
    """Make one place of several, each of which may be left or arrived at."""
    return Access(
        np.zeros_like(access.ref), access.edge, access.from_source_cm, access.connector_cm
    )
