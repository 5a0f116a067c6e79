"""The frame of the pages with a map: bar, panel, texts and facts for the browser."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import current_app, g, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from gis import accounts, areas, basemaps
from gis.districts import District
from layers.folium_map import VENDOR, Frame
from sql.database import Conn
from web import auth, i18n, versioned
from web.answers import Reading
from web.asked import language

TABS = {
    "field": ("field",),
    "coverage": (),
    "assignment": ("dispatcher", "planner", "admin"),
}  # and for whom
MODULES = {  # folders of js
    "map.html": ("map", "panel"), "assignment.html": ("map", "assign"),
    "imports.html": ("map", "imports"),
}  # fmt: skip
STATIC = Path(__file__).parents[1] / "static"
NOT_IN_BROWSER = (
    "cluster.", "db.", "demo.", "help.", "import.", "network.", "osm.", "page.", "remove.",
    "setup.", "status.", "test.", "up.",
)  # fmt: skip


def page(template: str, home: District, facts: dict[str, Any], **more: Any) -> str:
    """Return a page of a district; ``facts`` are what its scripts start with."""
    carried = {
        "district": {
            "code": home.code, "name": home.name, "sample": home.sample,
            "data_date": str(home.data_date), "zone": home.zone,
        },
        "account": {"name": current_user.name},
        **facts,
    }  # fmt: skip
    given = more if "words" in more else {"words": words(), "modules": _modules(template), **more}
    return render_template(
        template, home=home, tabs=_tabs(home.code, facts["held"]),
        menu=_menu(home.code, facts["held"], facts.get("administers", False)), carried=carried,
        asset=versioned.address, nonce=g.get("nonce", ""), **given,
    )  # fmt: skip


def frame(home: District, those: list[dict[str, Any]]) -> dict[str, Markup]:
    """Return the parts of the map's frame, made by us alone: no text of the data is in them."""
    box = next((area["bbox"] for area in those if area["level"] == "district"), None)
    return framed(Frame.of(home.code, tuple(box) if box else None))


def framed(of: Frame) -> dict[str, Markup]:
    """Return the parts of a frame, its scripts under addresses that are kept."""
    parts = of.parts(g.nonce)
    kept = versioned.vendor()  # asked for once, not at every visit
    return {name: Markup(part.replace(VENDOR, kept)) for name, part in parts.items()}


def person(now: Reading) -> dict[str, Any]:
    """Return the areas on which the person holds a role, the roles, and whether all is theirs."""
    return who(now.conn, now.home)


def who(conn: Conn, home: District) -> dict[str, Any]:
    """Return the same of a district whose figures are not asked for."""
    mine = [one for one in areas.held(conn) if one["code"] == home.code]
    homes = [area["code"] for one in mine for area in one["areas"]]
    held = sorted({role for one in mine for role in one["roles"]})
    known = basemaps.basemap(conn, home.code)
    return {
        "homes": homes,
        "held": held,
        "basemap": asdict(known) if known else None,
        "administers": accounts.administers(conn, home.code),
    }


def _tabs(district: str, held: list[str]) -> list[tuple[str, str]]:
    """Return the pages there are for these roles; a tab without a right is absent."""
    there = [
        name
        for name, roles in TABS.items()
        if f"{name}.page" in current_app.view_functions and (not roles or {*held} & {*roles})
    ]
    return [(name, url_for(f"{name}.page", district=district)) for name in there]


def _menu(district: str, held: list[str], administers: bool) -> list[tuple[str, str]]:
    """Return what the account menu leads to: path, key of its name."""
    names = ("accounts", "audit", "settings") if administers else ()
    more = [(url_for(f"{name}.page", district=district), f"nav.{name}") for name in names]
    own = url_for("imports.page", district=district)
    return [*([(own, auth.imports_name(held))] if held else []), *more]


def _modules(template: str) -> list[str]:
    """Return the addresses of a page's browser modules: fetched at once, not one after another."""
    js = STATIC / "js"
    folders = (js, *(js / name for name in MODULES[template]))
    found = sorted(path for folder in folders for path in folder.glob("*.js"))
    names = [str(path.relative_to(STATIC)) for path in found if path.name != "theme.js"]
    return [versioned.address(name) for name in names]


def words(only: tuple[str, ...] = ("",)) -> dict[str, str]:
    """Return the texts a page's scripts write with: those whose keys begin with one of some."""
    found = i18n.texts(language())
    return {
        k: v for k, v in found.items() if k.startswith(only) and not k.startswith(NOT_IN_BROWSER)
    }
