"""Files for people to keep: made under a name of their own, sent, and gone from here."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, send_file

from gis.exchange import tables
from web.asked import language, t
from web.i18n import reason

KINDS = {
    ".geojson": "application/geo+json", ".gpkg": "application/geopackage+sqlite3",
    ".kml": "application/vnd.google-earth.kml+xml", ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def sent(name: str, shown: str, make: Callable[[Path], object]) -> Response:
    """Answer a file that ``make`` writes under ``name``; whoever keeps it sees it as ``shown``."""
    with TemporaryDirectory(prefix="yige-") as folder:
        path = Path(folder, name)
        make(path)
        file = path.open("rb")  # stays open when the folder goes
    kind = KINDS[path.suffix.lower()]
    answer = send_file(file, kind, as_attachment=True, download_name=shown)
    return fresh(answer)


def refused(rows: list[dict[str, Any]], suffix: str, name: str) -> Response:
    """Answer refused rows with their reasons, to be mended and sent again."""
    heads = t("import.head_line"), t("import.head_reason")
    table = tables.refused([reasoned(one) for one in rows], *heads)
    shown = t("imports.refused_file", file=Path(name).stem, suffix=suffix)
    return sent(f"refused.{suffix}", shown, lambda path: tables.write(table, path))


def reasoned(one: dict[str, Any]) -> dict[str, Any]:
    """Add why a row is refused, in the language of this request."""
    return {**one, "reason": reason(language(), one)}


def fresh(answer: Response) -> Response:
    """Let nobody keep an answer."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
