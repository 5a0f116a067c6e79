"""Every gap counted again in the finished town, and the record of them."""

import numpy as np
import pandas as pd

from gis.demo.gaps.plan import Plan
from gis.demo.ground import DAY, Ground, costs, select, shut_at
from gis.errors import Infeasible

SHOWN = ("too_far", "detour_river", "detour_railway", "detour_wall", "gate", "unconnected")


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
