"""The map mended by hand: each change, and what it does to the figures."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from flask import Response, jsonify

from gis import coverage as figures
from gis import drawn, editing, recent
from gis.counting import figures as counted
from gis.counting import minutes
from gis.editable import KINDS
from gis.editing import Stored
from gis.freshness import State
from sql.database import Conn
from web.answers import Reading, reading
from web.api.coverage import basis_of
from web.api.declared import (
    COUNT,
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
from web.bodies import Field, body, schema
from web.params import Parameter, query, whole

LARGEST = 2**53
MOST = 5000  # corners of a shape
MOST_CROSSED = 300
CHANGE_ERRORS = (400, 401, 403, 404, 409, 422)
VERSION = Parameter("version", whole(0, LARGEST), WHOLE, "The version that was read",
                    required=True)  # fmt: skip
VERSION_READ = Field("version", WHOLE, required=True)

XY = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
SHAPE: dict[str, Any] = {
    "point": XY,
    "line": {"type": "array", "items": XY, "maxItems": MOST},
    "polygon": {"type": "array", "items": {"type": "array", "items": XY, "maxItems": MOST}},
}
NAME = {"type": "string", "maxLength": 120}
HOURS = {"type": "string", "maxLength": 500, "examples": ["Mo-Fr 08:30-17:30; Sa 09:00-12:00"]}
WORD = {"type": "string", "maxLength": 40}
FIELDS: dict[str, Any] = {
    "name": NAME, "hours": HOURS, "kind": WORD, "passage": WORD, "state": WORD, "highway": WORD,
    "foot": WORD, "compound": {**NAME, "description": "the code of a compound"},
    "services": {"type": "array", "items": WORD, "maxItems": 60}, "floor_area": {"type": "number"},
    **dict.fromkeys(("capacity", "floors", "households", "people"), WHOLE),
    **dict.fromkeys(("estimated", "bridge", "tunnel", "steps"), YES),
}  # fmt: skip

EMPTY = Field("empty", {"type": "array", "items": WORD, "maxItems": 20,
                        "description": "names of what is to have no value any more"})  # fmt: skip

HEADLINE = obj({
    **dict.fromkeys(("buildings", "households", "people", "buildings_covered",
                     "households_covered", "people_covered", "stations"), COUNT),
    "unconnected": ref("Counts"), "minutes": WHOLE,
})  # fmt: skip
SCHEMAS["Edited"] = obj({
    "id": WHOLE, "version": {**maybe(WHOLE), "description": "null: it is gone"},
    "effect": obj({
        "before": HEADLINE, "after": HEADLINE, "gained": COUNT, "lost": COUNT,
        "buildings": listed(obj({"id": WHOLE, "before": maybe(WHOLE), "after": maybe(WHOLE)})),
        "crossed": listed(obj({
            "id": WHOLE, "name": TEXT, "households": COUNT, "point": POINT,
            "before": maybe(WHOLE), "after": maybe(WHOLE),
        }), maxItems=MOST_CROSSED, description="those that gained or lost, largest first"),
        "network": {"type": "string", "enum": ["same", "patched", "rebuilt"]},
        "seconds": {"type": "number", "minimum": 0},
    }),
})  # fmt: skip

Figures = tuple[dict[str, Any], Any, Any, Any, State]


def edited(district: str, work: Callable[[Conn], Stored]) -> Response:
    """Do an edit, bring everything up to date, and tell what it changed."""
    began = time.perf_counter()
    with reading(district) as now:
        before = _figures(now)
        done = work(now.conn)
    with reading(district) as now:
        after = _figures(now)
        step = recent.step(now.conn, district, now.state.edge, now.state.place)
        effect = _effect(before, after)
        effect["crossed"] = _named(now.conn, effect["crossed"])
    if before[4].edge != after[4].edge:
        effect["network"] = "patched" if step else "rebuilt"
    effect["seconds"] = round(time.perf_counter() - began, 3)
    answer = jsonify(id=done.id, version=done.version, effect=effect)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _figures(now: Reading) -> Figures:
    """Return the headline, and by building: ids, minutes, households; as the asker sees them."""
    walker = figures.profile(now.conn, now.home.code, "standard")
    basis = basis_of(now, None)
    found = counted(basis, walker)
    names = HEADLINE["properties"]
    headline = {name: found[name] for name in names}
    those = basis.town.buildings
    return headline, those.id, minutes(basis, walker), those.households, now.state


def _effect(before: Figures, after: Figures) -> dict[str, Any]:
    """Compare the figures before and after: households by class, buildings whose class changed."""
    limit = before[0]["minutes"]
    ids = np.union1d(before[1], after[1])
    was, now = (_at(ids, one[1], one[2]) for one in (before, after))
    homes = [_at(ids, one[1], one[3], 0) for one in (before, after)]
    inside = [(each >= 0) & (each <= limit) for each in (was, now)]
    gained = homes[1][inside[1] & ~inside[0]].sum()
    lost = homes[0][inside[0] & ~inside[1]].sum()
    other = np.flatnonzero(was != now)
    homes_there = np.maximum(*homes)
    crossed = np.flatnonzero((inside[0] != inside[1]) & (homes_there > 0))
    largest = crossed[np.lexsort((ids[crossed], -homes_there[crossed]))][:MOST_CROSSED]
    return {
        "before": before[0],
        "after": after[0],
        "gained": int(gained),
        "lost": int(lost),
        "buildings": [
            {"id": int(ids[k]), "before": _class(was[k]), "after": _class(now[k])} for k in other
        ],
        "crossed": [
            {"id": int(ids[k]), "households": int(homes_there[k]),
             "before": _class(was[k]), "after": _class(now[k])} for k in largest
        ],
        "network": "same",
    }  # fmt: skip


def _named(conn: Conn, those: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return buildings with their names and places; one that is gone for good is left out."""
    names = drawn.buildings(conn, [one["id"] for one in those])
    return [one | names[one["id"]] for one in those if one["id"] in names]


