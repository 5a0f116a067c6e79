"""The page of assignments: a grid gets its member by keys and by hand, and loses him by undo."""

import re
from collections.abc import Iterator

import pytest
from conftest import GRID, NASTY, Seen, SignIn, Site
from playwright.sync_api import Locator, Page, expect

from gis import assignment, members, serving
from gis.members import Draft
from sql import database as connections
from tests import town

CODE = town.HOME.code
PATH = f"/{CODE}/assignment"


@pytest.fixture
def staffed(site: Site) -> Iterator[dict[str, int]]:
    """Yield the members by name; who serves is taken away afterwards."""
    with connections.admin(site.database) as conn:
        home = dict(conn.execute("SELECT code, id FROM app.building").fetchall())
        drafts = [
            Draft("赵甲", ["grid_member"], town.COMMUNITY, ["会手语"], home["b"]),
            Draft("李丁", ["volunteer", "grid_member"], town.COMMUNITY, [], home["a"]),
            Draft(NASTY[:60], ["grid_member"], town.COMMUNITY, [NASTY[:60]]),
        ]
        made = {one.name: members.add(conn, CODE, one).id for one in drafts}
    yield made
    with connections.admin(site.database) as conn:
        conn.execute("DELETE FROM app.member")


@pytest.fixture
def planner(staffed: dict[str, int], sign_in: SignIn, seen: Seen) -> Iterator[Page]:
    """Yield the page with the first grid chosen; it must neither complain nor ask elsewhere."""
    page = sign_in("planner", to=f"{PATH}?sel=grid:{GRID}")
    expect(page.locator(".card")).to_have_count(3)
    yield page
    assert [one for one in seen.complaints if "409" not in one] == []
    assert len(seen.hosts) == 1


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has=page.locator("b", has_text=re.compile(f"^{name}$")))


def held(site: Site) -> list[str]:
    """Return the names of grid members as the database has them."""
    with connections.admin(site.database) as conn:
        rows = conn.execute(
            """SELECT m.name FROM app.assignment AS a JOIN app.member AS m ON m.id = a.member
                WHERE a.role = 'grid_member' AND a.period @> now() ORDER BY 1"""
        )
        return [name for (name,) in rows]


def test_a_post_is_filled_by_keys_and_undone(planner: Page, site: Site) -> None:
    expect(planner.locator(".role-count")).to_have_text("2 格 · 缺 2")
    expect(planner.locator(".hole-card")).to_contain_text("网格员")
    expect(card(planner, "李丁")).to_contain_text("就住在这里")
    expect(card(planner, "李丁")).to_contain_text("0 → 180 户")
    card(planner, "李丁").get_by_role("button", name="任命").focus()
    planner.keyboard.press("Enter")
    expect(planner.locator(".role-count")).to_have_text("2 格 · 缺 1")
    expect(planner.locator(".hole-card")).to_have_count(0)
    assert held(site) == ["李丁"]
    planner.keyboard.press("Control+z")
    expect(planner.locator(".role-count")).to_have_text("2 格 · 缺 2")
    assert held(site) == []
    expect(planner.locator(".change")).to_have_count(2)
    planner.locator(".change").first.get_by_role("button", name="撤销").click()
    expect(planner.locator(".role-count")).to_have_text("2 格 · 缺 1")
    assert held(site) == ["李丁"]


def test_a_card_is_dropped_on_a_grid(planner: Page, site: Site) -> None:
    expect(planner.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)
    planner.wait_for_timeout(1000)  # the map flies to the grid
    start = card(planner, "赵甲").locator("b").first.bounding_box()
    room = planner.locator("#map").bounding_box()
    assert start and room
    planner.mouse.move(start["x"] + 5, start["y"] + 5)
    planner.mouse.down()
    for share in (0.5, 0.6, 0.64):
        planner.mouse.move(room["x"] + room["width"] * share, room["y"] + room["height"] * 0.55)
    expect(planner.locator(".bubble")).to_contain_text("松手：任")
    expect(planner.locator(".bubble")).to_contain_text("0 → 180 户")
    planner.mouse.up()
    expect(planner.locator(".toast")).to_contain_text("赵甲 已任双河 01 网格员")
    assert held(site) == ["赵甲"]


def test_a_stale_form_shows_both(planner: Page, site: Site, staffed: dict[str, int]) -> None:
    card(planner, "李丁").get_by_role("button", name="任命").focus()
    planner.keyboard.press("Enter")
    row = planner.locator('[data-key^="serving:"]')
    row.click()
    planner.locator("input[name=until]").fill("2030-12-31")
    with connections.admin(site.database) as conn:
        [one] = serving_now(conn)
        assignment.change(conn, CODE, one.id, one.version, note="先改")
    planner.get_by_role("button", name="保存").click()
    expect(planner.locator(".amend .trouble")).to_contain_text("刚改过")
    expect(planner.locator(".both")).to_contain_text("2030-12-31")
    planner.get_by_role("button", name="用您填的").click()
    expect(row).to_contain_text("到 2030年12月31日")


def serving_now(conn: connections.Conn) -> list[serving.Serving]:
    planner = conn.execute("SELECT id FROM app.account WHERE login = 'planner'").fetchone()
    assert planner is not None
    conn.execute("SELECT set_config('app.actor', %s, true)", [str(planner[0])])
    return serving.serving(conn, CODE, [serving.target(conn, CODE, "area", GRID)])


def test_names_are_text(planner: Page) -> None:
    expect(planner.locator(".card", has_text="onerror")).to_contain_text(NASTY[:30])
    planner.keyboard.press("Escape")
    expect(planner.locator("#list .row")).to_have_count(2)
    expect(planner.locator("#list")).to_contain_text(NASTY)


def test_who_does_not_assign_has_no_such_page(sign_in: SignIn) -> None:
    page = sign_in("official", to=PATH)
    expect(page).to_have_url(re.compile(f"/{CODE}/coverage"))
    expect(page.locator(".tabs a")).to_have_text(["覆盖"])
