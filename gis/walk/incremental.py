"""The network mended where an edit touched it, instead of built anew; the result is the same.

All in the caller's transaction, as the engine: whoever reads meanwhile sees the version before,
and a transaction that is given up leaves it as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from psycopg.types.json import Jsonb

from gis.districts import district
from gis.errors import NoNetwork
from gis.exchange.rows import wkb
from gis.walk import engine, mended, variants
from gis.walk.access import Access
from gis.walk.changes import Costs, Side, changes
from gis.walk.engine import Walk
from gis.walk.graph import Longs
from gis.walk.mended import NewEdges
from gis.walk.nearby import new_edges
from gis.walk.notes import MOST, RELATIONS, Notes
from gis.walk.onto import Around, joined
from gis.walk.store import components, unconnected
from sql import query
from sql.database import Conn

VARIANTS = 4  # so many variants have their reach mended; others are computed when asked for
PORTS = 200  # changed edges beyond which all is computed anew


@dataclass(frozen=True, slots=True, eq=False)
class _Mended:
    """The network before and after, and what differs: edges, who gets onto it elsewhere."""

    before: Walk
    after: Walk
    patch: NewEdges
    moved: dict[str, list[int]]


def mend(conn: Conn, code: str, notes: Notes) -> bool:
    """Bring network, placement and reach up to date with a few edits; False: build all anew.

    Raises
    ------
    NoNetwork
        No way is left.
    """
    if not _is_there(conn, code):
        return False
    before, kept = engine.walk(conn, code), _variants(conn, code)
    done = _mended(conn, code, before, notes) if notes.walk else None
    if notes.walk and done is None:
        return False
    if notes.placed and "place" not in notes.whole:
        conn.execute("SELECT net.place_some(%s, %s)", [code, list(notes.placed)])
    _note(conn, code, notes, done)
    if done is not None:
        engine.keep(conn, code, done.after)
    _reach(conn, code, kept, before, done, notes)
    return True


def _is_there(conn: Conn, code: str) -> bool:
    return conn.execute(query("incremental.any"), {"district": code}).fetchone() is not None


def _mended(conn: Conn, code: str, before: Walk, notes: Notes) -> _Mended | None:
    """Mend edges and access points in `net` and in memory; None where too much changed."""
    patch = new_edges(conn, code, before, notes)
    if len(patch.gone) + len(patch.id) > PORTS:
        return None
    after = mended.edges(before, patch)
    if not len(after.edge):
        raise NoNetwork("no_ways", name=district(conn, code).name)
    dead = np.setdiff1d(_ends(before, patch.gone), np.union1d(after.source, after.target))
    after.gate[dead] = -1
    around = Around(conn, district(conn, code), after)
    hidden = around.hidden_by(notes.shapes)
    moved = {kind: sorted({*notes.of(kind), *hidden[kind]}) for kind in hidden}
    if any(len(moved[kind]) > MOST[kind] for kind in moved):
        return None
    _store_edges(conn, code, patch, dead)
    for kind, ids in moved.items():
        after = _store_access(conn, code, kind, before, after, patch, ids, around)
    _settle(conn, code, before, after, patch, moved["building"])
    return _Mended(before, after, patch, moved)


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
) -> None:
    """Renew what hangs together, and who is unconnected."""
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
    nowhere = np.setdiff1d(np.union1d(np.union1d(had, before.building), moved), after.building)
    asked = {**here, "id": nowhere.tolist()}
    alive = [row[0] for row in conn.execute(query("incremental.alive"), asked)]
    now = np.union1d(lost, np.array(alive, dtype=np.int64))
    for name, ids in (("connect", np.setdiff1d(had, now)), ("disconnect", np.setdiff1d(now, had))):
        if len(ids):
            conn.execute(query(f"incremental.{name}"), {**here, "building": ids.tolist()})


def _variants(conn: Conn, code: str) -> list[tuple[variants.Variant, int]]:
    """Return the variants whose reach is up to date with the network before, and its limit."""
    rows = conn.execute(query("incremental.variants"), {"district": code}).fetchall()
    return [(variants.Variant(id_, tuple(shut), free), limit) for id_, shut, free, limit in rows]


def _note(conn: Conn, code: str, notes: Notes, done: _Mended | None) -> None:
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


def _reach(
    conn: Conn,
    code: str,
    kept: list[tuple[variants.Variant, int]],
    before: Walk,
    done: _Mended | None,
    notes: Notes,
) -> None:
    """Mend the reach of the variants in use, first of all that of a working day."""
    other = {*notes.of("gate"), *notes.shut}
    shut = variants.shut_at(conn, code)
    now = _renamed(kept, shut, other)
    for (was, limit), shut_now in list(zip(kept, now, strict=True))[:VARIANTS]:
        if done is None and shut_now == was.shut:
            continue
        if not _rename(conn, code, was, shut_now):
            continue
        is_ = variants.Variant(was.id, shut_now, was.step_free)
        _mend_reach(conn, code, was, is_, limit, before, done)


def _renamed(
    kept: list[tuple[variants.Variant, int]], shut: tuple[int, ...], other: set[int]
) -> list[tuple[int, ...]]:
    """Return the gates shut in each variant from now on.

    That of a working day follows the hours: where none has the gates shut that are shut now, one
    that differs in the changed gates alone becomes it.
    """
    found = [each.shut for each, _ in kept]
    for free in (False, True):
        mine = [k for k, (each, _) in enumerate(kept) if each.step_free == free]
        if any(found[k] == shut for k in mine):
            continue
        for k in mine:
            if {*found[k]} ^ {*shut} <= other:
                found[k] = shut
                break
    return found


def _rename(conn: Conn, code: str, was: variants.Variant, shut: tuple[int, ...]) -> bool:
    """Have a variant stand for other shut gates; False where another one does already."""
    if shut == was.shut:
        return True
    asked = {"district": code, "variant": was.id, "step_free": was.step_free, "shut": list(shut)}
    twin = conn.execute(query("incremental.same_variant"), asked).fetchone()
    if twin:  # out of date: it takes the other's place, to be computed when asked for
        for id_, gates in ((twin[0], [-1]), (was.id, list(shut)), (twin[0], list(was.shut))):
            values = {"district": code, "variant": id_, "shut": gates}
            conn.execute(query("incremental.drop_variant"), values)
    else:
        conn.execute(query("incremental.drop_variant"), asked)
    return True


def _mend_reach(
    conn: Conn,
    code: str,
    was: variants.Variant,
    is_: variants.Variant,
    limit: int,
    before: Walk,
    done: _Mended | None,
) -> None:
    after = done.after if done else before
    gates = np.array(sorted({*was.shut} ^ {*is_.shut}), dtype=np.int64)
    gone = done.patch.gone if done else np.zeros(0, dtype=np.int64)
    new = done.patch.id if done else np.zeros(0, dtype=np.int64)
    sides = [
        _side(walk, variant, ids, gates)
        for walk, variant, ids in ((before, was, gone), (after, is_, new))
    ]
    moved = {
        kind: np.array(done.moved[kind] if done else [], dtype=np.int64)
        for kind in ("building", "station")
    }
    here = {"district": code, "variant": is_.id}

    def stored(building: Longs, station: Longs) -> Costs:
        return engine.stored_reach(conn, code, is_.id, building, station)

    found = changes(sides[0], sides[1], moved["building"], moved["station"], stored, limit)
    pairs = {"building": found.building.tolist(), "station": found.station.tolist()}
    conn.execute(query("incremental.drop_reach"), {**here, **pairs})
    there = found.cost_cm >= 0
    columns = {name: getattr(found, name)[there].tolist() for name in found._fields}
    conn.execute(query("incremental.add_reach"), {**here, **columns})
    conn.execute(query("incremental.reached"), here)


def _side(walk: Walk, variant: variants.Variant, ids: Longs, gates: Longs) -> Side:
    """Return a network under a variant, with the rows of the edges that changed."""
    at_gate = np.isin(walk.gate, gates)
    edge = at_gate[walk.source] | at_gate[walk.target]
    edge[np.searchsorted(walk.edge, ids)] = True
    return Side(walk, *walk.under(variant), np.flatnonzero(edge))
