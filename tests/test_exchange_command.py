"""`./yige import` and `./yige export`, as somebody at the keyboard meets them."""

import csv
import json
from pathlib import Path

import pytest

from gis import districts
from sql import database
from sql.database import Database
from tests import files, town
from tests.town import HOME
from web import cli

ASKED = ["--district", HOME.code, "--datum", "wgs84"]


@pytest.fixture(scope="module", autouse=True)
def filled(own: Database) -> Database:
    with database.admin(own) as conn:
        districts.create(conn, HOME, town.content(), services=[("s1", "党务服务")])
    return own


@pytest.fixture(autouse=True)
def at(own: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIGE_DATABASE_URL", own.conninfo())
    monkeypatch.delenv("YIGE_LANG", raising=False)


def table(tmp_path: Path) -> Path:
    rows = ["户数合计,楼号,楼层,geometry"]
    for k, households in enumerate(("12", "很多", "14")):
        rows.append(f'{households},{k}号楼,6,"{town.box(50 * k, 300, 50 * k + 20, 312).wkt}"')
    return files.csv(tmp_path / "楼.csv", "\n".join(rows), "gbk")


def buildings(own: Database) -> list[tuple[object, ...]]:
    with database.admin(own) as conn:
        return conn.execute(
            'SELECT name, households, estimated FROM app.building ORDER BY code COLLATE "C"'
        ).fetchall()


def test_in_with_a_list_of_what_is_wrong_and_out_again(
    own: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = buildings(own)
    told = str(tmp_path / "错.csv")
    command = ["import", "buildings", str(table(tmp_path)), *ASKED, "--refused", told,
               "--column", "households=户数合计"]  # fmt: skip
    assert cli.main([*command, "--dry-run"]) == 0
    assert "新增 2，改动 0，不变 0，有误 1" in capsys.readouterr().out
    assert buildings(own) == before
    assert cli.main([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["refused"], said["rows"][0]["line"]) == (2, 1, 3)
    with Path(told).open(encoding="utf-8-sig") as file:
        heads, row = csv.reader(file)
    assert heads == ["行", "原因", "户数合计", "楼号", "楼层", "geometry"]
    assert row[:3] == ["3", "户数合计：很多 不是数。只填数字。", "很多"]
    assert buildings(own)[-2:] == [("0号楼", 12, False), ("2号楼", 14, False)]
    assert cli.main(["import", "list", "--district", HOME.code]) == 0
    assert "楼.csv" in capsys.readouterr().out
    assert cli.main(["import", "undo", str(said["import"])]) == 0
    assert buildings(own) == before
    assert cli.main(["import", "undo", str(said["import"])]) == 1
    assert "已经撤销过" in capsys.readouterr().err


def test_a_count_replaces_an_estimate(own: Database, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "a.csv", "编号,户数\nc,41\n")  # c: 40, estimated
    assert cli.main(["import", "buildings", str(path), *ASKED]) == 0
    assert ("c", 41, False) in buildings(own)
    path = files.csv(tmp_path / "b.csv", "编号,户数\na,100\n")
    assert cli.main(["import", "buildings", str(path), *ASKED]) == 0
    assert ("a", 100, False) in buildings(own)


OUT = [("areas", "a.gpkg"), ("water", "a.kml"), ("services", "a.xlsx"), ("gates", "a.csv")]


@pytest.mark.parametrize(("layer", "name"), OUT)
def test_every_layer_goes_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layer: str, name: str
) -> None:
    assert cli.main(["export", layer, str(tmp_path / name), "--district", HOME.code]) == 0
    assert (tmp_path / name).stat().st_size > 0
    assert "cgcs2000" in capsys.readouterr().out


def test_what_cannot_go_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for layer, name, word in [("houses", "a.gpkg", "houses"), ("areas", "a.dwg", "a.dwg"),
                              ("areas", "no/a.gpkg", "a.gpkg")]:  # fmt: skip
        assert cli.main(["export", layer, str(tmp_path / name), "--district", HOME.code]) == 1
        assert word in capsys.readouterr().err
