"""The bench of pages: tiles of one subdistrict are answered; the notes asked for are there."""

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from bench import pages
from bench.pages import Result
from gis import districts
from sql import database
from sql.database import Database
from tests import town
from tests.test_tiles import houses

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def filled(own: Database) -> Iterator[Database]:
    with database.admin(own) as conn:
        content = town.content(buildings=houses(60, 3))
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
    yield own


def test_tiles_are_asked_for_anew_as_kept_and_unchanged(
    filled: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "_browser", lambda own, cookie: nullcontext())
    monkeypatch.setattr(pages, "_opening", lambda page, code: iter([Result("areas", 1, 2, 3, 4)]))
    monkeypatch.setattr(pages, "_pressing", lambda page, code: iter([Result("press", 1, 2, 3, 4)]))
    monkeypatch.setattr(pages, "ZOOMS", (15, 16))
    pages.run(filled, as_json=True)
    results = json.loads(capsys.readouterr().out)["results"]
    names = [one["work"] for one in results]
    kinds = ("drawn", "kept", "304")
    assert names == ["areas", "press", *(f"tiles z{z} {kind}" for z in (15, 16) for kind in kinds)]
    assert all(0 < one["p50_ms"] <= one["p95_ms"] <= one["most_ms"] for one in results)
    with database.admin(filled) as conn:
        assert conn.execute("SELECT count(*) FROM app.account").fetchone() == (0,)


def test_what_is_looked_for_in_the_page_is_there() -> None:
    notes = (ROOT / "bench" / "pages.js").read_text("utf-8")
    said = set(re.findall(r"window\.(\w+)", notes))
    asked = set(re.findall(r"window\.(\w+)", (ROOT / "bench" / "pages.py").read_text("utf-8")))
    assert asked <= said
    shell = (ROOT / "web" / "templates" / "shell.html").read_text("utf-8")
    assert 'id="map"' in shell and 'id="panel"' in shell and 'aria-busy="true"' in shell
