"""``/health``: can this service do its work, and if not, why."""

import logging

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from sql import database
from sql.errors import DatabaseError
from web.auth import public
from web.config import version

PATIENCE_S = 2.0

bp = Blueprint("health", __name__)
log = logging.getLogger(__name__)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer 200, or 503 with the reason: no database, or tables that are not up to date."""
    try:
        pending = database.lacking(current_app.extensions["pool"], PATIENCE_S)
    except DatabaseError as error:
        log.warning("health: %s", error)
        return _answer(503, "error", reason="database_unreachable")
    if pending:
        return _answer(503, "error", reason="migrations_pending", migrations=pending)
    return _answer(200, "ok")


def _answer(code: int, status: str, **more: object) -> ResponseReturnValue:
    body = {"service": "yige", "status": status, "version": version(), **more}
    return jsonify(body), code, {"Cache-Control": "no-store"}
