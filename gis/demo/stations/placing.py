"""Where the stations of a sample district stand. Pure; places are rows of the ground's spots.

As history has it: centres on main roads, a community's station near its oldest houses, most posts
in the old town, and few elsewhere, until the coverage aimed at is met.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gis.demo.ground import LIMIT_CM, Bool, Costs, Float, Ground
from gis.demo.pieces import HIGH, LOW, islands
from gis.demo.spots import project
from gis.errors import Infeasible

AIM = 0.90  # share of households covered, aimed at
OLD_SHARE = 0.60  # share of all stations in the old town
NEAR_CM = 40_000  # a post serves those within six minutes first of all
APART = 120.0  # two stations are never closer [m]
LONE_HELD = 100  # households that a lone post had best serve alone
OLD_CENTRE = 150.0  # from a community's old centre to its station [m]

Choice = list[int]


def place(
    town: Ground,
    costs: Costs,
    old: Bool,
    areas: dict[str, list[str]],
    posts: int,
    free: Bool | None = None,
    lone: int = 0,
) -> dict[str, Choice]:
    """Choose the spots of all stations: kind -> rows of spots, in the order of the areas' codes.

    Parameters
    ----------
    old
        (n_building,) what stands in the core and the ring of the 1980s and 90s.
    areas
        Codes of the areas that get a centre, and of those that get a community station.
    posts
        How many posts and shared rooms there are.
    free
        (n_spot,) where stations may stand; None: everywhere.
    lone
        How many of the posts, at most, are to serve alone some whom all others leave out; these
        stand anywhere.

    Raises
    ------
    Infeasible
        An area has no road for its station to stand at.
    """
    taken: Choice = []
    found: dict[str, Choice] = {}
    free = np.ones(len(town.spots.xy), dtype=bool) if free is None else free
    for kind in ("centre", "community"):
        found[kind] = [_area_spot(town, old, code, kind, taken, free) for code in areas[kind]]
    found["post"] = _posts(town, costs, _in_old(town, old), taken, posts - lone, posts, free)
    alone, free = _lone(town, costs, taken, lone, free)
    rest = posts - len(found["post"]) - len(alone)
    found["post"] += alone + _posts(town, costs, _in_old(town, old), taken, rest, rest, free)
    return found


def _area_spot(town: Ground, old: Bool, code: str, kind: str, taken: Choice, free: Bool) -> int:
    """Choose the spot nearest to an area's old centre, and take it."""
    area = town.content.area
    shape = project(area.geometry[area["code"] == code].to_numpy(), town.plane)[0]
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, *town.spots.xy.T) & _apart(town, taken) & free
    if kind == "centre" and (inside & (town.spots.rank == 0)).any():
        inside &= town.spots.rank == 0
    if not inside.any():  # an area of compounds alone: its station stands at the nearest road
        inside = _apart(town, taken) & free
    if not inside.any():
        raise Infeasible(f"area {code} has no road that its station could stand at")
    far = np.hypot(*(town.spots.xy - _old_centre(town, old, shape)).T)
    far = np.where(inside, np.round(far, 3), np.inf)
    taken.append(int(np.argmin(far)))
    return taken[-1]


def _old_centre(town: Ground, old: Bool, shape: shapely.Geometry) -> Float:
    """Return where an area began: the middle of its old houses, else of those nearest to town."""
    home = shapely.contains_xy(shape, *town.xy.T)
    if not home.any():
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    began = home & old
    if not began.any():
        middle = np.mean(town.xy[old] if old.any() else town.xy, axis=0).reshape(2)
        far = np.round(np.hypot(*(town.xy - middle).T), 3)
        began = home & (far <= np.quantile(far[home], 0.25))
    weights = town.households[began] + 1
    return np.asarray(np.average(town.xy[began], axis=0, weights=weights))


def _apart(town: Ground, taken: Choice) -> Bool:
    """Tell which spots keep their distance from those taken."""
    if not taken:
        return np.ones(len(town.spots.xy), dtype=bool)
    tree = shapely.STRtree(shapely.points(town.spots.xy[taken]))
    near = tree.query(shapely.points(town.spots.xy), predicate="dwithin", distance=APART)[0]
    free = np.ones(len(town.spots.xy), dtype=bool)
    free[near] = False
    return free


def _in_old(town: Ground, old: Bool) -> Bool:
    """Tell which spots have an old building as their nearest."""
    tree = shapely.STRtree(shapely.points(town.xy))
    return np.asarray(old[tree.nearest(shapely.points(town.spots.xy))])


def _posts(
    town: Ground, costs: Costs, old_spot: Bool, taken: Choice, posts: int, owing: int, free: Bool
) -> Choice:
    """Choose posts one by one: for those left out while too few are covered, else in the old town.

    The last of ``owing`` posts make up the share of the old town. Adds to ``taken``.
    """
    total = len(taken) + owing
    near, reach = matrix(costs, NEAR_CM), matrix(costs, LIMIT_CM)
    found: Choice = []
    for left in range(posts, 0, -1):
        count = costs.count(taken)
        owed = int(np.ceil(OLD_SHARE * total)) - int(old_spot[taken].sum())
        covered = town.households[count > 0].sum() / town.households.sum()
        if covered < AIM and owed < left:
            score = reach @ np.where(count == 0, town.households, 0)
        else:
            served = costs.count(taken, NEAR_CM)
            score = np.where(old_spot, near @ (3600 * town.households // (1 + served) ** 2), 0)
        score = np.where(_apart(town, taken) & free, score, -1)
        found.append(int(np.argmax(score)))
        taken.append(found[-1])
    return found


def _lone(town: Ground, costs: Costs, taken: Choice, want: int, free: Bool) -> tuple[Choice, Bool]:
    """Choose posts that alone serve some 15 to 300 households, and keep others away from these.

    A post serves pieces of those left out whole or not at all, and nobody whom an earlier one
    serves alone. Adds to ``taken``.
    """
    reach = matrix(costs, LIMIT_CM)
    found: Choice = []
    alone = np.zeros(len(town.households), dtype=np.int64)
    homes = (town.households > 0) & (reach.sum(axis=0) > 0)
    for _ in range(want):
        out = np.flatnonzero((costs.count(taken) == 0) & homes)
        pieces = islands(town.xy, out)
        if not pieces:
            break
        hits = np.array([reach[:, rows].sum(axis=1) for rows in pieces]).T
        size = np.array([len(rows) for rows in pieces])
        held = (hits > 0) @ np.array([town.households[rows].sum() for rows in pieces])
        fits = ((hits == 0) | (hits == size)).all(axis=1) & (held >= LOW) & (held <= HIGH)
        fits &= _apart(town, taken) & (reach @ alone == 0)
        if not fits.any():
            break
        found.append(int(np.argmin(np.where(fits, np.abs(held - LONE_HELD), HIGH))))
        taken.append(found[-1])
        alone[np.intersect1d(out, costs.within(found[-1]))] = 1
    return found, free & (reach @ alone == 0)


def matrix(costs: Costs, limit_cm: int) -> csr_array:
    """Return (n_place, n_building) ones where a building reaches a place within a limit."""
    keep = costs.cost <= limit_cm
    start = np.concatenate([[0], np.cumsum(keep)])[costs.start]
    ones: NDArray[np.int64] = np.ones(int(keep.sum()), dtype=np.int64)
    return csr_array((ones, costs.building[keep], start), shape=(len(start) - 1, costs.n_building))
