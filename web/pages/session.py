"""Signing in and out."""

import secrets
from functools import cache
from threading import BoundedSemaphore
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gis import accounts, sessions
from sql import database
from web import auth
from web.asked import t
from web.auth import public

bp = Blueprint("session", __name__)
FEW_AT_A_TIME = BoundedSemaphore(2)  # a hash takes 64 MB
ZONE = ZoneInfo("Asia/Shanghai")


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Show the form, or go on if somebody is signed in."""
    if current_user.is_authenticated:
        return redirect(_next())
    return _form()


@bp.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Sign in and go on to where the person wanted, or say why not."""
    name, password = (
        accounts.normal(request.form.get("login", "")),
        request.form.get("password", ""),
    )
    if not name or not password:
        return _form("login.empty")
    if len(name) > accounts.LONGEST or len(password) > accounts.LONGEST:
        return _form("login.wrong")
    pool = current_app.extensions["pool"]
    with database.service(pool) as conn:
        known = sessions.credentials(conn, name)
        account = known.account if known else None
        found = sessions.attempt(conn, account, auth.mark(name), auth.address())
    if not isinstance(found, int):
        return _form("login.locked", 429, time=f"{found.astimezone(ZONE):%H:%M}")
    if not _right(known, password):
        return _form("login.wrong")
    assert known is not None
    if password == accounts.SAMPLE_PASSWORD and not auth.is_local():
        return _form("login.sample", 403)
    with database.service(pool) as conn:
        token = sessions.open_session(conn, known.account, found)
    if token is None:
        return _form("login.wrong")
    auth.enter(token)
    return redirect(_next())


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Close the session."""
    auth.leave()
    return redirect("/")


def _right(known: sessions.Credentials | None, password: str) -> bool:
    """Tell whether the password is right; an unknown login takes as long as a known one."""
    hasher: PasswordHasher = current_app.extensions["config"].hasher
    nobodys = _dummy(hasher)
    stored = known.password if known and known.active else None
    with FEW_AT_A_TIME:
        try:
            hasher.verify(stored or nobodys, accounts.one_form(password))
        except (Argon2Error, InvalidHashError):
            return False
    return stored is not None


@cache
def _dummy(hasher: PasswordHasher) -> str:
    """Return a hash that no password has."""
    return hasher.hash(secrets.token_hex())


def _form(key: str | None = None, status: int = 401, **values: object) -> ResponseReturnValue:
    error = t(key, **values) if key else None
    page = render_template("login.html", error=error, login=request.form.get("login", ""))
    return page, status if key else 200


def _next() -> str:
    """Return the local path that was asked for, else where a role begins."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    is_local = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc
    return asked if is_local and "\\" not in asked and asked.isprintable() else auth.landing()
