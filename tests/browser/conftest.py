"""The service as people meet it: a town, four people, a browser that reaches nothing else."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from gis import accounts, coverage, districts
from sql import database as connections
from sql.database import Database
from tests import town
from tests.conftest import admin_of
from web import assets, create_app
from web.config import Config

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--enable-unsafe-swiftshader", "--use-gl=angle", "--use-angle=swiftshader",
)  # fmt: skip
PASSWORD = "three brown birds"
GRID = f"{town.COMMUNITY}001"
OTHER_GRID = f"{town.COMMUNITY}002"
NASTY = "</script><img src=x onerror=alert(1)>${1+1}`甲`"


@dataclass
class Site:
    """The running service, and what is in it."""

    url: str
    database: Database


@dataclass
class Seen:
    """What a browser asked for and complained of."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Read each answer before it is sent: werkzeug leaves a file open when a browser hangs up."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start))) as parts:
            return [b"".join(parts)]

    return answer


@pytest.fixture(scope="session")
def site(database: Database) -> Iterator[Site]:
    """Yield the service on a free port, with the town in a database of its own."""
    assets.install()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    made = database.beside("browser")
    with admin_of(database, "postgres") as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {made.dbname} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {made.dbname} TEMPLATE template_yige")
        _settle(made)
        with _serving(made) as url:
            yield Site(url, made)
        conn.execute(f"DROP DATABASE {made.dbname} WITH (FORCE)")


def _settle(made: Database) -> None:
    content = town.content(
        buildings=[town.building("e", 200, 60, 20, name="怡景花园5号楼")],
        stations=[town.station("Q", 700, -10, name="东站", hours="24/7", services=["s1", "s2"])],
    )
    with connections.admin(made) as conn:
        services = [("s1", "党务服务"), ("s2", "图书角")]
        districts.create(conn, town.HOME, content, services=services)
        named = "UPDATE app.area SET name = %s WHERE code = %s"
        conn.execute(named, ["双河社区", town.COMMUNITY])
        conn.execute(named, ["双河 01", GRID])
        conn.execute(named, [NASTY, OTHER_GRID])
        conn.execute("UPDATE app.building SET name = %s WHERE code = 'b'", [NASTY])
        coverage.publish(conn, town.HOME.code)
        for login, role, area in (("official", "official", town.HOME.code),
                                  ("planner", "planner", town.HOME.code),
                                  ("field", "field", GRID), ("nobody", None, None)):  # fmt: skip
            account = accounts.add(conn, town.HOME.code, login, login, _HASHED)
            if role and area:
                accounts.grant(conn, town.HOME.code, account, role, area)


_HASHED = accounts.hashed(PASSWORD)


class _serving:  # noqa: N801
    def __init__(self, made: Database) -> None:
        self.app = create_app(Config(made))

    def __enter__(self) -> str:
        self.app.extensions["pool"].open()
        self.server = make_server("127.0.0.1", 0, _whole(self.app), threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *why: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.app.extensions["pool"].close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield one
        one.close()


expect.set_options(timeout=30_000)  # where two cores draw what a graphics card does elsewhere

WITHOUT_WEBGL = """
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...more);
    };
"""

Open = Callable[..., BrowserContext]


@pytest.fixture
def contexts(browser: Browser, site: Site) -> Iterator[tuple[Open, Seen]]:
    """Yield what opens windows that reach this service alone, and what they asked for."""
    seen, opened = Seen(), []

    def only_ours(route: Route) -> None:
        host = route.request.url.split("/")[2]
        seen.hosts.add(host)
        route.continue_() if site.url.endswith(host) else route.abort()

    def make(webgl: bool = False, **more: object) -> BrowserContext:
        settings = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **more}
        context = browser.new_context(base_url=site.url, **settings)  # type: ignore[arg-type]
        context.route("**", only_ours)
        if not webgl:  # drawn by the processor it takes seconds
            context.add_init_script(WITHOUT_WEBGL)
        context.set_default_timeout(20_000)
        context.on("weberror", lambda error: seen.complaints.append(str(error.error)))
        context.on("console", lambda m: m.type == "error" and seen.complaints.append(m.text))
        opened.append(context)
        return context

    yield make, seen
    for context in opened:
        context.close()


@pytest.fixture
def seen(contexts: tuple[Open, Seen]) -> Seen:
    return contexts[1]


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(contexts: tuple[Open, Seen]) -> SignIn:
    """Return what opens a window and signs a person in by the form."""

    def enter(login: str = "official", to: str | None = None, **more: object) -> Page:
        page = contexts[0](**more).new_page()
        page.goto(to or f"/{town.HOME.code}/coverage")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return enter


@pytest.fixture
def page(sign_in: SignIn, seen: Seen) -> Iterator[Page]:
    """Yield the coverage page of an official; it must neither complain nor ask elsewhere."""
    yield sign_in()
    assert seen.complaints == []
    assert len(seen.hosts) == 1


@pytest.fixture
def mapped(sign_in: SignIn, seen: Seen) -> Iterator[Page]:
    """Yield the same with a map drawn by WebGL, once all is on it."""
    one = sign_in(webgl=True)
    expect(one.locator("#map")).to_have_attribute("aria-busy", "false", timeout=60_000)
    yield one
    assert seen.complaints == []
    assert len(seen.hosts) == 1
