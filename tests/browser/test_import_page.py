"""The page of imports: a file is seen before it is stored, matched by hand, confirmed, undone."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import NASTY, Seen, SignIn, Site
from playwright.sync_api import Error, Locator, Page, expect

from sql import database as connections
from tests import files, town
from tests.test_exchange import along, in_datum

CODE = town.HOME.code
PATH = f"/{CODE}/imports"


@pytest.fixture
def planner(sign_in: SignIn, seen: Seen, site: Site) -> Iterator[Page]:
    """Yield the page; it must neither complain nor ask elsewhere, and leaves the town as it was."""
    before = buildings(site)
    yield sign_in("planner", to=PATH)
    assert [one for one in seen.complaints if "status of 4" not in one] == []
    assert len(seen.hosts) == 1
    assert buildings(site) == before


def buildings(site: Site) -> list[tuple[Any, ...]]:
    with connections.admin(site.database) as conn:
        return conn.execute(
            'SELECT code, name, households FROM app.building ORDER BY code COLLATE "C"'
        ).fetchall()


def houses(path: Path) -> Path:
    """Two new houses, one that is known with other households, one with a fault; in GBK."""
    places = [(120, 300), (160, 300), (195, 10), (240, 300)]
    shape = [town.box(x, y, x + 10, y + 10) for x, y in places]
    columns = {"编号": ["N1", "N2", "a", "N3"], "名称": ["新1号", NASTY[:20], "a", "新3号"],
               "户数": ["12", "8", "130", "很多"]}  # fmt: skip
    return files.shapefile(path, shape, columns)


def choose(page: Page, kind: str, datum: str | None, file: Path) -> None:
    page.locator(".choices label", has_text=kind).click()
    if datum:
        page.locator(".datum", has_text=datum).click()
    page.locator("#file").set_input_files(file)


def counts(page: Page) -> Locator:
    return page.locator(".state b")


def test_a_file_is_seen_brought_in_and_taken_back(
    planner: Page, site: Site, tmp_path: Path
) -> None:
    before = buildings(site)
    choose(planner, "楼栋", "WGS 84", houses(tmp_path / "楼栋.zip"))
    expect(counts(planner)).to_have_text(["2", "1", "0", "1"])
    expect(planner.locator(".understood")).to_contain_text("自动：GBK")
    rows = planner.locator(".rows4 tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text(NASTY[:20])  # as text
    expect(rows.nth(2)).to_contain_text("100 → 130")
    assert buildings(site) == before  # nothing is stored yet
    planner.locator(".state", has_text="有误").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("户数：很多 不是数。只填数字。")
    expect(planner.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)
    planner.keyboard.press("Escape")
    expect(rows).to_have_count(4)
    press_on_map(planner, 125, 305)  # the map leads to the row
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    rows.nth(0).press("ArrowDown")
    planner.keyboard.press("Enter")  # and the row to the map
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    planner.get_by_role("button", name="确认导入 3 行").click()
    expect(planner.locator(".done h2")).to_have_text("楼栋.zip 已导入")
    expect(planner.locator(".effect tbody tr", has_text="户数")).to_contain_text("320")
    assert len(buildings(site)) == len(before) + 2
    with planner.expect_download() as coming:
        planner.locator(".mend a", has_text="CSV").click()
    with Path(coming.value.path()).open(encoding="utf-8-sig", newline="") as file:
        heads, row = csv.reader(file)
    assert heads[:5] == ["行", "原因", "编号", "名称", "户数"] and row[2:5] == [
        "N3",
        "新3号",
        "很多",
    ]
    planner.get_by_role("button", name="撤销整次导入").click()
    expect(planner.locator(".toast")).to_contain_text("整次导入已撤销")
    expect(planner.locator(".import").first).to_contain_text("已撤销")
    assert buildings(site) == before


def press_on_map(page: Page, x: float, y: float) -> None:
    """Press where something lies, x and y metres in the town."""
    page.wait_for_timeout(1500)  # the map flies
    point = town.place(town.shapely.Point(x, y))
    at = page.evaluate(
        """([lon, lat]) => { const { map } = document.querySelector(".map").view;
            const { x, y } = map.latLngToContainerPoint([lat, lon]);
            const { left, top } = map.getContainer().getBoundingClientRect();
            return [left + x, top + y]; }""",
        [point.x, point.y],
    )
    page.mouse.click(*at)


def test_columns_are_matched_by_hand_in_english(planner: Page, site: Site, tmp_path: Path) -> None:
    planner.goto(f"{PATH}?lang=en")
    where = town.place(town.shapely.Point(650, -10))
    text = f"what,east,north\nSouth gate,{where.x},{where.y}\n"
    choose(planner, "Stations", None, files.csv(tmp_path / "points.csv", text))
    expect(planner.locator(".datums [role=alert]")).to_contain_text("points.csv is here")
    planner.locator(".datum", has_text="GPS receivers").click()
    expect(planner.locator(".trouble")).to_contain_text("are missing: name, hours, geometry")
    expect(planner.locator("[data-key=confirm]")).to_have_count(0)
    for field, heading in (("name", "what"), ("lon", "east"), ("lat", "north")):
        planner.locator(f"#match-{field}").select_option(label=heading)
        expect(planner.locator(f"#match-{field}")).to_have_value(f"={heading}")
    planner.locator("#match-hours").select_option(label="the same in every row…")
    planner.get_by_label("hours of every row").fill("24/7")
    planner.keyboard.press("Tab")
    expect(counts(planner)).to_have_text(["1", "0", "0", "0"])
    expect(planner.locator(".matching")).not_to_have_attribute("open", "")
    expect(planner.locator(".rows4")).to_contain_text("South gate")
    planner.reload()  # the file and what was said of it wait on the server
    expect(counts(planner)).to_have_text(["1", "0", "0", "0"])
    planner.get_by_role("button", name="Import 1 rows").click()
    expect(planner.locator(".effect tbody tr", has_text="Stations")).to_contain_text("3")
    with connections.admin(site.database) as conn:
        conn.execute("UPDATE app.station SET capacity = 7 WHERE name = 'South gate'")
    planner.get_by_role("button", name="Import another").click()
    row = planner.locator(".import").first
    row.get_by_role("button").click()
    expect(row.locator(".trouble")).to_contain_text("changed")  # somebody has edited it since
    with connections.admin(site.database) as conn:
        conn.execute("DELETE FROM app.station WHERE name = 'South gate'")


def test_another_datum_is_told_with_the_shift_and_cured_by_a_button(
    planner: Page, tmp_path: Path
) -> None:
    shape, columns = along(60)
    path = files.features(tmp_path / "高德.gpkg", "GPKG", in_datum(shape, "gcj02"), columns)
    choose(planner, "楼栋", "CGCS2000", path)
    expect(planner.locator(".trouble")).to_contain_text(re.compile(r"错开 \d{3} 米，像是 GCJ-02"))
    planner.get_by_role("button", name="改按 GCJ-02 读").click()
    expect(counts(planner).first).to_have_text("60")
    planner.get_by_role("button", name="换一个文件").click()
    waiting = planner.locator(".waiting li", has_text="高德.gpkg")
    waiting.get_by_role("button", name="放弃").click()
    expect(waiting).to_have_count(0)


def test_what_cannot_be_used_is_told_beside_it_and_a_lost_session_loses_nothing(
    planner: Page, tmp_path: Path
) -> None:
    huge = tmp_path / "两G.geojson"
    with huge.open("wb") as file:
        file.truncate(257 << 20)  # a hole: no disk is used
    sent: list[str] = []
    planner.on("request", lambda one: one.method == "POST" and sent.append(one.url))
    choose(planner, "楼栋", "WGS 84", huge)
    expect(planner.locator(".trouble")).to_contain_text("两G.geojson 有 257 MB，最大 256 MB")
    assert sent == []  # it is not even sent
    broken = tmp_path / "坏.zip"
    broken.write_bytes(b"PK not a zip")
    planner.locator("#file").set_input_files(broken)
    expect(planner.locator(".trouble")).to_contain_text("坏.zip 不是完好的压缩文件")
    planner.keyboard.press("Escape")
    choose(planner, "楼栋", "WGS 84", houses(tmp_path / "楼栋.zip"))
    expect(counts(planner)).to_have_text(["2", "1", "0", "1"])
    planner.context.clear_cookies()
    with suppress(Error):  # the map may ask first, and lead to the form
        planner.evaluate("document.querySelector('[data-key=confirm]').click()")
    planner.wait_for_url("**/login**")
    planner.locator("input[name=login]").fill("planner")
    planner.locator("input[name=password]").fill("three brown birds")
    planner.keyboard.press("Enter")
    expect(counts(planner)).to_have_text(["2", "1", "0", "1"])  # where it was left
    planner.get_by_role("button", name="放弃这个文件").click()
    expect(planner.locator(".drop")).to_be_visible()


def test_who_may_not_bring_in_takes_out_what_he_sees(sign_in: SignIn, seen: Seen) -> None:
    page = sign_in("official", to=f"/{CODE}/coverage")
    page.locator(".who").click()
    page.locator("#account").get_by_role("link", name="导出").click()
    expect(page.locator("h1")).to_have_text("导出")
    expect(page.locator(".drop")).to_have_count(0)
    page.get_by_label("图层").select_option(label="驿站")
    page.get_by_label("格式").select_option(label="CSV")
    page.locator(".out").get_by_label("坐标系").select_option(label="GCJ-02")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载").click()
    assert coming.value.suggested_filename == "小镇-驿站-GCJ02.csv"
    text = Path(coming.value.path()).read_text("utf-8-sig")
    assert "东站" in text and "gcj02" in text
    assert seen.complaints == []
