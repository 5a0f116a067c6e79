"""From tagged shapes of OpenStreetMap to the tables of a district. Pure.

OpenStreetMap counts no people. Households are estimated from outline, floors and
`M2_PER_HOUSEHOLD`, in dwellings only, and marked so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis import content, hours
from gis.content import Content
from gis.crs import LocalPlane
from gis.errors import BadInput
from gis.walk import osm_tags
from gis.walk.network import holder
from gis.walk.osm_tags import Tags
from gis.walk.vertices import lattice, number_points

M2_PER_HOUSEHOLD = 100.0  # of floor area, stairs and walls included
PEOPLE_PER_HOUSEHOLD = 2.62  # census of 2020
COMPOUND_M2 = 500_000.0  # larger housing land is a quarter, not an estate
HOUSE_M2 = 200.0  # smaller dwellings without a kind are houses
GATE_M = 15.0  # a gate belongs to the compound whose outline is no farther
LEVELS = ("district", "subdistrict", "community")

Record = tuple[str, Tags, shapely.Geometry]
Objects = NDArray[np.object_]
Row = dict[str, object]


@dataclass(slots=True)
class Found:
    """Everything of use in a file, in its order: code, tags and hexadecimal WKB."""

    way: list[tuple[str, Tags, str]] = field(default_factory=list)
    barrier: list[tuple[str, Tags, str]] = field(default_factory=list)
    gate: list[tuple[str, Tags, str]] = field(default_factory=list)
    area: list[tuple[str, Tags, str]] = field(default_factory=list)
    door: list[tuple[float, float]] = field(default_factory=list)


def part(code: str, k: int) -> str:
    """Return the code of part k, counted from 0, of an object that may have several."""
    return f"{code}.{k + 1}" if k else code


def tables(found: Found, left_out: Counter[str]) -> Content:
    """Return the tables of a district; what cannot be used is counted in ``left_out``."""
    area = [record for record in _shaped(found.area) if record[2].is_valid]
    left_out["invalid polygon"] += len(found.area) - len(area)
    way = _table("way", [*_ways(_shaped(found.way)), *_ways(_outlines(area))])
    plane = LocalPlane(*_middle(way))
    compound = _table("compound", _compounds(area, plane))
    land = _table("land", _land(area))
    return Content(
        area=_areas(area),
        compound=compound,
        building=_buildings(area, found.door, compound, land, plane),
        gate=_gates(_shaped(found.gate), way, compound, plane, left_out),
        barrier=_table("barrier", _barriers(_shaped(found.barrier))),
        water=_table("water", _water(area)),
        land=land,
        way=way,
        station=content.table("station"),
    )


def _shaped(records: list[tuple[str, Tags, str]]) -> list[Record]:
    shapes = shapely.from_wkb([wkb for *_, wkb in records])
    return [(code, tags, shape) for (code, tags, _), shape in zip(records, shapes, strict=True)]


def _table(name: str, rows: Iterable[Row]) -> gpd.GeoDataFrame:
    """Make a table; of an object that the file holds twice, the later one counts."""
    return content.table(name, list({row["code"]: row for row in rows}.values()))


def _look_up(column: Iterable[object], row: NDArray[np.integer]) -> Objects:
    """Return the column's values at rows, None at -1."""
    return np.take(np.array([*column, None], dtype=object), row)


def _middle(way: gpd.GeoDataFrame) -> tuple[float, float]:
    west, south, east, north = way.total_bounds if len(way) else (0.0,) * 4
    return float(west + east) / 2, float(south + north) / 2


def _parts(code: str, shape: shapely.Geometry) -> Iterator[tuple[str, shapely.Geometry]]:
    for k, piece in enumerate(shapely.get_parts(shape)):
        yield part(code, k), piece


