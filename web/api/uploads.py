"""Files sent to be brought in: kept a day, looked at as often as one likes, and nothing stored."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Response, jsonify

from gis import districts
from gis.districts import District
from gis.errors import NotFound
from gis.exchange import outline as outlines
from gis.exchange.kinds import KINDS
from gis.exchange.preview import STATES, Order, preview
from sql.database import Conn
from web import bodies, downloads, previews, uploads
from web.api.declared import (
    BOX,
    COUNT,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    YES,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.asked import acting, me
from web.bodies import Field
from web.downloads import fresh, reasoned
from web.params import Parameter, box, choice, query, whole, words

KIND = {"type": "string", "enum": [*KINDS]}
STATE = {"type": "string", "enum": [*STATES]}
COUNTS = obj(dict.fromkeys(STATES, COUNT))
TEXTS: dict[str, Any] = {"type": "object", "additionalProperties": TEXT}
ERRORS = (400, 401, 403, 404, 409, 413, 422)
PAGE = 200
PAIR = {"type": "object", "properties": {"field": TEXT, "value": TEXT}}
ORDER = (
    Field("kind", KIND, required=True), Field("datum", TEXT, required=True), Field("layer", TEXT),
    Field("encoding", TEXT), Field("columns", listed(PAIR)), Field("set", listed(PAIR)),
    Field("repair", YES), Field("trust", YES),
)  # fmt: skip
SCHEMAS["Order"] = obj({
    "kind": KIND, "datum": TEXT, "layer": maybe(TEXT), "encoding": TEXT, "columns": TEXTS,
    "given": TEXTS, "repair": YES, "trust": YES,
})  # fmt: skip
OUTLINE = {
    "layers": listed(TEXT), "headings": listed(TEXT), "encoding": TEXT, "fields": TEXTS,
    "samples": {"type": "object", "additionalProperties": listed(TEXT)}, "rows": COUNT,
    "shaped": {**YES, "description": "the format itself carries shapes"},
}  # fmt: skip
SCHEMAS["Preview"] = obj({
    "upload": {**TEXT, "description": "what to confirm"}, "file": TEXT, "order": ref("Order"),
    "kind": KIND, "counts": COUNTS, "columns": TEXTS, "left": listed(TEXT), "placed": COUNT,
    "bbox": maybe(BOX),
    "checked": {**YES, "description": "the datum was compared with what is known"},
    "mended": listed(obj({"code": TEXT, "name": TEXT, "gained_m2": {"type": "number"},
                          "lost_m2": {"type": "number"}})),
    **OUTLINE,
})  # fmt: skip
SCHEMAS["Upload"] = obj({
    "upload": TEXT, "file": TEXT, "at": TEXT, "counts": maybe(COUNTS), "order": maybe(ref("Order")),
    "preview": maybe(ref("Preview")),
})  # fmt: skip
SCHEMAS["PreviewRow"] = obj({
    "n": WHOLE, "line": WHOLE, "state": STATE, "code": {}, "name": {}, "box": maybe(BOX),
    "fields": listed({**listed({}), "description": "name, before, after"}),
    "reason": TEXT, "key": TEXT, "values": {"type": "object"},
    "was": {**maybe(TEXT), "description": "the stored shape, as GeoJSON"},
}, "reason", "key", "values", "was")  # fmt: skip
NAME = (Parameter("file", words(200), TEXT, "The name of the file", required=True),)
ROWS = (
    Parameter("state", choice(*STATES), STATE, "Only rows of this state"),
    Parameter("start", whole(0, 10_000_000), COUNT, "The place of the first row", default=0),
    Parameter("limit", whole(1, PAGE), COUNT, "How many rows", default=PAGE // 2),
    Parameter("row", whole(0, 10_000_000), COUNT, "The page that holds this row instead"),
)
LOOKED = (
    Parameter("kind", choice(*KINDS), KIND, "What the file holds", required=True),
    Parameter("layer", words(100), TEXT, "The layer or sheet, where there are several"),
    Parameter("encoding", words(20), TEXT, "The encoding of its texts", default=""),
)
BBOX = (
    Parameter("bbox", box, TEXT, "Only what meets west,south,east,north (degrees)"), ROWS[0],
)  # fmt: skip


@operation("POST", "/<district>/uploads", ref("Upload"), query=NAME,
           body={"type": "string", "format": "binary"}, status=201, errors=ERRORS)  # fmt: skip
def send_upload(district: str) -> tuple[Response, int]:
    """Send a file to be looked at; it is kept for a day."""
    name = query(NAME)["file"]
    with acting() as conn:
        districts.district(conn, district)
    token = uploads.receive(me(), district, name)
    said, _ = uploads.kept(me(), district, token)
    return jsonify(_told(token, said)), 201


@operation("GET", "/<district>/uploads", obj({"uploads": listed(ref("Upload"))}))
def list_uploads(district: str) -> Response:
    """List one's own files that wait to be confirmed, the last first."""
    query(())
    with acting() as conn:
        districts.district(conn, district)
    found = uploads.mine(me(), district)
    return fresh(jsonify(uploads=[_told(said["upload"], said) for said in found]))


