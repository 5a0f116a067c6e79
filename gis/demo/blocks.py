"""Blocks: the faces of all roads, river and railway within the land that is gridded."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString, Polygon, box

from .draws import relief, stream
from .lines import Shapes, ends, faces, node, polygons, sources, strings, unpruned
from .mesh import Mesh, Road
from .plan import Plan
from .specs import Spec
from .streets import side_roads

DENSEST = 8.8e-3  # roads per land [m per m²]
OUTWARD = 0.8  # cosine to the direction from the centre that a road out of town must have


@dataclass(frozen=True, slots=True)
class Town:
    """The noded roads of the canvas, the blocks of the gridded land, and the land's outline."""

    roads: list[Road]
    natural: list[tuple[LineString, str]]  # pieces of 'river' and 'railway'
    blocks: list[Polygon]
    strips: list[Polygon]  # between quays or railway streets
    outline: Polygon
    canvas: Polygon


def canvas(plan: Plan) -> Polygon:
    """Return the rectangle of the whole picture."""
    return box(-plan.half_canvas[0], -plan.half_canvas[1], *plan.half_canvas)


def town(spec: Spec, plan: Plan, net: Mesh, scale: float) -> Town:
    """Choose the land, keep the roads it needs, and cut its faces by side roads."""
    frame = canvas(plan)
    natural = [
        (line, kind)
        for whole, kind in ((net.river.line, "river"), (net.railway.line, "railway"))
        for line in strings(whole.intersection(frame))
    ]
    natural += [  # where the railway's land meets the river's
        (line, "railway")
        for side in net.railway.sides
        for line in strings(side.intersection(net.river.corridor))
    ]
    corridors = shapely.union_all([net.river.corridor, net.railway.corridor])
    roads, parts = _noded(_clipped(net.roads, frame), [line for line, _ in natural])
    chosen, outline = _land(spec, plan, parts, _dry(parts, corridors), scale)
    roads = _kept(roads, outline, plan)
    chosen_dry = [f for f, d in zip(chosen, _dry(chosen, corridors), strict=True) if d]
    roads = [*roads, *_sides(plan, roads, chosen_dry, outline)]
    roads, natural, final = _final(roads, natural, outline)
    dry = _dry(final, corridors)
    return Town(roads, natural, list(final[dry]), list(final[~dry]), outline, frame)


def _sides(plan: Plan, roads: list[Road], parts: list[Polygon], outline: Polygon) -> list[Road]:
    """Draw side roads, on coarser blocks each time there come out too many."""
    inner = outline.buffer(1.0)
    larger = sum(shapely.length(shapely.intersection([r.line for r in roads], inner)))
    for coarse in (1.0, 1.25, 1.6, 2.1, 2.8):
        sides = side_roads(plan, parts, coarse)
        if larger + sum(road.line.length for road in sides) < DENSEST * outline.area:
            break
    return sides


def _final(
    roads: list[Road], natural: list[tuple[LineString, str]], outline: Polygon
) -> tuple[list[Road], list[tuple[LineString, str]], Shapes]:
    """Node everything once more: pieces of road, of river and railway, and faces of just these."""
    lines = [*(road.line for road in roads), *(line for line, _ in natural)]
    edges = node(lines)
    source = sources(edges, lines)
    pieces = list(zip(edges, source, strict=True))
    final = faces(edges)
    return (
        [replace(roads[k], line=line) for line, k in pieces if k < len(roads)],
        [(line, natural[k - len(roads)][1]) for line, k in pieces if k >= len(roads)],
        final[outline.contains(shapely.point_on_surface(final))],
    )


def _dry(parts: Any, corridors: Polygon) -> NDArray[np.bool_]:
    points = shapely.point_on_surface(np.array(parts, dtype=object))
    return np.asarray(~shapely.intersects(corridors, points))


def _clipped(roads: list[Road], frame: Polygon) -> list[Road]:
    return [replace(r, line=s) for r in roads for s in strings(r.line.intersection(frame))]


