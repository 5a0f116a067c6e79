"""Cells that name other things, by code or by name, become codes. Pure but for what it is given."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gis.errors import BadInput
from gis.exchange.cells import narrow
from gis.exchange.kinds import Kind
from gis.exchange.known import References
from gis.exchange.shapes import Refused


def resolve(
    kind: Kind, frame: pd.DataFrame, known: Mapping[str, References], refused: Refused
) -> pd.DataFrame:
    """Return the frame with codes where cells named things; what nobody knows is refused.

    Of several things of a name the one below the area of the column ``within`` is meant.
    """
    frame = _within(frame, known)
    scopes = frame["within"].tolist() if "within" in frame else [None] * len(frame)
    for field in kind.fields:
        if field.refers and field.name in frame:
            to = known[field.refers]
            cells = zip(frame[field.name], scopes, strict=True)
            found = [
                _code(value, scope, field.name, to, row, refused)
                for row, (value, scope) in enumerate(cells)
            ]
            frame[field.name] = pd.Series(found, dtype=object)
    return frame.drop(columns="within", errors="ignore")


def with_own(to: References, frame: pd.DataFrame) -> References:
    """Return the areas that are stored and those of the file itself: one may lie in the other."""
    if "code" not in frame or "name" not in frame:
        return to
    names = {name: list(codes) for name, codes in to.names.items()}
    codes = dict(to.codes)
    for code, name in zip(frame["code"], frame["name"], strict=True):
        if code is not None and code not in codes:
            codes[code] = name
            names.setdefault(name, []).append(code)
    return References(codes, names)


def _within(frame: pd.DataFrame, known: Mapping[str, References]) -> pd.DataFrame:
    """Let the wider area count where the narrower one is not given."""
    if "within" not in frame:
        return frame
    to = known["area"]
    narrow = frame["area"].tolist() if "area" in frame else [None] * len(frame)
    pairs = list(zip(narrow, frame["within"].tolist(), strict=True))
    area = [wide if own is None else own for own, wide in pairs]
    scope = [None if own is None else _only(wide, to) for own, wide in pairs]
    return frame.assign(area=pd.Series(area, dtype=object), within=pd.Series(scope, dtype=object))


def _only(name: Any, to: References) -> str | None:
    found = [name] if name in to.codes else to.names.get(name, [])
    return found[0] if len(found) == 1 else None


def _code(
    value: Any, scope: str | None, field: str, to: References, row: int, refused: Refused
) -> Any:
    if value is None:
        return None
    try:
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(_one(v, scope, field, to) for v in value))
        return _one(value, scope, field, to)
    except BadInput as error:
        refused.setdefault(row, error)
        return None


def _one(value: str, scope: str | None, field: str, to: References) -> str:
    for text in (value, narrow(value)):
        if text in to.codes:
            return text
    named = to.names.get(value) or to.names.get(narrow(value), [])
    found = [code for code in named if not scope or code.startswith(scope)]
    if not found:
        raise BadInput("cell_unknown", name=field, text=value[:40])
    if len(found) > 1:
        raise BadInput("cell_ambiguous", name=field, text=value[:40], known="、".join(found[:5]))
    return found[0]
