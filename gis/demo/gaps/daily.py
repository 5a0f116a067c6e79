"""Who is left out by day: behind shut gates, behind barriers, too far."""

from dataclasses import replace

import numpy as np
import pandas as pd

from gis.demo.gaps.cured import cured, is_ended
from gis.demo.gaps.plan import Gap, Plan
from gis.demo.gaps.planting import shut_in
from gis.demo.gaps.shown import explained
from gis.demo.ground import spot_costs


def by_day(plan: Plan, stations: pd.DataFrame, want: int) -> Plan:
    """Shut some gates and record all whom the stations leave out, each gap with its own cure.

    A gate opens again if the cure of another gap would end the gap behind it.

    Parameters
    ----------
    want
        How many compounds lose gates, at most.
    """
    spot = stations["spot"][stations["state"] == "open"].to_numpy()
    shut = shut_in(plan, spot, want)
    found = explained(shut, spot_costs(shut.town), spot)
    return _opened(found, plan, _idle(found, stations))


def _idle(plan: Plan, stations: pd.DataFrame) -> list[Gap]:
    """Return the gaps of gates that need not be opened if one other gap is cured."""
    town, every = cured(plan, stations, plan.gaps), np.arange(len(plan.gaps))
    return [
        gap
        for number, gap in enumerate(plan.gaps)
        if gap.kind == "gate" and is_ended(town, gap, np.delete(every, number))
    ]


def _opened(plan: Plan, before: Plan, idle: list[Gap]) -> Plan:
    """Give the gates of some gaps their hours back, and strike these gaps off."""
    gate = plan.town.content.gate
    again = gate["code"].isin([code for gap in idle for code in gap.cure.codes])
    hours = gate["hours"].where(~again, before.town.content.gate["hours"])
    kept = tuple(gap for gap in plan.gaps if gap not in idle)
    content = replace(plan.town.content, gate=gate.assign(hours=hours))
    return replace(plan.with_content(content), gaps=kept)
