"""Another background under the map: chosen, seen, and done without where it cannot be had."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Seen, SignIn, Site
from playwright.sync_api import Page, expect

from gis import basemaps
from sql import database as connections
from tests import town

CODE = town.HOME.code
DRAWN = """() => document.querySelector('.map').view.ground.gl.getStyle().layers
  .filter((one) => one.type === 'raster').map((one) => one.id)"""


@pytest.fixture
def other(site: Site) -> Iterator[int]:
    """A server of tiles that the district has switched on; afterwards our own ground again."""
    script = [sys.executable, str(Path(__file__).parents[1] / "tileserver.py")]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            yield port
        finally:
            process.terminate()
            with connections.admin(site.database) as conn:
                basemaps.off(conn, CODE)


def switch_on(site: Site, port: int, mode: str) -> None:
    addresses = {"vec": f"http://127.0.0.1:{port}/{mode}/{{z}}/{{x}}/{{y}}"}
    with connections.admin(site.database) as conn:
        basemaps.use_tiles(conn, CODE, addresses, "gcj02")


def choose(page: Page, label: str) -> None:
    page.get_by_role("button", name="图层").click()
    page.get_by_role("menuitemradio", name=label).click()


def test_a_background_is_chosen_and_done_without(
    site: Site, sign_in: SignIn, seen: Seen, other: int
) -> None:
    page = sign_in(webgl=True)
    expect(page.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)
    expect(page.locator("#layers")).to_have_count(0)  # nothing is switched on

    switch_on(site, other, "gcj02")
    page.reload()
    expect(page.locator("#layers")).to_be_visible(timeout=60_000)
    with page.expect_response(lambda one: "/basemap/vec/" in one.url) as got:
        choose(page, "地图")
    assert got.value.status == 200 and "layers=vec" in page.url
    assert page.evaluate(DRAWN) == ["basemap-vec"]
    expect(page.locator("#credit")).to_be_visible()
    choose(page, "自己的背景")
    assert page.evaluate(DRAWN) == [] and "layers=" not in page.url
    expect(page.locator("#credit")).to_be_hidden()
    assert seen.complaints == [] and len(seen.hosts) == 1

    switch_on(site, other, "broken")
    page.reload()
    expect(page.locator("#layers")).to_be_visible(timeout=60_000)
    choose(page, "地图")
    expect(page.locator("#toast")).to_contain_text("先用自己的背景")
    told = [one for one in seen.complaints if "502" not in one]  # the browser's own word for it
    assert told == [] and len(seen.hosts) == 1
