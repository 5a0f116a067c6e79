"""Signing in and out, and one's own account."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gis import accounts, sessions, tokens
from gis.errors import YigeError
from sql import database, query
from web import auth, signin
from web.asked import acting, t
from web.auth import public
from web.moments import ZONE, moments

TOKEN_DAYS = 90  # what the form for a token begins with

bp = Blueprint("session", __name__)


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Show the form, or go on if somebody is signed in."""
    if current_user.is_authenticated:
        return redirect(_next())
    return render_template("login.html", error=None, login="")


@bp.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Sign in and go on to where the person wanted, or say why not."""
    typed = request.form.get("login", "")
    try:
        auth.enter(signin.sign_in(typed, request.form.get("password", "")))
    except signin.Refused as refused:
        error = t(refused.key, **refused.values)
        return render_template("login.html", error=error, login=typed), refused.status
    return redirect(_next())


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Close the session."""
    auth.leave()
    return redirect("/")


@bp.get("/account")
def account() -> ResponseReturnValue:
    """Show one's own roles, sessions and the form for another password."""
    return own()


@bp.post("/account/password")
def password() -> ResponseReturnValue:
    """Take another password; every other session of the account ends."""
    form = request.form
    try:
        _check(form.get("old", ""), form.get("new", ""), form.get("again", ""))
    except signin.Refused as refused:
        return own({refused.key: t(f"account.{refused.key}", **refused.values)})
    except YigeError as error:
        return own({"new": t(f"error.{error.key}", **error.values)})
    hash_ = signin.hashed(form["new"])
    with database.service(current_app.extensions["pool"]) as conn:
        sessions.change_password(conn, current_user.id, hash_)
        sessions.close(conn, current_user.id, kept=current_user.session)
    flash(t("account.password_changed"))
    return redirect("/account")


@bp.post("/account/sessions")
def close() -> ResponseReturnValue:
    """Close one of one's own sessions, or all but this one."""
    only = request.form.get("session", type=int)
    with database.service(current_app.extensions["pool"]) as conn:
        count = sessions.close(conn, current_user.id, only, kept=current_user.session)
    flash(t("account.closed", count=count))
    return redirect("/account")


def _check(old: str, new: str, again: str) -> None:
    """Refuse a change of password; a wrong old one counts as a failure to sign in.

    Raises
    ------
    Refused, BadInput
        The key names the field and what is wrong with it.
    """
    if new != again:
        raise signin.Refused("again")
    accounts.check_password(new, current_user.login)
    try:
        signin.check(current_user.login, old)
    except signin.Refused as refused:
        key = "locked" if refused.key == "login.locked" else "old"
        raise signin.Refused(key, refused.status, **refused.values) from None


def own(
    errors: dict[str, str] | None = None, token: str | None = None, name: str = ""
) -> ResponseReturnValue:
    """Show one's own account: with errors beside their fields, or with a token made just now."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    with acting() as conn:
        mine = {"account": current_user.id}
        view: dict[str, Any] = {
            "grants": conn.execute(query("accounts.own"), mine).fetchall(),
            "opened": conn.execute(query("accounts.sessions"), mine).fetchall(),
            "tokens": tokens.own(conn, current_user.id),
        }
    view |= {
        "errors": errors or {}, "made": token, "typed": name, **moments(),
        "last_day": _last_day,
        "ends": [today + timedelta(days=days) for days in (1, TOKEN_DAYS, 364)],
    }  # fmt: skip
    page = render_template("account.html", **view)
    return page, 422 if errors else 200, {"Cache-Control": "no-store"}


def _last_day(until: datetime) -> str:
    """Return the day that an end at midnight closes."""
    day: str = moments()["date_of"](
        (until - timedelta(seconds=1)).astimezone(ZoneInfo(ZONE)).date()
    )
    return day


def _next() -> str:
    """Return the local path that was asked for, else where a role begins."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    is_local = asked.startswith("/") and not asked.startswith("//") and not parts.netloc
    return asked if is_local and "\\" not in asked and asked.isprintable() else auth.landing()
