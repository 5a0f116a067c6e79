"""What an import would do: every row of a file new, changed, unchanged or refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.crs import DATUMS
from gis.districts import District
from gis.errors import BadInput
from gis.exchange import (
    cells,
    compare,
    datum,
    joining,
    known,
    parsing,
    reading,
    references,
    rules,
    shapes,
    slivers,
    writing,
)
from gis.exchange.columns import Match
from gis.exchange.kinds import KINDS, Kind
from gis.exchange.shapes import Shapes
from gis.exchange.sheet import Sheet
from sql.database import Conn

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
STATES = (NEW, CHANGED, UNCHANGED, REFUSED)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the kind, the datum, and how the file is to be understood.

    ``trust``: the datum is known for certain, and not to be guarded.
    """

    kind: str
    datum: str
    layer: str | None = None
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    repair: bool = False
    trust: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows of a file, each with its state; see `compare.Compared` for frame and shape.

    ``before`` are the stored rows that ``target`` points into; ``reasons`` says by position why a
    row is refused; ``fit`` what the guard of the datum measured; ``mended`` which areas it redrew;
    ``seen`` what a map can show of each row, the refused ones too; ``sheet`` the file as it is.
    """

    kind: Kind
    file: str
    order: Order
    frame: pd.DataFrame
    shape: Shapes | None
    state: NDArray[np.object_]
    target: NDArray[np.int64]
    changes: list[tuple[str, ...]]
    before: pd.DataFrame
    reasons: dict[int, BadInput]
    match: Match
    encoding: str
    fit: datum.Fit | None
    mended: list[slivers.Mended]
    seen: Shapes | None
    sheet: Sheet

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        return {state: int((self.state == state).sum()) for state in STATES}

    def refused(self) -> list[dict[str, Any]]:
        """Return line, key, values and cells of every refusal, in the order of the file."""
        lines = self.frame["line"].tolist()
        return [
            {"line": int(lines[row]), "key": self.reasons[row].key,
             "values": {k: _said(v) for k, v in self.reasons[row].values.items()},
             "cells": self.cells(row)}
            for row in sorted(self.reasons)
        ]  # fmt: skip

    def cells(self, row: int) -> list[list[str]]:
        """Return heading and text of each cell of a row, in their order; a shape as text too."""
        if row >= len(self.sheet):
            return []
        found = [[name, cells.plain(values[row])] for name, values in self.sheet.columns.items()]
        shape = None if self.sheet.shape is None else self.sheet.shape[row]
        return found if shape is None else [*found, ["geometry", str(writing.wkt([shape])[0])]]


def preview(conn: Conn, home: District, path: Path, order: Order) -> Preview:
    """Read a file and compare it with what is stored; nothing is changed.

    Raises
    ------
    BadInput
        The file as a whole cannot be used, or its datum is clearly another.
    """
    if order.datum not in DATUMS:
        raise BadInput("datum", datum=order.datum, known="、".join(DATUMS))
    kind = KINDS[order.kind]
    sheet = reading.read(path, kind, order.layer, order.encoding)
    centre = (home.longitude, home.latitude)
    rows = parsing.parse(sheet, kind, order.datum, centre, order.columns, order.given)
    before = known.stored(conn, home, kind.name)
    fit = None if order.trust else datum.check(conn, home, rows, before, order.datum)
    shape = None if rows.shape is None else shapes.stored(rows.shape, order.datum, rows.refused)
    frame = _resolved(conn, home, rows, order.datum)
    target = compare.targets(kind, frame, shape, before, home, rows.refused)
    if kind.table == "building":
        rules.counted(frame, before, target)
    row = compare.overlay(kind, frame, shape, before, target, rows.refused)
    if kind.table == "area":
        slivers.coded(row.frame, before, rows.refused)
    if kind.table == "building":
        rules.estimate(row.frame, row.shape, home)
    _check(conn, home, kind, row, rows.refused)
    mended: list[slivers.Mended] = []
    if kind.table == "area":
        row, mended = slivers.settle(home, row, rows.refused, before, order.repair)
    if kind.table == "way":
        row = joining.settle(home, row, rows.refused, before)
    state = _states(row, rows.refused)
    seen = None
    if rows.raw is not None and row.shape is not None:
        seen = shapes.seen(rows.raw, row.shape, order.datum, centre)
    return Preview(kind, path.name, order, row.frame, row.shape, state, row.target, row.changes,
                   before, rows.refused, rows.match, rows.encoding, fit, mended, seen,
                   sheet)  # fmt: skip


def _resolved(conn: Conn, home: District, rows: parsing.Rows, of: str) -> pd.DataFrame:
    tables = {field.refers for field in rows.kind.fields if field.refers}
    to = {table: known.references(conn, home, table) for table in sorted(tables)}
    if rows.kind.table == "area":
        to["area"] = references.with_own(to["area"], rows.frame)
    frame = references.resolve(rows.kind, rows.frame.copy(), to, rows.refused)
    if "doors" in frame:
        doors = frame["doors"].to_numpy(dtype=object)
        frame["doors"] = pd.Series(shapes.stored(doors, of, {}), dtype=object)
    return frame


def _check(
    conn: Conn, home: District, kind: Kind, row: compare.Compared, refused: shapes.Refused
) -> None:
    has_period = kind.table not in ("area", "member")
    rules.check(
        kind, row, refused, known.realm(conn, home, kind),
        known.ended(conn, home, kind.table) if has_period else set(),
        known.stored(conn, home, "water") if kind.table == "station" else None,
        known.outline(conn, home) if kind.table in ("station", "building") else None,
    )  # fmt: skip


def _states(row: compare.Compared, refused: shapes.Refused) -> NDArray[np.object_]:
    state = np.array([CHANGED if names else UNCHANGED for names in row.changes], dtype=object)
    state[row.target < 0] = NEW
    state[list(refused)] = REFUSED
    return state


def _said(value: object) -> Any:
    return value if isinstance(value, int | float | str | bool) else str(value)
