"""Who is left out by day: behind shut gates, behind barriers, too far."""

from dataclasses import replace

import numpy as np
import pandas as pd

from gis.demo.gaps.cured import Town, cured, ender, is_ended
from gis.demo.gaps.plan import Plan
from gis.demo.gaps.planting import shut_in
from gis.demo.gaps.shown import explained
from gis.demo.ground import Bool, Int, costs, only, spot_costs


def by_day(plan: Plan, stations: pd.DataFrame, want: int) -> Plan:
    """Shut some gates and record all whom the stations leave out, each gap with its own cure.

    A gate opens again if the cure of another gap would end the gap behind it; any other gap that
    the cure of another would end is recorded as one with that.

    Parameters
    ----------
    want
        How many compounds lose gates, at most.
    """
    spot = stations["spot"][stations["state"] == "open"].to_numpy()
    shut = shut_in(plan, spot, want)
    few = _ill_served(shut, spot)
    found = explained(shut, spot_costs(shut.town, few), few, spot)
    town = cured(found, stations, found.gaps)
    every = np.arange(len(found.gaps))
    idle = np.array([k for k in range(len(every)) if _is_idle(town, k)], dtype=np.int64)
    opened = replace(town, plan=_opened(found, plan, idle))
    return _joined(opened, np.setdiff1d(every, idle))


def _ill_served(plan: Plan, spot: Int) -> Bool:
    """Tell which buildings have households, and one station at most or a gap."""
    town, sizes = plan.town, (len(plan.town.households), len(plan.town.spots.xy))
    place = only(town.spot, spot)
    few = costs(town.network, town.building, place, sizes, plan.shut()).count(spot) < 2
    few[plan.taken()] = True
    return np.asarray(few & (town.households > 0))


def _is_idle(town: Town, number: int) -> bool:
    """Tell whether a gap is one of a gate that need not be opened if one other gap is cured."""
    gap, every = town.plan.gaps[number], np.arange(len(town.plan.gaps))
    return gap.kind == "gate" and is_ended(town, gap, np.delete(every, number))


def _opened(plan: Plan, before: Plan, idle: Int) -> Plan:
    """Give the gates of some gaps their hours back."""
    gate = plan.town.content.gate
    again = gate["code"].isin([code for k in idle for code in plan.gaps[k].cure.codes])
    hours = gate["hours"].where(~again, before.town.content.gate["hours"])
    return plan.with_content(replace(plan.town.content, gate=gate.assign(hours=hours)))


def _joined(town: Town, kept: Int) -> Plan:
    """Return the plan with some of its gaps only, those that one cure ends as one."""
    gaps = list(town.plan.gaps)
    left = kept.tolist()
    for number in kept:
        other = ender(town, gaps[number], np.setdiff1d(left, [number]))
        if other is not None:
            rows = sorted((*gaps[other].building, *gaps[number].building))
            gaps[other] = replace(gaps[other], building=tuple(rows))
            left.remove(number)
    return replace(town.plan, gaps=tuple(gaps[k] for k in left))
