"""What a request asks: its language, and who acts in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
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


def actor() -> int | None:
    """Return the account of this request, None for a visitor."""
    return int(current_user.get_id()) if current_user.is_authenticated else None


@contextmanager
def acting() -> Iterator[Conn]:
    """Run a block as one transaction of this request's actor, under row-level security."""
    with database.transaction(current_app.extensions["pool"], actor()) as conn:
        yield conn
