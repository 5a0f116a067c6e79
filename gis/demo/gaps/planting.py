"""Gaps that are planted in walls: no gate on the map, a shut gate."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from gis.content import Content
from gis.demo.gaps.plan import Cure, Gap, Plan
from gis.demo.gaps.shown import LONG_CM
from gis.demo.ground import (
    DAY,
    LIMIT_CM,
    Bool,
    Float,
    Int,
    costs,
    homes,
    only,
    select,
    shut_at,
)
from gis.demo.pieces import HIGH, LOW, is_apart, islands

WALLED_M = 350.0  # between two compounds whose gates are not on the map
NEAREST_CM = 50_000  # a shut gate is worth a try where stations are farther than this


def walled_in(content: Content, xy: Float, want: int) -> tuple[Content, tuple[Gap, ...]]:
    """Take the gates of some compounds off the map, and the ways through them.

    The cure of such a gap brings back the ways through the gates that are open by day.

    Parameters
    ----------
    xy
        (n_building, 2) points on the buildings, in the order of their codes.
    """
    households = content.building.sort_values("code")["households"].to_numpy()
    shut = pd.Series(shut_at(content.gate["hours"], DAY), content.gate.index)
    gaps: list[Gap] = []
    away = np.hypot(*(xy - np.average(xy, axis=0, weights=households)).T)
    central = away < np.median(np.repeat(away, households))
    for code, rows in homes(content):
        gates = content.gate["compound"] == code
        ways = _through(content, gates & ~shut)
        taken = np.array([row for gap in gaps for row in gap.building], dtype=np.int64)
        if len(gaps) == want:
            break
        if (
            LOW <= households[rows].sum() <= HIGH
            and central[rows].all()
            and len(ways)
            and len(islands(xy, rows)) == 1
            and is_apart(xy, rows, taken, WALLED_M)
        ):
            cure = Cure("map", ways=tuple(ways.geometry))
            gaps.append(Gap("unconnected", tuple(rows.tolist()), code, cure))
    away = content.gate["compound"].isin([gap.cause for gap in gaps])
    kept = content.way.drop(_through(content, away).index)
    return replace(content, gate=content.gate[~away], way=kept), tuple(gaps)


def _through(content: Content, gates: pd.Series) -> pd.DataFrame:
    """Return the ways that touch some gates."""
    at = shapely.union_all(content.gate.geometry[gates].to_numpy())
    return content.way[shapely.intersects(content.way.geometry.to_numpy(), at)]


def shut_in(plan: Plan, spot: Int, want: int) -> Plan:
    """Plant gaps of kind ``gate``: compounds lose the gates on the stations' side.

    Parameters
    ----------
    spot
        Where stations stand.
    want
        How many compounds lose gates, at most.
    """
    best = _nearest(plan, spot)
    out = (best > LIMIT_CM) & (plan.town.households > 0)
    for code, rows in homes(plan.town.content):
        gate = plan.town.content.gate
        gates = np.flatnonzero((gate["compound"] == code) & ~plan.shut())
        rows = rows[best[rows] <= LIMIT_CM]
        if want and len(gates) > 1 and best[rows].max(initial=0) > NEAREST_CM:
            after, now = _without(plan, code, rows, spot, gates, out)
            want, plan, out = want - (after is not plan), after, now
    return plan


def _without(
    plan: Plan, code: str, rows: Int, spot: Int, gates: Int, out: Bool
) -> tuple[Plan, Bool]:
    """Shut some of a compound's gates, if that makes a gap; also tell who is out of reach then."""
    town, gate = plan.town, plan.town.content.gate
    for some in some_of(gates):
        lost = _cut_off(plan, rows, spot, some)
        if not plan.suits(lost) or not is_apart(town.xy, lost, np.flatnonzero(out)):
            continue
        after = plan.with_content(replace(town.content, gate=_off(gate, some)))
        now = (_nearest(after, spot) > LIMIT_CM) & (town.households > 0)
        if np.array_equal(np.flatnonzero(now & ~out), lost):
            cure = Cure("gate", tuple(gate["code"].iloc[some]))
            return after.with_gap(Gap("gate", tuple(lost.tolist()), code, cure)), now
    return plan, out


def _nearest(plan: Plan, spot: Int) -> Int:
    """Return each building's cost to the nearest of some spots, FAR beyond the limit."""
    town = plan.town
    sizes, place = (len(town.households), len(town.spots.xy)), only(town.spot, spot)
    return costs(town.network, town.building, place, sizes, plan.shut()).nearest(spot)[0]


def some_of(gates: Int) -> Iterator[Int]:
    """Yield gates to be shut: each alone, then all but one."""
    yield from gates.reshape(-1, 1)
    if len(gates) > 2:
        yield from (np.delete(gates, k) for k in range(len(gates)))


def _off(gate: pd.DataFrame, rows: Int) -> pd.DataFrame:
    hours = gate["hours"].copy()
    hours.iloc[rows] = "off"
    return gate.assign(hours=hours)


def _cut_off(plan: Plan, rows: Int, spot: Int, gates: Int) -> Int:
    """Return which of a compound's buildings shut gates take out of reach, not off the net."""
    shut: Bool = plan.shut()
    shut[gates] = True
    town = plan.town
    sizes = len(rows), len(town.spots.xy)
    access, place = select(town.building, rows), only(town.spot, spot)
    far = costs(town.network, access, place, sizes, shut, limit_cm=LONG_CM)
    cost, _ = far.nearest(spot)
    return rows[cost > LIMIT_CM] if (cost <= LONG_CM).all() else rows[:0]
