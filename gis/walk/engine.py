"""The walking network of a district in memory, and what is computed on it.

It is read from the pack (memory-mapped, one copy for all processes), or, where there is none of
this version, from the tables of `net`; then a pack is written beside it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql as pgsql

from gis.errors import BadInput, NotFound
from gis.kept import Kept
from gis.walk import pack
from gis.walk.access import Access
from gis.walk.graph import Edges, Graph, graph
from sql import query
from sql.cluster import place
from sql.database import Conn
from sql.roles import WEB

if TYPE_CHECKING:
    from gis.walk.changes import Costs
    from gis.walk.variants import Variant

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
THREADS = max(1, min(8, len(os.sched_getaffinity(0))))


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A district's network with every gate open, and who has access where.

    Attributes
    ----------
    gate
        (n_node,) id of the gate that stands at a node, or -1.
    edge, source, target, length_cm, forward_cm, backward_cm, steps
        (n_edge,) ids and arrays of the edges; -1 closes a direction.
    building, station
        Ids, ascending; the refs of the access rows are rows of these.
    building_ref, building_edge, building_from, building_connector, station_ref, …
        Access rows; their edges are rows of the edge arrays.
    """

    gate: Longs
    edge: Ints
    source: Ints
    target: Ints
    length_cm: Ints
    forward_cm: Ints
    backward_cm: Ints
    steps: NDArray[np.bool_]
    building: Longs
    building_ref: Ints
    building_edge: Ints
    building_from: Ints
    building_connector: Ints
    station: Longs
    station_ref: Ints
    station_edge: Ints
    station_from: Ints
    station_connector: Ints

    @property
    def buildings(self) -> Access:
        """The access rows of all buildings."""
        return Access(
            self.building_ref, self.building_edge, self.building_from, self.building_connector
        )

    @property
    def stations(self) -> Access:
        """The access rows of all stations."""
        return Access(
            self.station_ref, self.station_edge, self.station_from, self.station_connector
        )

    def under(self, variant: "Variant") -> tuple[Graph, Edges]:
        """Return the graph and edges with a variant's gates shut.

        A shut gate closes every direction into its node.
        """
        shut = np.isin(self.gate, np.array(variant.shut, dtype=np.int64)) & (self.gate >= 0)
        stairs = self.steps & variant.step_free
        forward = np.where(shut[self.target] | stairs, np.int32(-1), self.forward_cm)
        backward = np.where(shut[self.source] | stairs, np.int32(-1), self.backward_cm)
        edges = Edges(self.source, self.target, self.length_cm, forward, backward)
        return graph(len(self.gate), self.source, self.target, forward, backward), edges


_WALKS: Kept[Walk] = Kept(8)
_GRAPHS: Kept[tuple[Graph, Edges]] = Kept(12)


def walk(conn: Conn, code: str) -> Walk:
    """Return the network of a district as this transaction sees it.

    Raises
    ------
    NotFound
        There is no pack, and the role of this transaction does not see all it is made of.
    """
    version = _version(conn, code)
    return _WALKS.of((conn.info.dbname, code, version), lambda: _walk(conn, code, version))


def under(conn: Conn, code: str, variant: "Variant") -> tuple[Graph, Edges]:
    """Return the graph and edges of a district with a variant's gates shut."""
    key = conn.info.dbname, code, _version(conn, code), variant.shut, variant.step_free
    return _GRAPHS.of(key, lambda: walk(conn, code).under(variant))


def only(access: Access, ids: Longs, those: list[int]) -> Access:
    """Return the access rows of some ids; rows of one ref lie together, in the order of refs."""
    rows = np.flatnonzero(np.isin(ids, those))
    first = np.searchsorted(access.ref, rows)
    last = np.searchsorted(access.ref, rows, side="right")
    keep = np.concatenate(
        [np.arange(a, b) for a, b in zip(first, last, strict=True)] or [np.zeros(0, np.int64)]
    )
    return Access(*(getattr(access, name)[keep] for name in Access.__slots__))


def is_packed(conn: Conn, code: str) -> bool:
    """Tell whether the network of a district can be had without the right to read all of it."""
    try:
        walk(conn, code)
    except NotFound:
        return False
    return True


def _version(conn: Conn, code: str) -> str:
    row = conn.execute(query("network.version"), {"district": code}).fetchone()
    assert row is not None
    return str(row[0])


def _walk(conn: Conn, code: str, version: str) -> Walk:
    at = pack_folder(conn), code, version
    with suppress(NotFound, BadInput):  # none, or a damaged one: it is written anew
        arrays = pack.load(*at)
        return Walk(**{field.name: arrays[field.name] for field in fields(Walk)})
    row = conn.execute("SELECT current_user").fetchone()
    if row == (WEB,):  # it would be the network of one person's buildings
        raise NotFound("no_pack", district=code, version=version)
    found = read(conn, code)
    _write(*at, found)
    return found


def _write(root: Path, code: str, version: str, found: Walk) -> None:
    """Write a pack that the service can read and renew; where there is no room, do without."""
    with suppress(OSError):
        at = pack.write(root, code, version, {f.name: getattr(found, f.name) for f in fields(Walk)})
        owner = place().service
        for folder in (root.parent, root, at.parent, at):
            owner.owns(folder, 0o755)
        for file in (at.parent / ".lock", *at.iterdir()):
            owner.owns(file, 0o644)


