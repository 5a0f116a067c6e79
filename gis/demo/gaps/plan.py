"""Gaps, their cures, and the plan that gathers them; which groups are to have no station near."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from gis.content import Content
from gis.demo.ground import DAY, LIMIT_CM, Bool, Costs, Ground, Int, shut_at
from gis.demo.pieces import HIGH, LOW, is_apart
from gis.demo.stations.placing import matrix


@dataclass(frozen=True, slots=True)
class Cure:
    """What ends a gap: new stations, new or restored ways, open gates, or better stations.

    Attributes
    ----------
    word
        station, crossing, gate, map, hours, service or capacity.
    codes
        Gates to be opened day and night; or stations to be open, to offer the service, or to hold
        ``capacity`` households.
    spots
        Rows of the ground's spots where stations are to stand.
    ways
        Lines to be walked on, in degrees; their ends are vertices of the ways they meet.
    """

    word: str
    codes: tuple[str, ...] = ()
    spots: tuple[int, ...] = ()
    ways: tuple[shapely.LineString, ...] = ()
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows of buildings that are not served under a condition, why, and what would cure it."""

    kind: str
    building: tuple[int, ...]
    cause: str
    cure: Cure
    minute: int | None = None
    service: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the gap is there by day, for any service, however full the stations."""
        return self.kind not in ("hours", "service", "full")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The gaps so far, in a town whose buildings come in groups (their units)."""

    town: Ground
    group: Int
    gaps: tuple[Gap, ...] = ()

    def with_gap(self, gap: Gap) -> "Plan":
        """Return the plan and one more gap."""
        return replace(self, gaps=(*self.gaps, gap))

    def with_content(self, content: Content) -> "Plan":
        """Return the plan in a town of which only hours have changed."""
        return replace(self, town=replace(self.town, content=content))

    def shut(self) -> Bool:
        """Return which gates are shut by day."""
        return shut_at(self.town.content.gate["hours"], DAY)

    def taken(self) -> Int:
        """Return the rows of the buildings of all gaps, ascending."""
        rows = sorted({row for gap in self.gaps for row in gap.building})
        return np.array(rows, dtype=np.int64)

    def fits(self, lost: Int) -> bool:
        """Tell whether buildings, perhaps in several pieces, make a gap: not too big, apart."""
        town = self.town
        held = town.households[lost].sum()
        return bool(LOW <= held <= HIGH) and is_apart(town.xy, lost, self.taken())


def closed_spots(plan: Plan, cost: Costs, want: int) -> Bool:
    """Choose groups that are to have no station in reach; return the spots where one may stand.

    The groups with the fewest spots in reach come first: the edge of town. A group is left out if
    others, not of its piece, would lose their last spot with it.
    """
    reach = matrix(cost, LIMIT_CM)  # (n_spot, n_building)
    free = np.ones(reach.shape[0], dtype=bool)
    start = len(plan.gaps)
    for rows in groups(plan, reach.sum(axis=0)):
        if len(plan.gaps) == start + want:
            break
        after = free & ~(reach[:, rows].sum(axis=1) > 0)
        lost = np.flatnonzero((reach.T @ after == 0) & (reach.T @ free > 0))
        if plan.fits(lost):
            free, plan = after, plan.with_gap(Gap("open", tuple(lost.tolist()), "", Cure("")))
    return free


def groups(plan: Plan, order_by: Int) -> list[Int]:
    """Return the rows of each group with households, those with the lowest value first."""
    rows = np.flatnonzero(plan.town.households > 0)
    frame = pd.DataFrame({"row": rows, "group": plan.group[rows], "by": order_by[rows]})
    least = frame.groupby("group")["by"].max().sort_values(kind="stable")
    of = frame.groupby("group")["row"]
    return [of.get_group(group).to_numpy() for group in least.index]
