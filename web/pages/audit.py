"""Who changed what in a district, and when: for its administrators."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gis import accounts, trail
from gis.trail import Change
from web.asked import language, t
from web.i18n import texts
from web.moments import moments
from web.pages.accounts import administering

bp = Blueprint("audit", __name__)
PAGE = 100
LONGEST = 60
PERIOD = re.compile(r'\["?([^",]+)"?,"?([^")]*)"?\)')

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")

Names = dict[str, dict[int, str]]


@bp.get("/<district>/audit")
def page(district: str) -> ResponseReturnValue:
    """List the changes, newest first, a page at a time."""
    with administering(district) as (conn, home):
        found = trail.changes(conn, district, **_asked(ZoneInfo(home.zone)), most=PAGE + 1)
        names = trail.names(conn, district)
        people = accounts.listing(conn, district)
        view = {
            "home": home, "chain": trail.chain(conn, district), **moments(home.zone),
            "table_options": _choices((name, _table(name)) for name in trail.tables(conn)),
            "who_options": _choices((one["id"], one["name"]) for one in people),
            "table": _table, "column": _column, "done": _done, "title": _titles(names),
            "say": _values(names, **moments(home.zone)),
        }  # fmt: skip
    view["days"] = _by_day(found[:PAGE], ZoneInfo(home.zone))
    view["older"] = found[PAGE - 1].id if len(found) > PAGE else None
    view["kept"] = {name: text for name, text in request.args.items() if text and name != "before"}
    return render_template("audit.html", **view)


def _asked(zone: ZoneInfo) -> dict[str, Any]:
    asked = request.args
    return {
        "before": asked.get("before", type=int),
        "account": asked.get("account", type=int),
        "table": asked.get("table") or None,
        "since": _moment(zone, asked.get("from"), 0),
        "until": _moment(zone, asked.get("to"), 1),
    }


def _by_day(changes: list[Change], zone: ZoneInfo) -> list[tuple[date, list[list[Change]]]]:
    """Return the acts of each day, the newest first."""
    days = groupby(trail.acts(changes), lambda act: act[0].at.astimezone(zone).date())
    return [(day, list(acts)) for day, acts in days]


def _titles(names: Names) -> Callable[[Change], str]:
    """Return what a changed row is called, as far as it says."""

    def title(change: Change) -> str:
        row = change.row
        if change.relation == "grant":
            area = names["area"].get(row.get("area", 0), "")
            who = names["account"].get(row.get("account", 0), "")
            return f"{who} {_word('account.role', row['role'])} {area}"
        if change.relation == "session":
            known = names["account"].get(row.get("account", 0), "")
            return "" if row.get("account") == change.actor else known
        return str(row.get("name") or row.get("code") or row.get("login") or "")

    return title


def _values(
    names: Names, period: Callable[..., str], moment: Callable[..., str], **_: Callable[..., str]
) -> Callable[[str, Any], str]:
    """Return how a value of a column is written for people; shapes are only named."""

    def say(column: str, value: Any) -> str:
        kind = "area" if column == "parent" else column
        if isinstance(value, int) and kind in names:
            return names[kind].get(value, f"#{value}")
        if isinstance(value, dict):
            return str(value.get("type", "…"))
        if isinstance(value, bool):
            return t("audit.yes" if value else "audit.no")
        if column == "role":
            return _word("account.role", str(value))
        if column == "period" and (match := PERIOD.fullmatch(str(value))):
            return period(match[1], match[2] or None)
        text = str(value)
        if MOMENT.fullmatch(text):
            return moment(text)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    return say


def _done(operation: str) -> str:
    """Return the word for what was done; a program's own word where there is none."""
    return _word("audit", operation.lower())


def _table(name: str) -> str:
    """Return the word for a table; its name where there is none yet."""
    return _word("table", name)


def _column(name: str) -> str:
    """Return the word for a column; its name where there is none."""
    return _word("column", name)


def _word(kind: str, name: str) -> str:
    key = f"{kind}.{name}"
    return t(key) if key in texts(language()) else name


def _choices(found: Iterable[tuple[object, str]]) -> list[tuple[object, str]]:
    return [("", t("audit.all")), *found]


def _moment(zone: ZoneInfo, text: str | None, days: int) -> datetime | None:
    """Return the first moment of a day, or of the one after it; None for what is no day."""
    try:
        day = datetime.strptime(text or "", "%Y-%m-%d").date()
    except ValueError:
        return None
    return datetime.combine(day, time(), zone) + timedelta(days=days)
