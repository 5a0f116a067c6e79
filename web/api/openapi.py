"""The OpenAPI document of the interface, made of what the routes declare."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from web.answers import encoded
from web.api.declared import OPERATIONS, SCHEMAS, Operation, Schema, bp, operation
from web.auth import public
from web.config import version

PROBLEM, JSON = "application/problem+json", "application/json"
BINARY = "application/octet-stream"
PATH = {
    "string": {"type": "string"},
    "id": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
}
WORDS = {
    200: "Done", 201: "Made", 204: "Done", 400: "Not understood", 401: "Not signed in",
    403: "Not allowed", 404: "Not there, or not yours", 409: "Changed by somebody else meanwhile",
    413: "Too large", 422: "Breaks a rule",
}  # fmt: skip


@operation("GET", "/openapi.json", {"type": "object"}, errors=())
@public
def openapi() -> Response:
    """Describe the interface: this document."""
    return Response(encoded(document()), mimetype=JSON)


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of every declared operation."""
    paths: dict[str, dict[str, Any]] = {}
    for one in sorted(OPERATIONS, key=lambda each: (each.rule, each.method)):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)
        paths.setdefault(path, {})[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "驿格 Yige",
            "version": version(),
            "description": "Grids, buildings and service stations of a district, and who reaches "
            "them on foot. Points are longitude, latitude (EPSG:4490), lengths centimetres. What "
            "lies outside one's rights is not there. Answers carry an ETag for If-None-Match.",
        },
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "yige"}},
        },
        "security": [{"session": []}],
    }


def _described(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.about.partition("\n")[0],
        "description": " ".join(one.about.split()),
        "parameters": [*_of_path(one.rule), *_of_query(one)],
        "responses": {
            str(status): _answer(status, schema) for status, schema in one.answers.items()
        },
    }
    if one.body is not None:
        kind = BINARY if one.body.get("format") == "binary" else JSON
        found["requestBody"] = {"required": True, "content": {kind: {"schema": one.body}}}
    return found


def _of_path(rule: str) -> list[dict[str, Any]]:
    parts = re.findall(r"<(?:(\w+):)?(\w+)>", rule)
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH[kind or "string"]}
        for kind, name in parts
    ]


def _of_query(one: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.about,
            "schema": {**each.schema, **_default(each.default)},
        }
        for each in one.query
    ]


def _default(value: Any) -> Mapping[str, Any]:
    return {} if value is None or isinstance(value, bool) else {"default": value}


def _answer(status: int, schema: Schema | None) -> dict[str, Any]:
    about = {"description": WORDS[status]}
    if schema is None:
        return about
    kind = JSON if status < 400 else PROBLEM
    return {**about, "content": {kind: {"schema": schema}}}


@bp.get("")
@public
def contents() -> ResponseReturnValue:
    """Show the plain list of what there is."""
    return render_template("api.html", operations=sorted(OPERATIONS, key=lambda one: one.rule))
