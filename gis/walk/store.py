"""The walking network in PostGIS: derived from `app`, kept in `net`, read back for a search.

Whatever changed in `app` (triggers note it in net.stale), the network is rebuilt from the tables
themselves, so figures follow an edit made by any program. Edges and access points edited by hand
stay as they are until then; what hangs together and who is unconnected follows them.
"""

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from psycopg import sql as pgsql
from psycopg.types.json import Jsonb
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.crs import LocalPlane
from gis.districts import Progress, district
from gis.errors import NoNetwork
from gis.exchange.rows import SRID
from gis.walk.access import Access, connect
from gis.walk.engine import Walk, read
from gis.walk.network import Network, build, lines
from gis.walk.notes import MOST, Notes, take
from gis.walk.tables import Tables, tables
from sql import query
from sql.database import Conn

DEMAND_LIMIT_M = 0.01  # demand seeded along the ways stands on its edge
Int64 = NDArray[np.int64]


def refresh(conn: Conn, code: str, progress: Progress = lambda step: None) -> bool:
    """Rebuild what is out of date of a district's network; tell whether anything was.

    Concurrent callers wait for the first and then find it fresh.

    Raises
    ------
    NotFound
        There is no such district.
    NoNetwork
        It has no ways.
    """
    district(conn, code)
    values = {"district": code}
    row = conn.execute(query("network.lock"), values).fetchone()
    assert row is not None
    notes = take(conn, code)
    if row[0]:  # a period has begun or ended
        notes = Notes(frozenset({"place", "walk"}), any=True)
    if notes.any:
        _renew(conn, code, notes, progress)
    return notes.any


def _renew(conn: Conn, code: str, notes: Notes, progress: Progress) -> None:
    """Mend what few edits have touched; build anew what is stale as a whole."""
    from gis.walk import incremental

    if "place" in notes.whole or len(notes.placed) > MOST["building"]:
        progress("place")
        conn.execute("SELECT net.place_buildings(%s)", [code])
    if notes.is_small and incremental.mend(conn, code, notes):
        return
    rebuilt = "walk" in notes.whole or bool(notes.walk)
    if rebuilt:
        _rebuild(conn, code, progress)
    elif "edge" in notes.whole:
        _reconnect(conn, code, progress)
    conn.execute(query("network.built"), {"district": code, "walk": rebuilt})


def access(
    network: Network, of: Tables, plane: LocalPlane, limit_m: float
) -> tuple[Access, Access]:
    """Return the access rows of buildings and of stations; refs are rows of their tables.

    Doors count before the outline; demand seeded along the ways stands on its own edge.
    """
    barrier, water = of.barrier.geometry.to_numpy(), of.water.geometry.to_numpy()

    def rows(shape: NDArray[np.object_], limit: float) -> Access:
        return connect(network, of.way, plane, shape, barrier, water, limit)

    demand = (of.building["kind"] == "demand").to_numpy()
    door, outline = of.building["doors"].to_numpy(), of.building.geometry.to_numpy()
    shape = _choose(pd.isna(door), outline, door)
    nothing = np.full(len(shape), None)
    buildings = rows(_choose(demand, nothing, shape), limit_m)
    if demand.any():
        buildings = _joined(buildings, rows(_choose(demand, shape, nothing), DEMAND_LIMIT_M))
    return buildings, rows(of.station.geometry.to_numpy(), limit_m)


def components(network: Network | Walk) -> NDArray[np.int32]:
    """Return the component of each node with every gate open.

    Component 0 has the most nodes; ties go to the one with the lowest node.
    """
    n = len(network.gate)
    pair = coo_array(
        (np.ones(len(network.source), dtype=np.int8), (network.source, network.target)), (n, n)
    )
    _, label = connected_components(pair, directed=False)
    _, first, count = np.unique(label, return_index=True, return_counts=True)
    rank = np.empty(len(count), dtype=np.int32)
    rank[np.lexsort((first, -count))] = np.arange(len(count))
    return np.asarray(rank[label])


def unconnected(component: NDArray[np.int32], n: int, building: Access, station: Access) -> Int64:
    """Return the rows of the n buildings with no access to component 0 or to one with a station.

    ``component`` is that of each edge.
    """
    served = np.zeros(int(component.max(initial=0)) + 1, dtype=bool)
    served[0] = True
    served[component[station.edge]] = True
    connected = np.zeros(n, dtype=bool)
    connected[building.ref[served[component[building.edge]]]] = True
    return np.flatnonzero(~connected)


def _rebuild(conn: Conn, code: str, progress: Progress) -> None:
    progress("network")
    home = district(conn, code)
    of = tables(conn, code)
    if not len(of.way):
        raise NoNetwork("no_ways", name=home.name)
    network = build(of.way, of.gate, of.compound)
    progress("access")
    building, station = access(network, of, LocalPlane(home.longitude, home.latitude), home.snap_m)
    progress("store")
    component = components(network)[network.source]
    _save(conn, code, network, of, component, {"building": building, "station": station})
    lost = unconnected(component, len(of.building), building, station)
    _set_unconnected(conn, code, of.building["id"].to_numpy()[lost])
    _note(conn, code, network, building, station)


