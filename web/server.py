"""The web server: gunicorn with threads, in a process of its own that never was root."""

import ctypes
import os
import signal
import sys
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

import web
from web import config as configuration
from web.config import Config

LEAVE_S = 5
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
    return {
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
        "post_worker_init": _begin,
        "worker_exit": _close_pool,
    }


def _begin(worker: Any) -> None:
    worker.app.callable.extensions["pool"].open()
    Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    """Load what takes long, the compiled searches above all, so that the first click finds it."""
    import pypinyin  # noqa: F401

    from gis.walk.reach import warm

    warm()


def _close_pool(server: Any, worker: Any) -> None:
    worker.app.callable.extensions["pool"].close(timeout=1)


def follow_parent() -> None:
    """Ask the system to end this process when its parent ends, however that happens."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(1)


def main(host: str, port: str) -> None:
    """Serve until told to stop."""
    follow_parent()
    config = configuration.from_environment(host, int(port))
    Server(web.create_app(config), config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
