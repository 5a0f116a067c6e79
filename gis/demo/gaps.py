"""Gaps in service, planted in a sample district and recorded with their cause. Pure.

Some groups of buildings are to reach no station: the spots they reach are closed to stations
before these are placed. Others lose theirs at one hour or for one service, find the only one full,
or have no gate on the map. `prove` counts every recorded gap again.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from gis.content import Content
from gis.demo.ground import DAY, LIMIT_CM, Bool, Costs, Ground, Int, costs, select, shut_at
from gis.demo.spots import project
from gis.demo.stations.offers import EVENING, loads
from gis.demo.stations.placing import matrix
from gis.errors import Infeasible

LOW, HIGH = 15, 300  # households of a gap
APART_M = 60.0  # buildings of one gap are nearer than this to another of it, of two gaps farther
FEW = 7  # stations at most that are changed for one gap
CLOSING = "Mo-Su 08:30-18:00"
STRAIGHT_M, LONG_CM = 700.0, 300_000
DETOUR = 1.5
NEAREST_CM = 50_000  # a shut gate is worth a try where stations are farther than this
SHOWN = ("too_far", "detour_river", "detour_railway", "detour_wall", "gate", "unconnected")


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
    for rows in _groups(plan, reach.sum(axis=0)):
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
    walked = _walked(plan.town, spot)
    for rows in islands(plan.town, out):
        cause, kind = _reason(plan.town, rows, spot, walked)
        town = town.with_gap(
            Gap(kind, tuple(rows.tolist()), cause, _new_station(plan.town, cost, rows))
        )
    return town


def replace_gaps(plan: Plan) -> Plan:
    """Return the plan without its gaps."""
    return replace(plan, gaps=())


def _groups(plan: Plan, order_by: Int) -> list[Int]:
    """Return the rows of each group with households, those with the lowest value first."""
    rows = np.flatnonzero(plan.town.households > 0)
    frame = pd.DataFrame({"row": rows, "group": plan.group[rows], "by": order_by[rows]})
    least = frame.groupby("group")["by"].max().sort_values(kind="stable")
    of = frame.groupby("group")["row"]
    return [of.get_group(group).to_numpy() for group in least.index]


def _walked(town: Ground, spot: Int) -> tuple[Int, Int]:
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


def stripped(
    plan: Plan,
    cost: Costs,
    stations: pd.DataFrame,
    kind: str,
    want: int,
    service: str | None = None,
) -> tuple[Plan, pd.DataFrame]:
    """Plant gaps at an hour (kind ``hours``) or for a service: change the few stations in reach."""
    made, stations = 0, stations.copy()
    minute = EVENING if kind == "hours" else None
    for rows in _groups(plan, cost.count(stations["spot"].to_numpy())):
        if made == want:
            break
        on = _counts(stations, kind, service)
        here = [
            k for k in np.flatnonzero(on) if np.isin(cost.within(stations["spot"][k]), rows).any()
        ]
        before, left = cost.count(stations["spot"][on]), on.copy()
        left[here] = False
        lost = np.flatnonzero((before > 0) & (cost.count(stations["spot"][left]) == 0))
        lost = lost[plan.town.households[lost] > 0]
        after = _with_pieces(
            plan, lost, Gap(kind, (), " ".join(stations["code"][here]), kind, minute, service)
        )
        if not 0 < len(here) <= FEW or after is None:
            continue
        plan, made = after, made + 1
        for k in here:
            _change(stations, int(k), kind, service)
    return plan, stations


def _with_pieces(plan: Plan, lost: Int, like: Gap) -> Plan | None:
    """Return the plan with a gap for each piece of some buildings; None if one does not fit."""
    pieces = islands(plan.town, lost)
    for piece in pieces:
        if not plan.fits(piece):
            return None
        plan = plan.with_gap(replace(like, building=tuple(piece.tolist())))
    return plan if pieces else None


def _counts(stations: pd.DataFrame, kind: str, service: str | None) -> Bool:
    """Tell which stations count under the condition of a kind."""
    is_open = (stations["state"] == "open").to_numpy()
    if kind == "hours":
        return np.asarray(is_open & ~shut_at(stations["hours"], EVENING))
    return np.asarray(is_open & np.array([service in one for one in stations["services"]]))


def _change(stations: pd.DataFrame, row: int, kind: str, service: str | None) -> None:
    if kind == "hours":
        stations.loc[row, "hours"] = CLOSING
    else:
        stations.at[row, "services"] = [s for s in stations.at[row, "services"] if s != service]


def shut_in(plan: Plan, stations: pd.DataFrame, want: int) -> tuple[Plan, Content]:
    """Plant gaps of kind ``gate``: compounds with two open gates or more lose the near one."""
    town, content = plan.town, plan.town.content
    order = np.sort(stations["spot"][stations["state"] == "open"])
    hours = content.gate["hours"].copy()
    best, _ = _walked(town, order)
    for code, homes in sorted(content.building.groupby("compound").indices.items()):
        rows = np.sort(homes[(town.households[homes] > 0) & (best[homes] <= LIMIT_CM)])
        gates = np.flatnonzero((content.gate["compound"] == code) & ~shut_at(hours, DAY))
        for gate in gates if len(rows) and best[rows].max() > NEAREST_CM and want else ():
            lost = _cut_off(town, rows, order, shut_at(hours, DAY), int(gate))
            if len(lost) and plan.fits(lost):
                hours.iloc[gate] = "off"
                name = str(content.gate["code"].iloc[gate])
                gap = Gap("gate", tuple(lost.tolist()), name, f"gate {name} open")
                plan, want = plan.with_gap(gap), want - 1
                break
    return plan, replace(content, gate=content.gate.assign(hours=hours))


def _cut_off(town: Ground, rows: Int, order: Int, shut: Bool, gate: int) -> Int:
    """Return which of a compound's buildings a shut gate takes out of reach, not off the net."""
    after = shut.copy()
    after[gate] = True
    sizes = len(rows), len(order)
    homes, places = select(town.building, rows), select(town.spot, order)
    far = costs(town.network, homes, places, sizes, after, limit_cm=LONG_CM)
    cost, _ = far.nearest(np.arange(len(order)))
    return rows[cost > LIMIT_CM] if (cost <= LONG_CM).all() else rows[:0]


