"""Backgrounds of others: passed on with a key nobody sees, kept, and shifted right.

The other server is a process of its own (tests/tileserver.py), asked over real sockets.
"""

import http.client
import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer

from gis import basemaps, districts
from gis.crs import to_gcj02
from gis.errors import BadInput, Elsewhere
from layers.basemaps import SIDE, box, degrees_of, pixels_of, put_right, shifted
from sql import database
from sql.database import Conn, Database
from tests import people, town
from tests.tileserver import STEP, picture
from web import create_app
from web.basemap import fetch
from web.basemap.store import Store
from web.config import Config

CODE = town.HOME.code
KEY = "KEY0123456789abcdef"
Z = 16
X, Y = (int(float(one[0]) // SIDE) for one in pixels_of(Z, *np.array([[115.45], [35.25]])))
MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
HALF = 20037508.342789244


@pytest.fixture(scope="module")
def other() -> Iterator[int]:
    """The port of the other server."""
    script = [sys.executable, str(Path(__file__).parent / "tileserver.py")]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


def asked(port: int) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/asked")
    found: list[str] = json.loads(connection.getresponse().read())
    connection.close()
    return found


@pytest.fixture(scope="module")
def app(own: Database) -> Iterator[Flask]:
    with database.admin(own) as conn:
        districts.create(conn, town.HOME, town.content(), services=[("s1", "党务服务")])
        for login, role in [("reader", "official"), ("boss", "admin")]:
            people.add(conn, CODE, login, role)
        people.add(conn, CODE, "nobody")
    app = create_app(Config(own))
    with app.extensions["pool"]:
        yield app


@pytest.fixture
def conn(own: Database, app: Flask, tmp_path: Path) -> Iterator[Conn]:
    """The administrator; the stores of each test are its own."""
    app.extensions["basemap_store"] = Store(tmp_path / "store")
    app.extensions["basemap_fetcher"] = fetch.Fetcher()
    with database.admin(own, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM app.basemap")


def client(app: Flask, conn: Conn, login: str = "reader") -> FlaskClient:
    row = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    assert row is not None
    return people.client_of(app, row[0])


def switch_on(conn: Conn, port: int, mode: str, datum: str = "cgcs2000", **more: str) -> None:
    addresses = {"vec": f"http://127.0.0.1:{port}/{mode}/{{z}}/{{x}}/{{y}}?tk={{key}}", **more}
    basemaps.use_tiles(conn, CODE, addresses, datum, KEY)


def path(x: int = X, y: int = Y, z: int = Z, name: str = "vec") -> str:
    return f"/basemap/{name}/{z}/{x}/{y}"


# Passed on.


def test_a_tile_is_passed_on_and_kept(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "good")
    reader, before = client(app, conn), len(asked(other))
    for _ in range(3):
        answer = reader.get(path())
        assert answer.status_code == 200 and answer.mimetype == "image/png"
        assert answer.data == picture(Z, X, Y, False)
        assert answer.headers["Cache-Control"].startswith("private, max-age=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert asked(other)[before:] == [f"/good/{Z}/{X}/{Y}?tk={KEY}"]


def test_tianditu_is_asked_as_it_wants_to_be(
    app: Flask, conn: Conn, other: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, address in basemaps.TIANDITU.items():
        assert address.startswith(f"https://t{{s}}.tianditu.gov.cn/{name}_w/wmts?")
        near = address.replace("https://t{s}.tianditu.gov.cn", f"http://127.0.0.1:{other}")
        monkeypatch.setitem(basemaps.TIANDITU, name, near)
    boss = client(app, conn, "boss")
    assert boss.post(f"/{CODE}/settings/tianditu", data={"key": f" {KEY}\n"}).status_code == 302
    reader, before = client(app, conn), len(asked(other))
    for name in ("vec", "cva", "img", "cia"):
        assert reader.get(path(name=name)).status_code == 200
    for name, said in zip(("vec", "cva", "img", "cia"), asked(other)[before:], strict=True):
        assert said == (
            f"/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={name}&STYLE=default"
            f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={Z}&TILEROW={Y}&TILECOL={X}&tk={KEY}"
        )


@pytest.mark.parametrize(("mode", "key"), [
    ("redirect", "basemap_answer"), ("page", "basemap_answer"), ("liar", "basemap_answer"),
    ("huge", "basemap_answer"), ("broken", "basemap_answer"), ("half", "basemap_down"),
    ("refused", "basemap_refused"), ("none", "basemap_no_tile"), ("silent", "basemap_down"),
    ("drip", "basemap_answer"),
])  # fmt: skip
def test_what_is_no_tile_is_not_passed_on(
    app: Flask, conn: Conn, other: int, mode: str, key: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(fetch, "SILENCE_S", 1.0)
    monkeypatch.setattr(fetch, "WHOLE_S", 1.0)
    switch_on(conn, other, mode)
    before, began = len(asked(other)), time.monotonic()
    with caplog.at_level(logging.DEBUG):
        answer = client(app, conn).get(path())
    status = 404 if mode == "none" else 502
    assert (answer.status_code, answer.get_json()["key"]) == (status, key)
    assert answer.get_json()["detail"] and time.monotonic() - began < 20
    assert KEY not in answer.text + caplog.text + str(answer.headers)
    assert len(asked(other)) == before + 1  # a redirect is not followed
    assert not list((app.extensions["basemap_store"].root).rglob("[0-9]*.*"))


def test_nobody_listening_is_told_and_rested_from(app: Flask, conn: Conn) -> None:
    switch_on(conn, 9, "good")
    reader = client(app, conn)
    for column in range(5):
        assert reader.get(path(X + column)).get_json()["key"] == "basemap_down"


def test_a_failing_server_is_left_alone_for_a_while(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "broken")
    reader, before = client(app, conn), len(asked(other))
    for column in range(10):
        assert reader.get(path(X + column % 5)).status_code == 502
    assert len(asked(other)) == before + fetch.FAILURES


def test_an_old_tile_is_better_than_none(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "good")
    reader = client(app, conn)
    whole = reader.get(path()).data
    store = app.extensions["basemap_store"]
    store.age_s = -1
    app.extensions["basemap_fetcher"]._rests_until = time.monotonic() + 60
    assert reader.get(path()).data == whole
    assert reader.get(path(X + 1)).status_code == 502


def test_few_are_fetched_at_once(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "wait")
    clients = [client(app, conn) for _ in range(5)]
    places = [(column, row) for column in range(3) for row in range(3)]
    began = time.monotonic()
    with ThreadPoolExecutor(9) as threads:
        answers = list(threads.map(
            lambda n: clients[n % 5].get(path(X + places[n][0], Y + places[n][1])).status_code,
            range(9)))  # fmt: skip
    assert answers == [200] * 9
    assert time.monotonic() - began >= 1.0  # two rounds of at most six


# Who may.


def test_nothing_is_passed_on_unless_it_is_switched_on(app: Flask, conn: Conn, other: int) -> None:
    reader = client(app, conn)
    assert reader.get(path()).get_json()["key"] == "basemap_off"
    switch_on(conn, other, "good")
    assert reader.get(path(name="img")).get_json()["key"] == "basemap_off"
    assert reader.get(path(name="x")).status_code == 404


@pytest.mark.parametrize("place", [
    (Z, X + 100, Y), (Z, X, Y + 100), (18, 0, 0), (10, 0, 0), (19, 8 * X, 8 * Y), (Z, -1, Y),
    (Z, 2**Z, Y), ("01", 0, 0), ("x", 0, 0), (99, 1, 1),
])  # fmt: skip
def test_no_tile_is_fetched_of_elsewhere(
    app: Flask, conn: Conn, other: int, place: tuple[Any, int, int]
) -> None:
    switch_on(conn, other, "good")
    before, reader = len(asked(other)), client(app, conn)
    assert reader.get("/basemap/vec/{}/{}/{}".format(*place)).status_code == 404
    assert len(asked(other)) == before


@pytest.mark.parametrize("place", [(0, 0, 0), (Z, X + 8, Y), (Z, X - 8, Y)])
def test_the_margin_and_the_whole_world_are_near(
    app: Flask, conn: Conn, other: int, place: tuple[int, int, int]
) -> None:
    switch_on(conn, other, "good")
    z, x, y = place
    assert client(app, conn).get(path(x, y, z)).status_code == 200


def test_only_who_may_see_the_district_gets_a_tile(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "good")
    assert app.test_client().get(path()).status_code == 401
    assert client(app, conn, "nobody").get(path()).status_code == 404


# The setting.


def test_the_key_is_shown_to_nobody_and_kept_in_no_record(app: Flask, conn: Conn) -> None:
    boss = client(app, conn, "boss")
    assert boss.post(f"/{CODE}/settings/tianditu", data={"key": KEY}).status_code == 302
    for page in ("settings", "audit", "coverage"):
        text = boss.get(f"/{CODE}/{page}").text
        assert KEY not in text and (page == "coverage" or "天地图" in text or "地图背景" in text)
    rows = conn.execute("SELECT c::text FROM audit.change AS c WHERE relation = 'basemap'")
    found = [row for (row,) in rows.fetchall()]
    assert found and not [row for row in found if KEY in row]
    assert KEY not in repr(basemaps.source(conn, CODE))


@pytest.mark.parametrize("key", ["", "short", "with spaces inside", "x" * 201, "k&y=12345678",
                                 "key\r\nHost: x", "密钥密钥密钥密钥"])  # fmt: skip
def test_what_is_no_key_is_told_beside_the_field(app: Flask, conn: Conn, key: str) -> None:
    answer = client(app, conn, "boss").post(f"/{CODE}/settings/tianditu", data={"key": key})
    assert answer.status_code == 422 and 'id="key-why"' in answer.text
    assert basemaps.basemap(conn, CODE) is None


def test_only_administrators_set_it_and_back(app: Flask, conn: Conn) -> None:
    reader, boss = client(app, conn), client(app, conn, "boss")
    assert reader.get(f"/{CODE}/settings").status_code == 404
    assert reader.post(f"/{CODE}/settings/tianditu", data={"key": KEY}).status_code == 404
    boss.post(f"/{CODE}/settings/tianditu", data={"key": KEY})
    assert reader.post(f"/{CODE}/settings/own").status_code == 404
    known = basemaps.basemap(conn, CODE)
    assert known is not None and known.kind == "tianditu"
    assert known.sets == ["vec", "cva", "img", "cia"]
    boss.post(f"/{CODE}/settings/own")
    assert basemaps.basemap(conn, CODE) is None


def test_a_districts_administrator_aims_the_server_nowhere(app: Flask, conn: Conn) -> None:
    """Addresses are named on the machine alone; who names one could look into its network."""
    row = conn.execute("SELECT id FROM app.account WHERE login = 'boss'").fetchone()
    assert row is not None
    with pytest.raises(psycopg.errors.InsufficientPrivilege), \
            database.transaction(app.extensions["pool"], row[0]) as inside:  # fmt: skip
        basemaps.use_tiles(inside, CODE, {"vec": "http://127.0.0.1/{z}/{x}/{y}"}, "wgs84")
    for text in ("SELECT token FROM app.basemap", "SELECT addresses FROM app.basemap",
                 "SELECT * FROM app.basemap_of('371799')"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege), \
                database.transaction(app.extensions["pool"], row[0]) as inside:  # fmt: skip
            inside.execute(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [
    "", "x", "ftp://h/{z}/{x}/{y}", "http:///{z}/{x}/{y}", "http://h/{z}/{x}", "file:///{z}{x}{y}",
    "http://h/{z}/{x}/{y}/{secret}", "http://h/{z}/{x}/{y}/{", "http://h:x/{z}/{x}/{y}",
    "http://h/{z}/{x}/{y}\n",
])  # fmt: skip
def test_an_address_of_no_tile_is_refused(conn: Conn, address: str) -> None:
    with pytest.raises(BadInput):
        basemaps.use_tiles(conn, CODE, {"vec": address}, "wgs84")


# Kept.


def test_the_store_is_bounded_and_forgets_the_oldest(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=10_000)
    for n in range(30):
        store.keep(f"a/{n}", bytes(1000))
        os.utime(tmp_path / "a" / str(n), (n, n))
    store.tidy()
    kept = sorted(int(path.name) for path in (tmp_path / "a").iterdir())
    assert kept == list(range(21, 30))
    assert store.fresh("a/29") is None and store.any("a/29") == bytes(1000)
    assert store.any("a/0") is None


def test_a_store_that_cannot_be_written_hinders_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.keep("a/1", b"x")
    assert store.any("a/1") is None


# Shifted right.


@settings(max_examples=40, deadline=None)
@given(lon=st.floats(75, 134), lat=st.floats(19, 53), z=st.integers(3, 18))
def test_the_shift_is_that_of_every_pixel(lon: float, lat: float, z: int) -> None:
    x, y = (int(float(one[0]) // SIDE) for one in pixels_of(z, np.array([lon]), np.array([lat])))
    sx, sy = shifted(z, x, y)
    gx, gy = np.meshgrid(x * SIDE + np.arange(SIDE) + 0.5, y * SIDE + np.arange(SIDE) + 0.5)
    ex, ey = pixels_of(z, *to_gcj02(*degrees_of(z, gx, gy)))
    worst = float(np.max(np.hypot(sx - ex, sy - ey)))
    assert worst < (0.02 if z >= 12 else 1.0), worst


@settings(max_examples=60, deadline=None)
@given(lon=st.floats(-179, 179), lat=st.floats(-80, 80), z=st.integers(0, 18))
def test_places_are_those_of_the_mercator_of_others(lon: float, lat: float, z: int) -> None:
    east, north = MERCATOR.transform(lon, lat)
    x, y = pixels_of(z, np.array([lon]), np.array([lat]))
    side = SIDE * 2**z
    assert x[0] == pytest.approx((east / HALF + 1) / 2 * side, abs=1e-4)
    assert y[0] == pytest.approx((1 - north / HALF) / 2 * side, abs=1e-4)
    back = degrees_of(z, x, y)
    assert back[0][0] == pytest.approx(lon) and back[1][0] == pytest.approx(lat)
    west, south, e, n = box(z, int(x[0] // SIDE), int(y[0] // SIDE))
    assert west - 1e-9 <= lon <= e + 1e-9 and south - 1e-9 <= lat <= n + 1e-9


def dots(body: bytes, x: int, y: int) -> np.ndarray[Any, Any]:
    """Return how far each dot of a tile lies from its place on the ground [pixels]."""
    with Image.open(io.BytesIO(body)) as image:
        black = 255 - np.asarray(image.convert("L")).astype(float)
    west, south, east, north = box(Z, x, y)
    lons = np.arange(np.ceil(west / STEP), np.floor(east / STEP) + 1) * STEP
    lats = np.arange(np.ceil(south / STEP), np.floor(north / STEP) + 1) * STEP
    found = []
    for lon in lons:
        for lat in lats:
            e, n = MERCATOR.transform(lon, lat)
            px = (e / HALF + 1) / 2 * SIDE * 2**Z - x * SIDE
            py = (1 - n / HALF) / 2 * SIDE * 2**Z - y * SIDE
            if 12 < px < 244 and 12 < py < 244:
                left, top = round(px) - 9, round(py) - 9
                part = black[top : top + 18, left : left + 18]
                at = np.arange(18) + 0.5
                weight = max(part.sum(), 1e-9)
                found.append([(part.sum(0) * at).sum() / weight + left - px,
                              (part.sum(1) * at).sum() / weight + top - py])  # fmt: skip
    return np.array(found)


@pytest.mark.parametrize(("mode", "most"), [("gcj02", 0.1), ("photo", 0.3)])
def test_tiles_in_gcj02_line_up(app: Flask, conn: Conn, other: int, mode: str, most: float) -> None:
    switch_on(conn, other, mode, "gcj02")
    reader = client(app, conn)
    misfit = []
    for dx, dy in [(0, 0), (1, 0), (0, 1), (-3, 2)]:
        answer = reader.get(path(X + dx, Y + dy))
        assert answer.status_code == 200
        assert answer.mimetype == ("image/png" if mode == "gcj02" else "image/jpeg")
        misfit.append(dots(answer.data, X + dx, Y + dy))
    apart = np.hypot(*np.concatenate(misfit).T)
    print(f"misfit at z{Z}: mean {apart.mean():.3f}, most {apart.max():.3f} pixels")
    assert len(apart) > 40 and apart.max() < most
    unshifted = dots(picture(Z, X, Y, True), X, Y)
    assert np.hypot(*unshifted.T).max() > 1  # it would be seen


def test_neighbours_share_what_they_fetch(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "gcj02", "gcj02")
    reader, before = client(app, conn), len(asked(other))
    for dx in range(3):
        assert reader.get(path(X + dx)).status_code == 200
    said = asked(other)[before:]
    assert len(said) == len(set(said)) <= 8


def test_a_picture_of_another_size_is_not_shifted(app: Flask, conn: Conn, other: int) -> None:
    switch_on(conn, other, "small", "gcj02")
    assert client(app, conn).get(path()).get_json()["key"] == "basemap_answer"


def test_what_is_see_through_stays_so() -> None:
    image = Image.new("RGBA", (SIDE, SIDE), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, SIDE, 128))
    out = io.BytesIO()
    image.save(out, "PNG")
    made = np.asarray(Image.open(io.BytesIO(put_right(Z, X, Y, lambda x, y: out.getvalue()))))
    assert made.shape == (SIDE, SIDE, 4) and {*np.unique(made[..., 3])} >= {0, 255}
    seen = made[made[..., 3] > 0]
    assert (seen[:, 2] > 250).all() and (seen[:, 0] < 5).all()  # no dark and no red rims


def test_no_picture_is_told(conn: Conn) -> None:
    with pytest.raises(Elsewhere):
        put_right(Z, X, Y, lambda x, y: b"\x89PNG\r\n\x1a\nbroken")
