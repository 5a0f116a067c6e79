"""The page of coverage: the map, and who is served within how many minutes."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from psycopg.rows import dict_row

from gis import coverage, districts
from gis.districts import District
from sql import query
from sql.database import Conn
from web.asked import acting
from web.pages import shell

bp = Blueprint("coverage", __name__)


@bp.get("/<string(length=6):district>/coverage")
def page(district: str) -> ResponseReturnValue:
    """Show the coverage of a district, with the figures of the conditions in the address."""
    with acting() as conn:
        home = districts.district(conn, district)
        facts = _facts(conn, home)
    return shell.page("map.html", home, facts, frame=shell.frame(home, facts["areas"]))


def _facts(conn: Conn, home: District) -> dict[str, Any]:
    """Return what the first paint needs, so that it asks for nothing more."""
    asked = {"district": home.code}
    with conn.cursor(row_factory=dict_row) as cursor:
        areas = cursor.execute(query("pages.areas"), asked).fetchall()
        services = cursor.execute(query("pages.services"), asked).fetchall()
    return {
        "homes": shell.homes(conn, home.code),
        "profiles": [asdict(one) for one in coverage.profiles(conn, home.code)],
        "services": services,
        "areas": areas,
        "figures": _figures(conn, home.code),
    }


def _figures(conn: Conn, district: str) -> dict[str, Any]:
    asked = request.args
    return coverage.coverage(
        conn, district, asked.get("profile", "standard"), asked.get("at"), asked.get("service"),
        "grid",
    )  # fmt: skip
