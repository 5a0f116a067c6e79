"""By keys alone, by touch on a phone, in the other language, in the dark, in large letters."""

import re

import pytest
from conftest import GRID, SignIn
from playwright.sync_api import Page, expect

from tests import town

CODE = town.HOME.code
HOME = f"/{CODE}/coverage"


def test_whole_way_by_keys_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "End"):
        page.keyboard.press(key)
    expect(page.locator(f'[data-code="{GRID}"]')).to_be_focused()
    expect(page.locator(f'[data-code="{GRID}"]')).to_have_attribute("aria-level", "3")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"area={GRID}"))
    for step in (town.COMMUNITY, f"{CODE}001"):
        page.keyboard.press("Escape")
        expect(page).to_have_url(re.compile(f"area={step}(#|$)"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("area="))


def test_conditions_by_keys(page: Page) -> None:
    part = page.locator('[data-key="ask:minutes"]')
    part.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio", name="15 分钟")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("minutes=10"))
    expect(part).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(part).to_be_focused()


def test_bar_of_minutes_is_a_filter(page: Page) -> None:
    first = page.locator(".band").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"\?bands=0"))
    page.reload()
    expect(first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(page).not_to_have_url(re.compile("bands="))


def test_another_page_shows_the_same_area(sign_in: SignIn) -> None:
    page = sign_in("planner", to=f"/{town.HOME.code}/coverage?area={town.COMMUNITY}")
    page.get_by_role("link", name="分配").click()
    expect(page).to_have_url(re.compile(f"assignment.area={town.COMMUNITY}"))


def test_whose_session_has_ended_signs_in_and_goes_on(sign_in: SignIn) -> None:
    page = sign_in()
    page.locator(".tree-row").first.click()
    expect(page).to_have_url(re.compile("area="))
    page.context.clear_cookies()
    page.keyboard.press("/")
    page.keyboard.type("sh")
    expect(page.get_by_text("登录后回到")).to_be_visible()
    expect(page).to_have_url(re.compile("next=.*area"))


def test_search_by_part_initials_and_keys(page: Page) -> None:
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    for asked in ("怡景花园", "花园5", "yjhy"):
        field.fill(asked)
        expect(page.get_by_role("option").first).to_contain_text("怡景花园5号楼")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sel=building:"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("怡景花园5号楼")
    page.keyboard.press("/")
    field.fill("双河 01")
    page.get_by_role("option", name=re.compile("网格")).first.click()
    expect(page).to_have_url(re.compile(f"area={GRID}"))
    page.keyboard.press("/")
    field.fill("没有这样的地方")
    expect(page.locator(".results")).to_contain_text("没有找到“没有这样的地方”")


def test_keys_are_listed(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("搜索")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_language_is_switched_in_place_and_kept(page: Page) -> None:
    page.goto(f"{HOME}?area={GRID}&profile=elderly")
    page.locator("#lang").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".figure .label").first).to_have_text("People covered")
    expect(page.locator("#ask")).to_contain_text("elderly people")
    expect(page).to_have_url(re.compile(f"area={GRID}"))
    page.goto(HOME)
    expect(page.locator(".figure .label").first).to_have_text("People covered")


def test_theme_is_the_systems_until_chosen(sign_in: SignIn) -> None:
    page = sign_in(color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.locator(".who").click()
    page.get_by_role("radio", name="浅色").check()
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_phone_has_a_sheet_that_is_dragged_or_stepped(sign_in: SignIn) -> None:
    page = sign_in(**PHONE)
    panel, handle = page.locator("#panel"), page.locator("#handle")
    expect(panel).to_have_attribute("data-sheet", "half")
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(195, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(195, 120, steps=5)
    page.mouse.up()
    expect(panel).to_have_attribute("data-sheet", "full")
    handle.focus()
    page.keyboard.press("Home")
    expect(panel).to_have_attribute("data-sheet", "peek")
    page.wait_for_timeout(400)
    low = panel.bounding_box()
    assert low is not None and low["height"] == 96
    handle.tap()
    expect(panel).to_have_attribute("data-sheet", "half")


def test_phone_has_room_for_fingers(sign_in: SignIn) -> None:
    page = sign_in(**PHONE)
    page.locator(".tree-row").first.tap()
    expect(page).to_have_url(re.compile("area="))
    asked = ".band, .tree-row, .tabs a, .who, .crumb, .tools button, .back, summary, .search-box"
    shown = [one for one in page.locator(asked).all() if one.is_visible()]  # a tab alone is not
    assert len(shown) > 8
    for one in shown:
        box = one.bounding_box()
        assert box is not None and box["height"] >= 39.5, one.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_letters_of_twice_the_size_hide_nothing(sign_in: SignIn, size: tuple[int, int]) -> None:
    page = sign_in(viewport={"width": size[0], "height": size[1]})
    page.add_style_tag(content="html { font-size: 200% }")
    for part in ("#panel", "#scroll", "html"):
        wide = f"document.querySelector('{part}').scrollWidth"
        room = f"document.querySelector('{part}').clientWidth"
        assert page.evaluate(wide) <= page.evaluate(room), part


def test_without_webgl_figures_and_lists_still_work(page: Page) -> None:
    page.locator("#stations summary").click()
    page.locator("#stations .row").first.click()
    expect(page.locator("#thing h1")).to_be_visible()


def test_controls_have_names_and_fields_labels(page: Page) -> None:
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, [role=treeitem], [role=slider]')]
            .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim()
                || one.labels?.length || one.type === 'hidden'))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
