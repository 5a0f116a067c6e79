"""Rows of a file beside what is stored: which thing each one is, and what it would change. Pure.

Things are known by their code, else by name and place. A cell left empty, or a column the file does
not have, leaves what is stored; something new gets the default of the field.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.districts import District
from gis.errors import BadInput
from gis.exchange import known
from gis.exchange.kinds import REQUIRED, Kind
from gis.exchange.shapes import Refused, Shapes

NEW = -1
ROUNDING_DEG = 2.1e-9  # there and back through another datum, each on the lattice
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compared:
    """Each row as it would be stored, and what that means.

    ``target`` is the position among what is stored, -1 for something new; ``changes`` names the
    fields that differ, empty where nothing does; ``shape`` is in stored coordinates.
    """

    frame: pd.DataFrame
    shape: Shapes | None
    target: Positions
    changes: list[tuple[str, ...]]


def targets(
    kind: Kind, frame: pd.DataFrame, shape: Shapes | None, before: pd.DataFrame, home: District,
    refused: Refused,
) -> Positions:  # fmt: skip
    """Return which stored thing each row is; of rows that are one thing the first counts."""
    found = _by_code(frame, before)
    for keys in _other_keys(kind):
        _by_key(keys, frame, before, found)
    if shape is not None and kind.shapes and kind.table != "area":
        _by_place(kind, frame, shape, before, home, found)
    _refuse_twice(kind, frame, shape, found, home, refused)
    return found


def overlay(
    kind: Kind, frame: pd.DataFrame, shape: Shapes | None, before: pd.DataFrame, target: Positions,
    refused: Refused,
) -> Compared:  # fmt: skip
    """Lay what a file says over what is stored, or over the defaults."""
    old = target >= 0
    at = target[old]
    filled = pd.DataFrame({"line": frame["line"]})
    changes: list[list[str]] = [[] for _ in range(len(frame))]
    for field in kind.fields:
        now = np.full(len(frame), None, dtype=object)
        if old.any() and field.name in before:
            now[old] = before[field.name].to_numpy(dtype=object)[at]
        given = _given(frame, field.name, filled.index)
        differs = old & _has(given) & _differs(given, now)
        if field.name in ("code", "yige_id"):
            differs[:] = False
            given = given.copy()
            given[old] = None
        for row in np.flatnonzero(differs).tolist():
            changes[row].append(field.name)
        whole = np.where(_has(given), given, now)
        filled[field.name] = pd.Series(_defaulted(field, whole, old, refused), dtype=object)
    whole_shape = _overlay_shape(kind, shape, before, target, changes, refused)
    return Compared(filled, whole_shape, target, [tuple(names) for names in changes])


def _by_code(frame: pd.DataFrame, before: pd.DataFrame) -> Positions:
    found = np.full(len(frame), NEW, dtype=np.int64)
    if "code" in frame and "code" in before:
        at = {code: k for k, code in enumerate(before["code"])}
        found[:] = [at.get(code, NEW) for code in frame["code"]]
    return found


def _other_keys(kind: Kind) -> list[tuple[str, ...]]:
    """Return by what the things of a kind are known that have no code, or no place."""
    keys: dict[str, list[tuple[str, ...]]] = {
        "member": [("yige_id", "name"), ("name", "area", "home")],
        "area": [("level", "name", "parent")],
    }
    return keys.get(kind.table, [])


def _by_key(
    keys: tuple[str, ...], frame: pd.DataFrame, before: pd.DataFrame, found: Positions
) -> None:
    """Match rows by several fields; of several of one key each is matched once, in their order."""
    if not {keys[0], "name"} <= set(frame):
        return
    taken = set(found[found >= 0].tolist())
    free: dict[Any, list[int]] = {}
    for k, key in enumerate(zip(*(before[name] for name in keys), strict=True)):
        if k not in taken:
            free.setdefault(key, []).append(k)
    codes = _list(frame, "code")
    columns = [_list(frame, name) for name in keys]
    for row, key in enumerate(zip(*columns, strict=True)):
        if found[row] == NEW and key[0] is not None and free.get(key) and codes[row] is None:
            found[row] = free[key].pop(0)


def _list(frame: pd.DataFrame, name: str) -> list[Any]:
    """Return a column, or None for each row if the file does not have it."""
    return frame[name].tolist() if name in frame else [None] * len(frame)


def _by_place(
    kind: Kind, frame: pd.DataFrame, shape: Shapes, before: pd.DataFrame, home: District,
    found: Positions,
) -> None:  # fmt: skip
    """Match rows of a name to the nearest stored thing of that name within a few metres."""
    rows = np.flatnonzero((found == NEW) & ~shapely.is_missing(shape))
    taken = set(found[found >= 0].tolist())
    rest = np.array([k for k in range(len(before)) if k not in taken], dtype=np.int64)
    if not len(rows) or not len(rest):
        return
    there = known.places(home, before["geometry"].to_numpy(dtype=object)[rest])
    here = known.places(home, shape[rows])
    names, own = before["name"].to_numpy(dtype=object), _list(frame, "name")
    tree = cKDTree(there)
    for row, near in zip(rows.tolist(), tree.query_ball_point(here, kind.near_m), strict=True):
        name = own[row] or ""
        same = [
            int(rest[k]) for k in sorted(near) if names[rest[k]] == name and rest[k] not in taken
        ]
        if same:
            found[row] = same[0]
            taken.add(same[0])


def _refuse_twice(
    kind: Kind, frame: pd.DataFrame, shape: Shapes | None, found: Positions, home: District,
    refused: Refused,
) -> None:  # fmt: skip
    first: dict[Any, int] = {}
    lines, target = frame["line"].tolist(), found.tolist()
    codes, others = _list(frame, "code"), _others(kind, frame, shape, home)
    for row in range(len(frame)):
        if row in refused:
            continue
        keys = [("target", target[row])] if target[row] != NEW else []
        keys.append(("code", codes[row]) if codes[row] is not None else ("other", others[row]))
        for key in keys:
            if key in first:
                refused[row] = BadInput("twice_in_file", line=lines[first[key]])
                break
            first[key] = row


def _others(kind: Kind, frame: pd.DataFrame, shape: Shapes | None, home: District) -> list[Any]:
    """Return by what two rows without a code are one thing: name and place, or everything."""
    if shape is None or _other_keys(kind):
        names = [name for name in frame if name != "line"]
        return [tuple(k) for k in zip(*(_list(frame, n) for n in names), strict=True)]
    cell = np.round(known.places(home, shape) / kind.near_m)
    return list(zip(_list(frame, "name"), *cell.T.tolist(), strict=True))


def _given(frame: pd.DataFrame, name: str, index: Any) -> NDArray[np.object_]:
    if name in frame:
        return np.asarray(frame[name], dtype=object)
    return np.full(len(index), None, dtype=object)


def _has(values: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([value is not None for value in values], dtype=bool)


def _differs(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([_key(a) != _key(b) for a, b in zip(one, other, strict=True)], dtype=bool)


def _key(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return sorted(shapely.get_coordinates(value).tolist())
    return value


def _defaulted(
    field: Any, values: NDArray[np.object_], old: NDArray[np.bool_], refused: Refused
) -> list[Any]:
    found = list(values)
    for row in np.flatnonzero(~old & ~_has(values)).tolist():
        if field.default is REQUIRED:
            refused.setdefault(row, BadInput("cell_missing", name=field.name))
        else:
            found[row] = field.default
    return found


def _overlay_shape(
    kind: Kind, shape: Shapes | None, before: pd.DataFrame, target: Positions,
    changes: list[list[str]], refused: Refused,
) -> Shapes | None:  # fmt: skip
    if not kind.shapes:
        return None
    old = target >= 0
    now = np.full(len(target), None, dtype=object)
    if old.any():
        now[old] = before["geometry"].to_numpy(dtype=object)[target[old]]
    given = np.full(len(target), None, dtype=object) if shape is None else shape
    has = ~shapely.is_missing(given)
    same = np.zeros(len(target), dtype=bool)
    both = has & old
    same[both] = _alike(shapely.normalize(given[both]), shapely.normalize(now[both]))
    for row in np.flatnonzero(both & ~same).tolist():
        changes[row].append("geometry")
    for row in np.flatnonzero(~has & ~old).tolist():
        refused.setdefault(row, BadInput("shape_missing"))
    return np.asarray(np.where(has & ~same, given, now))


def _alike(one: Shapes, other: Shapes) -> NDArray[np.bool_]:
    """Tell which normalised shapes have the same vertices, but for the rounding of a datum."""
    same = np.asarray(shapely.to_wkb(one) == shapely.to_wkb(other))
    count = shapely.get_num_coordinates(one)
    near = ~same & (count == shapely.get_num_coordinates(other))
    near &= shapely.get_type_id(one) == shapely.get_type_id(other)
    if near.any():
        a, row = shapely.get_coordinates(one[near], return_index=True)
        apart = np.abs(a - shapely.get_coordinates(other[near])).max(axis=1)
        most = np.zeros(int(near.sum()))
        np.maximum.at(most, row, apart)
        same[near] = most <= ROUNDING_DEG
    return same
