"""What a request says in its JSON body: declared once, for reading and for the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from gis.errors import BadInput

KINDS: dict[str, type] = {
    "integer": int, "string": str, "boolean": bool, "array": list, "object": dict,
    "number": float,
}  # fmt: skip
LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body; ``schema`` is JSON schema with one ``type``. None counts as absent."""

    name: str
    schema: Mapping[str, Any]
    required: bool = False


def body(declared: tuple[Field, ...]) -> dict[str, Any]:
    """Return the declared fields of this request's body, None where absent.

    Raises
    ------
    BadInput
        The body is no JSON object, or a field is not declared, missing, or not of its type.
    """
    said = request.get_json(force=True, silent=True)
    if not isinstance(said, dict):
        raise BadInput("body_object")
    for name in said:
        if name not in [one.name for one in declared]:
            raise BadInput("body_unknown", name=name[:60])
    return {one.name: _value(one, said.get(one.name)) for one in declared}


def schema(declared: tuple[Field, ...]) -> dict[str, Any]:
    """Return the JSON schema of a body."""
    return {
        "type": "object",
        "properties": {one.name: one.schema for one in declared},
        "required": [one.name for one in declared if one.required],
        "additionalProperties": False,
    }


def moment(name: str, text: str | None, zone: str, last: bool = False) -> datetime | None:
    """Read a date, or a date and time, of the district's zone.

    A date is the beginning of that day; with ``last`` it is its end, so that the day counts.

    Raises
    ------
    BadInput
        It is neither.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        if len(text) == 10 and last:
            at += timedelta(days=1)
        here = ZoneInfo(zone)
        found = at.astimezone(here) if at.tzinfo else at.replace(tzinfo=here)
    except (ValueError, OverflowError):
        raise BadInput("body_date", name=name, text=text[:60]) from None
    if not 1900 <= found.year <= 2999:
        raise BadInput("body_date", name=name, text=text[:60])
    return found


def _value(one: Field, value: Any) -> Any:
    if value is None:
        if one.required:
            raise BadInput("body_missing", name=one.name)
        return None
    if not _fits(value, one.schema):
        raise BadInput("body_kind", name=one.name, kind=one.schema["type"])
    return value.replace("\0", "") if isinstance(value, str) else value


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    kind = KINDS[schema["type"]]
    if kind is float:
        return _is_number(value, schema)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if isinstance(value, int) and not isinstance(value, bool):
        return -LARGEST < value < LARGEST
    if isinstance(value, str):
        return len(value) <= int(schema.get("maxLength", 1000))
    if isinstance(value, list):
        few = len(value) <= int(schema.get("maxItems", 100))
        return few and all(_fits(item, schema["items"]) for item in value)
    if isinstance(value, dict):
        known = schema["properties"]
        return {*value} == {*known} and all(_fits(value[k], known[k]) for k in known)
    return True


def _is_number(value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(schema.get("minimum", -LARGEST) <= value <= schema.get("maximum", LARGEST))
