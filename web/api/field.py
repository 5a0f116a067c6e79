"""The question of the field page.

It is asked by POST: the body is in no address, so no access log (ours or a proxy's), history or
cache of a browser has the position; the answer is not kept either.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify

from gis import field
from web.answers import reading
from web.api.declared import (
    CENTIMETRES,
    LEVEL,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    YES,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.api.posts import POST
from web.bodies import Field, body, schema

NUMBER = {"type": "number"}
CLOCK = {**TEXT, "description": "2026-11-23T19:30, of the district's zone"}
ASKED = (
    Field("lon", {**NUMBER, "minimum": -180, "maximum": 180}, required=True),
    Field("lat", {**NUMBER, "minimum": -90, "maximum": 90}, required=True),
    Field("accuracy", {**NUMBER, "minimum": 0, "maximum": 100_000,
                       "description": "the error of the position [m]; absent: none"}),
    Field("service", {"type": "string", "maxLength": 64}),
)  # fmt: skip
SCHEMAS["FieldAnswer"] = obj({
    "from": POINT, "at": CLOCK,
    "stations": listed(obj({
        "id": WHOLE, "code": TEXT, "name": TEXT, "kind": TEXT, "hours": TEXT, "open": YES,
        "in_time": {**YES, "description": "open too when one gets there"},
        "since": maybe(CLOCK), "until": maybe(CLOCK), "cost_cm": CENTIMETRES, "minutes": WHOLE,
        "point": POINT, "street": maybe(TEXT), "path": ref("Line"),
        "links": obj({"amap": TEXT, "baidu": TEXT, "geo": TEXT}),
    })),
    "grids": listed(obj({
        "code": TEXT, "name": TEXT, "community": maybe(TEXT), "inside": YES, "mine": YES,
        "who": maybe(obj({"role": POST, "name": TEXT, "stands_in": YES})),
        "outline": {"type": "object"},
    })),
    "area": maybe(obj({"level": LEVEL, "code": TEXT, "name": TEXT})),
})  # fmt: skip


@operation("POST", "/<district>/field", ref("FieldAnswer"), body=schema(ASKED))
def ask_field(district: str) -> Response:
    """Find the stations nearest on foot from where one stands now, and who answers for the grid.

    Nothing is changed or kept: the position is in the body alone.
    """
    asked = body(ASKED)
    with reading(district, ways=True) as now:
        return _fresh(jsonify(field.answer(now.conn, now.home, _question(asked, now.home.zone))))


def _question(asked: dict[str, Any], zone: str) -> field.Question:
    return field.Question(
        asked["lon"], asked["lat"], asked["accuracy"] or 0.0, asked["service"], clock(zone)
    )  # fmt: skip


def clock(zone: str) -> datetime:
    """Return the time it is in a zone."""
    return datetime.now(ZoneInfo(zone))


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
