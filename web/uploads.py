"""Files sent for an import, kept beside the service until they are confirmed, a day at most.

Each lies in a folder of its own, named by a token, with notes on whose it is and what was asked.
"""

import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app, request

from gis.errors import BadInput, NotFound
from gis.exchange.archive import MB

MOST_MB = 256
DAY_S = 24 * 60 * 60
MINE = 6  # uploads of one account that wait at once
CHUNK = 1 << 20


class TooLarge(BadInput):
    """A file that is larger than what is taken."""


def receive(account: int, district: str, name: str) -> str:
    """Keep the body of this request as a file of that name; return its token.

    Of one's own uploads only the last few are kept.

    Raises
    ------
    TooLarge
        It is larger than allowed; nothing of it is kept.
    """
    _refuse_large(name, request.content_length or 0)
    _forget_old()
    token = secrets.token_urlsafe(16)
    folder = _folder() / token
    folder.mkdir(mode=0o700)
    try:
        _save(name, folder / f"file{Path(name).suffix.lower()[:10]}")
    except BaseException:
        shutil.rmtree(folder)
        raise
    at = datetime.now(UTC).isoformat()
    _say(folder, {"account": account, "district": district, "name": name, "at": at})
    for old in mine(account, district)[MINE:]:
        forget(old["upload"])
    return token


def mine(account: int, district: str) -> list[dict[str, Any]]:
    """Return the notes of one's own uploads that wait, each with its token, the last first."""
    found = []
    for folder in _folder().iterdir():
        try:
            said = json.loads((folder / "asked.json").read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if (said["account"], said["district"]) == (account, district):
            found.append({"upload": folder.name, **said})
    return sorted(found, key=lambda said: (said["at"], said["upload"]), reverse=True)


def kept(account: int, district: str, token: str) -> tuple[dict[str, Any], Path]:
    """Return the notes of an upload, and where the file is.

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


@contextmanager
def called(said: Mapping[str, Any], path: Path) -> Iterator[None]:
    """Let what goes wrong with the file of an upload name it as its owner does."""
    try:
        yield
    except BadInput as error:
        if error.values.get("file") == path.name:
            error.values["file"] = said["name"]
        raise


def note(token: str, **more: Any) -> None:
    """Remember something more of an upload."""
    folder = _folder() / token
    _say(folder, {**json.loads((folder / "asked.json").read_text("utf-8")), **more})


def forget(token: str) -> None:
    """Throw an upload away."""
    shutil.rmtree(_folder() / token, ignore_errors=True)


def _say(folder: Path, said: dict[str, Any]) -> None:
    """Write the notes aside and put them in place, so that a reader has them whole."""
    aside = folder / "asked.new"
    aside.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    aside.replace(folder / "asked.json")


def _save(name: str, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := request.stream.read(CHUNK):
            size += len(chunk)
            _refuse_large(name, size)
            file.write(chunk)


def _refuse_large(name: str, size: int) -> None:
    if size > MOST_MB * MB:
        raise TooLarge("file_large", file=name, mb=size // MB, most=MOST_MB)


def _folder() -> Path:
    """Return the folder of this database's uploads, which only the service's own user can enter."""
    home = Path(tempfile.gettempdir(), f"yige-uploads-{os.getuid()}")
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        raise BadInput("cannot_write", file=home, reason="owner")
    database = current_app.extensions["config"].database
    mark = f"{current_app.secret_key!r} {database.place} {database.url} {database.dbname}"
    own = home / hashlib.sha256(mark.encode()).hexdigest()[:16]
    own.mkdir(mode=0o700, exist_ok=True)
    return own


def _forget_old() -> None:
    for folder in _folder().iterdir():
        if time.time() - folder.stat().st_mtime > DAY_S:
            shutil.rmtree(folder, ignore_errors=True)
