"""Shapes of a file become shapes of ours; each that cannot is refused with its reason.

All arrays have a row for each row of the file. A refusal is a `BadInput` at a row's position.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis import crs
from gis.errors import BadInput
from gis.exchange import cells
from gis.exchange.kinds import Kind
from gis.exchange.sheet import Sheet

Refused = dict[int, BadInput]
Shapes = NDArray[np.object_]
Reason = Callable[[Any], BadInput]
CHINA = (72.0, 17.0, 136.0, 54.5)  # west, south, east, north


def raw(sheet: Sheet, columns: Mapping[str, list[Any]], refused: Refused) -> Shapes:
    """Return the shapes as the file has them: its own, or of its columns of text or numbers."""
    if sheet.shape is not None and any(shape is not None for shape in sheet.shape):
        return sheet.shape
    found = np.full(len(sheet), None, dtype=object)
    if "geometry" in columns:
        found[:] = _each(columns["geometry"], _of_text, refused)
    elif "lonlat" in columns:
        found[:] = _each(columns["lonlat"], _of_pair, refused)
    elif "lon" in columns and "lat" in columns:
        pairs = list(zip(columns["lon"], columns["lat"], strict=True))
        found[:] = _each(pairs, _of_numbers, refused)
    return found


def check(kind: Kind, shape: Shapes, refused: Refused, centre: tuple[float, float]) -> None:
    """Refuse what is missing, not a number, off the world, of another type, or crosses itself.

    ``centre`` is the district's: a place that would be near it with its numbers swapped is told so.
    """
    types = shapely.get_type_id(shape)
    finite = _is_finite(shape)
    wanted = [NUMBERS[name] for name in kind.shapes]
    tests: list[tuple[Any, Reason]] = [
        (shapely.is_missing(shape), lambda s: BadInput("shape_missing")),
        (~finite, lambda s: BadInput("shape_not_a_number")),
        (shapely.is_empty(shape), lambda s: BadInput("shape_empty")),
        (~_is_on_globe(shape) | _is_far(shape, centre), lambda s: _misplaced(s, centre)),
        (~np.isin(types, wanted), lambda s: _other_type(s, kind)),
        (finite & ~_is_valid(shape, finite), _crossed),
    ]
    for wrong, reason in tests:
        for row in np.flatnonzero(wrong).tolist():
            if row not in refused:
                refused[row] = reason(shape[row])


def single(kind: Kind, shape: Shapes) -> Shapes:
    """Return lines out of collections of one, and areas as collections: as ours are."""
    if kind.table == "way":
        merged = shapely.line_merge(shape)
        one = shapely.get_num_geometries(shape) == 1
        return np.asarray(np.where(one, shapely.get_geometry(shape, 0), merged))
    if kind.table == "area":
        return np.array([_multi(s) for s in shape], dtype=object)
    return shape


NUMBERS = {"Point": 0, "LineString": 1, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5,
           "MultiPolygon": 6}  # fmt: skip
FAR_DEG = 3.0  # a district is a degree wide at most


def _each(values: list[Any], read: Any, refused: Refused) -> list[Any]:
    found: list[Any] = [None] * len(values)
    for row, value in enumerate(values):
        try:
            found[row] = read(value)
        except BadInput as error:
            refused.setdefault(row, error)
    return found


def _of_text(value: Any) -> Any:
    text = cells.plain(value)
    if not text:
        return None
    shape = shapely.from_wkt(text, on_invalid="ignore")
    if shape is None:
        raise BadInput("shape_text", text=text[:40])
    return shape


def _of_pair(value: Any) -> Any:
    parts = cells.narrow(value).replace("，", ",").replace(" ", ",").split(",")
    parts = [part for part in parts if part]
    if not parts:
        return None
    if len(parts) != 2:
        raise BadInput("shape_text", text=cells.plain(value)[:40])
    return _of_numbers((parts[0], parts[1]))


def _of_numbers(pair: tuple[Any, Any]) -> Any:
    lon, lat = (cells.number(value) for value in pair)
    return None if lon is None or lat is None else shapely.Point(lon, lat)


def _is_valid(shape: Shapes, finite: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found = np.zeros(len(shape), dtype=bool)
    found[finite] = shapely.is_valid(shape[finite])
    return found


def _is_finite(shape: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes have numbers alone for coordinates; missing ones have."""
    xy, row = shapely.get_coordinates(shape, return_index=True)
    wrong = row[~np.isfinite(xy).all(axis=1)]
    return np.asarray(np.bincount(wrong, minlength=len(shape)) == 0)


def _is_on_globe(shape: Shapes) -> NDArray[np.bool_]:
    box = shapely.bounds(shape)
    with np.errstate(invalid="ignore"):
        wrong = (np.abs(box[:, [0, 2]]) > 180).any(axis=1) | (np.abs(box[:, [1, 3]]) > 90).any(
            axis=1
        )
    return np.asarray(~wrong)


def _is_far(shape: Shapes, centre: tuple[float, float]) -> NDArray[np.bool_]:
    box = shapely.bounds(shape)
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(box - [*centre, *centre]) > FAR_DEG).any(axis=1))


def _misplaced(shape: Any, centre: tuple[float, float]) -> BadInput:
    x, y = shape.bounds[:2]
    at = f"{x:.6g} {y:.6g}"
    if abs(y - centre[0]) < FAR_DEG and abs(x - centre[1]) < FAR_DEG:
        return BadInput("shape_swapped", at=at)
    if abs(x) > 180 or abs(y) > 90:
        return BadInput("shape_off_globe", at=at)
    return BadInput("shape_elsewhere", at=at)


def _other_type(shape: Any, kind: Kind) -> BadInput:
    return BadInput("shape_type", type=shape.geom_type, known="、".join(kind.shapes))


def _crossed(shape: Any) -> BadInput:
    why, _, at = shapely.is_valid_reason(shape).partition("[")
    return BadInput("shape_invalid", reason=why.strip(), at=at.rstrip("]") or "–")


def _multi(shape: Any) -> Any:
    is_one = shape is not None and shape.geom_type == "Polygon"
    return shapely.MultiPolygon([shape]) if is_one else shape


def seen(raw: Shapes, shape: Shapes, datum: str, centre: tuple[float, float]) -> Shapes:
    """Return what a map can show of each row: as it would be stored, else as the file has it."""
    found = shape.copy()
    lacks = shapely.is_missing(shape[: len(raw)]) & ~shapely.is_missing(raw)
    lacks &= _is_finite(raw) & ~shapely.is_empty(raw) & ~_is_far(raw, centre)
    at = np.flatnonzero(lacks)
    found[at] = crs.convert(raw[at], datum)
    return found


def stored(shape: Shapes, datum: str, refused: Refused) -> Shapes:
    """Return the shapes in stored coordinates; refused rows have none."""
    kept = shape.copy()
    kept[list(refused)] = None
    return crs.convert(kept, datum)
