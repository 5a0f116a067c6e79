"""Members: what is kept of a person, who sees it, and who changes it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from gis import errors, members
from gis.members import Draft
from sql import database
from sql.database import Conn, Database
from tests import staff
from tests.staff import CODE, EAST, WEST, Staff, act


@pytest.fixture(scope="module")
def town(own: Database) -> Staff:
    with database.admin(own) as conn:
        return staff.fill(conn)


@pytest.fixture
def conn(own: Database, town: Staff) -> Iterator[Conn]:
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()


def test_nothing_is_kept_of_a_person_but_this(conn: Conn) -> None:
    found = conn.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'member'"
    )
    assert {name for (name,) in found} == {
        "district", "id", "name", "roles", "skills", "home", "area", "active", "version",
    }  # fmt: skip


WESTERN, EASTERN = ["赵甲", "钱乙", "孙丙"], ["李丁", "周戊"]


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("planner", [*WESTERN, *EASTERN, "吴己"]), ("planner_west", WESTERN),
        ("dispatcher_west", WESTERN), ("admin_west", WESTERN), ("planner_east", EASTERN),
        ("official", []), ("official_west", []), ("field_west", []), (None, []), ("neighbour", []),
    ],
)  # fmt: skip
def test_members_are_for_those_who_assign_them(
    conn: Conn, town: Staff, login: str | None, expected: list[str]
) -> None:
    row = conn.execute("SELECT id FROM app.account WHERE login = %s", [login]).fetchone()
    act(conn, row[0] if row else None)
    assert sorted(m.name for m in members.members(conn, CODE)) == sorted(expected)
    seen = conn.execute("UPDATE app.member SET version = version").rowcount
    assert seen == len(expected)
    for name, id in town.member.items():
        if name not in expected:
            with pytest.raises(errors.NotFound):
                members.member(conn, CODE, id)


def test_the_engine_does_not_read_people(conn: Conn) -> None:
    for table in ("member", "assignment"):
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute("SET LOCAL ROLE yige_engine")
            conn.execute(f"SELECT FROM app.{table}")


def test_members_are_found_by_area_post_and_words(conn: Conn) -> None:
    def found(**asked: str) -> list[str]:
        return [m.name for m in members.members(conn, CODE, **asked)]  # type: ignore[arg-type]

    assert found(area=EAST) == sorted(EASTERN)
    assert found(area=WEST, role="building_head") == ["钱乙"]
    assert found(q="甲") == found(q="护士") == ["赵甲"]
    assert found(q="%") == found(q="x'; --") == found(area="999") == []
    assert found()[-1] == "孙丙"  # no longer on duty
    assert len(members.members(conn, CODE, limit=2)) == 2


def test_a_member_is_entered_and_changed(conn: Conn, town: Staff) -> None:
    act(conn, town.account["dispatcher_west"])
    new = Draft(" 郑庚 ", ["volunteer"], f"{WEST}001", ["电工"], town.building["a"])
    made = members.add(conn, CODE, new)
    assert (made.name, made.home_name, made.area, made.version) == ("郑庚", "a", f"{WEST}001", 1)
    changed = members.change(
        conn, CODE, made.id, 1, replace(members.draft(made), roles=["cadre"], active=False)
    )
    assert (changed.roles, changed.active, changed.version, changed.skills) == (
        ["cadre"], False, 2, ["电工"],
    )  # fmt: skip
    with pytest.raises(errors.Conflict) as stale:
        members.change(conn, CODE, made.id, 1, new)
    assert stale.value.key == "changed_meanwhile"
    assert stale.value.values["who"] == "dispatcher_west"


@pytest.mark.parametrize(
    ("change", "error", "key"),
    [
        ({"roles": ["king"]}, errors.BadInput, "no_post"),
        ({"roles": ["station"]}, errors.BadInput, "no_post"),
        ({"roles": []}, errors.BadInput, "rule_broken"),
        ({"name": "  "}, errors.BadInput, "rule_broken"),
        ({"name": "长" * 61}, errors.BadInput, "rule_broken"),
        ({"skills": [""]}, errors.BadInput, "rule_broken"),
        ({"area": "371799009"}, errors.NotFound, "no_area"),
        ({"home": 10**9}, errors.NotFound, "no_building"),
        ({"area": f"{EAST}001"}, errors.Forbidden, "not_your_area"),
    ],
)
def test_what_cannot_be_entered(
    conn: Conn, town: Staff, change: dict[str, object], error: type[Exception], key: str
) -> None:
    act(conn, town.account["planner_west"])
    good = Draft("郑庚", ["volunteer"], f"{WEST}001")
    with pytest.raises(error) as refused, conn.transaction():
        members.add(conn, CODE, replace(good, **change))  # type: ignore[arg-type]
    assert refused.value.key == key  # type: ignore[attr-defined]
    made = members.add(conn, CODE, good)
    with pytest.raises(error), conn.transaction():
        members.change(conn, CODE, made.id, 1, replace(good, **change))  # type: ignore[arg-type]


def test_a_home_out_of_sight_is_not_there(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner_west"])
    with pytest.raises(errors.NotFound):
        members.add(conn, CODE, Draft("郑庚", ["volunteer"], f"{WEST}001", home=town.building["b"]))


def test_a_name_is_text_whatever_it_holds(conn: Conn, town: Staff) -> None:
    act(conn, town.account["planner"])
    name = "<script>alert(`${1}`)</script>'\"\\"
    made = members.add(conn, CODE, Draft(name, ["volunteer"], CODE, ["{a,b}", 'x"y']))
    assert (made.name, made.skills) == (name, ["{a,b}", 'x"y'])


def test_posts_are_those_of_the_database(conn: Conn) -> None:
    from gis.posts import MEMBER_POSTS

    where = "(SELECT id FROM app.area WHERE level = 'district' AND district = %(d)s)"
    insert = f"""INSERT INTO app.member (district, name, roles, area)
                 VALUES (%(d)s, '王辛', %(roles)s, {where})"""
    conn.execute(insert, {"d": CODE, "roles": list(MEMBER_POSTS)})
    for roles in (["station"], ["other"], []):
        with pytest.raises(CheckViolation), conn.transaction():
            conn.execute(insert, {"d": CODE, "roles": roles})
