"""Sites: the parcel within each block, its zone, and what it is used for."""

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Polygon

from .blocks import Town
from .draws import relief, stream
from .lines import largest, rounded
from .mesh import HALF, Mesh
from .parts import Site
from .plan import Plan
from .specs import Spec

SCRAP = 1800.0  # smaller parcels are green [m²]
SHOP_DEPTH = 12.0

# Public uses by zone: share of the zone's land, smallest and largest parcel [ha].
PUBLIC: dict[str, list[tuple[str, float, float, float]]] = {
    "core": [
        ("government", 0.06, 0.8, 3.5), ("school", 0.07, 0.9, 4.0), ("hospital", 0.06, 1.0, 4.0),
        ("commerce", 0.10, 0.5, 2.5), ("park", 0.06, 0.8, 5.0), ("plaza", 0.03, 0.4, 2.0),
    ],
    "ring90": [
        ("school", 0.08, 1.2, 4.5), ("park", 0.07, 1.0, 6.0), ("commerce", 0.06, 0.5, 2.5),
        ("hospital", 0.03, 1.2, 4.0), ("government", 0.02, 0.8, 3.0),
    ],
    "new00": [
        ("school", 0.07, 1.5, 6.0), ("park", 0.09, 1.0, 8.0), ("commerce", 0.05, 0.6, 3.5),
        ("hospital", 0.02, 1.5, 5.0),
    ],
    "new10": [
        ("park", 0.12, 2.0, 14.0), ("mall", 0.05, 1.2, 6.0), ("government", 0.03, 1.2, 6.0),
        ("school", 0.08, 2.0, 9.0), ("plaza", 0.02, 0.6, 4.0), ("hospital", 0.02, 1.5, 7.0),
    ],
    "belt": [
        ("factory", 0.72, 0.8, 40.0), ("park", 0.06, 0.5, 8.0), ("commerce", 0.05, 0.5, 4.0),
    ],
    "village": [
        ("school", 0.03, 0.8, 4.0), ("factory", 0.08, 1.0, 20.0), ("park", 0.06, 0.8, 8.0),
        ("field", 0.06, 0.8, 40.0),
    ],
}  # fmt: skip


def sites(spec: Spec, plan: Plan, net: Mesh, town: Town) -> list[Site]:
    """Make a site of every block of the land; its use is '' where housing may come."""
    parcels = _parcels(net, town)
    zones = _zones(spec, plan, net, town.blocks)
    made = [
        Site(
            block, parcel, fronts, zone, "green" if parcel.area < SCRAP or _is_thin(parcel) else ""
        )
        for block, (parcel, fronts), zone in zip(town.blocks, parcels, zones, strict=True)
    ]
    made = _with_station(net, made)
    for zone, wishes in PUBLIC.items():
        made = _with_public(plan, made, zone, wishes)
    return _with_shops(plan, town, made)


def _with_shops(plan: Plan, town: Town, made: list[Site]) -> list[Site]:
    """Keep a strip for shops along the second roads of about six in ten free sites."""
    lines = [road.line for road in town.roads if road.rank == "second" and not road.bridge]
    tree = shapely.STRtree(lines)
    result = []
    for site in made:
        near = np.sort(tree.query(site.block, predicate="dwithin", distance=0.01))
        luck = stream(plan.seed, "front", *site.place).random()
        if site.use == "" and site.zone != "village" and luck < 0.6 and len(near):
            site = _fronted(site, shapely.multilinestrings([lines[k] for k in near]))
        result.append(site)
    return result


def _fronted(site: Site, street: MultiLineString) -> Site:
    band = street.buffer(HALF["second"] + SHOP_DEPTH, quad_segs=2)
    rest = largest(site.parcel.difference(band).buffer(-3).buffer(3, quad_segs=3).simplify(0.2))
    if rest.area < 0.6 * site.parcel.area:
        return site
    return replace(site, parcel=rounded(rest), shops=site.parcel.intersection(band), street=street)


def _with_station(net: Mesh, made: list[Site]) -> list[Site]:
    """Give the square before the railway station the nearest fit parcel on the town's side."""
    yard = net.yard
    spot = shapely.Point(np.array(yard.place) + 90 * np.array(yard.town))
    toward = np.array(yard.town)
    fit = [
        (round(site.parcel.distance(spot)) + round(site.parcel.area / 500), k)
        for k, site in enumerate(made)
        if 0.4e4 < site.parcel.area < 9e4 and (np.array(site.place) - yard.place) @ toward > 0
    ]
    if not fit or min(fit)[0] > 500:
        return made
    k = min(fit)[1]
    return [*made[:k], replace(made[k], use="station_square"), *made[k + 1 :]]


