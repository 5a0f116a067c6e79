"""OGC API - Features: what the map is drawn of, for a desktop GIS and for programs, read only."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from gis.errors import BadInput
from gis.kept import Kept
from layers import features, tiles
from layers.catalogue import LAYERS, layer
from layers.features import CRS84, FLIPPED, STORED, Asked, Page
from layers.layer import Layer
from sql.database import Conn
from web import pages_ahead as pages
from web.asked import acting, language, t, words
from web.pages_ahead import Drawn
from web.tiles import kept, packed

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PART = "http://www.opengis.net/spec/ogcapi-features-"
CONFORMS = [f"{PART}1/1.0/conf/core", f"{PART}1/1.0/conf/geojson", f"{PART}1/1.0/conf/html",
            f"{PART}2/1.0/conf/crs"]  # fmt: skip
COUNTS = 1000  # kept by each worker
EVERYWHERE = {"f", "lang"}
OF_ITEMS = {"bbox", "bbox-crs", "crs", "limit", "after", "datetime"}

bp = Blueprint("features", __name__, url_prefix="/ogc/<district>")


@bp.get("/")
@bp.get("", endpoint="start")
def landing(district: str) -> Response:
    """Say what is here."""
    _only(EVERYWHERE)
    with acting() as conn:
        name, _ = features.district(conn, district)
    if _format() == "html":
        return _welcome(district, name)
    links = [
        _link("self", "landing", district),
        _link("service-desc", "definition", district, kind=OPENAPI),
        _link("conformance", "conformance", district),
        _link("data", "collections", district),
    ]
    return _answer({"title": f"{t('brand')} · {name}", "links": links})


@bp.get("/conformance")
def conformance(district: str) -> Response:
    """Name the parts of the standard that are kept."""
    _only(EVERYWHERE)
    with acting() as conn:
        features.district(conn, district)
    return _answer({"conformsTo": CONFORMS})


@bp.get("/collections")
def collections(district: str) -> Response:
    """List the layers."""
    _only(EVERYWHERE)
    with acting() as conn:
        _, box = features.district(conn, district)
    listed = [_collection(district, each, box) for each in LAYERS.values()]
    links = [_link("self", "collections", district)]
    return _answer({"links": links, "collections": listed, "crs": list(FLIPPED)})


@bp.get("/collections/<name>")
def collection(district: str, name: str) -> Response:
    """Describe a layer."""
    _only(EVERYWHERE)
    of = layer(name)
    with acting() as conn:
        _, box = features.district(conn, district)
    return _answer(_collection(district, of, box))


@bp.get("/collections/<name>/items")
def items(district: str, name: str) -> Response:
    """Answer a page of features."""
    _only(EVERYWHERE | OF_ITEMS)
    of, asked, into = layer(name), _asked(), _format()
    with acting() as conn:
        state = tiles.state(conn, district, [of])
        tag = _tag(state)
        if request.if_none_match.contains_weak(tag):
            return kept(Response(status=304), tag)
        if into == "html":
            found = features.page(conn, district, of, asked)
            shown = [json.loads(text) for text in found.features]
            return kept(_named(_table(district, of, shown, _page_links(district, of, found))), tag)
        drawn = pages.drawn(f"{tag} {request.host_url}",
                            lambda: _drawn(conn, district, of, asked, state))  # fmt: skip
    if drawn.following and asked.limit >= pages.LARGE:
        pages.ahead(drawn.following, lambda: items(district, name))
    return kept(_named(pages.sent(drawn, GEOJSON)), tag)


def _drawn(conn: Conn, district: str, of: Layer, asked: Asked, state: str) -> Drawn:
    """Return a page of features as it is sent, and the address of the one after it.

    How many there are in all is counted but once for all pages, and all who see the same.
    """
    found = features.page(conn, district, of, asked)
    counts = current_app.extensions.setdefault("counts", Kept(COUNTS))
    key = state, district, of.name, asked.box
    matched = counts.of(key, lambda: features.count(conn, district, of, asked))
    links = _page_links(district, of, found)
    head = json.dumps(links, ensure_ascii=False)
    counted = f'"numberMatched":{matched},{found.collection()}'
    body = f'{{"type":"FeatureCollection","links":{head},{counted}}}'
    following = next((link["href"] for link in links if link["rel"] == "next"), None)
    return pages.pressed(body, following)


@bp.get("/collections/<name>/items/<number>")
def item(district: str, name: str, number: str) -> Response:
    """Answer one feature."""
    _only(EVERYWHERE | {"crs"})
    of, into, latitude_first = layer(name), _format(), _crs("crs")
    with acting() as conn:
        tag = _tag(tiles.state(conn, district, [of]))
        text = features.one(conn, district, of, number, latitude_first)
    links = [
        _link("self", "item", district, name=name, number=number, kind=GEOJSON),
        _link("collection", "collection", district, name=name),
    ]
    if into == "html":
        return kept(_named(_table(district, of, [json.loads(text)], links)), tag)
    body = text[:-1] + f',"links":{json.dumps(links)}}}'
    return kept(_named(packed(body.encode(), GEOJSON)), tag)


@bp.get("/api")
def definition(district: str) -> Response:
    """Describe these addresses in OpenAPI."""
    _only(EVERYWHERE)
    with acting() as conn:
        name, _ = features.district(conn, district)
    answer = _answer(_openapi(district, name), force="json")
    answer.mimetype = OPENAPI
    return answer


def _only(known: set[str]) -> None:
    """Refuse parameters nobody knows, as the standard asks.

    Raises
    ------
    BadInput
        There is one.
    """
    for name in request.args:
        if name not in known:
            raise BadInput("unknown_parameter", name=name[:40], known=", ".join(sorted(known)))


def _asked() -> Asked:
    """Read which features are asked for; none of them has a time, so every time holds."""
    bbox, limit = request.args.get("bbox"), request.args.get("limit", str(features.LIMIT))
    after = request.args.get("after")
    return Asked(
        after=features.number(after, "after", 2**62) if after is not None else 0,
        limit=features.number(limit, "limit", features.MOST),
        box=features.box(bbox, _crs("bbox-crs")) if bbox is not None else None,
        flipped=_crs("crs"),
    )


def _crs(parameter: str) -> bool:
    return features.flipped(request.args.get(parameter, CRS84), parameter)


def _format() -> str:
    """Return json or html: what ``f`` says, or else what the browser would rather have.

    Raises
    ------
    BadInput
        ``f`` says something else.
    """
    asked = request.args.get("f", "")
    if asked not in ("", "json", "html"):
        raise BadInput("unknown_format", text=asked[:40])
    offered = [GEOJSON, "application/json", "text/html"]
    best = request.accept_mimetypes.best_match(offered, GEOJSON)
    return asked or ("html" if best == "text/html" else "json")


def _tag(state: str) -> str:
    return tiles.tag(state, request.full_path, _format(), language())


def _named(answer: Response) -> Response:
    """Name the reference system of the coordinates."""
    asked = request.args.get("crs", CRS84).strip("<>[]")
    answer.headers["Content-Crs"] = f"<{asked}>"
    return answer


def _link(relation: str, view: str, district: str, kind: str = "application/json",
          **values: Any) -> dict[str, str]:  # fmt: skip
    address = url_for(f"features.{view}", district=district, **values, _external=True)
    return {"rel": relation, "type": kind, "href": address}


def _page_links(district: str, of: Layer, page: Page) -> list[dict[str, str]]:
    """Return the links of a page of features: itself, its collection, the next page."""
    args = {key: value for key, value in request.args.items() if key != "after"}
    here = {"name": of.name, **request.args}
    links = [
        _link("self", "items", district, GEOJSON, **here),
        _link("alternate", "items", district, "text/html", **here | {"f": "html"}),
        _link("collection", "collection", district, name=of.name),
    ]
    if page.last is not None:
        links.append(
            _link("next", "items", district, GEOJSON, name=of.name, **args, after=page.last)
        )
    return links


def _collection(district: str, of: Layer, box: list[float]) -> dict[str, Any]:
    """Describe a layer as a collection."""
    return {
        "id": of.name,
        "title": t(of.title),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [box], "crs": CRS84}},
        "crs": list(FLIPPED),
        "storageCrs": STORED,
        "links": [
            _link("self", "collection", district, name=of.name),
            _link("items", "items", district, GEOJSON, name=of.name),
            _link("items", "items", district, "text/html", name=of.name, f="html"),
        ],
    }


def _answer(content: dict[str, Any], force: str = "") -> Response:
    """Answer what is no feature, as JSON or as a page of its links."""
    if (force or _format()) == "json":
        text = json.dumps(content, ensure_ascii=False)
        return packed(text.encode(), "application/json")
    title = content.get("title", "")
    listed = content.get("collections", [content])
    return Response(render_template("features.html", title=title, listed=listed, **words()))


def _welcome(district: str, name: str) -> Response:
    """Show a person how programs read the features, and which there are."""
    address = url_for("features.landing", district=district, _external=True).rstrip("/")
    systems = [(uri, t("features.north_first" if turned else "features.east_first"))
               for uri, turned in FLIPPED.items()]  # fmt: skip
    page = render_template(
        "ogc.html", title=t("features.title", name=name), district=district, address=address,
        layers=LAYERS.values(), systems=systems, **words(),
    )  # fmt: skip
    return Response(page)


def _table(district: str, of: Layer, found: Sequence[dict[str, Any]],
           links: list[dict[str, str]]) -> Response:  # fmt: skip
    """Answer features as a plain table."""
    following = next((link["href"] for link in links if link["rel"] == "next"), None)
    page = render_template(
        "features.html", title=t(of.title), district=district, layer=of, features=found,
        following=following, **words(),
    )  # fmt: skip
    return Response(page)


def _openapi(district: str, name: str) -> dict[str, Any]:
    """Return the definition of these addresses."""
    text = {"schema": {"type": "string"}, "in": "query"}
    query: list[dict[str, Any]] = [{"name": key, **text} for key in sorted(OF_ITEMS | {"f"})]
    most = {"type": "integer", "minimum": 1, "maximum": features.MOST, "default": features.LIMIT}
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    for one in query:  # programs take the size of their pages from here
        said = {"limit": most, "bbox": numbers}.get(str(one["name"]))
        if said:
            one |= {"schema": said, "style": "form", "explode": False}
    whole = {"name": "item", "in": "path", "required": True, "schema": {"type": "string"}}
    answer = {"200": {"description": "OK"}, "404": {"description": "Not found"}}
    server = url_for("features.landing", district=district, _external=True).rstrip("/")
    paths: dict[str, Any] = {"/": [], "/conformance": [], "/collections": []}
    for key in LAYERS:
        paths |= {f"/collections/{key}": [], f"/collections/{key}/items": query,
                  f"/collections/{key}/items/{{item}}": [whole]}  # fmt: skip
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{t('brand')} · {name}", "version": "1"},
        "servers": [{"url": server}],
        "paths": {path: {"get": {"parameters": values, "responses": answer}}
                  for path, values in paths.items()},
    }  # fmt: skip
