"""The reach of the variants in use, mended where the network or the hours of its gates changed."""

import numpy as np

from gis.walk import engine, variants
from gis.walk.changes import Costs, Side, changes, reaching
from gis.walk.engine import Walk
from gis.walk.graph import Longs
from gis.walk.mended import Mended
from sql import query
from sql.database import Conn

InUse = list[tuple[variants.Variant, int]]
VARIANTS = 4  # so many variants have their reach mended; others are computed when asked for


def in_use(conn: Conn, code: str) -> InUse:
    """Return the variants whose reach is up to date with the network before, and its limit."""
    rows = conn.execute(query("incremental.variants"), {"district": code}).fetchall()
    return [(variants.Variant(id_, tuple(shut), free), limit) for id_, shut, free, limit in rows]


def mend_reach(
    conn: Conn,
    code: str,
    kept: InUse,
    before: Walk,
    done: Mended | None,
    other: set[int],
) -> list[Longs]:
    """Mend the reach of the variants in use; ``other`` are gates that have changed.

    That of a working day follows the hours of its gates. Returns buildings with other costs.
    """
    felt: list[Longs] = []
    shut = variants.shut_at(conn, code)
    now = _renamed(kept, shut, other)
    for (was, limit), shut_now in list(zip(kept, now, strict=True))[:VARIANTS]:
        if done is None and shut_now == was.shut:
            continue
        if not _rename(conn, code, was, shut_now):
            continue
        is_ = variants.Variant(was.id, shut_now, was.step_free)
        felt.append(_mend(conn, code, was, is_, limit, before, done))
    return felt


def _renamed(kept: InUse, shut: tuple[int, ...], other: set[int]) -> list[tuple[int, ...]]:
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


def _mend(
    conn: Conn,
    code: str,
    was: variants.Variant,
    is_: variants.Variant,
    limit: int,
    before: Walk,
    done: Mended | None,
) -> Longs:
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
    return found.building


def _side(walk: Walk, variant: variants.Variant, ids: Longs, gates: Longs) -> Side:
    """Return a network under a variant, with the rows of the edges that changed."""
    at_gate = np.isin(walk.gate, gates)
    edge = at_gate[walk.source] | at_gate[walk.target]
    edge[np.searchsorted(walk.edge, ids)] = True
    return Side(walk, *walk.under(variant), np.flatnonzero(edge))


def offering(kept: InUse, walk: Walk, stations: list[int]) -> Longs:
    """Return the buildings that may reach some stations, whose hours or services changed."""
    if not stations or not kept:
        return np.zeros(0, dtype=np.int64)
    limit = max(each for _, each in kept)
    side = _side(walk, variants.Variant(0, (), False), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return reaching(side, np.array(stations, dtype=np.int64), limit)
