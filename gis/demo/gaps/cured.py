"""A town with cures on its map: who is served under a gap's condition, with some gaps cured."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from gis.content import Content, table
from gis.demo.gaps.plan import Cure, Gap, Plan
from gis.demo.ground import (
    LIMIT_CM,
    Bool,
    Costs,
    Float,
    Int,
    access,
    costs,
    entrances,
    points,
    select,
    shut_at,
)
from gis.demo.spots import project
from gis.demo.stations.offers import loads
from gis.walk.access import Access
from gis.walk.network import Network, build

NEAR_M = LIMIT_CM / 100 + 200  # straight, from a building to a place, or to an end of a link


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A town with cures on its map. Of gaps, -1 is none: what is there anyway.

    Attributes
    ----------
    standing
        Codes, hours, services and capacities of the stations that stand, by code.
    xy, place_gap
        (n_place, 2), (n_place,) the stations that stand, then new ones and the gap each cures.
    edge_gap, gate_gap
        (n_edge,), (n_gate,) the gap that an edge, or an open gate, cures.
    """

    plan: Plan
    network: Network
    building: Access
    place: Access
    standing: pd.DataFrame
    xy: Float
    place_gap: Int
    edge_gap: Int
    gate_gap: Int


def is_ended(town: Town, gap: Gap, others: Int) -> bool:
    """Tell whether the cure of one of some other gaps would end a gap for all of its buildings."""
    return ender(town, gap, others) is not None


def ender(town: Town, gap: Gap, others: Int) -> int | None:
    """Return the first of some other gaps whose cure would end a gap for all of its buildings.

    Cures only add: if all of those near enough together do not, none does.
    """
    near = np.array([other for other in others if _is_near(town, gap, other)], dtype=np.int64)
    if not len(near) or not served(town, gap, near).all():
        return None
    return next((int(k) for k in near if served(town, gap, np.array([k])).all()), None)


def _is_near(town: Town, gap: Gap, other: int) -> bool:
    """Tell whether the cure of another gap matters to one, and lies near all of its buildings."""
    one = town.plan.gaps[other]
    if not one.is_shown and one.condition != gap.condition:
        return False
    away = KDTree(_cure_xy(town, one.cure)).query(town.plan.town.xy[list(gap.building)])[0]
    return bool((away <= NEAR_M).all())


def _cure_xy(town: Town, cure: Cure) -> Float:
    """Return where a cure lies: points (n, 2) in local metres."""
    here = town.plan.town
    if cure.spots:
        return here.spots.xy[list(cure.spots)]
    if cure.ways:
        return np.asarray(shapely.get_coordinates(project(np.array(cure.ways), here.plane)))
    if cure.word == "gate":
        return np.asarray(here.gate_xy[here.content.gate["code"].isin(cure.codes)])
    return town.xy[np.flatnonzero(town.standing["code"].isin(cure.codes))]


def served(town: Town, gap: Gap, cured: Int) -> Bool:
    """Tell which buildings of a gap are served under its condition, with some gaps cured."""
    rows = np.array(gap.building)
    on = _counting(town, gap, cured)
    if gap.kind == "full":
        everyone = np.arange(len(town.plan.town.households))
        cost = walks(town, everyone, on, cured)
        load = loads(town.plan.town, cost, range(len(on)))
        return np.asarray(cost.count(np.flatnonzero(load <= _room(town, on, cured)))[rows] > 0)
    near = KDTree(town.plan.town.xy[rows]).query(town.xy[on])[0] <= NEAR_M
    on = on[near]
    return np.asarray(walks(town, rows, on, cured).count(np.arange(len(on))) > 0)


def _counting(town: Town, gap: Gap, cured: Int) -> Int:
    """Return the places that count under the condition of a gap, with some gaps cured."""
    standing = town.standing
    on = np.ones(len(standing), dtype=bool)
    if gap.minute is not None:
        on = ~shut_at(standing["hours"], gap.minute)
    if gap.service is not None:
        on = np.array([gap.service in one for one in standing["services"]])
    for number in cured:
        other = town.plan.gaps[number]
        if other.condition == gap.condition:
            on |= standing["code"].isin(other.cure.codes).to_numpy()
    new = np.isin(town.place_gap[len(standing) :], cured)
    return np.flatnonzero(np.concatenate([on, new]))


def _room(town: Town, on: Int, cured: Int) -> Int:
    """Return how many households places hold, with some gaps cured; new stations hold all."""
    room = np.full(len(town.place_gap), np.iinfo(np.int64).max)
    room[: len(town.standing)] = town.standing["capacity"]
    for number in cured:
        cure = town.plan.gaps[number].cure
        if cure.capacity is not None:
            room[np.flatnonzero(town.standing["code"].isin(cure.codes))] = cure.capacity
    return room[on]


def walks(town: Town, rows: Int, on: Int, cured: Int) -> Costs:
    """Return the costs from some buildings to some places, numbered anew, with some gaps cured."""
    shut = town.plan.shut() & ~((town.gate_gap >= 0) & np.isin(town.gate_gap, cured))
    closed = (town.edge_gap >= 0) & ~np.isin(town.edge_gap, cured)
    home, place = select(town.building, rows), select(town.place, on)
    return costs(town.network, home, place, (len(rows), len(on)), shut, closed)


def cured(plan: Plan, stations: pd.DataFrame, gaps: tuple[Gap, ...]) -> Town:
    """Build a town with the cures of its first gaps on the map."""
    standing = stations[stations["state"] == "open"].reset_index(drop=True)
    here, plane = plan.town, plan.town.plane
    content, way_gap = _with_ways(here.content, gaps)
    network, building = here.network, here.building
    if (way_gap >= 0).any():
        network = build(content.way, content.gate, content.compound)
        building = access(content, plane, network, entrances(content))
    new = [(n, spot) for n, gap in enumerate(gaps) for spot in gap.cure.spots]
    spot = [*standing["spot"], *(spot for _, spot in new)]
    xy = here.spots.xy[np.array(spot, dtype=np.int64)]
    gate_gap = np.full(len(content.gate), -1)
    for n, gap in enumerate(gaps):
        if gap.cure.word == "gate":
            gate_gap[content.gate["code"].isin(gap.cure.codes)] = n
    return Town(
        plan,
        network,
        building,
        access(content, plane, network, points(xy, plane)),
        standing,
        xy,
        np.array([-1] * len(standing) + [n for n, _ in new]),
        way_gap[network.way],
        gate_gap,
    )


def _with_ways(content: Content, gaps: tuple[Gap, ...]) -> tuple[Content, Int]:
    """Add the ways of cures; also return the gap that each way cures, or -1."""
    plain = {"name": "", "highway": "footway", "foot": "both"}
    flags = {"bridge": False, "tunnel": False, "steps": False}
    new = [
        {"code": f"cure {n} {k}", **plain, **flags, "geometry": line, "gap": n}
        for n, gap in enumerate(gaps)
        for k, line in enumerate(gap.cure.ways)
    ]
    rows = [*content.way.assign(gap=-1).to_dict("records"), *new]
    order = pd.DataFrame(rows).sort_values("code")["gap"]
    return replace(content, way=table("way", rows)), order.to_numpy(dtype=np.int64)
