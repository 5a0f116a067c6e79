"""The areas of a sample district: units become grids, communities, subdistricts, top down.

Pure. Everything is in local metres; each area's polygon is the exact union of its units.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import Infeasible
from gis.proposal import Graph, border, divide, graph, tied
from gis.tiling import dissolve

from .admin import District, Subdistrict
from .naming import heading, name_areas, reading_order

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Names = dict[str, str]

LOW, HIGH = 300, 500  # households of a grid
BAND = 330.0  # grids are numbered in bands so high [m]
TRIES = 4
PLANS = 2  # divisions of a subdistrict to choose from
PULL = 100.0  # cost of a whole district on the wrong side, relative to its distance
LEVELS = {6: "district", 9: "subdistrict", 12: "community", 15: "grid"}
NOWHERE: Mapping[str, BaseGeometry] = {}


@dataclass(frozen=True, slots=True)
class _Level:
    """How far a part of this level may be off its aim, and how many partitions to choose from."""

    off: float
    starts: int


SUBDISTRICT, COMMUNITY, GRID = _Level(0.05, 6), _Level(0.14, 1), _Level(np.inf, 1)


@dataclass(frozen=True, slots=True)
class _Town:
    """Units in order of their codes, one point of each, and what the draws depend on."""

    graph: Graph
    point: Floats
    seed: int
    marks: Mapping[str, BaseGeometry]

    def of(self, nodes: Ints) -> "_Town":
        return replace(self, graph=self.graph.part(nodes), point=self.point[nodes])

    def divide(self, level: _Level, share: tuple[int, ...], *key: object) -> Ints:
        """Return the part of each unit; ``share`` is how many grids each part is to have."""
        aim = int(self.graph.weight.sum()) / sum(share)
        low, high = max(LOW, aim * (1 - level.off)), min(HIGH, aim * (1 + level.off))
        return divide(self.graph, share, low, high, _key(self.seed, *key), level.starts)

    def middles(self, part: Ints) -> Floats:
        """Return the mean point of each part [m]."""
        number = np.bincount(part)
        return np.column_stack([np.bincount(part, xy) / number for xy in self.point.T])


def areas(
    units: gpd.GeoDataFrame,
    seam: pd.DataFrame,
    district: District,
    seed: int,
    marks: Mapping[str, BaseGeometry] = NOWHERE,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Divide a district's units into subdistricts, these into communities, these into grids.

    Each level is a connected partition of its parent, balanced by households: 300 to 500 a grid.
    Where no crossing joins a piece of the town to the rest, its longest seam does.

    Parameters
    ----------
    units
        code, households, compound (a code or None) and geometry [m]; they tile the district.
    seam
        unit_a, unit_b, length_m, kind, and barrier if it is not to follow from the kind.
    marks
        Where things are that names speak of [m]: river, station, gate, park, new.

    Returns
    -------
    The areas (code, level, name, parent, tiled, geometry [m]) by code, and the code of each
    unit's grid, by the unit's code.

    Raises
    ------
    Infeasible
        The units allow no such division; the text names what stands in the way.
    """
    whole, rows = graph(units["code"].tolist(), units["households"].to_numpy(), _inner(units, seam))
    shapes = units.geometry.to_numpy()[rows]
    point = np.round(shapely.get_coordinates(shapely.centroid(shapes)), 2)
    town = _Town(tied(whole), point, seed, marks)
    grid, names = _district(town, district)
    codes = pd.Series(grid, index=pd.Index(whole.code, name="unit"), name="grid")
    return _table(names, shapes, codes), codes


def _inner(units: gpd.GeoDataFrame, seam: pd.DataFrame) -> pd.DataFrame:
    """Return the seams with those inside a compound made inner paths."""
    compound = units.set_index("code")["compound"]
    one, other = (compound.reindex(seam[side]).to_numpy() for side in ("unit_a", "unit_b"))
    inside = (one == other) & pd.notna(one)
    return seam.assign(kind=seam["kind"].where(~inside, "path"))


