"""Routes with what they ask and answer beside them: the OpenAPI document is made of these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import IntegerConverter

from web.params import Parameter

View = TypeVar("View", bound=Callable[..., Any])
Schema = Mapping[str, Any]

bp = Blueprint("api", __name__, url_prefix="/api")


class Id(IntegerConverter):
    """The id of a row in an address: no more than a browser can count."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **{"max": 2**53 - 1, **more})


@bp.record_once
def _know(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["id"] = Id


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route: what it is for, its query, its body, and its answers by status."""

    rule: str
    method: str
    name: str
    about: str
    query: tuple[Parameter, ...]
    body: Schema | None
    answers: Mapping[int, Schema | None]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    rule: str,
    answer: Schema | None,
    query: tuple[Parameter, ...] = (),
    body: Schema | None = None,
    status: int = 200,
    errors: tuple[int, ...] = (400, 401, 404),
) -> Callable[[View], View]:
    """Add a view to the interface under ``/api``, and declare it; its docstring says what it does.

    A whole number in the rule is an `Id`.

    Parameters
    ----------
    answer
        The JSON schema of the answer with ``status``; None: it has no body.
    errors
        The statuses it may answer a problem with.
    """
    rule = rule.replace("<int:", "<id:")

    def declare(view: View) -> View:
        problems = {one: ref("Problem") for one in errors}
        about = (view.__doc__ or "").strip()
        OPERATIONS.append(
            Operation(f"/api{rule}", method, view.__name__, about, query, body,
                      {status: answer, **problems})
        )  # fmt: skip
        bp.add_url_rule(rule, view.__name__, view, methods=[method])
        return view

    return declare


def obj(properties: Mapping[str, Schema], *optional: str) -> Schema:
    """Return the schema of an object with these properties and no others."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object", "properties": dict(properties), "required": required,
        "additionalProperties": False,
    }  # fmt: skip


def listed(items: Schema, **more: Any) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items, **more}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """Return a schema that null matches too."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES: Schema = {"type": "boolean"}
CENTIMETRES: Schema = {"type": "integer", "minimum": 0, "description": "centimetres"}
POINT: Schema = {
    "type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}],
    "minItems": 2, "maxItems": 2, "description": "longitude, latitude (EPSG:4490)",
}  # fmt: skip
BOX: Schema = {
    "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4,
    "description": "west, south, east, north (EPSG:4490)",
}  # fmt: skip
LEVEL: Schema = {"type": "string", "enum": ["district", "subdistrict", "community", "grid"]}

SCHEMAS: dict[str, Schema] = {
    "Problem": obj({
        "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "key": TEXT,
        "values": {"type": "object"},
    }),
    "Counts": obj({"buildings": COUNT, "households": COUNT, "people": COUNT}),
    "Line": obj({"type": {"const": "LineString"}, "coordinates": listed(POINT, minItems=2)}),
}  # fmt: skip