def _is_thin(parcel: Polygon) -> bool:
    return bool(parcel.buffer(-19).is_empty)


def _parcels(net: Mesh, town: Town) -> list[tuple[Polygon, MultiLineString]]:
    lines = np.array([road.line for road in town.roads])
    reach = np.array([HALF[road.rank] for road in town.roads])
    surface = shapely.buffer(lines, reach, quad_segs=4)
    tree = shapely.STRtree(lines)
    natural = [net.river.corridor, net.railway.corridor]
    found = []
    for block in town.blocks:
        near = np.sort(tree.query(block.buffer(25), predicate="intersects"))
        around = near[shapely.dwithin(lines[near], block, 0.01)]
        land = largest(block.difference(shapely.union_all([*surface[near], *natural])))
        parcel = largest(land.buffer(-4, quad_segs=3).buffer(4, quad_segs=3).simplify(0.2))
        found.append((rounded(parcel), shapely.multilinestrings(list(lines[around]))))
    return found


# --- zones --------------------------------------------------------------------------------------


def _zones(spec: Spec, plan: Plan, net: Mesh, blocks: list[Polygon]) -> list[str]:
    """Give each block to a zone: shares of the land by scores, so that borders fray."""
    points = shapely.get_coordinates(shapely.centroid(np.array(blocks)))
    area = shapely.area(np.array(blocks))
    centres = plan.centre_points()
    far = np.hypot(*(points[:, None] - centres[None]).transpose(2, 0, 1)).min(axis=1)
    near = far * (1 + 0.22 * relief(plan.seed, "zone", points, 750))
    zone = np.full(len(blocks), "new00", dtype=object)
    free = np.ones(len(blocks), dtype=bool)
    scores = [
        ("core", near), ("belt", _belt(net, points, centres, far)),
        ("new10", _new(plan, points, far)),
        ("ring90", near), ("village", -far * (1 + 0.15 * relief(plan.seed, "edge", points, 900))),
    ]  # fmt: skip
    for name, score in scores:
        order = np.argsort(np.where(free, np.round(score, 3), np.inf), kind="stable")
        within = np.cumsum(area[order]) <= spec.zones[name] * area.sum()
        zone[order[within & free[order]]] = name
        free = zone == "new00"
    return list(zone)


def _belt(
    net: Mesh, points: NDArray[np.float64], centres: NDArray[np.float64], far: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Low beyond the railway and close to it; the town's own side only near the rails."""
    rail = net.railway.line
    distance = shapely.distance(shapely.points(points), rail)
    sight = [LineString([c, p]) for p in points for c in centres[:1]]
    beyond = shapely.intersects(np.array(sight), rail)
    return np.asarray(np.where(beyond, distance * 0.5, 400 + 2.2 * distance) - 0.25 * far)


def _new(plan: Plan, points: NDArray[np.float64], far: NDArray[np.float64]) -> NDArray[np.float64]:
    """Low in the new town: the side of the centre the plan names."""
    cos, sin = np.cos(plan.turn), np.sin(plan.turn)
    east, north = plan.new_side
    side = np.array([cos * east - sin * north, sin * east + cos * north])
    toward = (points - plan.centre_points()[0]) @ side
    return np.asarray(
        -toward
        + 0.35 * np.sqrt(np.maximum(far**2 - toward**2, 0))
        + 90 * relief(plan.seed, "new", points, 800)
    )


# --- public uses --------------------------------------------------------------------------------


def _with_public(
    plan: Plan, made: list[Site], zone: str, wishes: list[tuple[str, float, float, float]]
) -> list[Site]:
    """Give each public use its share of a zone, each time the parcel farthest from its like."""
    made = list(made)
    own = [k for k, site in enumerate(made) if site.zone == zone]
    land = sum(made[k].parcel.area for k in own)
    spots = np.array([made[k].place for k in own]).reshape(-1, 2)
    luck = np.array([stream(plan.seed, "use", *made[k].place).random() for k in own])
    for use, share, low, high in wishes:
        like = np.array([s.place for s in made if s.use == use]).reshape(-1, 2)
        while sum(made[k].parcel.area for k in own if made[k].use == use) < (share - 0.01) * land:
            free = np.array([
                made[k].use == "" and low <= made[k].parcel.area / 1e4 <= high for k in own
            ])  # fmt: skip
            if not free.any():
                break
            lone = np.hypot(*(spots[:, None] - like[None]).transpose(2, 0, 1)).min(
                axis=1, initial=1200
            )
            pick = int(np.argmax(np.where(free, lone * (0.4 + 0.6 * luck), -1)))
            made[own[pick]] = replace(made[own[pick]], use=use)
            like = np.vstack([like, spots[pick]])
    return made
