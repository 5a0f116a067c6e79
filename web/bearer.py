"""Programs that read with a token: as ``Authorization: Bearer``, or as the password of HTTP Basic.

A token opens what is drawn and handed out (features, tiles, files), never a page, and changes
nothing: its transactions are read only. A cookie comes first where there is one.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, current_app, g, request

from gis import sessions, tokens
from gis.tokens import Bearer
from sql import database
from web import errors
from web.moments import ZONE

OPENS = {"features", "tiles", "style"}  # blueprints
SAFE = ("GET", "HEAD")
CHALLENGE = 'Bearer realm="yige"'
FOR_PASSWORDS = 'Basic realm="yige", charset="UTF-8"'

View = TypeVar("View", bound=Callable[..., Any])


def by_token(view: View) -> View:
    """Let a token open this view too."""
    view.by_token = True  # type: ignore[attr-defined]
    return view


def bearer(mark: Callable[[str], int], address: str | None) -> Bearer | None:
    """Return who asks with a token, None if nobody does; why one was refused is kept for later.

    A token that nobody ever had counts as a failure to sign in.
    """
    said = _said()
    if said is None:
        return None
    with database.service(current_app.extensions["pool"]) as conn:
        found = tokens.holder(conn, said, address)
        if found is not None and found.good:
            return found
        locked = None if found else sessions.attempt(conn, None, mark(said), address)
    g.refused = "token_ended" if found else "token_wrong", {}
    if locked is not None and not isinstance(locked, int):
        g.refused = "token_locked", {"time": f"{locked.astimezone(ZoneInfo(ZONE)):%H:%M}"}
    return None


def _said() -> str | None:
    """Return the token of the request; None: there is none, or it opens nothing here."""
    view = current_app.view_functions.get(request.endpoint or "")
    opens = request.blueprint in OPENS or getattr(view, "by_token", False)
    given = request.authorization
    if not opens or request.method not in SAFE or given is None:
        return None
    if given.type == "basic":
        return given.password or ""
    return given.token or "" if given.type == "bearer" else None


def refused() -> Response:
    """Answer a program that is not signed in: why not, and how it can."""
    key, values = g.get("refused", ("http_401", {}))
    answer = errors.answer_with(429 if key == "token_locked" else 401, key, values)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
        if request.blueprint == "features":  # a browser would ask for a password in a window
            answer.headers.add("WWW-Authenticate", FOR_PASSWORDS)
    return answer
