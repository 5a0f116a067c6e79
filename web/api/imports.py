"""Files brought in: sent, looked at, confirmed, undone, under the rights of who does it."""

from dataclasses import asdict
from typing import Any

import shapely
from flask import Response, jsonify

from gis import districts
from gis.errors import BadInput, Conflict
from gis.exchange import store, undo
from gis.exchange.kinds import KINDS
from gis.exchange.preview import STATES, Order, Preview, preview
from web import uploads
from web.api.declared import (
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
from web.asked import acting, actor, language
from web.i18n import texts, translate
from web.params import Parameter, choice, flag, query, words

SHOWN, DRAWN = 1000, 5000
KIND = {"type": "string", "enum": [*KINDS]}
STATE = {"type": "string", "enum": [*STATES]}
COUNTS = obj(dict.fromkeys(STATES, COUNT))
ERRORS = (400, 401, 403, 404, 409, 422)
SCHEMAS["Refused"] = obj({"line": WHOLE, "key": TEXT, "values": {"type": "object"}, "reason": TEXT})
SCHEMAS["Preview"] = obj({
    "upload": {**TEXT, "description": "what to confirm"}, "kind": KIND, "file": TEXT,
    "counts": COUNTS, "encoding": TEXT, "columns": {"type": "object"}, "left": listed(TEXT),
    "checked": {**YES, "description": "the datum was compared with what is known"},
    "mended": listed(obj({"code": TEXT, "name": TEXT, "gained_m2": {"type": "number"},
                          "lost_m2": {"type": "number"}})),
    "refused": listed(ref("Refused")),
    "rows": listed(obj({"line": WHOLE, "state": STATE, "name": maybe(TEXT),
                        "changes": listed(TEXT), "point": maybe(POINT)})),
})  # fmt: skip
SCHEMAS["Import"] = obj({
    "id": WHOLE, "kind": KIND, "file": TEXT, "datum": TEXT, "at": TEXT, "who": maybe(TEXT),
    "added": COUNT, "changed": COUNT, "unchanged": COUNT, "refused": COUNT, "undone": maybe(TEXT),
})  # fmt: skip
PAIRS = "FIELD=HEADING;FIELD=HEADING"
ASKED = (
    Parameter("kind", choice(*KINDS), KIND, "What the file holds", required=True),
    Parameter("datum", words(10), TEXT, "wgs84, cgcs2000, gcj02, bd09", required=True),
    Parameter("file", words(200), TEXT, "The name of the file", required=True),
    Parameter("layer", words(100), TEXT, "The layer or sheet, where there are several"),
    Parameter("encoding", words(20), TEXT, "The encoding of its texts", default=""),
    Parameter("columns", words(2000), TEXT, f"Columns matched by hand: {PAIRS}", default=""),
    Parameter("set", words(2000), TEXT, "A value for every row: FIELD=VALUE;…", default=""),
    Parameter("repair", flag, {"type": "string", "enum": ["0", "1"]}, "Mend slivers",
              default=False),
    Parameter("trust", flag, {"type": "string", "enum": ["0", "1"]}, "Do not check the datum",
              default=False),
)  # fmt: skip
FILE = {"type": "string", "format": "binary"}


@operation("POST", "/<district>/imports", ref("Preview"), query=ASKED, body=FILE, status=201,
           errors=ERRORS)  # fmt: skip
def send_import(district: str) -> tuple[Response, int]:
    """Send a file, and see what it would do; nothing is changed before it is confirmed."""
    asked = query(ASKED)
    order = _order(asked)
    with acting() as conn:
        home = districts.district(conn, district)
        token, path = uploads.receive(_me(), district, asked["file"], asdict(order))
        try:
            ready = preview(conn, home, path, order)
        except BaseException:
            uploads.forget(token)
            raise
    uploads.note(token, counts=ready.counts)
    return jsonify({"upload": token, **_told(ready, asked["file"])}), 201


@operation("POST", "/<district>/imports/<upload>/confirm", obj({"id": WHOLE, "counts": COUNTS}),
           status=201, errors=ERRORS)  # fmt: skip
def confirm_import(district: str, upload: str) -> tuple[Response, int]:
    """Bring in what was seen, in one transaction; refused if it would do something else by now."""
    said, path = uploads.kept(_me(), district, upload)
    order = Order(**{name: said[name] for name in Order.__slots__})
    with acting() as conn:
        home = districts.district(conn, district)
        ready = preview(conn, home, path, order)
        if ready.counts != said["counts"]:
            uploads.note(upload, counts=ready.counts)
            new, changed, unchanged, refused = (ready.counts[state] for state in STATES)
            raise Conflict("import_stale", new=new, changed=changed, unchanged=unchanged,
                           refused=refused)  # fmt: skip
        id = store.store(conn, home, ready, said["name"])
    uploads.forget(upload)
    return jsonify(id=id, counts=ready.counts), 201


@operation("GET", "/<district>/imports", obj({"imports": listed(ref("Import"))}))
def list_imports(district: str) -> Response:
    """List the imports one may see, the last first."""
    query(())
    with acting() as conn:
        home = districts.district(conn, district)
        found = [asdict(one) for one in store.imports(conn, home.code)]
    return _fresh(jsonify(imports=[{**one, "at": _time(one["at"]), "undone": _time(one["undone"])}
                                   for one in found]))  # fmt: skip


@operation("GET", "/<district>/imports/<id:id>/refused", obj({"refused": listed(ref("Refused"))}))
def refused_rows(district: str, id: int) -> Response:
    """List the rows that an import left out, with line and reason."""
    query(())
    with acting() as conn:
        found = store.refused(conn, district, id)
    return _fresh(jsonify(refused=[_reasoned(one) for one in found]))


@operation("POST", "/<district>/imports/<id:id>/undo", obj({"rows": COUNT}), errors=ERRORS)
def undo_import(district: str, id: int) -> Response:
    """Take an import back as a whole."""
    with acting() as conn:
        return jsonify(rows=undo.undo(conn, id, district))


def _order(asked: dict[str, Any]) -> Order:
    return Order(asked["kind"], asked["datum"], asked["layer"], asked["encoding"],
                 _pairs(asked["columns"]), _pairs(asked["set"]), asked["repair"],
                 asked["trust"])  # fmt: skip


def _pairs(text: str) -> dict[str, str]:
    """Read ``field=heading;field=heading``."""
    found = {}
    for part in filter(None, text.split(";")):
        name, sign, value = part.partition("=")
        if not sign:
            raise BadInput("field_value", text=part[:60])
        found[name.strip()] = value.strip()
    return found


def _told(ready: Preview, name: str) -> dict[str, Any]:
    refused = ready.refused()
    return {
        "kind": ready.kind.name, "file": name, "counts": ready.counts, "encoding": ready.encoding,
        "columns": ready.match.fields, "left": ready.match.left, "checked": ready.fit is not None,
        "mended": [asdict(one) for one in ready.mended],
        "refused": [_reasoned(one) for one in refused[:SHOWN]], "rows": _rows(ready),
    }  # fmt: skip


def _rows(ready: Preview) -> list[dict[str, Any]]:
    """Return what a map draws of the rows: the first few thousand that are not unchanged."""
    at = [k for k, state in enumerate(ready.state) if state != "unchanged"][:DRAWN]
    names, lines = ready.frame["name"].tolist(), ready.frame["line"].tolist()
    shape = None if ready.shape is None else ready.shape[at]
    points = [None] * len(at) if shape is None else [_point(one) for one in shape]
    return [
        {"line": int(lines[k]), "state": str(ready.state[k]), "name": names[k],
         "changes": list(ready.changes[k]), "point": point}
        for k, point in zip(at, points, strict=True)
    ]  # fmt: skip


def _point(shape: Any) -> list[float] | None:
    if shape is None or shape.is_empty:
        return None
    inner = shapely.point_on_surface(shape)
    return [inner.x, inner.y]


def _reasoned(one: dict[str, Any]) -> dict[str, Any]:
    """Add why a row is refused, in the language of this request."""
    into, values = language(), dict(one["values"])
    label = f"field.{values.get('name')}"
    if label in texts(into):
        values["name"] = translate(into, label)
    return {**one, "reason": translate(into, f"error.{one['key']}", **values)}


def _me() -> int:
    account = actor()
    assert account is not None  # whoever is not signed in does not come this far
    return account


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
