"""The field page on a phone: found, refused, tapped, handed over; small, dark, in the sun."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from conftest import PASSWORD, Open, Seen
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests import town

CODE = town.HOME.code
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
         "device_scale_factor": 2}  # fmt: skip
Phone = Callable[..., Page]


def at(x: float, y: float, accuracy: float = 29) -> dict[str, float]:
    lon, lat = town.PLANE.inverse(np.array([x]), np.array([y]))
    return {"longitude": float(lon[0]), "latitude": float(lat[0]), "accuracy": accuracy}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Monday, ten past five: P is open until six, Q always."""
    now = datetime(2026, 11, 23, 17, 10)
    monkeypatch.setattr("web.api.field.clock", lambda zone: now.replace(tzinfo=ZoneInfo(zone)))


@pytest.fixture
def phone(contexts: tuple[Open, Seen]) -> Iterator[Phone]:
    """Yield what opens the page on a phone that is somewhere, or does not say where."""

    def enter(where: dict[str, float] | None, script: str = "", **more: Any) -> Page:
        if where:
            more |= {"geolocation": where, "permissions": ["geolocation"]}
        context: BrowserContext = contexts[0](**{**PHONE, **more})
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto("/field")
        page.locator("input[name=login]").fill("field")
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/field")
        return page

    yield enter
    assert contexts[1].complaints == []
    assert len(contexts[1].hosts) == 1


def first(page: Page) -> Any:
    return page.locator(".nearest")


def mapped(page: Page) -> None:
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)


def test_nearest_station_from_where_one_is(phone: Phone) -> None:
    page = phone(at(300, 3))
    expect(first(page).locator("h1")).to_have_text("P驿站")
    expect(first(page).locator(".facts")).to_have_text("south · 开到 18:00")
    expect(first(page).locator(".walk")).to_have_text(re.compile("4分步行 21[34] 米"))
    expect(page.locator(".others .row")).to_have_count(1)
    expect(page.locator(".others .row")).to_contain_text("东站全天开放")
    expect(page.locator("#from")).to_have_text("从我这里 ±29 米 · 17:10")
    expect(page.locator(".standing")).to_contain_text("您在（误差 ±29 米）")
    expect(page.locator(".grid")).to_have_text(["双河 01 网格员空缺，找双河社区"])
    mapped(page)
    expect(page.locator("path.mark-way")).to_have_count(2)
    expect(page.locator("path.mark-error")).to_have_count(1)


def test_another_station_is_shown_by_a_press(phone: Phone) -> None:
    page = phone(at(300, 3))
    page.locator(".others .row").click()
    expect(first(page).locator("h1")).to_have_text("东站")
    expect(page.locator(".others .row")).to_contain_text("P驿站")


def test_near_an_edge_both_grids_are_named(phone: Phone) -> None:
    page = phone(at(398, 3))
    expect(page.locator(".standing h2")).to_have_text("您在（误差 ±29 米，靠近边界）")
    expect(page.locator(".grid b")).to_have_count(2)
    expect(page.locator(".grid").nth(1)).to_contain_text("不在您负责的范围")
    expect(page.locator("img")).to_have_count(0)  # a name that looks like a tag is text


def test_what_is_nearer_but_shut_is_said(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 11, 23, 19, 34)
    monkeypatch.setattr("web.api.field.clock", lambda zone: late.replace(tzinfo=ZoneInfo(zone)))
    page = phone(at(300, 3))
    expect(first(page).locator("h1")).to_have_text("东站")
    expect(page.locator(".nearer")).to_have_text("P驿站更近（4 分），18:00 已关")
    page.locator('[data-key="open"]').click()
    expect(first(page).locator("h1")).to_have_text("P驿站")


def test_service_is_asked_for(phone: Phone) -> None:
    page = phone(at(300, 3))
    page.locator('[data-key="service"]').click()
    page.get_by_role("menuitemradio", name="图书角").click()
    expect(first(page).locator("h1")).to_have_text("东站")
    expect(page.locator('[data-key="service"]')).to_have_text("图书角")


def test_handed_over_to_the_apps_of_the_phone(phone: Phone) -> None:
    page = phone(at(300, 3))
    page.get_by_role("button", name="带我去").click()
    links = page.locator(".go a")
    expect(links).to_have_text(["高德地图", "百度地图", "手机里的其他地图"])
    starts = [links.nth(k).get_attribute("href") or "" for k in range(3)]
    hosts = ["https://uri.amap.com/", "https://api.map.baidu.com/", "geo:"]
    assert all(one.startswith(host) for one, host in zip(starts, hosts, strict=True))


