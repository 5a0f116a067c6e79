"""All sites of a town filled: housing, public places, shops, the station, the land around."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import Polygon, affinity

from .blocks import Town
from .course import Yard
from .draws import stream
from .housing import housing
from .lines import polygons, rounded
from .mesh import Mesh
from .parts import Building, Parts
from .places import place
from .plan import Plan
from .shops import shops
from .sites import sites
from .specs import Spec


@dataclass(frozen=True, slots=True)
class Filled:
    """A town with everything in it, before codes and names."""

    plan: Plan
    net: Mesh
    town: Town
    parts: list[Parts]
    station: Building | None
    around: list[tuple[Polygon, str]]


def fill(spec: Spec, plan: Plan, net: Mesh, town: Town, scale: float) -> Filled:
    """Fill all sites, in the order of their places."""
    made = sites(spec, plan, net, town)
    parts = [_rest_filled(part, plan.seed) for part in housing(spec, plan, made, scale)]
    parts += [place(site, plan.seed) for site in made if site.use not in ("", "field")]
    parts.sort(key=lambda p: (round(p.site.place[0]), round(p.site.place[1])))
    parts = [
        replace(p, buildings=(*p.buildings, *shops(p, plan.seed))) if p.buildings else p
        for p in parts
    ]
    return Filled(plan, net, town, parts, _station(net.yard, town), around(plan, net, town))


def _rest_filled(parts: Parts, seed: int) -> Parts:
    """Fill a site that housing did not need with the use it was left to."""
    if parts.buildings:
        return parts
    return place(parts.site, seed)


def _station(yard: Yard, town: Town) -> Building | None:
    """Build the railway station between the yard and the street on the town's side."""
    along, toward = np.array(yard.along), np.array(yard.town)
    middle = np.array(yard.place) + 43 * toward
    corners = [(-58, -10), (58, -10), (58, 10), (24, 10), (24, 14), (-24, 14), (-24, 10), (-58, 10)]
    ring = [middle + a * along + b * toward for a, b in corners]
    shape = rounded(Polygon(ring))
    if not any(strip.contains(shape) for strip in town.strips):
        return None
    door = rounded(shapely.points(middle + 14 * toward)).coords[0]
    return Building(shape, "other", 2, doors=(door,), label="火车站")


def around(plan: Plan, net: Mesh, town: Town) -> list[tuple[Polygon, str]]:
    """Return fields and village outlines on the canvas beyond the gridded land."""
    lines = [road.line for road in town.roads]
    frame = town.canvas
    taken = shapely.union_all([town.outline, net.river.corridor, net.railway.corridor])
    taken = shapely.union_all([taken, shapely.union_all(lines).buffer(22)])
    free = frame.difference(taken)
    made: list[tuple[Polygon, str]] = []
    villages = _village_outlines(plan, frame, taken)
    made += [(rounded(v), "village") for v in villages]
    free = free.difference(shapely.union_all(villages))
    return made + [(rounded(p), "field") for p in polygons(free) if p.area > 2000]


def _village_outlines(plan: Plan, frame: Polygon, taken: Polygon) -> list[Polygon]:
    draw = stream(plan.seed, "far villages")
    west, south, east, north = frame.bounds
    found: list[Polygon] = []
    for _ in range(int(frame.area / 3.0e5)):
        x, y = draw.uniform(west, east), draw.uniform(south, north)
        size, flat, turn = draw.uniform(70, 150), draw.uniform(0.55, 1), draw.uniform(-12, 12)
        shape = affinity.rotate(
            shapely.box(x - size, y - size * flat, x + size, y + size * flat), turn
        )
        shape = shape.buffer(-14).buffer(14, quad_segs=2)
        if (
            shape.distance(taken) > 60
            and all(shape.distance(f) > 650 for f in found)
            and frame.contains(shape)
        ):
            found.append(shape)
    return found
