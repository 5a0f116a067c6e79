"""Static files under an address that names their version: a browser asks for each only once.

Modules import each other by relative addresses, so the version of the first one is that of all.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, g, send_from_directory, url_for

from web.auth import public

STATIC = Path(__file__).parent / "static"
LOCK = Path(__file__).parent / "package-lock.json"
OWN = ("css", "js", "img")
VENDOR = "vendor"
FOREVER = "public, max-age=31536000, immutable"

bp = Blueprint("versioned", __name__)


@bp.get("/v/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """Answer a static file; one of another version than ours is not kept."""
    answer = send_from_directory(STATIC, name)
    ours = locked() if name.startswith(f"{VENDOR}/") else current()
    answer.headers["Cache-Control"] = FOREVER if version == ours else "no-cache"
    return answer


def address(name: str) -> str:
    """Return the address of a static file in the version it has now."""
    if "static_version" not in g:  # once a page: it names some seventy files
        g.static_version = current()
    return url_for("versioned.file", version=g.static_version, name=name)


def vendor() -> str:
    """Return the address below which the browser's packages lie, in the locked versions."""
    return url_for("versioned.file", version=locked(), name=VENDOR)


def current() -> str:
    """Return what changes whenever one of our own static files does."""
    stamps = sorted(_stamps(STATIC, OWN))
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:12]


def locked() -> str:
    """Return what changes whenever the locked versions of the browser's packages do."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]


def _stamps(folder: str | Path, only: tuple[str, ...] = ()) -> Iterator[tuple[str, int, int]]:
    """Yield path, time and size of every file below, in the folders ``only`` if any are given."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                found = entry.stat()
                yield entry.path, found.st_mtime_ns, found.st_size
            elif not only or entry.name in only:
                yield from _stamps(entry.path)
