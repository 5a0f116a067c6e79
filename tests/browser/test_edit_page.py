"""The map mended on the page: by mouse and by keys, by two people, with and without rights."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import PASSWORD, Seen, SignIn, Site, _serving, _settle
from playwright.sync_api import Locator, Page, expect

from gis import accounts
from gis.coverage import coverage
from sql import database as connections
from sql.database import Database
from tests import town
from tests.conftest import admin_of

CODE = town.HOME.code
PATH = f"/{CODE}/coverage"
VIEW = "#16.5/35.2516/115.4520"  # the river, both roads, house c


@pytest.fixture(scope="module")
def site(database: Database) -> Iterator[Site]:
    """Yield a service of this module's own, whose map is changed."""
    made = database.beside("mending")
    with admin_of(database, "postgres") as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {made.dbname} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {made.dbname} TEMPLATE template_yige")
        _settle(made)
        with connections.admin(made) as own:
            hashed = accounts.hashed(PASSWORD)
            west = accounts.add(own, CODE, "west", "west", hashed)
            accounts.grant(own, CODE, west, "planner", f"{town.COMMUNITY}001")
            other = accounts.add(own, CODE, "other", "另一位", hashed)
            accounts.grant(own, CODE, other, "planner", CODE)
        with _serving(made) as url:
            yield Site(url, made)
        conn.execute(f"DROP DATABASE {made.dbname} WITH (FORCE)")


@pytest.fixture
def planner(sign_in: SignIn, seen: Seen) -> Iterator[Page]:
    """Yield the page while the map is mended; it must neither complain nor ask elsewhere."""
    page = mend(sign_in("planner"))
    yield page
    assert [one for one in seen.complaints if not re.search("409|422|ERR_FAILED|401", one)] == []
    assert len(seen.hosts) == 1


