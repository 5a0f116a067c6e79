"""Members: to list, enter and change those one may see."""

from dataclasses import asdict, replace
from typing import Any

from flask import Response, jsonify

from gis import members, posts
from gis.members import Draft, Member
from web.answers import reading
from web.api.declared import SCHEMAS, TEXT, WHOLE, YES, listed, maybe, obj, operation, ref
from web.bodies import Field, body, schema
from web.params import AREA, Parameter, choice, query, whole, words

POST = {"type": "string", "enum": [*posts.MEMBER_POSTS]}
SCHEMAS["Member"] = obj({
    "id": WHOLE, "version": WHOLE, "name": TEXT, "roles": listed(POST), "skills": listed(TEXT),
    "home": {**maybe(WHOLE), "description": "the id of a building"}, "home_name": maybe(TEXT),
    "area": TEXT, "area_name": TEXT, "active": YES,
})  # fmt: skip
ROLE = Parameter("role", choice(*posts.MEMBER_POSTS), POST, "Those who may take this post")
Q = Parameter("q", words(60), {"type": "string"}, "A part of the name, or a skill")
LIMIT = Parameter("limit", whole(1, 1000), {"type": "integer", "minimum": 1, "maximum": 1000},
                  "At most so many", default=100)  # fmt: skip
LIST = {"type": "array", "items": {"type": "string", "maxLength": 60}, "maxItems": 20}
NEW = (
    Field("name", {"type": "string", "maxLength": 60}, required=True),
    Field("roles", LIST, required=True),
    Field("area", {"type": "string", "maxLength": 15}, required=True),
    Field("skills", LIST), Field("home", WHOLE),
)  # fmt: skip
CHANGED = (
    Field("version", WHOLE, required=True), *(replace(one, required=False) for one in NEW),
    Field("active", {"type": "boolean"}),
)  # fmt: skip
ERRORS = (400, 401, 403, 404, 409)


@operation("GET", "/<district>/members", obj({"members": listed(ref("Member"))}),
           query=(AREA, ROLE, Q, LIMIT))  # fmt: skip
def list_members(district: str) -> Response:
    """List members one may see, those on duty first, by name."""
    asked = query((AREA, ROLE, Q, LIMIT))
    with reading(district) as now:
        found = members.members(now.conn, district, **asked)
        return _fresh(jsonify(members=[_told(one) for one in found]))


@operation("POST", "/<district>/members", ref("Member"), body=schema(NEW), status=201,
           errors=ERRORS)  # fmt: skip
def add_member(district: str) -> tuple[Response, int]:
    """Enter a member."""
    said = body(NEW)
    with reading(district) as now:
        new = Draft(**{**said, "skills": said["skills"] or []})
        return jsonify(_told(members.add(now.conn, district, new))), 201


@operation("PATCH", "/<district>/members/<int:id>", ref("Member"), body=schema(CHANGED),
           errors=ERRORS)  # fmt: skip
def change_member(district: str, id: int) -> Response:
    """Change a member; what is absent stays. One who leaves becomes inactive."""
    said = body(CHANGED)
    version = said.pop("version")
    with reading(district) as now:
        before = members.draft(members.member(now.conn, district, id))
        new = replace(before, **{name: v for name, v in said.items() if v is not None})
        return jsonify(_told(members.change(now.conn, district, id, version, new)))


def _told(one: Member) -> dict[str, Any]:
    return asdict(one)


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
