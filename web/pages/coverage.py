"""The page of coverage: the map, and who is served within how many minutes."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gis import areas as tree
from gis import drawn, stations
from gis.counting import figures
from gis.profiles import profile, profiles
from web.answers import Reading, reading
from web.api.coverage import basis_of
from web.api.districts import town_of
from web.pages import shell

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)

bp = Blueprint("coverage", __name__)


@bp.get("/<string(length=6):district>/coverage")
def page(district: str) -> ResponseReturnValue:
    """Show the coverage of a district, with the figures of the conditions in the address."""
    at = _moment(request.args.get("at", ""))
    with reading(district, at) as now:
        facts = _facts(now, at)
        facts |= shell.person(now)
    return shell.page("map.html", now.home, facts, frame=shell.frame(now.home, facts["areas"]))


def _facts(now: Reading, at: str | None) -> dict[str, Any]:
    """Return what the first paint needs, so that it asks for nothing more."""
    known = [asdict(one) for one in profiles(now.conn, now.home.code)]
    services = stations.services(now.conn, now.home.code)
    walking = _one_of("profile", known) or "standard"
    service = _one_of("service", services)
    basis = basis_of(now, service)
    walker = profile(now.conn, now.home.code, walking)
    return {
        "profiles": known,
        "services": services,
        "edits": drawn.kinds(now.conn, now.home.code),
        "areas": tree.areas(now.conn, now.home.code, town_of(now)),
        "figures": figures(basis, walker, at, service, "grid"),
    }


def _moment(text: str) -> str | None:
    """Return a moment of the address if it is one; like the page, leave out what is not."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    return text


def _one_of(name: str, known: list[dict[str, Any]]) -> str | None:
    asked = request.args.get(name)
    return asked if asked in [one["code"] for one in known] else None
