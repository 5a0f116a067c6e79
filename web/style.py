"""The style of a district's map over HTTP."""

import hashlib

from flask import Blueprint, Response, current_app, request

from gis import districts
from gis.errors import BadInput
from layers import styles
from layers.tokens import THEMES
from web.asked import acting
from web.tiles import kept, packed

bp = Blueprint("style", __name__, url_prefix="/tiles")


@bp.get("/<district>/style.json")
def style(district: str) -> Response:
    """Answer the MapLibre style of a district one may see, ``?theme=light`` or ``dark``."""
    theme = request.args.get("theme", THEMES[0])
    if theme not in THEMES:
        raise BadInput("bad_theme", theme=theme[:20], known=", ".join(THEMES))
    with acting() as conn:
        home = districts.district(conn, district)
    body = current_app.json.dumps(styles.style(home.code, theme, home.latitude)).encode()
    tag = hashlib.sha256(body).hexdigest()[:20]
    if request.if_none_match.contains_weak(tag):
        return kept(Response(status=304), tag)
    return kept(packed(body, "application/json"), tag)
