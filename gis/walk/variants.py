"""Which gates are shut when, and reach kept up to date for it. Imports no kernel until one runs."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gis.districts import Progress
from gis.errors import BadInput, NotFound
from sql import query
from sql.database import Conn

DAY, EVENING = 2 * 1440 + 10 * 60, 2 * 1440 + 19 * 60 + 30  # Wednesday 10:00 and 19:30
NAMED = {"day": (DAY, False), "evening": (EVENING, False), "step_free": (DAY, True)}


@dataclass(frozen=True, slots=True)
class Variant:
    """A state of the network: the gates that are shut (ids, ascending), steps or none."""

    id: int
    shut: tuple[int, ...]
    step_free: bool


def minute_of_week(at: datetime) -> int:
    """Return the minute of the week of a local time; Monday 00:00 is 0."""
    return at.weekday() * 1440 + at.hour * 60 + at.minute


def moment(text: str, zone: str, now: datetime | None = None) -> datetime:
    """Read ``19:30`` (today) or an ISO date and time; without an offset it is the zone's own.

    Raises
    ------
    BadInput
        It is neither.
    """
    here = ZoneInfo(zone)
    today = (now or datetime.now(here)).astimezone(here).date().isoformat()
    try:
        at = datetime.fromisoformat(text if len(text) > 5 else f"{today}T{text:0>5}")
    except ValueError:
        raise BadInput("time", text=text) from None
    return at.astimezone(here) if at.tzinfo else at.replace(tzinfo=here)


def at_minute(conn: Conn, code: str, minute: int = DAY, step_free: bool = False) -> Variant:
    """Return the variant at a minute of the week, made if it is new."""
    return _variant(conn, code, list(shut_at(conn, code, minute)), step_free)


def shut_at(conn: Conn, code: str, minute: int = DAY) -> tuple[int, ...]:
    """Return the gates shut at a minute of the week, ascending."""
    row = conn.execute(query("network.shut"), {"district": code, "minute": minute}).fetchone()
    assert row is not None
    return tuple(row[0])


def named(conn: Conn, code: str, name: str, zone: str) -> Variant:
    """Return ``day``, ``evening``, ``step_free``, or the variant at a time.

    Raises
    ------
    NotFound
        It is none of these.
    """
    if name in NAMED:
        return at_minute(conn, code, *NAMED[name])
    try:
        return at_minute(conn, code, minute_of_week(moment(name, zone)))
    except BadInput:
        raise NotFound("no_variant", name=name, known="、".join(NAMED)) from None


def ensure_network(conn: Conn, code: str, progress: Progress = lambda step: None) -> None:
    """Rebuild the network and placement where the tables of app have changed.

    Raises
    ------
    NotFound
        There is no such district.
    """
    row = conn.execute(query("network.version"), {"district": code}).fetchone()
    if row is None or row[1]:
        from gis.walk.store import refresh

        refresh(conn, code, progress)


def ensure_reach(
    conn: Conn, code: str, variant: Variant, progress: Progress = lambda step: None
) -> None:
    """Compute the reach of a variant if the network or the profiles have outgrown it."""
    row = conn.execute(query("network.limit"), {"district": code}).fetchone()
    assert row is not None
    values = {"district": code, "variant": variant.id, "limit_cm": row[0]}
    if _reached(conn, values):
        return
    conn.execute(query("network.lock"), {"district": code})
    if not _reached(conn, values):  # nobody else has computed it meanwhile
        from gis.walk.engine import compute_reach

        progress("reach")
        compute_reach(conn, code, variant, row[0])


def _reached(conn: Conn, values: dict[str, object]) -> bool:
    found = conn.execute(query("network.reached"), values).fetchone()
    return bool(found and found[0])


def _variant(conn: Conn, code: str, shut: list[int], step_free: bool) -> Variant:
    values = {"district": code, "shut": shut, "step_free": step_free}
    found = conn.execute(query("network.variant"), values).fetchone()
    if found is None:
        conn.execute(query("network.lock"), {"district": code})
        found = conn.execute(query("network.variant"), values).fetchone()
    if found is None:
        conn.execute(query("network.add_variant"), values)
        found = conn.execute(query("network.variant"), values).fetchone()
    assert found is not None
    return Variant(found[0], tuple(shut), step_free)
