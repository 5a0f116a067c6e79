"""The guard of the datum: whether a file clearly lies better on what is known under another.

Five kinds of evidence, each a share of the file's features that fits, under every datum: things of
the same code or name lie where they are stored; vertices of ways and areas lie on known ways and
areas; buildings lie on known buildings; buildings keep off the ways; buildings line the ways. What
is right fits at least as well as what is shifted by half a kilometre, so where another datum fits
more of them by a fifth, far beyond chance, the file is of that datum.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import LocalPlane, convert
from gis.districts import District
from gis.errors import BadInput
from gis.exchange import known
from gis.exchange.parsing import Rows
from gis.exchange.shapes import CHINA, Shapes
from sql.database import Conn

LEAST, MOST = 30, 3000  # features: with fewer a picture is asked, more say nothing new
CANDIDATES = ("wgs84", "gcj02", "bd09")  # CGCS2000 is WGS 84 to a few centimetres
MARGIN, CLEAR, BEYOND_CHANCE = 0.2, 0.6, 5.0
HERE_M, ON_M, LINED_M = 30.0, 5.0, (0.5, 15.0)

Share = Callable[[Shapes], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Fit:
    """What the guard measured: the share of features that fit, by evidence and datum."""

    shares: dict[str, dict[str, float]]
    features: int


def check(conn: Conn, home: District, rows: Rows, before: pd.DataFrame, datum: str) -> Fit | None:
    """Measure how a file fits under each datum; None: too few features, or outside China.

    Raises
    ------
    BadInput
        It clearly fits another; the values name that and the shift [m].
    """
    at = _sample(rows)
    if rows.shape is None or len(at) < LEAST or not _in_china(home):
        return None
    plane = LocalPlane(home.longitude, home.latitude)
    raw = rows.shape[at]
    under = {name: plane.project(convert(raw, name)) for name in CANDIDATES}
    said = "wgs84" if datum == "cgcs2000" else datum
    shares = {}
    for name, share in _evidence(conn, home, rows, before, plane, at):
        fits = {one: share(shape) for one, shape in under.items()}
        shares[name] = {one: round(float(fit.mean()), 3) for one, fit in fits.items()}
        best = max(CANDIDATES, key=lambda one: (fits[one].mean(), one == said))
        if best != said and _is_clear(fits[said], fits[best]):
            metres = _apart(under[said], under[best])
            raise BadInput("datum_shift", metres=metres, likely=best, datum=datum)
    return Fit(shares, len(at))


def _sample(rows: Rows) -> NDArray[np.int64]:
    """Return positions of features that can be measured, evenly through the file."""
    if rows.shape is None:
        return np.zeros(0, dtype=np.int64)
    usable = ~shapely.is_missing(rows.shape) & ~shapely.is_empty(rows.shape)
    usable[list(rows.refused)] = False
    found = np.flatnonzero(usable)
    step = np.linspace(0, len(found) - 1, min(MOST, len(found))).astype(np.int64)
    return np.asarray(found[np.unique(step)] if len(found) else found, dtype=np.int64)


def _in_china(home: District) -> bool:
    west, south, east, north = CHINA
    return west < home.longitude < east and south < home.latitude < north


def _is_clear(said: NDArray[np.bool_], best: NDArray[np.bool_]) -> bool:
    """Tell whether one share is above the other by much and beyond chance (two proportions)."""
    p, q, n = float(said.mean()), float(best.mean()), len(said)
    spread = np.sqrt(max((p * (1 - p) + q * (1 - q)) / n, 1e-12))
    return q >= CLEAR and q - p >= MARGIN and (q - p) / spread >= BEYOND_CHANCE


def _apart(one: Shapes, other: Shapes) -> int:
    return round(float(np.median(shapely.distance(_middle(one), _middle(other)))))


def _evidence(
    conn: Conn, home: District, rows: Rows, before: pd.DataFrame, plane: LocalPlane,
    at: NDArray[np.int64],
) -> Iterator[tuple[str, Share]]:  # fmt: skip
    """Yield what can be measured for this kind with what is stored, the strongest first."""
    there = _same(rows, before, at)
    if (there >= 0).sum() >= LEAST:
        stored = plane.project(np.asarray(before["geometry"], dtype=object))
        yield "same", lambda shape: _lies_there(shape, stored, there)
    ways = plane.project(known.shapes(conn, home, "ways"))
    if rows.kind.table in ("way", "area"):
        areas = shapely.boundary(plane.project(known.shapes(conn, home, "areas")))
        lines = shapely.STRtree(np.concatenate([ways, areas]))
        yield "lines", lambda shape: _lies_on(shape, lines)
    if rows.kind.table == "building":
        houses = plane.project(np.asarray(before["geometry"], dtype=object))
        if len(houses) >= LEAST:
            roofs = shapely.STRtree(houses)
            yield "roofs", lambda shape: _meets(_middle(shape), roofs)
        if len(ways):
            streets = shapely.STRtree(ways)
            yield "clear", lambda shape: ~_meets(shape, streets)
            yield "lined", lambda shape: _lines(shape, streets)


def _same(rows: Rows, before: pd.DataFrame, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which stored thing has a row's code, else its name if only one has; -1 for none."""
    found = np.full(len(at), -1, dtype=np.int64)
    for key in ("name", "code"):
        if key in rows.frame and key in before:
            once = before[key][~before[key].duplicated(keep=False)]
            place = {value: k for k, value in once.items() if value}
            mine = rows.frame[key].to_numpy(dtype=object)[at]
            hits = np.array([place.get(value, -1) for value in mine], dtype=np.int64)
            found = np.where(hits >= 0, hits, found)
    return found


def _middle(shape: Shapes) -> Shapes:
    return np.asarray(shapely.centroid(shape))


def _lies_there(shape: Shapes, stored: Shapes, there: NDArray[np.int64]) -> NDArray[np.bool_]:
    has = (there >= 0) & ~shapely.is_missing(stored[np.maximum(there, 0)])
    metres = shapely.distance(_middle(shape[has]), _middle(stored[there[has]]))
    return np.asarray(metres < HERE_M)


def _lies_on(shape: Shapes, lines: shapely.STRtree) -> NDArray[np.bool_]:
    """Tell of each vertex (a few thousand of them) whether a known line runs there."""
    xy = shapely.get_coordinates(shape)
    step = np.unique(np.linspace(0, len(xy) - 1, min(MOST, len(xy))).astype(int))
    return _within(shapely.points(xy[step]), lines, 0.0, ON_M)


def _meets(shape: Shapes, tree: shapely.STRtree) -> NDArray[np.bool_]:
    hits = tree.query(shape, predicate="intersects")[0]
    return np.asarray(np.isin(np.arange(len(shape)), hits))


def _lines(shape: Shapes, streets: shapely.STRtree) -> NDArray[np.bool_]:
    return _within(shape, streets, *LINED_M)


def _within(shape: Shapes, tree: shapely.STRtree, least: float, most: float) -> NDArray[np.bool_]:
    """Tell which shapes have their nearest neighbour at such a distance [m]."""
    (row, _), metres = tree.query_nearest(
        shape, max_distance=most, return_distance=True, all_matches=False
    )
    found = np.zeros(len(shape), dtype=bool)
    found[row] = metres >= least
    return found
