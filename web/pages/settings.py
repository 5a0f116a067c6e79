"""What administrators of a whole district set for it: the background of the map."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gis import basemaps
from gis.errors import YigeError
from web.asked import t
from web.pages.accounts import administering

bp = Blueprint("settings", __name__)


@bp.get("/<string(length=6):district>/settings")
def page(district: str) -> ResponseReturnValue:
    """Show what is set; the key is not."""
    return _page(district)


@bp.post("/<string(length=6):district>/settings/tianditu")
def tianditu(district: str) -> ResponseReturnValue:
    """Switch 天地图 on with a key, or take another key."""
    try:
        with administering(district) as (conn, _):
            basemaps.use_tianditu(conn, district, request.form.get("key", ""))
    except YigeError as error:
        return _page(district, t(f"error.{error.key}", **error.values))
    flash(t("settings.tianditu_on"))
    return redirect(url_for("settings.page", district=district))


@bp.post("/<string(length=6):district>/settings/own")
def own(district: str) -> ResponseReturnValue:
    """Go back to our own background."""
    with administering(district) as (conn, _):
        basemaps.off(conn, district)
    flash(t("settings.own_on"))
    return redirect(url_for("settings.page", district=district))


def _page(district: str, error: str = "") -> ResponseReturnValue:
    with administering(district) as (conn, home):
        known = basemaps.basemap(conn, district)
    page = render_template("settings.html", home=home, basemap=known, error=error)
    return page, 422 if error else 200, {"Cache-Control": "no-store"}
