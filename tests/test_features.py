"""Features for other programs: the same rows, read by GDAL and counted by hand."""

import gzip
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server

from gis import districts
from gis.errors import BadInput
from layers import features
from layers.catalogue import LAYERS
from sql import database
from sql.database import Conn, Database
from tests import people, town
from tests.test_rights import CODE, WEST, halves
from tests.test_tiles import houses
from web import create_app, pages_ahead
from web.config import Config

ROOT = f"/ogc/{CODE}"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
FOUR = st.tuples(*[st.floats(-90, 90)] * 4)


@pytest.fixture(scope="module")
def filled(own: Database) -> Database:
    content = town.content(buildings=houses(40, 2), stations=[town.station("Q", 700, -10)])
    content = type(content)(**{**vars_of(content), "area": halves()})
    with database.admin(own) as conn:
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
        for login, where in [("whole", CODE), ("west", WEST)]:
            people.add(conn, CODE, login, "official", where)
        people.add(conn, CODE, "nobody")
    return own


def vars_of(content: Any) -> dict[str, Any]:
    return {name: getattr(content, name) for name in content.__dataclass_fields__}


@pytest.fixture(scope="module")
def app(filled: Database) -> Iterator[Flask]:
    app = create_app(Config(filled))
    with app.extensions["pool"]:
        yield app


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


@cache  # the oldest sessions of an account end when it has many
def client(app: Flask, login: str) -> FlaskClient:
    with database.admin(app.extensions["config"].database) as conn:
        found = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    assert found is not None
    return people.client_of(app, found[0])


@pytest.fixture(scope="module")
def whole(app: Flask) -> FlaskClient:
    return client(app, "whole")


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The application at an address of this machine, for programs of others."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


# GDAL.


READ = """
import json, sys, pyogrio
source, layer, box = json.loads(sys.argv[1])
if layer is None:
    print(json.dumps([name for name, _ in pyogrio.list_layers(source)]))
else:
    meta, _, shapes, values = pyogrio.raw.read(source, layer=layer, bbox=box and tuple(box))
    code = values[list(meta["fields"]).index("code")]
    print(json.dumps([list(code), [shape.hex() for shape in shapes]]))
"""


@pytest.fixture
def gdal(app: Flask, address: str) -> Callable[..., Any]:
    """Read our address with GDAL as somebody, in a process of its own: it waits for our threads."""

    def read(login: str, layer: str | None = None, box: Any = None) -> Any:
        cookie = client(app, login).get_cookie("yige")
        assert cookie is not None
        asked = json.dumps([f"OAPIF:{address}{ROOT}", layer, box])
        environment = {**os.environ, "GDAL_HTTP_COOKIE": f"yige={cookie.value}"}
        command = [sys.executable, "-c", READ, asked]
        done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
        found = json.loads(done.stdout)
        return found if layer is None else (found[0], shapely.from_wkb(found[1]))

    return read


def test_gdal_lists_every_layer(gdal: Any) -> None:
    assert gdal("whole") == list(LAYERS)


@pytest.mark.parametrize("name", ["building", "way", "area", "door"])
def test_gdal_reads_what_the_table_holds(gdal: Any, conn: Conn, name: str) -> None:
    codes, shapes = gdal("whole", name)
    rows = conn.execute(f"SELECT code, ST_AsBinary(geom) FROM map.{name} ORDER BY id").fetchall()
    assert codes == [code for code, _ in rows]
    expected = shapely.normalize(shapely.from_wkb([wkb for _, wkb in rows]))
    assert np.all(shapely.equals_exact(shapely.normalize(shapes), expected, 1e-9))


def test_gdal_reads_page_after_page(gdal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "MOST", 7)
    assert len(gdal("whole", "building")[0]) == 44


def test_gdal_sees_with_the_rights_of_who_asks(gdal: Any, conn: Conn) -> None:
    west = conn.execute("SELECT ST_AsBinary(v.geom) FROM app.area_version AS v JOIN app.area AS a"
                        " ON a.id = v.area WHERE a.code = %s", [WEST]).fetchone()  # fmt: skip
    assert west is not None
    shape = shapely.from_wkb(west[0])
    places = conn.execute("SELECT code, ST_AsBinary(place) FROM app.building ORDER BY id")
    expected = [code for code, wkb in places if shape.intersects(shapely.from_wkb(wkb))]
    assert gdal("west", "building")[0] == expected and 5 < len(expected) < 40


