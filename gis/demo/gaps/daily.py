"""Who is left out by day: behind shut gates, behind barriers, too far."""

import numpy as np
import pandas as pd

from gis.demo.gaps.cured import cured, is_ended
from gis.demo.gaps.plan import Plan
from gis.demo.gaps.planting import shut_in
from gis.demo.gaps.shown import explained
from gis.demo.ground import homes, spot_costs


def by_day(plan: Plan, stations: pd.DataFrame, want: int) -> Plan:
    """Shut some gates and record all whom the stations leave out, each gap with its own cure.

    A gate stays open if the cure of another gap would end the gap behind it.

    Parameters
    ----------
    want
        How many compounds lose gates, at most.
    """
    spot = stations["spot"][stations["state"] == "open"].to_numpy()
    kept = [code for code, _ in homes(plan.town.content)]
    while True:
        shut = shut_in(plan, spot, want, kept)
        found = explained(shut, spot_costs(shut.town), spot)
        idle = _idle(found, stations)
        if not idle:
            return found
        kept = [gap.cause for gap in shut.gaps if gap.kind == "gate" and gap.cause not in idle]


def _idle(plan: Plan, stations: pd.DataFrame) -> list[str]:
    """Return the compounds whose gates need not be opened if one other gap is cured."""
    town, every = cured(plan, stations, plan.gaps), np.arange(len(plan.gaps))
    return [
        gap.cause
        for number, gap in enumerate(plan.gaps)
        if gap.kind == "gate" and is_ended(town, gap, np.delete(every, number))
    ]
