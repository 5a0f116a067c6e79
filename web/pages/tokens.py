"""The tokens of one's own programs, on the account page."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gis import tokens
from gis.errors import YigeError
from sql import database
from web.asked import t
from web.moments import ZONE
from web.pages import session

bp = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@bp.post("")
def make() -> ResponseReturnValue:
    """Make a token and show it this once, or say what is wrong beside the field."""
    form = request.form
    try:
        with database.service(current_app.extensions["pool"]) as conn:
            until = _end_of(form.get("until", ""))
            made = tokens.make(conn, current_user.id, form.get("name", ""), until)
    except YigeError as error:
        told = t(f"error.{error.key}", **error.values)
        return session.own({error.key: told}, name=form.get("name", ""))
    return session.own(token=made)


@bp.post("/<int:token>/close")
def close(token: int) -> ResponseReturnValue:
    """Take a token out of use, for good."""
    with database.service(current_app.extensions["pool"]) as conn:
        closed = tokens.close(conn, current_user.id, token)
    if closed:
        flash(t("token.closed"))
    return redirect("/account#tokens")


def _end_of(text: str) -> datetime:
    """Return the end of a day; for what is none a moment long past."""
    try:
        following = date.fromisoformat(text) + timedelta(days=1)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(following, time(), ZoneInfo(ZONE))
