"""Gaps and the plan that gathers them: where no station is to stand, why people are left out."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from gis.demo.ground import DAY, LIMIT_CM, Bool, Costs, Ground, Int, costs, select, shut_at
from gis.demo.spots import project
from gis.demo.stations.placing import matrix

LOW, HIGH = 15, 300  # households of a gap
APART_M = 60.0  # buildings of one gap are nearer than this to another of it, of two gaps farther
STRAIGHT_M, LONG_CM = 700.0, 300_000
DETOUR = 1.5


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows of buildings that are not served under a condition, why, and what would cure it."""

    kind: str
    building: tuple[int, ...]
    cause: str
    cure: str
    minute: int | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The gaps so far, in a town whose buildings come in groups (their units)."""

    town: Ground
    group: Int
    gaps: tuple[Gap, ...] = ()

    def with_gap(self, gap: Gap) -> "Plan":
        """Return the plan and one more gap."""
        return replace(self, gaps=(*self.gaps, gap))

    def fits(self, lost: Int) -> bool:
        """Tell whether buildings make a gap: of the right size, in one piece, away from others."""
        if not LOW <= self.town.households[lost].sum() <= HIGH:
            return False
        taken = sorted({row for gap in self.gaps for row in gap.building})
        xy = self.town.xy
        if taken and KDTree(xy[taken]).query(xy[lost])[0].min() < APART_M:
            return False
        return len(islands(self.town, lost)) == 1


def islands(town: Ground, rows: Int) -> list[Int]:
    """Return rows of buildings in pieces, each building near another of its piece."""
    if not len(rows):
        return []
    pairs = KDTree(town.xy[rows]).query_pairs(APART_M, output_type="ndarray")
    ones = np.ones(len(pairs), dtype=np.int8)
    near = csr_array((ones, pairs.T), shape=(len(rows), len(rows)))
    number, label = connected_components(near, directed=False)
    return [rows[label == k] for k in range(number)]


def closed_spots(plan: Plan, cost: Costs, want: int) -> tuple[Plan, Bool]:
    """Choose groups that are to have no station in reach; return them and the spots to leave free.

    The groups with the fewest spots in reach come first: the edge of town. A group is left out if
    others, not of its piece, would lose their last spot with it.
    """
    reach = matrix(cost, LIMIT_CM)  # (n_spot, n_building)
    free = np.ones(reach.shape[0], dtype=bool)
    found = plan
    for rows in groups(plan, reach.sum(axis=0)):
        if len(found.gaps) == want:
            break
        after = free & ~(reach[:, rows].sum(axis=1) > 0)
        lost = np.flatnonzero((reach.T @ after == 0) & (reach.T @ free > 0))
        if found.fits(lost):
            free, found = after, found.with_gap(Gap("open", tuple(lost.tolist()), "", ""))
    return found, free


def explained(plan: Plan, cost: Costs, spot: Int) -> Plan:
    """Record every piece of buildings that the stations at some spots leave out, and why."""
    town = replace_gaps(plan)
    out = np.flatnonzero((cost.count(spot) == 0) & (plan.town.households > 0))
    walked = walked_costs(plan.town, spot)
    for rows in islands(plan.town, out):
        cause, kind = _reason(plan.town, rows, spot, walked)
        town = town.with_gap(
            Gap(kind, tuple(rows.tolist()), cause, _new_station(plan.town, cost, rows))
        )
    return town


def replace_gaps(plan: Plan) -> Plan:
    """Return the plan without its gaps."""
    return replace(plan, gaps=())


def groups(plan: Plan, order_by: Int) -> list[Int]:
    """Return the rows of each group with households, those with the lowest value first."""
    rows = np.flatnonzero(plan.town.households > 0)
    frame = pd.DataFrame({"row": rows, "group": plan.group[rows], "by": order_by[rows]})
    least = frame.groupby("group")["by"].max().sort_values(kind="stable")
    of = frame.groupby("group")["row"]
    return [of.get_group(group).to_numpy() for group in least.index]


def walked_costs(town: Ground, spot: Int) -> tuple[Int, Int]:
    """Return each building's cost to the nearest of some spots by day, and which it is."""
    order = np.sort(spot)
    shut = shut_at(town.content.gate["hours"], DAY)
    sizes = len(town.households), len(order)
    far = costs(
        town.network, town.building, select(town.spot, order), sizes, shut, limit_cm=LONG_CM
    )
    return far.nearest(np.arange(len(order)))


def _reason(town: Ground, rows: Int, spot: Int, walked: tuple[Int, Int]) -> tuple[str, str]:
    """Tell what lies between a piece and the station nearest as the crow flies."""
    at = town.spots.xy[spot]
    middle = rows[np.argmin(np.hypot(*(town.xy[rows] - town.xy[rows].mean(axis=0)).T))]
    away = np.hypot(*(at - town.xy[middle]).T)
    line = shapely.LineString([town.xy[middle], at[np.argmin(away)]])
    water = project(town.content.water.geometry.to_numpy(), town.plane)
    barrier = town.content.barrier
    shape = project(barrier.geometry.to_numpy(), town.plane)
    facts = f"{away.min():.0f} m straight, {walked[0][middle] / 100:.0f} m walked"
    if away.min() <= STRAIGHT_M and walked[0][middle] > DETOUR * 100 * away.min():
        if shapely.intersects(water, line).any():
            return facts, "detour_river"
        crossed = barrier["kind"][shapely.intersects(shape, line)].tolist()
        if crossed:
            return facts, "detour_railway" if "railway" in crossed else "detour_wall"
    return facts, "too_far"


def _new_station(town: Ground, cost: Costs, rows: Int) -> str:
    reach = matrix(cost, LIMIT_CM)[:, rows].sum(axis=1)
    x, y = town.spots.xy[int(np.argmax(reach))]
    return f"station at {x:.0f}, {y:.0f} for {int(reach.max())} of {len(rows)} buildings"