def test_refused_one_taps_where_one_is(phone: Phone) -> None:
    page = phone(None)
    expect(page.get_by_role("alert")).to_contain_text("手机没有给出位置")
    mapped(page)
    page.locator("#map").tap(position={"x": 150, "y": 200})
    expect(page.locator("#from")).to_contain_text("从地图上的点")
    expect(first(page).locator("h1")).to_be_visible()
    expect(page.locator(".standing h2")).to_have_text("那里是")
    expect(page.locator("path.mark-error")).to_have_count(0)


def test_the_middle_of_the_map_needs_no_finger_on_it(phone: Phone) -> None:
    page = phone(at(300, 3))
    mapped(page)
    page.locator('[data-key="from"]').click()
    page.get_by_role("menuitemradio", name="在地图上点").click()
    page.locator('[data-key="centre"]').click()
    expect(page.locator("#from")).to_contain_text("从地图上的点")


def test_plain_http_says_why(phone: Phone) -> None:
    hide = "Object.defineProperty(window, 'isSecureContext', {value: false})"
    page = phone(at(300, 3), hide)
    expect(page.get_by_role("alert")).to_contain_text("不是 https")
    expect(page.get_by_role("alert").get_by_role("button")).to_have_count(0)
    mapped(page)
    page.locator("#map").tap(position={"x": 150, "y": 200})
    expect(page.locator("#from")).to_contain_text("从地图上的点")


def test_start_from_what_is_searched(phone: Phone) -> None:
    page = phone(None)
    page.get_by_role("combobox").fill("怡景")
    page.get_by_role("option").first.click()
    expect(page.locator("#from")).to_contain_text("从怡景花园5号楼")
    expect(first(page).locator("h1")).to_have_text("P驿站")


def test_outside_says_so_and_lets_one_tap(phone: Phone) -> None:
    page = phone(at(-9020, 0))
    expect(page.get_by_role("alert")).to_contain_text("这里在小镇以外 9.0 公里。")
    page.get_by_role("alert").get_by_role("button", name="在地图上点").click()
    expect(page.locator("#from")).to_have_text("在地图上点一下您在哪里。")


def test_position_goes_into_one_question_and_nowhere_else(phone: Phone) -> None:
    sent: list[Request] = []
    where = at(300, 3)
    page = phone(None)
    page.context.on("request", sent.append)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(where)  # type: ignore[arg-type]
    page.reload()
    expect(first(page).locator("h1")).to_be_visible()
    mapped(page)
    found = [one for one in sent if f"{where['longitude']:.4f}" in f"{one.url}{one.post_data}"]
    assert [(one.method, one.url.partition("/api/")[2]) for one in found] == [
        ("POST", f"{CODE}/field")
    ]
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert re.search(r"115\.|35\.", kept) is None
    assert "115." not in page.url


@pytest.mark.parametrize("more", [{"color_scheme": "dark"}, {"reduced_motion": "reduce"}])
def test_dark_and_still(phone: Phone, more: dict[str, str]) -> None:
    page = phone(at(300, 3), **more)
    expect(first(page).locator("h1")).to_have_text("P驿站")
    theme = "dark" if "color_scheme" in more else "light"
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    mapped(page)


def test_in_the_sun_there_is_ink_alone(phone: Phone) -> None:
    page = phone(at(300, 3), color_scheme="dark")
    expect(first(page).locator("h1")).to_be_visible()
    page.locator("#sun").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    colours = page.evaluate(
        """() => ["h1", ".nearest .facts", ".standing", ".take", ".grid b"].flatMap((one) => {
             const {color, backgroundColor} = getComputedStyle(document.querySelector(one));
             return [color, backgroundColor]; })"""
    )
    assert {*colours} <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    page.reload()
    expect(page.locator("#sun")).to_have_attribute("aria-pressed", "true")


def test_in_english(phone: Phone) -> None:
    page = phone(at(300, 3))
    page.goto("/field?lang=en")
    expect(page.locator("#from")).to_have_text("From here ±29 m · 17:10")
    expect(first(page)).to_contain_text("Open until 18:00")
    expect(page.locator("body")).not_to_contain_text(re.compile(r"field\.[a-z]"))


def test_targets_are_large_enough_for_a_thumb(phone: Phone) -> None:
    page = phone(at(300, 3))
    expect(first(page).locator("h1")).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input")].filter((one) => {
             if (one.closest(".skip, [popover]:not(:popover-open)")) return false;
             const {width, height} = (one.closest("label") ?? one).getBoundingClientRect();
             return width && (height < 44 || width < 44); }).map((one) => one.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_answer_is_there_before_the_map_is_asked_for(phone: Phone) -> None:
    page = phone(at(300, 3))
    asked: list[str] = []
    page.context.on("request", lambda one: asked.append(one.url))
    page.route("**/leaflet.js", lambda route: route.abort())
    page.reload()
    expect(first(page).locator("h1")).to_have_text("P驿站")
    names = [url.rpartition("/")[2] for url in asked]
    assert names.index("leaflet.js") > max(k for k, url in enumerate(asked) if "/api/" in url)
