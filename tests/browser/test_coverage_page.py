"""The coverage page: what people see, choose, ask and send to each other."""

import re
from typing import Any

import pytest
from conftest import GRID, NASTY, OTHER_GRID, Seen, SignIn, Site
from playwright.sync_api import Locator, Page, Route, expect

from gis.coverage import coverage
from sql import database as connections
from tests import town

CODE = town.HOME.code


def figures(site: Site, by: str = "district", **conditions: Any) -> dict[str, Any]:
    """Return the figures as the command line works them out."""
    with connections.admin(site.database) as conn:
        return coverage(conn, CODE, by=by, **conditions)


def shares(of: dict[str, Any]) -> list[str]:
    return [f"{100 * of[f'{n}_covered'] / of[n]:.1f}" for n in ("people", "buildings")]


def expect_figures(page: Page, of: dict[str, Any]) -> None:
    values = page.locator(".figure .value")
    expect(values).to_have_text([re.compile(f"^{re.escape(s)}") for s in shares(of)])


def row(page: Page, code: str) -> Locator:
    return page.locator(f'[role=treeitem][data-code="{code}"]')


def choose(page: Page, part: str, label: str) -> None:
    page.locator(f'[data-key="ask:{part}"]').click()
    page.get_by_role("menuitemradio", name=label).click()


def test_figures_are_those_of_the_command_line(page: Page, site: Site) -> None:
    found = figures(site)
    expect_figures(page, found)
    part, whole = found["people_covered"], found["people"]
    expect(page.locator('[data-figure="people"]')).to_contain_text(f"{part:,} / {whole:,} 人")
    bands = [band["households"] for band in found["bands"]]
    within = [n - before for before, n in zip([0, *bands], bands, strict=False)]
    away = found["unconnected"]["households"]
    expected = [*within, found["households"] - bands[-1] - away, away]
    expect(page.locator(".band b")).to_have_text([f"{n:,}" for n in expected])


def test_page_says_what_its_figures_assume(page: Page) -> None:
    expect(page.locator("#ask")).to_have_text(
        re.compile("不计开放时间.*普通居民.*15 分钟.*任何驿站", re.S)
    )
    expect(page.locator("#foot")).to_have_text("普通居民 4.0 km/h · 数据 2026-11-20 · CGCS2000")
    expect(page.locator(".bar .sample")).to_have_text("示例数据")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_first_figures_need_no_further_request(sign_in: SignIn) -> None:
    page = sign_in()
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"/{CODE}/coverage?profile=elderly")
    expect(page.locator(".figure .value").first).not_to_be_empty()
    expect(page.locator("#ask")).to_contain_text("老年人")


