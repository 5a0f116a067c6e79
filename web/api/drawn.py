"""What is on the map as those read it who mend it, and what was mended lately."""

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify

from gis import districts, drawn
from gis.drawn import Thing
from gis.editable import KINDS
from web.api.declared import SCHEMAS, TEXT, WHOLE, YES, listed, maybe, obj, operation, ref
from web.asked import acting
from web.params import Parameter, number, query, whole

LARGEST = 200
KIND = {"type": "string", "enum": list(KINDS)}
BOX = tuple(
    Parameter(name, number(-most, most), {"type": "number"}, f"{name} edge [deg]", required=True)
    for name, most in (("west", 180), ("south", 90), ("east", 180), ("north", 90))
)
MOST = Parameter("limit", whole(1, LARGEST), {"type": "integer", "minimum": 1, "maximum": LARGEST},
                 "How many", default=30)  # fmt: skip

SCHEMAS["Drawn"] = obj({
    "kind": KIND, "id": WHOLE, "version": WHOLE, "code": TEXT,
    "may": {**YES, "description": "one may change it"},
    "geometry": {"type": "object", "description": "GeoJSON in EPSG:4490, nine decimals"},
    "values": {"type": "object", "description": "what may be set, by its name"},
})  # fmt: skip
SCHEMAS["Drawns"] = obj({"things": listed(ref("Drawn"))})
SCHEMAS["Edits"] = obj({
    "edits": listed(obj({
        "kind": KIND, "id": WHOLE, "version": WHOLE, "at": TEXT, "who": maybe(TEXT),
        "done": {"type": "string", "enum": ["made", "changed", "ended"]}, "name": TEXT,
        "differs": listed(TEXT),
        "last": {**YES, "description": "not changed since: it can be undone"},
    })),
})  # fmt: skip


@operation("GET", "/<district>/drawn", ref("Drawns"), query=BOX)
def drawn_around(district: str) -> Response:
    """List what can be mended in a box, with exact shapes and versions."""
    asked = query(BOX)
    box = asked["west"], asked["south"], asked["east"], asked["north"]
    with acting() as conn:
        districts.district(conn, district)
        found = drawn.around(conn, district, box)
    return _fresh({"things": [_told(one) for one in found]})


@operation("GET", "/<district>/drawn/<kind>/<int:id>", ref("Drawn"))
def drawn_one(district: str, kind: str, id: int) -> Response:
    """Show one thing as it stands."""
    with acting() as conn:
        found = drawn.one(conn, district, kind, id)
    return _fresh(_told(found))


@operation("GET", "/<district>/edits", ref("Edits"), query=(MOST,))
def list_edits(district: str) -> Response:
    """List what people changed on the map where one may edit, the last first."""
    most = query((MOST,))["limit"]
    with acting() as conn:
        zone = ZoneInfo(districts.district(conn, district).zone)
        found = [asdict(one) for one in drawn.edits(conn, district, most)]
    for edit in found:
        edit["at"] = edit["at"].astimezone(zone).isoformat(timespec="seconds")
    return _fresh({"edits": found})


def _told(thing: Thing) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in Thing.__dataclass_fields__}


def _fresh(told: dict[str, Any]) -> Response:
    """Answer what is not kept: who mends needs it as it stands."""
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
