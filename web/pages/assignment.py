"""The page of assignments: who serves what, who is missing, who would serve well."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gis import areas as tree
from gis import holes, posts
from web.answers import Reading, reading
from web.api.districts import town_of
from web.api.posts import grid_row
from web.pages import shell

bp = Blueprint("assignment", __name__)

CHOSEN = ("grid_member", "building_head", "party_member", "cadre", "station")


@bp.get("/<string(length=6):district>/assignment")
def page(district: str) -> ResponseReturnValue:
    """Show how the posts of a district are filled; who may not change that goes to the coverage."""
    with reading(district) as now:
        person = shell.person(now)
        if not {*person["held"]} & {*shell.TABS["assignment"]}:
            return redirect(url_for("coverage.page", district=district))
        facts = {**_facts(now), **person}
    return shell.page(
        "assignment.html",
        now.home,
        facts,
        frame=shell.frame(now.home, facts["areas"]),
        roles=CHOSEN,
    )


def _facts(now: Reading) -> dict[str, Any]:
    """Return what the first paint needs, so that it asks for nothing more."""
    role = request.args.get("role")
    role = role if role in CHOSEN else CHOSEN[0]
    grids = holes.grids(now.conn, now.home.code, role)
    return {
        "areas": tree.areas(now.conn, now.home.code, town_of(now)),
        "roles": CHOSEN,
        "limits": {
            code: list(post.households) for code, post in posts.POSTS.items() if post.households
        },
        "role": role,
        "grids": [grid_row(now, grid) for grid in grids],
    }
