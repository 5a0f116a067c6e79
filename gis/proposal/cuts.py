"""The best cut of a connected graph into two sides, each to hold some of the parts."""

from dataclasses import dataclass

import numpy as np

from .goal import METRE, Goal
from .graph import Floats, Graph, Ints, Mask
from .trees import Forest, grow

WORK = 3_000_000  # cells of a table of cuts and units


@dataclass(frozen=True, slots=True)
class Cut:
    """One side of a cut, the parts it is to hold, those of the other side, and the cost."""

    side: Mask
    parts: Ints
    rest: Ints
    cost: float


@dataclass(frozen=True, slots=True)
class _Choices:
    """Cuts of a forest: the place whose subtree is the side, and how many parts it gets."""

    place: Ints
    taken: Ints
    cost: Floats


def best_cut(
    graph: Graph, parts: Ints, share: Ints, goal: Goal, n_tree: int, draw: np.random.Generator
) -> Cut:
    """Return the cheapest cut that any edge of ``n_tree`` random trees gives.

    Parameters
    ----------
    parts
        The parts to hold, at least two; each tree shuffles them and gives the first to one side.
    share
        The shares of all parts.
    """
    forest = grow(graph, n_tree, draw)
    rows = draw.permuted(np.tile(parts, (n_tree, 1)), axis=1)
    choices = _choices(graph, forest, share[rows], goal)
    side = forest.members(choices.place)
    cost = choices.cost + _border(graph, side)
    row = rows[forest.tree[choices.place]]
    if graph.pull is not None:
        cost = cost + _pull(graph.pull, side, row, choices.taken)
    best = int(np.argmin(cost))
    k = int(choices.taken[best])
    return Cut(side[best], row[best, :k], row[best, k:], float(cost[best]))


def _choices(graph: Graph, forest: Forest, share: Ints, goal: Goal) -> _Choices:
    """Return the cuts best balanced, as many as ``WORK`` allows, in order of their cost."""
    place = np.flatnonzero(forest.up >= 0)
    weight = forest.below(graph.weight)[place]
    whole, shares = int(graph.weight.sum()), int(share[0].sum())
    so_far = np.cumsum(share, axis=1)[forest.tree[place]]
    taken = _taken(np.asarray(weight * (shares / max(whole, 1))), so_far)
    held = np.take_along_axis(so_far, taken[:, None] - 1, axis=1)[:, 0]
    cost = goal.cost(weight, held) + goal.cost(whole - weight, shares - held)
    room = max(WORK // (len(graph) + len(graph.a)), 8)
    chosen = np.argsort(cost, kind="stable")[:room]
    return _Choices(place[chosen], taken[chosen], cost[chosen])


def _taken(wanted: Floats, so_far: Ints) -> Ints:
    """Return how many of the first parts are nearest to the wanted shares; of p at least p / 3."""
    p = so_far.shape[1]
    least = max(p // 3, 1)
    off = np.abs(so_far[:, least - 1 : p - least] - wanted[:, None])
    return np.asarray(np.argmin(off, axis=1) + least, dtype=np.int64)


def _border(graph: Graph, side: Mask) -> Floats:
    crossed = side[:, graph.a] != side[:, graph.b]
    return np.asarray(crossed @ graph.cost.astype(np.float64)) / METRE  # exact: whole numbers


def _pull(pull: Floats, side: Mask, row: Ints, taken: Ints) -> Floats:
    """Return what units pay on average for the parts of their side, for each cut."""
    result = np.empty(len(side))
    for i, (here, parts, k) in enumerate(zip(side, row, taken.tolist(), strict=True)):
        inside, outside = pull[:, parts[:k]].mean(axis=1), pull[:, parts[k:]].mean(axis=1)
        result[i] = np.where(here, inside, outside).sum()
    return result
