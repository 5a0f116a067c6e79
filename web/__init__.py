"""People: pages, API, command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.config import Config


def create_app(config: "Config") -> "Flask":
    """Return the application; its pool ``app.extensions["pool"]`` is to be opened in each worker.

    Flask is imported here, not above: the command line is in this package too.
    """
    from flask import Flask

    from sql import database
    from web import health

    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["config"] = config
    app.extensions["pool"] = database.service_pool(config.database)
    app.register_blueprint(health.bp)
    return app
