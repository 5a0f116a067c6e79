"""Balanced, connected partitions of units: N parts with households in bounds, borders on roads.

Pure: units and seams in, the part of each unit out. The same seed gives the same parts whatever
the order of units and seams.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.errors import Infeasible

from .bisection import bisect
from .chokes import allot, check, choke
from .flips import flip
from .goal import HOUSEHOLD, Goal, border, excess, total
from .recombine import recombine
from .seams import BARRIERS, COST, Floats, Graph, Ints, graph, tied

__all__ = ["BARRIERS", "COST", "Graph", "border", "divide", "graph", "propose", "tied"]

TRIES = 4
ROUNDS = 6  # of recombination


def propose(
    code: Sequence[str],
    households: Ints,
    seam: pd.DataFrame,
    share: Sequence[int] | int,
    low: float,
    high: float,
    seed: int,
    pull: Floats | None = None,
    starts: int = 1,
) -> Ints:
    """Partition units into connected parts with bounded households and cheap borders.

    Recursive bisection of random spanning trees, then new cuts of pairs of neighbours (ReCom),
    then moves of single units. Borders prefer what parts people anyway (``COST`` per metre);
    seams that are a barrier cost little as borders and hold no part together. Households are
    held to the bounds at the end, not at each cut.

    Parameters
    ----------
    code
        Codes of the units, unique.
    households
        (n_unit,) households.
    seam
        unit_a, unit_b (codes), length_m [m], kind, and barrier (bool) if it is not to follow
        from the kind (river, railway).
    share
        How much each part is to hold, relative to the others; or the number of equal parts.
    low, high
        Least and most households of one share.
    pull
        (n_unit, n_part) cost of having a unit in a part, in metres of border of cost 1.
    starts
        Partitions to choose the cheapest from.

    Returns
    -------
    (n_unit,) the part of each unit, a position in ``share``, in the order of ``code``.

    Raises
    ------
    Infeasible
        There is no such partition, or none was found; the text names the unit, the choke or the
        island that stands in the way.
    BadInput
        A seam names a unit that is not there.
    """
    whole, rows = graph(code, households, seam, pull)
    result = np.empty(len(whole), dtype=np.int64)
    result[rows] = divide(whole, share, low, high, seed, starts)
    return result


def divide(
    whole: Graph,
    share: Sequence[int] | int,
    low: float,
    high: float,
    seed: int,
    starts: int = 1,
) -> Ints:
    """Partition a graph as ``propose`` does, and return the part of each of its units.

    Raises
    ------
    Infeasible
        As ``propose``.
    """
    shares = np.array([1] * share if isinstance(share, int) else share, dtype=np.int64)
    aim = max(float(whole.weight.sum()) / int(shares.sum()), 1e-9)
    goal = Goal(low, high, aim, max(min(high / aim - 1, 1 - low / aim), 0.0) / 2)
    check(whole, shares, goal)
    part = np.zeros(len(whole), dtype=np.int64)
    for nodes, parts in allot(whole, shares, goal):
        here = whole.part(nodes).only(parts)
        part[nodes] = parts[_connected(here, shares[parts], goal, seed, starts)]
    return part


def _connected(here: Graph, share: Ints, goal: Goal, seed: int, starts: int) -> Ints:
    """Return the cheapest of the first ``starts`` partitions that fit.

    Raises
    ------
    Infeasible
        None fits, of ``TRIES`` more than that.
    """
    if len(share) == 1:
        return np.zeros(len(here), dtype=np.int64)
    found: list[tuple[float, int, Ints]] = []
    n_fit = 0
    for attempt in range(starts + TRIES):
        part = _once(here, share, goal, seed, attempt)
        missed = float(excess(here, part, share, goal).sum())
        found.append((HOUSEHOLD * missed + total(here, part, share, goal), attempt, part))
        n_fit += not missed
        if n_fit == starts:
            break
    part = min(found, key=lambda row: row[:2])[2]
    if n_fit:
        return part
    raise Infeasible(choke(here, share, goal) or _worst(here, part, share, goal))


def _once(here: Graph, share: Ints, goal: Goal, seed: int, attempt: int) -> Ints:
    draw = np.random.Generator(np.random.Philox(key=[seed, attempt]))
    part = bisect(here, share, goal, draw)
    part = recombine(here, part, share, goal, draw, ROUNDS)
    return flip(here, part, share, goal)


def _worst(here: Graph, part: Ints, share: Ints, goal: Goal) -> str:
    worst = int(np.argmax(excess(here, part, share, goal)))
    units = np.flatnonzero(part == worst)
    held = int(here.weight[units].sum())
    bounds = f"{goal.low * int(share[worst]):.0f} to {goal.high * int(share[worst]):.0f}"
    return (
        f"no partition was found in {TRIES} attempts: the part around unit "
        f"{here.code[int(units[0])]} keeps {held} households and should hold {bounds}. "
        "Split large units there, or widen the bounds."
    )
