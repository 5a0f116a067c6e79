"""Gaps that are planted: no gate on the map, a shut gate, one station with one flaw."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gis.content import Content
from gis.demo.gaps.cured import Town, cured, is_ended, walks
from gis.demo.gaps.plan import Cure, Gap, Plan
from gis.demo.gaps.shown import LONG_CM, walked_costs
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
from gis.demo.stations.counts import SERVICES
from gis.demo.stations.offers import EVENING, loads

CLOSING = "Mo-Su 08:30-18:00"
NEAREST_CM = 50_000  # a shut gate is worth a try where stations are farther than this
FLAWS = ("service", "hours", "full", "hours", "service", "hours")
ROOM = 0.7  # of the households nearest to a full station are what it holds


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
            and is_apart(xy, rows, taken)
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


def shut_in(plan: Plan, spot: Int, want: int, among: Sequence[str]) -> Plan:
    """Plant gaps of kind ``gate``: compounds lose the gates on the stations' side.

    Parameters
    ----------
    spot
        Where stations stand.
    among
        Compounds that may lose gates.
    """
    town = plan.town
    best = walked_costs(town, spot, plan.shut())
    out = (best > LIMIT_CM) & (town.households > 0)
    for code, rows in homes(town.content):
        rows = rows[best[rows] <= LIMIT_CM]
        gate = town.content.gate
        gates = np.flatnonzero((gate["compound"] == code) & ~plan.shut())
        if not want or code not in among or best[rows].max(initial=0) <= NEAREST_CM:
            continue
        for some in _some(gates):
            lost = _cut_off(plan, rows, spot, some)
            if not plan.fits(lost) or not is_apart(town.xy, lost, np.flatnonzero(out)):
                continue
            names = tuple(gate["code"].iloc[some])
            after = plan.with_content(replace(town.content, gate=_off(gate, some)))
            now = walked_costs(after.town, spot, after.shut()) > LIMIT_CM
            if np.array_equal(np.flatnonzero((now & ~out) & (town.households > 0)), lost):
                gap = Gap("gate", tuple(lost.tolist()), code, Cure("gate", names))
                plan, town, want = after.with_gap(gap), after.town, want - 1
                out = now & (town.households > 0)
                break
    return plan


def _some(gates: Int) -> Iterator[Int]:
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


def flawed(plan: Plan, stations: pd.DataFrame, want: int) -> tuple[Plan, pd.DataFrame]:
    """Plant gaps on stations that alone serve some: shut early, without a service, or too small.

    The cure of no gap so far would give all of these another station. All other stations hold
    those nearest to them.
    """
    stations = stations.copy()
    standing = np.flatnonzero(stations["state"] == "open")
    before, after = (_measured(cured(plan, stations, gaps)) for gaps in ((), plan.gaps))
    room = np.ceil(before.load / 10).astype(np.int64) * 10
    held = np.maximum(stations["capacity"].to_numpy()[standing], room)
    stations.loc[stations.index[standing], "capacity"] = held
    start = len(plan.gaps)
    for k, row in enumerate(standing):
        alone = np.flatnonzero(before.alone == k)
        number = len(plan.gaps) - start
        if number < want and plan.fits(alone) and not _is_ended(after.town, alone, k):
            flaw = FLAWS[number % len(FLAWS)], list(SERVICES)[1 + number % 6]
            least = int(ROOM * min(before.load[k], after.load[k]))
            plan = plan.with_gap(_flaw(stations, int(row), flaw, (least, int(room[k])), alone))
    return plan, stations


class Measured(NamedTuple):
    """A town, the station that alone serves each building, or -1, and the stations' households."""

    town: Town
    alone: Int
    load: Int


def _measured(town: Town) -> Measured:
    """Measure a town with all its gaps cured."""
    here, n_place = town.plan.town, np.arange(len(town.place_gap))
    every = np.arange(len(town.plan.gaps))
    cost = walks(town, np.arange(len(here.households)), n_place, every)
    one = (cost.count(n_place) == 1) & (here.households > 0)
    alone = np.where(one, cost.nearest(n_place)[1], -1)
    return Measured(town, alone, loads(here, cost, n_place.tolist()))


def _is_ended(town: Town, alone: Int, station: int) -> bool:
    """Tell whether one cure would give another station to all whom a station alone serves."""
    gap = Gap("lone", tuple(alone.tolist()), "", Cure(""))
    return is_ended(town, gap, np.arange(len(town.plan.gaps)), station)


def _flaw(
    stations: pd.DataFrame, row: int, flaw: tuple[str, str], room: tuple[int, int], alone: Int
) -> Gap:
    """Give a station a flaw, a kind and perhaps a service, and return the gap."""
    kind, service = flaw
    code, rows = str(stations["code"][row]), tuple(alone.tolist())
    if kind == "hours":
        stations.loc[row, "hours"] = CLOSING
        return Gap(kind, rows, code, Cure(kind, (code,)), minute=EVENING)
    if kind == "service":
        stations.at[row, "services"] = [s for s in stations.at[row, "services"] if s != service]
        return Gap(kind, rows, code, Cure(kind, (code,)), service=service)
    stations.loc[row, "capacity"] = room[0]
    return Gap(kind, rows, code, Cure("capacity", (code,), capacity=room[1]))
