"""Stations: what each offers, when it is open, who is nearest to it."""

from dataclasses import dataclass
from typing import Any

from gis import errors
from gis.counting import Basis
from gis.districts import District
from gis.profiles import Profile
from gis.served import cost_of, costs
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Station:
    """A station; ``open``: at the minute of the week that was asked about (longitude, latitude)."""

    id: int
    code: str
    name: str
    kind: str
    services: list[str]
    hours: str
    open: bool
    state: str
    capacity: int | None
    floor_area: float | None
    lon: float
    lat: float

    def facts(self) -> dict[str, Any]:
        """Return what lists of stations show."""
        return {
            "id": self.id, "code": self.code, "name": self.name, "kind": self.kind,
            "services": self.services, "hours": self.hours, "open": self.open,
            "state": self.state, "capacity": self.capacity, "floor_area": self.floor_area,
            "point": [self.lon, self.lat],
        }  # fmt: skip


def stations(
    conn: Conn, district: str, minute: int, service: str | None = None, id_: int | None = None
) -> list[Station]:
    """Return the stations in force, whatever their state, by code."""
    asked = {"district": district, "minute": minute, "service": service, "id": id_}
    return [Station(*row) for row in conn.execute(query("stations.all"), asked).fetchall()]


def services(conn: Conn, district: str) -> list[dict[str, str]]:
    """Return the services of a district by code."""
    rows = conn.execute(query("coverage.services"), {"district": district}).fetchall()
    return [{"code": code, "name": name} for code, name in rows]


def station(conn: Conn, home: District, id_: int, minute: int) -> dict[str, Any]:
    """Return a station and the areas it stands in, the lowest first.

    Raises
    ------
    NotFound
        There is no such station.
    """
    found = stations(conn, home.code, minute, id_=id_)
    if not found:
        raise errors.NotFound("no_station", code=id_)
    areas = conn.execute(query("stations.areas"), {"district": home.code, "id": id_}).fetchall()
    return {
        **found[0].facts(),
        "areas": [dict(zip(("level", "code", "name"), row, strict=True)) for row in areas],
    }


def nearest_to(
    conn: Conn, basis: Basis, id_: int, variant: Variant, walker: Profile
) -> dict[str, int]:
    """Count the buildings that have no cheaper way to another station, within the minutes asked.

    ``basis`` is of the stations that count and of the buildings that may be seen; of two equally
    near stations both are the nearest.
    """
    limit = walker.limits[walker.bands.index(walker.minutes)]
    those = basis.town.buildings
    own = cost_of(those, costs(conn, basis.home.code, variant.id, (id_,)))
    near = (own <= limit) & (own == basis.cost_cm)
    return {
        "buildings": int(near.sum()),
        "households": int(those.households[near].sum()),
        "people": int(those.people[near].sum()),
    }
