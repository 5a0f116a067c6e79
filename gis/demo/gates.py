"""Gates: the only places where a walled site meets the road."""

import numpy as np
from shapely import LineString, Point, Polygon
from shapely.ops import nearest_points

from .lines import rounded, strings
from .parts import Gate, Site

APART = 70.0  # between two gates
REACH = 42.0  # from a gate to the road


def open_gates(
    site: Site, wall: Polygon, inner: Polygon, places: list[LineString], draw: np.random.Generator
) -> list[Gate]:
    """Open gates at some of the links given (inner path, wall, road), one per 240 to 420 m of wall.

    The first is open day and night, the others mostly by day; half of all sites have one more
    that is always shut (an emergency gate).
    """
    candidates = [link for link in places if _is_clear(site, wall, link)]
    wanted = max(1, round(wall.length / draw.uniform(240, 420))) if wall.area > 1.2e4 else 1
    spare = draw.random() < 0.5
    chosen: list[LineString] = []
    for k in draw.permutation(len(candidates)):
        if all(at(candidates[k]).distance(at(link)) >= APART for link in chosen):
            chosen.append(candidates[k])
        if len(chosen) == wanted + spare:
            break
    chosen = chosen or [_straight(site, wall, inner)]
    gates = [_opened(link, k, draw) for k, link in enumerate(chosen[:wanted])]
    return gates + [Gate(at(link), link, "off") for link in chosen[wanted:]]


def at(link: LineString) -> Point:
    """Return the gate's point on its link."""
    return Point(link.coords[1])


def _opened(link: LineString, k: int, draw: np.random.Generator) -> Gate:
    if k == 0:
        return Gate(at(link), link, "24/7")
    share = draw.random()
    hours = "Mo-Su 06:00-22:00" if share < 0.6 else "Mo-Su 07:00-19:00" if share < 0.85 else "24/7"
    return Gate(at(link), link, hours, "out" if draw.random() < 0.06 else "both")


def links(site: Site, wall: Polygon, inner: Polygon, lines: list[LineString]) -> list[LineString]:
    """Return the links that straight lines across a walled site make at both their ends."""
    made = [_link(site, inner, ray) for line in lines for ray in _rays(line, wall)]
    return [link for link in made if link is not None]


def _rays(line: LineString, wall: Polygon) -> list[LineString]:
    """Return the two pieces of a line outside the wall, each from the wall outwards."""
    inside = strings(wall.intersection(line))
    if not inside:
        return []
    ends = np.array(line.coords)
    first, last = np.array(inside[0].coords[0]), np.array(inside[0].coords[-1])
    if (last - first) @ (ends[-1] - ends[0]) < 0:
        first, last = last, first
    return [LineString([first, ends[0]]), LineString([last, ends[-1]])]


def _link(site: Site, inner: Polygon, ray: LineString) -> LineString | None:
    """Lead from the inner ring through the wall straight to the road, if one is near."""
    start, toward = np.array(ray.coords[0]), np.array(ray.coords[-1])
    along = (toward - start) / np.hypot(*(toward - start))
    meets = LineString([start, start + REACH * along]).intersection(site.fronts)
    inward = LineString([start, start - 12 * along]).intersection(inner.exterior)
    if meets.is_empty or inward.is_empty:
        return None
    gate = Point(start)
    road, own = nearest_points(meets, gate)[0], nearest_points(inward, gate)[0]
    return rounded(LineString([own, gate, road]))


def _is_clear(site: Site, wall: Polygon, link: LineString) -> bool:
    outside = LineString(link.coords[1:])
    own = site.block.buffer(0.01, join_style="mitre").covers(link)
    meets = site.fronts.distance(Point(link.coords[-1])) < 0.01 and link.length < REACH + 16
    return bool(own and meets and outside.intersection(wall).length < 0.1 and outside.length > 2)


def _straight(site: Site, wall: Polygon, inner: Polygon) -> LineString:
    """Return the shortest link from the inner ring to a road."""
    own, road = nearest_points(inner.exterior, site.fronts)
    crossing = LineString([own, road]).intersection(wall.exterior)
    return rounded(LineString([own, nearest_points(crossing, road)[0], road]))


def with_points(shape: Polygon, points: list[Point]) -> Polygon:
    """Insert points that lie on a polygon's outline as vertices of it."""
    coords = np.array(shape.exterior.coords)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
    where = [shape.exterior.project(point) for point in points]
    new = np.array([point.coords[0] for point in points]).reshape(-1, 2)
    merged = np.vstack([coords[:-1], new])
    order = np.argsort(np.concatenate([along[:-1], where]), kind="stable")
    return Polygon(list(dict.fromkeys(tuple(c) for c in merged[order].tolist())))
