"""Two districts of the same town, each thing in them marked by where it lies, and people in them.

District CODE has two subdistricts, west (houses a, d, compound K) and east (b, c, compound L); in
the same place lies district OTHER, so that a box asks for both. Names of what is guarded begin
with WORD and the place; ids are large numbers of which each occurs once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from gis import accounts, basemaps, coverage, districts, tokens
from gis.content import Content, table
from sql.database import Conn
from tests import town
from tests.town import area, outline

CODE, OTHER = town.HOME.code, "371798"
WEST, EAST = f"{CODE}001", f"{CODE}002"
HALVES = {"001": (-20.0, 400.0), "002": (400.0, 820.0)}
ROLES = ("field", "official", "dispatcher", "planner", "admin")
WORD = "SECRET"
PLACES = (WEST, EAST, OTHER)
IMPORTER = {WEST: "planner-west", EAST: "admin-east", OTHER: "neighbour"}
BASE = 7_300_000_000_000_000  # no coordinate has such a run of digits by chance


@dataclass(frozen=True)
class Person:
    """Somebody with a role on an area; ``signed_in``: open, ended or none."""

    login: str
    role: str | None = None
    area: str = ""
    district: str = CODE
    session: str = "open"

    @property
    def reach(self) -> str:
        """The district whose map this person may see; empty: none."""
        return self.district if self.role is not None and self.session == "open" else ""

    def may_see(self, place: str) -> bool:
        """Whether what lies in a place is this person's."""
        return self.role is not None and place.startswith(self.area)


PEOPLE = (
    *(Person(f"{role}-west", role, WEST) for role in ROLES),
    Person("admin-east", "admin", EAST),
    *(Person(f"{role}-whole", role, CODE) for role in ("official", "admin")),
    Person("neighbour", "admin", OTHER, OTHER),
    Person("nobody"),
    Person("former"),
    Person("ended", session="ended"),
    Person("visitor", session="none"),
)


@dataclass
class World:
    """Ids by table and place, and by login."""

    account: dict[str, int] = field(default_factory=dict)
    grant: dict[str, int] = field(default_factory=dict)
    ids: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def first(self, of: str, place: str) -> int:
        return self.ids[of, place][0]


def marked(of: str, place: str) -> str:
    return f"{WORD}-{place}-{of}"


def fill(conn: Conn) -> World:
    """Store both districts and their people."""
    for number, (schema, name) in enumerate(_numbered(conn), 1):
        text = SQL("ALTER TABLE {} ALTER COLUMN id RESTART WITH {}")
        conn.execute(text.format(Identifier(schema, name), BASE + number * 1_000_000_000))
    for code in (CODE, OTHER):
        home = replace(town.HOME, code=code, name=f"区县{code}")
        districts.create(conn, home, _content(code), services=[("s1", "党务服务")])
        coverage.publish(conn, code, lambda step: None)
        basemaps.use_tianditu(conn, code, marked("key", code))
    world = World()
    for person in PEOPLE:
        world.account[person.login] = _person(conn, person)
    for place in PLACES:
        _serve(conn, place)
        _import(conn, place, world.account[IMPORTER[place]])
    conn.execute('UPDATE app."grant" SET period = %s WHERE account = %s',
                 ["[2020-01-01,2020-02-01)", world.account["former"]])  # fmt: skip
    world.ids = dict(_ids(conn))
    world.grant = dict(
        conn.execute(
            'SELECT login, g.id FROM app."grant" AS g JOIN app.account AS a ON a.id = g.account'
        ).fetchall()
    )
    return world


def _numbered(conn: Conn) -> list[tuple[str, str]]:
    return conn.execute(
        """SELECT 'app', relname FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid
            WHERE relnamespace = 'app'::regnamespace AND relkind = 'r' AND attidentity = 'a'
            ORDER BY relname"""
    ).fetchall()


def _content(code: str) -> Content:
    """The town, its things marked; what lies across the whole district is nobody's secret."""
    compound = {"code": "L", "name": "", "branch": "", "geometry": town.box(610, 20, 790, 170)}
    content = town.content(stations=[town.station("Q", 700, -10)])
    frames = {
        "building": content.building,
        "compound": gpd.GeoDataFrame(
            pd.concat([content.compound, table("compound", [compound])], ignore_index=True)
        ),
    }
    for name, frame in frames.items():
        halves = frame["code"].map(lambda one: "002" if one in ("b", "c", "L") else "001")
        places = [OTHER if code == OTHER else code + half for half in halves]
        names = [marked(f"{name}-{c}", p) for c, p in zip(frame["code"], places, strict=True)]
        frame["name"] = names
        if name == "compound":
            frame["branch"] = [f"{one}-branch" for one in names]
    return replace(content, area=_areas(code), **frames)


def _areas(code: str) -> Any:
    rows = [area(code, "district", None, outline(-20, 820, 400), True)]
    for half, (x0, x1) in HALVES.items():
        for end, level, up, tiled in [
            (half, "subdistrict", "", True), (f"{half}001", "community", half, True),
            (f"{half}001001", "grid", f"{half}001", False),
        ]:  # fmt: skip
            rows.append(area(code + end, level, code + up, outline(x0, x1), tiled))
    return table("area", rows)


def _person(conn: Conn, person: Person) -> int:
    name = marked(person.login, person.district)
    made = accounts.add(conn, person.district, person.login, name)
    role = "admin" if person.login in ("ended", "former") else person.role
    if role:
        accounts.grant(conn, person.district, made, role, person.area or person.district)
    conn.execute("SELECT app.open_session(%s, sha256(%s))", [made, person.login.encode()])
    until = datetime.now(UTC) + timedelta(days=9)
    tokens.make(conn, made, marked(f"token-{person.login}", person.district), until)
    return made


