"""The web server: gunicorn with threads, in a process of its own, never as root.

Started by root it becomes the service's user. The checkout may lie where that user cannot go
(below /root), so all of our code, every query and every template is read before. The packages we
use stay readable: the start script puts them elsewhere then.
"""

import ctypes
import importlib
import os
import pkgutil
import signal
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

import gis
import layers
import sql
import web
from sql.cluster.place import Account
from web import config as configuration
from web.config import Config
from web.i18n import t

LEAVE_S = 5
UNSERVED = ("web.commands", "web.server", "gis.demo")
ACCESS = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'  # without the query: it may name people


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around an application that is there already."""

    def __init__(self, app: Flask, config: Config) -> None:
        self.app = app
        self.config = config
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's own."""
        for name, value in settings(self.config).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self.app


def settings(config: Config) -> dict[str, Any]:
    """Return gunicorn's settings."""
    service = config.database.place.service
    return {
        "user": service.uid,  # what gunicorn takes for its own user it has read as root
        "group": service.gid,
        "bind": config.url.removeprefix("http://"),
        "worker_class": "gthread",
        "workers": config.workers,
        "threads": config.threads,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
        "preload_app": True,
        "graceful_timeout": LEAVE_S,
        "control_socket_disable": True,
        "accesslog": "-",
        "access_log_format": ACCESS,
        "proc_name": "yige",
        "chdir": "/",
        "post_worker_init": _open_pool,
        "worker_exit": _close_pool,
    }


def _open_pool(worker: Any) -> None:
    worker.app.callable.extensions["pool"].open()


def _close_pool(server: Any, worker: Any) -> None:
    worker.app.callable.extensions["pool"].close(timeout=1)


def preload(app: Flask) -> None:
    """Read all code, queries and templates that a request may need."""
    for package in (sql, gis, layers, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(UNSERVED):
                importlib.import_module(module.name)
    sql.preload()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def become(account: Account) -> None:
    """Turn root into ``account`` for good; an ordinary user stays what he is."""
    os.chdir("/")
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    os.environ.update(HOME="/", USER=account.name, LOGNAME=account.name)
    os.environ.pop("TMPDIR", None)
    if not os.access(os.__file__, os.R_OK):
        sys.exit(t("error.python_unreadable", user=account.name, python=sys.base_prefix))


def follow_parent() -> None:
    """Ask the system to end this process when its parent ends, however that happens."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG; lost when the user changes
    if os.getppid() != parent:
        sys.exit(1)


def main(host: str, port: str) -> None:
    """Serve until told to stop."""
    config = configuration.from_environment(host, int(port))
    app = web.create_app(config)
    preload(app)
    server = Server(app, config)
    become(config.database.place.service)
    follow_parent()
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
