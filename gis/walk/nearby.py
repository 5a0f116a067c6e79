"""The edges around a change, made anew.

A piece of the network is built of the ways a change touches and of those that meet them, by the
code that builds it all. Edges that come out as they are stored keep their ids.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import NoNetwork
from gis.walk.engine import Walk
from gis.walk.mended import NewEdges, Rows
from gis.walk.network import Network, build, lines
from gis.walk.notes import Notes
from gis.walk.tables import frame, shapes
from gis.walk.vertices import PER_DEGREE, lattice
from sql import query
from sql.database import Conn

Ids = NDArray[np.int64]
Shapes = NDArray[np.object_]
COSTED = ("length_cm", "forward_cm", "backward_cm", "steps", "inside")


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """Edges as they are in net.edge, with the gates of their ends."""

    id: Ids
    columns: dict[str, list[Any]]
    shape: Shapes


def new_edges(conn: Conn, code: str, walk: Walk, notes: Notes) -> NewEdges:
    """Return the edges that differ from those stored, once what the notes name is as it is now."""
    asked: dict[str, Any] = {
        "district": code,
        **{n: notes.of(n) for n in ("way", "gate", "compound")},
    }
    if not (asked["way"] or asked["gate"] or asked["compound"]):
        return NewEdges()
    own = sorted({row[0] for row in conn.execute(query("incremental.around"), asked)})
    touched = sorted({*own, *notes.of("way")})
    local = sorted({*own, *_meeting(conn, code, touched)})
    stored = _stored(conn, code, sorted({*local, *touched}))
    found = _built(conn, code, own, local)
    if found is None:
        mine = np.isin(stored.columns["way"], touched)
        return _patch(walk, stored, mine, [], {}, {})
    return _compared(walk, stored, touched, own, *found)


def _meeting(conn: Conn, code: str, ways: list[int]) -> list[int]:
    """Return the ways that share a node with some."""
    ends = conn.execute(query("incremental.ends"), {"district": code, "way": ways}).fetchall()
    node = sorted({int(one) for pair in ends for one in pair})
    rows = conn.execute(query("incremental.ways_at"), {"district": code, "node": node})
    return [row[0] for row in rows]


def _stored(conn: Conn, code: str, ways: list[int]) -> _Stored:
    values = {"district": code, "way": ways}
    rows = conn.execute(query("incremental.edges"), values, binary=True).fetchall()
    names = ("id", "source", "target", *COSTED[:4], "way", "inside", "shape")
    columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    shape = shapes(columns.pop("shape"))
    return _Stored(np.array(columns.pop("id"), dtype=np.int64), columns, shape)


def _built(
    conn: Conn, code: str, own: list[int], local: list[int]
) -> tuple[Network, dict[str, gpd.GeoDataFrame]] | None:
    """Build the network of some ways; None where there is nothing to walk on."""
    way = frame(conn, "incremental.way", {"district": code, "way": local})
    gate = frame(conn, "incremental.gate", {"district": code, "way": own})
    codes = sorted({one for one in gate["compound"] if isinstance(one, str)})
    compound = frame(conn, "incremental.compound", {"district": code, "way": own, "codes": codes})
    try:
        return build(way, gate, compound), {"way": way, "gate": gate, "compound": compound}
    except NoNetwork:
        return None


def _compared(
    walk: Walk,
    stored: _Stored,
    touched: list[int],
    own: list[int],
    network: Network,
    of: dict[str, gpd.GeoDataFrame],
) -> NewEdges:
    """Return what of the edges of some ways is not stored as it was built now."""
    ids = {
        name: np.append(table["id"].to_numpy(), -1).astype(np.int64) for name, table in of.items()
    }
    mine = np.flatnonzero(np.isin(ids["way"][network.way], own))
    gate = ids["gate"][network.gate]
    point = _points(network)
    line = lines(network, of["way"])
    row = {
        "way": ids["way"][network.way], "inside": ids["compound"][network.inside],
        **{name: getattr(network, name) for name in (*COSTED[:4], "source", "target")},
    }  # fmt: skip
    keys = [
        (shapely.to_wkb(line[k]), int(row["way"][k]), *(int(row[name][k]) for name in COSTED),
         int(gate[row["source"][k]]), int(gate[row["target"][k]]))
        for k in mine
    ]  # fmt: skip
    had = np.isin(stored.columns["way"], touched)
    kept = _matched(walk, stored, had, keys)
    node = _nodes(stored)
    free = max(len(walk.gate), *(n + 1 for n in node.values()), 0)
    gates: dict[int, int] = {}
    places: dict[int, tuple[float, float]] = {}
    for k in np.union1d(network.source[mine], network.target[mine]).tolist():
        if point[k] not in node:
            node[point[k]] = free + len(places)
            places[node[point[k]]] = (float(network.lon[k]), float(network.lat[k]))
        gates[node[point[k]]] = int(gate[k])
    new = [
        {**{name: row[name][k] for name in (*COSTED, "way")}, "shape": line[k],
         "source": node[point[row["source"][k]]], "target": node[point[row["target"][k]]]}
        for k, key in zip(mine, keys, strict=True) if not kept[key].pop_one()
    ]  # fmt: skip
    gone = had.copy()
    gone[[k for each in kept.values() for k in each.used]] = False
    return _patch(walk, stored, gone, new, gates, places)


class _Matches:
    """Stored edges that are alike: each stands for one that was built."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.used: list[int] = []

    def pop_one(self) -> bool:
        """Take one if there is one left."""
        if self.rows:
            self.used.append(self.rows.pop())
            return True
        return False


