"""Who is signed in: flask-login on sessions kept in the database.

The signed cookie holds a session's token and when it was last used; the database says whether the
session is open. Whatever is not marked `public` is answered to those who are signed in alone.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, Request, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from gis import accounts, sessions
from gis.sessions import Holder
from gis.tokens import Bearer
from sql import database
from sql.cluster import Place
from web import bearer

IDLE_S = 60 * 60
NOTED_EVERY_S = 60  # so that not every answer carries a cookie
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")

# the first of them that somebody holds, and that is there
LANDING = {
    "planner": "coverage",
    "official": "coverage",
    "dispatcher": "assignment",
    "field": "field",
    "admin": "accounts",
}

BRINGERS = {"planner", "admin", "dispatcher"}

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


class User:
    """The person of a request, as flask-login asks for it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, holder: Holder | Bearer) -> None:
        self.id = holder.id
        self.district = holder.district
        self.login = holder.login
        self.name = holder.name
        self.session = holder.session if isinstance(holder, Holder) else None
        self.by_token = isinstance(holder, Bearer)

    def get_id(self) -> str:
        """Return what the cookie says of the person."""
        return str(self.id)


class Cookies(SecureCookieSessionInterface):
    """Signed cookies that travel by https alone where the request did."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether this request came by https."""
        return request.is_secure


def init(app: Flask) -> None:
    """Make every request know its account, and refuse what is not public to others."""
    config = app.extensions["config"]
    app.secret_key = _secret(config.database.place)
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="yige",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address; the token is what counts
    manager.user_loader(_load)
    manager.request_loader(_load_bearer)
    app.before_request(_require)
    csrf.init_app(app)  # after it: to whom a session has ended, that is told, not a stale form
    app.context_processor(lambda: {"tabs": tabs})


def public(view: View) -> View:
    """Answer this view to everybody, signed in or not."""
    view.public = True  # type: ignore[attr-defined]
    return view


def enter(token: str) -> None:
    """Put a new session into the cookie; nothing of what was in it stays."""
    session.clear()
    with database.service(current_app.extensions["pool"]) as conn:
        holder = sessions.holder(conn, token)
    assert holder is not None
    session["token"], session["seen"] = token, int(time.time())
    login_user(User(holder))


def leave() -> None:
    """Close the session of this request."""
    if current_user.is_authenticated:
        with database.service(current_app.extensions["pool"]) as conn:
            sessions.close(conn, current_user.id, only=current_user.session)
    logout_user()
    session.clear()


def landing() -> str:
    """Return the page on which the roles of the person begin, /account where it is not there."""
    with database.transaction(current_app.extensions["pool"], current_user.id) as conn:
        held = accounts.roles(conn, current_user.id)
    pages = [page for role, page in LANDING.items() if role in held]
    paths = [f"/{current_user.district}/{page}" for page in pages]
    return next((path for path in paths if _is_route(path)), "/account")


def tabs() -> list[tuple[str, str]]:
    """Return (path, key of its name) of the pages the person may open; the others are absent."""
    mine = current_user.district
    with database.transaction(current_app.extensions["pool"], current_user.id) as conn:
        held = accounts.roles(conn, current_user.id)
        is_admin = accounts.administers(conn, mine)
    pages = [("field", "field" in held), ("coverage", bool(held)), ("assignment", bool(held)),
             ("imports", bool(held)), ("accounts", is_admin), ("audit", is_admin),
             ("settings", is_admin)]  # fmt: skip
    names = {"imports": imports_name(held)}
    paths = [(f"/{mine}/{page}", names.get(page, f"nav.{page}")) for page, may in pages if may]
    return [*[(p, key) for p, key in paths if _is_route(p)], ("/account", "nav.account")]


def imports_name(held: Collection[str]) -> str:
    """Return the key of what the page of imports is called: some may only take out."""
    return "nav.imports" if BRINGERS & {*held} else "nav.exports"


def _is_route(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return False
    return True


def address() -> str | None:
    """Return where the request comes from; a proxy on this machine is believed."""
    passed_on = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return passed_on or request.remote_addr if _from_loopback(request) else request.remote_addr


def is_local() -> bool:
    """Tell whether the request was made on this machine, not passed on by a proxy on it."""
    return _from_loopback(request) and not any(name in request.headers for name in FORWARDED)


def mark(text: str) -> int:
    """Return 16 bits that tell one login typed from another without saying what was typed."""
    key = str(current_app.secret_key).encode()
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:2])


def _from_loopback(asked: Request) -> bool:
    return asked.remote_addr in LOOPBACK


def _load(name: str) -> User | None:
    """Return the person of the cookie, None once the session is closed, over or long unused."""
    now, token = int(time.time()), session.get("token", "")
    if not 0 <= now - session.get("seen", 0) < IDLE_S:
        return None
    with database.service(current_app.extensions["pool"]) as conn:
        holder = sessions.holder(conn, token)
    if holder is None or str(holder.id) != name:
        return None
    if now - session["seen"] >= NOTED_EVERY_S:
        session["seen"] = now
    return User(holder)


def _load_bearer(asked: Request) -> User | None:
    """Return the person whose token a program holds."""
    found = bearer.bearer(mark, address())
    return User(found) if found else None


def _require() -> ResponseReturnValue | None:
    """Send who is not signed in to the sign-in page; a program gets 401."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "public", False):
        return None
    if current_user.is_authenticated:
        return None
    if _is_program():
        return bearer.refused()
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("session.login", next=asked))


def _is_program() -> bool:
    """Tell a program from a person who opens an address in a browser."""
    is_read = request.method == "GET" and "Authorization" not in request.headers
    if request.path.startswith("/ogc") and is_read:
        return request.args.get("f") != "html" and request.accept_mimetypes.best != "text/html"
    return request.path.startswith(("/api", "/tiles", "/ogc", "/basemap"))


def _secret(place: Place) -> str:
    """Return the key that signs cookies: derived from the service's password, the same for all.

    Without one nobody signs in anyway.
    """
    try:
        word = place.passfile.read_text().strip().rpartition(":")[2]
    except OSError:
        return secrets.token_hex(32)
    return hashlib.sha256(f"yige cookies {word}".encode()).hexdigest()
