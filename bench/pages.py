"""The coverage page as people meet it: how soon it is there, how soon a press shows a way.

A browser without a graphics card signs in as an official of the whole district; another account,
with rights on one subdistrict, asks for tiles: drawn anew, as they are kept, and unchanged.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import served
from bench.served import Client, Load, Server
from bench.tiles import forget, people, tile_of
from sql import database
from sql.database import Conn, Database

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--enable-unsafe-swiftshader", "--use-gl=angle", "--use-angle=swiftshader",
)  # fmt: skip
SIZE = {"width": 1440, "height": 900}
OPENED, PRESSED, ZOOMS, TILES = 5, 20, (12, 13, 14, 15, 16), 40
AGAIN, PAUSE_MS, PATIENCE_S = 10, 1500, 60
PLACES = """
SELECT ST_X(b.place), ST_Y(b.place) FROM app.building AS b
  JOIN app.area_version AS v ON v.district = b.district AND ST_Covers(v.geom, b.place)
 WHERE b.district = %(code)s AND v.period @> now() AND v.area = (
       SELECT id FROM app.area WHERE district = %(code)s AND level = 'subdistrict'
        ORDER BY code LIMIT 1)
 ORDER BY b.code
"""


@dataclass(frozen=True)
class Result:
    """How long one thing takes: median, 95th of a hundred, and at most, of so many times [ms]."""

    work: str
    times: int
    p50_ms: float
    p95_ms: float
    most_ms: float


def run(to: Database, district: str | None = None, as_json: bool = False) -> list[Result]:
    """Measure, print and return the results; ``district`` None means the first there is."""
    results = []
    with (
        database.admin(to, autocommit=True) as conn,
        people(conn, district) as (code, ids),
        served.ours(to, ids) as (own, cookies),
    ):
        for result in _all(conn, code, own, cookies):
            results.append(result)
            print(line(result), file=sys.stderr if as_json else sys.stdout, flush=True)
    if as_json:
        print(json.dumps({"results": [asdict(result) for result in results]}, indent=1))
    return results


def line(result: Result) -> str:
    """Return one row of the table."""
    return (
        f"{result.work:<28} {result.times:>4} times  median {result.p50_ms:>7.1f} ms"
        f"  p95 {result.p95_ms:>7.1f} ms  at most {result.most_ms:>7.1f} ms"
    )


def _result(work: str, took_ms: Sequence[float]) -> Result:
    ranked = sorted(took_ms)
    late = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return Result(work, len(ranked), statistics.median(ranked), late, ranked[-1])


def _all(conn: Conn, code: str, own: Server, cookies: Sequence[str]) -> Iterator[Result]:
    with _browser(own, cookies[0]) as page:
        yield from _opening(page, code)
        yield from _pressing(page, code)
    yield from _tiles(conn, code, own, cookies[1])


@contextmanager
def _browser(own: Server, cookie: str) -> Iterator[Any]:
    """Yield a window in which somebody is signed in."""
    from playwright.sync_api import sync_playwright  # comes with what tests need

    name, _, value = cookie.partition("=")
    address = f"http://127.0.0.1:{own.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        context = browser.new_context(base_url=address, viewport=SIZE, locale="zh-CN")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        context.add_init_script(path=Path(__file__).with_suffix(".js"))
        yield context.new_page()
        browser.close()


def _opening(page: Any, code: str) -> Iterator[Result]:
    """Open the page again and again; the first time, which fills what is kept, does not count."""
    found: dict[str, list[float]] = {"first paint": [], "figures and legend": [], "areas drawn": []}
    for number in range(OPENED + 1):
        page.goto(f"/{code}/coverage")
        _until(page, "window.noted.map")
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        took = page.evaluate(f"[{paint}, window.noted.figures, window.noted.map]")
        for times, one in zip(found.values(), took, strict=True):
            times += [one] if number else []
    for work, times in found.items():
        yield _result(work, times)


def _until(page: Any, what: str) -> None:
    """Wait for something; the page itself lets nobody wait for an expression."""
    until = time.monotonic() + PATIENCE_S
    while not page.evaluate(what):
        if time.monotonic() > until:
            raise RuntimeError(f"{what} was not so within {PATIENCE_S} s")
        page.wait_for_timeout(100)


def _pressing(page: Any, code: str) -> Iterator[Result]:
    """Press buildings on the map: until the way is with the map, and until the processor drew it.

    Some have no way, and do not count.
    """
    page.goto(f"/{code}/coverage")
    _until(page, "window.noted.map")
    page.evaluate("document.querySelector('.map').view.map.setZoom(16)")
    page.evaluate("window.watch()")
    times = []
    for number in range(PRESSED):
        page.wait_for_timeout(PAUSE_MS)
        _until(page, "window.isStill()")
        spots = page.evaluate("window.spots()")
        if not spots:
            raise RuntimeError("no building with more than 20 households is in sight")
        page.mouse.click(*spots[number % len(spots)])
        page.wait_for_timeout(PAUSE_MS)
        times.append(page.evaluate("window.took"))
    known = [both for both in times if len(both) == 2]
    yield _result("press to way", [one for one, _ in known])
    yield _result("press to way drawn", [one for _, one in known])


def _tiles(conn: Conn, code: str, own: Server, cookie: str) -> Iterator[Result]:
    """Ask for tiles of one subdistrict by zoom: drawn anew, kept, and unchanged."""
    spots = conn.execute(PLACES, {"code": code}).fetchall()
    random.Random(1).shuffle(spots)
    for z in ZOOMS:
        places = list(dict.fromkeys(tile_of(*spot, z) for spot in spots))[:TILES]
        paths = [
            f"/tiles/{code}/{s}/{z}/{x}/{y}.pbf" for x, y in places for s in ("ground", "town")
        ]
        forget(conn, code)
        new, kept, unchanged = Load(), Load(), Load()
        with Client(own, cookie) as client:
            client.time(paths[0], Load())  # what the data's change makes anew
            tags = {path: client.time(path, new) for path in paths[1:]}
            for path, tag in [*tags.items()] * AGAIN:
                client.time(path, kept)
                client.time(path, unchanged, **{"If-None-Match": tag})
        for name, load in (("drawn", new), ("kept", kept), ("304", unchanged)):
            yield _result(f"tiles z{z} {name}", [1000 * one for one in load.seconds])
