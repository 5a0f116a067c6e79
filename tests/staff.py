"""The town in two halves with people in it: who serves, and who may see and change that.

West (grid W: houses a and d) and east (grid E: houses b, c and three more), as in test_rights.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gis import assignment, districts, members, serving
from gis.coverage import coverage
from gis.members import Draft
from gis.serving import Target
from sql import database
from sql.database import Conn, Database
from tests import people, town
from tests.test_rights import CODE, EAST, WEST, elsewhere, halves

W, E = f"{WEST}001001", f"{EAST}001001"
ACCOUNTS = {
    "planner": ("planner", CODE), "planner_west": ("planner", WEST),
    "planner_east": ("planner", EAST), "dispatcher_west": ("dispatcher", WEST),
    "admin_west": ("admin", WEST), "official_west": ("official", WEST),
    "field_west": ("field", WEST), "official": ("official", CODE),
}  # fmt: skip
MEMBERS = {
    "赵甲": Draft("赵甲", ["grid_member", "volunteer"], f"{WEST}001", ["会手语", "护士"]),
    "钱乙": Draft("钱乙", ["building_head", "grid_member"], f"{WEST}001"),
    "孙丙": Draft("孙丙", ["grid_member"], f"{WEST}001", active=False),
    "李丁": Draft("李丁", ["grid_member", "cadre"], f"{EAST}001"),
    "周戊": Draft("周戊", ["party_member"], f"{EAST}001"),
    "吴己": Draft("吴己", ["cadre", "grid_member"], CODE),
}
HOMES = {"赵甲": "a", "钱乙": "d", "孙丙": "a", "李丁": "b", "周戊": "e"}
MORE = [(500.0, 130.0, 30), (700.0, 60.0, 20), (450.0, 300.0, 0)]


@dataclass(frozen=True)
class Staff:
    """Ids by login, by name of the member, and by code of the building."""

    account: dict[str, int]
    member: dict[str, int]
    building: dict[str, int]


def fill(conn: Conn) -> Staff:
    """Store the town, its network, its accounts and its members."""
    houses = [town.building("efg"[k], x, y, n) for k, (x, y, n) in enumerate(MORE)]
    content = town.content(stations=[town.station("Q", 700, -10)], buildings=houses)
    content = replace(content, area=halves())  # type: ignore[arg-type]
    districts.create(conn, town.HOME, content, services=[("s1", "党务服务")])
    coverage(conn, CODE)
    accounts = {who: people.add(conn, CODE, who, *right) for who, right in ACCOUNTS.items()}
    building = dict(conn.execute("SELECT code, id FROM app.building").fetchall())
    made = {
        name: members.add(conn, CODE, replace(draft, home=building.get(HOMES.get(name, ""))))
        for name, draft in MEMBERS.items()
    }
    elsewhere(conn)
    return Staff(accounts, {name: one.id for name, one in made.items()}, building)


@contextmanager
def as_(of: Database, account: int | None) -> Iterator[Conn]:
    """Act as somebody in a connection of one's own; nothing is kept unless it is committed."""
    with database.admin(of) as conn:
        act(conn, account)
        yield conn
        conn.rollback()


def act(conn: Conn, account: int | None) -> None:
    """Act as somebody from now on in this transaction."""
    conn.execute(
        "SELECT set_config('role', 'app_web', true), set_config('app.actor', %s, true)",
        [str(account or "")],
    )


def grid(conn: Conn, code: str) -> Target:
    return serving.target(conn, CODE, "area", code)


def names(conn: Conn, of: Target, role: str | None = None) -> list[str]:
    """Who serves a target now."""
    return [s.name for s in serving.serving(conn, CODE, [of]) if role in (None, s.role)]


def assigned(conn: Conn, to: str, member: int, role: str = "grid_member") -> assignment.Stored:
    return assignment.assign(conn, CODE, grid(conn, to), role, member=member)
