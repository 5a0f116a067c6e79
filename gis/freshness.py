"""Which version of a district somebody sees: what is derived, and of which of its areas."""

from dataclasses import dataclass

from gis import coverage, errors
from gis.districts import District, district
from gis.walk import variants
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class State:
    """The versions of network and placement, of profiles and services, and of members.

    ``scope`` are the areas on which the actor holds a role, ``roles`` the roles with them. Whatever
    is worked out for this state holds for every request that finds the same one; an edit of any
    program leads to another. ``stale``: what is derived is to be brought up to date first.
    """

    edge: int
    place: int
    stale: bool
    content: str
    members: str
    scope: tuple[int, ...]
    roles: tuple[str, ...]


def state(conn: Conn, code: str) -> State:
    """Return the state of a district as this transaction sees it.

    Raises
    ------
    NotFound
        There is no such district, or the actor has no right in it.
    """
    row = conn.execute(query("freshness.state"), {"district": code}).fetchone()
    if row is None:
        district(conn, code)
        raise errors.NotFound("no_district", code=code, known="–")
    edge, place, stale, content, members, scope, roles = row
    return State(edge, place, stale, content, members, tuple(scope), tuple(roles))


def ready(conn: Conn, code: str, minute: int | None) -> Variant | None:
    """Return the variant of a minute of the week if its reach is there and up to date."""
    at = variants.DAY if minute is None else minute
    row = conn.execute(query("freshness.ready"), {"district": code, "minute": at}).fetchone()
    return Variant(row[0], tuple(row[1]), False) if row else None


def ensure(conn: Conn, code: str, minute: int | None) -> None:
    """Bring network, placement and the reach at a minute up to date (as the engine).

    Without a minute the figures that everybody may see are brought up to date too.
    """
    variants.ensure_network(conn, code)
    variant = variants.at_minute(conn, code, variants.DAY if minute is None else minute)
    variants.ensure_reach(conn, code, variant)
    if minute is None and code in coverage.unpublished(conn):
        coverage.publish(conn, code)


def ensure_pack(conn: Conn, code: str) -> None:
    """Write the network's pack where it is missing (as the engine)."""
    from gis.walk.engine import walk

    walk(conn, code)


def is_packed(conn: Conn, code: str) -> bool:
    """Tell whether ways can be found without the right to read the whole network."""
    from gis.walk import engine

    return engine.is_packed(conn, code)


def minute_of(home: District, at: str | None) -> int | None:
    """Return the minute of the week that is asked for; None without a time.

    Raises
    ------
    BadInput
        The time cannot be read.
    """
    return variants.minute_of_week(variants.moment(at, home.zone)) if at else None
