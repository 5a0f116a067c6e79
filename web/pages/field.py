"""The page for people outdoors: the nearest open station on foot, and who answers for the place.

It is small, so that it is there soon on a slow line: the map comes after the answer.
"""

import re
from pathlib import Path
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from gis import areas, districts, stations
from gis.districts import District
from layers.folium_map import Frame
from sql.database import Conn
from web import versioned
from web.asked import acting
from web.pages import shell

WORDS = (
    "again", "field.", "hours.day", "level.", "map.", "progress.count", "role.", "search.",
    "sheet.", "time.day", "trouble.",
)  # fmt: skip
FOLDER = shell.STATIC / "js" / "field"
MAIN = FOLDER / "main.js"
IMPORT = re.compile(r'^import .*"(\.[^"]+)";$', re.MULTILINE)

bp = Blueprint("field", __name__)


@bp.get("/field")
def own() -> ResponseReturnValue:
    """Show the page of one's own district."""
    return page(current_user.district)


@bp.get("/<string(length=6):district>/field")
def page(district: str) -> ResponseReturnValue:
    """Show the page of a district in which one holds a role."""
    with acting() as conn:
        home = districts.district(conn, district)
        facts, box = _facts(conn, home)
    return shell.page(
        "field.html", home, facts, frame=shell.framed(Frame.of(district, box)),
        is_sunny=request.cookies.get("sun") == "1", words=shell.words(only=WORDS),
        modules=[versioned.address(name) for name in _imported(MAIN)],
        early=Markup((FOLDER / "early.js").read_text("utf-8")),
    )  # fmt: skip


def _facts(conn: Conn, home: District) -> tuple[dict[str, Any], Any]:
    """Return what the scripts start with, and the box of the map: of one's first area."""
    mine = next((one for one in areas.held(conn) if one["code"] == home.code), None)
    boxes = [area["bbox"] for area in mine["areas"] if area["bbox"]] if mine else []
    box = boxes[0] if boxes else mine and mine["bbox"]
    facts = {
        "services": stations.services(conn, home.code),
        "held": mine["roles"] if mine else [],
        "bbox": box,
    }
    return facts, tuple(box) if box else None


def _imported(entry: Path) -> list[str]:
    """Return what a module imports at once, and what that imports: to be fetched together."""
    found = [entry]
    for path in found:
        parts = IMPORT.findall(path.read_text("utf-8"))
        found += [one for part in parts if (one := (path.parent / part).resolve()) not in found]
    return [str(path.relative_to(shell.STATIC)) for path in found]
