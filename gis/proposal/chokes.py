"""Why there is no partition: the unit, the choke or the island that makes it impossible."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from gis.errors import Infeasible

from .goal import Goal
from .seams import Graph, Ints, components

LARGEST = 5_000  # units among which a choke is looked for
CURE = "Split it, join it to a neighbour, or change the number of parts or their bounds."


def check(graph: Graph, share: Ints, goal: Goal) -> None:
    """Refuse what no partition can satisfy, whatever the seams.

    Raises
    ------
    Infeasible
        Too few or too many households in all, too few units, or a unit too large.
    """
    whole, shares = int(graph.weight.sum()), int(share.sum())
    if goal.excess(np.array([whole]), np.array([shares]))[0] > 0:
        bounds = f"{goal.low * shares:.0f} to {goal.high * shares:.0f}"
        raise Infeasible(f"{len(share)} parts hold {bounds} households, but there are {whole}.")
    if len(graph) < len(share):
        raise Infeasible(f"{len(graph)} units do not make {len(share)} parts. Split some of them.")
    largest = int(np.argmax(graph.weight))
    most = int(goal.high * int(share.max()) + 1e-9)
    if graph.weight[largest] > most:
        code, held = graph.code[largest], graph.weight[largest]
        raise Infeasible(f"unit {code} has {held} households, a part at most {most}. {CURE}")


def allot(graph: Graph, share: Ints, goal: Goal) -> list[tuple[Ints, Ints]]:
    """Return the units of each connected component with the parts it is to hold.

    Raises
    ------
    Infeasible
        A component's households make no whole number of parts; a unit of it is named.
    """
    label = components(graph)
    weight = np.bincount(label, graph.weight).astype(np.int64)
    order = np.argsort(-weight, kind="stable").tolist()
    values = np.unique(share)
    left = tuple(int((share == value).sum()) for value in values)
    found = _allot([int(weight[i]) for i in order], values, left, goal)
    if found is None:
        raise Infeasible(_islands(graph, label, share, goal))
    pools = {int(value): np.flatnonzero(share == value).tolist() for value in values}
    return [
        (np.flatnonzero(label == i), np.array(_deal(pools, values, row), dtype=np.int64))
        for i, row in zip(order, found, strict=True)
    ]


def _deal(pools: dict[int, list[int]], values: Ints, counts: Sequence[int]) -> list[int]:
    return [pools[int(v)].pop(0) for v, n in zip(values, counts, strict=True) for _ in range(n)]


def _allot(
    weight: list[int], values: Ints, left: tuple[int, ...], goal: Goal
) -> list[tuple[int, ...]] | None:
    """Give each component so many parts of each share; the nearest to its households first."""
    if len(weight) == 1:
        return [left] if _holds(weight[0], values, left, goal) else None
    options = [
        c for c in product(*(range(n + 1) for n in left)) if _holds(weight[0], values, c, goal)
    ]
    options.sort(key=lambda c: (abs(float(values @ c) * goal.aim - weight[0]), c))
    for counts in options:
        rest = tuple(n - c for n, c in zip(left, counts, strict=True))
        if (others := _allot(weight[1:], values, rest, goal)) is not None:
            return [counts, *others]
    return None


def _holds(weight: int, values: Ints, counts: Sequence[int], goal: Goal) -> bool:
    shares = int(values @ np.array(counts))
    return shares > 0 and goal.excess(np.array([weight]), np.array([shares]))[0] == 0


def _islands(graph: Graph, label: Ints, share: Ints, goal: Goal) -> str:
    weight = np.bincount(label, graph.weight).astype(np.int64)
    values = np.unique(share)
    every = list(product(*(range(int((share == v).sum()) + 1) for v in values)))
    bad = [
        i for i, w in enumerate(weight) if not any(_holds(int(w), values, c, goal) for c in every)
    ]
    which = bad[0] if bad else int(np.argmin(weight))
    first = graph.code[int(np.flatnonzero(label == which)[0])]
    return (
        f"the {int((label == which).sum())} units around {first}, with {int(weight[which])} "
        "households, are cut off by water, railway or gaps and make no whole number of parts. "
        "Add a crossing, or change the number of parts or their bounds."
    )


def choke(graph: Graph, share: Ints, goal: Goal) -> str | None:
    """Return why no partition of a connected graph exists, if a single unit is the reason.

    Without a unit its component falls into pieces. In each piece at most so many households can
    be in parts of their own; the rest of all pieces must share one part with the unit. (With
    unlike shares only the widest bounds are looked at: the test may miss a choke, but never
    names one that is none.)
    """
    low, high = goal.low * int(share.min()), goal.high * int(share.max())
    for unit in _joints(graph) if len(graph) <= LARGEST else ():
        label = components(graph, unit)
        label[unit] = label.max() + 1
        pieces = np.bincount(label, graph.weight).astype(np.int64)[:-1].tolist()
        stuck = int(graph.weight[unit]) + sum(_stuck(piece, low, high) for piece in pieces)
        if stuck > high:
            return (
                f"unit {graph.code[unit]} is a choke: it holds together pieces whose "
                f"{stuck} households must all be in its part, which takes {high:.0f}. {CURE}"
            )
    return None


def _joints(graph: Graph) -> Iterator[int]:
    """Yield the units without which their component falls apart."""
    whole = int(components(graph).max(initial=-1)) + 1
    degree = np.bincount(np.r_[graph.a[graph.open], graph.b[graph.open]], minlength=len(graph))
    for unit in np.flatnonzero(degree > 1).tolist():
        if components(graph, unit).max() + 1 > whole + 1:
            yield unit


def _stuck(piece: int, low: float, high: float) -> int:
    """Return the fewest households of a piece that cannot be in parts inside it."""
    parts = int(piece // low)
    return max(piece - int(parts * high), 0)
