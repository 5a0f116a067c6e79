"""Ways of a file become part of the network: what meets is joined, what passes over is not."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis import districts
from gis.exchange import joining, known, store, undo
from gis.exchange.preview import Order, Preview, preview
from gis.walk import network
from sql import database
from sql.database import Conn, Database
from tests import files, town
from tests.town import HOME


@pytest.fixture
def filled(own: Database) -> Database:
    with database.admin(own) as conn:
        conn.execute("DELETE FROM app.district")
        districts.create(conn, HOME, town.content())
    return own


@pytest.fixture
def conn(filled: Database) -> Iterator[Conn]:
    with closing(database.admin(filled)) as conn:
        yield conn
        conn.rollback()


def look(conn: Conn, tmp_path: Path, *lines: Any, **columns: list[Any]) -> Preview:
    names = {"name": [f"路{k}" for k in range(len(lines))], **columns}
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.gpkg"
    files.features(path, "GPKG", list(lines), names)
    return preview(conn, HOME, path, Order("ways", "wgs84"))


def test_a_path_that_ends_half_a_metre_short_is_joined(filled: Database, tmp_path: Path) -> None:
    path = town.line((600, 0.5), (600, 379.6))  # between the south and the north road
    with database.admin(filled) as conn:
        before = known.stored(conn, HOME, "ways")
        ready = look(conn, tmp_path, path)
        assert ready.counts == {"new": 1, "changed": 2, "unchanged": 0, "refused": 0}
        assert ready.frame["line"].tolist() == [1, 0, 0]
        id = store.store(conn, HOME, ready)
    with database.admin(filled) as conn:
        row = conn.execute(
            """SELECT count(*) FROM app.way AS a
                 JOIN app.way AS b ON a.name = '路0' AND b.name <> '路0'
                  AND ST_Touches(a.geom, b.geom)"""
        ).fetchone()
        assert row == (2,)
        assert look(conn, tmp_path, path).counts["unchanged"] == 1
        assert undo.undo(conn, id) == 3
    with database.admin(filled) as conn:
        after = known.stored(conn, HOME, "ways")
        assert after.drop(columns="version").equals(before.drop(columns="version"))


def test_ways_that_cross_share_the_crossing_and_bridges_do_not(conn: Conn, tmp_path: Path) -> None:
    across = [town.line((500, -50), (500, 50)), town.line((700, -50), (700, 50))]
    ready = look(conn, tmp_path, *across, bridge=[False, True])
    assert ready.shape is not None
    assert shapely.get_num_coordinates(ready.shape[:2]).tolist() == [3, 2]
    assert ready.counts["changed"] == 1  # the south road, once


def lattice(rng: np.random.Generator, n: int) -> Any:
    xy = np.round(rng.uniform(0, 400, (n, 2, 2)), 3)
    return np.array([town.line(*map(tuple, line.tolist())) for line in xy], dtype=object)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_crosses_is_one_network(seed: int) -> None:
    """Joined, the ways have as many components as their union has: judged by shapely."""
    lines = lattice(np.random.default_rng(seed), 25)
    joined = joining.join(lines, np.ones(25, dtype=bool), np.zeros(25, dtype=bool), 35.25)
    rows = [town.way(f"{k}", (0, 0), (1, 1)) | {"geometry": line} for k, line in enumerate(joined)]
    net = network.build(*(town.table(name, some) for name, some in
                          (("way", rows), ("gate", []), ("compound", []))))  # fmt: skip
    assert components(net.source, net.target, len(net.lon)) == clusters(lines)
    assert np.abs(shapely.length(joined) - shapely.length(lines)).max() < 2e-5


def components(source: Any, target: Any, n: int) -> int:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(source)), (source, target)), shape=(n, n))
    return int(connected_components(graph, directed=False)[0])


def clusters(lines: Any) -> int:
    """How many groups of lines there are that lie within a metre of each other, one by one."""
    metres = town.PLANE.project(lines)
    near = [[a.distance(b) < 1 for b in metres] for a in metres]
    source, target = np.nonzero(near)
    return components(source, target, len(lines))
