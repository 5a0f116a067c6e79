"""A sheet becomes rows of a kind: every cell read, every shape checked, each refusal kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.errors import BadInput
from gis.exchange import columns, shapes
from gis.exchange.cells import plain
from gis.exchange.columns import Match
from gis.exchange.kinds import REQUIRED, Kind
from gis.exchange.shapes import Refused, Shapes
from gis.exchange.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file as a kind has them, before they are compared with what is stored.

    ``frame`` has the fields that the file has, None where a cell is empty, and ``line``; ``shape``
    are shapes in the file's own coordinates, ``raw`` also those that cannot come in; ``refused``
    says by position what cannot.
    """

    kind: Kind
    frame: pd.DataFrame
    shape: Shapes | None
    match: Match
    encoding: str = ""
    refused: Refused = field(default_factory=dict)
    raw: Shapes | None = None


def parse(
    sheet: Sheet,
    kind: Kind,
    datum: str,
    centre: tuple[float, float],
    told: Mapping[str, str],
    given: Mapping[str, str],
) -> Rows:
    """Read every cell of a sheet.

    Parameters
    ----------
    told
        Headings by field, matched by hand.
    given
        A value by field, for every row: for what the file does not say.

    Raises
    ------
    BadInput
        A needed column is missing, or the file says that its datum is another.
    """
    cells = columns.joined(sheet)
    found = columns.match(kind, list(cells), told)
    named = {name: cells[heading] for name, heading in found.fields.items()}
    named |= {name: [value] * len(sheet) for name, value in given.items()}
    _refuse_datum(named.get("datum", []), datum)
    refused: Refused = {}
    shape, raw = _shapes(sheet, kind, named, refused, centre)
    _refuse_missing(kind, named, shape, found)
    read = {
        one.name: _read(one.read, named[one.name], refused, found.fields.get(one.name, one.name))
        for one in kind.fields
        if one.name in named
    }
    frame = pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in read.items()},
                         index=range(len(sheet)))  # fmt: skip
    return Rows(kind, frame.assign(line=sheet.line), shape, found, sheet.encoding, refused,
                raw)  # fmt: skip


def _shapes(
    sheet: Sheet,
    kind: Kind,
    named: Mapping[str, list[Any]],
    refused: Refused,
    centre: tuple[float, float],
) -> tuple[Shapes | None, Shapes | None]:
    if not kind.shapes:
        return None, None
    has = sheet.shape is not None or "geometry" in named or "lonlat" in named
    if not has and not ("lon" in named and "lat" in named):
        return None, None
    shape = shapes.raw(sheet, named, refused)
    shapes.check(kind, shape, refused, centre)
    kept = shape.copy()
    kept[list(refused)] = None
    return shapely.force_2d(shapes.single(kind, kept)), shapely.force_2d(shape)


def _read(read: Any, values: list[Any], refused: Refused, heading: str) -> list[Any]:
    """Read a column; equal cells are read once. A refusal names the column."""
    seen: dict[Any, Any] = {}
    found: list[Any] = []
    for row, value in enumerate(values):
        key = (type(value), value)
        if key not in seen:
            try:
                seen[key] = None if value is None else read(value)
            except BadInput as error:
                seen[key] = BadInput(error.key, **{**error.values, "column": heading})
        if isinstance(seen[key], BadInput):
            refused.setdefault(row, seen[key])
            found.append(None)
        else:
            found.append(seen[key])
    return found


def _refuse_missing(
    kind: Kind, named: Mapping[str, list[Any]], shape: Shapes | None, found: Match
) -> None:
    """Refuse a file without a column that all new things need; codes may be of known ones."""
    needed = [f.name for f in kind.fields if f.default is REQUIRED and f.name not in named]
    if kind.name == "members" and "within" in named:
        needed = [name for name in needed if name != "area"]
    if kind.shapes and shape is None:
        needed.append("geometry")
    if needed and "code" not in named:
        have = "、".join([*found.fields.values(), *found.left]) or "–"
        raise BadInput("columns_missing", names="、".join(needed), have=have)


def _refuse_datum(values: list[Any], datum: str) -> None:
    """Refuse a file that says of itself that it is of another datum."""
    same = {"wgs84": "cgcs2000"}
    for value in dict.fromkeys(plain(v).lower() for v in values):
        if value and same.get(value, value) != same.get(datum, datum):
            raise BadInput("datum_said", said=value, datum=datum)


def refusals(rows: Rows) -> list[tuple[int, BadInput]]:
    """Return the refused rows as (line, reason), in the order of the file."""
    lines = rows.frame["line"].to_numpy(dtype=np.int64)
    return [(int(lines[row]), rows.refused[row]) for row in sorted(rows.refused)]
