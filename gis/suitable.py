"""Who would serve well: the walk from home to what is served, and the load before and after.

The walk to an area is the cheapest from the member's home to any building in it that has households
(to any building where none has), door to door; to a building or a station it is the walk to its own
access points. Who lives in what he serves walks nothing. A station is walked to: its cost is that
from the area, or the building, to the station. Gates are as at 10:00 on a working day.

The load is the number of households of all that somebody serves in the post, wherever it lies.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from gis import coverage, errors, posts
from gis.coverage import Profile
from gis.serving import KINDS, Serving, Target
from gis.trace import trace
from gis.walk import between
from sql import query
from sql.database import Conn

NEAREST = 200  # of so many the loads are looked at


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take a post, or a station that could serve.

    ``home`` is a building, of a station the station itself, and lies at ``lon``, ``lat`` [deg]
    (None: one may not see it). ``cost_cm`` is None where it is unknown, or beyond 10 km. ``held``
    counts all posts held (of a station those one may see), ``serves`` names those one may see as
    (post, name of the place). ``most`` is what the load should not exceed, None: no limit.
    """

    kind: str
    id: int
    name: str
    roles: list[str]
    skills: list[str]
    home: int | None
    lon: float | None
    lat: float | None
    most: int | None = None
    cost_cm: int | None = None
    minutes: int | None = None
    held: int = 0
    serves: tuple[tuple[str, str], ...] = ()
    load_before: int = 0
    load_after: int = 0

    @property
    def over(self) -> bool:
        """Whether the load would exceed its limit."""
        return self.most is not None and self.load_after > self.most


def suitable(
    conn: Conn, district: str, to: Target, role: str, q: str | None = None, limit: int = 12
) -> list[Candidate]:
    """Return who could take a post at a target: within the load first, then the nearest.

    Only members one may see, on duty, who may take the post and do not hold it there. Of more than
    200 the nearest 200 are compared; an unknown walk counts as the longest.

    Parameters
    ----------
    q
        A part of the name or of a skill.

    Raises
    ------
    BadInput
        There is no such post.
    """
    walker = coverage.profile(conn, district, "standard")
    size = sum(_buildings(conn, district, to).values())
    those = _candidates(conn, district, to, role, q)
    cost = _costs(conn, district, to, role, those)
    near = sorted(those, key=lambda one: (_far(cost.get(one.id)), one.name, one.id))[:NEAREST]
    load = _loads(conn, district, role, [one.id for one in near])
    found = [
        _measured(one, walker, cost.get(one.id), *load.get(one.id, (0, 0)), size) for one in near
    ]
    found.sort(key=_order)
    return _with_posts(conn, district, found[:limit])


def walks(conn: Conn, district: str, to: Target, homes: Collection[int]) -> dict[int, int]:
    """Return the cost of the walk from some buildings to a target [cm], where there is a way."""
    if to.kind == posts.STATION:
        return between.to_place(conn, district, homes, "station", [to.id])
    own = _doors(_buildings(conn, district, to))
    cost = between.to_place(conn, district, homes, "building", own)
    return cost | {home: 0 for home in homes if home in own}


def walked(conn: Conn, district: str, to: Target, there: Collection[Serving]) -> dict[int, int]:
    """Return the cost of the walk of those who serve a target, by assignment, where it is known.

    Only of members one may see, and of stations.
    """
    home = homes(conn, district, [one.member for one in there if one.member is not None])
    cost = walks(conn, district, to, {*home.values()}) if home else {}
    place = _doors(_buildings(conn, district, to))
    stations = [one.serving_station for one in there if one.serving_station is not None]
    way = between.to_stations(conn, district, place, stations) if stations else {}
    found = {
        one.id: cost.get(home.get(one.member or 0, 0), way.get(one.serving_station or 0))
        for one in there
    }
    return {id: far for id, far in found.items() if far is not None}


