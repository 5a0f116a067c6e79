"""The network mended where an edit touched it, instead of built anew; the result is the same.

All in the caller's transaction, as the engine: whoever reads meanwhile sees the version before,
and a transaction that is given up leaves it as it was.
"""

from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from gis import recent
from gis.districts import district
from gis.errors import NoNetwork
from gis.exchange.rows import wkb
from gis.recent import Step
from gis.walk import engine, mended
from gis.walk.access import Access
from gis.walk.engine import Walk
from gis.walk.graph import Longs
from gis.walk.mended import Mended, NewEdges
from gis.walk.nearby import new_edges
from gis.walk.notes import MOST, RELATIONS, Notes
from gis.walk.onto import Around, joined
from gis.walk.reached import VARIANTS, in_use, mend_reach, offering
from gis.walk.store import components, unconnected
from sql import query
from sql.database import Conn

PORTS = 200  # changed edges beyond which all is computed anew


def mend(conn: Conn, code: str, notes: Notes) -> bool:
    """Bring network, placement and reach up to date with a few edits; False: build all anew.

    Raises
    ------
    NoNetwork
        No way is left.
    """
    if not _is_there(conn, code):
        return False
    before, kept, since = engine.walk(conn, code), in_use(conn, code), _versions(conn, code)
    done = _mended(conn, code, before, notes) if notes.walk else None
    if notes.walk and done is None:
        return False
    if notes.placed and "place" not in notes.whole:
        conn.execute("SELECT net.place_some(%s, %s)", [code, list(notes.placed)])
    _note(conn, code, notes, done)
    if done is not None:
        engine.keep(conn, code, done.after)
    felt = mend_reach(conn, code, kept, before, done, {*notes.of("gate"), *notes.shut})
    if "place" not in notes.whole:
        offered = offering(kept, done.after if done else before, notes.counted["station"])
        counted = [*notes.placed, *notes.counted["building"], *(done.cut if done else [])]
        ids = np.unique(np.concatenate([*felt, offered, np.array(counted, dtype=np.int64)]))
        step = Step(*since, ids, tuple(each.id for each, _ in kept[:VARIANTS]))
        recent.note(conn, code, *_versions(conn, code), step)
    return True


def _versions(conn: Conn, code: str) -> tuple[int, int]:
    row = conn.execute(query("incremental.versions"), {"district": code}).fetchone()
    assert row is not None
    return row[0], row[1]


def _is_there(conn: Conn, code: str) -> bool:
    return conn.execute(query("incremental.any"), {"district": code}).fetchone() is not None


def _mended(conn: Conn, code: str, before: Walk, notes: Notes) -> Mended | None:
    """Mend edges and access points in `net` and in memory; None where too much changed."""
    patch = new_edges(conn, code, before, notes)
    if len(patch.gone) + len(patch.id) > PORTS:
        return None
    after = mended.edges(before, patch)
    if not len(after.edge):
        raise NoNetwork("no_ways", name=district(conn, code).name)
    ends = _ends(before, patch.gone)
    used = np.bincount(after.source, minlength=len(after.gate))
    used += np.bincount(after.target, minlength=len(after.gate))
    dead = ends[used[ends] == 0]
    if len(dead):
        after.gate[dead] = -1
    around = Around(conn, district(conn, code), after)
    hidden = around.hidden_by(notes.shapes)
    moved = {kind: sorted({*notes.of(kind), *hidden[kind]}) for kind in hidden}
    if any(len(moved[kind]) > MOST[kind] for kind in moved):
        return None
    _store_edges(conn, code, patch, dead)
    for kind, ids in moved.items():
        after = _store_access(conn, code, kind, before, after, patch, ids, around)
    cut = _settle(conn, code, before, after, patch, moved["building"])
    return Mended(before, after, patch, moved, cut)


def _ends(walk: Walk, ids: Longs) -> Longs:
    row = np.searchsorted(walk.edge, ids)
    return np.union1d(walk.source[row], walk.target[row])


