"""The page on which one's own data come in and go out: files, previews, past imports, exports."""

from typing import Any

import shapely
from flask import Blueprint
from flask.typing import ResponseReturnValue

from gis import districts
from gis.crs import DATUMS
from gis.districts import District
from gis.exchange import known, writing
from gis.exchange.columns import PLACES
from gis.exchange.kinds import KINDS, Field, Kind
from layers.folium_map import Frame
from sql.database import Conn
from web import auth
from web.asked import acting, language
from web.pages import shell
from web.uploads import MOST_MB

PLANNERS = ("planner", "admin")  # of everything; dispatchers bring in members alone
MARGIN_DEG = 0.03

bp = Blueprint("imports", __name__)


@bp.get("/<string(length=6):district>/imports")
def page(district: str) -> ResponseReturnValue:
    """Show what can be brought in and taken out; who may not bring in takes out what he sees."""
    with acting() as conn:
        home = districts.district(conn, district)
        person = shell.who(conn, home)
        bbox = _box(conn, home)
    facts = {**_facts(person["held"]), **person, "bbox": bbox}
    return shell.page("imports.html", home, facts, frame=shell.framed(Frame.of(home.code, bbox)))


def _facts(held: list[str]) -> dict[str, Any]:
    names = tuple(KINDS) if {*held} & {*PLANNERS} else ("members",)
    kinds = [_kind(KINDS[name]) for name in names] if {*held} & auth.BRINGERS else []
    return {
        "kinds": kinds, "datums": DATUMS, "most_mb": MOST_MB, "layers": writing.LAYERS,
        "formats": [suffix.removeprefix(".") for suffix in writing.WRITERS],
    }  # fmt: skip


def _kind(kind: Kind) -> dict[str, Any]:
    places = [{"name": name, "required": False, "options": []} for name in PLACES]
    fields = [_field(field) for field in kind.fields if field.name != "yige_id"]
    return {
        "name": kind.name, "placed": bool(kind.shapes), "fields": [
            *fields, *(places if kind.shapes else []),
        ],
    }  # fmt: skip


def _field(field: Field) -> dict[str, Any]:
    """Return a field with the values it may have, each with its word."""
    words = {value: word for word, value in reversed([*field.options.items()])}
    options = [[value, word if language() == "zh" else value.replace("_", " ")]
               for value, word in reversed(words.items())]  # fmt: skip
    return {"name": field.name, "required": field.required, "options": options}


def _box(conn: Conn, home: District) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the district; of its middle where it has no outline."""
    outline = known.outline(conn, home)
    if outline is not None:
        west, south, east, north = (float(one) for one in shapely.bounds(outline))
        return west, south, east, north
    lon, lat = home.longitude, home.latitude
    return lon - MARGIN_DEG, lat - MARGIN_DEG, lon + MARGIN_DEG, lat + MARGIN_DEG
