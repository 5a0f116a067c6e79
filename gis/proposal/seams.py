"""Units and the seams between them as a weighted graph."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# What a metre of border costs: least along what already parts people.
COST = {
    "river": 0.3,
    "railway": 0.4,
    "main": 0.5,
    "second": 0.7,
    "quay": 0.7,
    "wall": 0.7,
    "side": 5.0,
    "lane": 5.0,
    "path": 12.0,
}
OTHER = 5.0
ENDS = ("unit_a", "unit_b")
BARRIERS = ("river", "railway")


@dataclass(frozen=True, slots=True)
class Graph:
    """Units 0..n-1 in order of their codes; seams ordered by ``a``, then ``b``, with ``a < b``.

    ``cost`` is what a border along the seam costs, in hundredths of a metre of cost 1, as an
    integer, so that sums do not depend on their order. Only ``open`` seams hold a part together.
    ``pull`` (n, n_part), or None, is what it costs to have a unit in a part, in metres of cost 1.
    """

    code: tuple[str, ...]
    weight: Ints
    a: Ints
    b: Ints
    cost: Ints
    tie: Floats  # how dear a metre of the seam is as a border
    open: Mask
    pull: Floats | None = None

    def __len__(self) -> int:
        return len(self.weight)

    def part(self, nodes: Ints) -> "Graph":
        """Return the graph of some units, in ascending order."""
        index = np.full(len(self), -1, dtype=np.int64)
        index[nodes] = np.arange(len(nodes))
        kept = np.flatnonzero((index[self.a] >= 0) & (index[self.b] >= 0))
        return Graph(
            tuple(self.code[i] for i in nodes.tolist()),
            self.weight[nodes],
            index[self.a[kept]],
            index[self.b[kept]],
            self.cost[kept],
            self.tie[kept],
            self.open[kept],
            None if self.pull is None else self.pull[nodes],
        )

    def only(self, parts: Ints) -> "Graph":
        """Return the graph with the pulls of some parts."""
        return replace(self, pull=None if self.pull is None else self.pull[:, parts])


def graph(
    code: Sequence[str], households: Ints, seam: pd.DataFrame, pull: Floats | None = None
) -> tuple[Graph, Ints]:
    """Return units and seams as a graph, and the row of each of its units.

    Several seams of two units count as one; it is open if one of them is.

    Parameters
    ----------
    seam
        unit_a, unit_b, length_m, kind, and barrier if it is not to follow from the kind.

    Raises
    ------
    BadInput
        A seam names a unit that is not there.
    """
    names = np.asarray(code, dtype=np.str_)
    rows = np.argsort(names, kind="stable")
    one, other = (_positions(names[rows], seam[side].to_numpy(str)) for side in ENDS)
    pairs, which = _pairs(one, other, len(names))
    length = np.bincount(which, np.rint(seam["length_m"].to_numpy(float) * 100), len(pairs))
    each = np.rint(seam["kind"].map(COST).fillna(OTHER) * seam["length_m"] * 100)
    cost = np.bincount(which, each.to_numpy(float), len(pairs))
    closed = seam["barrier"] if "barrier" in seam else seam["kind"].isin(BARRIERS)
    opened = np.bincount(which, ~closed.to_numpy(bool), len(pairs)) > 0
    result = Graph(
        tuple(names[rows].tolist()),
        np.asarray(households, dtype=np.int64)[rows],
        pairs // len(names),
        pairs % len(names),
        cost.astype(np.int64),
        cost / np.maximum(length, 1),
        opened,
        None if pull is None else pull[rows],
    )
    return result, rows


def _positions(names: NDArray[np.str_], wanted: NDArray[np.str_]) -> Ints:
    place = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    if len(unknown := wanted[names[place] != wanted]):
        raise BadInput(f"a seam names unit {unknown[0]}, which is not among the units")
    return np.asarray(place, dtype=np.int64)


def _pairs(one: Ints, other: Ints, n: int) -> tuple[Ints, Ints]:
    key = np.minimum(one, other) * n + np.maximum(one, other)
    pairs, which = np.unique(key, return_inverse=True)
    return pairs, which


def components(graph: Graph, without: int = -1) -> Ints:
    """Return which component each unit is in, by open seams; ``without``: as if one had none."""
    used = graph.open & (graph.a != without) & (graph.b != without)
    links = coo_array(
        (np.ones(used.sum(), dtype=bool), (graph.a[used], graph.b[used])), (len(graph),) * 2
    )
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def tied(graph: Graph) -> Graph:
    """Return the graph with its islands joined to the rest, each over its dearest closed seam.

    Islands without any seam to the rest stay apart.
    """
    opened = graph.open.copy()
    order = np.argsort(-graph.cost, kind="stable")
    while True:
        label = components(replace(graph, open=opened))
        between = order[label[graph.a[order]] != label[graph.b[order]]]
        if not len(between):
            return replace(graph, open=opened)
        opened[between[0]] = True
