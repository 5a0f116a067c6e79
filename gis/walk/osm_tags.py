"""What OpenStreetMap tags mean for a district: which ways are walked on, what stands where. Pure.

Each function takes the tags of one object. Sources: the OpenStreetMap wiki's pages *Key:highway*,
*Key:access*, *Key:barrier*, *Key:building* and *Tag:boundary=administrative* (for China: 6 county,
8 subdistrict or town, 10 community or village).
"""

import re
from collections.abc import Mapping

Tags = Mapping[str, str]

ROADS = ("trunk", "primary", "secondary", "tertiary")
WALKED = frozenset({*ROADS, *(f"{road}_link" for road in ROADS)}) | {
    *("unclassified", "residential", "living_street", "service", "road", "track"),
    *("pedestrian", "footway", "path", "steps", "corridor", "cycleway", "bridleway"),
}
MOTORWAY = frozenset({"motorway", "motorway_link"})
ALLOWED = frozenset({"yes", "designated", "permissive", "destination", "official", "customers"})
FORBIDDEN = frozenset({"no", "private"})

FLOOR_M = 3.0
TOWER_FLOORS = 10
FLOORS = {"slab": 6, "tower": 18, "dormitory": 5, "house": 2, "village_house": 2}  # if not tagged
RESIDENTIAL = ("slab", "tower", "house", "village_house")

BARRIER = {
    "wall": "wall",
    "city_wall": "wall",
    "retaining_wall": "wall",
    "fence": "fence",
    "hedge": "other",
    "guard_rail": "other",
    "ditch": "other",
}
RAIL = frozenset({"rail", "light_rail", "subway", "narrow_gauge"})
GATE = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "kissing_gate", "entrance"})
NO_DOOR = frozenset({"no", "emergency", "garage", "service"})
LEVEL = {"6": "district", "8": "subdistrict", "10": "community"}

BUILDING = {
    kind: name
    for name, kinds in {
        "slab": "apartments residential",
        "house": "house detached semidetached_house terrace bungalow",
        "village_house": "farm cabin hut",
        "shop": "commercial retail shop supermarket kiosk hotel office mall",
        "school": "school university college",
        "kindergarten": "kindergarten",
        "hospital": "hospital clinic",
        "government": "government civic public townhall",
        "factory": "industrial warehouse factory manufacture",
        "dormitory": "dormitory",
    }.items()
    for kind in kinds.split()
}
AMENITY = {
    "school": "school",
    "university": "school",
    "college": "school",
    "kindergarten": "kindergarten",
    "hospital": "hospital",
    "clinic": "hospital",
    "townhall": "government",
    "courthouse": "government",
    "police": "government",
}
LAND = {
    ("amenity", "school"): "school",
    ("amenity", "university"): "school",
    ("amenity", "college"): "school",
    ("amenity", "kindergarten"): "school",
    ("amenity", "hospital"): "hospital",
    ("amenity", "clinic"): "hospital",
    ("amenity", "townhall"): "government",
    ("leisure", "park"): "park",
    ("leisure", "garden"): "park",
    ("place", "square"): "plaza",
    ("landuse", "education"): "school",
    ("landuse", "commercial"): "commerce",
    ("landuse", "retail"): "commerce",
    ("landuse", "industrial"): "factory",
    ("landuse", "railway"): "railway_yard",
    ("landuse", "residential"): "residential",
    ("landuse", "farmland"): "field",
    ("landuse", "orchard"): "field",
    ("landuse", "grass"): "green",
    ("landuse", "forest"): "green",
    ("landuse", "meadow"): "green",
    ("landuse", "recreation_ground"): "green",
    ("landuse", "village_green"): "green",
    ("natural", "wood"): "green",
    ("natural", "scrub"): "green",
}
# What an untagged building is, by the land it stands on; elsewhere people live in it.
USE_OF_LAND = {
    "school": "school",
    "hospital": "hospital",
    "government": "government",
    "commerce": "shop",
    "factory": "factory",
    "railway_yard": "other",
    "park": "other",
}


def is_set(tags: Tags, key: str) -> bool:
    """Tell whether the key is there and not denied."""
    return tags.get(key, "no") != "no"


