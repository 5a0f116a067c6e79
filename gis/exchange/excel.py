"""Spreadsheets, with the habits of those who fill them in.

A title above the table, headings of two rows, cells merged across or down, a note below, empty
rows: the row with the most headings we know is the head; below it every row with a cell counts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from gis.errors import BadInput
from gis.exchange.sheet import Sheet

SEARCHED = 20  # rows in which the headings are looked for
Merges = list[tuple[tuple[int, int], tuple[int, int]]]
Known = Callable[[list[str]], int]


def read(path: Path, known: Known, layer: str | None = None) -> Sheet:
    """Read one sheet of a workbook; ``known`` tells how many of some headings are recognised.

    Raises
    ------
    BadInput
        It is no workbook, is locked, or several sheets fit and none is named.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = [layer] if layer else list(book.sheet_names)
            read = [(name, *_cells(book, name)) for name in names]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise BadInput("not_a_workbook", file=path.name, reason=error) from None
    ranked = [(_score(cells, known), name, cells, merges) for name, cells, merges in read if cells]
    if not ranked:
        raise BadInput("file_empty", file=path.name)
    best = max(ranked, key=lambda one: one[0])
    if sum(one[0] == best[0] for one in ranked) > 1:
        raise BadInput("which_layer", file=path.name, known="、".join(one[1] for one in ranked))
    return _sheet(best[2], best[3], known)


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets, in their order.

    Raises
    ------
    BadInput
        It is no workbook, or is locked.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return list(book.sheet_names)
    except (CalamineError, OSError, ValueError) as error:
        raise BadInput("not_a_workbook", file=path.name, reason=error) from None


def _cells(book: CalamineWorkbook, name: str) -> tuple[list[list[Any]], Merges]:
    sheet = book.get_sheet_by_name(name)
    return sheet.to_python(skip_empty_area=False), list(sheet.merged_cell_ranges or [])


def _score(cells: list[list[Any]], known: Known) -> int:
    return max(known(_texts(row)) for row in cells[:SEARCHED])


def _sheet(cells: list[list[Any]], merges: Merges, known: Known) -> Sheet:
    first, last = _head(cells, merges, known)
    _fill(cells, merges, first)
    headings = _unique([_heading(column) for column in zip(*cells[first : last + 1], strict=False)])
    rows = [(i + 1, row) for i, row in enumerate(cells[last + 1 :], last + 1) if any(_texts(row))]
    width = len(headings)
    columns = {
        name: [row[k] if row[k] != "" else None for _, row in rows]
        for k, name in enumerate(headings[:width])
        if name
    }
    return Sheet(columns, np.array([line for line, _ in rows], dtype=np.int64))


def _head(cells: list[list[Any]], merges: Merges, known: Known) -> tuple[int, int]:
    """Return the first and the last row of the headings; a title over the whole width is none."""
    head = max(range(min(SEARCHED, len(cells))), key=lambda i: (known(_texts(cells[i])), -i))
    width = max(len(row) for row in cells)
    inside = [
        (a, b) for (a, c), (b, d) in merges if b >= head - 1 and a <= head and d - c + 1 < width
    ]
    first = min([head, *(a for a, b in inside if a >= head - 1)])
    return first, max([head, *(b for a, b in inside if a == head and b <= head + 2)])


def _fill(cells: list[list[Any]], merges: Merges, since: int) -> None:
    """Give every cell under a merge the value of its corner."""
    for (top, left), (bottom, right) in merges:
        if top >= since and bottom < len(cells):
            value = cells[top][left]
            for row in cells[top : bottom + 1]:
                row[left : right + 1] = [value] * (right + 1 - left)


def _heading(column: tuple[Any, ...]) -> str:
    """Join what stands above a column: 住址 over 楼栋 is 住址/楼栋."""
    parts = [part for part in _texts(list(column)) if part]
    return "/".join(dict.fromkeys(parts))


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for k, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        names[k] = f"{name}.{seen[name]}" if name and seen[name] > 1 else name
    return names


def _texts(row: list[Any]) -> list[str]:
    return [str(cell).strip() if cell is not None else "" for cell in row]
