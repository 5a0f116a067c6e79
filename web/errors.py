"""What a request is answered when it cannot be done: one table gives the status."""

import logging
import secrets
import traceback
from typing import Any

import psycopg
from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from psycopg_pool import PoolTimeout, TooManyRequests
from werkzeug.exceptions import HTTPException

from gis import errors
from sql.errors import DatabaseError, YigeError
from web import uploads
from web.asked import language, t
from web.i18n import texts

PROGRAMS = ("/api/", "/tiles/", "/ogc", "/basemap/")
STATUS: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Forbidden: 403,
    errors.NoNetwork: 409,
    errors.Elsewhere: 502,
    errors.Misplaced: 422,
    uploads.TooLarge: 413,
    errors.BadInput: 400,
    errors.TilingError: 422,
    errors.Infeasible: 422,
    DatabaseError: 503,
    YigeError: 400,
    PoolTimeout: 503,
    TooManyRequests: 503,
    psycopg.errors.InsufficientPrivilege: 403,
    psycopg.errors.DiskFull: 503,
    psycopg.errors.SerializationFailure: 409,
    psycopg.errors.DeadlockDetected: 409,
    psycopg.errors.QueryCanceled: 503,
    psycopg.OperationalError: 503,
}
RETRY_S = 5

log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    """Answer every error in the language of the request."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_exception)


def status_of(error: Exception) -> int:
    """Return the status that the table gives an error, by the nearest of its classes."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _of_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask and its extensions refuse; a redirect is no error."""
    if error.code is None or error.code < 400:
        return error
    key = "csrf" if isinstance(error, CSRFError) else f"http_{error.code}"
    answer = answer_with(error.code, key)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Content-Range"):
            answer.headers[name] = value
    return answer


def _of_exception(error: Exception) -> ResponseReturnValue:
    """Answer by the table; what is not in it gets a code to read out, and a line in the log."""
    status = status_of(error)
    if status == 500:
        return _unexpected(error)
    if isinstance(error, YigeError):
        return answer_with(status, error.key, error.values)
    if status == 503:
        log.warning("%s %s: %s", request.method, request.endpoint, type(error).__name__)
    return answer_with(status, {403: "right", 409: "meanwhile"}.get(status, "http_503"))


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Tell a code that finds the place in the log; the log has no values, which may name people."""
    code = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames[-12:]))
    log.error("%s %s %s: %s at %s", code, request.method, request.endpoint, _kind(error), place)
    return answer_with(500, "ours", {"id": code})


def _kind(error: BaseException) -> str:
    """Return the classes of an error and of what caused it, without their texts."""
    chain = [type(error).__name__]
    while (error := error.__cause__ or error.__context__) is not None:  # type: ignore[assignment]
        chain.append(type(error).__name__)
    return " < ".join(chain)


def answer_with(status: int, key: str, values: dict[str, Any] | None = None) -> Response:
    """Return an error as a program or a person reads it: what happened, and what to do."""
    title, detail = t(_known(f"title.{status}", "title.400")), _text(key, values or {})
    if is_program():
        answer = jsonify(
            type=f"/errors/{key}", title=title, status=status, detail=detail, key=key,
            values={name: _plain(value) for name, value in (values or {}).items()},
        )  # fmt: skip
        answer.mimetype = "application/problem+json"
    else:
        page = render_template("error.html", title=title, detail=detail, status=status)
        answer = Response(page, mimetype="text/html")
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def is_program() -> bool:
    """Tell whether it is a program that asks: the interface, tiles, features."""
    return request.path.startswith(PROGRAMS) or request.path in ("/api", "/tiles")


def _text(key: str, values: dict[str, Any]) -> str:
    try:
        return t(f"error.{key}", **values)
    except KeyError:  # a key without a text: the tests refuse it, a person is told all the same
        return t("error.http_400")


def _known(key: str, otherwise: str) -> str:
    return key if key in texts(language()) else otherwise


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str | None) else str(value)
