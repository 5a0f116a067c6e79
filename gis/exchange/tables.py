"""Tables as files that a spreadsheet opens: refused rows to be mended, empty forms to fill."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from gis.errors import BadInput
from gis.exchange import writing
from gis.exchange.kinds import Kind

FORMATS = (".csv", ".xlsx")


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table of texts as CSV in UTF-8 or as a workbook, as the name says.

    Raises
    ------
    BadInput
        It is another format, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise BadInput("file_kind", file=path.name, known=" ".join(FORMATS))
    try:
        writing.WRITERS[suffix](table, None, path, "UTF-8")
    except OSError as error:
        raise BadInput("cannot_write", file=path.name, reason=error.strerror) from None


def refused(rows: Iterable[Mapping[str, Any]], line: str, reason: str) -> pd.DataFrame:
    """Return rows an import left out as their file had them, behind the line and the reason.

    Parameters
    ----------
    rows
        Each with line, reason, and heading and text of its cells.
    line, reason
        What the first two columns are called.
    """
    found = list(rows)
    cells = [dict(one.get("cells", ())) for one in found]
    names = dict.fromkeys(name for one in cells for name in one)
    columns = {
        line: [one["line"] for one in found],
        reason: [one["reason"] for one in found],
        **{name: [one.get(name, "") for one in cells] for name in names},
    }
    return pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in columns.items()})


def form(kind: Kind, hints: Mapping[str, str], path: Path) -> None:
    """Write an empty table to be filled in, with the headings of a kind as they are declared.

    ``hints``: what stands above each heading of a workbook; a list of text has none.

    Raises
    ------
    BadInput
        It is another format, or the file cannot be written.
    """
    heads = headings(kind)
    if path.suffix.lower() == ".csv":
        table = pd.DataFrame({name: pd.Series([], dtype=object) for name in heads})
    else:  # the format has no table without a row: the headings are that row
        table = pd.DataFrame({f"{name}：{hints.get(name, '')}": [name] for name in heads})
    write(table.astype(object), path)


def headings(kind: Kind) -> Sequence[str]:
    """Return the Chinese headings of a kind: its fields, then its place."""
    own = [field.heading for field in kind.fields if not field.heading.isascii()]
    if not kind.shapes:
        return own
    return [*own, *(("经度", "纬度") if "Point" in kind.shapes else ("几何",))]
