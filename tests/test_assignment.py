"""Assignments: what the database holds true, who may see and change them, undo, two at once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import CheckViolation, Error, InsufficientPrivilege

from gis import assignment, errors, history, holes, members, posts, serving
from sql import database
from sql.database import Conn, Database
from tests import staff
from tests.staff import CODE, EAST, WEST, E, Staff, W, act, as_, assigned, grid, names

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(own: Database) -> Staff:
    with database.admin(own) as conn:
        return staff.fill(conn)


@pytest.fixture
def conn(own: Database, town: Staff) -> Iterator[Conn]:
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()


# What holds whatever program writes.

ROW = {"role": "volunteer", "member": "赵甲", "area": W}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"member": None}, "one_who"),
    ({"serving_station": "P"}, "one_who"),
    ({"area": None}, "one_target"),
    ({"building": "a"}, "one_target"),
    ({"role": "king", "member": None, "serving_station": "P"}, "role_known"),
    ({"role": "king"}, "member_may"),
    ({"member": None, "serving_station": "P"}, "station_serves"),
    ({"role": "building_head", "member": "钱乙"}, "role_fits"),
    ({"role": "grid_member", "area": WEST}, "role_fits"),
    ({"role": "secretary"}, "member_may"),
    ({"role": "grid_member", "member": "孙丙", "period": "[2025-01-01,)"}, "member_may"),
    ({"period": "empty"}, "half_open"),
    ({"period": "[2026-01-01,2026-02-01]"}, "half_open"),
    ({"note": "x" * 501}, "note"),
]


def insert(conn: Conn, row: dict[str, Any]) -> int:
    conn.execute("SET LOCAL timezone = 'UTC'")
    names = ("role", "member", "serving_station", "area", "building", "station")
    values = {**dict.fromkeys(names), "period": "[2026-01-01,)", "note": "", **row}
    found = conn.execute(
        """INSERT INTO app.assignment (district, role, member, serving_station, area, building,
                                       station, period, note)
           SELECT '371799', %(role)s, (SELECT id FROM app.member WHERE name = %(member)s),
                  (SELECT id FROM app.station WHERE code = %(serving_station)s),
                  (SELECT id FROM app.area WHERE code = %(area)s),
                  (SELECT id FROM app.building WHERE code = %(building)s),
                  (SELECT id FROM app.station WHERE code = %(station)s), %(period)s, %(note)s
           RETURNING id""",
        values,
    ).fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize(("change", "rule"), BAD, ids=lambda v: str(v))
def test_no_program_writes_nonsense(conn: Conn, change: dict[str, Any], rule: str) -> None:
    insert(conn, ROW)
    with pytest.raises(CheckViolation) as refused:
        insert(conn, {**ROW, "period": "[2025-01-01,2025-02-01)", **change})
    assert rule in str(refused.value.diag.constraint_name)


ONCE = [
    ("once", ROW, ROW),
    ("once", {"role": "station", "serving_station": "P", "area": W},
     {"role": "station", "serving_station": "P", "area": W}),
    ("one_grid_member", {"role": "grid_member", "member": "赵甲", "area": W},
     {"role": "grid_member", "member": "李丁", "area": W}),
    ("one_building_head", {"role": "building_head", "member": "钱乙", "building": "a"},
     {"role": "building_head", "member": "钱乙", "building": "a"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "one", "other"), ONCE)
def test_no_post_is_held_twice(
    conn: Conn, rule: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    insert(conn, {**one, "period": "[2026-01-01,2026-06-01)"})
    insert(conn, {**other, "period": "[2026-06-01,)"})
    insert(conn, {**other, "period": "[2025-01-01,2026-01-01)"})
    for period in ("[2025-12-31,2026-01-02)", "(,)", "[2026-05-31 23:59:59.999999,2026-06-01)"):
        with pytest.raises(Error) as refused, conn.transaction():
            insert(conn, {**other, "period": period})
        assert refused.value.diag.constraint_name in (rule, "once")


PERIODS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["赵甲", "李丁"])),
    max_size=8,
)


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(PERIODS)
def test_of_any_periods_those_are_taken_that_do_not_overlap(
    conn: Conn, town: Staff, asked: list[tuple[int, int, str]]
) -> None:
    taken: list[tuple[int, int]] = []
    with conn.transaction(force_rollback=True):
        to = grid(conn, W)
        for a, b, who in asked:
            good = a < b and all(b <= x or y <= a for x, y in taken)
            since, until = NOW + timedelta(days=a), NOW + timedelta(days=b)
            try:
                assignment.assign(
                    conn, CODE, to, "grid_member", member=town.member[who], since=since, until=until
                )
                assert good
                taken.append((a, b))
            except (errors.Conflict, errors.BadInput) as error:
                assert not good
                assert (error.key == "period_ends_first") == (b <= a)


def test_posts_say_what_the_database_says(conn: Conn) -> None:
    target = {"area": W, "building": "a", "station": "P"}
    for post in posts.POSTS.values():
        conn.execute(
            "UPDATE app.member SET roles = %s WHERE name = '赵甲'", [[*posts.MEMBER_POSTS]]
        )
        who = {"serving_station": "Q"} if post.code == "station" else {"member": "赵甲"}
        for kind, key in target.items():
            try:
                with conn.transaction():
                    insert(conn, {"role": post.code, **who, kind: key})
                fits = True
            except CheckViolation:
                fits = False
            assert fits == (kind in post.targets), (post.code, kind)


# Assigning, and what is refused.


def test_a_grid_gets_its_member(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    to = grid(conn, W)
    made = assigned(conn, W, town.member["赵甲"])
    assert names(conn, to, "grid_member") == ["赵甲"]
    with pytest.raises(errors.Conflict) as taken:
        assigned(conn, W, town.member["钱乙"])
    assert (taken.value.key, taken.value.values["who"]) == ("post_taken", "赵甲")
    with pytest.raises(errors.Conflict) as twice:
        assigned(conn, W, town.member["赵甲"])
    assert twice.value.key in ("post_taken", "serves_already")
    ended = assignment.end(conn, CODE, made.id, 1)
    assert (ended.version, names(conn, to, "grid_member")) == (None, [])  # not a moment served


def test_one_who_leaves_and_the_next(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    to = grid(conn, W)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    made = assignment.assign(conn, CODE, to, "grid_member", member=town.member["赵甲"], since=since)
    assert assignment.end(conn, CODE, made.id, 1) == assignment.Stored(made.id, 2)
    assigned(conn, W, town.member["钱乙"])
    assert names(conn, to) == ["钱乙"]
    with pytest.raises(errors.Conflict):  # the first comes back over the second
        assignment.undo(conn, CODE, made.id, 2)


def test_periods_and_notes_are_changed(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner"])
    made = assigned(conn, W, town.member["李丁"])
    later = datetime.now(UTC) + timedelta(days=30)
    second = assignment.change(conn, CODE, made.id, 1, until=later, note="代班")
    third = assignment.change(conn, CODE, made.id, 2, open_end=True)
    assert (second.version, third.version) == (2, 3)
    before, after = (history.history(conn, CODE, "assignment", made.id)[0], None)
    assert before.before is not None and before.after is not None
    assert before.before["note"] == before.after["note"] == "代班"
    assert before.after["period"].endswith(",)") and not before.before["period"].endswith(",)")
    with pytest.raises(errors.BadInput) as refused:
        assignment.change(conn, CODE, made.id, 3, until=datetime(2020, 1, 1, tzinfo=UTC))
    assert (refused.value.key, after) == ("period_ends_first", None)


@pytest.mark.parametrize(
    ("role", "asked", "error", "key"),
    [
        ("king", {}, errors.BadInput, "no_post"),
        ("building_head", {}, errors.BadInput, "post_unfit"),
        ("cadre", {"member": "赵甲"}, errors.BadInput, "member_may_not"),
        ("grid_member", {"member": "孙丙"}, errors.BadInput, "member_may_not"),
        ("grid_member", {"member": "李丁"}, errors.NotFound, "no_member"),
        ("station", {"member": "赵甲"}, errors.BadInput, "post_unfit"),
        ("station", {"serving_station": 10**9}, errors.NotFound, "no_station"),
        ("grid_member", {"until": datetime(2020, 1, 1, tzinfo=UTC)}, errors.BadInput,
         "period_ends_first"),
    ],
)  # fmt: skip
def test_what_cannot_be_assigned(
    conn: Conn, town: Staff, role: str, asked: dict[str, Any], error: type[Any], key: str
) -> None:
    act(conn, town.account["planner_west"])
    if role != "station" or "member" in asked:
        asked = {"member": "赵甲", **asked}
        asked["member"] = town.member[asked["member"]]
    with pytest.raises(error) as refused:
        assignment.assign(conn, CODE, grid(conn, W), role, **asked)
    assert refused.value.key == key
    assert names(conn, grid(conn, W)) == []


def test_a_station_serves_a_grid(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    station = conn.execute("SELECT id FROM app.station WHERE code = 'Q'").fetchone()
    assert station is not None
    assignment.assign(conn, CODE, grid(conn, W), "station", serving_station=station[0])
    assert names(conn, grid(conn, W), "station") == ["Q驿站"]


# Who sees and changes what.


@pytest.mark.parametrize(
    ("login", "served", "changed"),
    [
        ("planner", {"赵甲", "李丁", "周戊"}, 3), ("planner_west", {"赵甲"}, 1),
        ("dispatcher_west", {"赵甲"}, 1), ("admin_west", {"赵甲"}, 1),
        ("planner_east", {"李丁", "周戊"}, 2), ("official", {"赵甲", "李丁"}, 0),
        ("official_west", {"赵甲"}, 0), ("field_west", {"赵甲"}, 0), (None, set(), 0),
        ("neighbour", set(), 0),
    ],
)  # fmt: skip
def test_rights_by_role_and_area(
    conn: Conn, town: Staff, login: str | None, served: set[str], changed: int
) -> None:
    row = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    act(conn, town.account["planner"])
    made = [
        assigned(conn, W, town.member["赵甲"]), assigned(conn, E, town.member["李丁"]),
        assigned(conn, E, town.member["周戊"], "party_member"),
    ]  # fmt: skip
    targets = [grid(conn, code) for code in (W, E)]
    act(conn, row[0] if row else None)
    assert {s.name for s in serving.serving(conn, CODE, targets)} == served
    mine = conn.execute("SELECT id FROM app.assignment").rowcount
    assert mine == conn.execute("UPDATE app.assignment SET note = 'x'").rowcount == changed
    can = [bool(history.history(conn, CODE, "assignment", one.id)) for one in made]
    assert sum(can) == changed
    for one, seen in zip(made, can, strict=True):
        if not seen:
            for act_on in (assignment.end, assignment.undo):
                with pytest.raises(errors.NotFound):
                    act_on(conn, CODE, one.id, 1)


@pytest.mark.parametrize(
    ("login", "to", "refusal"),
    [("official_west", W, errors.NotFound), ("field_west", W, errors.NotFound),
     ("planner_west", E, errors.NotFound), ("planner_east", W, errors.NotFound)],
)  # fmt: skip
def test_nobody_assigns_elsewhere(
    conn: Conn, town: Staff, login: str, to: str, refusal: type[Exception]
) -> None:
    target = grid(conn, to)
    act(conn, town.account[login])
    who = town.member["李丁" if login == "planner_east" else "赵甲"]
    with pytest.raises((refusal, errors.Forbidden)):
        assignment.assign(conn, CODE, target, "grid_member", member=who)
    if login.startswith("planner"):
        with pytest.raises(errors.NotFound):
            grid(conn, to)
        own = conn.execute("SELECT id FROM app.area WHERE code = %s", [{W: E, E: W}[to]])
        values = {"own": own.fetchone()[0], "who": who, "to": target.id}  # type: ignore[index]
        conn.execute(
            """INSERT INTO app.assignment (district, role, member, area)
               VALUES ('371799', 'grid_member', %(who)s, %(own)s)""",
            values,
        )
        with pytest.raises(InsufficientPrivilege):
            conn.execute("UPDATE app.assignment SET area = %(to)s WHERE member = %(who)s", values)


def test_a_building_or_station_out_of_sight_is_not_there(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    for kind, key in [("building", town.building["b"]), ("station", "Q"), ("area", EAST)]:
        with pytest.raises(errors.NotFound):
            serving.target(conn, CODE, kind, key)
    for kind, key in [("building", town.building["a"]), ("station", "P"), ("area", WEST)]:
        assert serving.target(conn, CODE, kind, key).kind == kind


# Undo and history.


def state(conn: Conn, id: int) -> Any:
    row = conn.execute(
        "SELECT to_jsonb(a) - 'version' FROM app.assignment AS a WHERE id = %s", [id]
    ).fetchone()
    return row[0] if row else None


def test_every_change_is_undone_and_done_again(own: Database, town: Staff) -> None:
    with as_(own, town.account["planner_west"]) as conn:
        made = assigned(conn, W, town.member["赵甲"])
        first = state(conn, made.id)
        assert assignment.undo(conn, CODE, made.id, 1) == assignment.Stored(made.id, None)
        assert state(conn, made.id) is None
        again = assignment.undo(conn, CODE, made.id, 1)  # an undone insert comes back
        assert (again.version, state(conn, made.id)) == (2, first)
        later = datetime.now(UTC) + timedelta(days=9)
        assignment.change(conn, CODE, made.id, 2, until=later, note="代班")
        second = state(conn, made.id)
        assert assignment.undo(conn, CODE, made.id, 3).version == 4
        assert state(conn, made.id) == first != second
        assert assignment.undo(conn, CODE, made.id, 4).version == 5
        assert state(conn, made.id) == second
        conn.execute("DELETE FROM app.assignment WHERE id = %s", [made.id])
        assert assignment.undo(conn, CODE, made.id, 5).version == 6
        assert state(conn, made.id) == second
        found = history.history(conn, CODE, "assignment", made.id)
        assert [one.operation for one in found[::-1]] == [
            "INSERT", "DELETE", "INSERT", "UPDATE", "UPDATE", "UPDATE", "DELETE", "INSERT",
        ]  # fmt: skip
        assert {one.who for one in found} == {"planner_west"}
        assert {one.name for one in found} == {"赵甲"}
        versions = [one.version for one in found[::-1]]
        assert versions == sorted(versions)


def test_undo_needs_the_version_it_was_asked_for(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    made = assigned(conn, W, town.member["赵甲"])
    assignment.change(conn, CODE, made.id, 1, note="代班")
    for version in (1, 3):
        with pytest.raises(errors.Conflict) as stale:
            assignment.undo(conn, CODE, made.id, version)
        assert stale.value.key == "changed_meanwhile"
    with pytest.raises(errors.NotFound):
        assignment.undo(conn, CODE, 10**9, 1)


def test_what_was_done_in_bulk_is_not_undone_singly(conn: Conn, town: Staff) -> None:
    conn.execute(
        """INSERT INTO app.member (district, name, roles, area)
           SELECT district, '郑' || n, '{volunteer}', id
             FROM app.area, generate_series(1, 1200) AS n WHERE code = %s""",
        [W],
    )
    conn.execute(
        """INSERT INTO app.assignment (district, role, member, area)
           SELECT district, 'volunteer', id, area FROM app.member WHERE name ~ '^郑[0-9]'"""
    )
    row = conn.execute("SELECT min(id) FROM app.assignment WHERE role = 'volunteer'").fetchone()
    assert row is not None
    act(conn, town.account["planner_west"])
    assert history.history(conn, CODE, "assignment", row[0]) == []
    with pytest.raises(errors.BadInput) as refused:
        assignment.undo(conn, CODE, row[0], 1)
    assert refused.value.key == "nothing_to_undo"


def test_one_who_left_meanwhile_does_not_come_back(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    made = assigned(conn, W, town.member["赵甲"])
    assignment.end(conn, CODE, made.id, 1)
    conn.execute("UPDATE app.member SET active = false WHERE id = %s", [town.member["赵甲"]])
    with pytest.raises(errors.BadInput) as refused:
        assignment.undo(conn, CODE, made.id, 1)
    assert refused.value.values == {"who": "赵甲"}


# Two people at once, each in a connection of his own.


def both(own: Database, accounts: list[int], do: Any) -> list[Any]:
    """Run two transactions that both have read before either writes; return what each met."""
    ready, met = Barrier(2), [None, None]

    def one(k: int) -> None:
        with database.admin(own) as conn:
            act(conn, accounts[k])
            conn.execute("SELECT count(*) FROM app.assignment")
            ready.wait(10)
            try:
                met[k] = do(conn, k)
                conn.commit()
            except errors.YigeError as error:
                conn.rollback()
                met[k] = error  # type: ignore[call-overload]

    threads = [Thread(target=one, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return met


@pytest.fixture
def cleared(own: Database) -> Iterator[None]:
    yield
    with database.admin(own) as conn:
        conn.execute("DELETE FROM app.assignment")


@pytest.mark.usefixtures("cleared")
def test_two_people_fill_one_post(own: Database, town: Staff) -> None:
    who = [town.member["赵甲"], town.member["钱乙"]]
    accounts = [town.account["planner_west"], town.account["dispatcher_west"]]
    met = both(own, accounts, lambda conn, k: assigned(conn, W, who[k]))
    refused = [one for one in met if isinstance(one, errors.Conflict)]
    assert len(refused) == 1 and refused[0].key == "post_taken"
    winner = ["赵甲", "钱乙"][met.index(refused[0]) ^ 1]
    assert refused[0].values["who"] == winner
    with as_(own, accounts[0]) as conn:
        assert names(conn, grid(conn, W)) == [winner]


@pytest.mark.usefixtures("cleared")
@pytest.mark.parametrize("deed", ["change", "end", "undo"])
def test_two_people_change_one_assignment(own: Database, town: Staff, deed: str) -> None:
    accounts = [town.account["planner_west"], town.account["dispatcher_west"]]
    with database.admin(own) as conn:
        act(conn, accounts[0])
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        to, who = grid(conn, W), town.member["赵甲"]
        made = assignment.assign(conn, CODE, to, "grid_member", member=who, since=long_ago)
        assignment.change(conn, CODE, made.id, 1, note="先前")

    def do(conn: Conn, k: int) -> Any:
        if deed == "change":
            return assignment.change(conn, CODE, made.id, 2, note=f"第{k}人")
        return getattr(assignment, deed)(conn, CODE, made.id, 2)

    met = both(own, accounts, do)
    refused = [one for one in met if isinstance(one, errors.Conflict)]
    assert len(refused) == 1 and refused[0].key == "changed_meanwhile"
    assert (
        refused[0].values["who"] == ["planner_west", "dispatcher_west"][met.index(refused[0]) ^ 1]
    )


# Holes.


def test_grids_without_somebody_and_since_when(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner"])
    assert [one.code for one in holes.holes(conn, CODE, "grid_member")] == [W, E]
    since = datetime(2026, 1, 1, tzinfo=UTC)
    until = datetime(2026, 11, 11, tzinfo=UTC)
    assignment.assign(
        conn, CODE, grid(conn, W), "grid_member", member=town.member["赵甲"], since=since,
        until=until,
    )  # fmt: skip
    west, east = holes.grids(conn, CODE, "grid_member")
    assert west.since == until
    assert east.since == datetime(2026, 11, 19, 16, tzinfo=UTC)  # when the grid began
    assert (west.households, east.households) == (160, 140)
    assigned(conn, E, town.member["李丁"])
    assert [one.code for one in holes.holes(conn, CODE, "grid_member")] == [W]
    assert [one.code for one in holes.grids(conn, CODE, "grid_member", EAST)] == [E]
    act(conn, town.account["planner_west"])
    assert [one.code for one in holes.grids(conn, CODE, "grid_member")] == [W]
    act(conn, town.account["official"])
    assert holes.grids(conn, CODE, "grid_member") == []
    with pytest.raises(errors.BadInput):
        holes.grids(conn, CODE, "king")


def test_buildings_without_a_head(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner"])
    west, east = holes.grids(conn, CODE, "building_head")
    # east: b, c, e and f are lived in, g is not
    assert [(g.needed, g.held, g.missing) for g in (west, east)] == [(2, 0, 2), (4, 0, 4)]
    house = serving.target(conn, CODE, "building", town.building["a"])
    assignment.assign(conn, CODE, house, "building_head", member=town.member["钱乙"])
    assert holes.grids(conn, CODE, "building_head")[0].missing == 1
    assert [b["name"] for b in holes.headless(conn, CODE, grid(conn, W))] == ["d"]
    assert [b["name"] for b in holes.headless(conn, CODE, grid(conn, E))] == ["b", "c", "e", "f"]


def test_portrait_of_what_is_served(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    found = holes.portrait(conn, CODE, grid(conn, W))
    assert [a["code"] for a in found["areas"]] == [f"{WEST}001", WEST, CODE]
    counts = ("households", "people", "buildings", "compounds")
    assert [found[name] for name in counts] == [160, 320, 2, 1]
    house = serving.target(conn, CODE, "building", town.building["d"])
    found = holes.portrait(conn, CODE, house)
    assert [a["code"] for a in found["areas"]] == [W, f"{WEST}001", WEST, CODE]
    assert (found["households"], members.member(conn, CODE, town.member["钱乙"]).home) == (
        60, town.building["d"],
    )  # fmt: skip
