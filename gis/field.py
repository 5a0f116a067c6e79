"""What somebody outdoors asks: which station is nearest on foot now, and how to get there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from gis import coverage, errors, handover, hours, standing
from gis.crs import to_stored
from gis.districts import District
from gis.nearest import Start, costs, only, start_at, way
from gis.profiles import Profile, profile
from gis.walk.engine import Walk, under, walk
from gis.walk.graph import Edges, Graph
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

SHOWN = 3
SEARCHED = 24  # of these the nearest, so that enough of them are open
DEGREES = 6  # decimals of what is drawn: a decimetre


@dataclass(frozen=True, slots=True)
class Question:
    """From where and when: degrees, the error of the position [m], the clock of the district."""

    lon: float
    lat: float
    accuracy_m: float
    service: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Net:
    """The network as it is at the moment: gates that are shut now are shut."""

    walk: Walk
    graph: Graph
    edges: Edges
    start: Start


@dataclass(frozen=True, slots=True)
class Station:
    """A station that offers what is asked, and the walk to it; ``row``: of the network's."""

    id: int
    code: str
    name: str
    kind: str
    hours: str
    lon: float
    lat: float
    row: int
    cost_cm: int
    minutes: int
    opening: dict[str, Any]


def answer(conn: Conn, home: District, asked: Question) -> dict[str, Any]:
    """Return the stations nearest on foot at this moment, and where one stands.

    The stations are the three nearest, and the three nearest of those that are open now and still
    open when one gets there, by cost, then code.

    Raises
    ------
    NotFound
        Unknown service.
    BadInput
        The point lies outside the district, or no way is near it.
    """
    coverage.check_service(conn, home.code, asked.service)
    walker = profile(conn, home.code, "standard")
    net = _net(conn, home, asked)
    found = _shown(_stations(conn, home, asked, walker, net))
    streets = dict(
        conn.execute(
            query("field.streets"), {"district": home.code, "ids": [one.id for one in found]}
        ).fetchall()
    )
    return {
        "from": [net.start.lon, net.start.lat],
        "at": asked.now.strftime("%Y-%m-%dT%H:%M"),
        "stations": [
            {**_facts(one), "street": streets.get(one.id), "path": _path(conn, home, net, one)}
            for one in found
        ],
        **standing.standing(conn, home, net.start.lon, net.start.lat, asked.accuracy_m),
    }


def opening(text: str, now: datetime, minutes: int) -> dict[str, Any]:
    """Return whether a place is open, when that changes, and whether it is when one gets there.

    ``since`` and ``until`` are the last and the next change, None where there is none.
    """
    ranges = hours.parse(text)
    minute = hours.minute_of_week(now)
    turned = hours.turns(ranges, minute)
    return {
        "open": hours.is_open(ranges, minute),
        "in_time": hours.is_open(ranges, (minute + minutes) % hours.WEEK),
        "since": turned and _clock(now, -turned[0]),
        "until": turned and _clock(now, turned[1]),
    }


def _clock(now: datetime, minutes: int) -> str:
    """Return what the clock on the wall shows some minutes from now."""
    there = now.replace(tzinfo=None) + timedelta(minutes=minutes)
    return there.strftime("%Y-%m-%dT%H:%M")


def _net(conn: Conn, home: District, asked: Question) -> Net:
    """Read the network with the gates of this moment, and how the point gets onto it."""
    lon, lat = to_stored(np.array([asked.lon]), np.array([asked.lat]))
    network = walk(conn, home.code)
    try:
        start = start_at(conn, home, network, float(lon[0]), float(lat[0]))
    except errors.BadInput:
        raise _nowhere(conn, home, float(lon[0]), float(lat[0])) from None
    minute = hours.minute_of_week(asked.now)
    row = conn.execute(query("network.shut"), {"district": home.code, "minute": minute}).fetchone()
    assert row is not None
    return Net(network, *under(conn, home.code, Variant(0, tuple(row[0]), False)), start)


def _nowhere(conn: Conn, home: District, lon: float, lat: float) -> errors.BadInput:
    """Tell of a point without a way whether it lies outside the district."""
    metres = standing.outside_m(conn, home, lon, lat)
    if metres > 0:
        return errors.BadInput("outside_district", name=home.name, km=f"{metres / 1000:.1f}")
    return errors.BadInput("no_way_here", metres=round(home.snap_m))


def _stations(
    conn: Conn, home: District, asked: Question, walker: Profile, net: Net
) -> list[Station]:
    """Return the stations one can walk to, the nearest first."""
    values = {"district": home.code, "service": asked.service}
    rows = {row[0]: row for row in conn.execute(query("field.stations"), values).fetchall()}
    among = only(net.walk, sorted(rows))
    cost = costs(net.graph, net.edges, net.start, among, SEARCHED)
    found = []
    for k, cm in cost.items():
        id_, code, name, kind, text, lon, lat = rows[int(net.walk.station[k])]
        minutes = walker.minutes_for(cm)
        then = opening(text, asked.now, minutes)
        found.append(Station(id_, code, name, kind, text, lon, lat, k, cm, minutes, then))
    return sorted(found, key=lambda one: (one.cost_cm, one.code))


def _shown(found: list[Station]) -> list[Station]:
    """Keep the nearest, and the nearest that one gets to in time."""
    ready = [one for one in found if one.opening["open"] and one.opening["in_time"]]
    kept = {one.id for one in [*found[:SHOWN], *ready[:SHOWN]]}
    return [one for one in found if one.id in kept]


def _facts(one: Station) -> dict[str, Any]:
    return {
        "id": one.id, "code": one.code, "name": one.name, "kind": one.kind, "hours": one.hours,
        **one.opening, "cost_cm": one.cost_cm, "minutes": one.minutes,
        "point": [one.lon, one.lat], "links": handover.links(one.lon, one.lat, one.name),
    }  # fmt: skip


def _path(conn: Conn, home: District, net: Net, one: Station) -> dict[str, Any]:
    end = one.lon, one.lat
    line = way(conn, home.code, net.walk, net.graph, net.edges, net.start, one.row, end)
    points = [[round(x, DEGREES), round(y, DEGREES)] for x, y in line["coordinates"]]
    return {**line, "coordinates": points}
