"""Posts and who holds them as the interface tells them, with the schemas of these answers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gis import coverage, history, holes, posts, suitable
from gis.serving import Serving, Target, may_change, serving
from gis.suitable import Candidate
from web.answers import Reading
from web.api.declared import (
    BOX,
    CENTIMETRES,
    COUNT,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    YES,
    listed,
    maybe,
    obj,
)
from web.asked import t

POST = {"type": "string", "enum": [*posts.POSTS]}
WHO = obj({"kind": {"type": "string", "enum": ["member", "station"]}, "id": WHOLE, "name": TEXT})
TIME = {"type": "string", "format": "date-time"}
SCHEMAS["Target"] = obj({
    "kind": {"type": "string", "enum": ["area", "building", "station"]}, "id": WHOLE, "code": TEXT,
    "name": TEXT, "level": TEXT,
    "areas": {**listed(obj({"code": TEXT, "name": TEXT, "level": TEXT})),
              "description": "those it lies in, the lowest first"},
    "households": COUNT, "people": COUNT, "buildings": COUNT, "compounds": COUNT,
    "point": POINT, "bbox": BOX,
})  # fmt: skip
SCHEMAS["Serving"] = obj({
    "target": {"$ref": "#/components/schemas/Target"},
    "may_change": YES,
    "serving": listed(obj({
        "id": WHOLE, "version": WHOLE, "role": POST, "who": WHO, "since": TIME,
        "until": maybe(TIME), "minutes": maybe(WHOLE),
    })),
    "holes": listed(obj({"role": POST, "since": maybe(TIME), "days": maybe(COUNT)})),
    "heads": maybe(obj({
        "needed": COUNT, "held": COUNT,
        "missing": listed(obj({"id": WHOLE, "name": TEXT, "compound": maybe(TEXT),
                               "households": COUNT, "point": POINT})),
    })),
})  # fmt: skip
SCHEMAS["Suitable"] = obj({"people": listed(obj({
    "kind": {"type": "string", "enum": ["member", "station"]}, "id": WHOLE, "name": TEXT,
    "roles": listed(POST), "skills": listed(TEXT), "point": maybe(POINT),
    "cost_cm": maybe(CENTIMETRES), "minutes": maybe(WHOLE), "load_before": COUNT,
    "load_after": COUNT, "limit": maybe(obj({"low": COUNT, "high": COUNT})), "over": YES,
    "held": COUNT, "serves": listed(obj({"role": POST, "place": TEXT})), "why": TEXT,
}))})  # fmt: skip
SCHEMAS["Walk"] = obj({
    "cost_cm": CENTIMETRES, "minutes": WHOLE,
    "path": maybe({"$ref": "#/components/schemas/Line"}),
})  # fmt: skip
SCHEMAS["Holes"] = obj({
    "role": POST, "grids": COUNT, "missing": COUNT,
    "areas": listed(obj({
        "id": WHOLE, "code": TEXT, "name": TEXT, "households": COUNT, "needed": COUNT,
        "held": COUNT, "missing": COUNT, "holder": maybe(TEXT), "since": maybe(TIME),
        "days": maybe(COUNT),
    })),
})  # fmt: skip
SCHEMAS["Changed"] = obj({
    "id": WHOLE, "version": {**maybe(WHOLE), "description": "null: it is gone"},
    "ended": obj({"id": WHOLE, "version": maybe(WHOLE)}),
}, "ended")  # fmt: skip
STATE = obj({
    "role": POST, "name": TEXT, "since": maybe(TIME), "until": maybe(TIME), "note": TEXT,
    "version": WHOLE,
})  # fmt: skip
SCHEMAS["History"] = obj({"changes": listed(obj({
    "id": WHOLE, "version": WHOLE, "at": TIME, "who": TEXT,
    "operation": {"type": "string", "enum": ["insert", "update", "delete"]},
    "before": maybe(STATE), "after": maybe(STATE),
}))})  # fmt: skip

ALONE = tuple(post.code for post in posts.POSTS.values() if post.alone)


def target_facts(now: Reading, of: Target) -> dict[str, Any]:
    """Return what a target is made of, who serves it with the minutes from home, who is missing."""
    conn, district = now.conn, now.home.code
    facts = holes.portrait(conn, district, of)
    there = serving(conn, district, [of])
    point = [facts.pop("lon"), facts.pop("lat")]
    may = may_change(conn, of)
    return {
        "target": {"kind": of.kind, "id": of.id, "code": of.code, "name": of.name,
                   "level": of.level, **facts, "point": point},
        "may_change": may,
        "serving": _serving(now, of, there),
        "holes": _holes(now, of, there) if may else [],
        "heads": _heads(now, of) if may and of.level == "grid" else None,
    }  # fmt: skip


def people(found: list[Candidate], role: str) -> list[dict[str, Any]]:
    """Return candidates as the interface tells them, each with why he is where he is."""
    range_ = posts.POSTS[role].households
    limit = {"low": range_[0], "high": range_[1]} if range_ else None
    return [
        {
            "kind": one.kind, "id": one.id, "name": one.name, "roles": one.roles,
            "skills": one.skills, "point": None if one.lon is None else [one.lon, one.lat],
            "cost_cm": one.cost_cm, "minutes": one.minutes, "load_before": one.load_before,
            "load_after": one.load_after, "over": one.over, "held": one.held,
            "limit": {"low": 0, "high": one.most} if one.kind == "station" and one.most else limit,
            "serves": [{"role": post, "place": place} for post, place in one.serves],
            "why": _why(one),
        }
        for one in found
    ]  # fmt: skip


def _why(one: Candidate) -> str:
    """Say what somebody serves now; posts out of sight are counted."""
    if not one.held:
        return t("assign.idle")
    places = "、".join(dict.fromkeys(place for _, place in one.serves))
    more = one.held - len(one.serves)
    if not places:
        return t("assign.serves_elsewhere", n=more)
    key = "assign.serves_and_elsewhere" if more > 0 else "assign.serves"
    return t(key, places=places, n=more)


def _serving(now: Reading, of: Target, there: list[Serving]) -> list[dict[str, Any]]:
    conn, district, zone = now.conn, now.home.code, ZoneInfo(now.home.zone)
    walker = coverage.profile(conn, district, "standard")
    cost = suitable.walked(conn, district, of, there)
    return [
        {
            "id": one.id, "version": one.version, "role": one.role,
            "who": {"kind": "member" if one.member else "station",
                    "id": one.member or one.serving_station, "name": one.name},
            "since": one.since.astimezone(zone).isoformat(timespec="seconds"),
            "until": one.until and one.until.astimezone(zone).isoformat(timespec="seconds"),
            "minutes": walker.minutes_for(cost[one.id]) if one.id in cost else None,
        }
        for one in there
    ]  # fmt: skip


def _holes(now: Reading, of: Target, there: list[Serving]) -> list[dict[str, Any]]:
    """Return the posts of one holder that nobody holds at a target."""
    if of.level == "grid":
        found = holes.grids(now.conn, now.home.code, "grid_member", of.code)
        rows = [grid_row(now, grid) for grid in found if grid.missing]
        return [{"role": "grid_member", "since": r["since"], "days": r["days"]} for r in rows]
    if of.kind == "building" and "building_head" not in [one.role for one in there]:
        return [{"role": "building_head", "since": None, "days": None}]
    return []


def _heads(now: Reading, of: Target) -> dict[str, Any]:
    """Return how many buildings of a grid have a head, and those that have none."""
    [grid] = holes.grids(now.conn, now.home.code, "building_head", of.code)
    rows = holes.headless(now.conn, now.home.code, of)
    missing = [{**row, "point": [row.pop("lon"), row.pop("lat")]} for row in rows]
    return {"needed": grid.needed, "held": grid.held, "missing": missing}


def grid_row(now: Reading, grid: holes.Grid) -> dict[str, Any]:
    """Return how a post is filled in a grid, and for how many days nobody has held it."""
    since = grid.since and grid.since.astimezone(ZoneInfo(now.home.zone))
    return {
        "id": grid.id, "code": grid.code, "name": grid.name, "households": grid.households,
        "needed": grid.needed, "held": grid.held, "missing": grid.missing, "holder": grid.holder,
        "since": since and since.isoformat(timespec="seconds"),
        "days": days_since(since) if since else None,
    }  # fmt: skip


def days_since(at: datetime) -> int:
    """Return the days that have begun since a moment, in its own zone."""
    return max(0, (datetime.now(at.tzinfo).date() - at.date()).days)


def change_row(now: Reading, one: history.Change) -> dict[str, Any]:
    """Return one change of an assignment: when, who, before and after."""
    zone = ZoneInfo(now.home.zone)
    return {
        "id": one.id, "version": one.version,
        "at": one.at.astimezone(zone).isoformat(timespec="seconds"),
        "who": one.who or t("assign.program"), "operation": one.operation.lower(),
        "before": _state(one.before, one.name, zone), "after": _state(one.after, one.name, zone),
    }  # fmt: skip


def _state(state: dict[str, Any] | None, name: str | None, zone: ZoneInfo) -> dict[str, Any] | None:
    if state is None:
        return None
    since, until = (at and at.astimezone(zone).isoformat() for at in history.period(state))
    return {"role": state["role"], "name": name or "–", "since": since, "until": until,
            "note": state["note"], "version": state["version"]}  # fmt: skip
