"""Vector tiles over HTTP: a changed one at once, an unchanged one for the price of its ETag."""

import re

from flask import Blueprint, Response, request

from gis.errors import NotFound
from layers import tiles
from layers.catalogue import layers
from layers.layer import TOP
from web.asked import acting

MVT = "application/vnd.mapbox-vector-tile"

bp = Blueprint("tiles", __name__, url_prefix="/tiles")


@bp.get("/<district>/<name>/<z>/<x>/<y>.pbf")
def tile(district: str, name: str, z: str, x: str, y: str) -> Response:
    """Answer a tile of a set or of one layer; 304 when the browser has it, 204 when empty."""
    of = layers(name)
    place = _place(z, x, y)
    tiles.square(*place)
    with acting() as conn:
        tag = tiles.tag(tiles.state(conn, district, of), district, name, *place)
        if request.if_none_match.contains_weak(tag):
            return kept(Response(status=304), tag)
        body = tiles.tile(conn, district, of, *place)
    return kept(_answer(body), tag)


def _place(*numbers: str) -> tuple[int, ...]:
    """Read zoom, column and row.

    Raises
    ------
    NotFound
        They are no numbers of a tile.
    """
    if not all(re.fullmatch(r"0|[1-9][0-9]{0,5}", text) for text in numbers):
        raise NotFound("no_tile", tile="/".join(numbers)[:40], top=TOP)
    return tuple(map(int, numbers))


def _answer(body: bytes) -> Response:
    if not body:
        return Response(status=204)
    if not request.accept_encodings.quality("gzip"):
        return Response(body, mimetype=MVT)
    answer = Response(tiles.packed(body), mimetype=MVT)
    answer.content_encoding = "gzip"
    return answer


def kept(answer: Response, tag: str) -> Response:
    """Let the browser keep an answer, and ask each time whether it still holds."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    answer.set_etag(tag, weak=True)
    return answer
