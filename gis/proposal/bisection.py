"""A first partition: cut in two again and again, along random spanning trees."""

import numpy as np

from .cuts import best_cut
from .goal import Goal
from .seams import Graph, Ints

TREES = 6_000  # nodes of all trees tried for one cut
MOST, FEWEST = 240, 8


def trees(n: int) -> int:
    """Return how many trees are worth trying for n units."""
    return int(np.clip(TREES / max(n, 1), FEWEST, MOST))


def bisect(graph: Graph, share: Ints, goal: Goal, draw: np.random.Generator) -> Ints:
    """Return the part of each unit of a connected graph; bounds may be missed here and there.

    Recursive bisection of random spanning trees, after DeFord, Duchin and Solomon (2021).
    """
    part = np.zeros(len(graph), dtype=np.int64)
    work = [(np.arange(len(graph)), np.arange(len(share)))]
    while work:
        nodes, parts = work.pop()
        if len(parts) == 1:
            part[nodes] = parts[0]
            continue
        here = graph.part(nodes)
        cut = best_cut(here, parts, share, goal, trees(len(nodes)), draw)
        work += [(nodes[cut.side], np.sort(cut.parts)), (nodes[~cut.side], np.sort(cut.rest))]
    return part
