"""Gaps in service, planted in a sample district and recorded with their cause and cure. Pure.

Some compounds have no gate on the map. Some groups of buildings are to reach no station: the spots
they reach are closed to stations before these are placed. Some lose a gate. Whoever else is left
out is recorded, with a new station or a crossing as the cure. Last, the few stations that serve
somebody shut early, lack a service or are too small. `prove` counts every recorded gap again.
"""

from gis.demo.gaps.daily import by_day
from gis.demo.gaps.flaws import flawed
from gis.demo.gaps.plan import Gap, Plan
from gis.demo.gaps.planting import walled_in
from gis.demo.gaps.proof import prove
from gis.demo.gaps.record import record
from gis.demo.gaps.space import space

__all__ = [
    "Gap",
    "Plan",
    "by_day",
    "flawed",
    "prove",
    "record",
    "space",
    "walled_in",
]