def crowded(
    plan: Plan, cost: Costs, stations: pd.DataFrame, want: int
) -> tuple[Plan, pd.DataFrame]:
    """Plant gaps of kind ``full``: the only station in reach holds 0.7 of those nearest to it."""
    stations = stations.copy()
    standing = np.flatnonzero(stations["state"] == "open")
    spot = stations["spot"].to_numpy()[standing]
    load, count = loads(plan.town, cost, spot), cost.count(spot)
    for k, row in enumerate(standing):
        here = cost.within(spot[k])
        alone = here[(count[here] == 1) & (plan.town.households[here] > 0)].astype(np.int64)
        pieces = [p for p in islands(plan.town, np.sort(alone)) if plan.fits(p)]
        if not want or not pieces:
            continue
        code = stations["code"][row]
        stations.loc[row, "capacity"] = int(0.7 * load[k])
        gap = Gap("full", tuple(pieces[0].tolist()), code, f"capacity of {code}")
        plan, want = plan.with_gap(gap), want - 1
    return plan, stations


def walled_in(plan: Plan, town: Content, want: int) -> tuple[Plan, Content]:
    """Plant gaps of kind ``unconnected``: compounds whose gates are not on the map."""
    gone: list[str] = []
    for code, homes in sorted(town.building.groupby("compound").indices.items()):
        rows = homes[plan.town.households[homes] > 0]
        if len(gone) == want:
            break
        if len(rows) and plan.fits(np.sort(rows)):
            gone.append(str(code))
            gates = " ".join(town.gate["code"][town.gate["compound"] == code])
            gap = Gap("unconnected", tuple(np.sort(rows).tolist()), str(code), f"gates {gates}")
            plan = plan.with_gap(gap)
    away = town.gate["compound"].isin(gone)
    at = shapely.union_all(town.gate.geometry[away].to_numpy())
    kept = town.way[~shapely.intersects(town.way.geometry.to_numpy(), at)]
    return plan, replace(town, gate=town.gate[~away], way=kept)


def prove(plan: Plan, town: Ground, stations: pd.DataFrame) -> pd.DataFrame:
    """Count every gap again in the finished town, and return the record of the gaps.

    Raises
    ------
    Infeasible
        A recorded gap is served after all, or would not be but for its condition.
    """
    standing = stations[stations["state"] == "open"].sort_values("spot")
    spot = standing["spot"].to_numpy()
    shut = shut_at(town.content.gate["hours"], DAY)
    sizes = len(town.households), len(spot)
    cost = costs(town.network, town.building, select(town.spot, spot), sizes, shut)
    everyone = cost.count(np.arange(len(spot)))
    shown = [row for gap in plan.gaps if gap.kind in SHOWN for row in gap.building]
    missed = np.flatnonzero((everyone == 0) & (town.households > 0))
    if sorted(shown) != missed.tolist():
        raise Infeasible("gap_not_recorded", count=len(set(missed) ^ set(shown)))
    for gap in plan.gaps:
        on = np.ones(len(spot), dtype=bool)
        if gap.minute is not None:
            on = ~shut_at(standing["hours"], gap.minute)
        if gap.service is not None:
            on = np.array([gap.service in one for one in standing["services"]])
        rows = list(gap.building)
        served = cost.count(np.flatnonzero(on))[rows] > 0
        conditional = gap.minute is not None or gap.service is not None or gap.kind == "full"
        if (served.any() and gap.kind != "full") or (conditional and not everyone[rows].all()):
            raise Infeasible("gap_not_proved", kind=gap.kind, cause=gap.cause)
    return _record(plan)


def _record(plan: Plan) -> pd.DataFrame:
    code = plan.town.content.building["code"].to_numpy()
    rows = [
        {
            "number": number,
            "kind": gap.kind,
            "households": int(plan.town.households[list(gap.building)].sum()),
            "cause": gap.cause,
            "cure": gap.cure,
            "minute": gap.minute,
            "service": gap.service,
            "buildings": " ".join(code[list(gap.building)]),
        }
        for number, gap in enumerate(plan.gaps, 1)
    ]
    return pd.DataFrame(rows)
