"""Gaps of a condition: an hour, a service, a shut gate, a full station, no gate on the map."""

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from gis.content import Content
from gis.demo.gaps.plan import LONG_CM, Gap, Plan, groups, islands, walked_costs
from gis.demo.ground import DAY, LIMIT_CM, Bool, Costs, Ground, Int, costs, select, shut_at
from gis.demo.stations.offers import EVENING, loads

FEW = 7  # stations at most that are changed for one gap
CLOSING = "Mo-Su 08:30-18:00"
NEAREST_CM = 50_000  # a shut gate is worth a try where stations are farther than this


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
    for rows in groups(plan, cost.count(stations["spot"].to_numpy())):
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
    best, _ = walked_costs(town, order)
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