def _matched(
    walk: Walk, stored: _Stored, had: NDArray[np.bool_], keys: list[Any]
) -> dict[Any, _Matches]:
    found: dict[Any, _Matches] = defaultdict(_Matches)
    for key in keys:
        found[key].rows = []
    column = stored.columns
    for k in np.flatnonzero(had).tolist():
        key = (
            shapely.to_wkb(stored.shape[k]), column["way"][k],
            *(int(column[name][k]) for name in COSTED),
            int(walk.gate[column["source"][k]]), int(walk.gate[column["target"][k]]),
        )  # fmt: skip
        if key in found:
            found[key].rows.append(k)
    return found


def _nodes(stored: _Stored) -> dict[tuple[int, int], int]:
    """Return the nodes by their places on the lattice."""
    if not len(stored.shape):
        return {}
    node = {}
    for name, at in (("source", 0), ("target", -1)):
        place = lattice(shapely.get_coordinates(shapely.get_point(stored.shape, at)))
        for (x, y), one in zip(place.tolist(), stored.columns[name], strict=True):
            node[x, y] = int(one)
    return node


def _points(network: Network) -> list[tuple[int, int]]:
    place = np.rint(np.stack([network.lon, network.lat], axis=1) * PER_DEGREE).astype(np.int64)
    return [(x, y) for x, y in place.tolist()]


def _patch(
    walk: Walk,
    stored: _Stored,
    gone: NDArray[np.bool_],
    new: list[dict[str, Any]],
    gates: dict[int, int],
    places: dict[int, tuple[float, float]],
) -> NewEdges:
    """Return the patch; nodes that no edge ends at any more lose their gates."""
    first = int(walk.edge.max(initial=-1)) + 1
    columns: Rows = {"id": np.arange(first, first + len(new))} if new else {}
    for name in ("source", "target", *COSTED, "way", "shape") if new else ():
        kind = {"steps": bool, "shape": object}.get(name, np.int64)
        columns[name] = np.array([one[name] for one in new], dtype=kind)
    old = {
        node: walk.gate[node]
        for node in gates
        if node < len(walk.gate) and gates[node] == walk.gate[node]
    }
    return NewEdges(
        gone=stored.id[gone], columns=columns, node=places,
        gate={node: gate for node, gate in gates.items() if node not in old},
    )  # fmt: skip
