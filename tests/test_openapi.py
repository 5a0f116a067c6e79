"""The OpenAPI document is that of the routes, and the answers are those of the document."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sql.database import Database
from tests.halves import CODE, Site
from web.api.openapi import document

READING = {f"web.api.{name}" for name in (
    "districts", "coverage", "stations", "buildings", "search", "openapi",
)}  # fmt: skip
TYPES: dict[str, Any] = {
    "string": str, "object": dict, "array": list, "boolean": bool, "null": type(None),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


def is_of(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        numbers = int if kind == "integer" else int | float
        return isinstance(value, numbers) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """What of a value breaks a schema: the part of JSON Schema that the document uses."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return faults(value, document()["components"]["schemas"][name], at)
    if "anyOf" in schema:
        tried = [faults(value, one, at) for one in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_of(value, kind) for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    if isinstance(value, list):
        return of_list(value, schema, at)
    return of_dict(value, schema, at) if isinstance(value, dict) else of_plain(value, schema, at)


def of_plain(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    if value is None:
        return []
    wrong = [
        "enum" in schema and value not in schema["enum"],
        "const" in schema and value != schema["const"],
        "minimum" in schema and value < schema["minimum"],
        "maximum" in schema and value > schema["maximum"],
    ]
    return [f"{at}: {value!r} is not as {schema}"] if any(wrong) else []


def of_list(value: list[Any], schema: dict[str, Any], at: str) -> list[str]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
    found = [] if least <= len(value) <= most else [f"{at}: {len(value)} items"]
    for i, item in enumerate(value):
        found += faults(item, schema.get("items", {}), f"{at}[{i}]")
    return found


def of_dict(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{at}: lacks {name}" for name in schema.get("required", []) if name not in value]
    for name, item in value.items():
        if name in properties:
            found += faults(item, properties[name], f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            found.append(f"{at}: {name} is not described")
    return found


def test_every_route_is_described_and_every_description_has_a_route(site: Site) -> None:
    routes = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, of in document()["paths"].items() for method in of}
    assert described == routes


def test_path_parameters_and_references_exist() -> None:
    whole = document()
    names = whole["components"]["schemas"]
    for path, of in whole["paths"].items():
        for one in of.values():
            asked = {p["name"] for p in one["parameters"] if p["in"] == "path"}
            assert asked == set(re.findall(r"{(\w+)}", path))
            assert one["description"].endswith(".")
    for name in re.findall(r"#/components/schemas/(\w+)", str(whole)):
        assert name in names
    ids = [one["operationId"] for of in whole["paths"].values() for one in of.values()]
    assert len(ids) == len(set(ids))


EXAMPLES = [
    ("/api/session", ""),
    ("/api/openapi.json", ""),
    ("/api/{district}/areas", ""),
    ("/api/{district}/areas", "geometry=1"),
    ("/api/{district}/coverage", "by=grid"),
    ("/api/{district}/coverage", "by=community&at=2026-11-23T22:30&service=s2&profile=brisk"),
    ("/api/{district}/minutes", ""),
    ("/api/{district}/minutes", "profile=gb50180"),
    ("/api/{district}/stations", ""),
    ("/api/{district}/stations/{id}", ""),
    ("/api/{district}/buildings/{id}", ""),
    ("/api/{district}/buildings/{id}", "at=2026-11-23T22:30"),
    ("/api/{district}/buildings/{id}/path", "station=P"),
    ("/api/{district}/nearest", "lon=115.45&lat=35.25"),
    ("/api/{district}/search", "q=s"),
]


@pytest.mark.parametrize(("path", "asked"), EXAMPLES)
@pytest.mark.parametrize("login", ["official", "official_west"])
def test_answers_are_as_described(site: Site, path: str, asked: str, login: str) -> None:
    ids = {"stations": site.ids("station")["P"], "buildings": site.ids("building")["a"]}
    kind = path.split("/")[3] if "{id}" in path else ""
    address = path.format(district=CODE, id=ids.get(kind, 0))
    answer = site.client(login).get(f"{address}?{asked}")
    assert answer.status_code == 200, answer.text
    described = document()["paths"][path]["get"]["responses"]["200"]["content"]
    assert answer.mimetype in described
    assert faults(answer.json, described[answer.mimetype]["schema"]) == []


def test_every_reading_route_has_an_example(site: Site) -> None:
    views = site.app.view_functions
    ours = {
        path
        for path, of in document()["paths"].items()
        if "get" in of and views[f"api.{of['get']['operationId']}"].__module__ in READING
    }
    assert ours == {path for path, _ in EXAMPLES}


def test_problems_are_as_described(site: Site) -> None:
    schema = document()["components"]["schemas"]["Problem"]
    for login, path in [(None, "areas"), ("official", "coverage?by=x"), ("nobody", "areas")]:
        answer = site.client(login).get(f"/api/{CODE}/{path}")
        assert faults(answer.json, schema) == []
        statuses = document()["paths"][f"/api/{{district}}/{path.partition('?')[0]}"]["get"]
        assert str(answer.status_code) in statuses["responses"]


def test_the_judge_of_schemas_sees_faults() -> None:
    schema = document()["components"]["schemas"]["Counts"]
    assert faults({"buildings": 1, "households": 2, "people": 3}, schema) == []
    assert faults({"buildings": -1, "households": "2", "extra": 3}, schema) != []
    assert len(faults({"buildings": -1, "households": "2", "extra": 3}, schema)) == 4


def test_the_list_for_people(site: Site) -> None:
    page = site.client(None).get("/api")
    assert page.status_code == 200 and "/api/&lt;district&gt;/coverage" in page.text
    assert site.client(None).get("/api/openapi.json").status_code == 200
