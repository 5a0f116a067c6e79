"""Files in and out of a real district: what goes out comes back to the byte, and can be undone."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gis import crs, districts, members
from gis.errors import BadInput
from gis.exchange import known, store, undo, writing
from gis.exchange.preview import Order, Preview, preview
from gis.members import Draft
from sql import database
from sql.database import Conn, Database
from tests import files, town
from tests.town import HOME

KINDS = ("areas", "buildings", "stations", "ways", "members")
FORMATS = (".geojson", ".gpkg", ".kml", ".zip", ".csv", ".xlsx")
ALL_SAME = {"new": 0, "changed": 0, "refused": 0}


@pytest.fixture(scope="module")
def filled(own: Database) -> Database:
    with database.admin(own) as conn:
        content = town.content(
            stations=[town.station("Q", 700, -10, floor_area=512.25, services=["s1", "s2"])],
            buildings=[town.building("“丁”, 3号楼", 500, 120, 7, name='贵 "甲"1号楼；北,侧')],
        )
        services = [("s1", "党务服务"), ("s2", "便民服务")]
        districts.create(conn, HOME, content, services=services)
        conn.execute("UPDATE app.station SET capacity = 300 WHERE code = 'Q'")
        homes = dict(conn.execute("SELECT code, id FROM app.building").fetchall())
        people = [("王伟", homes["a"], ["会手语"]), ("王伟", homes["b"], []), ("王伟", None, []),
                  ("王伟", None, []), ("李四", homes["a"], ["护士", "司机"])]  # fmt: skip
        for name, home, skills in people:
            draft = Draft(name, ["party_member", "volunteer"], f"{town.COMMUNITY}001", skills, home)
            members.add(conn, HOME.code, draft)
    return own


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


def look(conn: Conn, path: Path, kind: str, datum: str = "wgs84", **more: Any) -> Preview:
    return preview(conn, HOME, path, Order(kind, datum, **more))


def told(ready: Preview) -> dict[int, str]:
    """Return the key of each refused line."""
    return {one["line"]: one["key"] for one in ready.refused()}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_out_comes_back_the_same(
    conn: Conn, tmp_path: Path, kind: str, suffix: str
) -> None:
    path = tmp_path / f"出{suffix}"
    count = writing.write(conn, HOME, kind, path, "cgcs2000")
    ready = look(conn, path, kind, "cgcs2000")
    assert not told(ready)
    assert ready.counts == {**ALL_SAME, "unchanged": count}
    assert count == len(known.stored(conn, HOME, kind)) > 0


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "wgs84"])
@pytest.mark.parametrize("kind", ["areas", "buildings", "stations"])
def test_a_round_trip_through_another_datum_is_exact(
    conn: Conn, tmp_path: Path, kind: str, datum: str
) -> None:
    path = tmp_path / "out.geojson"
    writing.write(conn, HOME, kind, path, datum)
    ready = look(conn, path, kind, datum)
    stored = known.stored(conn, HOME, kind)["geometry"].to_numpy(dtype=object)
    there = shapely.get_coordinates(ready.shape)
    assert len(there) == shapely.get_coordinates(stored).shape[0]
    at = np.abs(there - shapely.get_coordinates(stored[ready.target])).max()
    assert at <= 1.001e-9
    assert ready.counts == {**ALL_SAME, "unchanged": len(stored)}


def test_a_gbk_shapefile_goes_out_and_comes_back(conn: Conn, tmp_path: Path) -> None:
    path = tmp_path / "楼栋.zip"
    count = writing.write(conn, HOME, "buildings", path, encoding="GBK")
    ready = look(conn, path, "buildings", "cgcs2000")
    assert ready.encoding == "GB18030"
    assert ready.counts == {**ALL_SAME, "unchanged": count}


def test_a_file_that_says_its_datum_is_held_to_it(conn: Conn, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    writing.write(conn, HOME, "stations", path, "gcj02")
    with pytest.raises(Exception, match="datum_said"):
        look(conn, path, "stations", "wgs84")


def houses(n: int, **columns: Any) -> tuple[list[Any], dict[str, list[Any]]]:
    shape = [town.box(20 + 30 * k, 300, 40 + 30 * k, 312) for k in range(n)]
    base = {"楼栋编号": [f"N{k}" for k in range(n)], "楼栋名称": [f"新{k}号楼" for k in range(n)],
            "户数": [10 + k for k in range(n)], "楼层": [6] * n, "类型": ["住宅"] * n}  # fmt: skip
    return shape, {**base, **columns}


@pytest.mark.parametrize("cpg", [None, "GBK", "UTF-8"])
def test_a_gbk_shapefile_is_read_whatever_it_says(
    conn: Conn, tmp_path: Path, cpg: str | None
) -> None:
    path = files.shapefile(tmp_path / "a.zip", *houses(5), cpg=cpg)
    ready = look(conn, path, "buildings")
    assert ready.counts == {**ALL_SAME, "new": 5, "unchanged": 0}
    assert ready.frame["name"].tolist() == [f"新{k}号楼" for k in range(5)]
    assert ready.frame["households"].tolist() == [10, 11, 12, 13, 14]
    assert ready.frame["people"].tolist() == [round(2.62 * n) for n in range(10, 15)]


def test_nothing_goes_in_twice_and_the_whole_comes_out_again(own: Database, filled: Database,
                                                             tmp_path: Path) -> None:  # fmt: skip
    path = files.shapefile(tmp_path / "a.zip", *houses(3))
    with database.admin(filled) as conn:
        before = known.stored(conn, HOME, "buildings").drop(columns="version")
        id = store.store(conn, HOME, look(conn, path, "buildings"))
    with database.admin(filled) as conn:
        assert look(conn, path, "buildings").counts == {**ALL_SAME, "unchanged": 3}
        bare, columns = houses(3)
        columns.pop("楼栋编号")
        again = files.shapefile(tmp_path / "b.zip", bare, columns)
        assert look(conn, again, "buildings").counts == {**ALL_SAME, "unchanged": 3}
        _, more = houses(3, 户数=[10, 99, 12])
        changed = look(conn, files.shapefile(tmp_path / "c.zip", bare, more), "buildings")
        assert changed.counts == {"new": 0, "changed": 1, "unchanged": 2, "refused": 0}
        second = store.store(conn, HOME, changed)
    with database.admin(filled) as conn, pytest.raises(Exception, match="import_touched"):
        undo.undo(conn, id)
    with database.admin(filled) as conn:
        assert undo.undo(conn, second) == 1
    with database.admin(filled) as conn:
        left = conn.execute("SELECT households FROM app.building WHERE code = 'N1'").fetchone()
        assert left == (11,)
        assert undo.undo(conn, id) == 3
    with database.admin(filled) as conn:
        after = known.stored(conn, HOME, "buildings").drop(columns="version")
        assert after.astype(str).equals(before.astype(str))
        with pytest.raises(Exception, match="import_undone"):
            undo.undo(conn, id)


def test_who_waited_for_another_import_begins_anew(filled: Database) -> None:
    """What it brought in is in force since later than a transaction that began before."""
    found: list[bool] = []

    def second() -> None:
        with database.admin(filled) as conn:
            found.append(store.alone(conn, HOME))

    waiting = threading.Thread(target=second)
    with database.admin(filled) as conn:
        assert store.alone(conn, HOME)
        waiting.start()
        blocked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while (conn.execute(blocked).fetchone() or (0,))[0] == 0:
            assert waiting.is_alive()
    waiting.join()
    assert found == [False]


def along(n: int) -> tuple[list[Any], dict[str, list[Any]]]:
    """Houses 6 m beside the two roads, none across them."""
    shape = [
        town.box(5 + 22 * (k // 2), 6 if k % 2 else 364, 23 + 22 * (k // 2), 16 if k % 2 else 374)
        for k in range(n)
    ]
    return shape, {"name": [f"{k}号" for k in range(n)], "floors": [6] * n, "households": [9] * n}


def in_datum(shape: list[Any], datum: str) -> list[Any]:
    def shift(xy: Any) -> Any:
        return np.stack(crs.shifted(xy[:, 0], xy[:, 1], datum), axis=1)

    return list(shapely.transform(np.array(shape, dtype=object), shift))


@pytest.mark.parametrize(("true", "said"), [("gcj02", "wgs84"), ("bd09", "cgcs2000"),
                                            ("bd09", "gcj02"), ("wgs84", "gcj02")])  # fmt: skip
def test_another_datum_than_said_is_refused_with_the_shift(
    conn: Conn, tmp_path: Path, true: str, said: str
) -> None:
    shape, columns = along(60)
    path = files.features(tmp_path / "a.gpkg", "GPKG", in_datum(shape, true), columns)
    with pytest.raises(BadInput, match="datum_shift") as refused:
        look(conn, path, "buildings", said)
    lon, lat = np.array([HOME.longitude]), np.array([HOME.latitude])
    x, y = town.PLANE.forward(*crs.to_stored(*crs.shifted(lon, lat, true), said))
    assert refused.value.values["likely"] == true
    assert abs(refused.value.values["metres"] - float(np.hypot(x, y)[0])) < 5  # type: ignore[operator]
    assert look(conn, path, "buildings", true).counts["new"] == 60
    assert look(conn, path, "buildings", said, trust=True).counts["new"] <= 60


def test_few_features_are_not_judged(conn: Conn, tmp_path: Path) -> None:
    shape, columns = along(20)
    path = files.features(tmp_path / "a.gpkg", "GPKG", in_datum(shape, "gcj02"), columns)
    assert look(conn, path, "buildings", "gcj02").fit is None
    shape, columns = along(40)
    path = files.features(tmp_path / "b.gpkg", "GPKG", shape, columns)
    fit = look(conn, path, "buildings", "wgs84").fit
    assert fit is not None and fit.shares["lined"]["wgs84"] > 0.9


def test_metres_of_a_projection_are_brought_to_degrees(conn: Conn, tmp_path: Path) -> None:
    shape, columns = along(40)
    to = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)

    def plane(xy: Any) -> Any:
        return np.stack(to.transform(xy[:, 0], xy[:, 1]), axis=1)

    there = list(shapely.transform(np.array(shape, dtype=object), plane))
    path = files.shapefile(tmp_path / "a.zip", there, columns, crs="EPSG:4548")
    ready = look(conn, path, "buildings", "cgcs2000")
    assert ready.counts["new"] == 40
    assert ready.shape is not None
    one, other = (
        shapely.get_coordinates(shapely.normalize(some)) for some in (list(ready.shape), shape)
    )
    assert np.abs(one - other).max() < 2e-9
