"""The best cut of a connected graph into two sides, each to hold some of the parts."""

from dataclasses import dataclass

import numpy as np

from .goal import METRE, Goal
from .seams import Floats, Graph, Ints, Mask
from .trees import Forest, grow


@dataclass(frozen=True, slots=True)
class Cut:
    """One side of a cut, the parts it is to hold, those of the other side, and the cost."""

    side: Mask
    parts: Ints
    rest: Ints
    cost: float


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
    taken, cost = _balance(graph, forest, share[rows], goal)
    cost += _border(graph, forest)
    if graph.pull is not None:
        cost += _pull(graph.pull, forest, rows, taken)
    cost[forest.up < 0] = np.inf
    best = int(np.argmin(cost))
    row, k = rows[forest.tree[best]], int(taken[best])
    return Cut(forest.members(best), row[:k], row[k:], float(cost[best]))


def _balance(graph: Graph, forest: Forest, share: Ints, goal: Goal) -> tuple[Ints, Floats]:
    """Return how many parts each place's subtree is to hold, and the cost of the households."""
    weight = forest.below(graph.weight[forest.unit])
    whole, shares = int(graph.weight.sum()), int(share[0].sum())
    so_far = np.cumsum(share, axis=1)[forest.tree]
    taken = _taken(np.asarray(weight * (shares / max(whole, 1))), so_far)
    held = np.take_along_axis(so_far, taken[:, None] - 1, axis=1)[:, 0]
    return taken, goal.cost(weight, held) + goal.cost(whole - weight, shares - held)


def _taken(wanted: Floats, so_far: Ints) -> Ints:
    """Return how many of the first parts are nearest to the wanted shares; of p at least p / 3."""
    p = so_far.shape[1]
    least = max(p // 3, 1)
    off = np.abs(so_far[:, least - 1 : p - least] - wanted[:, None])
    return np.asarray(np.argmin(off, axis=1) + least, dtype=np.int64)


def _border(graph: Graph, forest: Forest) -> Floats:
    """Return the cost of the border of each subtree: its seams, less twice those inside it."""
    n_tree, ends = len(forest.preorder), np.concatenate([graph.a, graph.b])
    around = np.bincount(ends, np.tile(graph.cost, 2), len(graph)).astype(np.int64)
    meeting = forest.meeting(graph.a, graph.b)
    within = np.bincount(meeting, np.tile(graph.cost, n_tree), len(forest.up)).astype(np.int64)
    return forest.below(around[forest.unit] - 2 * within) / METRE


def _pull(pull: Floats, forest: Forest, rows: Ints, taken: Ints) -> Floats:
    """Return what units pay on average for the parts of their side, for each cut."""
    result = np.zeros(len(taken))
    so_far = np.cumsum(pull[:, rows], axis=2)  # (n, n_tree, n_part)
    whole = so_far[:, :, -1]
    for k in np.unique(taken).tolist():
        inside, outside = (
            so_far[:, :, k - 1] / k,
            (whole - so_far[:, :, k - 1]) / (rows.shape[1] - k),
        )
        fixed = outside.sum(axis=0)[forest.tree]
        cost = fixed + forest.below((inside - outside)[forest.unit, forest.tree])
        result = np.where(taken == k, cost, result)
    return result
