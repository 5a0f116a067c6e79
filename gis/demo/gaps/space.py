"""Where no station may stand, so that gaps grow: around some groups, and beside some gates."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from gis.demo.gaps.plan import Cure, Gap, Plan, groups
from gis.demo.gaps.planting import some_of
from gis.demo.ground import LIMIT_CM, Bool, Costs, Int, costs, homes, only, select
from gis.demo.stations.placing import matrix

LOOKED = 40  # compounds at the edge of which the gates are looked at
BAND = 3  # spots at least from which a compound is served through a gate that is to be shut


class Space(NamedTuple):
    """Which spots are free for stations, and which buildings a station must reach."""

    free: Bool
    wanted: Bool


class Beside(NamedTuple):
    """A compound that is to lose a gate, and the spots near its other gates."""

    rows: Int
    near: Bool


def space(plan: Plan, cost: Costs, want: int, gates: int, spread_m: float) -> Space:
    """Choose groups that are to have no station in reach, and compounds that have one by one gate.

    The next is the one with the fewest free spots to be closed: at the edge of town, or behind a
    barrier. It is left out if it lies near another, or if others, not of its piece, would lose
    their last spot with it.

    Parameters
    ----------
    want, gates
        How many groups, and how many compounds, at most.
    spread_m
        How far two of them are apart at least.
    """
    reach = matrix(cost, LIMIT_CM)  # (n_spot, n_building)
    free, start = np.ones(reach.shape[0], dtype=bool), len(plan.gaps)
    wanted = np.zeros(reach.shape[1], dtype=bool)
    for one in _beside(plan, reach):
        after = free & ~one.near
        lost = np.flatnonzero((reach.T @ after == 0) & (reach.T @ free > 0))
        if len(plan.gaps) < start + gates and not len(lost) and plan.suits(one.rows, spread_m):
            free, plan = after, plan.with_gap(Gap("open", tuple(one.rows.tolist()), "", Cure("")))
            wanted[one.rows] = True
    return Space(_around(plan, reach, free, want, spread_m), wanted)


def _around(plan: Plan, reach: csr_array, free: Bool, want: int, spread_m: float) -> Bool:
    """Choose groups; return the spots that they leave free."""
    rows = groups(plan, reach.sum(axis=0))
    homes = np.zeros((reach.shape[1], len(rows)), dtype=np.int64)
    for k, one in enumerate(rows):
        homes[one, k] = 1
    hits = (reach @ homes).T > 0
    left, start = np.ones(len(rows), dtype=bool), len(plan.gaps)
    while left.any() and len(plan.gaps) < start + want:
        which = int(np.argmin(np.where(left, (hits & free).sum(axis=1), len(free) + 1)))
        left[which] = False
        after = free & ~hits[which]
        lost = np.flatnonzero((reach.T @ after == 0) & (reach.T @ free > 0))
        if plan.fits(lost, spread_m):
            free, plan = after, plan.with_gap(Gap("open", tuple(lost.tolist()), "", Cure("")))
    return free


def _beside(plan: Plan, reach: csr_array) -> list[Beside]:
    """Return compounds that would be out of reach without some gates, fewest spots to close first.

    The spots are those in reach although these gates are shut.
    """
    spots = reach.sum(axis=0)
    some = [(int(spots[rows].min()), code, rows) for code, rows in homes(plan.town.content)]
    found: list[tuple[int, str, Beside]] = []
    for _, code, rows in sorted(some, key=lambda one: one[:2])[:LOOKED]:
        gate = plan.town.content.gate
        gates = np.flatnonzero((gate["compound"] == code) & ~plan.shut())
        hits = reach[:, rows].sum(axis=1)
        for these in some_of(gates) if len(gates) > 1 else ():
            near = _still_near(plan, rows, hits > 0, these)
            if near.any() and ((hits == len(rows)) & ~near).sum() >= BAND:
                found.append((int(near.sum()), code, Beside(rows, near)))
    return [one for *_, one in sorted(found, key=lambda one: one[:2])]


def _still_near(plan: Plan, rows: Int, spots: Bool, gates: Int) -> Bool:
    """Return which of some spots some buildings reach although some gates are shut."""
    town, shut = plan.town, plan.shut()
    shut[gates] = True
    sizes = len(rows), len(town.spots.xy)
    place = only(town.spot, np.flatnonzero(spots))
    cost = costs(town.network, select(town.building, rows), place, sizes, shut)
    return np.asarray(np.diff(cost.start) > 0)
