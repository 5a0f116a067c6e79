"""A district out of an OpenStreetMap extract (``.osm.pbf``). Pure: it reads the file, no database.

Ways, buildings, housing estates, barriers, gates, water, land use and the administrative polygons
that are complete in the file. Codes are the object's kind and number: w123 a way, r456 a relation,
n789 a node; a part of it has ``.2``, ``.3``, … behind. What the tags mean is said in `osm_tags`.
OpenStreetMap keeps 1e-7 degrees, so all places are on the lattice as they are. Data ©
OpenStreetMap contributors, ODbL 1.0.

A file cut off inside a block is refused. One cut off exactly between two blocks is a whole file
of this format, which has neither an end mark nor a count: its ways or relations are just fewer.
Objects out of order, or there twice, are brought in order first.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium.filter import KeyFilter
from osmium.geom import WKBFactory

from gis.content import Content
from gis.errors import BadInput, NoNetwork
from gis.walk import osm_file, osm_tables, osm_tags
from gis.walk.osm_tables import Found

AREA_KEYS = ("building", "landuse", "natural", "waterway", "water", "leisure", "amenity", "place")
KEYS = (*AREA_KEYS, "boundary", "highway", "barrier", "railway", "entrance")


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file holds.

    Attributes
    ----------
    content
        The tables; no stations, because the tags tell none.
    left_out
        How many objects could not be used, by reason.
    date
        When the data was taken from OpenStreetMap, as the file says (ISO 8601), or None.
    """

    content: Content
    left_out: dict[str, int]
    date: str | None


def read(path: Path) -> Content:
    """Return the tables of `extract` alone."""
    return extract(path).content


def extract(path: Path) -> Extract:
    """Read a file.

    Raises
    ------
    BadInput
        There is no such file, it is not in PBF format, or it is damaged or cut off.
    NoNetwork
        No way in it is open to walkers.
    """
    osm_file.check(path)
    try:
        scan = _scan(path)
    except (RuntimeError, ValueError):
        raise BadInput("cut_off", file=path.name) from None
    content = osm_tables.tables(scan.found, scan.left_out)
    if not len(content.way):
        raise NoNetwork("no_ways", name=path.name)
    scan.left_out["relation without all its ways"] = len(scan.wanted - scan.complete)
    left_out = {reason: n for reason, n in sorted(scan.left_out.items()) if n}
    return Extract(content, left_out, scan.date)


def _scan(path: Path) -> "_Scan":
    try:
        return _Scan().run(path)
    except RuntimeError as error:
        if not osm_file.is_out_of_order(error):
            raise
    with osm_file.in_order(path) as copy:
        return _Scan().run(copy)


@dataclass(slots=True)
class _Scan:
    """Sorts the objects of a file as they come by: each is gone after its step."""

    found: Found = field(default_factory=Found)
    left_out: Counter[str] = field(default_factory=Counter)
    wanted: set[int] = field(default_factory=set)  # relations that should make an area
    complete: set[int] = field(default_factory=set)
    factory: WKBFactory = field(default_factory=WKBFactory)
    date: str | None = None

    def run(self, path: Path) -> "_Scan":
        processor = osmium.FileProcessor(osmium.io.File(str(path), "pbf"))
        self.date = processor.header.get("osmosis_replication_timestamp") or None
        areas = processor.with_areas(KeyFilter(*AREA_KEYS, "boundary", "highway"))
        for thing in areas.with_filter(KeyFilter(*KEYS)):
            self.add(thing)
        return self

    def add(self, thing: Any) -> None:
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_area():
            self.area(thing, tags)
        elif thing.is_way():
            self.way(thing, tags)
        elif thing.is_node():
            self.node(thing, tags)
        elif tags.get("type") in ("multipolygon", "boundary") and osm_tags.is_area(tags):
            self.wanted.add(thing.id)

    def node(self, node: Any, tags: osm_tags.Tags) -> None:
        if osm_tags.is_gate(tags):
            self.found.gate.append((f"n{node.id}", tags, self.factory.create_point(node)))
        if osm_tags.is_door(tags):
            self.found.door.append((node.lon, node.lat))

    def way(self, way: Any, tags: osm_tags.Tags) -> None:
        if osm_tags.is_walkable(tags):
            records = self.found.way
        elif osm_tags.barrier(tags):
            records = self.found.barrier
        else:
            return
        lines = enumerate(self.lines(way))
        records.extend((osm_tables.part(f"w{way.id}", k), tags, line) for k, line in lines)

    def lines(self, way: Any) -> list[str]:
        """Return the line of a way, or its pieces where the file lacks nodes of it."""
        try:
            return [self.factory.create_linestring(way)]
        except (RuntimeError, osmium.InvalidLocationError):
            self.left_out["way without all its nodes"] += 1
        runs: list[list[tuple[float, float]]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append((node.lon, node.lat))
            else:
                runs.append([])
        return [shapely.to_wkb(shapely.LineString(r), hex=True) for r in runs if len({*r}) > 1]

    def area(self, area: Any, tags: osm_tags.Tags) -> None:
        if area.from_way():
            if osm_tags.is_land(tags):
                record = (f"w{area.orig_id()}", tags, self.factory.create_multipolygon(area))
                self.found.area.append(record)
        elif osm_tags.is_area(tags):
            self.complete.add(area.orig_id())
            record = (f"r{area.orig_id()}", tags, self.factory.create_multipolygon(area))
            self.found.area.append(record)
