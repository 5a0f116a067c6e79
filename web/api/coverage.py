"""Who is served within how many minutes: figures by area, minutes by building."""

from typing import Any

import numpy as np
from flask import Response

from gis import coverage as figures
from gis import recent, served
from gis.counting import Basis
from gis.counting import figures as counted
from gis.counting import minutes as minutes_of
from gis.kept import Kept
from gis.profiles import Profile
from gis.served import Longs
from web.answers import Reading, answer
from web.api.declared import (
    BOX,
    CENTIMETRES,
    COUNT,
    LEVEL,
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
from web.api.districts import earlier, town_of
from web.params import AREA, BY, CONDITIONS, query

COSTS: Kept[tuple[Longs, Longs]] = Kept(48)

FIGURES = {
    "buildings": COUNT, "households": COUNT, "people": COUNT,
    "buildings_covered": COUNT, "households_covered": COUNT, "people_covered": COUNT,
    "unconnected": ref("Counts"), "estimated": ref("Counts"),
    "bands": listed(obj({
        "minutes": WHOLE, "buildings": COUNT, "households": COUNT, "people": COUNT,
    })),
}  # fmt: skip
SCHEMAS["Coverage"] = obj({
    "district": TEXT, "name": TEXT, "sample": YES, "origin": TEXT, "data_date": TEXT,
    "profile": TEXT, "speed_cm_per_h": WHOLE, "minutes": WHOLE, "at": maybe(TEXT),
    "service": maybe(TEXT), "by": LEVEL, "stations": COUNT,
    "partial": {**YES, "description": "the figures are not of all of it: the rest is not yours"},
    **FIGURES,
    "areas": listed(obj({
        "code": TEXT, "name": TEXT, "level": LEVEL, "parent": maybe(TEXT), **FIGURES,
        "point": maybe(POINT), "bbox": maybe(BOX),
    })),
})  # fmt: skip
SCHEMAS["Minutes"] = obj({
    "ids": {**listed(WHOLE), "description": "ascending ids of buildings: the first, then steps"},
    "minutes": {
        **listed({"type": "integer", "minimum": 0, "maximum": 255}),
        "description": "rounded up; 255: beyond all reach; 254: unconnected",
    },
    "profile": TEXT,
    "limits": listed(CENTIMETRES),
    "bands": listed(WHOLE),
})  # fmt: skip


@operation("GET", "/<district>/coverage", ref("Coverage"), query=(BY, AREA, *CONDITIONS))
def coverage(district: str) -> Response:
    """Count who is served, in all and by the areas of a level.

    The same figures as the command line's, of what one may see.
    """
    asked = query((BY, AREA, *CONDITIONS))

    def make(now: Reading) -> dict[str, Any]:
        walker = walker_of(now, asked)
        basis = basis_of(now, asked["service"])
        found = counted(basis, walker, asked["at"], asked["service"], asked["by"], asked["area"])
        places = {one.code: one for one in basis.town.areas}
        for row in found["areas"]:
            place = places.get(row["code"])
            there = place is not None and place.lon is not None
            row["point"] = [round(place.lon, 9), round(place.lat, 9)] if there else None  # type: ignore[union-attr, arg-type]
            row["bbox"] = place.box if place else None
        return found

    return answer(district, make, asked["at"], keep=True)


@operation("GET", "/<district>/minutes", ref("Minutes"), query=CONDITIONS)
def minutes(district: str) -> Response:
    """Tell the minutes from every building one may see to the nearest station."""
    asked = query(CONDITIONS)

    def make(now: Reading) -> dict[str, Any]:
        walker = walker_of(now, asked)
        basis = basis_of(now, asked["service"])
        ids = basis.town.buildings.id
        return {
            "ids": np.diff(ids, prepend=0).tolist(),
            "minutes": minutes_of(basis, walker).tolist(),
            "profile": walker.code,
            "limits": walker.limits,
            "bands": walker.bands,
        }

    return answer(district, make, asked["at"], keep=True)


def walker_of(now: Reading, asked: dict[str, Any]) -> Profile:
    """Return the profile that is asked for, with its minutes; raises as `Profile.asking`."""
    found = figures.profile(now.conn, now.home.code, asked["profile"])
    return found.asking(asked.get("minutes"))


def basis_of(now: Reading, service: str | None) -> Basis:
    """Return what figures are counted from under this request's conditions and rights."""
    code = now.home.code
    figures.check_service(now.conn, code, service)
    stations = served.stations(now.conn, code, service, now.minute)
    what = now.variant.id, service, now.minute

    def make() -> tuple[Longs, Longs]:
        last = earlier(now, COSTS, *what)
        if last is None or now.variant.id not in last[0].variants:
            return served.costs(now.conn, code, now.variant.id, stations)
        step, was = last
        return recent.costs(now.conn, code, now.variant.id, stations, was, step.buildings)

    costs = now.kept(COSTS, make, *what)
    town = town_of(now)
    cost = served.cost_of(town.buildings, costs)
    return Basis(now.home, town, cost, len(stations), figures.limit(now.conn, code))