@operation("GET", "/<district>/uploads/<upload>", ref("Upload"))
def show_upload(district: str, upload: str) -> Response:
    """Show a file that waits, with its last preview."""
    query(())
    said, _ = uploads.kept(me(), district, upload)
    seen = show(district, upload) if "seen" in said else None
    return fresh(jsonify({**_told(upload, said), "preview": seen}))


@operation("DELETE", "/<district>/uploads/<upload>", None, status=204)
def drop_upload(district: str, upload: str) -> tuple[str, int]:
    """Throw a file away."""
    uploads.kept(me(), district, upload)
    uploads.forget(upload)
    return "", 204


@operation("GET", "/<district>/uploads/<upload>/outline", obj(OUTLINE), query=LOOKED, errors=ERRORS)
def outline(district: str, upload: str) -> Response:
    """Show the layers, headings and first cells of a file, and what was recognised."""
    asked = query(LOOKED)
    said, path = uploads.kept(me(), district, upload)
    with uploads.called(said, path):
        found = outlines.outline(path, KINDS[asked["kind"]], asked["layer"], asked["encoding"])
    return fresh(jsonify(asdict(found)))


@operation("POST", "/<district>/uploads/<upload>/preview", ref("Preview"),
           body=bodies.schema(ORDER), errors=ERRORS)  # fmt: skip
def preview_upload(district: str, upload: str) -> Response:
    """Look at what a file would do, understood as told; nothing is changed."""
    order = _order(bodies.body(ORDER))
    said, path = uploads.kept(me(), district, upload)
    with uploads.called(said, path), acting() as conn:
        look(conn, districts.district(conn, district), upload, path, order)
    return jsonify(show(district, upload))


@operation(
    "GET",
    "/<district>/uploads/<upload>/rows",
    obj({"total": COUNT, "start": COUNT, "rows": listed(ref("PreviewRow"))}),
    query=ROWS,
)
def preview_rows(district: str, upload: str) -> Response:
    """Page through the rows of the last preview, in the order of the file."""
    asked = query(ROWS)
    place = _seen(district, upload)
    page = previews.rows(place, asked["state"], asked["start"], asked["limit"], asked["row"])
    found = [reasoned(one) if "key" in one else one for one in page.rows]
    return fresh(jsonify(total=page.total, start=page.start, rows=found))


@operation("GET", "/<district>/uploads/<upload>/drawn", obj({
    "total": COUNT,
    "shapes": listed(obj({"n": WHOLE, "state": STATE, "point": POINT,
                          "shape": {"type": "object"}}, "shape")),
}), query=BBOX)  # fmt: skip
def preview_drawn(district: str, upload: str) -> Response:
    """Show where the rows of the last preview lie; of very many some."""
    asked = query(BBOX)
    return fresh(jsonify(previews.drawn(_seen(district, upload), asked["bbox"], asked["state"])))


@operation("GET", "/<district>/uploads/<upload>/refused/<suffix>", TEXT)
def preview_refused(district: str, upload: str, suffix: str) -> Response:
    """Write the refused rows of the last preview as csv or xlsx, to be mended and sent again."""
    query(())
    said, _ = uploads.kept(me(), district, upload)
    found = previews.refused(_seen(district, upload))
    return downloads.refused(found, suffix, said["name"])


def look(conn: Conn, home: District, token: str, path: Path, order: Order) -> None:
    """Preview an upload and keep what was found beside it."""
    uploads.note(token, asked=asdict(order))
    ready = preview(conn, home, path, order)
    found = outlines.of_sheet(ready.sheet, ready.kind, outlines.layers(path))
    seen = previews.keep(path.parent, ready, found, home)
    uploads.note(token, order=asdict(order), counts=ready.counts, seen=seen)
    previews.forget(path.parent, seen)


def show(district: str, token: str) -> dict[str, Any]:
    """Return what is told of the last preview of an upload; raises NotFound without one."""
    said, _ = uploads.kept(me(), district, token)
    found = previews.whole(_seen(district, token))
    return {"upload": token, "file": said["name"], "order": said["order"], **found}


def order_of(said: dict[str, Any]) -> Order:
    """Return the order of the last preview of an upload; raises NotFound without one."""
    return Order(**_noted(said, "order"))


def _order(said: dict[str, Any]) -> Order:
    def pairs(name: str) -> dict[str, str]:
        return {one["field"]: one["value"] for one in said[name] or ()}

    return Order(said["kind"], said["datum"], said["layer"] or None, said["encoding"] or "",
                 pairs("columns"), pairs("set"), bool(said["repair"]),
                 bool(said["trust"]))  # fmt: skip


def _seen(district: str, upload: str) -> Path:
    said, path = uploads.kept(me(), district, upload)
    return path.parent / str(_noted(said, "seen"))


def _noted(said: dict[str, Any], name: str) -> Any:
    """Return a note that a preview leaves."""
    if name not in said:
        raise NotFound("no_upload")
    return said[name]


def _told(token: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"upload": token, "file": said["name"], "at": said["at"], "counts": said.get("counts"),
            "order": said.get("asked"), "preview": None}  # fmt: skip
