"""Profiles: how one walks, and what is asked for."""

from dataclasses import dataclass, replace

from gis import errors
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Profile:
    """How one walks: speed, the minutes asked for, the bands and their limits.

    A band's limit is speed x minutes / 60, rounded down to the centimetre, unless the profile
    names distances of its own.
    """

    code: str
    name: str
    speed_cm_per_h: int
    minutes: int
    bands: list[int]
    limits_cm: list[int] | None = None

    @property
    def limits(self) -> list[int]:
        """The limit of each band [cm]."""
        return self.limits_cm or [self.speed_cm_per_h * m // 60 for m in self.bands]

    def minutes_for(self, cost_cm: int) -> int:
        """Return the minutes a way takes, rounded up."""
        return -(-60 * cost_cm // self.speed_cm_per_h)

    def asking(self, minutes: int | None) -> "Profile":
        """Return the same way of walking with other minutes asked for.

        Raises
        ------
        BadInput
            They are not between 1 and 60, or no band of a profile with distances of its own.
        """
        if minutes is None or minutes == self.minutes:
            return self
        if not 1 <= minutes <= 60:
            raise errors.BadInput("minutes_asked", minutes=minutes)
        if self.limits_cm and minutes not in self.bands:
            bands = "、".join(map(str, self.bands))
            raise errors.BadInput("minutes_of_standard", minutes=minutes, known=bands)
        return replace(self, minutes=minutes, bands=sorted({*self.bands, minutes}))


def profile(conn: Conn, district: str, code: str) -> Profile:
    """Return a profile of a district.

    Raises
    ------
    NotFound
        It has none of that code; the error lists those it has.
    """
    found = conn.execute(query("coverage.profile"), {"district": district, "code": code}).fetchone()
    if found is None:
        raise errors.NotFound("no_profile", code=code, known=_known(profiles(conn, district)))
    return Profile(*found)


def profiles(conn: Conn, district: str) -> list[Profile]:
    """Return the profiles of a district, the fastest first."""
    rows = conn.execute(query("coverage.profiles"), {"district": district}).fetchall()
    return [Profile(*row) for row in rows]


def set_profile(conn: Conn, district: str, code: str, speed_km_h: float, minutes: int) -> Profile:
    """Make or change a profile.

    Raises
    ------
    BadInput
        The speed is not between 0.1 and 20 km/h, or the minutes not between 1 and 120.
    """
    if not 0.1 <= speed_km_h <= 20:
        raise errors.BadInput("speed", speed=speed_km_h)
    if not 1 <= minutes <= 120:
        raise errors.BadInput("minutes", minutes=minutes)
    values = {
        "district": district,
        "code": code,
        "name": code,
        "speed_cm_per_h": round(speed_km_h * 100_000),
        "minutes": minutes,
        "bands": sorted({5, 10, 15, 20, minutes}),
    }
    with errors.told():
        conn.execute(query("coverage.set_profile"), values)
    return profile(conn, district, code)


def _known(those: list[Profile]) -> str:
    return "、".join(one.code for one in those)
