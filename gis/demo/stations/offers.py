"""What stations offer and when: hours, services, capacity, floor area. Pure.

Each kind has its habits. Where a station is one of few, it keeps longer hours and offers
everything: only what others nearby make up for is left out, so that gaps come from planting.
"""

from collections.abc import Callable, Sequence

import numpy as np

from gis.demo.draws import stream
from gis.demo.ground import DAY, Bool, Costs, Ground, Int, shut_at
from gis.demo.stations.counts import SERVICES, Counts

EVENING = DAY - 600 + 19 * 60 + 30  # Wednesday 19:30
SATURDAY = 5 * 1440 + 600  # Saturday 10:00
SPARE = 2  # stations that must remain to each building that reaches one which leaves something out

LONG = {"centre": "Mo-Su 08:30-20:30", "community": "Mo-Su 08:30-20:30"}
OFFICE = {"centre": "Mo-Fr 08:30-17:30; Sa 09:00-12:00", "community": "Mo-Fr 08:30-17:30"}
POST = ("Mo-Su 07:00-22:00", "Mo-Su 06:30-22:00")
SHARED = ("Mo-Su 09:00-21:00", "24/7")
LEFT_OUT = {"centre": 0, "community": 1, "post": 3, "shared": 4}  # services a kind does without
CAPACITY = 1.3  # of the households nearest to a station
LEAST_CAPACITY = 200


def opening(
    town: Ground, costs: Costs, spot: Sequence[int], kind: Sequence[str], seed: int
) -> list[str]:
    """Return opening hours: office hours where others nearby are open in the evening."""
    hours = [_long(town, s, k, seed) for s, k in zip(spot, kind, strict=True)]
    counts = [_count(costs, spot, ~shut_at(hours, minute)) for minute in (EVENING, SATURDAY)]
    for i, one in enumerate(kind):
        here = costs.within(spot[i])
        if one in OFFICE and all((count[here] > SPARE).all() for count in counts):
            for count in counts:
                count[here] -= 1
            hours[i] = OFFICE[one]
    return hours


def _long(town: Ground, spot: int, kind: str, seed: int) -> str:
    draw = stream(seed, "hours", *town.spots.xy[spot])
    return LONG.get(kind) or str(draw.choice(SHARED if kind == "shared" else POST))


def _count(costs: Costs, spot: Sequence[int], here: Bool) -> Int:
    """Count for each building the stations in reach that are marked."""
    return costs.count(np.asarray(spot, dtype=np.int64)[here])


def offers(
    town: Ground, costs: Costs, spot: Sequence[int], kind: Sequence[str], seed: int
) -> list[list[str]]:
    """Return the service codes of each station: all seven, less those others nearby make up for."""
    count = {code: costs.count(spot) for code in SERVICES}
    found = []
    for s, one in zip(spot, kind, strict=True):
        here = costs.within(s)
        wish = stream(seed, "services", *town.spots.xy[s]).permutation(list(SERVICES))
        missing = [c for c in wish if (count[c][here] > SPARE).all()][: LEFT_OUT[one]]
        for code in missing:
            count[code][here] -= 1
        found.append([code for code in SERVICES if code not in missing])
    return found


def capacities(town: Ground, costs: Costs, spot: Sequence[int]) -> list[int]:
    """Return capacities [households]: room for all those nearest to a station, and some more."""
    room = CAPACITY * loads(town, costs, spot)
    return [max(LEAST_CAPACITY, int(np.ceil(one / 10)) * 10) for one in room]


def loads(town: Ground, costs: Costs, spot: Sequence[int]) -> Int:
    """Return the households to whom each station is the nearest within the limit."""
    which = costs.nearest(spot)[1]
    covered = which >= 0
    return np.bincount(
        which[covered], weights=town.households[covered], minlength=len(spot)
    ).astype(np.int64)


def floors(
    town: Ground, spot: Sequence[int], kind: Sequence[str], counts: Counts, seed: int
) -> list[float]:
    """Return floor areas [m²]: exactly ``counts.large`` community stations have 1,000 or more."""
    area = [_floor(town, s, k, counts, seed) for s, k in zip(spot, kind, strict=True)]
    community = [i for i, k in enumerate(kind) if k == "community"]
    for i in sorted(community, key=_key(town, spot, seed))[: counts.large]:
        area[i] = 1000.0 + round(area[i] / 10) * 5
    return area


def _key(town: Ground, spot: Sequence[int], seed: int) -> Callable[[int], float]:
    return lambda i: float(stream(seed, "large", *town.spots.xy[spot[i]]).random())


def _floor(town: Ground, spot: int, kind: str, counts: Counts, seed: int) -> float:
    low, high = counts.floor[kind]
    draw = stream(seed, "floor", *town.spots.xy[spot])
    return float(min(high, round((low + (high - low) * draw.random() ** 2) / 5) * 5))