def _key(seed: int, *words: object) -> int:
    text = "/".join(str(word) for word in (seed, *words))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _district(town: _Town, district: District) -> tuple[NDArray[np.object_], Names]:
    """Return the code of each unit's grid, and the names of all areas by code."""
    names = {district.code: district.name}
    names |= {part.code: part.name for part in district.subdistricts}
    town = replace(town, graph=replace(town.graph, pull=_pull(town, district.subdistricts)))
    share = tuple(part.grids for part in district.subdistricts)
    for attempt in range(TRIES):
        part = town.divide(SUBDISTRICT, share, district.code, attempt)
        grid = np.empty(len(part), dtype=object)
        try:
            for i, subdistrict in enumerate(district.subdistricts):
                nodes = np.flatnonzero(part == i)
                grid[nodes], own = _subdistrict(town.of(nodes), subdistrict)
                names |= own
        except Infeasible as error:
            reason = error
            continue
        return grid, names
    raise reason


def _pull(town: _Town, subdistricts: tuple[Subdistrict, ...]) -> Floats | None:
    """Return what it costs to have each unit in a subdistrict that is called after a direction."""
    wish = np.array([heading(part.name) for part in subdistricts])
    if not wish.any():
        return None
    weight = town.graph.weight[:, None] / max(int(town.graph.weight.sum()), 1)
    offset = town.point - (town.point * weight).sum(axis=0)
    return np.asarray(np.round(-PULL * weight * (offset @ wish.T), 3), dtype=np.float64)


def _subdistrict(town: _Town, subdistrict: Subdistrict) -> tuple[NDArray[np.object_], Names]:
    """Return grids and names as ``_district``, by the cheapest of ``PLANS`` that fit."""
    town = replace(town, graph=replace(town.graph, pull=None))
    found: list[tuple[float, int, Ints, Ints]] = []
    for attempt in range(TRIES + PLANS):
        community = town.divide(COMMUNITY, subdistrict.share, subdistrict.code, attempt)
        try:
            grid = _grids(town, community, subdistrict, attempt)
        except Infeasible as error:
            reason = error
            continue
        cost = border(town.graph, community * len(grid) + grid)
        found.append((cost, attempt, community, grid))
        if len(found) == PLANS:
            break
    if not found:
        raise reason
    _, _, community, grid = min(found, key=lambda plan: plan[:2])
    return _named(town, community, grid, subdistrict)


def _grids(town: _Town, community: Ints, subdistrict: Subdistrict, attempt: int) -> Ints:
    """Return the number of each unit's grid in its community."""
    grid = np.empty_like(community)
    for i, n_grid in enumerate(subdistrict.share):
        nodes = np.flatnonzero(community == i)
        here = town.of(nodes)
        part = here.divide(GRID, (1,) * n_grid, subdistrict.code, i, attempt)
        number = np.empty(n_grid, dtype=np.int64)
        number[reading_order(here.middles(part), BAND)] = np.arange(n_grid)
        grid[nodes] = number[part]
    return grid


def _named(
    town: _Town, community: Ints, grid: Ints, subdistrict: Subdistrict
) -> tuple[NDArray[np.object_], Names]:
    """Return the grids' codes by unit, and the names of communities and grids by code."""
    known = subdistrict.communities
    which = name_areas([name for _, name in known], town.middles(community), town.marks)
    names: Names = {}
    for i, n_grid in zip(which.tolist(), subdistrict.share, strict=True):
        code, name = known[i]
        names[code] = name
        short = name.removesuffix("社区")
        names |= {f"{code}{k:03d}": f"{short} {k:02d}" for k in range(1, n_grid + 1)}
    codes = np.array([known[i][0] for i in which.tolist()], dtype=object)[community]
    return codes + np.array([f"{k + 1:03d}" for k in grid.tolist()], dtype=object), names


def _table(names: Names, shapes: NDArray[np.object_], grid: pd.Series) -> gpd.GeoDataFrame:
    """Unite the units level by level, and return all areas by code."""
    shape = dissolve(shapes, grid.to_numpy(str))
    level = dict(shape)
    for digits in (12, 9, 6):
        level = dissolve(list(level.values()), [code[:digits] for code in level])
        shape |= level
    codes = sorted(shape)
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "level": [LEVELS[len(code)] for code in codes],
            "name": [names[code] for code in codes],
            "parent": [code[:-3] if len(code) > 6 else None for code in codes],
            "tiled": [len(code) < 15 for code in codes],
        },
        geometry=[shape[code] for code in codes],
    )
