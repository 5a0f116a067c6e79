"""One building and its ways."""

from typing import Any

from flask import Response

from gis import buildings as those
from gis import coverage as figures
from gis import stations
from web.answers import Reading, answer
from web.api.coverage import walker_of
from web.api.declared import (
    CENTIMETRES,
    COUNT,
    POINT,
    SCHEMAS,
    TEXT,
    WHOLE,
    YES,
    listed,
    maybe,
    obj,
    operation,
    ref,
)
from web.api.stations import PLACE, STATION, minute_of
from web.params import CONDITIONS, Parameter, code, query

SHOWN = ("id", "code", "name", "kind", "services", "open", "hours", "point")
SCHEMAS["Building"] = obj({
    "id": WHOLE, "code": TEXT, "name": TEXT, "kind": TEXT, "floors": COUNT, "households": COUNT,
    "people": COUNT, "estimated": YES, "point": POINT,
    "compound": maybe(obj({"id": WHOLE, "code": TEXT, "name": TEXT})),
    "areas": {**listed(PLACE), "description": "those that hold it, the lowest first"},
    "unconnected": YES, "cost_cm": maybe(CENTIMETRES), "minutes": maybe(WHOLE),
    "stations": listed(obj({
        **{name: STATION[name] for name in SHOWN}, "cost_cm": CENTIMETRES, "minutes": WHOLE,
    })),
    "path": maybe(ref("Line")), "straight_m": maybe(WHOLE),
})  # fmt: skip
SCHEMAS["Way"] = obj({
    "cost_cm": CENTIMETRES, "minutes": WHOLE, "path": ref("Line"), "straight_m": WHOLE,
})  # fmt: skip
TO = Parameter("station", code, {"type": "string"}, "The code of the station", required=True)


@operation("GET", "/<district>/buildings/<id:id>", ref("Building"), query=CONDITIONS)
def building(district: str, id: int) -> Response:
    """Tell of one building where it lies, which stations it reaches, and the way to the first."""
    asked = query(CONDITIONS)

    def make(now: Reading) -> dict[str, Any]:
        figures.check_service(now.conn, district, asked["service"])
        walker = walker_of(now, asked)
        found = stations.stations(now.conn, district, minute_of(now), asked["service"])
        hours = now.minute is not None
        return those.building(now.conn, now.home, id, now.variant, walker, found, hours)

    return answer(district, make, asked["at"], beside=minute_of, ways=True)


@operation("GET", "/<district>/buildings/<id:id>/path", ref("Way"), query=(TO, *CONDITIONS))
def way(district: str, id: int) -> Response:
    """Draw the way from a building to a station."""
    asked = query((TO, *CONDITIONS))

    def make(now: Reading) -> dict[str, Any]:
        walker = walker_of(now, asked)
        found = stations.stations(now.conn, district, minute_of(now))
        return those.way(now.conn, now.home, id, now.variant, walker, found, asked["station"])

    return answer(district, make, asked["at"], beside=minute_of, ways=True)
