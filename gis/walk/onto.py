"""How buildings and stations around a change get onto the network from now on."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.crs import LocalPlane
from gis.districts import District
from gis.exchange.rows import wkb
from gis.walk.access import attach
from gis.walk.engine import Walk
from gis.walk.mended import ACCESS, Rows
from gis.walk.store import DEMAND_LIMIT_M
from gis.walk.tables import shapes
from sql import query
from sql.database import Conn

Ids = NDArray[np.int64]
Shapes = NDArray[np.object_]


class Around:
    """The neighbourhood of some shapes in a district, and how one gets onto edges in it."""

    def __init__(self, conn: Conn, home: District, walk: Walk) -> None:
        self.conn, self.home, self.walk = conn, home, walk
        self.plane = LocalPlane(home.longitude, home.latitude)
        self.north = 1.01 * home.snap_m / 110_500
        self.east = self.north / max(0.05, math.cos(math.radians(home.latitude)) - 0.01)
        self.box = {"district": home.code, "north": self.north, "east": self.east}
        gated = walk.gate >= 0
        self.free = (walk.forward_cm == walk.length_cm) & (walk.backward_cm == walk.length_cm)
        self.free &= ~gated[walk.source] & ~gated[walk.target] & ~walk.steps

    def hidden_by(self, shape: tuple[str, ...]) -> dict[str, list[int]]:
        """Return who may have a connector that touches one of some shapes, by kind."""
        found: dict[str, list[int]] = {"building": [], "station": []}
        if shape:
            asked = {
                **self.box,
                "shape": list(shape),
                "degrees": max(self.north, self.east),
            }
            for kind, id_ in self.conn.execute(query("incremental.hidden_by"), asked):
                found[kind].append(id_)
        return {kind: sorted(ids) for kind, ids in found.items()}

    def onto(self, kind: str, edge: Ids, but: list[int]) -> Rows:
        """Return the access rows of all near some edges onto these, but of some ids."""
        row = np.searchsorted(self.walk.edge, edge)
        if not len(edge):
            return _rows([])
        line = self._lines(edge)
        asked = {**self.box, "shape": wkb(line)}
        there = self.conn.execute(query(f"incremental.near_{kind}"), asked, binary=True)
        who = [one for one in there if one[0] not in set(but)]
        return self._attached(who, edge, row, line, asked)

    def of(self, kind: str, ids: list[int]) -> Rows:
        """Return all access rows of some ids."""
        asked: dict[str, Any] = {"district": self.home.code, "id": ids}
        who = self.conn.execute(query(f"incremental.{kind}"), asked, binary=True).fetchall()
        who = [one for one in who if one[2] is not None]
        if not who:
            return _rows([])
        asked = {**self.box, "shape": wkb(shapes([one[2] for one in who]))}
        found = self.conn.execute(query("incremental.near_edges"), asked, binary=True).fetchall()
        edge = np.array([one[0] for one in found], dtype=np.int64)
        row = np.searchsorted(self.walk.edge, edge)
        return self._attached(who, edge, row, shapes([one[1] for one in found]), asked)

    def _lines(self, edge: Ids) -> Shapes:
        asked = {"district": self.home.code, "ids": edge.tolist()}
        found = dict(self.conn.execute(query("nearest.lines"), asked, binary=True).fetchall())
        return shapes([found[one] for one in edge.tolist()])

    def _walls(self, name: str, asked: dict[str, Any]) -> Shapes:
        rows = self.conn.execute(query(f"incremental.near_{name}"), asked, binary=True)
        return shapes([row[1] for row in rows])

    def _attached(
        self, who: list[Any], edge: Ids, row: Ids, line: Shapes, asked: dict[str, Any]
    ) -> Rows:
        """Connect shapes to edges, those of demand along the ways to their own edge only."""
        walls = [self._walls(name, asked) for name in ("barrier", "water")]
        found = []
        for demand, limit in ((False, self.home.snap_m), (True, DEMAND_LIMIT_M)):
            those = [one for one in who if one[1] == demand]
            if not those or not len(edge):
                continue
            near = attach(
                line, self.walk.length_cm[row], self.plane, shapes([one[2] for one in those]),
                walls[0],
                walls[1], limit, self.free[row],
            )  # fmt: skip
            ids = np.array([one[0] for one in those], dtype=np.int64)
            found.append((ids[near.ref], edge[near.edge], near.from_source_cm, near.connector_cm))
        return _rows(found)


def _rows(found: list[Any]) -> Rows:
    columns = zip(*found, strict=True) if found else ([np.zeros(0, np.int64)] for _ in ACCESS)
    return {
        name: np.concatenate(list(column)).astype(np.int64)
        for name, column in zip(ACCESS, columns, strict=True)
    }


def joined(*rows: Rows) -> Rows:
    """Return access rows together."""
    return {name: np.concatenate([one[name] for one in rows]) for name in ACCESS}