def mend(page: Page, chosen: str = "") -> Page:
    page.goto(f"{PATH}?edit=1{chosen}{VIEW}")
    page.reload()
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)
    expect(page.get_by_role("toolbar", name="修图工具")).to_be_visible()
    if chosen:
        expect(page.locator("#edit h1")).to_be_visible()
    else:
        expect(page.locator(".in-view summary")).to_contain_text(re.compile(r"\d+ 处"))
    return page


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a place of the town, in metres, is in the window."""
    lon, lat = (float(one) for one in town.PLANE.inverse(x, y))
    found = page.evaluate(
        """([lon, lat]) => {
            const map = document.querySelector("#map .map");
            const { x, y } = map.view.map.latLngToContainerPoint([lat, lon]);
            const box = map.getBoundingClientRect();
            return [x + box.left, y + box.top];
        }""",
        [lon, lat],
    )
    return found[0], found[1]


def hover(page: Page, x: float, y: float) -> None:
    """Move the mouse as a hand does, in steps that a busy page sees."""
    left, top = spot(page, x, y)
    for off in (8, 3, 0):
        page.mouse.move(left - off, top)
        page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


def press(page: Page, x: float, y: float, twice: bool = False) -> None:
    at = spot(page, x, y)
    page.mouse.move(*at)
    page.mouse.dblclick(*at) if twice else page.mouse.click(*at)


def figures(site: Site) -> dict[str, Any]:
    with connections.admin(site.database) as conn:
        return coverage(conn, CODE)


def covered(site: Site) -> int:
    return int(figures(site)["households_covered"])


def expect_people(page: Page, of: dict[str, Any]) -> None:
    share = f"{100 * of['people_covered'] / of['people']:.1f}"
    figure = page.locator('[data-figure="people"] .value')
    expect(figure).to_have_text(re.compile(f"^{re.escape(share)}"))


def row(site: Site, table: str, code: str) -> dict[str, Any]:
    with connections.admin(site.database) as conn:
        text = f"SELECT to_jsonb(t) FROM app.{table} AS t WHERE code = %s"
        found = conn.execute(text, [code]).fetchone()
    assert found is not None
    return dict(found[0])


def toast(page: Page) -> Locator:
    return page.locator(".toast")


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def test_a_bridge_over_the_river_brings_a_house_near(planner: Page, site: Site) -> None:
    before = figures(site)
    planner.keyboard.press("r")
    expect(planner.locator(".work")).to_contain_text("从路上起")
    press(planner, 600, 2)
    expect(planner.locator(".work")).to_contain_text("接到 south")
    hover(planner, 600, 379)
    expect(planner.locator(".joint")).to_have_text("接到 north")
    press(planner, 600, 379, twice=True)
    expect(planner.locator("#edit h1")).to_contain_text("未保存")
    expect(planner.get_by_label("桥：从下面的路和水上方过")).to_be_checked()
    planner.locator("input[name=name]").fill("新桥")
    planner.keyboard.press("Enter")
    expect(toast(planner)).to_contain_text("新桥已画上")
    after = figures(site)
    gained = after["households_covered"] - before["households_covered"]
    assert gained == 40
    expect(toast(planner)).to_contain_text(f"+{gained} 户")
    expect(planner.locator(".crossed .row")).to_have_count(1)
    expect(planner.locator(".effect")).to_contain_text(
        f"{before['households_covered']} → {after['households_covered']} 户"
    )
    expect_people(planner, after)
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销“新桥已画上”：−40 户")
    expect_people(planner, before)
    assert figures(site) == before
    planner.keyboard.press("Control+Shift+z")
    expect(toast(planner)).to_contain_text("已重做“新桥已画上”：+40 户")
    toast(planner).get_by_role("button", name="撤销").click()
    expect(toast(planner)).to_contain_text("−40 户")
    assert figures(site) == before


def test_a_station_is_moved_by_hand_and_by_keys(planner: Page, site: Site) -> None:
    start, before = row(site, "station", "Q"), covered(site)
    grip = planner.locator(".grip-at")
    x, y = spot(planner, 700, -10)
    planner.mouse.move(x, y)
    planner.mouse.down()
    for share in (0.3, 0.7, 1.0):
        planner.mouse.move(x - 180 * share, y - 10 * share)
    planner.mouse.up()
    expect(toast(planner)).to_have_text(re.compile("^东站已移动"))
    assert row(site, "station", "Q")["geom"] != start["geom"]
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销“东站已移动”")
    assert row(site, "station", "Q")["geom"] == start["geom"]
    grip.focus()
    planner.keyboard.press("ArrowRight")
    planner.keyboard.press("Escape")
    expect(planner.locator("#edit h1")).to_contain_text("东站")
    grip.focus()
    planner.keyboard.press("Shift+ArrowLeft")
    planner.keyboard.press("ArrowLeft")
    planner.keyboard.press("Enter")
    expect(toast(planner)).to_have_text(re.compile("^东站已移动"))
    lon, lat = row(site, "station", "Q")["geom"]["coordinates"]
    moved = town.PLANE.forward(lon, lat)
    assert moved == (pytest.approx(645, abs=0.1), pytest.approx(-10, abs=0.1))
    toast(planner).get_by_role("button", name="撤销").click()
    expect(toast(planner)).to_contain_text("已撤销“东站已移动”")
    assert row(site, "station", "Q")["geom"] == start["geom"] and covered(site) == before


def test_hours_past_midnight_and_of_holidays(planner: Page, site: Site) -> None:
    mend(planner, f"&sel=station:{row(site, 'station', 'P')['id']}")
    first = planner.get_by_label("每天 几点开")
    first.fill("18:00")
    first.press("Tab")
    planner.get_by_label("每天 几点关").fill("18:00")
    planner.get_by_label("每天 几点关").press("Tab")
    expect(planner.locator(".hours-row .field-fault")).to_contain_text("开和关是同一时刻")
    planner.get_by_label("每天 几点关").fill("2:00")
    planner.get_by_label("每天 几点关").press("Tab")
    expect(planner.locator(".span .chip")).to_have_text("次日")
    planner.get_by_label("节假日另定").check()
    expect(planner.locator(".expert code")).to_have_text("Mo-Su 18:00-02:00; PH off")
    planner.get_by_role("button", name="党务服务").click()
    planner.locator("input[name=capacity]").fill("120")
    save(planner)
    expect(toast(planner)).to_contain_text("P驿站已改")
    stored = row(site, "station", "P")
    assert stored["hours"] == "Mo-Su 18:00-02:00; PH off"
    assert (stored["services"], stored["capacity"]) == ([], 120)
    planner.keyboard.press("Escape")
    expect(planner).not_to_have_url(re.compile("edit="))
    planner.goto(f"{PATH}?at=2026-11-24T01:30&sel=station:{stored['id']}")
    expect(planner.locator("#thing")).to_contain_text("开到 02:00")
    expect(planner.locator("#thing")).to_contain_text("18:00–次日 02:00")
    mend(planner, f"&sel=station:{stored['id']}")
    planner.locator("input[name=capacity]").fill("")
    save(planner)
    expect(toast(planner)).to_contain_text("P驿站已改")
    assert row(site, "station", "P")["capacity"] is None
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销")


def test_a_gate_shut_cuts_a_house_off_and_is_opened_again(planner: Page, site: Site) -> None:
    before = covered(site)
    press(planner, 350, 20)
    expect(planner.locator("#edit h1")).to_contain_text("南门")
    planner.get_by_label("每天是否开放").select_option("off")
    save(planner)
    expect(toast(planner)).to_contain_text("南门已改：−60 户")
    assert row(site, "gate", "G")["hours"] == "off" and covered(site) == before - 60
    expect(planner.locator(".crossed")).to_contain_text("→ 走不到")
    first = planner.locator(".edits .change").first
    expect(first).to_contain_text("南门已改")
    expect(first).to_contain_text("planner")
    first.get_by_role("button", name="撤销").click()
    expect(toast(planner)).to_contain_text("+60 户")
    assert row(site, "gate", "G")["hours"] == "Mo-Su 06:00-22:00" and covered(site) == before


def test_a_building_demolished_and_one_drawn(planner: Page, site: Site) -> None:
    before = figures(site)
    press(planner, 200, 15)
    expect(planner.locator("#edit")).to_contain_text("100 平方米")
    planner.get_by_role("button", name="登记为已拆除").click()
    expect(toast(planner)).to_contain_text("a已撤下：−100 户")
    assert figures(site)["households"] == before["households"] - 100
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("+100 户")
    assert figures(site) == before
    planner.keyboard.press("b")
    for x, y in ((500, 60), (530, 60), (500, 80)):
        press(planner, x, y)
    hover(planner, 530, 85)
    expect(planner.locator(".work")).to_contain_text("自相交")
    planner.keyboard.press("Backspace")
    press(planner, 530, 80)
    press(planner, 500, 80, twice=True)
    planner.locator("input[name=households]").fill("-3")
    save(planner)
    expect(planner.locator("#edit .trouble")).to_contain_text("不小于 0")
    planner.locator("input[name=households]").fill("12")
    save(planner)
    expect(toast(planner)).to_contain_text("楼栋已画上：+12 户")
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("−12 户")
    assert figures(site) == before


def test_a_compound_with_its_wall_is_one_deed(planner: Page, site: Site) -> None:
    before = figures(site)
    planner.keyboard.press("c")
    for x, y in ((580, 5), (640, 5), (640, 40)):
        press(planner, x, y)
    press(planner, 580, 40, twice=True)
    planner.locator("input[name=name]").fill("新苑")
    expect(planner.get_by_label("四周砌围墙")).to_be_checked()
    save(planner)
    expect(toast(planner)).to_contain_text("新苑已画上")
    with connections.admin(site.database) as conn:
        walls = "SELECT count(*) FROM app.barrier WHERE period @> now()"
        assert conn.execute(walls).fetchone() == (2,)
        planner.keyboard.press("Control+z")
        expect(toast(planner)).to_contain_text("已撤销“新苑已画上”")
        assert conn.execute(walls).fetchone() == (1,)
    assert figures(site) == before


def test_a_footpath_is_drawn_by_keys_alone(planner: Page) -> None:
    planner.keyboard.press("p")
    for key in (
        "ArrowRight",
        "Space",
        "Shift+ArrowRight",
        "Space",
        "ArrowUp",
        "Space",
        "Backspace",
        "Enter",
    ):
        planner.keyboard.press(key)
    expect(planner.locator("#edit")).to_contain_text("50 米")
    expect(planner.locator("input[name=name]")).to_be_focused()
    planner.keyboard.press("Enter")
    expect(toast(planner)).to_contain_text("步行道已画上：覆盖不变")
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销“步行道已画上”")


def test_what_cannot_stand_there_is_told_with_its_place(planner: Page) -> None:
    planner.keyboard.press("s")
    press(planner, 300, 200)
    planner.locator("input[name=name]").fill("水上驿站")
    save(planner)
    expect(planner.locator("#edit .trouble")).to_contain_text("小河")
    expect(planner.locator(".fault-mark")).to_be_visible()
    planner.get_by_role("button", name="放弃").click()
    planner.keyboard.press("g")
    press(planner, 600, 100)
    expect(planner.locator(".work")).to_contain_text("附近没有路")


def test_two_people_change_one_station(planner: Page, site: Site, sign_in: SignIn) -> None:
    one = row(site, "station", "Q")
    mend(planner, f"&sel=station:{one['id']}")
    planner.locator("input[name=name]").fill("我的东站")
    theirs = mend(sign_in("other"), f"&sel=station:{one['id']}")
    theirs.locator("input[name=name]").fill("别人的东站")
    save(theirs)
    expect(toast(theirs)).to_contain_text("别人的东站已改")
    save(planner)
    both = planner.locator("table.both")
    expect(planner.locator("#edit .trouble")).to_contain_text("另一位")
    expect(both).to_contain_text("别人的东站")
    expect(both).to_contain_text("我的东站")
    planner.get_by_role("button", name="用我的").click()
    expect(toast(planner)).to_contain_text("我的东站已改")
    assert row(site, "station", "Q")["name"] == "我的东站"
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销")
    assert row(site, "station", "Q")["name"] == "别人的东站"
    theirs.keyboard.press("Control+z")
    expect(toast(theirs)).to_contain_text("刚改过")
    with connections.admin(site.database) as conn:
        conn.execute("UPDATE app.station SET name = '东站' WHERE code = 'Q'")


def test_what_was_drawn_outlives_the_session(planner: Page) -> None:
    planner.keyboard.press("w")
    press(planner, 420, 20)
    press(planner, 420, 60)
    planner.context.clear_cookies()
    planner.reload()
    planner.locator("input[name=login]").fill("planner")
    planner.locator("input[name=password]").fill(PASSWORD)
    planner.keyboard.press("Enter")
    expect(planner.locator(".left-over")).to_contain_text("障碍（2 个点）")
    planner.get_by_role("button", name="接着画").click()
    planner.keyboard.press("Enter")
    expect(planner.locator("#edit")).to_contain_text("40 米")
    planner.route("**/api/**", lambda route: route.abort())
    save(planner)
    expect(planner.locator("#edit .trouble")).to_be_visible()
    planner.unroute("**/api/**")
    planner.get_by_role("button", name="再试一次").click()
    expect(toast(planner)).to_contain_text("围墙已画上")
    planner.keyboard.press("Control+z")
    expect(toast(planner)).to_contain_text("已撤销“围墙已画上”")


def test_who_may_not_mend_sees_no_tool(page: Page) -> None:
    expect(page.get_by_role("button", name="修图")).to_have_count(0)
    page.keyboard.press("e")
    page.goto(f"{PATH}?edit=1")
    expect(page.locator(".figure .value").first).not_to_be_empty()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    expect(page.locator("#edit")).to_have_count(0)


def test_who_plans_a_part_has_the_tools_of_it(sign_in: SignIn) -> None:
    page = mend(sign_in("west"))
    tools = page.get_by_role("toolbar").get_by_role("button")
    expect(tools).to_have_text(
        [re.compile(one) for one in ("选择", "驿站", "楼栋", "小区", "结束")]
    )
    press(page, 600, 15)
    expect(page.locator("#edit h1")).to_have_count(0)
    press(page, 200, 15)
    expect(page.locator("#edit h1")).to_contain_text("a")
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="修图")).to_be_visible()
