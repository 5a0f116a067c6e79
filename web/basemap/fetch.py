"""Pictures from somebody else's server: few at once, none for long, nothing else let through.

No redirect is followed: it could lead anywhere. No error names an address, which holds the key.
"""

import http.client
import time
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from gis.errors import Elsewhere, NotFound
from layers.basemaps import kind_of

AT_ONCE = 6
PATIENCE_S, SILENCE_S, WHOLE_S = 5.0, 4.0, 8.0
LARGEST = 1_000_000  # bytes
FAILURES, REST_S = 3, 30.0
REFUSED = (401, 403, 418, 429)
NOT_THERE = (204, 404)


class Fetcher:
    """What a process fetches; after some failures in a row it lets the server rest a while."""

    def __init__(self) -> None:
        self._few = BoundedSemaphore(AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    def __call__(self, address: str) -> bytes:
        """Return the picture at an address.

        Raises
        ------
        Elsewhere, NotFound
            There is none to be had, and why.
        """
        if time.monotonic() < self._rests_until or not self._few.acquire(timeout=PATIENCE_S):
            raise Elsewhere("basemap_down")
        try:
            body = get(address)
        except (OSError, http.client.HTTPException, ValueError):
            self._fail()
            raise Elsewhere("basemap_down") from None
        except Elsewhere:
            self._fail()
            raise
        finally:
            self._few.release()
        self._failures = 0
        return body

    def _fail(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._rests_until = time.monotonic() + REST_S
            self._failures = 0


def get(address: str) -> bytes:
    """Ask once; raises as `Fetcher` and what sockets raise."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SILENCE_S)
    try:
        headers = {"Accept": "image/*", "User-Agent": "Mozilla/5.0 (yige)"}
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        answer = connection.getresponse()
        _check(answer)
        body = _body(answer)
    finally:
        connection.close()
    if kind_of(body) is None:
        raise Elsewhere("basemap_answer")
    return body


def _check(answer: http.client.HTTPResponse) -> None:
    """Go on with a picture alone."""
    if answer.status in NOT_THERE:
        raise NotFound("basemap_no_tile")
    if answer.status in REFUSED:
        raise Elsewhere("basemap_refused", status=answer.status)
    if answer.status != 200 or not answer.headers.get_content_type().startswith("image/"):
        raise Elsewhere("basemap_answer")


def _body(answer: http.client.HTTPResponse) -> bytes:
    """Read an answer to its end, unless that is too far or too long away."""
    until, parts, size = time.monotonic() + WHOLE_S, [], 0
    while part := answer.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > LARGEST or time.monotonic() > until:
            raise Elsewhere("basemap_answer")
    if answer.length:  # bytes that were promised and did not come
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)
