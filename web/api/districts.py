"""``/api/session`` and the areas of a district."""

from dataclasses import replace
from typing import Any

from flask import Response, jsonify
from flask_login import current_user

from gis import areas as tree
from gis import recent, served
from gis.kept import Kept, V
from gis.recent import Step
from gis.served import Town
from web.answers import Reading, answer
from web.api.declared import (
    BOX,
    COUNT,
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
from web.asked import acting, language
from web.params import Parameter, flag, query

TOWNS: Kept[Town] = Kept(16)
GEOMETRY = Parameter("geometry", flag, {"type": "string", "enum": ["0", "1"]},
                     "1: with the shapes", default=False)  # fmt: skip

ROLES = listed({"type": "string", "enum": ["field", "official", "dispatcher", "planner", "admin"]})
SCHEMAS["Session"] = obj({
    "account": obj({"id": WHOLE, "login": TEXT, "name": TEXT}),
    "language": {"type": "string", "enum": ["zh", "en"]},
    "districts": listed(obj({
        "code": TEXT, "name": TEXT, "sample": YES, "data_date": TEXT, "zone": TEXT,
        "roles": ROLES, "bbox": maybe(BOX),
        "areas": listed(obj({
            "code": TEXT, "name": TEXT, "level": LEVEL, "roles": ROLES, "bbox": maybe(BOX),
        })),
    })),
})  # fmt: skip
SCHEMAS["Area"] = obj({
    "id": WHOLE, "code": TEXT, "level": LEVEL, "name": TEXT, "parent": maybe(TEXT),
    "partial": {**YES, "description": "the counts are not of all of it: the rest is not yours"},
    "households": COUNT, "people": COUNT, "buildings": COUNT, "compounds": COUNT,
    "stations": COUNT, "point": maybe(POINT), "bbox": maybe(BOX),
})  # fmt: skip
SCHEMAS["Areas"] = obj({"areas": listed(ref("Area")), "geometry": {"type": "object"}}, "geometry")


@operation("GET", "/session", ref("Session"), errors=(400, 401))
def session() -> Response:
    """Say who is signed in, and which districts and areas are theirs."""
    query(())
    with acting() as conn:
        districts = tree.held(conn)
    person = {"id": current_user.id, "login": current_user.login, "name": current_user.name}
    found = jsonify(account=person, language=language(), districts=districts)
    found.headers["Cache-Control"] = "no-store"
    return found


@operation("GET", "/<district>/areas", ref("Areas"), query=(GEOMETRY,))
def areas(district: str) -> Response:
    """List the areas one has a right on, and those above them, by code, with counts."""
    asked = query((GEOMETRY,))

    def make(now: Reading) -> dict[str, Any]:
        those = tree.areas(now.conn, district, town_of(now))
        more = {"geometry": tree.shapes(now.conn, district, those)} if asked["geometry"] else {}
        return {"areas": those, **more}

    return answer(district, make, keep=True)


def town_of(now: Reading) -> Town:
    """Return the areas and buildings this request may see."""

    def make() -> Town:
        last = earlier(now, TOWNS)
        if last is None:
            return served.town(now.conn, now.home.code)
        return recent.town(now.conn, now.home.code, last[1], last[0].buildings)

    found: Town = now.kept(TOWNS, make)
    return found


def earlier(now: Reading, cache: Kept[V], *what: object) -> tuple[Step, V] | None:
    """Return what led to this version, and what a cache has of the one before."""
    code, state = now.home.code, now.state
    step = recent.step(now.conn, code, state.edge, state.place)
    if step is None:
        return None
    before = replace(now, state=replace(state, edge=step.edge, place=step.place))
    was = cache.peek((*before.key, *what))
    return None if was is None else (step, was)
