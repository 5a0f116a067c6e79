"""What was brought in from files: confirmed, listed, undone, under the rights of who does it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Response, jsonify

from gis import districts
from gis.districts import District
from gis.errors import BadInput, Conflict
from gis.exchange import store, undo
from gis.exchange.kinds import KINDS
from gis.exchange.preview import STATES, Order, preview
from sql.database import Conn
from web import downloads, uploads
from web.api.declared import (
    COUNT,
    SCHEMAS,
    TEXT,
    WHOLE,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.api.uploads import COUNTS, ERRORS, KIND, look, order_of, show
from web.asked import acting, me
from web.downloads import fresh, reasoned
from web.params import Parameter, choice, flag, query, words

SCHEMAS["Refused"] = obj({
    "line": WHOLE, "key": TEXT, "values": {"type": "object"}, "reason": TEXT,
    "cells": {**listed(listed(TEXT)), "description": "heading and text, as the file had them"},
}, "cells")  # fmt: skip
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
    """Send a file and look at what it would do, in one; nothing changes before it is confirmed."""
    asked = query(ASKED)
    order = _order(asked)
    with acting() as conn:
        home = districts.district(conn, district)
    token = uploads.receive(me(), district, asked["file"])
    said, path = uploads.kept(me(), district, token)
    try:
        with uploads.called(said, path), acting() as conn:
            look(conn, home, token, path, order)
    except BaseException:
        uploads.forget(token)
        raise
    return jsonify(show(district, token)), 201


@operation("POST", "/<district>/imports/<upload>/confirm", obj({"id": WHOLE, "counts": COUNTS}),
           status=201, errors=ERRORS)  # fmt: skip
def confirm_import(district: str, upload: str) -> tuple[Response, int]:
    """Bring in what was seen, in one transaction; refused if it would do something else by now."""
    said, path = uploads.kept(me(), district, upload)
    id = None
    while id is None:
        with acting() as conn:
            home = districts.district(conn, district)
            if store.alone(conn, home):
                id = _bring(conn, home, upload, said, path)
    uploads.forget(upload)
    return jsonify(id=id, counts=said["counts"]), 201


@operation("GET", "/<district>/imports", obj({"imports": listed(ref("Import"))}))
def list_imports(district: str) -> Response:
    """List the imports one may see, the last first."""
    query(())
    with acting() as conn:
        home = districts.district(conn, district)
        found = [asdict(one) for one in store.imports(conn, home.code)]
    return fresh(jsonify(imports=[{**one, "at": _time(one["at"]), "undone": _time(one["undone"])}
                                  for one in found]))  # fmt: skip


@operation("GET", "/<district>/imports/<id:id>/refused", obj({"refused": listed(ref("Refused"))}))
def refused_rows(district: str, id: int) -> Response:
    """List the rows that an import left out, with line and reason."""
    query(())
    with acting() as conn:
        found = store.refused(conn, district, id)
    return fresh(jsonify(refused=[reasoned(one) for one in found]))


@operation("GET", "/<district>/imports/<id:id>/refused/<suffix>", TEXT)
def refused_file(district: str, id: int, suffix: str) -> Response:
    """Write the rows that an import left out as csv or xlsx, to be mended and sent again."""
    query(())
    with acting() as conn:
        found = store.refused(conn, district, id)
    return downloads.refused(found, suffix, str(id))


@operation("POST", "/<district>/imports/<id:id>/undo", obj({"rows": COUNT}), errors=ERRORS)
def undo_import(district: str, id: int) -> Response:
    """Take an import back as a whole."""
    with acting() as conn:
        return jsonify(rows=undo.undo(conn, id, district))


def _bring(conn: Conn, home: District, upload: str, said: dict[str, Any], path: Path) -> int:
    """Store what was seen; raises Conflict where a preview would find something else by now."""
    ready = preview(conn, home, path, order_of(said))
    if ready.counts != said["counts"]:
        new, changed, unchanged, refused = (ready.counts[state] for state in STATES)
        look(conn, home, upload, path, order_of(said))
        raise Conflict("import_stale", new=new, changed=changed, unchanged=unchanged,
                       refused=refused)  # fmt: skip
    return store.store(conn, home, ready, said["name"])


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


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
