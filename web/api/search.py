"""Search by name, part of it, or pinyin initials."""

from typing import Any

from flask import Response

from gis import search as names
from gis.kept import Kept
from gis.search import Index
from web.answers import Reading, answer
from web.api.declared import (
    BOX,
    COUNT,
    LEVEL,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.params import Parameter, query, whole, words

INDEXES: Kept[Index] = Kept(4)
Q = Parameter("q", words(100), {"type": "string", "maxLength": 100},
              "A name, part of one, or pinyin initials", required=True)  # fmt: skip
LIMIT = Parameter("limit", whole(1, 50), {"type": "integer", "minimum": 1, "maximum": 50},
                  "How many results", default=12)  # fmt: skip
SCHEMAS["Search"] = obj({
    "results": listed(obj({
        "kind": {"type": "string", "enum": [*names.KINDS]}, "level": maybe(LEVEL),
        "id": WHOLE, "code": TEXT, "name": TEXT,
        "where": {**TEXT, "description": "community · subdistrict"},
        "point": maybe(POINT), "bbox": maybe(BOX),
        "match": {
            **listed(COUNT, minItems=2, maxItems=2),
            "description": "first and last + 1 of the signs of the name that fit (UTF-16)",
        },
    })),
})  # fmt: skip


@operation("GET", "/<district>/search", ref("Search"), query=(Q, LIMIT))
def search(district: str) -> Response:
    """Find areas, compounds, stations, members and buildings, the best fit first."""
    asked = query((Q, LIMIT))

    def make(now: Reading) -> dict[str, Any]:
        index = now.kept(INDEXES, lambda: names.index(now.conn, district), *_people(now))
        return {"results": names.search(now.conn, district, index, asked["q"], asked["limit"])}

    return answer(district, make, beside=_people)


def _people(now: Reading) -> tuple[object, ...]:
    """Tell on what it depends which members are found: not every role sees them."""
    return now.state.roles, now.state.members
