"""People: pages, API, command line."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

    from web.config import Config

BLUEPRINTS = (
    "web.health",
    "web.pages.figures",
    "web.tiles",
    "web.api",
)

CSP = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def create_app(config: "Config") -> "Flask":
    """Return the application; its pool ``app.extensions["pool"]`` is to be opened in each worker.

    Flask is imported here, not above: the command line is in this package too.
    """
    from flask import Flask

    from sql import database
    from web import auth, errors

    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["config"] = config
    app.extensions["pool"] = database.service_pool(config.database)
    auth.init(app)
    errors.init(app)
    for module in BLUEPRINTS:
        app.register_blueprint(importlib.import_module(module).bp)
    app.after_request(_guard)
    return app


def _guard(response: "Response") -> "Response":
    """Let a page load nothing from elsewhere, and nobody frame it."""
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
