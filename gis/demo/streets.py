"""Side roads: a face between larger roads is cut in two again and again."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import substring

from .draws import stream
from .lines import Array, rounded, split, strings
from .mesh import Road
from .plan import Plan

SNAP = 80.0  # a cut moves to the end of another side road within this distance
BLIND = 0.20  # share of cuts that end before the other side
DEPTH = 7
LARGE = 18e4  # a face this large [m²] is always cut through


@dataclass(slots=True)
class Ends:
    """Where side roads have met larger roads so far, found by place."""

    cells: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, point: tuple[float, float]) -> None:
        """Remember an end."""
        self.cells.setdefault(_cell(point), []).append(point)

    def near(self, point: tuple[float, float]) -> list[tuple[float, float]]:
        """Return ends within the snap distance, nearest first."""
        a, b = _cell(point)
        around = [
            p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in self.cells.get((a + i, b + j), [])
        ]
        far = [(round(float(np.hypot(p[0] - point[0], p[1] - point[1])), 3), p) for p in around]
        return [p for d, p in sorted(far) if d < SNAP]


def _cell(point: tuple[float, float]) -> tuple[int, int]:
    return int(point[0] // SNAP), int(point[1] // SNAP)


def side_roads(plan: Plan, parts: list[Polygon], coarse: float = 1.0) -> list[Road]:
    """Cut faces into blocks; each cut is a side road that ends exactly on the lines it meets.

    Parameters
    ----------
    coarse
        Multiplies the size of blocks aimed at.
    """
    ends = Ends()
    roads = []
    centres = plan.centre_points()
    for part in parts:
        draw = stream(plan.seed, "side", part.centroid.x, part.centroid.y)
        cuts: list[LineString] = []
        _cut(part, coarse * _target(part, centres, draw), DEPTH, draw, ends, cuts)
        roads += [Road(cut, "side", _key(cut)) for cut in cuts]
    return roads


def _key(cut: LineString) -> str:
    return f"side {round(cut.centroid.x)} {round(cut.centroid.y)}"


def _target(part: Polygon, centres: Array, draw: np.random.Generator) -> float:
    """Draw the size of block aimed at [m²]: small in the core, large in the new parts."""
    centre = np.array(part.centroid.coords[0])
    far = np.hypot(*(centres - centre).T).min()
    median = 2.7e4 if far < 450 else 4.8e4 if far < 1000 else 8.5e4
    return float(np.clip(median * draw.lognormal(0, 1.35), 0.4e4, 15e4))


def _cut(
    part: Polygon,
    target: float,
    depth: int,
    draw: np.random.Generator,
    ends: Ends,
    cuts: list[LineString],
) -> None:
    if part.area < 1.5 * target or depth == 0:
        return
    size = target * draw.lognormal(0, 0.5)
    cut, pieces = None, []
    for _ in range(3):
        cut = _across(part, draw, ends)
        pieces = split(part, [cut]) if cut is not None else []
        if len(pieces) == 2 and min(_width(p) for p in pieces) >= 46:
            break
    else:
        return
    assert cut is not None
    if draw.random() < BLIND and cut.length > 110 and part.area < LARGE:
        cuts.append(_blind(cut, draw, ends))
        return
    cuts.append(rounded(cut))
    for end in (cut.coords[0], cut.coords[-1]):
        ends.add(end)
    for piece in sorted(pieces, key=lambda p: (round(p.centroid.x), round(p.centroid.y))):
        _cut(piece, size, depth - 1, draw, ends, cuts)


def _blind(cut: LineString, draw: np.random.Generator, ends: Ends) -> LineString:
    share = draw.uniform(0.35, 0.70)
    whole = cut if draw.random() < 0.5 else cut.reverse()
    ends.add(whole.coords[0])
    return rounded(substring(whole, 0, share, normalized=True))


def _width(part: Polygon) -> float:
    return float(2 * part.area / part.length * 1.15)


def _across(part: Polygon, draw: np.random.Generator, ends: Ends) -> LineString | None:
    """Draw a cut across the long side of a face, moved to another road's end if one is near."""
    ring = np.array(shapely.minimum_rotated_rectangle(part).exterior.coords)[:4]
    a, b = ring[1] - ring[0], ring[2] - ring[1]
    long, short = (a, b) if np.hypot(*a) >= np.hypot(*b) else (b, a)
    origin = ring.mean(axis=0) - long / 2
    length = float(np.hypot(*long))
    share = draw.uniform(0.36, 0.64)
    if length > 420:
        share = [0.36, 0.5, 0.64][int(draw.integers(3))] + draw.uniform(-0.04, 0.04)
    line = _chord(part, origin + share * long, short)
    if line is None:
        return None
    for end in (line.coords[0], line.coords[-1]):
        for other in ends.near(end):
            if part.boundary.distance(Point(other)) < 0.01:
                moved = _chord(part, np.array(other), short)
                if moved is not None:
                    return moved
    return line


def _chord(part: Polygon, through: Array, along: Array) -> LineString | None:
    """Return the longest piece of a straight line within a face, if it is worth a road."""
    reach = along / np.hypot(*along) * part.length
    line = LineString([through - reach, through + reach])
    found = strings(part.intersection(line))
    if not found or found[0].length < 50:
        return None
    return _clear(part, found[0])


def _clear(part: Polygon, line: LineString) -> LineString | None:
    """Move ends within 15 m of a corner onto it, so that no sliver is left beside the corner."""
    corners = np.array(part.simplify(2.0).exterior.coords)
    ends = []
    for end in (line.coords[0], line.coords[-1]):
        far = np.hypot(*(corners - np.array(end)).T)
        k = int(np.argmin(far))
        ends.append(tuple(corners[k]) if far[k] < 15 else end)
    moved = LineString(ends)
    inside = part.buffer(0.01).covers(moved)
    return moved if inside and moved.length > 50 else None