def is_walkable(tags: Tags) -> bool:
    """Tell whether people may walk on a highway.

    Roads from trunk to track, paths, steps and pedestrian areas; motorways and motorroads only
    where ``foot`` allows it; no road under construction. ``foot`` overrules ``access``; ``no`` and
    ``private`` forbid. Other restrictions (``access=bus``, ``delivery``) are taken for vehicles'.
    """
    highway, foot = tags.get("highway"), tags.get("foot")
    if highway not in WALKED and highway not in MOTORWAY:
        return False
    if foot in ALLOWED or foot in FORBIDDEN:
        return foot in ALLOWED
    if highway in MOTORWAY or is_set(tags, "motorroad"):
        return False
    return tags.get("access") not in FORBIDDEN


def foot(tags: Tags) -> str:
    """Return the direction in which one may walk: 'both', 'forward' or 'backward' of the way.

    From ``oneway:foot``, ``foot:forward``, ``foot:backward`` and moving stairs (``conveying``);
    ``oneway`` alone is for vehicles.
    """
    oneway = tags.get("oneway:foot")
    conveying = tags.get("conveying")
    if oneway in ("yes", "1") or conveying == "forward" or tags.get("foot:backward") == "no":
        return "forward"
    if oneway == "-1" or conveying == "backward" or tags.get("foot:forward") == "no":
        return "backward"
    return "both"


def barrier(tags: Tags) -> str | None:
    """Return the kind of barrier a line is, or None.

    Walls, fences, hedges; railways and rivers where they are neither on a bridge nor in a tunnel.
    A stream or a tram line is stepped over.
    """
    if kind := BARRIER.get(tags.get("barrier", "")):
        return kind
    if is_set(tags, "tunnel") or is_set(tags, "bridge") or tags.get("location") == "underground":
        return None
    if tags.get("railway") in RAIL:
        return "railway"
    return "river" if tags.get("waterway") in ("river", "canal") else None


def is_gate(tags: Tags) -> bool:
    """Tell whether a point may be a gate."""
    return tags.get("barrier") in GATE


def is_door(tags: Tags) -> bool:
    """Tell whether a point is a door that people use."""
    return tags.get("entrance", "no") not in NO_DOOR


def gate_hours(tags: Tags) -> str:
    """Return the opening hours of a gate as tagged; a gate that is closed to all is 'off'.

    A private gate is open: those who live behind it have the key.
    """
    if tags.get("foot", tags.get("access")) == "no":
        return "off"
    return tags.get("opening_hours", "24/7")


def water(tags: Tags) -> str | None:
    """Return 'river' or 'lake' if an area is water, or None."""
    if tags.get("waterway") == "riverbank":
        return "river"
    if tags.get("natural") == "water" or tags.get("landuse") == "reservoir":
        return "river" if tags.get("water") in ("river", "canal", "stream") else "lake"
    return None


def land(tags: Tags) -> str | None:
    """Return what an area of land is used for, or None."""
    return next((kind for (key, value), kind in LAND.items() if tags.get(key) == value), None)


def is_compound(tags: Tags) -> bool:
    """Tell whether housing land is one estate: it has a name, or a wall around it."""
    return tags.get("landuse") == "residential" and (
        "name" in tags or tags.get("barrier") in ("wall", "fence", "hedge")
    )


def is_land(tags: Tags) -> bool:
    """Tell whether an area is a building, water, or land in use."""
    return is_set(tags, "building") or bool(water(tags) or land(tags))


def is_area(tags: Tags) -> bool:
    """Tell whether a relation is of use: land, an administrative area, or a place to walk on."""
    return is_land(tags) or level(tags) is not None or is_walkable(tags)


def level(tags: Tags) -> str | None:
    """Return the level of an administrative area, or None."""
    if tags.get("boundary") != "administrative":
        return None
    return LEVEL.get(tags.get("admin_level", ""))


def building(tags: Tags) -> str | None:
    """Return the kind of a building, or None where the tags leave it open."""
    if tags.get("amenity") in AMENITY:
        return AMENITY[tags["amenity"]]
    if tags["building"] == "yes":
        return "shop" if "shop" in tags or "office" in tags or "tourism" in tags else None
    return BUILDING.get(tags["building"], "other")


def floors(tags: Tags) -> int | None:
    """Return the number of floors: as tagged, else a floor to 3 m of height, else None."""
    if (levels := _number(tags.get("building:levels"))) is not None:
        return max(1, round(levels))
    if (height := _number(tags.get("height", tags.get("building:height")))) is not None:
        return max(1, round(height / FLOOR_M))
    return None


def _number(text: str | None) -> float | None:
    """Read the number a text begins with: '6', '18.5 m', '6;7'."""
    match = re.match(r"\s*(\d{1,4}(?:\.\d+)?)", text or "")
    return float(match[1]) if match else None
