"""Every gap counted again in the finished town: there without its cure, gone with it.

Each gap is looked at in the town as it is, with its own cure alone, and with the cure of each other
gap alone.
"""

import numpy as np
import pandas as pd

from gis.demo.gaps.cured import Town, cured, is_ended, served, walks
from gis.demo.gaps.plan import Plan
from gis.demo.stations.offers import loads
from gis.errors import Infeasible

KINDS = ("too_far", "detour", "gate", "hours", "service", "full", "unconnected")


def prove(plan: Plan, stations: pd.DataFrame, share: tuple[float, float]) -> None:
    """Count every gap again.

    Parameters
    ----------
    share
        Of the households that are served by day: from and to.

    Raises
    ------
    Infeasible
        A kind of gaps is missing; too many or too few households are served; somebody is not served
        as recorded; a gap is not one, or its own cure does not end it, or those of the others do.
    """
    lacking = [kind for kind in KINDS if not any(gap.kind.startswith(kind) for gap in plan.gaps)]
    if lacking:
        raise Infeasible("gap_not_planted", kinds=", ".join(lacking))
    least, most = share
    if not least <= 1 - _shown_share(plan) <= most:
        raise Infeasible("gap_share", percent=f"{100 - 100 * _shown_share(plan):.1f}")
    now, town = cured(plan, stations, ()), cured(plan, stations, plan.gaps)
    _prove_as_recorded(now)
    every = np.arange(len(plan.gaps))
    for number, gap in enumerate(plan.gaps):
        before = served(now, gap, every[:0])
        own = served(town, gap, every[[number]])
        if before.any() or not own.all() or is_ended(town, gap, np.delete(every, number)):
            raise Infeasible("gap_not_proved", kind=gap.kind, cause=gap.cause)


def _shown_share(plan: Plan) -> float:
    """Return the share of the households that is left out by day."""
    rows = [row for gap in plan.gaps if gap.is_shown for row in gap.building]
    return float(plan.town.households[rows].sum() / plan.town.households.sum())


def _prove_as_recorded(town: Town) -> None:
    """Check that just the gaps shown are there by day, and just the full stations full."""
    plan, n = town.plan, len(town.standing)
    everyone = np.arange(len(plan.town.households))
    cost = walks(town, everyone, np.arange(n), np.empty(0, dtype=np.int64))
    missed = np.flatnonzero((cost.count(np.arange(n)) == 0) & (plan.town.households > 0))
    shown = sorted(row for gap in plan.gaps if gap.is_shown for row in gap.building)
    if shown != missed.tolist():
        raise Infeasible("gap_not_recorded", count=len({*missed.tolist()} ^ {*shown}))
    full = loads(plan.town, cost, range(n)) > town.standing["capacity"].to_numpy()
    recorded = sorted(c for gap in plan.gaps if gap.kind == "full" for c in gap.cause.split())
    if sorted(town.standing["code"][full]) != recorded:
        raise Infeasible("gap_not_proved", kind="full", cause=" ".join(recorded))