def _single(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a polygon for a multipolygon of one."""
    return shape.geoms[0] if len(shape.geoms) == 1 else shape


def _outlines(area: list[Record]) -> Iterator[Record]:
    """Yield the rings of places to walk on that are mapped as relations."""
    for code, tags, shape in area:
        if code.startswith("r") and osm_tags.is_walkable(tags):
            for k, ring in enumerate(shapely.get_rings(shapely.get_parts(shape))):
                yield part(code, k), tags, shapely.LineString(ring)


def _ways(records: Iterable[Record]) -> Iterator[Row]:
    for code, tags, shape in records:
        yield {
            "code": code,
            "name": tags.get("name"),
            "highway": tags["highway"],
            "bridge": osm_tags.is_set(tags, "bridge"),
            "tunnel": osm_tags.is_set(tags, "tunnel"),
            "steps": tags["highway"] == "steps",
            "foot": osm_tags.foot(tags),
            "geometry": shape,
        }


def _barriers(records: list[Record]) -> Iterator[Row]:
    for code, tags, shape in records:
        yield {"code": code, "kind": osm_tags.barrier(tags), "geometry": shape}


def _compounds(area: list[Record], plane: LocalPlane) -> Iterator[Row]:
    for code, tags, shape in area:
        if osm_tags.is_compound(tags) and plane.project(np.array([shape]))[0].area <= COMPOUND_M2:
            for name, polygon in _parts(code, shape):
                yield {"code": name, "name": tags.get("name"), "branch": None, "geometry": polygon}


def _land(area: list[Record]) -> Iterator[Row]:
    for code, tags, shape in area:
        kind = osm_tags.land(tags)
        if kind and not osm_tags.is_set(tags, "building"):
            for name, polygon in _parts(code, shape):
                yield {"code": name, "name": tags.get("name"), "kind": kind, "geometry": polygon}


def _water(area: list[Record]) -> Iterator[Row]:
    for code, tags, shape in area:
        if kind := osm_tags.water(tags):
            name = tags.get("name")
            yield {"code": code, "name": name, "kind": kind, "geometry": _single(shape)}


def _areas(area: list[Record]) -> gpd.GeoDataFrame:
    """Return the administrative areas; a parent is the next level up that holds the area."""
    rows: list[Row] = [
        {
            "code": code,
            "level": osm_tags.level(tags),
            "name": tags.get("name", code),
            "parent": None,
            "tiled": False,
            "geometry": shape,
        }
        for code, tags, shape in area
        if osm_tags.level(tags)
    ]
    found = _table("area", rows)
    inner = shapely.point_on_surface(found.geometry.to_numpy())
    for k, level in enumerate(LEVELS):
        for upper in LEVELS[:k]:  # the nearer level comes last and wins
            above = found[found["level"] == upper]
            row = holder(inner, above.geometry.to_numpy())
            here = ((found["level"] == level) & (row >= 0)).to_numpy()
            found.loc[here, "parent"] = _look_up(above["code"], row[here])
    return found


def _buildings(
    area: list[Record],
    door: list[tuple[float, float]],
    compound: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    plane: LocalPlane,
) -> gpd.GeoDataFrame:
    records = [record for record in area if osm_tags.is_set(record[1], "building")]
    shape = np.array([_single(shape) for *_, shape in records], dtype=object)
    inner = shapely.point_on_surface(shape)
    telling = land[land["kind"].isin(osm_tags.USE_OF_LAND)]
    use = _look_up(telling["kind"], holder(inner, telling.geometry.to_numpy()))
    home = _look_up(compound["code"], holder(inner, compound.geometry.to_numpy()))
    outline = shapely.area(plane.project(shape))
    doors = _doors(shape, np.array(door).reshape(-1, 2))
    rows = (
        {
            "code": code,
            "name": tags.get("name"),
            **_dwelling(tags, float(outline[k]), use[k]),
            "compound": home[k],
            "doors": doors[k],
            "geometry": shape[k],
        }
        for k, (code, tags, _) in enumerate(records)
    )
    return _table("building", rows)


def _dwelling(tags: Tags, outline_m2: float, use: str | None) -> Row:
    """Return kind, floors, and the estimate of households and people."""
    floors = osm_tags.floors(tags)
    kind = osm_tags.building(tags) or osm_tags.USE_OF_LAND.get(use or "")
    kind = kind or ("house" if outline_m2 < HOUSE_M2 else "slab")
    if kind == "slab" and (floors or 0) >= osm_tags.TOWER_FLOORS:
        kind = "tower"
    floors = floors or osm_tags.FLOORS.get(kind, 1)
    lived_in = kind in osm_tags.RESIDENTIAL
    households = max(1, round(outline_m2 * floors / M2_PER_HOUSEHOLD)) if lived_in else 0
    return {
        "kind": kind,
        "floors": floors,
        "households": households,
        "people": round(PEOPLE_PER_HOUSEHOLD * households),
        "estimated": True,
    }


def _doors(shape: Objects, door: NDArray[np.float64]) -> list[shapely.MultiPoint | None]:
    """Return the doors that are vertices of each outline, or None."""
    xy, of = shapely.get_coordinates(shape, return_index=True)
    vertex, entrance = number_points(lattice(xy), lattice(door))
    found: list[shapely.MultiPoint | None] = [None] * len(shape)
    at = np.isin(vertex, entrance)
    for k in np.unique(of[at]):
        found[k] = shapely.MultiPoint(np.unique(xy[at & (of == k)], axis=0))
    return found


def _gates(
    records: list[Record],
    way: gpd.GeoDataFrame,
    compound: gpd.GeoDataFrame,
    plane: LocalPlane,
    left_out: Counter[str],
) -> gpd.GeoDataFrame:
    """Return the gates on ways, one at a place."""
    point = np.array([shape for *_, shape in records], dtype=object)
    at, vertex = (lattice(shapely.get_coordinates(x)) for x in (point, way.geometry.to_numpy()))
    key, used = number_points(at, vertex)
    first = np.zeros(len(key), dtype=bool)
    first[np.unique(key, return_index=True)[1]] = True
    keep = first & np.isin(key, used)
    left_out["gate on no way"] += int((~keep).sum())
    near = _nearest_outline(point, compound, plane)
    rows = (
        {
            "code": records[k][0],
            "name": records[k][1].get("name"),
            "compound": near[k],
            "hours": _hours(records[k][1], left_out),
            "passage": "both",
            "geometry": point[k],
        }
        for k in np.flatnonzero(keep)
    )
    return _table("gate", rows)


def _nearest_outline(point: Objects, compound: gpd.GeoDataFrame, plane: LocalPlane) -> Objects:
    """Return the code of the compound whose outline is nearest within `GATE_M`, or None."""
    outline = shapely.boundary(plane.project(compound.geometry.to_numpy()))
    at, row = shapely.STRtree(outline).query_nearest(plane.project(point), max_distance=GATE_M)
    nearest = np.full(len(point), len(compound))
    np.minimum.at(nearest, at, row)
    return _look_up(compound["code"], np.where(nearest < len(compound), nearest, -1))


def _hours(tags: Tags, left_out: Counter[str]) -> str:
    text = osm_tags.gate_hours(tags)
    try:
        hours.parse(text)
    except BadInput:
        left_out["opening hours of a gate"] += 1
        return "24/7"
    return text
