"""What a part must hold, and what a partition costs."""

from dataclasses import dataclass

import numpy as np

from .seams import Floats, Graph, Ints

HOUSEHOLD = 1e7  # cost of one household too many or too few: above any border
UNEVEN = 6_600.0  # cost [m] of a part that is 100 % off its aim, per share
METRE = 100.0  # cost units of ``Graph.cost`` in a metre


@dataclass(frozen=True, slots=True)
class Goal:
    """Bounds and aim [households] of one share, and how far off a part may be at no cost [-]."""

    low: float
    high: float
    aim: float
    free: float

    def excess(self, weight: Ints | Floats, share: Ints | Floats) -> Floats:
        """Return by how many households parts of some shares are out of bounds."""
        short = np.ceil(self.low * share - 1e-9) - weight
        over = weight - np.floor(self.high * share + 1e-9)
        return np.asarray(np.maximum(np.maximum(short, over), 0.0), dtype=np.float64)

    def cost(self, weight: Ints | Floats, share: Ints | Floats) -> Floats:
        """Return the cost of parts of some shares for their households."""
        off = np.abs(weight / (self.aim * share) - 1)
        uneven = UNEVEN * np.maximum(off - self.free, 0) * np.sqrt(share)
        return HOUSEHOLD * self.excess(weight, share) + uneven


def border(graph: Graph, part: Ints) -> float:
    """Return the cost of all borders between parts [m of cost 1]."""
    return float(graph.cost[part[graph.a] != part[graph.b]].sum()) / METRE


def total(graph: Graph, part: Ints, share: Ints, goal: Goal) -> float:
    """Return the cost of a partition: its borders, its households, its pulls."""
    weight = np.bincount(part, graph.weight, len(share))
    cost = border(graph, part) + float(goal.cost(weight, share).sum())
    return cost + (0.0 if graph.pull is None else float(pulled(graph, part).sum()))


def pulled(graph: Graph, part: Ints) -> Floats:
    """Return what it costs each unit to be in its part."""
    assert graph.pull is not None
    return np.asarray(graph.pull[np.arange(len(graph)), part])


def excess(graph: Graph, part: Ints, share: Ints, goal: Goal) -> Floats:
    """Return by how many households each part is out of bounds."""
    return goal.excess(np.bincount(part, graph.weight, len(share)), share)
