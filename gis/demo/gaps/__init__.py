"""Gaps in service, planted in a sample district and recorded with their cause. Pure.

Some groups of buildings are to reach no station: the spots they reach are closed to stations
before these are placed. Others lose theirs at one hour or for one service, find the only one full,
or have no gate on the map. `prove` counts every recorded gap again.
"""

from gis.demo.gaps.plan import Gap, Plan, closed_spots, explained
from gis.demo.gaps.planting import crowded, shut_in, stripped, walled_in
from gis.demo.gaps.proof import prove

__all__ = [
    "Gap",
    "Plan",
    "closed_spots",
    "crowded",
    "explained",
    "prove",
    "shut_in",
    "stripped",
    "walled_in",
]
