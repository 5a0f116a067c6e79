"""The map itself: with and without WebGL, in both themes, with and without motion."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Seen, SignIn, Site
from playwright.sync_api import Page, expect

from sql import database as connections
from tests import town

COLOURS = """() => {
  const { ground } = document.querySelector(".map").view;
  const state = (id) => ground.gl
    ? ground.gl.getFeatureState({ source: "town", sourceLayer: "building", id })
    : ground.stateOf("town", id);
  return IDS.map((id) => state(id)?.c ?? null);
}"""

Show = Callable[..., Page]


@pytest.fixture(params=["webgl", "plain"])
def show(request: pytest.FixtureRequest, sign_in: SignIn, seen: Seen) -> Show:
    """Return what opens the coverage page, with or without WebGL."""

    def page(**more: Any) -> Page:
        one = sign_in(webgl=request.param == "webgl", **more)
        expect(one.locator("#map")).to_have_attribute("aria-busy", "false")
        assert view(one, "view.hasWebGL") is (request.param == "webgl")
        return one

    return page


def view(page: Page, expression: str) -> Any:
    return page.evaluate(
        f"() => {{ const {{ view }} = document.querySelector('.map'); return {expression}; }}"
    )


def buildings(site: Site) -> dict[str, int]:
    with connections.admin(site.database) as conn:
        return dict(conn.execute("SELECT code, id FROM app.building ORDER BY code").fetchall())


def colours(page: Page, ids: dict[str, int]) -> dict[str, int]:
    return dict(zip(ids, page.evaluate(COLOURS.replace("IDS", str([*ids.values()]))), strict=True))


def test_buildings_bear_the_colour_of_their_minutes(show: Show, site: Site, seen: Seen) -> None:
    page = show()
    ids = buildings(site)
    found = page.evaluate(f"() => fetch('/api/{town.HOME.code}/minutes').then((a) => a.json())")
    minutes = dict(zip(ids.values(), found["minutes"], strict=True))
    expected = {
        code: 5 if minutes[id] == 254 else sum(minutes[id] > end for end in (5, 10, 15, 20))
        for code, id in ids.items()
    }
    assert colours(page, ids) == expected and len(set(expected.values())) > 1
    assert seen.complaints == [] and len(seen.hosts) == 1


def test_another_theme_keeps_what_is_shown(show: Show, site: Site, seen: Seen) -> None:
    page = show()
    before = colours(page, buildings(site))
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    page.evaluate("() => document.querySelector('.map').view.setTheme('dark')")
    assert colours(page, buildings(site)) == before
    assert seen.complaints == []


def test_a_press_on_a_station_means_the_station(show: Show, site: Site, seen: Seen) -> None:
    page = show()
    with connections.admin(site.database) as conn:
        id, lon, lat = conn.execute(
            "SELECT id, ST_X(geom), ST_Y(geom) FROM app.station WHERE code = 'Q'"
        ).fetchone() or (0, 0.0, 0.0)
    page.evaluate(
        """([lat, lon]) => {
          const { view } = document.querySelector(".map");
          window.picked = [];
          view.addEventListener("pick", ({ detail }) => window.picked.push(detail));
          view.setView({ zoom: 17, lat, lon });
        }""",
        [lat, lon],
    )
    box = page.locator(".map").bounding_box()
    assert box is not None
    for _ in range(40):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        picked = page.evaluate("() => window.picked.at(-1)")
        if picked and picked["kind"] == "station":
            break
        page.wait_for_timeout(250)
    assert (picked["kind"], picked["id"], picked["code"]) == ("station", id, "Q")
    assert seen.complaints == []


def test_nothing_flies_where_motion_is_unwanted(sign_in: SignIn, site: Site) -> None:
    page = sign_in(reduced_motion="reduce")
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false")
    lon, lat = town.HOME.longitude, town.HOME.latitude
    view(page, f"view.flyTo([{lon + 0.001}, {lat}], 17.5)")
    assert view(page, "view.where().zoom") == 17.5