def _store_edges(conn: Conn, code: str, patch: NewEdges, dead: Longs) -> None:
    here: dict[str, Any] = {"district": code}
    if len(patch.gone):
        conn.execute(query("incremental.delete_edges"), {**here, "edge": patch.gone.tolist()})
    if len(dead):
        conn.execute(query("incremental.delete_nodes"), {**here, "node": dead.tolist()})
    place = list(patch.node.values())
    if place:
        gate = [patch.gate.get(node, -1) for node in patch.node]
        shape = wkb(shapely.points(np.array(place)))
        asked = {**here, "id": list(patch.node), "gate": gate, "geom": shape}
        conn.execute(query("incremental.add_node"), asked)
    other = {node: gate for node, gate in patch.gate.items() if node not in patch.node}
    if other:
        asked = {**here, "id": list(other), "gate": list(other.values())}
        conn.execute(query("incremental.set_gates"), asked)
    if len(patch.id):
        columns = {name: one.tolist() for name, one in patch.columns.items() if name != "shape"}
        asked = {**here, **columns, "geom": wkb(patch.columns["shape"])}
        conn.execute(query("incremental.add_edge"), asked)


def _store_access(
    conn: Conn,
    code: str,
    kind: str,
    before: Walk,
    after: Walk,
    patch: NewEdges,
    moved: list[int],
    around: Around,
) -> Walk:
    """Renew the access rows of what has moved, and all onto new edges."""
    new = joined(around.onto(kind, patch.id, moved), around.of(kind, moved))
    rows: Access = getattr(before, f"{kind}s")
    gone = np.isin(before.edge, patch.gone)[rows.edge]
    touched = getattr(before, kind)[np.unique(rows.ref[gone])]
    asked = {"district": code, "kind": kind}
    drop = {"whole": moved, "touched": touched.tolist(), "edge": patch.gone.tolist()}
    conn.execute(query("incremental.drop_access"), {**asked, **drop})
    columns = {name: one.tolist() for name, one in new.items()}
    conn.execute(query("incremental.add_access"), {**asked, **columns})
    return mended.access(after, kind, np.array(moved, dtype=np.int64), new)


def _settle(
    conn: Conn, code: str, before: Walk, after: Walk, patch: NewEdges, moved: list[int]
) -> list[int]:
    """Renew what hangs together, and who is unconnected; return the buildings that changed."""
    here = {"district": code}
    component = components(after)[after.source]
    if len(patch.gone) or len(patch.id):
        was = components(before)[before.source]
        there = np.isin(after.edge, before.edge)
        same = was[np.searchsorted(before.edge, after.edge[there])]
        other = np.ones(len(after.edge), dtype=bool)
        other[there] = same != component[there]
        columns = {"edges": after.edge[other].tolist(), "components": component[other].tolist()}
        conn.execute(query("network.set_components"), {**here, **columns})
    conn.execute(query("network.settled"), here)
    lost = after.building[
        unconnected(component, len(after.building), after.buildings, after.stations)
    ]
    rows = conn.execute(query("incremental.unconnected"), here).fetchall()
    had = np.array([row[0] for row in rows], dtype=np.int64)
    gone = before.building[~_within(before.building, after.building)]
    nowhere = np.array([*had.tolist(), *gone.tolist(), *moved], dtype=np.int64)
    nowhere = nowhere[~_within(nowhere, after.building)]
    asked = {**here, "id": nowhere.tolist()}
    alive = [row[0] for row in conn.execute(query("incremental.alive"), asked)]
    now = np.union1d(lost, np.array(alive, dtype=np.int64))
    for name, ids in (("connect", np.setdiff1d(had, now)), ("disconnect", np.setdiff1d(now, had))):
        if len(ids):
            conn.execute(query(f"incremental.{name}"), {**here, "building": ids.tolist()})
    return [int(one) for one in np.setxor1d(had, now)]


def _within(ids: Longs, all_ids: Longs) -> NDArray[np.bool_]:
    """Tell which ids are among others, which ascend."""
    at = np.minimum(np.searchsorted(all_ids, ids), max(len(all_ids) - 1, 0))
    return all_ids[at] == ids if len(all_ids) else np.zeros(len(ids), dtype=bool)


def _note(conn: Conn, code: str, notes: Notes, done: Mended | None) -> None:
    """Give what is derived its new version."""
    asked = {"district": code, **{name: notes.of(name) for name in RELATIONS}}
    row = conn.execute(query("incremental.next_change"), asked).fetchone()
    until: datetime | None = row[0] if row else None
    values = {"district": code, "walk": done is not None, "until": until}
    conn.execute(query("incremental.renewed"), values)
    if done is None:
        return
    facts = {"gone": len(done.patch.gone), "new": len(done.patch.id)}
    facts |= {kind: len(ids) for kind, ids in done.moved.items()}
    conn.execute("SELECT audit.note('network', 'MEND', %s, %s)", [code, Jsonb(facts)])
