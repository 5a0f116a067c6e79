"""The network in memory with a few edges and access rows replaced. Pure."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.walk.engine import Walk
from gis.walk.graph import Longs

Rows = dict[str, NDArray[Any]]
ACCESS = ("ref", "edge", "from_source_cm", "connector_cm")


@dataclass(frozen=True, slots=True, eq=False)
class NewEdges:
    """Edges that are new and ids of those that are gone, and the gates of nodes that changed.

    ``columns`` are id, source, target, length_cm, forward_cm, backward_cm, steps, way and inside
    (ids, -1: none), each (n,), and ``shape`` (n,) lines; ``gate`` are the gates (ids, -1: none) at
    nodes, ``node`` the places of nodes that are new.
    """

    gone: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    columns: Rows = field(default_factory=dict)
    gate: dict[int, int] = field(default_factory=dict)
    node: dict[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def id(self) -> Longs:
        """The ids of the new edges, ascending."""
        return self.columns.get("id", np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """The network before and after, and what differs: edges, who gets onto it elsewhere.

    ``cut`` are buildings that were cut off, or no longer are.
    """

    before: Walk
    after: Walk
    patch: NewEdges
    moved: dict[str, list[int]]
    cut: list[int]


def edges(walk: Walk, patch: NewEdges) -> Walk:
    """Return the network with other edges; access rows on those gone are gone too."""
    if not len(patch.gone) and not len(patch.id) and not patch.gate:
        return walk
    keep = ~np.isin(walk.edge, patch.gone)
    names = ("source", "target", "length_cm", "forward_cm", "backward_cm", "steps")
    columns = {name: _joined(getattr(walk, name)[keep], patch.columns.get(name)) for name in names}
    columns["edge"] = _joined(walk.edge[keep], patch.columns.get("id"))
    row = np.cumsum(keep) - 1
    found = replace(walk, gate=_gates(walk, patch), **columns)
    for kind in ("building", "station"):
        stays = keep[getattr(walk, f"{kind}_edge")]
        moved = {
            f"{kind}_{name}": getattr(walk, f"{kind}_{name}")[stays]
            for name in ("ref", "edge", "from", "connector")
        }
        moved[f"{kind}_edge"] = row[moved[f"{kind}_edge"]].astype(np.int32)
        found = replace(found, **moved)
    return found


def access(walk: Walk, kind: str, whole: Longs, new: Rows) -> Walk:
    """Return the network with all access rows of some ids taken out, and new ones put in.

    ``new`` are columns of rows, their refs and edges as ids, in order.
    """
    if not len(whole) and not len(new["ref"]) and _is_whole(walk, kind):
        return walk
    names = [f"{kind}_{name}" for name in ("ref", "edge", "from", "connector")]
    ids, columns = getattr(walk, kind), [getattr(walk, name) for name in names]
    stays = ~np.isin(ids, whole)[columns[0]]
    columns = [column[stays] for column in columns]
    left = np.bincount(columns[0], minlength=len(ids)) > 0
    every = np.union1d(ids[left], new["ref"])
    columns[0] = np.searchsorted(every, ids)[columns[0]]
    put = [
        np.searchsorted(every, new["ref"]), np.searchsorted(walk.edge, new["edge"]),
        new["from_source_cm"], new["connector_cm"],
    ]  # fmt: skip
    order = np.lexsort(put[::-1])
    put = [column[order] for column in put]
    wide = len(walk.edge) + 1
    at = np.searchsorted(
        columns[0].astype(np.int64) * wide + columns[1], put[0].astype(np.int64) * wide + put[1]
    )
    merged: dict[str, Any] = {
        name: np.insert(old, at, more).astype(np.int32)
        for name, old, more in zip(names, columns, put, strict=True)
    }
    return replace(walk, **{**merged, kind: every.astype(np.int64)})


def _is_whole(walk: Walk, kind: str) -> bool:
    """Tell whether each building or station has a row: none has lost its last one."""
    count = np.bincount(getattr(walk, f"{kind}_ref"), minlength=len(getattr(walk, kind)))
    return bool((count > 0).all())


def _joined(old: NDArray[Any], more: NDArray[Any] | None) -> NDArray[Any]:
    return old if more is None else np.concatenate([old, more.astype(old.dtype)])


def _gates(walk: Walk, patch: NewEdges) -> Longs:
    size = max([len(walk.gate), *(node + 1 for node in patch.gate)])
    gate = np.full(size, -1, dtype=np.int64)
    gate[: len(walk.gate)] = walk.gate
    for node, at in patch.gate.items():
        gate[node] = at
    return gate
