"""Answers that depend on data: under the asker's rights, of one version, not sent twice.

What is missing is worked out first, by the engine in a transaction of its own. An answer carries
a tag over the versions of the data, the asker's areas and the language; who has it already gets
304.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Response, current_app, request

from gis import districts, errors, freshness
from gis.districts import District
from gis.freshness import State
from gis.kept import Kept
from gis.walk.variants import Variant
from sql import database
from sql.database import Conn
from sql.errors import DatabaseError
from web.asked import acting, language
from web.compressed import LEVEL
from web.config import version

ATTEMPTS = 4
PATIENCE_S = 10.0
_COMPUTING: dict[str, Lock] = {}
_GUARD = Lock()
BODIES: Kept[bytes] = Kept(48_000_000, len)


@dataclass(frozen=True, slots=True)
class Reading:
    """One request's transaction in a district whose derived data are up to date."""

    conn: Conn
    home: District
    state: State
    variant: Variant
    minute: int | None

    @property
    def key(self) -> tuple[object, ...]:
        """What everything read here depends on, apart from what is asked."""
        one = self.state
        return self.conn.info.dbname, self.home.code, one.edge, one.place, one.content, one.scope

    def kept(self, cache: Kept[Any], make: Callable[[], Any], *what: object) -> Any:
        """Return a value of this version from a cache; made where it is not there.

        Raises
        ------
        Moved
            The data became another version while it was made.
        """

        def made() -> Any:
            value = make()
            self.check()
            return value

        return cache.of((*self.key, *what), made)

    def check(self) -> None:
        """Refuse to go on with what has become another version; raises `Moved`."""
        if freshness.state(self.conn, self.home.code) != self.state:
            raise Moved("meanwhile")


class Moved(errors.Conflict):
    """The data were brought up to date while they were read."""


class Busy(DatabaseError):
    """What is asked for is being worked out."""


@contextmanager
def reading(district: str, at: str | None = None, ways: bool = False) -> Iterator[Reading]:
    """Yield the transaction of this request's actor once what it needs is up to date.

    ``ways``: the network itself is needed, to find ways on it.

    Raises
    ------
    NotFound
        There is no such district, or the actor has no right in it.
    """
    for _ in range(ATTEMPTS):
        with acting() as conn:
            state = freshness.state(conn, district)
            home = districts.district(conn, district)
            minute = freshness.minute_of(home, at)
            variant = None if state.stale else freshness.ready(conn, district, minute)
            if variant is not None and not (ways and not freshness.is_packed(conn, district)):
                yield Reading(conn, home, state, variant, minute)
                return
        _work_out(district, minute, ways)
    raise Moved("meanwhile")


def _work_out(district: str, minute: int | None, ways: bool) -> None:
    """Bring a district up to date as the engine: one thread computes, others wait a while.

    Raises
    ------
    Busy
        It takes longer; who asks again later finds it done.
    """
    with _GUARD:
        lock = _COMPUTING.setdefault(district, Lock())
    if not lock.acquire(timeout=PATIENCE_S):
        raise Busy("computing")
    try:
        with database.computing(current_app.extensions["pool"]) as engine:
            freshness.ensure(engine, district, minute)
            if ways:
                freshness.ensure_pack(engine, district)
    finally:
        lock.release()


def answer(
    district: str,
    make: Callable[[Reading], Any],
    at: str | None = None,
    keep: bool = False,
    beside: Callable[[Reading], object] = lambda now: None,
    ways: bool = False,
) -> Response:
    """Answer with JSON, or 304 where the asker has it; ``keep`` it for the next who asks.

    ``beside`` tells on what else the answer depends, such as the clock.
    """
    for attempt in range(ATTEMPTS):
        try:
            with reading(district, at, ways) as now:
                return _answer(now, make, keep, beside(now))
        except Moved:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _answer(now: Reading, make: Callable[[Reading], Any], keep: bool, beside: object) -> Response:
    what = (request.path, tuple(sorted(request.args.items())), language(), now.minute, beside)
    tag = hashlib.sha256(repr((*now.key, *what, version())).encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(tag):
        return tagged(Response(status=304), tag)
    if not keep:
        return tagged(Response(encoded(make(now)), mimetype="application/json"), tag)
    packed = now.kept(BODIES, lambda: gzip.compress(encoded(make(now)), LEVEL, mtime=0), *what)
    return tagged(_unpacked(packed), tag)


def _unpacked(packed: bytes) -> Response:
    """Return JSON that is kept compressed, as the asker can read it."""
    if request.accept_encodings["gzip"]:
        answer = Response(packed, mimetype="application/json")
        answer.headers["Content-Encoding"] = "gzip"
        return answer
    return Response(gzip.decompress(packed), mimetype="application/json")


def tagged(response: Response, tag: str) -> Response:
    """Let a browser keep an answer, and ask each time whether it still holds."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(["Cookie", "Accept-Encoding"])
    return response


def encoded(value: Any) -> bytes:
    """Return JSON in UTF-8, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
