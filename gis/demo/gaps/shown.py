"""The gaps that show by day: those whom no station reaches, why, and what would cure each."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import csr_array

from gis.demo.gaps.crossing import Sides, barriers, link, sides
from gis.demo.gaps.plan import Cure, Gap, Plan
from gis.demo.ground import LIMIT_CM, Bool, Costs, Float, Ground, Int, costs, only
from gis.demo.pieces import HIGH, LOW, islands
from gis.demo.stations.placing import matrix
from gis.errors import Infeasible

STRAIGHT_M, DETOUR = 700.0, 1.5  # nearer to a station, and walking longer: this is a detour
BEYOND_M = 500.0  # a station nearer than this is near, though out of reach
BARRIERS = ("river", "railway", "wall")  # the first that is in the way is the reason
LONG_CM = 300_000
PLANNED = 50.0  # buildings


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What is known of those left out: stations, costs, and whom a cure had better not serve."""

    town: Ground
    spot: Int
    cost: Costs
    reach: csr_array
    watched: Int  # those left out, and those with one station only
    worth: Float  # of leaving a building unserved: the same for every gap, planned ones count more
    walked: Int
    sides: Sides


def explained(plan: Plan, cost: Costs, few: Bool, spot: Int) -> Plan:
    """Record all buildings that the stations at some spots leave out, in gaps with a cure each.

    Whoever lives in a gap that the cures of others would end joins one of those.

    Parameters
    ----------
    cost
        From some buildings to all spots.
    few
        (n_building,) those buildings: all with households that reach fewer than two stations, or
        have a gap.

    Raises
    ------
    Infeasible
        No place for a station is near enough to some building.
    """
    town = plan.town
    count = np.where(few, cost.count(spot), 2)
    left = Left(
        town,
        spot,
        cost,
        matrix(cost, LIMIT_CM),
        np.flatnonzero(count < 2),
        _worth(plan, cost, few, spot),
        walked_costs(town, spot, plan.shut()),
        sides(town, spot, plan.shut()),
    )
    out = np.setdiff1d(np.flatnonzero(count == 0), plan.taken())
    gaps = [_gap(left, rows) for rows in islands(town.xy, out)]
    for gap, _ in _distinct(left, gaps):
        plan = plan.with_gap(gap)
    return plan


def _worth(plan: Plan, cost: Costs, few: Bool, spot: Int) -> Float:
    """Return what it is worth to leave each building unserved by the cures of others.

    Those left out count one each; all those whom one station serves alone, or one shut gate keeps
    out, count ``PLANNED`` together.
    """
    count, nearest = cost.count(spot), cost.nearest(spot)[1]
    one = [np.flatnonzero(few & (count == 1) & (nearest == k)) for k in range(len(spot))]
    worth = (few & (count == 0)).astype(np.float64)
    for rows in [*one, *(np.array(gap.building) for gap in plan.gaps)]:
        if LOW <= plan.town.households[rows].sum() <= HIGH:
            worth[rows] = PLANNED / len(rows)
    return np.asarray(np.round(worth, 6))


Cured = tuple[Gap, Bool]  # a gap, and which buildings its cure serves


def _gap(left: Left, rows: Int) -> Cured:
    """Return a gap of one piece: cured by a link if people walk a detour, else by a station.

    A detour that no link shortens is just too far, unless a station is near beyond a barrier.
    """
    kind, away, facts = _reason(left, rows)
    found = None if kind == "too_far" else link(left.sides, rows, left.watched)
    if found is None:
        return _by_station(left, rows, kind if away < BEYOND_M else "too_far", facts)
    served = np.zeros(len(left.town.households), dtype=bool)
    served[found.served] = True
    cure = Cure("crossing", ways=(found.line,))
    return Gap(f"detour_{found.kind}", tuple(rows.tolist()), facts, cure), served


def _reason(left: Left, rows: Int) -> tuple[str, float, str]:
    """Tell why a piece is left out, and how far [m] its middle is from stations, also in words."""
    town, at = left.town, left.town.spots.xy[left.spot]
    middle = rows[np.argmin(np.hypot(*(town.xy[rows] - town.xy[rows].mean(axis=0)).T))]
    far, walked = np.hypot(*(at - town.xy[middle]).T), left.walked[middle]
    away = float(far.min())
    facts = f"{away:.0f} m straight, {walked / 100:.0f} m walked"
    line = shapely.LineString([town.xy[middle], at[np.argmin(far)]])
    crossed = barriers(town, np.array([line]))[0]
    if (
        away > STRAIGHT_M
        or walked <= DETOUR * 100 * away
        or not any(k in crossed for k in BARRIERS)
    ):
        return "too_far", away, facts
    return f"detour_{next(k for k in BARRIERS if k in crossed)}", away, facts


def _by_station(left: Left, rows: Int, kind: str, facts: str) -> Cured:
    """Return a gap that stations cure: the fewest, and those that serve few others."""
    spots: list[int] = []
    others = left.reach @ left.worth
    rest = rows
    while len(rest):
        hits = left.reach[:, rest].sum(axis=1)
        if not hits.max():
            raise Infeasible("gap_without_cure", count=len(rest))
        spots.append(int(np.argmin(np.where(hits == hits.max(), others, np.inf))))
        rest = rest[~np.isin(rest, left.cost.within(spots[-1]))]
    served = left.cost.count(spots) > 0
    cure = Cure("station", spots=tuple(spots))
    return Gap(kind, tuple(rows.tolist()), facts, cure), np.asarray(served)


def _distinct(left: Left, found: list[Cured]) -> list[Cured]:
    """Join gaps until each has somebody whom no one other's cure would serve."""
    for i, (gap, _) in enumerate(found):
        rows = list(gap.building)
        for j, (_, served) in enumerate(found):
            if i != j and served[rows].all():
                rest = [one for k, one in enumerate(found) if k not in (i, j)]
                return _distinct(left, [*rest, _joined(found[j], gap)])
    return found


def _joined(one: Cured, other: Gap) -> Cured:
    """Return two gaps as one, with the cure of the first, which serves both."""
    rows = sorted((*one[0].building, *other.building))
    return replace(one[0], building=tuple(rows)), one[1]


def walked_costs(town: Ground, spot: Int, shut: Bool) -> Int:
    """Return each building's cost to the nearest of some spots, FAR beyond three kilometres."""
    sizes = len(town.households), len(town.spots.xy)
    place = only(town.spot, spot)
    return costs(town.network, town.building, place, sizes, shut, limit_cm=LONG_CM).nearest(spot)[0]
