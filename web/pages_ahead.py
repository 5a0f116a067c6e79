"""Pages of features that are kept a while, and made before they are asked for.

Who reads a layer page by page takes a moment over each: meanwhile the next one is made. It is kept
under a tag of the state of the data and of who may see it, so it serves nobody else.
"""

import gzip
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread
from urllib.parse import urlsplit

from flask import Response, current_app, g, request
from flask_login import current_user
from psycopg import Error
from psycopg_pool import PoolTimeout

from gis.errors import YigeError
from gis.kept import Kept

LARGE = 1000  # features: smaller pages are quick enough
BYTES = 64_000_000
LEVEL = 1  # a fifth of the size for a fifth of the time
AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page of features, compressed, and the address of the one after it."""

    body: bytes
    following: str | None


def pressed(text: str, following: str | None) -> Drawn:
    """Return a page as it is kept."""
    return Drawn(gzip.compress(text.encode(), LEVEL, mtime=0), following)


def drawn(tag: str, draw: Callable[[], Drawn]) -> Drawn:
    """Return the page of a tag, made where it is not there."""
    known: Kept[Drawn] = current_app.extensions.setdefault(
        "pages", Kept(BYTES, lambda one: len(one.body))
    )
    return known.of(tag, draw)


def sent(page: Drawn, mimetype: str) -> Response:
    """Answer a page as the asker takes it."""
    if not request.accept_encodings.quality("gzip"):
        return Response(gzip.decompress(page.body), mimetype=mimetype)
    answer = Response(page.body, mimetype=mimetype)
    answer.content_encoding = "gzip"
    return answer


def ahead(address: str, view: Callable[[], object]) -> None:
    """Ask for the page of an address as this person, in a thread; nobody waits for it."""
    if g.get("ahead") or not AT_ONCE.acquire(blocking=False):
        return
    app, user = current_app._get_current_object(), current_user._get_current_object()  # type: ignore[attr-defined]
    parts = urlsplit(address)
    asked = {key: value for key, value in request.environ.items()
             if key in ("HTTP_HOST", "HTTP_ACCEPT", "HTTP_COOKIE", "wsgi.url_scheme")}  # fmt: skip

    def run() -> None:
        try:
            path = f"{parts.path}?{parts.query}"
            with (
                app.test_request_context(path, environ_overrides=asked),
                suppress(Error, PoolTimeout, YigeError),
            ):
                g._login_user, g.ahead = user, True
                view()
        finally:
            AT_ONCE.release()

    Thread(target=run, name="ahead", daemon=True).start()
