"""Walks and loads of who could serve, counted again: by networkx, and by plain sums."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import assignment, errors, members, serving, suitable
from gis.members import Draft
from gis.serving import Target
from gis.walk import between, engine, variants
from sql import database
from sql.database import Conn, Database
from tests import recount, staff, town
from tests.recount import Recount
from tests.staff import CODE, EAST, WEST, E, Staff, W, act, assigned, grid

SPEED = 400_000  # cm/h, the standard profile


@pytest.fixture(scope="module")
def stored(own: Database) -> Staff:
    with database.admin(own) as conn:
        made = staff.fill(conn)
        conn.execute("UPDATE app.way SET foot = 'forward' WHERE code = 'north'")
        variants.ensure_network(conn, CODE)
        engine.walk(conn, CODE)
        return made


@pytest.fixture
def conn(own: Database, stored: Staff) -> Iterator[Conn]:
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()


def judge(conn: Conn) -> Recount:
    """Read the network from the tables themselves; gates as on a working day at 10:00."""
    rows = conn.execute(
        """SELECT e.id, e.source, e.target, e.length_cm, e.forward_cm, e.backward_cm, a.gate, b.gate
             FROM net.edge AS e
             JOIN net.node AS a ON a.id = e.source
             JOIN net.node AS b ON b.id = e.target
            WHERE e.district = %(d)s AND a.district = %(d)s AND b.district = %(d)s""",
        {"d": CODE},
    ).fetchall()
    shut = {i for (i,) in conn.execute("SELECT id FROM app.gate WHERE NOT open @> 3480").fetchall()}
    names = ("id", "source", "target", "length_cm", "forward_cm", "backward_cm")
    edge = {}
    for *values, gate_a, gate_b in rows:
        one = dict(zip(names, values, strict=True))
        one["forward_cm"] = -1 if gate_b in shut else one["forward_cm"]
        one["backward_cm"] = -1 if gate_a in shut else one["backward_cm"]
        edge[one["id"]] = one
    access: dict[tuple[str, str], list[dict[str, int]]] = {}
    for kind, ref, e, x, c in conn.execute(
        "SELECT kind, ref, edge, from_source_cm, connector_cm FROM net.access WHERE district = %s",
        [CODE],
    ):
        row = {"edge": e, "from_source_cm": x, "connector_cm": c}
        access.setdefault((kind, str(ref)), []).append(row)
    return Recount(edge, turned(edge), [], access, [], [])


def turned(edge: dict[int, dict[str, int]]) -> Any:
    """The open ways from their ends back; of several between two nodes the cheapest."""
    back = nx.DiGraph()
    for row in edge.values():
        for a, b, cost in [
            (row["source"], row["target"], row["forward_cm"]),
            (row["target"], row["source"], row["backward_cm"]),
        ]:
            if cost >= 0 and cost < back.get_edge_data(b, a, {"cost": cost + 1})["cost"]:
                back.add_edge(b, a, cost=cost)
    return back


def cheapest(of: Recount, home: int, kind: str, place: list[int]) -> int | None:
    """The cheapest walk from a building to any of some buildings, or to a station."""
    ends = [row for one in place for row in of.access.get((kind, str(one)), [])]
    joined = replace(of, access={**of.access, ("station", "place"): ends})
    to = recount.costs_to(joined, "place")
    return recount.cost(joined, of.access.get(("building", str(home)), []), "place", to)


def place_of(conn: Conn, to: Target) -> tuple[str, list[int]]:
    if to.kind != "area":
        return to.kind, [to.id]
    rows = conn.execute(
        """SELECT b.id FROM app.building AS b JOIN net.placement AS p ON p.building = b.id
            WHERE p.area = %s AND b.households > 0""",
        [to.id],
    )
    return "building", [i for (i,) in rows]


@pytest.mark.parametrize(
    ("kind", "key"),
    [("area", W), ("area", E), ("area", CODE), ("area", WEST), ("building", "a"),
     ("building", "g"), ("station", "P"), ("station", "Q")],
)  # fmt: skip
def test_walks_are_those_of_another_engine(conn: Conn, stored: Staff, kind: str, key: str) -> None:
    to = serving.target(conn, CODE, kind, stored.building[key] if kind == "building" else key)
    found = suitable.walks(conn, CODE, to, [*stored.building.values()])
    other, (of, place) = judge(conn), place_of(conn, to)
    for home in stored.building.values():
        own = of == "building" and home in place
        assert found.get(home) == (0 if own else cheapest(other, home, of, place)), home


def test_ways_to_stations_are_those_of_another_engine(conn: Conn, stored: Staff) -> None:
    stations = dict(conn.execute("SELECT code, id FROM app.station").fetchall())
    other = judge(conn)
    for code in (W, E):
        _, place = place_of(conn, grid(conn, code))
        found = between.to_stations(conn, CODE, place, [*stations.values()])
        for id in stations.values():
            costs = [cheapest(other, home, "station", [id]) for home in place]
            assert found.get(id) == min(c for c in costs if c is not None)


def test_the_line_of_a_walk_is_as_long_as_it_says(conn: Conn, stored: Staff) -> None:
    to, who = grid(conn, W), stored.member["李丁"]
    found = suitable.way(conn, CODE, to, who)
    assert (
        found["cost_cm"]
        == suitable.walks(conn, CODE, to, [stored.building["b"]])[stored.building["b"]]
    )
    line = conn.execute(
        """SELECT ST_Length(ST_SetSRID(ST_GeomFromGeoJSON(%s::text), 4490)::geography)""",
        [str(found["path"]).replace("'", '"')],
    ).fetchone()
    # drawn from the middle of one house to that of the other, walked from door to door
    assert line is not None and 0 <= line[0] - found["cost_cm"] / 100 < 20
    assert suitable.way(conn, CODE, to, stored.member["赵甲"]) == {
        "cost_cm": 0, "minutes": 0, "path": None,
    }  # fmt: skip
    with pytest.raises(errors.NotFound):
        suitable.way(conn, CODE, to, stored.member["吴己"])


def test_minutes_are_rounded_up_and_people_in_order(conn: Conn, stored: Staff) -> None:
    act(conn, stored.account["planner"])
    found = suitable.suitable(conn, CODE, grid(conn, W), "grid_member")
    assert {one.name for one in found} == {"赵甲", "钱乙", "李丁", "吴己"}
    for one in found:
        if one.cost_cm is not None:
            assert one.minutes == -(-60 * one.cost_cm // SPEED)
    order = [(one.over, one.cost_cm is None, one.cost_cm or 0, one.held) for one in found]
    assert order == sorted(order)
    few = suitable.suitable(conn, CODE, grid(conn, W), "grid_member", limit=2)
    assert few == found[:2]


def test_who_holds_the_post_there_is_no_candidate(conn: Conn, stored: Staff) -> None:
    act(conn, stored.account["planner"])
    made = assigned(conn, W, stored.member["赵甲"])
    names = [one.name for one in suitable.suitable(conn, CODE, grid(conn, W), "grid_member")]
    assert "赵甲" not in names
    assignment.undo(conn, CODE, made.id, 1)
    names = [one.name for one in suitable.suitable(conn, CODE, grid(conn, W), "grid_member")]
    assert "赵甲" in names


HELD = st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=5)


def test_loads_are_sums_over_what_is_served(own: Database, stored: Staff) -> None:
    """Of any posts of a member: the households of the same post, whatever the others are."""
    size = {"a": 100, "b": 50, "c": 40, "d": 60, "e": 30, "f": 20, W: 160, E: 140}

    @settings(max_examples=25, deadline=None)
    @given(HELD, st.sampled_from([None, W, E]))
    def check(held: list[tuple[str, bool]], cell: str | None) -> None:
        with database.admin(own) as conn:
            act(conn, stored.account["planner"])
            roles = ["building_head", "grid_member", "volunteer"]
            who = members.add(conn, CODE, Draft("新人", roles, CODE)).id
            expected, posts = 0, 0
            for house, is_head in dict(held).items():
                to = serving.target(conn, CODE, "building", stored.building[house])
                role = "building_head" if is_head else "volunteer"
                assignment.assign(conn, CODE, to, role, member=who)
                expected += size[house] if is_head else 0
                posts += 1
            if cell:
                assigned(conn, cell, who)
            house = serving.target(conn, CODE, "building", stored.building["g"])
            found = suitable.suitable(conn, CODE, house, "building_head", q="新人")
            assert [(one.load_before, one.load_after) for one in found] == [(expected, expected)]
            assert found[0].held == posts + (cell is not None)
            if not cell:
                one = suitable.suitable(conn, CODE, grid(conn, W), "grid_member", q="新人")[0]
                assert (one.load_before, one.load_after, one.over) == (0, 160, False)
            conn.rollback()

    check()


def test_too_much_comes_last_and_says_so(conn: Conn, stored: Staff) -> None:
    conn.execute("UPDATE app.building SET households = 400 WHERE code = 'b'")
    act(conn, stored.account["planner"])
    assigned(conn, E, stored.member["赵甲"])
    found = suitable.suitable(conn, CODE, grid(conn, W), "grid_member")
    assert found[-1].name == "赵甲" and found[-1].over
    assert (found[-1].load_before, found[-1].load_after) == (490, 650)
    assert found[-1].serves == (("grid_member", f"grid {E}"),)


def test_people_out_of_sight_are_no_candidates(conn: Conn, stored: Staff) -> None:
    act(conn, stored.account["planner_west"])
    found = suitable.suitable(conn, CODE, grid(conn, W), "grid_member")
    assert {one.name for one in found} == {"赵甲", "钱乙"}
    act(conn, stored.account["official"])
    assert suitable.suitable(conn, CODE, grid(conn, W), "grid_member") == []
    with pytest.raises(errors.NotFound):
        suitable.way(conn, CODE, grid(conn, W), stored.member["赵甲"])
    assert town.HOME.code == CODE and EAST != WEST
