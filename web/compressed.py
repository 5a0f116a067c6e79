"""Answers over a kilobyte travel compressed where the asker can read it."""

import gzip

from flask import Flask, Response, request

LEAST = 1024
LEVEL = 5
KINDS = ("text/", "application/json", "application/problem+json", "application/geo+json",
         "application/vnd.oai.openapi+json", "application/vnd.mapbox-vector-tile")  # fmt: skip


def init(app: Flask) -> None:
    """Compress what views answer; files of `static` are left as they are."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a response, unless it is short, streamed, compressed already or not text."""
    if not (response.mimetype or "").startswith(KINDS) or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code < 200
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or response.is_streamed
        or (response.content_length or 0) < LEAST
        or not request.accept_encodings["gzip"]
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
