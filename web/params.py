"""What a request asks in its query: declared once, for reading and for the OpenAPI document."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from gis.errors import BadInput

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
ALWAYS = ("lang",)
SHOWN = 60

Read = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query: how it is read, its JSON schema, and what it means."""

    name: str
    read: Read
    schema: Mapping[str, Any]
    about: str
    required: bool = False
    default: Any = None


def whole(low: int, high: int) -> Read:
    """Return what reads a whole number between two bounds, both included."""

    def read(name: str, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise BadInput("parameter_whole", name=name, text=text[:SHOWN])
        if not low <= int(text) <= high:
            raise BadInput("parameter_range", name=name, low=low, high=high, text=text)
        return int(text)

    return read


def number(low: float, high: float) -> Read:
    """Return what reads a number between two bounds, both included."""

    def read(name: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadInput("parameter_number", name=name, text=text[:SHOWN])
        if not low <= value <= high:
            raise BadInput("parameter_range", name=name, low=low, high=high, text=text[:SHOWN])
        return value

    return read


def choice(*known: str) -> Read:
    """Return what reads one of some words."""

    def read(name: str, text: str) -> str:
        if text not in known:
            raise BadInput("parameter_choice", name=name, text=text[:SHOWN], known="、".join(known))
        return text

    return read


def code(name: str, text: str) -> str:
    """Read a code: letters, digits, hyphen, underscore, full stop."""
    if not CODE.fullmatch(text):
        raise BadInput("parameter_code", name=name, text=text[:SHOWN])
    return text


def words(most: int) -> Read:
    """Return what reads a text of at most so many characters."""

    def read(name: str, text: str) -> str:
        if len(text) > most:
            raise BadInput("parameter_long", name=name, most=most)
        return text.replace("\0", "")

    return read


def flag(name: str, text: str) -> bool:
    """Read ``1`` or ``0``."""
    return bool(choice("0", "1")(name, text) == "1")


def box(name: str, text: str) -> tuple[float, float, float, float]:
    """Read ``west,south,east,north`` in degrees."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise BadInput("bad_box", text=text[:SHOWN]) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput("bad_box", text=text[:SHOWN])
    return west, south, east, north


LEVELS = ("district", "subdistrict", "community", "grid")
PROFILE = Parameter("profile", code, {"type": "string"}, "How one walks: a profile's code",
                    default="standard")  # fmt: skip
AT = Parameter("at", words(40), {"type": "string", "examples": ["2026-11-23T19:30", "19:30"]},
               "At which time of the district's zone; absent: hours are left aside")  # fmt: skip
SERVICE = Parameter("service", code, {"type": "string"}, "Only stations that offer this service")
MINUTES = Parameter("minutes", whole(1, 60), {"type": "integer", "minimum": 1, "maximum": 60},
                    "Within how many minutes; absent: as the profile says")  # fmt: skip
AREA = Parameter("area", code, {"type": "string"}, "Only what lies in the area of this code")
BY = Parameter("by", choice(*LEVELS), {"type": "string", "enum": [*LEVELS]},
               "The level whose areas are listed", default="district")  # fmt: skip
CONDITIONS = (PROFILE, AT, SERVICE, MINUTES)


def query(declared: tuple[Parameter, ...]) -> dict[str, Any]:
    """Return the values of the declared parameters of this request; empty ones count as absent.

    Raises
    ------
    BadInput
        One is not understood, missing, given twice, or not declared.
    """
    names = [one.name for one in declared]
    for name, values in request.args.lists():
        if name not in names and name not in ALWAYS:
            known = "、".join(names) or "–"
            raise BadInput("unknown_parameter", name=name[:SHOWN], known=known)
        if len(values) > 1:
            raise BadInput("parameter_twice", name=name)
    return {one.name: _value(one) for one in declared}


def _value(one: Parameter) -> Any:
    text = request.args.get(one.name, "").strip()
    if text:
        return one.read(one.name, text)
    if one.required:
        raise BadInput("parameter_missing", name=one.name)
    return one.default
