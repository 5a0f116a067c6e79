"""Vector tiles over HTTP: a changed one at once, an unchanged one for the price of its ETag."""

import gzip
import re
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from gis.errors import NotFound
from gis.kept import Kept
from layers import tiles
from layers.catalogue import layers
from layers.layer import TOP
from web.asked import acting

MVT = "application/vnd.mapbox-vector-tile"
SMALL = 1000  # bytes
TILES = 1000  # drawn ones kept by each worker

bp = Blueprint("tiles", __name__, url_prefix="/tiles")


@bp.get("/<district>/<name>/<z>/<x>/<y>.pbf")
def tile(district: str, name: str, z: str, x: str, y: str) -> Response:
    """Answer a tile of a set or of one layer; 304 when the browser has it, 204 when empty."""
    of = layers(name)
    place = place_of(z, x, y)
    tiles.square(*place)
    with acting() as conn:
        tag = tiles.tag(tiles.state(conn, district, of), district, name, *place)
        if request.if_none_match.contains_weak(tag):
            return kept(Response(status=304), tag)
        body = _drawn(tag, lambda: tiles.tile(conn, district, of, *place))
    return kept(_sent(body) if body else Response(status=204), tag)


def place_of(*numbers: str) -> tuple[int, ...]:
    """Read zoom, column and row.

    Raises
    ------
    NotFound
        They are no numbers of a tile.
    """
    if not all(re.fullmatch(r"0|[1-9][0-9]{0,5}", text) for text in numbers):
        raise NotFound("no_tile", tile="/".join(numbers)[:40], top=TOP)
    return tuple(map(int, numbers))


def _drawn(tag: str, draw: Callable[[], bytes]) -> bytes:
    """Return a tile, compressed, drawn but once for all who see the same; nothing where empty.

    Its ETag names who may see it and the state of the data, so it can be kept under it.
    """
    drawn: Kept[bytes] = current_app.extensions.setdefault("tiles", Kept(TILES))

    def make() -> bytes:
        body = draw()
        return gzip.compress(body, compresslevel=5, mtime=0) if body else body

    return drawn.of(tag, make)


def _sent(body: bytes) -> Response:
    """Answer a compressed tile as the browser takes it."""
    if not request.accept_encodings.quality("gzip"):
        return Response(gzip.decompress(body), mimetype=MVT)
    answer = Response(body, mimetype=MVT)
    answer.content_encoding = "gzip"
    return answer


def packed(body: bytes, mimetype: str) -> Response:
    """Answer a body, compressed where the browser takes it and it is worth it."""
    answer = Response(mimetype=mimetype)
    if len(body) > SMALL and request.accept_encodings.quality("gzip"):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        answer.content_encoding = "gzip"
    answer.set_data(body)
    return answer


def kept(answer: Response, tag: str) -> Response:
    """Let the browser keep an answer, and ask each time whether it still holds."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept-Encoding, Cookie, Authorization"
    answer.set_etag(tag, weak=True)
    return answer
