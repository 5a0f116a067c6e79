"""The rule of an exact tiling, and where it is broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .edges import Edges, Mask, Point, Shape, count, directed

TWICE = "two areas lie on the same side of this segment: they overlap"
ALONE = "no neighbour has this segment, and the parent's outline has not either"
FOLDED = "the area touches itself along this segment"
INSIDE = "two areas meet along this segment of the parent's outline: one lies outside"
MISSING = "this segment of the parent's outline belongs to no area"


@dataclass(frozen=True, slots=True)
class Fault:
    """One segment that breaks the tiling rule, directed as in its area (inside on the left).

    ``area`` is a position in the children; None if it is the parent that has the segment.
    """

    start: Point
    end: Point
    area: int | None
    reason: str

    @property
    def place(self) -> Point:
        """The middle of the segment, in the order of the coordinates (lon lat)."""
        return ((self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2)


def faults(parent: Shape, children: Sequence[Shape]) -> list[Fault]:
    """Return where children fail to tile their parent exactly; an empty list if they do.

    The rule: each directed boundary segment of a child (shells counter-clockwise, holes
    clockwise) occurs once, and then either reversed in a sibling or once along the parent's
    outline, all of which must be there. Where it holds, the children's indicator functions
    minus the parent's have no boundary, so they add up to it: no gap, no overlap.

    Returns
    -------
    The offending segments, ordered by their points.
    """
    shapes = [*children, parent]
    edges = directed(shapes, np.arange(len(shapes)))
    child = edges.owner < len(children)
    key, reverse = edges.key(), edges.reverse()
    inside, outline = np.sort(key[child]), np.sort(key[~child])
    met, rim = count(inside, reverse) > 0, count(outline, key)
    own = np.isin(edges.owned(reverse), edges.owned(key))
    checks = [
        (TWICE, child & (count(inside, key) > 1)),
        (FOLDED, child & own),
        (ALONE, child & ~met & (rim != 1)),
        (INSIDE, child & met & (rim + count(outline, reverse) > 0)),
        (MISSING, ~child & (count(inside, key) == 0)),
    ]
    found = [fault for reason, where in checks for fault in _faults(edges, where, child, reason)]
    return sorted(found, key=lambda fault: (fault.start, fault.end, fault.reason, fault.area or 0))


def _faults(edges: Edges, where: Mask, child: Mask, reason: str) -> Iterator[Fault]:
    for i in np.flatnonzero(where).tolist():
        yield Fault(*edges.ends(i), int(edges.owner[i]) if child[i] else None, reason)
