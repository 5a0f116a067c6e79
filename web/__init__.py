"""People: pages, API, command line."""

import importlib
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

    from web.config import Config

BLUEPRINTS = (
    "web.health",
    "web.versioned",
    "web.pages.figures",
    "web.pages.coverage",
    "web.pages.assignment",
    "web.pages.field",
    "web.pages.session",
    "web.pages.tokens",
    "web.pages.accounts",
    "web.pages.audit",
    "web.pages.settings",
    "web.pages.imports",
    "web.tiles",
    "web.basemap",
    "web.style",
    "web.features",
    "web.api",
)

CSP = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def create_app(config: "Config") -> "Flask":
    """Return the application; its pool ``app.extensions["pool"]`` is to be opened in each worker.

    Flask is imported here, not above: the command line is in this package too.
    """
    from flask import Flask

    from sql import database
    from web import asked, auth, compressed, errors

    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["config"] = config
    app.extensions["pool"] = database.service_pool(config.database)
    app.before_request(_draw_nonce)
    app.context_processor(asked.words)
    auth.init(app)
    errors.init(app)
    for module in BLUEPRINTS:
        app.register_blueprint(importlib.import_module(module).bp)
    app.after_request(_guard)
    compressed.init(app)
    return app


def _draw_nonce() -> None:
    """Draw the word without which a browser runs no script of the page."""
    from flask import g

    g.nonce = secrets.token_urlsafe(16)


def _guard(response: "Response") -> "Response":
    """Let a page load nothing from elsewhere, and nobody frame it; remember the language chosen."""
    from flask import g, request

    from web.asked import language

    response.headers["Content-Security-Policy"] = CSP.format(nonce=g.get("nonce", ""))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if "lang" in request.args:
        response.set_cookie("lang", language(), max_age=31_536_000, samesite="Lax", httponly=True)
    return response
