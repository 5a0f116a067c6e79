"""Boundaries with slivers: refused by the exact rule with the place, or mended and told."""

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis.errors import TilingError
from gis.exchange import known, store, undo
from gis.exchange.preview import Order, Preview, preview
from sql import database
from sql.database import Conn, Database
from tests import drawn, files
from tests.drawn import HOME, SUBDISTRICT

DRAWING = """
    AABB
    AABB
    CCDD
    CCDD
"""
METRE = 1 / 111_320


@pytest.fixture
def filled(own: Database) -> Database:
    with database.admin(own) as conn:
        conn.execute("DELETE FROM app.district")
        drawn.store(conn, DRAWING, "AB", "CD")
    return own


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


def squares(*letters: str) -> dict[str, Any]:
    cells = drawn.cells(DRAWING)
    return {letter: drawn.union(cells[letter]) for letter in letters}


def sliver(shape: Any, metres: float, x: float) -> Any:
    """Move the vertices on one meridian east."""

    def move(xy: Any) -> Any:
        on = np.abs(xy[:, 0] - x) < 1e-9
        return np.round(xy + on[:, None] * [[metres * METRE, 0]], 9)

    return shapely.transform(shape, move)


def grids(tmp_path: Path, shape: dict[str, Any], **more: list[Any]) -> Path:
    code = {"A": "001001", "B": "001002", "C": "002001", "D": "002002"}
    columns = {
        "网格编码": [f"{SUBDISTRICT}{code[letter]}" for letter in shape],
        "网格名称": list(shape), "级别": ["网格"] * len(shape),
        "上级": [f"{SUBDISTRICT}{code[letter][:3]}" for letter in shape], **more,
    }  # fmt: skip
    return files.shapefile(tmp_path / "网格.zip", list(shape.values()), columns)


def look(conn: Conn, path: Path, **more: Any) -> Preview:
    return preview(conn, HOME, path, Order("areas", "cgcs2000", **more))


def test_a_sliver_is_refused_with_its_place(conn: Conn, tmp_path: Path) -> None:
    shape = squares("A", "B")
    shape["A"] = sliver(shape["A"], -0.4, 115.002)
    with pytest.raises(TilingError, match="slivers") as error:
        look(conn, grids(tmp_path, shape))
    assert str(error.value.values["at"]).startswith("115.00")


def test_a_sliver_is_mended_on_request(filled: Database, tmp_path: Path) -> None:
    shape = squares("A", "B")
    shape["A"] = sliver(shape["A"], -0.4, 115.002)
    path = grids(tmp_path, shape)
    with database.admin(filled) as conn:
        ready = look(conn, path, repair=True)
        length = 2 * 0.001 / METRE
        for one in ready.mended:
            assert one.gained_m2 + one.lost_m2 < 0.4 * length * 1.2
        assert [one.name for one in ready.mended] == ["A"]  # it gives way to what is stored
        assert ready.counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}
        shape = {letter: sliver(one, -0.4, 115.002) for letter, one in squares("A", "B").items()}
        shape["B"] = sliver(shape["B"], -0.3, 115.002 - 0.4 * METRE)
        (tmp_path / "again").mkdir()
        ready = look(conn, grids(tmp_path / "again", shape), repair=True)
        assert ready.counts["changed"] >= 2
        before = known.stored(conn, HOME, "areas")
        id = store.store(conn, HOME, ready)
    with database.admin(filled) as conn:
        undo.undo(conn, id)
    with database.admin(filled) as conn:
        after = known.stored(conn, HOME, "areas")
        columns = ["code", "name", "geometry", "shape_id", "tiled", "parent"]
        assert after[columns].equals(before[columns])


def pair(shape: Any, x: float) -> Any:
    """Put two vertices 0.4 m apart into the middle of every edge on one meridian."""
    ring = list(shape.exterior.coords if shape.geom_type == "Polygon" else
                shape.geoms[0].exterior.coords)  # fmt: skip
    found = []
    for (x0, y0), (x1, y1) in pairwise(ring):
        found.append((x0, y0))
        if max(abs(x0 - x), abs(x1 - x)) < 1e-9:
            middle, step = (y0 + y1) / 2, 0.2 * METRE * (1 if y1 > y0 else -1)
            found += [(x, round(middle - step, 9)), (x, round(middle + step, 9))]
    return shapely.Polygon(found)


def test_areas_that_fit_are_not_mended_however_near_their_vertices(
    conn: Conn, tmp_path: Path
) -> None:
    shape = {letter: pair(one, 115.002) for letter, one in squares("A", "B", "C", "D").items()}
    ready = look(conn, grids(tmp_path, shape), repair=True)
    assert ready.mended == [] and ready.counts["changed"] >= 2


def test_a_border_that_moves_takes_the_levels_above_along(filled: Database, tmp_path: Path) -> None:
    # B and D reach 0.7 m farther east than the district: it is redrawn around them
    shape = {letter: sliver(one, 0.7, 115.004) for letter, one in squares("B", "D").items()}
    path = grids(tmp_path, shape)
    with database.admin(filled) as conn:
        with pytest.raises(TilingError):
            look(conn, path)
        ready = look(conn, path, repair=True)
        assert {one.code for one in ready.mended} == {
            HOME.code,
            SUBDISTRICT,
            f"{SUBDISTRICT}001",
            f"{SUBDISTRICT}002",
        }
        assert ready.counts["changed"] == 6
        store.store(conn, HOME, ready)
    with database.admin(filled) as conn:
        outline = known.outline(conn, HOME)
        assert outline.bounds[2] == round(115.004 + 0.7 * METRE, 9)


def test_a_whole_new_tree_without_codes(conn: Conn, tmp_path: Path) -> None:
    shape = squares("C")
    west, east = shapely.get_parts(
        shapely.intersection(shape["C"], [shapely.box(115, 34, 115.001, 36),
                                          shapely.box(115.001, 34, 116, 36)])
    )  # fmt: skip
    path = files.features(
        tmp_path / "a.gpkg", "GPKG", [west, east],
        {"name": ["C西", "C东"], "level": ["网格"] * 2, "parent": ["社区2"] * 2},
    )  # fmt: skip
    with pytest.raises(TilingError):  # C itself is still there
        look(conn, path)
    assert not look(conn, path, given={"parent": "C"}).counts["new"]


def test_codes_and_levels_are_held_to(conn: Conn, tmp_path: Path) -> None:
    shape = squares("A", "B")
    path = grids(tmp_path, shape, 级别=["社区", "什么"])
    keys = [one["key"] for one in look(conn, path).refused()]
    assert keys == ["area_code", "cell_choice"]
