"""Files sent for an import, kept beside the service until they are confirmed, a day at most."""

import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import request

from gis.errors import BadInput, NotFound
from gis.exchange.archive import MB

MOST_MB = 256
DAY_S = 24 * 60 * 60
CHUNK = 1 << 20


def receive(account: int, district: str, name: str, asked: Mapping[str, Any]) -> tuple[str, Path]:
    """Keep the body of this request as a file of that name; return its token and where it is.

    Raises
    ------
    BadInput
        It is larger than allowed; nothing of it is kept.
    """
    _refuse_large(name, request.content_length or 0)
    _forget_old()
    token = secrets.token_urlsafe(16)
    folder = _folder() / token
    folder.mkdir(mode=0o700)
    path = folder / f"file{Path(name).suffix.lower()[:10]}"
    try:
        _save(name, path)
    except BaseException:
        shutil.rmtree(folder)
        raise
    said = {"account": account, "district": district, "name": name, **asked}
    (folder / "asked.json").write_text(json.dumps(said), "utf-8")
    return token, path


def kept(account: int, district: str, token: str) -> tuple[dict[str, Any], Path]:
    """Return what was asked with an upload, and where the file is.

    Raises
    ------
    NotFound
        It is somebody else's, was confirmed already, or is older than a day.
    """
    folder = _folder() / "".join(c for c in token if c.isalnum() or c in "-_")
    try:
        said = json.loads((folder / "asked.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise NotFound("no_upload") from None
    if (said["account"], said["district"]) != (account, district):
        raise NotFound("no_upload")
    return said, next(path for path in folder.iterdir() if path.stem == "file")


def note(token: str, **more: Any) -> None:
    """Remember something more of an upload."""
    path = _folder() / token / "asked.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **more}), "utf-8")


def forget(token: str) -> None:
    """Throw an upload away."""
    shutil.rmtree(_folder() / token, ignore_errors=True)


def _save(name: str, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := request.stream.read(CHUNK):
            size += len(chunk)
            _refuse_large(name, size)
            file.write(chunk)


def _refuse_large(name: str, size: int) -> None:
    if size > MOST_MB * MB:
        raise BadInput("file_large", file=name, mb=size // MB, most=MOST_MB)


def _folder() -> Path:
    """Return the folder of uploads, which only the service's own user can enter."""
    home = Path(tempfile.gettempdir(), f"yige-uploads-{os.getuid()}")
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        raise BadInput("cannot_write", file=home, reason="owner")
    return home


def _forget_old() -> None:
    for folder in _folder().iterdir():
        if time.time() - folder.stat().st_mtime > DAY_S:
            shutil.rmtree(folder, ignore_errors=True)