def _at(ids: Any, those: Any, values: Any, otherwise: int = -1) -> Any:
    found = np.full(len(ids), otherwise)
    found[np.searchsorted(ids, those)] = values
    return found


def _class(minutes: int) -> int | None:
    return None if minutes < 0 else int(minutes)


def _declare(kind: str) -> None:
    """Declare the four operations of a kind of things."""
    of = KINDS[kind]
    shape = Field(of.shape, SHAPE[of.shape])
    fields = tuple(Field(name, FIELDS[name]) for name in of.columns)
    new = (Field(of.shape, SHAPE[of.shape], required=True), *fields)
    changed = (VERSION_READ, shape, *fields, EMPTY)
    one = of.table

    def make(district: str) -> tuple[Response, int]:
        said = body(new)
        shape = said.pop(of.shape)
        made = edited(district, lambda conn: editing.make(conn, district, kind, shape, said))
        return made, 201

    def change(district: str, id: int) -> Response:
        said = body(changed)
        version, shape, empty = (said.pop(name) for name in ("version", of.shape, "empty"))
        return edited(
            district,
            lambda conn: editing.change(
                conn, district, kind, id, version, shape, said, empty or ()
            ),
        )

    def end(district: str, id: int) -> Response:
        version = query((VERSION,))["version"]
        return edited(district, lambda conn: editing.end(conn, district, kind, id, version))

    def undo(district: str, id: int) -> Response:
        version = body((VERSION_READ,))["version"]
        return edited(district, lambda conn: editing.undo(conn, district, kind, id, version))

    rule, answer = f"/<district>/{kind}", ref("Edited")
    for view, name, about, more in (
        (make, f"make_{one}", f"Put a {one} on the map, in force from now on.",
         {"method": "POST", "rule": rule, "body": schema(new), "status": 201}),
        (change, f"change_{one}", f"Change a {one}; what is absent stays.",
         {"method": "PATCH", "rule": f"{rule}/<int:id>", "body": schema(changed)}),
        (end, f"end_{one}", f"End a {one} now; it stays in the past.",
         {"method": "DELETE", "rule": f"{rule}/<int:id>", "query": (VERSION,)}),
        (undo, f"undo_{one}", f"Bring back the state before the last change of a {one}.",
         {"method": "POST", "rule": f"{rule}/<int:id>/undo", "body": schema((VERSION_READ,))}),
    ):  # fmt: skip
        view.__name__, view.__doc__ = name, about
        operation(answer=answer, errors=CHANGE_ERRORS, **more)(view)


for _kind in KINDS:
    _declare(_kind)
