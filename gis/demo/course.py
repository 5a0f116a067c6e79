"""River and railway: their lines, the land they take, and the roads along them."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.ndimage import maximum_filter1d
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.ops import substring

from .draws import stream
from .lines import Array, beside, rounded
from .plan import Plan, meander
from .specs import Spec

QUAY = 30.0  # from the water's edge to the centreline of the quay
STREET = 36.0  # from the railway to the street beside it
YARD = 330.0  # half the length of the station's yard


@dataclass(frozen=True, slots=True)
class Course:
    """A river or a railway: centreline, the two roads along it, the land between them."""

    line: LineString
    sides: tuple[LineString, LineString]  # left and right of the line
    corridor: Polygon


@dataclass(frozen=True, slots=True)
class Waters:
    """What lies within the quays: the water less its islands, and the islands."""

    water: MultiPolygon | Polygon
    islands: list[Polygon]


@dataclass(frozen=True, slots=True)
class Yard:
    """The station's yard: the middle of it, and the direction of the town seen from there."""

    place: tuple[float, float]
    along: tuple[float, float]
    town: tuple[float, float]


def river(spec: Spec, plan: Plan) -> tuple[Course, Waters]:
    """Draw the river with banks of varying width, an island or two, and its quays."""
    row = plan.river_row
    reach = plan.half_canvas[0] + 500
    course = meander(plan, "river", (plan.v[row], plan.v[row + 1]), reach, 95.0)
    points = plan.place(course)
    half = _half_widths(spec, plan, points)
    islands = _islands(plan, course, points, half)
    banks = [beside(points, half), beside(points, -half)]
    water = Polygon(np.vstack([banks[0], banks[1][::-1]])).buffer(0)
    clear = _smooth(maximum_filter1d(half, 61), 30) + QUAY
    quays = [beside(points, clear), beside(points, -clear)]
    for island in islands:
        water = water.difference(island)
    return _course(points, quays), Waters(rounded(water), [rounded(i) for i in islands])


def _half_widths(spec: Spec, plan: Plan, points: Array) -> Array:
    """Half the width of the river at each point: a fifth more or less, wider at islands."""
    draw = stream(plan.seed, "banks")
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    waves = sum(
        size * np.sin(2 * np.pi * along / draw.uniform(*length) + draw.uniform(0, 6.3))
        for size, length in [(0.12, (900, 1500)), (0.08, (350, 600))]
    )
    half = spec.river_width / 2 * (1 + waves)
    for k in _island_points(plan, points):
        half = half + 22 * np.exp(-(((along - along[k]) / 170) ** 2))
    return np.asarray(half)


def _island_points(plan: Plan, points: Array) -> list[int]:
    """Choose where the islands lie: between two main roads, one in about 4 km of river."""
    draw = stream(plan.seed, "island")
    i = plan.centres[0][0]
    columns = range(i % 4, len(plan.u) - 1, 4)
    places = [np.mean(plan.u[k : k + 2]) + draw.uniform(-150, 150) for k in columns]
    row = plan.v[plan.river_row : plan.river_row + 2].mean()
    targets = plan.place(np.array([(u, row) for u in places if abs(u) < plan.half_land[0] + 600]))
    return [int(np.argmin(np.hypot(*(points - t).T))) for t in targets]


def _islands(plan: Plan, course: Array, points: Array, half: Array) -> list[Polygon]:
    shapes = []
    for k in _island_points(plan, points):
        draw = stream(plan.seed, "island shape", *points[k])
        reach = int(draw.integers(9, 15))
        span = slice(max(k - reach, 1), k + reach + 1)
        middle, along = points[span], np.linspace(-1, 1, len(points[span]))
        middle = beside(middle, half[span] * draw.uniform(-0.2, 0.2))
        width = half[k] * draw.uniform(0.26, 0.36) * np.sqrt(1 - along**2) * (1 + 0.2 * along)
        shapes.append(
            Polygon(np.vstack([beside(middle, width), beside(middle, -width)[::-1]])).buffer(2)
        )
    return shapes


def _smooth(values: Array, window: int) -> Array:
    padded = np.pad(values, window, mode="edge")
    return np.convolve(padded, np.ones(2 * window + 1) / (2 * window + 1), mode="valid")


def _course(points: Array, sides: list[Array]) -> Course:
    lines = [rounded(LineString(p).simplify(0.3)) for p in [points, *sides]]
    ring = np.vstack([lines[1].coords, np.asarray(lines[2].coords)[::-1]])
    corridor = shapely.make_valid(Polygon(ring))
    return Course(
        lines[0], (lines[1], lines[2]), max(shapely.get_parts(corridor), key=lambda p: p.area)
    )


def railway(plan: Plan) -> tuple[Course, Yard]:
    """Draw the railway with the street on either side, wider at the station's yard."""
    column = plan.rail_column
    reach = plan.half_canvas[1] + 500
    course = meander(plan, "rail", (plan.u[column], plan.u[column + 1]), reach, 45.0)
    points = plan.place(course[::2, ::-1])
    target = plan.place(np.array([(plan.u[column : column + 2].mean(), _station_row(plan))]))[0]
    k = int(np.argmin(np.hypot(*(points - target).T)))
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    bump = 1 / (1 + np.exp((np.abs(along - along[k]) - YARD) / 22))
    left, right = (34, 50) if plan.rail_column >= plan.centres[0][0] else (50, 34)
    sides = [beside(points, STREET + left * bump), beside(points, -STREET - right * bump)]
    heading = points[k + 1] - points[k - 1]
    heading = heading / np.hypot(*heading)
    town = np.array([-heading[1], heading[0]])
    if town @ (plan.centre_points()[0] - points[k]) < 0:
        town = -town
    yard = Yard(tuple(points[k]), tuple(heading), tuple(town))
    return _course(points, sides), yard


def sidings(rails: Course, yard: Yard) -> list[LineString]:
    """Return the tracks of the station's yard beside the main one: one to town, four beyond."""
    middle = rails.line.project(Point(yard.place))
    along, toward = np.array(yard.along), np.array(yard.town)
    is_left = toward @ np.array([-along[1], along[0]]) > 0
    tracks = []
    for k, offset in enumerate((7.0, -7.0, -14.0, -21.0, -28.0)):
        reach = 0.8 * YARD - 18 * k
        part = substring(rails.line, middle - reach, middle + reach)
        tracks.append(rounded(part.offset_curve(offset if is_left else -offset)))
    return tracks


def _station_row(plan: Plan) -> float:
    """Return where along the railway the station lies: next to the axis, away from the river."""
    j = plan.centres[0][1]
    low = j if plan.river_row != j else j - 1
    return float(plan.v[low] * 0.5 + plan.v[low + 1] * 0.5)
