"""The bench of tiles: both sides are asked for the same, and compared before they are timed."""

import json
from collections.abc import Iterator

import pytest

from bench import environment, served, tiles
from bench.served import Load
from bench.tiles import Result
from gis import districts
from layers.catalogue import LAYERS
from sql import database
from sql.database import Database
from tests import town
from tests.test_tiles import houses

CODE = town.HOME.code
SPOT = (115.45, 35.25)


@pytest.fixture(scope="module")
def filled(own: Database) -> Iterator[Database]:
    with database.admin(own) as conn:
        content = town.content(buildings=houses(60, 3))
        districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
    yield own


def absent(to: Database) -> None:
    raise RuntimeError("pip is on strike")


def test_ours_are_measured_where_tipg_is_missing(
    filled: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(served, "tipg", absent)
    monkeypatch.setattr(tiles, "PEOPLE", 5)
    tiles.run(filled, clients=2, runs=1, as_json=True, pan_s=2)
    missing, new, drawn = json.loads(capsys.readouterr().out)["results"]
    assert (missing["peer"], missing["note"], missing["per_s"]) == (
        "tipg",
        "pip is on strike",
        None,
    )
    assert new["answers"] > 20 and new["wrong"] == drawn["wrong"] == 0
    with database.admin(filled) as conn:
        assert conn.execute("SELECT count(*) FROM app.account").fetchone() == (0,)


def test_both_are_asked_for_the_same_tiles_and_boxes() -> None:
    works = list(tiles._works(CODE, [SPOT, (115.451, 35.25)]))
    assert len({work for work, _, _ in works}) == len(works)
    for work, ours, theirs in works:
        assert len(ours) == len(theirs) > 0
        for one, another in zip(ours, theirs, strict=True):
            if "features" in work:
                assert one[0].partition("items")[2] == another[0].partition("items")[2]
            else:
                places = {path.removesuffix(".pbf").split("/", 4)[-1] for path in one}
                assert places == {p.partition("?")[0].split("/", 5)[-1] for p in another}


def test_a_picture_of_the_map_is_every_layer_of_its_sets() -> None:
    _, _, theirs = next(each for each in tiles._works(CODE, [SPOT]) if each[0] == "map z16")
    asked = {path.split("map.")[1].split("/")[0] for path in theirs[0]}
    assert asked == {name for name, layer in LAYERS.items() if layer.sets}


def test_answers_that_differ_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        def __init__(self, server: object, cookie: str | None = None) -> None:
            self.ids = [1, 2] if cookie else [1]

        def __enter__(self) -> "Other":
            return self

        def __exit__(self, *error: object) -> None: ...

        def get(self, path: str) -> tuple[int, bytes, str]:
            return 200, json.dumps({"features": [{"id": i} for i in self.ids]}).encode(), ""

    monkeypatch.setattr(tiles, "Client", Other)
    server = served.Server("yige", 0, {})
    jobs = [["/items?bbox=1"]]
    assert tiles._difference(server, server, "", jobs, jobs) == ""
    assert "2 and 1" in tiles._difference(server, server, "c", jobs, jobs)


def test_shares_of_the_answers() -> None:
    load = Load(seconds=[n / 1000 for n in range(1, 101)], wall_s=10)
    assert (load.per_s, load.at(0.5), load.at(0.95), load.at(1)) == (10, 51, 96, 100)
    loads = [Load(seconds=[1] * n, wall_s=1) for n in (3, 1, 2)]
    assert served.median(loads).per_s == 2


def test_a_row_says_what_was_measured() -> None:
    row = tiles.line(Result("map z15", "tipg", "1.6.1", 60, 20.0, 40.0, 90.0, 0, 3.25))
    assert "20.0/s" in row and "3.25 ×" in row
    assert "not measured: why" in tiles.line(Result("map z15", "tipg", note="why"))


def test_the_lock_names_the_version() -> None:
    assert environment.version_of("tipg") and environment.version_of("nothing") is None
