"""Better partitions: move single units across a border."""

import numpy as np

from .goal import METRE, Goal
from .seams import Graph, Ints

SWEEPS = 12
Neighbours = list[list[tuple[int, float, bool]]]  # of each unit: unit, cost [m], open


def flip(graph: Graph, part: Ints, share: Ints, goal: Goal) -> Ints:
    """Return a partition that costs no more, by moving single units to a neighbour's part.

    Parts stay connected by open seams. Units are tried in their order until none moves.
    """
    near = _neighbours(graph)
    state = part.tolist()
    load = np.bincount(part, graph.weight, len(share)).tolist()
    for _ in range(SWEEPS):
        moved = False
        for unit in range(len(graph)):
            to = _best(graph, near, state, load, unit, share, goal)
            if to is not None and _may_leave(near, state, unit):
                load[state[unit]] -= int(graph.weight[unit])
                load[to] += int(graph.weight[unit])
                state[unit] = to
                moved = True
        if not moved:
            break
    return np.array(state, dtype=np.int64)


def _neighbours(graph: Graph) -> Neighbours:
    near: Neighbours = [[] for _ in range(len(graph))]
    costs = (graph.cost / METRE).tolist()
    for i, j, cost, is_open in zip(
        graph.a.tolist(), graph.b.tolist(), costs, graph.open.tolist(), strict=True
    ):
        near[i].append((j, cost, is_open))
        near[j].append((i, cost, is_open))
    return near


def _best(
    graph: Graph,
    near: Neighbours,
    state: list[int],
    load: list[float],
    unit: int,
    share: Ints,
    goal: Goal,
) -> int | None:
    """Return the part the unit had better be in, or None."""
    here = state[unit]
    options = sorted({state[j] for j, _, is_open in near[unit] if is_open} - {here})
    best, gain = None, 0.01
    for to in options:
        saved = sum(
            c if state[j] == to else -c if state[j] == here else 0 for j, c, _ in near[unit]
        )
        saved -= _shift(load[here], load[to], int(graph.weight[unit]), share[[here, to]], goal)
        if graph.pull is not None:
            saved += float(graph.pull[unit, here] - graph.pull[unit, to])
        if saved > gain:
            best, gain = to, saved
    return best


def _shift(here: float, to: float, weight: int, share: Ints, goal: Goal) -> float:
    """Return what a move adds to the cost of households."""
    if not weight:
        return 0.0
    before = goal.cost(np.array([here, to]), share)
    after = goal.cost(np.array([here - weight, to + weight]), share)
    return float(after.sum() - before.sum())


def _may_leave(near: Neighbours, state: list[int], unit: int) -> bool:
    """Return whether the rest of the unit's part is not empty and holds together without it."""
    here = state[unit]
    around = [j for j, _, is_open in near[unit] if is_open and state[j] == here]
    if not around:
        return False
    reached, stack, wanted = {unit, around[0]}, [around[0]], {*around[1:]}
    while stack and wanted:
        for j, _, is_open in near[stack.pop()]:
            if is_open and state[j] == here and j not in reached:
                reached.add(j)
                wanted.discard(j)
                stack.append(j)
    return not wanted
