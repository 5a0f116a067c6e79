"""Better partitions: unite two neighbouring parts and cut them anew (ReCom)."""

import numpy as np

from .bisection import trees
from .cuts import best_cut
from .goal import METRE, Goal
from .seams import Floats, Graph, Ints


def recombine(
    graph: Graph,
    part: Ints,
    share: Ints,
    goal: Goal,
    draw: np.random.Generator,
    rounds: int,
) -> Ints:
    """Return a partition that costs no more, by new cuts of pairs of neighbours.

    DeFord, Duchin and Solomon (2021) draw one tree and take any cut; here the cheapest of many
    is taken if it is cheaper than the border there was. A pair is tried again when one of the two
    has changed since.
    """
    part = part.copy()
    failed: dict[tuple[int, int], int] = {}
    for _ in range(rounds):
        changed = False
        for pair in draw.permutation(_neighbours(graph, part)).tolist():
            i, j = pair
            if failed.get((i, j), 0) > 1:
                continue
            if _renew(graph, part, np.array(pair), share, goal, draw):
                changed = True
                failed = {key: n for key, n in failed.items() if not {i, j} & {*key}}
            else:
                failed[i, j] = failed.get((i, j), 0) + 1
        if not changed and all(n > 1 for n in failed.values()):
            break
    return part


def _neighbours(graph: Graph, part: Ints) -> Ints:
    """Return the pairs of parts that share an open seam, as (n, 2) ascending."""
    ends = np.sort(np.column_stack([part[graph.a], part[graph.b]])[graph.open], axis=1)
    return np.unique(ends[ends[:, 0] < ends[:, 1]], axis=0)


def _renew(
    graph: Graph,
    part: Ints,
    pair: Ints,
    share: Ints,
    goal: Goal,
    draw: np.random.Generator,
) -> bool:
    """Cut two parts anew if that is cheaper; change ``part`` in place and say whether."""
    nodes = np.flatnonzero((part == pair[0]) | (part == pair[1]))
    here = graph.part(nodes)
    if not len(_neighbours(here, part[nodes])):
        return False  # an earlier cut of this round has parted them
    cut = best_cut(here, pair, share, goal, trees(len(nodes)), draw)
    if cut.cost >= _cost(here, part[nodes], pair, share, goal) - 0.01:
        return False
    part[nodes] = np.where(cut.side, cut.parts[0], cut.rest[0])
    return True


def _cost(here: Graph, part: Ints, pair: Ints, share: Ints, goal: Goal) -> float:
    cost = float(here.cost[part[here.a] != part[here.b]].sum()) / METRE
    weight: Floats = np.array([here.weight[part == i].sum() for i in pair], dtype=np.float64)
    cost += float(goal.cost(weight, share[pair]).sum())
    if here.pull is not None:
        cost += float(here.pull[np.arange(len(here)), part].sum())
    return cost