def _reconnect(conn: Conn, code: str, progress: Progress) -> None:
    """Work out again what hangs together of the edges as somebody has left them."""
    progress("network")
    network = read(conn, code)
    now = components(network)[network.source]
    values = {"district": code, "edges": network.edge.tolist(), "components": now.tolist()}
    conn.execute(query("network.set_components"), values)
    conn.execute(query("network.settled"), values)
    lost = unconnected(now, len(network.building), network.buildings, network.stations)
    every = np.array(conn.execute(query("network.buildings"), values).fetchall(), dtype=np.int64)
    _set_unconnected(conn, code, np.setdiff1d(every, np.delete(network.building, lost)))


def _set_unconnected(conn: Conn, code: str, building: Int64) -> None:
    values = {"district": code, "buildings": building.tolist()}
    conn.execute(query("network.clear_unconnected"), values)
    conn.execute(query("network.set_unconnected"), values)
    conn.execute("ANALYZE net.unconnected")


def _save(
    conn: Conn,
    code: str,
    network: Network,
    of: Tables,
    component: NDArray[np.int32],
    access_rows: dict[str, Access],
) -> None:
    """Fill fresh tables and put them in place; the old ones stay readable until commit."""
    ids = {
        name: np.append(getattr(of, name)["id"].to_numpy(), -1)
        for name in ("way", "gate", "compound")
    }
    node_shape = shapely.points(network.lon, network.lat)
    _fill(conn, code, "node", {
        "id": range(len(network.lon)),
        "gate": _nullable(ids["gate"][network.gate]),
        "geom": _hex(node_shape),
    })  # fmt: skip
    names = ("source", "target", "length_cm", "forward_cm", "backward_cm", "steps")
    _fill(conn, code, "edge", {
        "id": range(len(network.source)),
        **{name: getattr(network, name).tolist() for name in names},
        "way": ids["way"][network.way].tolist(),
        "inside": _nullable(ids["compound"][network.inside]),
        "component": component.tolist(),
        "geom": _hex(lines(network, of.way)),
    })  # fmt: skip
    refs = {"building": of.building["id"].to_numpy(), "station": of.station["id"].to_numpy()}
    kinds = [kind for kind, rows in access_rows.items() for _ in range(len(rows.ref))]
    _fill(conn, code, "access", {
        "kind": kinds,
        "ref": np.concatenate([refs[k][a.ref] for k, a in access_rows.items()]).tolist(),
        **{name: np.concatenate([getattr(a, name) for a in access_rows.values()]).tolist()
           for name in ("edge", "from_source_cm", "connector_cm")},
    })  # fmt: skip
    for table in ("node", "edge", "access"):  # each locks out readers of the old one until commit
        conn.execute("SELECT net.swap(%s, %s)", [table, code])


def _fill(conn: Conn, code: str, table: str, columns: dict[str, Any]) -> None:
    row = conn.execute("SELECT net.prepare(%s, %s)", [table, code]).fetchone()
    assert row is not None
    _copy(conn, row[0], "net", columns, code)


def _copy(conn: Conn, table: str, schema: str, columns: dict[str, Any], code: str) -> None:
    """Copy columns as text; values are numbers, booleans, hexadecimal shapes and kinds."""
    text = pgsql.SQL("COPY {} ({}) FROM STDIN").format(
        pgsql.Identifier(schema, table),
        pgsql.SQL(", ").join(map(pgsql.Identifier, ["district", *columns])),
    )
    with conn.cursor().copy(text) as copy:
        rows = zip(*([map(str, values) for values in columns.values()]), strict=True)
        for chunk in _chunks(rows):
            copy.write("".join(f"{code}\t" + "\t".join(row) + "\n" for row in chunk))


def _chunks(rows: Any, size: int = 20000) -> Any:
    import itertools

    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _nullable(ids: Int64) -> list[str]:
    return [r"\N" if i < 0 else str(i) for i in ids.tolist()]


def _hex(shape: NDArray[np.object_]) -> list[str]:
    return shapely.to_wkb(shapely.set_srid(shape, SRID), hex=True, include_srid=True).tolist()  # type: ignore[no-any-return]


def _choose(
    condition: NDArray[np.bool_], one: NDArray[np.object_], other: NDArray[np.object_]
) -> NDArray[np.object_]:
    return np.asarray(np.where(condition, one, other), dtype=object)


def _joined(one: Access, two: Access) -> Access:
    columns = [np.concatenate([getattr(one, n), getattr(two, n)]) for n in Access.__slots__]
    order = np.lexsort(columns[::-1])
    return Access(*(column[order] for column in columns))


def _note(conn: Conn, code: str, network: Network, building: Access, station: Access) -> None:
    digest = hashlib.sha256()
    for part in (network, building, station):
        for name in part.__slots__:
            digest.update(np.ascontiguousarray(getattr(part, name)).tobytes())
    facts = {
        "nodes": len(network.lon),
        "edges": len(network.source),
        "access": len(building.ref) + len(station.ref),
        "digest": digest.hexdigest(),
    }
    conn.execute("SELECT audit.note('network', 'BUILD', %s, %s)", [code, Jsonb(facts)])
