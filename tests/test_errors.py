"""What a request that cannot be done is told: a status, and words in its language."""

import logging
from collections.abc import Iterator

import psycopg
import pytest

from gis import errors
from sql.database import Database
from tests.halves import CODE, EAST, GRID, Site
from web.errors import status_of


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)

    def fail() -> None:
        raise RuntimeError("王某某的电话 13800000000")

    site.app.add_url_rule("/api/fail", "fail", fail)
    site.app.add_url_rule("/fail", "fail_page", fail)
    yield site
    site.close()


ROUTES = ("coverage", "areas", "minutes", "stations", "search?q=a", "buildings/1",
          "buildings/1/path?station=P", "stations/1", "nearest?lon=115.45&lat=35.25")  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_who_is_not_signed_in_is_told_anything(site: Site, route: str) -> None:
    answer = site.client(None).get(f"/api/{CODE}/{route}")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("district", ["371798", "000000", "x"])
def test_a_district_without_a_right_is_as_if_not_there(
    site: Site, route: str, district: str
) -> None:
    answer = site.client("admin").get(f"/api/{district}/{route}")
    assert answer.status_code == 404 and answer.json
    assert "371798" not in answer.json["detail"] or district == "371798"
    own = site.client("nobody").get(f"/api/{CODE}/{route}")
    assert own.status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("coverage?profile=nobody", 404, "no_profile"),
        ("coverage?profile=%3Cscript%3E", 400, "parameter_code"),
        ("coverage?at=25:00", 400, "time"),
        ("coverage?at=2026-02-30T10:00", 400, "time"),
        ("coverage?minutes=0", 400, "parameter_range"),
        ("coverage?minutes=-5", 400, "parameter_range"),
        ("coverage?minutes=1e9", 400, "parameter_whole"),
        ("coverage?minutes=%D9%A1%D9%A5", 400, "parameter_whole"),  # digits, but not ours
        ("coverage?minutes=60", 400, "minutes_far"),
        ("coverage?profile=gb50180&minutes=7", 400, "minutes_of_standard"),
        ("coverage?service=s9", 404, "no_service"),
        ("coverage?by=street", 400, "parameter_choice"),
        ("coverage?area=371798", 404, "no_area"),
        ("coverage?area=1'%20OR%201=1", 400, "parameter_code"),
        ("coverage?by=grid&by=district", 400, "parameter_twice"),
        ("coverage?colour=red", 400, "unknown_parameter"),
        ("minutes?by=grid", 400, "unknown_parameter"),
        ("areas?geometry=2", 400, "parameter_choice"),
        ("search", 400, "parameter_missing"),
        ("search?q=%20", 400, "parameter_missing"),
        ("search?q=" + 101 * "a", 400, "parameter_long"),
        ("search?q=a&limit=0", 400, "parameter_range"),
        ("nearest?lon=115.45", 400, "parameter_missing"),
        ("nearest?lon=nan&lat=35", 400, "parameter_number"),
        ("nearest?lon=181&lat=35", 400, "parameter_range"),
        ("nearest?lon=10&lat=35", 400, "far_from_ways"),
        ("nearest?lon=115.45&lat=35.25&datum=nad27", 400, "parameter_choice"),
        ("buildings/999999999", 404, "no_building"),
        ("buildings/99999999999999999999999", 404, None),
        ("buildings/-1", 404, None),
        ("buildings/1/path", 400, "parameter_missing"),
        ("buildings/1/path?station=nowhere", 404, "no_station"),
        ("stations/999999", 404, "no_station"),
        ("stations/9223372036854775808", 404, None),
    ],
)
def test_bad_input_is_told_in_words(site: Site, path: str, status: int, key: str | None) -> None:
    client = site.client()
    answer = client.get(f"/api/{CODE}/{path}")
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json" and answer.json
    assert key is None or answer.json["key"] == key
    assert answer.json["status"] == status and answer.json["detail"].endswith("。")
    english = client.get(f"/api/{CODE}/{path}{'&' if '?' in path else '?'}lang=en").json
    assert english and english["detail"] != answer.json["detail"]
    assert english["detail"].endswith(".")


def test_an_area_of_others_is_not_there(site: Site) -> None:
    for area in (EAST, GRID[EAST]):
        answer = site.client("official_west").get(f"/api/{CODE}/coverage?area={area}")
        assert answer.status_code == 404


def test_unknown_addresses_and_methods(site: Site) -> None:
    client = site.client()
    assert client.get("/api/no/such").json["status"] == 404  # type: ignore[index]
    answer = client.post(f"/api/{CODE}/coverage")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    page = client.get("/no/such")
    assert page.status_code == 404 and page.mimetype == "text/html"
    assert "没有这个地址" in page.text


def test_what_was_not_foreseen_gets_a_code_and_tells_nobody(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "web.errors"):
        answer = site.client().get("/api/fail")
    assert answer.status_code == 500 and answer.json
    code = answer.json["values"]["id"]
    assert code in answer.json["detail"] and code in caplog.text
    assert "RuntimeError" in caplog.text and "test_errors.py" in caplog.text
    assert "1380000" not in caplog.text + answer.text
    page = site.client().get("/fail")
    assert page.status_code == 500 and "报编号" in page.text and "1380000" not in page.text


def test_markup_in_a_question_stays_text(site: Site) -> None:
    answer = site.client().get(f"/api/{CODE}/coverage?by=<script>alert(1)</script>")
    assert answer.mimetype == "application/problem+json"
    page = site.client().get("/<script>alert(1)</script>")
    assert "<script>alert" not in page.text


def test_a_database_that_is_away(own: Database, site: Site) -> None:
    with psycopg.connect(Database(own.place, name="postgres").conninfo(), autocommit=True) as conn:
        client = site.client()
        conn.execute(f"ALTER DATABASE {own.dbname} ALLOW_CONNECTIONS false")
        try:
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [own.dbname],
            )
            site.app.extensions["pool"].timeout = 0.3
            answer = client.get(f"/api/{CODE}/coverage")
            assert answer.status_code == 503 and answer.json
            assert answer.json["detail"].endswith("。") and answer.headers["Retry-After"]
        finally:
            conn.execute(f"ALTER DATABASE {own.dbname} ALLOW_CONNECTIONS true")
            site.app.extensions["pool"].timeout = 10


def test_the_table_of_errors_knows_the_nearest_class() -> None:
    assert status_of(errors.NotFound("x")) == 404
    assert status_of(errors.NoNetwork("x")) == 409
    assert status_of(errors.BadInput("x")) == 400
    assert status_of(psycopg.errors.InsufficientPrivilege()) == 403
    assert status_of(psycopg.errors.AdminShutdown()) == 503
    assert status_of(KeyError()) == 500
