"""Who serves what: to see it, to find who would serve well, to change it and to undo that."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify

from gis import assignment, errors, history, holes, posts, serving, suitable
from gis.assignment import Stored
from gis.districts import District
from gis.serving import Target
from sql.database import Conn
from web.answers import reading
from web.api.declared import WHOLE, operation, ref
from web.api.posts import change_row, grid_row, people, target_facts
from web.bodies import Field, body, moment, schema
from web.params import AREA, Parameter, choice, code, flag, query, whole, words

LARGEST = 2**53
ROLE = Parameter("role", choice(*posts.POSTS), {"type": "string", "enum": [*posts.POSTS]},
                 "A post", required=True)  # fmt: skip
GRID = Parameter("grid", code, {"type": "string"}, "The code of a grid or of an area above")
BUILDING = Parameter("building", whole(0, LARGEST), WHOLE, "The id of a building")
STATION = Parameter("station", code, {"type": "string"}, "The code of a station")
TARGET = (GRID, BUILDING, STATION)
MEMBER = Parameter("member", whole(0, LARGEST), WHOLE, "The id of a member", required=True)
Q = Parameter("q", words(60), {"type": "string"}, "A part of the name or of a skill")
LIMIT = Parameter("limit", whole(1, 100), {"type": "integer", "minimum": 1, "maximum": 100},
                  "At most so many", default=12)  # fmt: skip
ALL = Parameter("all", flag, {"type": "string", "enum": ["0", "1"]},
                "1: grids where nobody is missing too", default=False)  # fmt: skip
VERSION = Parameter("version", whole(0, LARGEST), WHOLE, "The version that was read",
                    required=True)  # fmt: skip

VERSION_READ = Field("version", WHOLE, required=True)
PERIOD = (
    Field("from", {"type": "string", "maxLength": 40, "description": "absent: now"}),
    Field("until", {"type": "string", "maxLength": 40, "description": "a date counts in full"}),
    Field("note", {"type": "string", "maxLength": 500}),
)
NEW = (
    Field("grid", {"type": "string"}), Field("building", WHOLE),
    Field("station", {"type": "string"}),
    Field("role", {"type": "string"}, required=True),
    Field("member", WHOLE), Field("serving_station", WHOLE), *PERIOD,
    Field("replaces", {"type": "object", "properties": {"id": WHOLE, "version": WHOLE},
                       "description": "an assignment that ends at the same time"}),
)  # fmt: skip
CHANGED = (VERSION_READ, *PERIOD, Field("open_end", {"type": "boolean"}))
CHANGE_ERRORS = (400, 401, 403, 404, 409)


@operation("GET", "/<district>/assignments", ref("Serving"), query=TARGET)
def assignments(district: str) -> Response:
    """Tell who serves a grid, a building or a station, and which posts nobody holds."""
    asked = query(TARGET)
    with reading(district, ways=True) as now:
        to = target_of(now.conn, district, asked)
        return _fresh(jsonify(target_facts(now, to)))


@operation("GET", "/<district>/assignments/suitable", ref("Suitable"),
           query=(*TARGET, ROLE, Q, LIMIT))  # fmt: skip
def suitable_people(district: str) -> Response:
    """List who could take a post: within the load first, then the nearest."""
    asked = query((*TARGET, ROLE, Q, LIMIT))
    with reading(district, ways=True) as now:
        to = target_of(now.conn, district, asked)
        if to.kind not in posts.post(asked["role"]).targets:
            raise errors.BadInput("post_unfit")
        found = suitable.suitable(now.conn, district, to, asked["role"], asked["q"], asked["limit"])
        return _fresh(jsonify(people=people(found, asked["role"])))


@operation("GET", "/<district>/assignments/walk", ref("Walk"), query=(*TARGET, MEMBER))
def walk_of_member(district: str) -> Response:
    """Draw the walk of a member from home to what he serves, or would."""
    asked = query((*TARGET, MEMBER))
    with reading(district, ways=True) as now:
        to = target_of(now.conn, district, asked)
        return _fresh(jsonify(suitable.way(now.conn, district, to, asked["member"])))


@operation("GET", "/<district>/holes", ref("Holes"), query=(ROLE, AREA, ALL))
def grids_without(district: str) -> Response:
    """List the grids where somebody is missing in a post, the longest empty first."""
    asked = query((ROLE, AREA, ALL))
    with reading(district) as now:
        grids = holes.grids(now.conn, district, asked["role"], asked["area"])
        missing = holes.missing(grids)
        shown = grids if asked["all"] else missing
        return _fresh(
            jsonify(role=asked["role"], grids=len(grids), missing=sum(g.missing for g in missing),
                    areas=[grid_row(now, grid) for grid in shown])
        )  # fmt: skip


@operation("POST", "/<district>/assignments", ref("Changed"), body=schema(NEW), status=201,
           errors=CHANGE_ERRORS)  # fmt: skip
def assign(district: str) -> tuple[Response, int]:
    """Have somebody serve; with ``replaces`` an assignment ends at the same time."""
    said = body(NEW)
    with reading(district) as now:
        to = target_of(now.conn, district, said)
        ended = said["replaces"] and assignment.end(now.conn, district, **said["replaces"])
        made = assignment.assign(
            now.conn, district, to, said["role"], member=said["member"],
            serving_station=said["serving_station"], note=said["note"] or "",
            **_period(now.home, said),
        )  # fmt: skip
        more = {"ended": _stored(ended)} if ended else {}
        return jsonify(**_stored(made), **more), 201


@operation("PATCH", "/<district>/assignments/<int:id>", ref("Changed"), body=schema(CHANGED),
           errors=CHANGE_ERRORS)  # fmt: skip
def change_assignment(district: str, id: int) -> Response:
    """Change the period or the note of an assignment; what is absent stays."""
    said = body(CHANGED)
    with reading(district) as now:
        done = assignment.change(
            now.conn, district, id, said["version"], note=said["note"],
            open_end=bool(said["open_end"]), **_period(now.home, said),
        )  # fmt: skip
        return jsonify(_stored(done))


@operation("DELETE", "/<district>/assignments/<int:id>", ref("Changed"), query=(VERSION,),
           errors=CHANGE_ERRORS)  # fmt: skip
def end_assignment(district: str, id: int) -> Response:
    """End an assignment now; one that has not begun is taken away."""
    asked = query((VERSION,))
    with reading(district) as now:
        return jsonify(_stored(assignment.end(now.conn, district, id, asked["version"])))


@operation("POST", "/<district>/assignments/<int:id>/undo", ref("Changed"),
           body=schema((VERSION_READ,)), errors=CHANGE_ERRORS)  # fmt: skip
def undo_assignment(district: str, id: int) -> Response:
    """Bring back the state before the last change of an assignment."""
    said = body((VERSION_READ,))
    with reading(district) as now:
        return jsonify(_stored(assignment.undo(now.conn, district, id, said["version"])))


@operation("GET", "/<district>/assignments/<int:id>/history", ref("History"))
def assignment_history(district: str, id: int) -> Response:
    """List every change of one assignment, the last first."""
    query(())
    with reading(district) as now:
        found = history.history(now.conn, district, "assignment", id)
        if not found:
            _refuse_unseen(now.conn, district, id)
        return _fresh(jsonify(changes=[change_row(now, one) for one in found]))


@operation("GET", "/<district>/history", ref("History"), query=(*TARGET, LIMIT))
def history_of_target(district: str) -> Response:
    """List the last changes of who serves a grid, a building or a station, the last first."""
    asked = query((*TARGET, LIMIT))
    with reading(district) as now:
        to = target_of(now.conn, district, asked)
        found = history.at(now.conn, district, to.kind, to.id, asked["limit"])
        return _fresh(jsonify(changes=[change_row(now, one) for one in found]))


def target_of(conn: Conn, district: str, asked: dict[str, Any]) -> Target:
    """Return the one target a request names.

    Raises
    ------
    BadInput
        It names none, or several.
    NotFound
        There is none of that name within one's rights.
    """
    named = {
        kind: asked[kind] for kind in ("grid", "building", "station") if asked[kind] is not None
    }
    if len(named) != 1:
        raise errors.BadInput("one_target")
    [(kind, key)] = named.items()
    return serving.target(conn, district, "area" if kind == "grid" else kind, key)


def _period(home: District, said: dict[str, Any]) -> dict[str, datetime | None]:
    return {
        "since": moment("from", said["from"], home.zone),
        "until": moment("until", said["until"], home.zone, last=True),
    }


def _refuse_unseen(conn: Conn, district: str, id: int) -> None:
    """Tell an assignment without a history, as it was stored in bulk, from one out of sight."""
    if not assignment.is_seen(conn, district, id):
        raise errors.NotFound("no_assignment", id=id)


def _stored(one: Stored) -> dict[str, int | None]:
    return {"id": one.id, "version": one.version}


def _fresh(answer: Response) -> Response:
    """Have nothing of people kept outside this page."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
