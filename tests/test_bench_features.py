"""The bench of features: whole answers are compared before they are timed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from bench import features, others, rows, served
from bench.features import COLUMNS, Result, Source
from sql.database import Database


def absent(*given: object) -> Iterator[None]:
    raise RuntimeError("pip is on strike")


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="gdal-bin is not installed")
def test_ours_is_read_whole_where_the_others_are_missing(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(served, "tipg", absent)
    monkeypatch.setattr(others, "pygeoapi", absent)
    monkeypatch.setattr(features, "PAGE", 100)
    features.run(database, features=250, runs=1, as_json=True)
    found = json.loads(capsys.readouterr().out)["results"]
    assert [one["peer"] for one in found] == ["yige", "yige kept", "pygeoapi", "tipg"]
    assert [one["note"] for one in found] == [None, None, "pip is on strike", "pip is on strike"]
    assert found[0]["features"] == 250 and found[0]["median_s"] > 0


def read(**more: object) -> dict[str, np.ndarray]:
    made = {name: np.array(["1", "2"]) for name in COLUMNS} | more
    shapes = shapely.points([115.1, 115.2], [35.1, 35.2])
    return {**made, "geometry": made.get("geometry", shapes)}  # type: ignore[dict-item]


def test_what_differs_is_told() -> None:
    assert features.difference(read(), read(), 2) == ""
    assert features.difference(read(), read(), 3) == "2 features of 3"
    assert features.difference(read(), read(name=np.array(["1", "x"])), 2) == "name of 2"
    words, numbers = np.array(["True", "False"]), np.array(["1", "0"])
    assert features.difference(read(estimated=words), read(estimated=numbers), 2) == ""
    off = shapely.points([115.1, 115.2], [35.1, 35.2 + 1e-7])
    assert features.difference(read(), read(geometry=off), 2) == "the shape of 2"
    missing = {name: one for name, one in read().items() if name != "floors"}
    assert features.difference(read(), missing, 2) == "no floors"


def test_the_district_is_the_same_each_time_and_valid() -> None:
    one, other = rows.content(120), rows.content(120)
    assert len(one.building) == 120 and one.building["code"].is_unique
    assert one.building.geometry.is_valid.all()
    assert shapely.equals_exact(one.building.geometry, other.building.geometry, 0).all()
    assert one.area.geometry[0].contains(shapely.union_all(one.building.geometry.to_numpy()))


def test_a_row_says_what_was_measured() -> None:
    row = features.line(Result("tipg", "1.6.1", 50_000, 8.0, [7.5, 8.0, 9.0], 2.5, 1.0))
    assert "8.00 s" in row and "2.50 × ours (wanted 1 ×)" in row and "7.50-9.00" in row
    assert "not measured: why" in features.line(Result("tipg", note="why"))


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="gdal-bin is not installed")
def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RuntimeError):
        features.read(Source("x", "http://127.0.0.1:9", "building"), Path("/tmp/never.gpkg"))
