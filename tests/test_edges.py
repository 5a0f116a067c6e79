"""Edges and access points edited by hand: they stay as they are left, and figures follow them."""

from typing import Any

import pytest

from gis import districts
from gis.coverage import coverage, unpublished
from gis.walk import report, variants
from sql import roles
from sql.database import Conn
from tests import town

CODE = town.HOME.code
BRIDGE = "way = (SELECT id FROM app.way WHERE bridge)"
PATH = "way = (SELECT id FROM app.way WHERE code = 'path')"
SOUTH = "way = (SELECT id FROM app.way WHERE code = 'south')"
LOST = "DELETE FROM net.access WHERE kind ="


@pytest.fixture
def conn(admin: Conn) -> Conn:
    """The town with its figures worked out: 250 households, 210 of them covered."""
    ways = [town.way("lane", (110, 10), (110, 60))]  # beside the south road, 90 m from house a
    districts.create(admin, town.HOME, town.content(ways), services=[("s1", "党务服务")])
    assert figures(admin) == (250, 210, 0)
    return admin


def figures(conn: Conn) -> tuple[int, int, int]:
    found = coverage(conn, CODE)
    return found["households"], found["households_covered"], found["unconnected"]["households"]


def health(conn: Conn) -> dict[str, Any]:
    home = districts.district(conn, CODE)
    return report.health(conn, home, "day", variants.at_minute(conn, CODE))


@pytest.mark.parametrize(
    ("edit", "expected", "away", "pieces"),
    [
        (f"DELETE FROM net.edge WHERE {BRIDGE}", (250, 210, 40), "c", 3),
        (f"DELETE FROM net.edge_{CODE} WHERE {BRIDGE}", (250, 210, 40), "c", 3),
        (f"DELETE FROM net.edge_{CODE}_live WHERE {BRIDGE}", (250, 210, 40), "c", 3),
        (f"DELETE FROM net.edge WHERE {PATH}", (250, 150, 60), "d", 2),
        (f"UPDATE net.edge SET forward_cm = -1, backward_cm = -1 WHERE {PATH}",
         (250, 150, 0), "", 2),
        ("TRUNCATE net.edge", (250, 0, 250), "abcd", 0),
        (f"{LOST} 'building' AND ref = (SELECT id FROM app.building WHERE code = 'b')",
         (250, 160, 50), "b", 2),
        (f"{LOST} 'station'", (250, 0, 0), "", 2),
    ],
)  # fmt: skip
def test_who_is_cut_off_follows(
    conn: Conn, edit: Any, expected: tuple[int, int, int], away: str, pieces: int
) -> None:
    conn.execute(edit)
    assert unpublished(conn) == [CODE]
    assert figures(conn) == expected
    found = health(conn)
    assert [b["code"] for b in found["unconnected_buildings"]] == list(away)
    assert found["components"]["count"] == pieces


def test_it_is_worked_out_once(conn: Conn) -> None:
    version = "SELECT edge FROM net.freshness"
    conn.execute(f"DELETE FROM net.edge WHERE {BRIDGE}")
    seen = []
    for _ in range(3):
        seen += conn.execute(version).fetchall()
        variants.ensure_network(conn, CODE)
    assert seen[0] != seen[1] == seen[2]


def test_edges_put_back(conn: Conn) -> None:
    before = coverage(conn, CODE)
    conn.execute(f"CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM net.edge WHERE {BRIDGE}")
    conn.execute(f"DELETE FROM net.edge WHERE {BRIDGE}")
    conn.execute(f"SET LOCAL ROLE {roles.ENGINE}")  # which has no more rights than it needs
    assert figures(conn) == (250, 210, 40)
    conn.execute("RESET ROLE")
    conn.execute("INSERT INTO net.edge TABLE kept")
    assert coverage(conn, CODE) == before


def test_a_rebuild_makes_them_anew(conn: Conn) -> None:
    conn.execute(f"DELETE FROM net.edge WHERE {BRIDGE}")
    assert figures(conn) == (250, 210, 40)
    conn.execute("UPDATE app.district SET snap_m = snap_m")
    assert figures(conn) == (250, 210, 0)


def test_connectors_to_deleted_edges_are_none(conn: Conn) -> None:
    """House a has its door 10 m from the south road and 90 m from the lane."""
    assert health(conn)["long_connectors"] == []
    conn.execute(f"DELETE FROM net.edge WHERE {SOUTH}")
    (one,) = health(conn)["long_connectors"]
    assert (one["code"], one["connector_cm"]) == ("a", 9_000)
