"""Gaps of a condition: the few stations in reach shut early, lack a service or are too small."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gis.demo.gaps.cured import Town, cured, is_ended, walks
from gis.demo.gaps.plan import Cure, Gap, Plan
from gis.demo.ground import LIMIT_CM, Bool, Int, shut_at
from gis.demo.stations.counts import SERVICES
from gis.demo.stations.offers import EVENING, loads
from gis.demo.stations.placing import matrix

CLOSING = "Mo-Su 08:30-18:00"
CODES = list(SERVICES)
FLAWS = ("full", "hours", "service", "hours", "service", "hours")
FEW = 12  # stations at most that have a flaw for one gap
BIG = 20  # households at least that are nearest to a station which is to be full
ROOM = 0.7  # of the households nearest to a full station are what it holds


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The stations that stand, in a town with all cures so far on its map.

    Attributes
    ----------
    town
        The stations with their flaws so far, and the gaps of these.
    reach
        (n_station, n_building) ones where a building reaches a station without any cure.
    load, least
        (n_station,) the households nearest to each, without cures, and with any.
    full
        (n_station,) which are too small.
    """

    town: Town
    reach: csr_array
    load: Int
    least: Int
    full: Bool

    def counts(self, like: Gap) -> Bool:
        """Tell which stations count under the condition of a gap."""
        table = self.town.standing
        if like.kind == "hours":
            return ~shut_at(table["hours"], EVENING)
        if like.kind == "service":
            return np.array([like.service in one for one in table["services"]])
        return ~self.full


def flawed(plan: Plan, stations: pd.DataFrame, want: int) -> tuple[Plan, pd.DataFrame]:
    """Plant gaps on stations: those few in reach shut early, lack a service or are too small.

    Some of them without the flaw are the cure. The cure of no other gap ends one of these. All
    other stations hold those nearest to them.
    """
    here, start = _measured(plan, stations), len(plan.gaps)
    tried: set[tuple[object, ...]] = set()
    for number in range(want):
        for like in _likes(number):
            after = _with_one(here, like, start, tried)
            if after is not here:
                here = after
                break
    stations = stations.copy()
    rows = np.flatnonzero(stations["state"] == "open")
    for name in ("hours", "services", "capacity"):
        column = stations[name].tolist()
        for row, value in zip(rows, here.town.standing[name], strict=True):
            column[row] = value
        stations[name] = column
    return here.town.plan, stations


def _likes(number: int) -> list[Gap]:
    """Return what the next gap may be like: of one kind, but for the service that is lacking."""
    kind = FLAWS[number % len(FLAWS)]
    if kind != "service":
        cure = Cure("capacity" if kind == "full" else kind)
        return [Gap(kind, (), "", cure, EVENING if kind == "hours" else None)]
    codes = [CODES[1 + (number // 2 + k) % 6] for k in range(6)]
    return [Gap(kind, (), "", Cure(kind), service=code) for code in codes]


def _measured(plan: Plan, stations: pd.DataFrame) -> Standing:
    """Measure a town with and without all cures; give all stations room for those nearest."""
    now, after = (cured(plan, stations, gaps) for gaps in ((), plan.gaps))
    everyone = np.arange(len(plan.town.households))
    n, every = len(now.standing), np.arange(len(plan.gaps))
    cost = walks(now, everyone, np.arange(n), every[:0])
    load = loads(plan.town, cost, range(n))
    places = len(after.place_gap)
    least = loads(plan.town, walks(after, everyone, np.arange(places), every), range(places))[:n]
    room = np.ceil(load / 10).astype(np.int64) * 10
    held = np.maximum(after.standing["capacity"].to_numpy(), room)
    town = replace(after, standing=after.standing.assign(capacity=held))
    none = np.zeros(n, dtype=bool)
    return Standing(town, matrix(cost, LIMIT_CM), load, np.minimum(load, least), none)


def _with_one(here: Standing, like: Gap, start: int, tried: set[tuple[object, ...]]) -> Standing:
    """Plant one more gap of a kind, where the fewest stations need a flaw for it.

    Adds to ``tried`` what is ended by other cures.
    """
    homes = here.town.plan.town.households > 0
    on = here.counts(like)
    count = on @ here.reach
    few = np.flatnonzero((count > 0) & (count <= FEW) & homes)  # nobody else can lose them all
    reach = here.reach[:, few]
    big = np.ones(len(on), dtype=bool) if like.kind != "full" else here.least >= BIG
    for some in _sets(reach.toarray() > 0, on):
        if not big[some].all():
            continue
        lost = few[(on & ~some) @ reach == 0]
        key = like.condition, *lost.tolist()
        if key not in tried and here.town.plan.fits(lost):
            after = _planted(here, like, lost, np.flatnonzero(some))
            if _holds(after, start):
                return after
            tried.add(key)
    return here


def _sets(reach: Bool, on: Bool) -> Bool:
    """Return the sets (n, n_station) of those stations that some building reaches, few first."""
    packed = np.unique(np.packbits((reach & on[:, None]).T, axis=1), axis=0)
    sets = np.unpackbits(packed, axis=1, count=len(on)).astype(bool)
    sets = sets[sets.sum(axis=1) <= FEW]
    return np.asarray(sets[np.argsort(sets.sum(axis=1), kind="stable")])


def _planted(here: Standing, like: Gap, lost: Int, some: Int) -> Standing:
    """Give some stations a flaw, and record the gap; its cure is those without it that suffice."""
    table = here.town.standing.copy()
    code = table["code"].to_numpy()
    enough = _enough(here.reach, some, lost)
    cure = replace(like.cure, codes=tuple(code[enough]))
    if like.kind == "hours":
        table.loc[some, "hours"] = CLOSING
    elif like.kind == "service":
        for k in some:
            table.at[k, "services"] = [s for s in table.at[k, "services"] if s != like.service]
    else:
        table.loc[some, "capacity"] = (ROOM * here.least[some]).astype(np.int64)
        cure = replace(cure, capacity=int(np.ceil(here.load[enough].max() / 10)) * 10)
    gap = replace(like, building=tuple(lost.tolist()), cause=" ".join(code[some]), cure=cure)
    full = here.full.copy()
    full[some] |= like.kind == "full"
    town = replace(here.town, standing=table, plan=here.town.plan.with_gap(gap))
    return replace(here, town=town, full=full)


def _enough(reach: csr_array, some: Int, lost: Int) -> Int:
    """Return as few of some stations as all of those lost reach, ascending."""
    found: list[int] = []
    while len(lost):
        hits = reach[some][:, lost].sum(axis=1)
        found.append(int(some[np.argmax(hits)]))
        lost = lost[reach[[found[-1]]][:, lost].sum(axis=0) == 0]
    return np.sort(np.array(found, dtype=np.int64))


def _holds(here: Standing, start: int) -> bool:
    """Tell whether no other cure ends the last gap, and its own no other of its condition."""
    town, last = here.town, len(here.town.plan.gaps) - 1
    gap = town.plan.gaps[last]
    like = [k for k in range(start, last) if town.plan.gaps[k].condition == gap.condition]
    return not is_ended(town, gap, np.arange(last)) and not any(
        is_ended(town, town.plan.gaps[k], np.array([last])) for k in like
    )