def test_gdal_asks_for_a_box(gdal: Any, conn: Conn) -> None:
    corner = town.box(100, 0, 350, 150)
    every = conn.execute("SELECT code, ST_AsBinary(geom) FROM app.building ORDER BY id")
    expected = [code for code, wkb in every if corner.envelope.intersects(shapely.from_wkb(wkb))]
    assert gdal("whole", "building", list(corner.bounds))[0] == expected and len(expected) > 3


# By hand.


def pages(client: FlaskClient, path: str) -> Iterator[dict[str, Any]]:
    following: str | None = path
    while following:
        answer = client.get(following)
        assert answer.status_code == 200 and answer.mimetype == "application/geo+json"
        page = json.loads(answer.data)
        assert page["numberReturned"] == len(page["features"])
        yield page
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


@pytest.mark.parametrize("limit", [1, 6, 43, 44, 45])
def test_pages_are_the_whole_once(whole: FlaskClient, limit: int) -> None:
    found = list(pages(whole, f"{ROOT}/collections/building/items?limit={limit}"))
    ids = [feature["id"] for page in found for feature in page["features"]]
    assert ids == sorted(set(ids)) and len(ids) == 44
    assert {page["numberMatched"] for page in found} == {44}
    assert len(found) == math.ceil(44 / limit)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_is_a_collection(whole: FlaskClient, conn: Conn, name: str) -> None:
    told = json.loads(whole.get(f"{ROOT}/collections/{name}").data)
    assert told["id"] == name and told["itemType"] == "feature"
    [page] = pages(whole, f"{ROOT}/collections/{name}/items")
    count = conn.execute(f"SELECT count(*) FROM map.{name}").fetchone()
    assert count == (len(page["features"]),)
    for feature in page["features"][:3]:
        assert tuple(feature["properties"]) == LAYERS[name].columns
        one = json.loads(whole.get(f"{ROOT}/collections/{name}/items/{feature['id']}").data)
        assert {key: one[key] for key in feature} == feature
        shape = shapely.geometry.shape(feature["geometry"])
        for part in getattr(shape, "geoms", [shape]):
            assert part.geom_type != "Polygon" or part.exterior.is_ccw  # RFC 7946


def test_axes_are_those_of_the_system_asked_for(whole: FlaskClient) -> None:
    plain = json.loads(whole.get(f"{ROOT}/collections/station/items").data)
    for uri, turned in [(features.CRS84, False), (f"{EPSG}4326", True), (f"{EPSG}4490", True)]:
        for asked in (uri, f"[{uri}]"):
            answer = whole.get(f"{ROOT}/collections/station/items", query_string={"crs": asked})
            assert answer.headers["Content-Crs"] == f"<{uri}>"
            page = json.loads(answer.data)
            for one, other in zip(plain["features"], page["features"], strict=True):
                step = -1 if turned else 1
                assert other["geometry"]["coordinates"] == one["geometry"]["coordinates"][::step]
    west, south, east, north = town.box(50, -20, 150, 0).bounds
    for crs, box in [("4326", (south, west, north, east)), ("4490", (south, west, north, east))]:
        query = {"bbox": ",".join(map(str, box)), "bbox-crs": f"{EPSG}{crs}"}
        page = json.loads(whole.get(f"{ROOT}/collections/station/items", query_string=query).data)
        assert [one["properties"]["code"] for one in page["features"]] == ["P"]


@settings(max_examples=60, deadline=None)
@given(metres=st.tuples(*[st.floats(-100, 900)] * 2, *[st.floats(-100, 500)] * 2))
def test_a_box_finds_what_meets_it(whole: FlaskClient, metres: tuple[float, ...]) -> None:
    x0, x1, y0, y1 = (*sorted(metres[:2]), *sorted(metres[2:]))
    box = town.box(x0, y0, x1, y1).bounds
    [every] = pages(whole, f"{ROOT}/collections/building/items")
    [found] = pages(whole, f"{ROOT}/collections/building/items?bbox={','.join(map(repr, box))}")
    shape = shapely.from_wkt(features.box(",".join(map(repr, box))))
    expected = [
        one["id"]
        for one in every["features"]
        if shapely.geometry.shape(one["geometry"]).intersects(shape)
    ]
    assert [one["id"] for one in found["features"]] == expected


