"""Who changed what in a district, and when: for its administrators."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
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
PAGE = 50


@bp.get("/<district>/audit")
def page(district: str) -> ResponseReturnValue:
    """List the changes, newest first, a page at a time."""
    asked = request.args
    with administering(district) as (conn, home):
        zone = ZoneInfo(home.zone)
        changes = trail.changes(
            conn,
            district,
            before=asked.get("before", type=int),
            account=asked.get("account", type=int),
            table=asked.get("table") or None,
            since=_moment(zone, asked.get("from"), 0),
            until=_moment(zone, asked.get("to"), 1),
            most=PAGE + 1,
        )
        view = {
            "home": home, "chain": trail.chain(conn, district), **moments(home.zone),
            "table_options": _choices((name, _table(name)) for name in trail.tables(conn)),
            "who_options": _choices((a["id"], a["name"]) for a in accounts.listing(conn, district)),
            "table": _table,
        }  # fmt: skip
    shown = changes[:PAGE]
    older = shown[-1].id if len(changes) > PAGE else None
    kept = {name: value for name, value in asked.items() if value and name != "before"}
    days = _by_day(shown, zone)
    return render_template("audit.html", days=days, older=older, kept=kept, **view)


def _table(name: str) -> str:
    """Return the word for a table; its name where there is none yet."""
    key = f"table.{name}"
    return t(key) if key in texts(language()) else name


def _choices(found: Iterable[tuple[object, str]]) -> list[tuple[object, str]]:
    return [("", t("audit.all")), *found]


def _by_day(changes: list[Change], zone: ZoneInfo) -> list[tuple[date, list[Change]]]:
    days: list[tuple[date, list[Change]]] = []
    for change in changes:
        day = change.at.astimezone(zone).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(change)
    return days


def _moment(zone: ZoneInfo, text: str | None, days: int) -> datetime | None:
    """Return the first moment of a day, or of the one after it; None for what is no day."""
    try:
        day = datetime.strptime(text or "", "%Y-%m-%d").date()
    except ValueError:
        return None
    return datetime.combine(day, time(), zone) + timedelta(days=days)
