"""Stations, and the nearest ones to a point."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from gis import coverage as figures
from gis import nearest as near
from gis import stations as those
from gis.walk import variants
from web.answers import Reading, answer
from web.api.coverage import basis_of, walker_of
from web.api.declared import (
    CENTIMETRES,
    COUNT,
    LEVEL,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    YES,
    Schema,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.params import AT, CONDITIONS, PROFILE, SERVICE, Parameter, choice, number, query, whole

KIND: Schema = {"type": "string", "enum": ["centre", "community", "post", "shared"]}
STATION = {
    "id": WHOLE, "code": TEXT, "name": TEXT, "kind": KIND, "services": listed(TEXT),
    "hours": TEXT, "open": {**YES, "description": "at the time asked, or now"},
    "state": {"type": "string", "enum": ["planned", "open", "closed"]},
    "capacity": maybe(COUNT), "floor_area": maybe({"type": "number"}), "point": POINT,
}  # fmt: skip
PLACE = obj({"level": LEVEL, "code": TEXT, "name": TEXT})
SCHEMAS["Stations"] = obj({
    "stations": listed(obj(STATION)), "services": listed(obj({"code": TEXT, "name": TEXT})),
})  # fmt: skip
SCHEMAS["Station"] = obj({
    **STATION, "areas": listed(PLACE), "minutes": WHOLE,
    "nearest": {**ref("Counts"), "description": "buildings it is the nearest to, within minutes"},
})  # fmt: skip
SCHEMAS["Nearest"] = obj({
    "district": TEXT, "profile": TEXT, "from": POINT, "at": maybe(TEXT), "service": maybe(TEXT),
    "access": listed(obj({
        "edge": WHOLE, "from_source_cm": CENTIMETRES, "connector_cm": CENTIMETRES,
    })),
    "stations": listed(obj({
        "code": TEXT, "name": TEXT, "kind": KIND, "hours": TEXT, "open": YES,
        "cost_cm": CENTIMETRES, "minutes": WHOLE, "path": ref("Line"),
    })),
})  # fmt: skip

LON = Parameter("lon", number(-180, 180), {"type": "number"}, "Longitude [deg]", required=True)
LAT = Parameter("lat", number(-90, 90), {"type": "number"}, "Latitude [deg]", required=True)
DATUM = Parameter("datum", choice("cgcs2000", "wgs84", "gcj02", "bd09"), {"type": "string"},
                  "The datum of the point", default="cgcs2000")  # fmt: skip
LIMIT = Parameter("limit", whole(1, 100), {"type": "integer", "minimum": 1, "maximum": 100},
                  "How many stations", default=3)  # fmt: skip


def minute_of(now: Reading) -> int:
    """Return the minute of the week asked for, or that of now in the district's zone."""
    if now.minute is not None:
        return now.minute
    return variants.minute_of_week(datetime.now(ZoneInfo(now.home.zone)))


@operation("GET", "/<district>/stations", ref("Stations"), query=(AT, SERVICE))
def stations(district: str) -> Response:
    """List the stations by code, whatever their state, and the services there are."""
    asked = query((AT, SERVICE))

    def make(now: Reading) -> dict[str, Any]:
        figures.check_service(now.conn, district, asked["service"])
        found = those.stations(now.conn, district, minute_of(now), asked["service"])
        return {
            "stations": [one.facts() for one in found],
            "services": those.services(now.conn, district),
        }

    return answer(district, make, asked["at"], beside=minute_of)


@operation("GET", "/<district>/stations/<id:id>", ref("Station"), query=CONDITIONS)
def station(district: str, id: int) -> Response:
    """Tell of one station what it offers, where it stands, and who is nearest to it."""
    asked = query(CONDITIONS)

    def make(now: Reading) -> dict[str, Any]:
        walker = walker_of(now, asked)
        basis = basis_of(now, asked["service"])
        found = those.station(now.conn, now.home, id, minute_of(now))
        counts = those.nearest_to(now.conn, basis, id, now.variant, walker)
        return {**found, "minutes": walker.minutes, "nearest": counts}

    return answer(district, make, asked["at"], beside=minute_of)


@operation("GET", "/<district>/nearest", ref("Nearest"),
           query=(LON, LAT, DATUM, SERVICE, AT, PROFILE, LIMIT))  # fmt: skip
def nearest(district: str) -> Response:
    """Find the stations nearest on foot to a point, with the ways there."""
    asked = query((LON, LAT, DATUM, SERVICE, AT, PROFILE, LIMIT))

    def make(now: Reading) -> dict[str, Any]:
        return near.nearest(
            now.conn, district, asked["lon"], asked["lat"], asked["datum"], asked["service"],
            asked["at"], asked["limit"], asked["profile"],
        )  # fmt: skip

    return answer(district, make, asked["at"], beside=minute_of, ways=True)
