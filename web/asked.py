"""What a request asks: its language, and who acts in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, request
from flask_login import current_user

from sql import database
from sql.database import Conn
from web.i18n import LANGUAGES, translate


def language() -> str:
    """Return the language of this request: asked for, remembered, or Chinese."""
    asked = request.args.get("lang") or request.cookies.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def t(key: str, /, **values: object) -> str:
    """Return a text in the language of this request."""
    return translate(language(), key, **values)


def words() -> dict[str, Any]:
    """Return what every template writes with: texts, languages, the theme, the nonce of scripts."""
    into = language()
    other = LANGUAGES[1 - LANGUAGES.index(into)]
    theme = request.cookies.get("theme", "")
    return {
        "t": t,
        "lang": into,
        "other": other,
        "in_other_language": "?" + urlencode({**request.args, "lang": other}),
        "theme": theme if theme in ("light", "dark") else "",
        "nonce": g.get("nonce", ""),
    }


def actor() -> int | None:
    """Return the account of this request, None for a visitor."""
    return int(current_user.id) if current_user.is_authenticated else None


def me() -> int:
    """Return the account of this request, where no visitor comes."""
    account = actor()
    assert account is not None
    return account


@contextmanager
def acting() -> Iterator[Conn]:
    """Run a block as one transaction of this request's actor, under row-level security.

    Who came with a token changes nothing.
    """
    by_token = getattr(current_user, "by_token", False)
    with database.transaction(current_app.extensions["pool"], actor(), read_only=by_token) as conn:
        yield conn
