"""The fictional people of a sample: that they are nobody, and always the same."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest

from gis import districts, holes
from gis.content import Content, table
from gis.demo.enrol import enrol
from gis.demo.people import SURNAMES, Duty, Person, people
from sql import database
from sql.database import Conn, Database
from tests import town
from tests.test_rights import CODE, halves

TODAY = town.HOME.data_date
FICTIONAL = re.compile(f"[{SURNAMES}]小?[甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥]{{1,2}}")


@pytest.fixture(scope="module")
def content() -> Content:
    houses = [town.building(f"h{k:02d}", 420 + 12 * k, 20, 20 + k, kind="tower") for k in range(20)]
    more = [town.station("Q", 700, -10)]
    return replace(town.content(buildings=houses, stations=more), area=halves())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(content: Content) -> tuple[list[Person], list[Duty]]:
    return people(content, 1, TODAY)


def test_they_are_always_the_same(content: Content, made: tuple[list[Person], list[Duty]]) -> None:
    assert people(content, 1, TODAY) == made
    assert people(content, 2, TODAY) != made

    def turned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame.iloc[::-1].reset_index(drop=True)

    back = {name: turned(getattr(content, name)) for name in ("area", "building", "station")}
    assert people(replace(content, **back), 1, TODAY) == made


def test_nobody_bears_the_name_of_a_person(made: tuple[list[Person], list[Duty]]) -> None:
    names = [one.name for one in made[0]]
    assert all(FICTIONAL.fullmatch(name) for name in names)
    assert len({*names}) == len(names)


def test_every_grid_has_its_member_but_a_few(made: tuple[list[Person], list[Duty]]) -> None:
    persons, duties = made
    posts = Counter((duty.role, duty.until is None) for duty in duties)
    assert posts["grid_member", True] + posts["grid_member", False] == 2
    assert posts["grid_member", False] == 1
    assert posts["secretary", True] == 2 and posts["station", True] == 2
    assert 20 <= posts["building_head", True] <= 25
    for duty in duties:
        assert duty.since < (duty.until or TODAY) <= TODAY
        assert duty.since.day == 1 and duty.since >= date(2023, 1, 1)
        if isinstance(duty.who, int):
            assert duty.role in persons[duty.who].roles
            assert persons[duty.who].active or duty.until


def test_people_live_where_there_are_households(
    content: Content, made: tuple[list[Person], list[Duty]]
) -> None:
    building: gpd.GeoDataFrame = content.building
    lived = {*building.loc[building["households"] > 0, "code"]}
    assert {one.home for one in made[0]} <= lived
    party = Counter(one.home for one in made[0] if one.roles[0] == "party_member")
    households = dict(zip(building["code"], building["households"], strict=True))
    total = sum(households.values())
    assert sum(party.values()) == round(total * 0.1)
    for code, n in party.items():
        assert abs(n - households[code] * 0.1) < 1


def test_a_grid_without_anybody_is_no_trouble(content: Content) -> None:
    empty = replace(content, station=table("station"))
    assert not [duty for duty in people(empty, 1, TODAY)[1] if duty.role == "station"]


@pytest.fixture
def conn(own: Database) -> Iterator[Conn]:
    with closing(database.admin(own)) as conn:
        yield conn
        conn.rollback()


def test_they_are_stored_as_drawn(
    conn: Conn, content: Content, made: tuple[list[Person], list[Duty]]
) -> None:
    districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
    enrol(conn, town.HOME, content, 1)
    stored = conn.execute(
        """SELECT m.name, m.roles, m.skills, b.code, a.code, m.active
             FROM app.member AS m JOIN app.building AS b ON b.id = m.home
             JOIN app.area AS a ON a.id = m.area ORDER BY m.id"""
    ).fetchall()
    assert stored == [(p.name, [*p.roles], [*p.skills], p.home, p.area, p.active) for p in made[0]]
    roles = dict(conn.execute("SELECT role, count(*) FROM app.assignment GROUP BY role").fetchall())
    assert roles == Counter(duty.role for duty in made[1])
    conn.execute("SELECT net.place_buildings(%s)", [CODE])
    assert len(holes.holes(conn, CODE, "grid_member")) == 1
    districts.create(conn, town.HOME, content, services=[("s1", "党务服务")], replace=True)
    assert conn.execute("SELECT count(*) FROM app.member").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM app.assignment").fetchone() == (0,)
