"""Counts that come out exactly: households and people over buildings, by largest remainder."""

import numpy as np
from numpy.typing import NDArray

from .draws import stream
from .parts import Building

SIZES = np.array([1, 2, 3, 4, 5, 6])  # people in a household, and how common: mean 2.62
COMMON = np.array([0.22, 0.30, 0.23, 0.17, 0.06, 0.02])
VILLAGE = np.array([0.14, 0.26, 0.24, 0.22, 0.10, 0.04])  # mean 3.0


def apportion(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Share a total over weights in whole numbers, by largest remainder, ties to the first.

    Raises
    ------
    ValueError
        All weights are zero, and the total is not.
    """
    if weights.sum() <= 0:
        if total:
            raise ValueError("there is nothing to share over")
        return np.zeros(len(weights), dtype=np.int64)
    exact = weights * (total / weights.sum())
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    rest = np.round(exact - whole, 9)
    most = np.argsort(-rest, kind="stable")[: total - int(whole.sum())]
    whole[most] += 1
    return whole


def households(buildings: list[Building], total: int) -> NDArray[np.int64]:
    """Give each building its households: houses as built, slabs share the rest of the total.

    Raises
    ------
    ValueError
        The slabs would have to be emptier or fuller than they can be.
    """
    natural = np.array([b.natural for b in buildings])
    house = np.array([b.kind in ("house", "village_house") for b in buildings])
    fixed = np.where(house, natural, 0).astype(np.int64)
    rest = total - int(fixed.sum())
    slabs = np.where(house, 0.0, natural)
    if not 0.85 <= rest / slabs.sum() <= 1.12:
        raise ValueError(f"{rest} households for slabs that hold {slabs.sum():.0f}")
    return fixed + apportion(slabs, rest)


def people(
    buildings: list[Building], household: NDArray[np.int64], total: int, seed: int
) -> NDArray[np.int64]:
    """Give each building its people: at least one a household, dormitories 200 to 400."""
    sizes = np.zeros(len(buildings))
    fixed = np.zeros(len(buildings), dtype=np.int64)
    for k, (building, n) in enumerate(zip(buildings, household, strict=True)):
        if building.kind == "dormitory" or n:
            draw = stream(seed, "people", *building.shape.bounds[:2])
            if building.kind == "dormitory":
                fixed[k] = draw.integers(200, 401)
            else:
                shares = VILLAGE if building.kind == "village_house" else COMMON
                sizes[k] = draw.multinomial(n, shares) @ SIZES - n
    rest = total - int(fixed.sum() + household.sum())
    return fixed + household + apportion(sizes, rest)
