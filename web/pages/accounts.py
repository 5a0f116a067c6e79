"""Who may sign in to a district, and what each may do: for administrators of the whole district."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from gis import accounts, districts
from gis.districts import District
from gis.errors import YigeError
from sql.database import Conn
from web import signin
from web.asked import acting, t
from web.moments import moments

bp = Blueprint("accounts", __name__)
KEPT = 20  # ended grants that can be put back


@contextmanager
def administering(district: str) -> Iterator[tuple[Conn, District]]:
    """Act as the administrator of a district; to others there is no such page."""
    with acting() as conn:
        if not accounts.administers(conn, district):
            abort(404)
        yield conn, districts.district(conn, district)


@bp.get("/<district>/accounts")
def page(district: str) -> ResponseReturnValue:
    """List the accounts; ``?account=ID`` opens one."""
    return _page(district, request.args.get("account", type=int))


@bp.post("/<district>/accounts")
def add(district: str) -> ResponseReturnValue:
    """Add an account with a role, and show its password this once."""
    form, password = request.form, accounts.new_password()
    try:
        with administering(district) as (conn, home):
            made = accounts.add(
                conn, district, form.get("login", ""), form.get("name", ""), signin.hashed(password)
            )
            _grant(conn, home, made)
    except YigeError as error:
        return _page(district, None, {_field(error, "add"): _told(error)})
    login = accounts.normal(form.get("login", ""))
    return _page(district, made, shown=(t("account.added_here", login=login), password))


@bp.post("/<district>/accounts/<int:account>/password")
def set_password(district: str, account: int) -> ResponseReturnValue:
    """Draw another password, and show it this once."""
    password = accounts.new_password()
    hash_ = signin.hashed(password)
    try:
        with administering(district) as (conn, _):
            accounts.set_password(conn, district, account, hash_, _version())
    except YigeError as error:
        return _page(district, account, {"account": _told(error)})
    login = request.form.get("login", "")
    return _page(district, account, shown=(t("account.password_here", login=login), password))


@bp.post("/<district>/accounts/<int:account>/active")
def set_active(district: str, account: int) -> ResponseReturnValue:
    """Put an account out of use or back into it."""
    active = request.form.get("active") == "1"
    try:
        with administering(district) as (conn, _):
            accounts.set_active(conn, district, account, active, _version())
    except YigeError as error:
        return _page(district, account, {"account": _told(error)})
    flash(t("account.back_in_use" if active else "account.put_out_of_use"))
    return redirect(url_for("accounts.page", district=district, account=account))


@bp.post("/<district>/accounts/<int:account>/grants")
def grant(district: str, account: int) -> ResponseReturnValue:
    """Give an account a role on an area, from a day to a day."""
    try:
        with administering(district) as (conn, home):
            _grant(conn, home, account)
    except YigeError as error:
        return _page(district, account, {_field(error, "grant"): _told(error)})
    flash(t("account.role_granted"))
    return redirect(url_for("accounts.page", district=district, account=account))


@bp.post("/<district>/accounts/<int:account>/grants/<int:grant>/end")
def end(district: str, account: int, grant: int) -> ResponseReturnValue:
    """End a grant; as long as this session lasts it can be put back."""
    try:
        with administering(district) as (conn, _):
            was = accounts.revoke(conn, district, grant, _version() or 0)
    except YigeError as error:
        return _page(district, account, {"account": _told(error)})
    for day in ("since", "until"):
        was[day] = was[day] and was[day].isoformat()
    session["ended"] = [*session.get("ended", []), {**was, "district": district}][-KEPT:]
    flash(t("account.role_ended"))
    return redirect(url_for("accounts.page", district=district, account=account))


@bp.post("/<district>/accounts/<int:account>/grants/<int:grant>/restore")
def restore(district: str, account: int, grant: int) -> ResponseReturnValue:
    """Put back a grant ended in this session."""
    was = next((one for one in _ended(district) if one["id"] == grant), None)
    if was is None:
        abort(404)
    days = {day: was[day] and datetime.fromisoformat(was[day]) for day in ("since", "until")}
    try:
        with administering(district) as (conn, _):
            accounts.restore(conn, district, was | days)
    except YigeError as error:
        return _page(district, account, {"account": _told(error)})
    session["ended"] = [one for one in session["ended"] if one != was]
    flash(t("account.role_restored"))
    return redirect(url_for("accounts.page", district=district, account=account))


def _page(
    district: str,
    chosen: int | None,
    errors: dict[str, str] | None = None,
    shown: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    """Show the page: with the errors beside their fields, or with a password to be noted down."""
    with administering(district) as (conn, home):
        found = accounts.listing(conn, district)
        places = accounts.places(conn, district)
    view = {
        "home": home, "accounts": found,
        "chosen": next((one for one in found if one["id"] == chosen), None),
        "ended": _ended(district), "areas": {code: name for code, name, _ in places},
        "errors": errors or {}, "shown": shown, **moments(home.zone),
        "area_choices": _indented(places),
        "role_options": [(role, t(f"account.role.{role}")) for role in accounts.ROLES],
    }  # fmt: skip
    page = render_template("accounts.html", **view)
    return page, 422 if errors else 200, {"Cache-Control": "no-store"}


def _indented(places: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the areas as choices; a wide space for each level below the district."""
    depth = {"district": 0, "subdistrict": 1, "community": 2, "grid": 3}
    return [(code, "\u3000" * depth[level] + name) for code, name, level in places]


def _ended(district: str) -> list[dict[str, Any]]:
    return [one for one in session.get("ended", []) if one["district"] == district]


def _grant(conn: Conn, home: District, account: int) -> None:
    form = request.form
    since, until = _day(home, form.get("since")), _day(home, form.get("until"))
    if until is not None:
        until += timedelta(days=1)  # to the end of that day
    today = datetime.now(ZoneInfo(home.zone)).date()
    if since is not None and since.date() == today:
        since = None  # now
    area = form.get("area", "")
    accounts.grant(conn, home.code, account, form.get("role", ""), area, since, until)


def _day(home: District, text: str | None) -> datetime | None:
    """Return the first moment of a day in the district, None if none is given or it is no day."""
    try:
        day = datetime.strptime(text or "", "%Y-%m-%d").date()
    except ValueError:
        return None
    return datetime.combine(day, time(), ZoneInfo(home.zone))


def _version() -> int | None:
    return request.form.get("version", type=int)


def _field(error: YigeError, form: str) -> str:
    """Return the field an error stands beside: of the form to add, or of that to grant."""
    fields = {
        "login_taken": "login", "login_empty": "login", "name_empty": "name", "no_role": "role",
        "no_area": "area", "period_ends_first": "until",
    }  # fmt: skip
    return f"{form}.{fields.get(error.key, 'form')}"


def _told(error: YigeError) -> str:
    return t(f"error.{error.key}", **error.values)