@given(FOUR)
def test_four_numbers_in_order_are_a_box(numbers: tuple[float, float, float, float]) -> None:
    west, south, east, north = numbers
    text = ",".join(map(repr, numbers))
    if south > north:
        with pytest.raises(BadInput):
            features.box(text)
        return
    shape = shapely.from_wkt(features.box(text))
    assert shape.geom_type == "GeometryCollection" or shape.bounds == numbers
    assert (shape.geom_type == "GeometryCollection") == (west > east)  # over the date line
    assert features.box(f"{west!r},{south!r},0,{east!r},{north!r},9") == features.box(text)
    assert features.box(f"{south!r},{west!r},{north!r},{east!r}", True) == features.box(text)


@given(st.text(max_size=60))
def test_any_text_is_a_box_or_bad_input(text: str) -> None:
    try:
        shapely.from_wkt(features.box(text))
    except BadInput as error:
        assert error.key == "bad_box"


@pytest.mark.parametrize("query", [
    "bbox=", "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=1,nan,3,4", "bbox=0,0,inf,1",
    "bbox=1,9,2,3", "bbox=0,-91,1,0", "bbox=1;2;3;4", "bbox=1,2,3,4&bbox-crs=EPSG:4326", "crs=x",
    "limit=0", "limit=-1", "limit=x", "limit=", "limit=1.5", "after=x", "after=-1", "f=xml",
    "kind=slab", "bbox=1e999,0,1,1",
])  # fmt: skip
def test_what_cannot_be_asked_is_told(whole: FlaskClient, query: str) -> None:
    answer = whole.get(f"{ROOT}/collections/building/items?{query}")
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert answer.json is not None and answer.json["detail"]


@pytest.mark.parametrize("path", [
    "collections/roads", "collections/roads/items", "collections/building/items/x",
    "collections/building/items/999999", "collections/building/items/99999999999999999999",
    "collections/building/items/1'", "nothing",
])  # fmt: skip
def test_what_is_not_there_is_not_found(whole: FlaskClient, path: str) -> None:
    assert whole.get(f"{ROOT}/{path}").status_code == 404


def test_anothers_building_is_not_there(app: Flask, conn: Conn) -> None:
    rows = conn.execute("SELECT code, id FROM app.building WHERE code IN ('a', 'b')").fetchall()
    ids = dict(rows)
    west = client(app, "west")
    items = f"{ROOT}/collections/building/items"
    assert west.get(f"{items}/{ids['a']}").status_code == 200
    assert west.get(f"{items}/{ids['b']}").status_code == 404
    with west.get(items) as answer:
        assert ids["b"] not in [one["id"] for one in json.loads(answer.data)["features"]]