def _noded(roads: list[Road], natural: list[LineString]) -> tuple[list[Road], Shapes]:
    """Node the roads, cut loose ends back; return their pieces and the faces between them."""
    lines = [*(road.line for road in roads), *natural]
    edges = node(lines)
    source = sources(edges, lines)
    fixed = np.array([r.rank == "main" and not r.bridge for r in roads] + [True] * len(natural))
    left = unpruned(edges, fixed[source])
    pieces = zip(edges[left], source[left], strict=True)
    kept = [replace(roads[k], line=line) for line, k in pieces if k < len(roads)]
    return kept, faces(np.array([road.line for road in kept]))


def _land(
    spec: Spec, plan: Plan, parts: Shapes, dry: NDArray[np.bool_], scale: float
) -> tuple[list[Polygon], Polygon]:
    """Choose the faces nearest to the centres until the land is large enough.

    Strips of river and railway come with the land on both their sides; holes and notches are
    closed, spurs are cut off.
    """
    far = np.where(dry, _farness(plan, parts), 9.0)
    order = np.argsort(far, kind="stable")
    area = np.cumsum(shapely.area(parts[order]))
    chosen = np.zeros(len(parts), dtype=bool)
    chosen[order[: int(np.searchsorted(area, spec.land * scale * 0.98e6)) + 1]] = True
    for _ in range(4):
        region = shapely.union_all(parts[chosen]).buffer(0.01)
        edge = shapely.length(shapely.intersection(shapely.boundary(parts), region))
        outer = shapely.length(
            shapely.intersection(shapely.boundary(parts), region.boundary.buffer(0.05))
        )
        gained = ~chosen & (edge > np.where(dry, 0.6, 0.75) * shapely.length(parts))
        lost = chosen & dry & (outer > 0.68 * shapely.length(parts))
        chosen = (chosen | gained) & ~lost
    outline = Polygon(polygons(shapely.union_all(parts[chosen]))[0].exterior)
    return list(parts[outline.contains(shapely.point_on_surface(parts))]), outline


def _farness(plan: Plan, parts: Shapes) -> NDArray[np.float64]:
    """Return how far out each face lies [-]: about 1 at the edge of the land."""
    points = shapely.get_coordinates(shapely.centroid(parts))
    cos, sin = np.cos(plan.turn), np.sin(plan.turn)
    upright = points @ np.array([[cos, -sin], [sin, cos]])
    far = np.hypot(*(upright / np.array(plan.half_land)).T)
    return np.asarray(np.round(far + 0.10 * relief(plan.seed, "land", points, 1900), 6))


def _kept(roads: list[Road], outline: Polygon, plan: Plan) -> list[Road]:
    """Keep the roads of the land, and main roads that lead out of it."""
    lines = np.array([road.line for road in roads])
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    region = outline.buffer(0.5)
    within = region.covers(middle)
    kept = within | np.array([_leads_out(road, plan) for road in roads])
    number, n = ends(lines[kept])
    links = coo_array((np.ones(len(number)), (number[:, 0], number[:, 1])), shape=(n, n))
    label = connected_components(links, directed=False)[1][number[:, 0]]
    main = np.bincount(label).argmax()
    return [roads[k] for k in np.flatnonzero(kept)[label == main]]


def _leads_out(road: Road, plan: Plan) -> bool:
    if road.rank != "main" or road.name[0] not in "uv":
        return road.rank == "main"
    first, last = np.array(road.line.coords[0]), np.array(road.line.coords[-1])
    along = (last - first) / np.hypot(*(last - first))
    out = (first + last) / 2 - plan.centre_points()[0]
    axis = plan.centres[0][road.name[0] == "v"]
    drawn = stream(plan.seed, "outward " + road.name).random() < 0.55
    is_radial = abs(along @ (out / np.hypot(*out))) > OUTWARD
    return bool(is_radial and (int(road.name[1:]) == axis or drawn))
