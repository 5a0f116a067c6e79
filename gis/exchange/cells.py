"""Cells of a file become values: texts, codes, numbers, words of a list. Pure.

Each function takes what a reader of files yields (text, number, truth, date or None) and returns
the value, None for an empty cell; what it cannot use it refuses with `BadInput`. Spaces at the
ends, a byte order mark and full-width digits never matter, but a name keeps every character.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import shapely

from gis.errors import BadInput
from gis.exchange import clock

Read = Callable[[Any], Any]

BLANK = " \t\r\n\u3000\ufeff\xa0\u200b"
EMPTY = {"", "-", "—", "–", "/", "无", "null", "none", "nan", "n/a", "#n/a"}
YES = {"1", "true", "t", "yes", "y", "是", "有", "对", "真", "在岗", "在职", "启用", "√"}
NO = {"0", "false", "f", "no", "n", "否", "没有", "错", "假", "离岗", "离职", "停用", "×"}
UNIT = re.compile(r"\s*(户|人|层|个|㎡|m2|m²|平方米|平米|households?|people|floors?)$")
SHOWN = 40


def plain(value: Any) -> str:
    """Return a cell as text without the blanks around it, empty for what is no number."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip(BLANK)


def narrow(value: Any) -> str:
    """Return a cell as text with full-width letters and digits made plain."""
    return unicodedata.normalize("NFKC", plain(value)).strip(BLANK)


def text(value: Any) -> str | None:
    """Read a name."""
    _refuse_date(value)
    return plain(value) or None


def code(value: Any) -> str | None:
    """Read a code: one that a spreadsheet took for a large number has lost its digits."""
    _refuse_date(value)
    found = narrow(value)
    number = isinstance(value, float) and (abs(value) >= 1e15 or not value.is_integer())
    if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", found) or (found and number):
        raise BadInput("cell_rounded", text=found[:SHOWN])
    if len(found) > 60:
        raise BadInput("cell_long", text=found[:SHOWN], most=60)
    return found or None


def number(value: Any) -> float | None:
    """Read a number; thousands may be parted by commas, and a unit may follow."""
    _refuse_date(value)
    if isinstance(value, bool):
        raise BadInput("cell_number", text=value)
    found = UNIT.sub("", narrow(value)).replace(",", "")
    if found.lower() in EMPTY:
        return None
    try:
        read = float(found)
    except ValueError:
        raise BadInput("cell_number", text=found[:SHOWN]) from None
    if not np.isfinite(read):
        raise BadInput("cell_number", text=found[:SHOWN])
    return read


def whole(value: Any) -> int | None:
    """Read a count: a whole number from 0 to a million."""
    read = number(value)
    if read is None:
        return None
    if not (read.is_integer() and 0 <= read <= 1_000_000):
        raise BadInput("cell_whole", text=narrow(value)[:SHOWN])
    return int(read)


def positive(value: Any) -> float | None:
    """Read a number above zero."""
    read = number(value)
    if read is not None and read <= 0:
        raise BadInput("cell_positive", text=narrow(value)[:SHOWN])
    return read


def truth(value: Any) -> bool | None:
    """Read yes or no."""
    if isinstance(value, bool):
        return value
    found = narrow(value).lower()
    if found in YES or found in NO:
        return found in YES
    if found in EMPTY:
        return None
    raise BadInput("cell_truth", text=found[:SHOWN])


def choice(words: Mapping[str, str]) -> Read:
    """Return what reads one of some words: each with the value it stands for."""
    known = {narrow(word).lower(): meant for word, meant in words.items()}
    known |= {meant: meant for meant in words.values()}
    shown = "、".join({meant: word for word, meant in reversed([*words.items()])}.values())

    def read(value: Any) -> str | None:
        found = narrow(value).lower()
        if not found:
            return None
        if found not in known:
            raise BadInput("cell_choice", text=found[:SHOWN], known=shown)
        return known[found]

    return read


def several(one: Read) -> Read:
    """Return what reads a list: parted by 、 , ; / | or a new line, each once."""

    def read(value: Any) -> tuple[Any, ...] | None:
        parts = re.split(r"[、,，;；/|\n]", plain(value))
        found = [one(part) for part in parts if part.strip(BLANK)]
        return tuple(dict.fromkeys(found)) or None

    return read


def hours(value: Any) -> str | None:
    """Read opening hours as `gis.hours` or as people write them."""
    if isinstance(value, date | datetime | time | timedelta | float | int):
        raise BadInput("cell_hours", text=plain(value)[:SHOWN])
    return clock.read(narrow(value)) if narrow(value) else None


def points(value: Any) -> Any:
    """Read places as well-known text: a point or points, in the file's own coordinates."""
    found = plain(value)
    if not found:
        return None
    shape = shapely.from_wkt(found, on_invalid="ignore")
    if shape is None or shape.geom_type not in ("Point", "MultiPoint"):
        raise BadInput("cell_points", text=found[:SHOWN])
    return shape if shape.geom_type == "MultiPoint" else shapely.MultiPoint([shape])


def _refuse_date(value: Any) -> None:
    """Refuse what a spreadsheet made a date of: 3-1 is the name of a house."""
    if isinstance(value, date | datetime | time | timedelta):
        raise BadInput("cell_date", text=value)