PATHS = ["", "/", "/conformance", "/collections", "/collections/way", "/collections/way/items",
         "/collections/way/items/1", "/api"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_who_has_no_right_is_told_of_no_district(app: Flask, path: str) -> None:
    assert client(app, "nobody").get(ROOT + path).status_code == 404
    assert client(app, "whole").get(f"/ogc/371798{path}").status_code == 404
    assert app.test_client().get(ROOT + path).status_code in (302, 401)


@pytest.mark.parametrize("path", PATHS)
def test_every_address_is_a_page_for_people_too(whole: FlaskClient, path: str) -> None:
    page = whole.get(ROOT + path, headers={"Accept": "text/html"})
    if path == "/api":
        assert page.mimetype == "application/vnd.oai.openapi+json"
        return
    assert page.mimetype == "text/html" and "<h1>" in page.text
    assert whole.get(ROOT + path).mimetype in ("application/json", "application/geo+json")


def test_names_are_text_not_markup(app: Flask, filled: Database) -> None:
    name = "</script><b>${1}`"
    with database.admin(filled) as conn:
        conn.execute("UPDATE app.station SET name = %s WHERE code = 'P'", [name])
    page = client(app, "whole").get(f"{ROOT}/collections/station/items?f=html").text
    assert "<b>$" not in page and "&lt;b&gt;${1}`" in page


def test_links_lead_somewhere(whole: FlaskClient) -> None:
    seen, todo = set(), [f"{ROOT}/"]
    while todo:
        path = todo.pop()
        answer = whole.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        if answer.mimetype == "text/html" or "/items/" in path:
            continue
        told = json.loads(answer.data)
        links = told.get("links", []) + [
            link for one in told.get("collections", []) for link in one["links"]
        ]
        for link in links:
            here = link["href"].removeprefix("http://localhost")
            assert here.startswith(ROOT)
            if here not in seen and here not in todo:
                todo.append(here)
    assert len(seen) > 3 * len(LAYERS)


def test_the_definition_names_every_address(whole: FlaskClient) -> None:
    told = json.loads(whole.get(f"{ROOT}/api").data)
    assert told["openapi"].startswith("3.0")
    items = told["paths"]["/collections/way/items"]["get"]["parameters"]
    limit = next(one for one in items if one["name"] == "limit")["schema"]
    assert limit == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000}
    for path in told["paths"]:
        here = f"{ROOT}{path}".replace("{item}", "1")
        assert whole.get(here).status_code in (200, 404), path
        assert whole.get(here.replace("/1", "")).status_code == 200


def test_unchanged_features_cost_no_features(whole: FlaskClient, filled: Database) -> None:
    path = f"{ROOT}/collections/gate/items"
    tag = whole.get(path).headers["ETag"]
    assert whole.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert whole.get(f"{path}?limit=5", headers={"If-None-Match": tag}).status_code == 200
    assert whole.get(f"{path}?f=html", headers={"If-None-Match": tag}).status_code == 200
    with database.admin(filled) as conn:
        conn.execute("UPDATE app.gate SET name = name || '!'")
    assert whole.get(path, headers={"If-None-Match": tag}).status_code == 200


# Pages made ahead.


def walk(client: FlaskClient, **headers: str) -> list[int]:
    following, found = f"{ROOT}/collections/building/items?limit=10", []
    while following:
        with client.get(following, headers=headers) as answer:
            page = json.loads(answer.get_data() if not answer.content_encoding
                              else gzip.decompress(answer.data))  # fmt: skip
        found += [one["id"] for one in page["features"]]
        following = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    return found


def test_a_page_is_made_before_it_is_asked_for(
    app: Flask, filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_ahead, "LARGE", 1)
    drawn: list[int] = []
    page = features.page

    def counted(conn: Conn, code: str, of: Any, asked: Any) -> Any:
        drawn.append(asked.after)
        return page(conn, code, of, asked)

    monkeypatch.setattr(features, "page", counted)
    with database.admin(filled) as conn:
        conn.execute("UPDATE app.building SET version = version WHERE code = 'a'")
    whole = client(app, "whole")
    with whole.get(f"{ROOT}/collections/building/items?limit=10"):
        for _ in range(100):
            if len(drawn) == 2:
                break
            time.sleep(0.05)
    assert len(drawn) == 2  # one ahead and no more
    first = walk(whole)
    assert len(drawn) == len(set(drawn)) == 5 and len(first) == 44  # each drawn but once
    assert walk(whole, **{"Accept-Encoding": "gzip"}) == first and len(drawn) == 5


def test_pages_kept_for_one_are_not_anothers(
    app: Flask, filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_ahead, "LARGE", 1)
    everything, part = walk(client(app, "whole")), walk(client(app, "west"))
    assert set(part) < set(everything)
    with database.admin(filled) as conn:
        conn.execute("UPDATE app.building SET period = tstzrange(lower(period), now())"
                     " WHERE id = %s", [part[0]])  # fmt: skip
    assert walk(client(app, "west")) == part[1:]
    with database.admin(filled) as conn:
        conn.execute("UPDATE app.building SET period = tstzrange(lower(period), NULL)"
                     " WHERE id = %s", [part[0]])  # fmt: skip
