"""Random spanning trees of a graph, and what cutting each of their edges would give.

Many trees are grown at once, as one forest of a graph that holds them side by side: the work
is then a few sorts and sums over arrays.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from .seams import Floats, Graph, Ints, Mask


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over the same n units. Places are breadth first: parents before children.

    ``up`` is the parent's place, -1 at a root; ``enter`` counts places in preorder, ``at`` is its
    inverse, and ``preorder`` the same as (n_tree, n); ``size`` is that of the subtree.
    """

    unit: Ints
    tree: Ints
    up: Ints
    enter: Ints
    at: Ints
    size: Ints
    preorder: NDArray[np.int32]

    def below(self, value: Ints) -> Ints:
        """Return for each place the sum of a value of places over its subtree."""
        so_far = np.concatenate([value[:1] * 0, np.cumsum(value[self.at])])
        return np.asarray(so_far[self.enter + self.size] - so_far[self.enter])

    def members(self, place: int) -> Mask:
        """Return which units the subtree of a place holds, as (n,)."""
        row, first = self.preorder[self.tree[place]], self.enter[place]
        return np.asarray((row >= first) & (row < first + self.size[place]))

    def meeting(self, a: Ints, b: Ints) -> Ints:
        """Return the places where the ways from units ``a`` and ``b`` to the root meet, by tree.

        Between the two in preorder, the place nearest to the root is a child of that place
        (Bender and Farach-Colton 2000).
        """
        first = np.minimum(self.preorder[:, a], self.preorder[:, b]).ravel() + 1
        last = np.maximum(self.preorder[:, a], self.preorder[:, b]).ravel()
        return self.up[_least(self.at, first, last)]


def grow(graph: Graph, n_tree: int, draw: np.random.Generator) -> Forest:
    """Grow minimum spanning trees of the open seams under random weights.

    A seam that is cheap as a border (a main road) weighs more, so it joins a tree late, and
    cutting the tree there leaves whole blocks on both sides. The graph must be connected.
    """
    links = np.flatnonzero(graph.open)
    cheap = 3.0 / np.maximum(graph.tie[links], 0.05)
    heed = draw.uniform(0.0, 1.0, (n_tree, 1))  # how far a tree minds what its borders cost
    weight = cheap**heed * draw.uniform(0.4, 1.6, (n_tree, len(links)))
    return _root(_span(len(graph), graph.a[links], graph.b[links], weight), n_tree, len(graph))


def _span(n: int, a: Ints, b: Ints, weight: Floats) -> csr_array:
    """Return all trees as one, under a root 0 with an edge to the first unit of each."""
    n_tree = len(weight)
    shift = 1 + n * np.arange(n_tree)[:, None]
    start = np.concatenate([np.zeros(n_tree, dtype=np.int64), (shift + a).ravel()])
    end = np.concatenate([shift.ravel(), (shift + b).ravel()])
    cost = np.concatenate([np.ones(n_tree), weight.ravel()])
    return minimum_spanning_tree(csr_array((cost, (start, end)), (n * n_tree + 1,) * 2))


def _root(tree: csr_array, n_tree: int, n: int) -> Forest:
    order, before = breadth_first_order(tree, 0, directed=False)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    up = place[before[order[1:]]] - 1  # without the root of roots
    levels = tuple(_levels(up, n_tree))
    size = _sizes(up, levels)
    enter = _enter(size, up, levels)
    node = order[1:].astype(np.int64) - 1
    at = np.empty(len(up), dtype=np.int64)
    at[enter] = np.arange(len(up))
    preorder = np.empty(len(up), dtype=np.int32)
    preorder[node] = enter
    return Forest(node % n, node // n, up, enter, at, size, preorder.reshape(n_tree, n))


def _levels(up: Ints, n_root: int) -> Iterator[tuple[int, int]]:
    """Yield the range of places of each generation; parents ascend in breadth-first order."""
    first, last = 0, n_root
    while first < last:
        yield first, last
        first, last = last, int(np.searchsorted(up, last))


def _sizes(up: Ints, levels: tuple[tuple[int, int], ...]) -> Ints:
    size = np.ones(len(up), dtype=np.int64)
    for first, last in levels[:0:-1]:
        np.add.at(size, up[first:last], size[first:last])
    return size


def _enter(size: Ints, up: Ints, levels: tuple[tuple[int, int], ...]) -> Ints:
    """Return numbers for the places such that each subtree is a run: siblings one after another."""
    enter = np.zeros(len(size), dtype=np.int64)
    for first, last in levels:
        before = np.cumsum(size[first:last]) - size[first:last]
        parent = up[first:last]
        eldest = np.searchsorted(parent, parent)
        base = np.where(parent < 0, 0, enter[parent] + 1)
        enter[first:last] = base + before - np.where(parent < 0, 0, before[eldest])
    return enter


def _least(value: Ints, first: Ints, last: Ints) -> Ints:
    """Return the least values of runs, ends included, from minima over runs of powers of two."""
    power = np.frexp((last - first + 1).astype(np.float64))[1] - 1
    result = np.empty_like(value, shape=len(first))
    for k in range(int(power.max(initial=-1)) + 1):
        if k:
            value = np.minimum(value[: -(1 << (k - 1))], value[1 << (k - 1) :])
        asked = np.flatnonzero(power == k)
        result[asked] = np.minimum(value[first[asked]], value[last[asked] - (1 << k) + 1])
    return result