def test_area_from_the_tree_is_in_figures_address_and_another_window(
    page: Page, site: Site
) -> None:
    row(page, f"{CODE}001").press("ArrowRight")
    row(page, town.COMMUNITY).press("ArrowRight")
    row(page, GRID).click()
    expect(page).to_have_url(re.compile(f"area={GRID}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("双河 01")
    grids = {area["code"]: area for area in figures(site, "grid")["areas"]}
    expect_figures(page, grids[GRID])
    other = page.context.new_page()
    other.goto(page.url)
    expect_figures(other, grids[GRID])
    expect(other.locator(".crumb")).to_contain_text("双河 01")
    page.go_back()
    expect_figures(page, figures(site))


def test_conditions_change_figures_and_address(page: Page, site: Site) -> None:
    choose(page, "minutes", "10 分钟")
    expect(page).to_have_url(re.compile("minutes=10"))
    found = figures(site)
    ten = next(band for band in found["bands"] if band["minutes"] == 10)
    expect_figures(page, found | {f"{n}_covered": ten[n] for n in ("people", "buildings")})
    choose(page, "minutes", "15 分钟")
    choose(page, "profile", "老年人")
    expect(page).to_have_url(re.compile("profile=elderly"))
    expect_figures(page, figures(site, profile_code="elderly"))
    choose(page, "service", "图书角")
    expect_figures(page, figures(site, profile_code="elderly", service="s2"))
    expect(page.locator("#ask")).to_contain_text("有图书角的驿站")


def test_evening_counts_only_what_is_open(page: Page, site: Site) -> None:
    choose(page, "at", "今晚 19:30")
    expect(page).to_have_url(re.compile(r"at=\d{4}-\d\d-\d\dT19:30"))
    at = re.search(r"at=([^&#]+)", page.url)
    assert at is not None
    expect_figures(page, figures(site, at=at[1]))
    expect(page.locator("#ask")).to_contain_text("一个开着的")
    page.locator("#stations summary").click()
    expect(page.locator("#stations .row", has_text="P驿站")).to_contain_text("18:00 已关")
    expect(page.locator("#stations .row", has_text="东站")).to_contain_text("全天开放")


def test_chosen_time_is_taken(page: Page) -> None:
    page.locator('[data-key="ask:at"]').click()
    page.locator("input[name=at]").fill("2026-12-24T23:00")
    page.get_by_role("button", name="看这个时间").click()
    expect(page).to_have_url(re.compile("at=2026-12-24T23:00"))
    expect(page.locator("#ask")).to_contain_text("12月24日 23:00")


def test_building_on_the_map_tells_minutes_station_and_path(mapped: Page, site: Site) -> None:
    page = mapped
    with connections.admin(site.database) as conn:
        asked = "SELECT id, ST_X(place), ST_Y(place) FROM app.building WHERE code = 'a'"
        found = conn.execute(asked.replace("place)", "ST_PointOnSurface(geom))")).fetchone()
    assert found is not None
    press(page, found[1], found[2])
    expect(page).to_have_url(re.compile(f"sel=building:{found[0]}"))
    thing = page.locator("#thing")
    expect(thing.get_by_role("heading", level=1)).to_contain_text("15 分钟内走得到")
    expect(thing.locator(".first .row")).to_contain_text("P驿站")
    expect(thing.locator(".first .walk")).to_contain_text("2分")  # 110 m at 4 km/h
    expect(thing).to_contain_text("双河社区")
    expect(thing).to_contain_text("双河 01")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("sel="))
    expect(page.locator(".figures")).to_be_visible()


def press(page: Page, lon: float, lat: float) -> None:
    """Press the map at a place, once its tiles are there."""
    for _ in range(30):
        at = page.evaluate(
            """([lon, lat]) => {
                const { leaflet } = document.querySelector('#map .map');
                leaflet.setView([lat, lon], 17, { animate: false });
                const box = leaflet.getContainer().getBoundingClientRect();
                const at = leaflet.latLngToContainerPoint([lat, lon]);
                return [box.x + at.x, box.y + at.y];
            }""",
            [lon, lat],
        )
        page.wait_for_timeout(400)
        page.mouse.click(*at)
        page.wait_for_timeout(400)
        if "sel=building" in page.url:
            return
    pytest.fail("no building under the press")


def test_compound_hides_nothing_and_other_stations_can_be_followed(page: Page, site: Site) -> None:
    with connections.admin(site.database) as conn:
        found = conn.execute("SELECT id FROM app.building WHERE code = 'd'").fetchone()
    assert found is not None
    page.goto(f"/{CODE}/coverage?sel=building:{found[0]}")
    thing = page.locator("#thing")
    expect(thing).to_contain_text("华都小区")
    others = thing.locator(".rows:not(.first) .row")
    with page.expect_response(re.compile(r"/path\?station=Q")) as answer:
        others.filter(has_text="东站").click()
    assert answer.value.ok
    expect(others.filter(has_text="东站")).to_have_attribute("aria-pressed", "true")


def test_station_tells_hours_services_and_whom_it_serves(page: Page, site: Site) -> None:
    page.locator("#stations summary").click()
    page.locator("#stations .row", has_text="P驿站").click()
    thing = page.locator("#thing")
    expect(thing.get_by_role("heading", level=1)).to_have_text("P驿站")
    expect(thing).to_contain_text("每天 08:00–18:00")
    expect(thing.locator(".chips")).to_have_text("党务服务")
    expect(page).to_have_url(re.compile("sel=station:"))
    page.locator("#thing .back").click()
    expect(page.locator("#thing")).to_be_hidden()


def test_names_with_script_are_text(page: Page, site: Site) -> None:
    page.goto(f"/{CODE}/coverage?area={OTHER_GRID}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NASTY)
    expect(page.locator(".crumb")).to_contain_text(NASTY)
    with connections.admin(site.database) as conn:
        found = conn.execute("SELECT id FROM app.building WHERE code = 'b'").fetchone()
    assert found is not None
    page.goto(f"/{CODE}/coverage?sel=building:{found[0]}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NASTY)
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("address", [
    "?area=<script>&profile=ghost&at=2026-02-31T10:00&service=x&minutes=7&sel=building:x#99/99/999",
    "?profile=%00&at=%F0%9F%98%80&sel=constructor:1",
])  # fmt: skip
def test_nonsense_in_the_address_shows_the_usual_figures(
    page: Page, site: Site, address: str
) -> None:
    page.goto(f"/{CODE}/coverage{address}")
    expect_figures(page, figures(site))


def test_links_beyond_ones_rights_say_so_and_lead_home(sign_in: SignIn, site: Site) -> None:
    page = sign_in("field", f"/{CODE}/coverage?area={OTHER_GRID}")
    expect(page.get_by_role("alert")).to_contain_text("不归您管")
    expect(page.locator("#panel")).not_to_contain_text(NASTY)
    grids = {area["code"]: area for area in figures(site, "grid")["areas"]}
    expect_figures(page, grids[GRID])
    expect(page.locator(".crumb")).to_have_text("双河 01")
    page.get_by_role("button", name="回到自己的区域").click()
    expect(page).not_to_have_url(re.compile("area="))
    with connections.admin(site.database) as conn:
        found = conn.execute("SELECT id FROM app.building WHERE code = 'b'").fetchone()
    assert found is not None
    page.goto(f"/{CODE}/coverage?sel=building:{found[0]}")
    expect(page.get_by_role("alert")).to_contain_text("不归您管")
    page.get_by_role("button", name="回到列表").click()
    expect(page.locator(".figures")).to_be_visible()


def test_session_that_ended_leads_back_to_the_same_place(sign_in: SignIn) -> None:
    page = sign_in()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    choose(page, "profile", "老年人")
    expect(page).to_have_url(re.compile(r"/login\?next=.*profile"))


def test_without_connection_the_page_stays_and_says_what_to_do(sign_in: SignIn, site: Site) -> None:
    page = sign_in()
    expect_figures(page, figures(site))
    page.route("**/api/*/coverage*", lambda route: route.abort())
    choose(page, "profile", "老年人")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    page.unroute("**/api/*/coverage*")
    page.get_by_role("button", name="再试一次").first.click()
    expect_figures(page, figures(site, profile_code="elderly"))


def test_long_count_says_what_is_being_done_and_how_long(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/api/*/coverage*", lambda route: held.append(route))
    choose(page, "profile", "老年人")
    expect(page.locator(".progress")).to_have_text(re.compile("正在按新条件逐楼计算 · [1-9] 秒"))
    held[0].continue_()
    expect(page.locator(".progress")).to_have_count(0)
    expect_figures(page, figures(site, profile_code="elderly"))


def test_link_shows_the_same_part_of_the_map(mapped: Page, site: Site) -> None:
    with connections.admin(site.database) as conn:
        found = conn.execute("SELECT id FROM app.building WHERE code = 'a'").fetchone()
    assert found is not None
    view = "#16.5/35.2512/115.4537"
    mapped.goto(f"/{CODE}/coverage?sel=building:{found[0]}{view}")
    expect(mapped.locator("#map")).to_have_attribute("aria-busy", "false")
    expect(mapped.locator("#thing .first")).to_be_visible()
    mapped.wait_for_timeout(1000)
    assert mapped.url.endswith(view)
    mapped.keyboard.press("+")
    expect(mapped).to_have_url(re.compile("#17.5/"))


def test_nothing_is_asked_of_any_other_address(mapped: Page, seen: Seen, site: Site) -> None:
    mapped.wait_for_load_state("networkidle")
    assert seen.hosts == {site.url.removeprefix("http://")}
