"""Gaps, their cures, and the plan that gathers them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from gis.content import Content
from gis.demo.ground import DAY, Bool, Ground, Int, shut_at
from gis.demo.pieces import APART_M, HIGH, LINK_M, LOW, is_apart, islands


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

    @property
    def condition(self) -> tuple[str, int | None, str | None]:
        """Under what it shows: the same for all gaps that show by day."""
        return "" if self.is_shown else self.kind, self.minute, self.service


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

    def suits(self, lost: Int, least_m: float = APART_M) -> bool:
        """Tell whether buildings of one place make a gap: of the right size, apart from others."""
        town = self.town
        held = town.households[lost].sum()
        return bool(LOW <= held <= HIGH) and is_apart(town.xy, lost, self.taken(), least_m)

    def fits(self, lost: Int, least_m: float = APART_M) -> bool:
        """Tell whether buildings make a gap: they suit, and lie in one piece."""
        return self.suits(lost, least_m) and len(islands(self.town.xy, lost, LINK_M)) == 1


def groups(plan: Plan, order_by: Int) -> list[Int]:
    """Return the rows of each group with households, those with the lowest value first."""
    rows = np.flatnonzero(plan.town.households > 0)
    frame = pd.DataFrame({"row": rows, "group": plan.group[rows], "by": order_by[rows]})
    least = frame.groupby("group")["by"].max().sort_values(kind="stable")
    of = frame.groupby("group")["row"]
    return [of.get_group(group).to_numpy() for group in least.index]