def keep(conn: Conn, code: str, found: Walk) -> None:
    """Keep a network that was worked out in memory under the version this transaction gave it."""
    version = _version(conn, code)
    _write(pack_folder(conn), code, version, found)
    _WALKS.of((conn.info.dbname, code, version), lambda: found)


def pack_folder(conn: Conn) -> Path:
    """Return the folder of the packs of this database."""
    row = conn.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return place().home / "pack" / f"{conn.info.dbname}-{row[0]}"


def read(conn: Conn, code: str) -> Walk:
    """Read the network from the tables of `net`."""
    nodes = _columns(conn, "network.nodes", code)
    edge, source, target, length, forward, backward, steps, _ = _columns(
        conn, "network.edges", code
    )
    gate = np.full(int(nodes[0].max(initial=-1)) + 1, -1, dtype=np.int64)
    gate[nodes[0]] = nodes[1]
    edge = edge.astype(np.int32)
    access: dict[str, NDArray[Any]] = {}
    for kind in ("building", "station"):
        access |= _access(conn, code, kind, edge)
    return Walk(
        gate=gate,
        edge=edge,
        source=source.astype(np.int32),
        target=target.astype(np.int32),
        length_cm=length.astype(np.int32),
        forward_cm=forward.astype(np.int32),
        backward_cm=backward.astype(np.int32),
        steps=steps.astype(bool),
        **access,
    )


def compute_reach(conn: Conn, code: str, variant: "Variant", limit_cm: int) -> int:
    """Compute every (building, station, cost) up to a limit into net.reach; return how many."""
    from gis.walk.reach import reach

    network = walk(conn, code)
    found = reach(*network.under(variant), network.buildings, network.stations, limit_cm, THREADS)
    row = conn.execute("SELECT net.prepare('reach', %s, %s)", [code, variant.id]).fetchone()
    assert row is not None
    columns = (network.building[found.building], network.station[found.station], found.cost_cm)
    _copy_reach(conn, row[0], code, variant.id, *columns)
    conn.execute("SELECT net.swap('reach', %s, %s)", [code, variant.id])
    conn.execute(
        query("network.note_reach"), {"district": code, "variant": variant.id, "limit_cm": limit_cm}
    )
    return len(found.cost_cm)


def _copy_reach(
    conn: Conn, table: str, code: str, variant: int, building: Longs, station: Longs, cost: Ints
) -> None:
    """Copy in PostgreSQL's binary form: the rows are laid out by numpy at once."""
    row = np.zeros(len(cost), dtype=_binary_row(code))
    row["fields"], row["code"] = 5, code.encode()
    for name, size in _SIZES.items():
        row[f"{name}_size"] = size
    row["variant"], row["building"], row["station"], row["cost"] = variant, building, station, cost
    text = pgsql.SQL(
        "COPY {} (district, variant, building, station, cost_cm) FROM STDIN (FORMAT binary)"
    )
    with conn.cursor().copy(text.format(pgsql.Identifier("net", table))) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for start in range(0, len(row), 1 << 16):
            copy.write(row[start : start + (1 << 16)].tobytes())
        copy.write(b"\xff\xff")


_SIZES = {"code": 6, "variant": 4, "building": 8, "station": 8, "cost": 4}


def _binary_row(code: str) -> np.dtype[Any]:
    types = {
        "code": f"S{len(code)}",
        "variant": ">i4",
        "building": ">i8",
        "station": ">i8",
        "cost": ">i4",
    }
    columns = [
        pair for name, type_ in types.items() for pair in ((f"{name}_size", ">i4"), (name, type_))
    ]
    return np.dtype([("fields", ">i2"), *columns])


def stored_reach(conn: Conn, code: str, variant: int, building: Longs, station: Longs) -> "Costs":
    """Return what net.reach has between any of some buildings and any of some stations."""
    from gis.walk.changes import Costs

    asked = {"variant": variant, "building": building.tolist(), "station": station.tolist()}
    return Costs(*_columns(conn, "incremental.stored", code, **asked))


def _columns(conn: Conn, name: str, code: str, **more: object) -> list[NDArray[Any]]:
    """Return the columns of a query as int64 arrays, null as -1."""
    cursor = conn.execute(query(name), {"district": code, **more}, binary=True, prepare=False)
    assert cursor.description is not None
    rows = cursor.fetchall()
    if not rows:
        return [np.zeros(0, dtype=np.int64) for _ in cursor.description]
    return [
        np.array([-1 if v is None else v for v in column], dtype=np.int64)
        for column in zip(*rows, strict=True)
    ]


def _access(conn: Conn, code: str, kind: str, edge: Ints) -> dict[str, NDArray[Any]]:
    """Return access rows on edges that are there, their refs as rows of the ids."""
    ref, of, position, connector = _columns(conn, "network.access", code, kind=kind)
    there = np.isin(of, edge)
    ids = np.unique(ref[there])
    columns = {
        "ref": np.searchsorted(ids, ref[there]),
        "edge": np.searchsorted(edge, of[there]),
        "from": position[there],
        "connector": connector[there],
    }
    return {kind: ids} | {f"{kind}_{k}": v.astype(np.int32) for k, v in columns.items()}
