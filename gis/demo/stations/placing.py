"""Where the stations of a sample district stand. Pure; places are rows of the ground's spots.

As history has it: centres on main roads, a community's station near its oldest houses. Posts go to
those left out, then to the old town, then to wherever the fewest are near.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gis.demo.ground import LIMIT_CM, Bool, Costs, Float, Ground, Int
from gis.demo.pieces import HIGH, LINK_M, LOW, is_apart, islands
from gis.demo.spots import project
from gis.errors import Infeasible

LEFT = 0.04  # share of households left out by stations, at most
OLD_SHARE = 0.30  # share of all stations in the old town
NEAR_CM = 40_000  # a post serves those within six minutes first of all
APART = 180.0  # two stations are never closer [m]
OLD_CENTRE = 150.0  # from a community's old centre to its station [m]

Choice = list[int]


def place(
    town: Ground,
    costs: Costs,
    old: Bool,
    areas: dict[str, list[str]],
    posts: int,
    free: Bool | None = None,
    wanted: Bool | None = None,
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
    wanted
        (n_building,) who must be served; None: nobody in particular.

    Raises
    ------
    Infeasible
        An area has no road for its station to stand at.
    """
    taken: Choice = []
    found: dict[str, Choice] = {}
    free = np.ones(len(town.spots.xy), dtype=bool) if free is None else free
    wanted = np.zeros(len(town.xy), dtype=bool) if wanted is None else wanted
    for kind in ("centre", "community"):
        found[kind] = [_area_spot(town, old, code, kind, taken, free) for code in areas[kind]]
    found["post"] = _posts(town, costs, _in_old(town, old), taken, posts, (free, wanted))
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
    town: Ground, costs: Costs, old_spot: Bool, taken: Choice, posts: int, space: tuple[Bool, Bool]
) -> Choice:
    """Choose posts one by one: for those left out, then for the share of the old town, then others.

    A few small pieces stay left out. Adds to ``taken``.
    """
    free, must = space
    owing = int(np.ceil(OLD_SHARE * (len(taken) + posts)))
    near, reach = matrix(costs, NEAR_CM), matrix(costs, LIMIT_CM)
    start = len(taken)
    while len(taken) < start + posts:
        may = _apart(town, taken) & free
        score, kept = np.zeros(len(may), dtype=np.int64), np.zeros(len(must), dtype=np.int64)
        for wants in (_left_out, _alone):
            wanted, more = wants(town, costs, taken, must)
            score, kept = np.where(may, reach @ wanted, 0), kept + more
            if score.any():
                break
            may &= reach @ kept == 0
        else:
            in_old = old_spot | (old_spot[taken].sum() >= owing)
            served = costs.count(taken, NEAR_CM)
            score = near @ (3600 * town.households // (1 + served) ** 2)
            score = np.where(_some(may & in_old, may, _apart(town, taken) & free), score, -1)
        taken.append(int(np.argmax(score)))
    return taken[start:]


def _some(*choices: Bool) -> Bool:
    """Return the first of some choices of spots that has any.

    Raises
    ------
    Infeasible
        None has.
    """
    for choice in choices:
        if choice.any():
            return choice
    raise Infeasible("no road is left that a station could stand at")


def _left_out(town: Ground, costs: Costs, taken: Choice, must: Bool) -> tuple[Int, Int]:
    """Return the households left out, by building, that want a post, and those that get none.

    Pieces that make a gap get none, the smallest first, while they are few households, unless
    somebody there must be served.
    """
    wanted = np.where(costs.count(taken) == 0, town.households, 0)
    kept = np.zeros_like(wanted)
    pieces = islands(town.xy, np.flatnonzero(wanted))
    held = [int(wanted[rows].sum()) for rows in pieces]
    for k in np.argsort(held, kind="stable"):
        fits = LOW <= held[k] <= HIGH and not must[pieces[k]].any()
        if fits and kept.sum() + held[k] <= LEFT * town.households.sum():
            kept[pieces[k]] = wanted[pieces[k]]
    return wanted - kept, kept


def _alone(town: Ground, costs: Costs, taken: Choice, must: Bool) -> tuple[Int, Int]:
    """Return the households served by one station that want another, and those that get none.

    Those that make one piece of the right size, apart from any left out, get none: they are a gap
    whenever their station fails them.
    """
    count = costs.count(taken)
    out = np.flatnonzero((count == 0) & (town.households > 0))
    which = np.where(count == 1, costs.nearest(taken)[1], -1)
    wanted = np.where(which >= 0, town.households, 0)
    kept = np.zeros_like(wanted)
    for k in range(len(taken)):
        rows = np.flatnonzero((which == k) & (wanted > 0))
        fits = LOW <= wanted[rows].sum() <= HIGH and not must[rows].any()
        if fits and is_apart(town.xy, rows, out) and len(islands(town.xy, rows, LINK_M)) == 1:
            kept[rows] = wanted[rows]
    return wanted - kept, kept


def matrix(costs: Costs, limit_cm: int) -> csr_array:
    """Return (n_place, n_building) ones where a building reaches a place within a limit."""
    keep = costs.cost <= limit_cm
    start = np.concatenate([[0], np.cumsum(keep)])[costs.start]
    ones: NDArray[np.int64] = np.ones(int(keep.sum()), dtype=np.int64)
    return csr_array((ones, costs.building[keep], start), shape=(len(start) - 1, costs.n_building))
