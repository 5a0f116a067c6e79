"""Backgrounds of others, passed on: with the key a district was given, which nobody else sees.

Only to those who are signed in, only what lies in or about their district, from a store on disk
where it is there. What cannot be had is told in a word; the map then keeps its own ground.
"""

import hashlib
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, current_app
from flask_login import current_user

from gis import basemaps
from gis.basemaps import Source
from gis.errors import Elsewhere, NotFound
from layers import tiles
from layers.basemaps import box, kind_of, put_right
from sql import database
from web.asked import acting
from web.basemap.fetch import Fetcher
from web.basemap.store import Store
from web.tiles import place_of

DAY_S = 86_400

bp = Blueprint("basemap", __name__, url_prefix="/basemap")


@bp.get("/<name>/<z>/<x>/<y>")
def tile(name: str, z: str, x: str, y: str) -> Response:
    """Answer a tile of the background that the person's district has switched on."""
    place = place_of(z, x, y)
    tiles.square(*place)
    source = _source(name, *place)
    answer = Response(_right(source, name, *place))
    answer.mimetype = kind_of(answer.get_data()) or ""
    answer.headers["Cache-Control"] = f"private, max-age={DAY_S}"
    answer.headers["Vary"] = "Cookie"
    return answer


def _source(name: str, z: int, x: int, y: int) -> Source:
    """Return where a tile comes from.

    Raises
    ------
    NotFound
        Nothing of that name is switched on, or the tile lies elsewhere.
    """
    mine = current_user.district
    with acting() as conn:
        known = basemaps.basemap(conn, mine)
        if known is None or name not in known.sets:
            raise NotFound("basemap_off")
    if not known.holds(*box(z, x, y)):
        raise NotFound("basemap_outside")
    with database.service(current_app.extensions["pool"]) as conn:
        found = basemaps.source(conn, mine)
    if found is None or name not in found.addresses:
        raise NotFound("basemap_off")
    return found


def _right(source: Source, name: str, z: int, x: int, y: int) -> bytes:
    """Return a tile as it lies on the ground: fetched, or made of those in GCJ-02."""
    fetched = partial(_fetched, source, name, z)
    if source.datum != "gcj02":
        return fetched(x, y)
    return _kept(source, f"{name}-right", z, x, y, lambda: put_right(z, x, y, fetched))


def _fetched(source: Source, name: str, z: int, x: int, y: int) -> bytes:
    def fetch() -> bytes:
        fetcher: Fetcher = current_app.extensions.setdefault("basemap_fetcher", Fetcher())
        return fetcher(source.address(name, z, x, y))

    return _kept(source, name, z, x, y, fetch)


def _kept(source: Source, name: str, z: int, x: int, y: int, make: Callable[[], bytes]) -> bytes:
    """Return a tile of the store, made where it is not there; an old one where it cannot be."""
    store = _store()
    # another server or another key begins anew; the key itself names no folder
    said = f"{source.addresses[name.removesuffix('-right')]} {source.key}"
    key = f"{hashlib.sha256(said.encode()).hexdigest()[:16]}/{name}/{z}/{x}/{y}"
    kept = store.fresh(key)
    if kept is not None:
        return kept
    try:
        made = make()
    except Elsewhere:
        old = store.any(key)
        if old is None:
            raise
        return old
    store.keep(key, made)
    return made


def _store() -> Store:
    place = current_app.extensions["config"].database.place
    store: Store = current_app.extensions.setdefault("basemap_store", Store(place.own / "basemap"))
    return store
