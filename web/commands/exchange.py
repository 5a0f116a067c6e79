"""What `./yige import KIND` does, and how it tells of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from gis.errors import BadInput
from web import i18n
from web.commands import connected, say
from web.i18n import t

SHOWN = 20


def bring(name: str, file: Path, district: str, **asked: Any) -> None:
    """Preview a file, tell what it would do, and bring it in unless it is a trial."""
    from gis import districts
    from gis.exchange import store
    from gis.exchange.preview import Order, preview

    order = Order(name, asked["datum"], asked["layer"], asked["encoding"], pairs(asked["columns"]),
                  pairs(asked["given"]), asked["repair"], asked["trust"])  # fmt: skip
    is_alone, id = False, None
    while not is_alone:
        with connected() as conn:
            home = districts.district(conn, district)
            if is_alone := store.alone(conn, home):
                ready = preview(conn, home, file, order)
                counts = ready.counts
                if not asked["dry_run"] and counts["new"] + counts["changed"]:
                    id = store.store(conn, home, ready)
    refused = [{**one, "reason": reason(one)} for one in ready.refused()]
    if asked["refused"]:
        _write(asked["refused"], refused)
    if asked["as_json"]:
        told = {"import": id, "columns": ready.match.fields, "left": ready.match.left,
                "mended": [asdict(one) for one in ready.mended]}  # fmt: skip
        click.echo(json.dumps({**told, **counts, "rows": refused}, ensure_ascii=False))
        return
    _tell(ready, id, refused)


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Read ``field=value`` as often as it was given.

    Raises
    ------
    BadInput
        One has no equals sign.
    """
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise BadInput("field_value", text=text)
        found[name.strip()] = value.strip()
    return found


def reason(one: Mapping[str, Any]) -> str:
    """Return why a row is refused, in the language of this process."""
    return i18n.reason(i18n.language(), one)


def show(district: str, as_json: bool) -> None:
    """List the imports of a district, the last first."""
    from gis import districts
    from gis.exchange import store

    with connected() as conn:
        home = districts.district(conn, district)
        found = store.imports(conn, home.code)
    if as_json:
        rows = [{n: getattr(one, n) for n in one.__slots__} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for one in found:
        say("import.line", id=one.id, at=f"{one.at:%Y-%m-%d %H:%M}", kind=one.kind, file=one.file,
            added=one.added, changed=one.changed, refused=one.refused,
            undone=t("import.was_undone") if one.undone else "")  # fmt: skip


def _tell(ready: Any, id: int | None, refused: list[dict[str, Any]]) -> None:
    matched = "、".join(f"{heading}→{name}" for name, heading in ready.match.fields.items())
    say("import.columns", matched=matched or "–", left="、".join(ready.match.left) or "–")
    if ready.shape is not None and ready.fit is None and not ready.order.trust:
        say("import.datum_unchecked", datum=ready.order.datum)
    for one in ready.mended:
        say("import.mended", name=one.name, code=one.code, gained=one.gained_m2, lost=one.lost_m2)
    say("import.counts", **ready.counts)
    for one in refused[:SHOWN]:
        say("import.row", line=one["line"], reason=one["reason"])
    if len(refused) > SHOWN:
        say("import.more", count=len(refused) - SHOWN)
    if id is None:
        say("import.nothing")
    else:
        say("import.stored", id=id)


def _write(path: Path, refused: list[dict[str, Any]]) -> None:
    """Write the refused rows, with reasons, as a list that can be mended and sent again."""
    from gis.exchange import tables

    heads = t("import.head_line"), t("import.head_reason")
    tables.write(tables.refused(refused, *heads), path)
