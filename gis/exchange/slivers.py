"""Areas of a file and those stored, as one tree: where they fail to tile, and how to mend that.

Mending snaps neighbours to each other within a metre or less, gives gaps of up to two metres to the
neighbour with the longest border, and draws every tiled area anew as the union of its children.
What is stored stays where it is if it can, to the last digit. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.crs import LocalPlane, snap
from gis.districts import District
from gis.errors import TilingError
from gis.exchange.compare import Compared
from gis.exchange.shapes import Refused, Shapes
from gis.tiling import dissolve, faults

SNAPS_M, GAP_M = (1.0, 0.1, 0.01, 0.0), 2.0
M_PER_DEG = 111_320.0
UPWARDS = ("community", "subdistrict", "district")


@dataclass(frozen=True, slots=True)
class Mended:
    """An area that mending redrew: how much ground it gained and lost [m2]."""

    code: str
    name: str
    gained_m2: float
    lost_m2: float


@dataclass(frozen=True, slots=True)
class Tree:
    """All areas as they would be: columns code, name, level, parent, tiled, row, stored, drawn.

    ``row`` is the position in the file, ``stored`` among what is stored, -1 for neither; ``drawn``
    says that the file draws it anew: it is what gives way.
    """

    frame: pd.DataFrame
    shape: Shapes


def coded(frame: pd.DataFrame, before: pd.DataFrame, refused: Refused) -> None:
    """Give new areas without a code the next number below their parent."""
    used = {code for code in [*frame["code"], *before["code"]] if code is not None}
    codes = frame["code"].tolist()
    for row, (code, parent) in enumerate(zip(codes, frame["parent"], strict=True)):
        if code is None and parent is not None and row not in refused:
            free = (f"{parent}{k:03d}" for k in range(1, 1000))
            codes[row] = next(one for one in free if one not in used)
            used.add(codes[row])
    frame["code"] = pd.Series(codes, dtype=object)


def settle(
    home: District, row: Compared, refused: Refused, before: pd.DataFrame, repair: bool
) -> tuple[Compared, list[Mended]]:
    """Return the rows as they can be stored, and what was mended for it.

    Raises
    ------
    TilingError
        The children of a tiled area do not tile it; the values name a place and how many there are.
    """
    tree = grown(row, refused, before)
    mended: list[Mended] = []
    if repair:
        tree, mended = _mend(home, tree)
        at, stored = tree.frame["row"].to_numpy(), tree.frame["stored"].to_numpy()
        row = redrawn(row, at, stored, tree.shape, before)
    broken = list(_broken(tree))
    if broken:
        name, fault, _ = broken[0]
        lon, lat = fault.place
        raise TilingError(
            "slivers", area=name, count=sum(n for *_, n in broken), at=f"{lon:.6f} {lat:.6f}"
        )
    return row, mended


def grown(row: Compared, refused: Refused, before: pd.DataFrame) -> Tree:
    """Return the tree of what is stored with the rows of the file put in."""
    assert row.shape is not None
    rows = [k for k in range(len(row.frame)) if k not in refused]
    taken = {int(row.target[k]): k for k in rows if row.target[k] >= 0}
    rest = [k for k in range(len(before)) if k not in taken]
    names = ["code", "name", "level", "parent", "tiled"]
    drawn = [row.target[k] < 0 or "geometry" in row.changes[k] for k in rows]
    ours = row.frame.loc[rows, names].assign(row=rows, stored=row.target[rows], drawn=drawn)
    theirs = before.loc[rest, names].assign(row=-1, stored=rest, drawn=False)
    frame = pd.concat([ours, theirs], ignore_index=True) if rest else ours.reset_index(drop=True)
    parents = set(frame["parent"])
    tiled = [code in parents if told is None else bool(told)
             for code, told in zip(frame["code"], frame["tiled"], strict=True)]  # fmt: skip
    shape = [*row.shape[rows], *before["geometry"].iloc[rest]]
    return Tree(frame.assign(tiled=tiled), np.array(shape, dtype=object))


def _mend(home: District, tree: Tree) -> tuple[Tree, list[Mended]]:
    """Mend what does not tile with the snapping that redraws the fewest areas, if any helps."""
    if _tiles(tree):
        return tree, []
    found = [mend(home, tree, metres) for metres in SNAPS_M]
    return min(found, key=lambda one: (not _tiles(one[0]), len(one[1])))


def _tiles(tree: Tree) -> bool:
    return next(iter(_broken(tree)), None) is None


def mend(home: District, tree: Tree, metres: float) -> tuple[Tree, list[Mended]]:
    """Return the tree without slivers, vertices snapped within a distance, and what moved."""
    shaped = ~shapely.is_missing(tree.shape)
    parents = set(tree.frame["parent"][shaped])
    lowest = np.flatnonzero(shaped & ~tree.frame["code"].isin(parents).to_numpy())
    lowest = lowest[np.argsort(tree.frame["drawn"].to_numpy()[lowest], kind="stable")]
    shape = tree.shape.copy()
    shape[lowest] = _cleaned(tree.shape[lowest], home.latitude, metres)
    for level in UPWARDS:
        at = (tree.frame["level"] == level) & tree.frame["tiled"].astype(bool) & shaped
        for k in np.flatnonzero(at.to_numpy()).tolist():
            children = _children(tree, shape, k)
            if children:
                shape[k] = dissolve(children, [0] * len(children))[0]
    return Tree(tree.frame, shape), _moved(home, tree, shape)


def _cleaned(shape: Shapes, latitude: float, metres: float) -> Shapes:
    """Snap areas to those before them; degrees are scaled, not projected: the rest stays put."""
    scale = np.array([np.cos(np.radians(latitude)), 1.0])
    there = shapely.transform(shape, lambda xy: xy * scale)
    clean = shapely.coverage_clean(
        there, snapping_distance=metres / M_PER_DEG, gap_width=GAP_M / M_PER_DEG
    )
    back = shapely.transform(clean, lambda xy: snap(xy / scale))
    return np.array([_multi(one) for one in back], dtype=object)


def _multi(shape: Any) -> Any:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape


def _children(tree: Tree, shape: Shapes, k: int) -> Sequence[Any]:
    at = np.flatnonzero((tree.frame["parent"] == tree.frame["code"].iat[k]).to_numpy())
    return [shape[i] for i in at if shape[i] is not None]


def _moved(home: District, tree: Tree, shape: Shapes) -> list[Mended]:
    plane = LocalPlane(home.longitude, home.latitude)
    found = []
    for k in np.flatnonzero(~_same(tree.shape, shape)).tolist():
        was, now = shapely.make_valid(plane.project(np.array([tree.shape[k], shape[k]])))
        gained, lost = (float(shapely.area(shapely.difference(*pair))) for pair in
                        ((now, was), (was, now)))  # fmt: skip
        code, name = tree.frame["code"].iat[k], tree.frame["name"].iat[k]
        found.append(Mended(code, name, round(gained, 2), round(lost, 2)))
    return sorted(found, key=lambda one: (-one.gained_m2 - one.lost_m2, one.code))


def _same(one: Shapes, other: Shapes) -> Any:
    missing = shapely.is_missing(one)
    return missing | (
        shapely.to_wkb(shapely.normalize(one)) == shapely.to_wkb(shapely.normalize(other))
    )


def redrawn(
    row: Compared, at: Any, stored: Any, drawn: Shapes, before: pd.DataFrame
) -> Compared:  # fmt: skip
    """Lay shapes over the rows; something stored that changed by it becomes a row of its own.

    Parameters
    ----------
    at, stored
        (n,) of each shape its position in the file and among what is stored, -1 for neither.
    """
    assert row.shape is not None
    shape, changes = row.shape.copy(), list(row.changes)
    was = np.array([before["geometry"].iat[k] if k >= 0 else None for k in stored], dtype=object)
    moved = ~_same(was, drawn) & ~shapely.is_missing(was)
    for k in np.flatnonzero(at >= 0).tolist():
        i = int(at[k])
        shape[i] = drawn[k]
        rest = tuple(name for name in changes[i] if name != "geometry")
        changes[i] = (*rest, "geometry") if moved[k] else rest
    more = np.flatnonzero((at < 0) & moved)
    if not len(more):
        return Compared(row.frame, shape, row.target, changes)
    added = before.loc[stored[more], [n for n in row.frame if n != "line"]].assign(line=0)
    frame = pd.concat([row.frame, added], ignore_index=True)
    return Compared(frame, np.concatenate([shape, drawn[more]]),
                    np.concatenate([row.target, stored[more]]),
                    [*changes, *([("geometry",)] * len(more))])  # fmt: skip


def _broken(tree: Tree) -> Any:
    """Yield name, first fault and number of faults of each tiled area that is not tiled."""
    for k in np.flatnonzero(tree.frame["tiled"].astype(bool).to_numpy()).tolist():
        children = _children(tree, tree.shape, k)
        if children and tree.shape[k] is not None:
            found = faults(tree.shape[k], children)
            if found:
                yield tree.frame["name"].iat[k], found[0], len(found)