def way(conn: Conn, district: str, to: Target, member: int) -> dict[str, Any]:
    """Return the walk of a member to a target: cost, minutes, and its line (longitude, latitude).

    The line is None for who lives in what he would serve.

    Raises
    ------
    NotFound
        One may not see the member, his home is unknown, or no way leads there.
    """
    own = _doors(_buildings(conn, district, to))
    kind = "station" if to.kind == posts.STATION else "building"
    home = homes(conn, district, [member]).get(member)
    if home in own:
        return {"cost_cm": 0, "minutes": 0, "path": None}
    there = [to.id] if to.kind == posts.STATION else own
    found = None if home is None else between.way(conn, district, home, kind, there)
    if home is None or found is None:
        raise errors.NotFound("no_walk", id=member)
    network, walked, end = found
    *begin, end_at = _places(conn, district, home, kind, end)
    walker = coverage.profile(conn, district, "standard")
    return {
        "cost_cm": walked.cost_cm,
        "minutes": walker.minutes_for(walked.cost_cm),
        "path": trace(conn, district, network, walked, next(iter(begin), None), end_at),
    }


def _places(conn: Conn, district: str, home: int, kind: str, end: int) -> list[tuple[float, float]]:
    """Return where a building lies, and another or a station."""
    values = {"district": district, "home": home, "kind": kind, "end": end}
    return conn.execute(query("suitable.places"), values).fetchall()


def homes(conn: Conn, district: str, members: Collection[int]) -> dict[int, int]:
    """Return the home building of some members, of those one may see who have one."""
    values = {"district": district, "members": [*members]}
    return dict(conn.execute(query("suitable.homes"), values).fetchall())


def _candidates(conn: Conn, district: str, to: Target, role: str, q: str | None) -> list[Candidate]:
    kind = "station" if role == "station" else "member"
    values = {"district": district, "role": role, "q": q or None, **_of(to)}
    rows = conn.execute(query(f"suitable.{kind}s"), values).fetchall()
    households = posts.post(role).households
    most = (households[1],) if households else ()
    return [Candidate(kind, *row, *(most if kind == "member" else ())) for row in rows]


def _costs(
    conn: Conn, district: str, to: Target, role: str, those: list[Candidate]
) -> dict[int, int]:
    """Return the cost of each candidate's walk, by id."""
    if role == "station":
        place = _doors(_buildings(conn, district, to))
        return between.to_stations(conn, district, place, [one.id for one in those])
    home = {one.id: one.home for one in those if one.home is not None}
    cost = walks(conn, district, to, [*home.values()])
    return {id: cost[at] for id, at in home.items() if at in cost}


def _measured(
    one: Candidate, walker: Profile, cost: int | None, held: int, before: int, size: int
) -> Candidate:
    minutes = None if cost is None else walker.minutes_for(cost)
    return replace(
        one, cost_cm=cost, minutes=minutes, held=held, load_before=before, load_after=before + size
    )


def _loads(conn: Conn, district: str, role: str, those: list[int]) -> dict[int, tuple[int, int]]:
    """Return how many posts are held and how many households served in one, by id."""
    values = {"district": district, "role": role, "those": those}
    name = "suitable.station_loads" if role == "station" else "suitable.loads"
    return {id: (n, size) for id, n, size in conn.execute(query(name), values).fetchall()}


def _with_posts(conn: Conn, district: str, those: list[Candidate]) -> list[Candidate]:
    """Add what each serves now, as far as one may see it."""
    values = {"district": district, "members": [], "stations": []}
    for one in those:
        values[f"{one.kind}s"].append(one.id)  # type: ignore[attr-defined]
    serves: dict[int, list[tuple[str, str]]] = {}
    for id, role, place in conn.execute(query("suitable.posts"), values).fetchall():
        serves.setdefault(id, []).append((role, place))
    return [replace(one, serves=tuple(serves.get(one.id, ()))) for one in those]


def _buildings(conn: Conn, district: str, to: Target) -> dict[int, int]:
    """Return the households of each building of a target."""
    values = {"district": district, **_of(to)}
    return dict(conn.execute(query("suitable.buildings"), values).fetchall())


def _doors(own: dict[int, int]) -> set[int]:
    """Return the buildings one walks to: those with households, failing these any."""
    return {id for id, households in own.items() if households} or {*own}


def _of(to: Target) -> dict[str, int | None]:
    return {kind: to.id if kind == to.kind else None for kind in KINDS}


def _order(one: Candidate) -> tuple[bool, int, int, int, str, int]:
    """Within the load, near, free, little loaded: in this order."""
    return one.over, _far(one.cost_cm), one.held, one.load_after, one.name, one.id


def _far(cost: int | None) -> int:
    return between.FARTHEST_CM + 1 if cost is None else cost