def _serve(conn: Conn, place: str) -> None:
    """A member on duty, one who is not, and the assignment of the first, in a place."""
    district = place[:6]
    grid = f"{place}001001" if len(place) == 9 else f"{place}001001001"
    for which in ("on", "off"):
        conn.execute(
            """INSERT INTO app.member (district, name, roles, area, home)
               SELECT district, %s, '{grid_member}', id,
                      (SELECT min(id) FROM app.building WHERE name LIKE %s)
                 FROM app.area WHERE code = %s""",
            [marked(f"member-{which}", place), f"{WORD}-{place}-%", grid],
        )
    conn.execute(
        """INSERT INTO app.assignment (district, role, member, area, note)
           SELECT m.district, 'grid_member', m.id, m.area, %s FROM app.member AS m
            WHERE m.district = %s AND m.name = %s""",
        [marked("note", place), district, marked("member-on", place)],
    )


def _import(conn: Conn, place: str, account: int) -> None:
    """A file somebody brought in that changed a member of a place and had a bad row."""
    conn.execute(
        """WITH made AS (
             INSERT INTO app.import (district, account, kind, file, datum, refused)
             VALUES (%(d)s, %(account)s, 'members', %(mark)s, 'wgs84', %(refused)s)
             RETURNING district, id)
           INSERT INTO app.import_row (district, import, relation, row_id, before, after)
           SELECT made.district, made.id, 'member', m.id, to_jsonb(m), m.version
             FROM made, app.member AS m WHERE m.name = %(member)s""",
        {"d": place[:6], "account": account, "mark": marked("import", place),
         "member": marked("member-off", place),
         "refused": Jsonb([{"line": 2, "key": "cell_unknown",
                            "values": {"name": "home", "text": marked("import", place)}}])},
    )  # fmt: skip


def _ids(conn: Conn) -> Iterator[tuple[tuple[str, str], list[int]]]:
    for of in ("building", "compound", "member", "assignment", "import"):
        by = {"assignment": "note", "import": "file"}.get(of, "name")
        for place in PLACES:
            text = SQL("SELECT id FROM app.{} WHERE {} LIKE %s ORDER BY id")
            found = conn.execute(text.format(Identifier(of), Identifier(by)), [f"{WORD}-{place}-%"])
            yield (of, place), [id_ for (id_,) in found]
    for of in ("area", "station", "way", "gate", "barrier", "service"):
        for district in (CODE, OTHER):
            text = SQL("SELECT id FROM app.{} WHERE district = %s ORDER BY id")
            found = conn.execute(text.format(Identifier(of)), [district])
            yield (of, district), [id_ for (id_,) in found]


def hidden(conn: Conn, world: World, person: Person) -> tuple[set[int], set[str]]:
    """Return ids and texts that must never reach a person, reckoned from PEOPLE."""
    ids: set[int] = set()
    texts = {f"{WORD}-{place}-" for place in PLACES if not person.may_see(place)}
    for place in PLACES:
        if not person.may_see(place):
            ids |= {i for of in ("building", "assignment") for i in world.ids[of, place]}
        if not person.may_see(place) or person.role in ("field", "official"):
            ids |= set(world.ids["member", place][1:])
            texts.add(marked("member-off", place))
        if not _knows_import(person, place):
            ids |= set(world.ids["import", place])
            texts.add(marked("import", place))
    for (of, place), found in world.ids.items():
        if of in ("area", "station", "way", "gate", "barrier", "service") and place != person.reach:
            ids |= set(found)
    known = {p.login for p in PEOPLE if _knows(person, p)}
    texts |= {marked("key", district) for district in (CODE, OTHER)}  # nobody's to read
    texts |= {marked(f"token-{p.login}", p.district) for p in PEOPLE
              if not _knows_tokens(person, p)}  # fmt: skip
    texts |= {marked(p.login, p.district) for p in PEOPLE if p.login not in known}
    ids |= {world.account[p.login] for p in PEOPLE if p.login not in known}
    own = 'SELECT area FROM app."grant" WHERE account = %s'  # one sees where one had a role
    areas = {area for (area,) in conn.execute(own, [world.account[person.login]])}
    return (ids | _of_others(conn, world, person)) - areas, texts


def _knows(person: Person, other: Person) -> bool:
    """Himself, and as an administrator those with a role in his area."""
    if person.session != "open":
        return False
    if other.login == person.login:
        return True
    if person.role != "admin" or other.district != person.district:
        return False
    return person.area == person.district or other.area.startswith(person.area)


def _knows_tokens(person: Person, other: Person) -> bool:
    """One's own, and as an administrator of the whole district those of its accounts."""
    whole = person.role == "admin" and person.area == person.district == other.district
    return person.session == "open" and (person.login == other.login or whole)


def _knows_import(person: Person, place: str) -> bool:
    """Who brought it in, and the administrators of the whole district."""
    whole = person.role == "admin" and person.area == person.district == place[:6]
    return person.login == IMPORTER[place] or (whole and person.session == "open")


def _of_others(conn: Conn, world: World, person: Person) -> set[int]:
    """Grants and sessions of those a person does not know."""
    found: set[int] = set()
    for other in PEOPLE:
        account = world.account[other.login]
        whole = person.role == "admin" and person.area == person.district == other.district
        mine = other.login == person.login and person.session == "open"
        if not (mine or whole):
            for table in ("session", "token"):
                rows = conn.execute(f"SELECT id FROM app.{table} WHERE account = %s", [account])  # type: ignore[arg-type]
                found |= {id_ for (id_,) in rows}
        if not _knows(person, other):
            rows = conn.execute('SELECT id FROM app."grant" WHERE account = %s', [account])
            found |= {id_ for (id_,) in rows}
    return found
