"""The record of planted gaps: a table that says all there is to recount them."""

import pandas as pd
import shapely

from gis.demo.gaps.plan import Gap, Plan
from gis.demo.ground import points


def record(plan: Plan) -> pd.DataFrame:
    """Return the gaps, one a row, by number.

    ``buildings`` are codes, ``cause`` codes or a text. ``minute`` (of the week) or ``service`` is
    the condition. The cure is a word: ``station``: new ones at the points ``at``; ``crossing``,
    ``map``: new ways ``at``, the latter those of the gates left out; ``gate``: the gates ``on`` are
    always open; ``hours``, ``service``: the stations ``on`` are open, or offer it; ``capacity``:
    the station ``on`` holds ``capacity`` households. Places are WKT in degrees on the lattice.
    """
    code = plan.town.content.building["code"].to_numpy()
    rows = [
        {
            "number": number,
            "kind": gap.kind,
            "households": int(plan.town.households[list(gap.building)].sum()),
            "cause": gap.cause,
            "cure": gap.cure.word,
            "on": " ".join(gap.cure.codes),
            "at": _place(plan, gap),
            "capacity": gap.cure.capacity,
            "minute": gap.minute,
            "service": gap.service,
            "buildings": " ".join(code[list(gap.building)]),
        }
        for number, gap in enumerate(plan.gaps, 1)
    ]
    return pd.DataFrame(rows)


def _place(plan: Plan, gap: Gap) -> str:
    """Return where new stations or ways of a cure lie."""
    spots = points(plan.town.spots.xy[list(gap.cure.spots)], plan.town.plane)
    if len(spots):
        return str(shapely.to_wkt(shapely.MultiPoint(list(spots)), 9))
    if gap.cure.ways:
        return str(shapely.to_wkt(shapely.MultiLineString(gap.cure.ways), 9))
    return ""
