"""Where a station may stand: spots along the roads, off the carriageway. Pure, in local metres."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.content import Content
from gis.crs import LocalPlane

HALF_WIDTH = {"primary": 15.0, "secondary": 10.0, "tertiary": 5.5, "residential": 5.5}
NARROW = 1.5  # half of every other way
OFFSET = {"primary": (16.0,), "secondary": (16.0, 12.5), "tertiary": (16.0, 7.5)}
SIDE_OFFSET = (16.0, 7.5)
RANK = {"primary": 0, "secondary": 1, "tertiary": 2, "residential": 2, "unclassified": 2}
STEP = 50.0  # between two spots of a road
CELL = 42.0  # at most one spot in a cell of this size
CLEAR = 1.0  # from a building or the water

Float = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Places for stations, main roads first, then by place.

    Attributes
    ----------
    xy
        (n, 2) x east, y north [m].
    rank
        (n,) 0 on a main road, 1 on one of second rank, 2 on a side road.
    road
        (n,) name of the road, perhaps empty.
    """

    xy: Float
    rank: NDArray[np.int64]
    road: NDArray[np.object_]


def spots(content: Content, plane: LocalPlane) -> Spots:
    """Return spots beside the named and side roads of a town, inside its district.

    A spot is 16 m off the centreline, or nearer where the wall stands nearer: never on a road, in
    water, within a metre of a building or inside a compound.
    """
    way = content.way.sort_values("code")
    line = project(way.geometry.to_numpy(), plane)
    rank = way["highway"].map(RANK).fillna(9).to_numpy(dtype=np.int64)
    found = pd.concat([_beside(line, way, rank, k) for k in (0, 1)], ignore_index=True)
    found = found[_at_home(found[["x", "y"]].to_numpy(), content, plane)]
    found = found[_clear(found[["x", "y"]].to_numpy(), content, plane, way, line)]
    found["cell"] = list(zip(found["x"] // CELL, found["y"] // CELL, strict=True))
    found = found.sort_values(["rank", "x", "y"]).drop_duplicates("cell")
    return Spots(
        found[["x", "y"]].to_numpy(), found["rank"].to_numpy(), found["road"].to_numpy(dtype=object)
    )


def project(shape: Shapes, plane: LocalPlane) -> Shapes:
    """Project shapes from degrees to local metres, rounded to the millimetre."""

    def forward(lonlat: Float) -> Float:
        xy = np.stack(plane.forward(*lonlat.T), axis=1)
        return np.asarray(np.round(xy, 3) + 0.0, dtype=np.float64)

    return np.asarray(shapely.transform(np.asarray(shape, dtype=object), forward))


def _beside(line: Shapes, way: pd.DataFrame, rank: NDArray[np.int64], k: int) -> pd.DataFrame:
    """Return spots on both sides of every road, at the ``k``-th of its offsets."""
    road = np.flatnonzero(
        (rank < 9) & ~way["bridge"].to_numpy(bool) & ~way["tunnel"].to_numpy(bool)
    )
    n = np.maximum(shapely.length(line[road]) // STEP, 1).astype(np.int64)
    of = np.repeat(road, n)
    share = (np.concatenate([np.arange(m) for m in n]) + 0.5) / np.repeat(n, n) if len(n) else n
    at = [_along(line[of], share + shift) for shift in (-0.001, 0.0, 0.001)]
    across = (at[2] - at[0]) @ np.array([[0, 1], [-1, 0]])  # to the left
    across /= np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    highway = way["highway"].to_numpy()[of]
    offset = np.array(
        [OFFSET.get(h, SIDE_OFFSET)[min(k, len(OFFSET.get(h, SIDE_OFFSET)) - 1)] for h in highway]
    )
    xy = np.concatenate([at[1] + side * offset[:, None] * across for side in (1, -1)])
    xy = np.round(xy, 3) + 0.0
    name = way["name"].fillna("").to_numpy(dtype=object)[of]
    return pd.DataFrame(
        {"x": xy[:, 0], "y": xy[:, 1], "rank": np.tile(rank[of], 2), "road": np.tile(name, 2)}
    )


def _along(line: Shapes, share: Float) -> Float:
    point = shapely.line_interpolate_point(line, share, normalized=True)
    return np.asarray(shapely.get_coordinates(point))


def _at_home(xy: Float, content: Content, plane: LocalPlane) -> NDArray[np.bool_]:
    """Tell which points lie inside the district."""
    district = content.area.geometry[content.area["level"] == "district"]
    outline = shapely.union_all(project(district.to_numpy(), plane))
    shapely.prepare(outline)
    return np.asarray(shapely.contains_xy(outline, *xy.T))


def _clear(
    xy: Float, content: Content, plane: LocalPlane, way: pd.DataFrame, line: Shapes
) -> NDArray[np.bool_]:
    """Tell which points lie on no road, in no water, compound or building."""
    point = shapely.points(xy)
    taken = np.zeros(len(xy), dtype=bool)
    for shape, gap in [
        (content.water.geometry, CLEAR),
        (content.building.geometry, CLEAR),
        (content.compound.geometry, 0.0),
    ]:
        tree = shapely.STRtree(project(shape.to_numpy(), plane))
        taken[tree.query(point, predicate="dwithin", distance=gap)[0]] = True
    half = way["highway"].map(HALF_WIDTH).fillna(NARROW).to_numpy()
    at, of = shapely.STRtree(line).query(
        point, predicate="dwithin", distance=max(HALF_WIDTH.values())
    )
    near = shapely.distance(point[at], line[of]) < half[of]
    taken[at[near]] = True
    return ~taken
