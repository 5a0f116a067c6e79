"""Static files under an address that names their version: a browser asks for each only once.

Modules import each other by relative addresses, so the version of the first one is that of all.
"""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, g, send_from_directory, url_for

from web.auth import public

STATIC = Path(__file__).parent / "static"
OWN = ("css", "js", "img")  # vendor has addresses of its own
FOREVER = "public, max-age=31536000, immutable"

bp = Blueprint("versioned", __name__)


@bp.get("/v/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """Answer a static file; one of another version than ours is not kept."""
    answer = send_from_directory(STATIC, name)
    answer.headers["Cache-Control"] = FOREVER if version == current() else "no-cache"
    return answer


def address(name: str) -> str:
    """Return the address of a static file in the version it has now; one page has one version."""
    if "static_version" not in g:
        g.static_version = current()
    return url_for("versioned.file", version=g.static_version, name=name)


def current() -> str:
    """Return what changes whenever one of our own static files does."""
    files = [*STATIC.glob("*.svg"), *(f for part in OWN for f in (STATIC / part).rglob("*.*"))]
    stamps = [(str(f.relative_to(STATIC)), (s := f.stat()).st_mtime_ns, s.st_size) for f in files]
    return hashlib.sha256(repr(sorted(stamps)).encode()).hexdigest()[:12]
