"""What people send by mistake: each file and each row gets its own answer, and the rest goes in."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis import districts
from gis.errors import BadInput
from gis.exchange import archive, store
from gis.exchange.preview import Order, Preview, preview
from sql import database
from sql.database import Conn, Database
from tests import files, town
from tests.files import Date
from tests.town import HOME
from web.commands.exchange import reason


@pytest.fixture(scope="module")
def filled(own: Database) -> Database:
    with database.admin(own) as conn:
        content = town.content()
        districts.create(conn, HOME, content, services=[("s1", "党务服务"), ("s2", "便民")])
    return own


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


def look(conn: Conn, path: Path, kind: str, **more: Any) -> Preview:
    return preview(conn, HOME, path, Order(kind, "wgs84", **more))


def told(ready: Preview) -> dict[int, str]:
    return {one["line"]: one["key"] for one in ready.refused()}


def refused(conn: Conn, path: Path, kind: str, **more: Any) -> BadInput:
    with pytest.raises(BadInput) as error:
        look(conn, path, kind, **more)
    said = reason({"key": error.value.key, "values": error.value.values})
    assert "。" in said
    return error.value


def lonlat(x: float, y: float) -> tuple[float, float]:
    point = town.place(shapely.Point(x, y))
    return point.x, point.y


STATIONS = "名称,类型,开放时间,建筑面积,经度,纬度\n"


def station(name: str, x: float, y: float, hours: str = "周一至周五 08:30-17:30") -> str:
    lon, lat = lonlat(x, y)
    return f"{name},驿站,{hours},６０.５㎡,{lon:.9f},{lat:.9f}\n"


def test_963_of_1000_go_in_and_37_are_explained(conn: Conn, tmp_path: Path) -> None:
    at = {1 + 27 * k: k for k in range(37)}
    rows = [bad(k, at[k]) if k in at else station(f"站{k}", *spot(k)) for k in range(1000)]
    path = files.csv(tmp_path / "站点.csv", STATIONS + "".join(rows), "gb18030")
    ready = look(conn, path, "stations")
    assert ready.counts == {"new": 963, "changed": 0, "unchanged": 0, "refused": 37}
    assert told(ready) == {k + 2: BAD[i % len(BAD)][1] for k, i in at.items()}
    for one in ready.refused():
        assert reason(one).count("。") >= 1
    id = store.store(conn, HOME, ready)
    row = conn.execute("SELECT added, left_out FROM app.import").fetchone()
    assert row == (963, 37)
    assert [one["line"] for one in store.refused(conn, HOME.code, id)] == [
        k + 2 for k in sorted(at)
    ]
    assert (conn.execute("SELECT count(*) FROM app.station").fetchone() or ())[0] == 964
    floor = conn.execute("SELECT DISTINCT floor_area FROM app.station WHERE code <> 'P'").fetchall()
    assert floor == [(60.5,)]


def spot(k: int) -> tuple[float, float]:
    """A place of the town clear of the river and of other stations."""
    y = 230 + 12 * (k // 50)
    return (15.0 * (k % 50) + 10, float(y) if y < 390 else float(y) - 400)


BAD = [
    (lambda k: station(f"水{k}", 100 + k, 200), "row_in_water"),
    (lambda k: station(f"点{k}", 300 + k, 390, "周一至周五 25:00-26:00"), "cell_hours"),
    (lambda k: station("", 400 + k, 390), "cell_missing"),
    (lambda k: station(f"远{k}", 90_000 + k, 0), "row_outside"),
    (lambda k: f"换{k},驿站,24/7,,35.2501,115.4501\n", "shape_swapped"),
    (lambda k: f"海{k},驿站,24/7,,-70.1,-33.2\n", "shape_elsewhere"),
    (lambda k: f"天{k},驿站,24/7,,11545.1,3525.2\n", "shape_off_globe"),
    (lambda k: f"空{k},驿站,24/7,,,\n", "shape_missing"),
    (lambda k: f"非{k},驿站,24/7,,NaN,35.25\n", "shape_missing"),
    (lambda k: f"字{k},驿站,24/7,,东经115度,35.25\n", "cell_number"),
    (lambda k: f"类{k},超市,24/7,,115.451,35.2501\n", "cell_choice"),
    (lambda k: f"积{k},驿站,24/7,-5,115.451,35.2501\n", "cell_positive"),
]  # fmt: skip


def bad(row: int, k: int) -> str:
    return BAD[k % len(BAD)][0](k)


def test_shapes_that_cross_themselves_or_are_empty(conn: Conn, tmp_path: Path) -> None:
    bow = town.place(shapely.Polygon([(0, 300), (20, 320), (20, 300), (0, 320)]))
    middle = np.array([[0], [np.nan], [0], [0], [0]])
    nan = shapely.transform(town.box(0, 300, 9, 309), lambda xy: xy + middle)
    good = town.box(40, 300, 50, 310)
    path = files.features(
        tmp_path / "a.gpkg", "GPKG", [bow, shapely.Polygon(), nan, good, town.line((0, 0), (9, 9))],
        {"name": list("abcde"), "floors": [1] * 5},
    )  # fmt: skip
    keys = told(look(conn, path, "buildings"))
    assert keys == {1: "shape_invalid", 2: "shape_empty", 3: "shape_not_a_number", 5: "shape_type"}


def test_columns_that_are_missing_are_named_and_matched_by_hand(conn: Conn, tmp_path: Path) -> None:
    lon, lat = lonlat(50, -10)
    text = f"叫什么,几点开,经度,纬度\n甲,每天8:00-22:00,{lon},{lat}\n"
    path = files.csv(tmp_path / "a.csv", text, "utf-8-sig")
    error = refused(conn, path, "stations")
    assert error.key == "columns_missing" and "name、hours" in str(error.values["names"])
    ready = look(conn, path, "stations", columns={"name": "叫什么", "hours": "几点开"})
    assert ready.frame["hours"].tolist() == ["Mo-Su 08:00-22:00"]
    assert refused(conn, path, "stations", columns={"name": "没有"}).key == "no_heading"
    assert refused(conn, path, "stations", columns={"nme": "叫什么"}).key == "no_field"


def test_files_that_no_one_should_open(conn: Conn, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        with parts.open("a.shp", "w") as stream:
            for _ in range(80):
                stream.write(bytes(archive.MB))
        parts.writestr("a.dbf", b"x")
    assert refused(conn, bomb, "buildings").key == "zip_bomb"
    sheet = tmp_path / "bomb.xlsx"
    bomb.rename(sheet)
    assert refused(conn, sheet, "members").key == "zip_bomb"
    huge = tmp_path / "huge.geojson"
    with huge.open("wb") as file:
        file.truncate(2 << 30)  # a hole: no disk is used
    assert refused(conn, huge, "buildings").key == "file_large"
    for name, raw, key in [
        ("a.zip", b"PK not a zip", "zip_broken"), ("b.xlsx", b"no workbook", "zip_broken"),
        ("c.geojson", b"{]", "cannot_read"), ("d.csv", b"", "file_empty"),
        ("e.exe", b"MZ", "file_kind"), ("f.xls", b"no workbook", "not_a_workbook"),
        ("g.csv", "名称,经度,纬度\n".encode(), "file_empty"), ("h.gpkg", b"x" * 99, "cannot_read"),
        ("i.csv", "名称\n".encode() + b"\x81\xff\xfe\xff", "encoding"),
    ]:  # fmt: skip
        (tmp_path / name).write_bytes(raw)
        assert refused(conn, tmp_path / name, "stations").key == key, name
    assert refused(conn, tmp_path / "nowhere.csv", "stations").key == "cannot_read"


def test_the_same_thing_twice_in_a_file(conn: Conn, tmp_path: Path) -> None:
    rows = [station("甲", 50, -10), station("乙", 80, -10), station("甲", 51, -10)]
    path = files.csv(tmp_path / "a.csv", STATIONS + "".join(rows))
    ready = look(conn, path, "stations")
    assert told(ready) == {4: "twice_in_file"}
    assert ready.refused()[0]["values"] == {"line": 2}


def test_a_roster_with_the_habits_of_spreadsheets(conn: Conn, tmp_path: Path) -> None:
    rows = [
        ["小镇党员名册（2026年）"],
        ["序号", "姓名", "人员身份", "居住地", None, "特长", "入党时间"],
        [None, None, None, "网格", "楼栋", None, None],
        [1, " 张三　", "党员、志愿者", "grid 371799001001001", "a", "会手语", Date(45000)],
        [2, "李四", "网格员", None, "ｄ", None, None],
        [3, "王五", "外星人", "grid 371799001001001", None, None, None],
        [4, "赵六", "党员", "没有这个网格", None, None, None],
        [5, Date(45000), "党员", "grid 371799001001002", None, None, None],
        [None, None, None, None, None, None, None],
        [6, "孙七", "党员", 371799001001002.0, "b", "医生；护士", None],
    ]
    merged = ["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "D4:D5"]
    path = files.xlsx(tmp_path / "名册.xlsx", rows, merged)
    ready = look(conn, path, "members")
    assert (
        ready.match.fields["area"] == "居住地/网格" and ready.match.fields["home"] == "居住地/楼栋"
    )
    assert ready.match.left == ["序号", "入党时间"]
    assert told(ready) == {6: "cell_choice", 7: "cell_unknown", 8: "cell_date"}
    assert ready.frame["area"].tolist()[1] == "371799001001001"  # merged with the row above
    assert ready.frame["home"].tolist()[:2] == ["a", "d"]
    first = ready.frame.iloc[0]
    assert (first["name"], first["roles"], first["area"], first["home"]) == (
        "张三", ("party_member", "volunteer"), "371799001001001", "a")  # fmt: skip


def test_excel_that_lost_the_digits_of_a_code(conn: Conn, tmp_path: Path) -> None:
    lon, lat = lonlat(50, -10)
    rows: list[list[Any]] = [
        ["编号", "名称", "开放时间", "经度", "纬度"],
        [3.71702001001e17, "甲", "24小时", lon, lat],
        ["3.717E+17", "乙", "24小时", lon, lat],
        [12.0, Date(45000), "24小时", lon, lat],
        [13.0, "丁", 0.354, lon, lat],
    ]
    path = files.xlsx(tmp_path / "a.xlsx", rows)
    keys = ["cell_rounded", "cell_rounded", "cell_date", "cell_hours"]
    assert told(look(conn, path, "stations")) == dict(zip(range(2, 6), keys, strict=True))


def test_a_text_that_is_no_utf_8_but_said_to_be(conn: Conn, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "a.csv", STATIONS + station("驿站", 50, -10), "gbk")
    assert refused(conn, path, "stations", encoding="utf-8").key == "encoding"
    assert look(conn, path, "stations").frame["name"].tolist() == ["驿站"]


def test_several_layers_want_a_name(conn: Conn, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for layer in ("one", "two"):
        files.features(path, "GPKG", [town.box(0, 300, 9, 309)], {"name": [layer]}, layer=layer,
                       append=path.exists())  # fmt: skip
    assert refused(conn, path, "buildings").values["known"] == "one、two"
    assert look(conn, path, "buildings", layer="two").frame["name"].tolist() == ["two"]


def test_reasons_are_told_in_both_languages(
    conn: Conn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.csv(tmp_path / "a.csv", STATIONS + station("", 100, -10))
    one = look(conn, path, "stations").refused()[0]
    assert json.loads(json.dumps(one)) == one
    assert reason(one) == "缺名称。补上。"
    monkeypatch.setenv("YIGE_LANG", "en")
    assert reason(one) == "name is missing. Fill it in."
