"""The page of a visitor: the published figures of every district."""

from itertools import pairwise
from typing import Any

import psycopg
from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from psycopg_pool import PoolTimeout

from gis import coverage
from web.asked import acting, language
from web.auth import landing, public
from web.i18n import translate

bp = Blueprint("figures", __name__)


@bp.get("/")
@public
def figures() -> ResponseReturnValue:
    """Show the headline figures, or lead who is signed in to work; 503: the database is away."""
    try:
        if current_user.is_authenticated:
            return redirect(landing())
        with acting() as conn:
            districts = [_view(f, language()) for f, _ in coverage.headlines(conn)]
    except (PoolTimeout, psycopg.OperationalError):
        return render_template("figures.html", districts=None), 503
    return render_template("figures.html", districts=districts)


def _view(figures: dict[str, Any], into: str) -> dict[str, Any]:
    """Add to the figures what the page shows: shares and classes of minutes."""
    key = f"profile.{figures['profile']}"
    areas = [{**area, "classes": _classes(area, into)} for area in figures["areas"]]
    return {
        **figures,
        "areas": areas,
        "classes": _classes(figures, into),
        "people_share": _share(figures["people_covered"], figures["people"]),
        "buildings_share": _share(figures["buildings_covered"], figures["buildings"]),
        "profile_name": translate(into, key),
        "speed": f"{figures['speed_cm_per_h'] / 100_000:.1f}",
    }


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "–"


def _classes(figures: dict[str, Any], into: str) -> list[dict[str, Any]]:
    """Return the households of each class of minutes, the nearest first, unconnected last.

    Their sum is the households there are.
    """
    bands = figures["bands"]
    edges = [(0, 0), *((band["minutes"], band["households"]) for band in bands)]
    away = figures["unconnected"]["households"]
    found = [
        {"label": _label(low, high, into), "households": to - before, "css": f"m{number}"}
        for number, ((low, before), (high, to)) in enumerate(pairwise(edges), 1)
    ]
    last, reached = edges[-1]
    over = figures["households"] - reached - away
    found.append(
        {"label": translate(into, "band.over", minutes=last), "households": over, "css": "m5"}
    )
    found.append({"label": translate(into, "band.unconnected"), "households": away, "css": "hatch"})
    total = max(1, figures["households"])
    return [{**one, "share": round(100 * one["households"] / total, 2)} for one in found]


def _label(low: int, high: int, into: str) -> str:
    key = "band.between" if low else "band.up_to"
    return translate(into, key, **({"low": low, "high": high} if low else {"minutes": high}))
