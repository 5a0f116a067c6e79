"""Old quarters and villages: lanes without walls, low houses in rows along them."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from .draws import stream
from .lines import rounded, strings
from .parts import Building, Cut, Parts, Path, Site
from .upright import Upright, upright

UNIT = 120.0  # households a run of strips may hold


@dataclass(frozen=True, slots=True)
class Kind:
    """How a quarter is built. Lengths in metres, each drawn between two values."""

    pitch: tuple[float, float]  # from lane to lane
    width: tuple[float, float]
    depth: tuple[float, float]
    gap: tuple[float, float]
    joined: float  # share of houses that share a wall with the next
    built: float
    wing: float
    households: tuple[int, ...]
    floors: tuple[int, ...]
    closed: float  # share of lane ends that do not reach the road
    house: str


OLD = Kind(
    (29, 36), (9, 17), (8.5, 11.0), (1.2, 2.6), 0.7, 0.95, 0.4,
    (1, 1, 2, 2, 3), (1, 1, 2, 2, 3), 0.35, "house",
)  # fmt: skip
VILLAGE = Kind(
    (33, 39), (10.5, 14), (7.5, 9.0), (0.8, 3.0), 0.45, 0.92, 0.45,
    (1,), (1, 1, 2), 0.5, "village_house",
)  # fmt: skip


def quarter(site: Site, kind: Kind, seed: int) -> Parts:
    """Fill a site with lanes and houses, and part it into units along its lanes."""
    draw = stream(seed, "quarter", *site.place)
    turned = upright(site)
    levels = _levels(turned.parcel, kind, draw)
    cross = _cross(turned.parcel, draw)
    houses = _houses(turned.parcel, levels, cross, kind, draw)
    lanes = _lanes(turned.block, levels, cross, kind, draw)
    across = [whole for x in cross for whole in _whole(turned.block, x=x)]
    paths = [*(lane for lane, _ in lanes.values()), *across]
    cuts = [lanes[y][1] for y in _parting(levels, houses) if y in lanes]
    return Parts(
        site,
        buildings=_turned(houses, turned),
        paths=tuple(Path(turned.back(line), "living_street") for line in paths),
        cuts=tuple(Cut(turned.back(line), "lane") for line in cuts),
        land=((rounded(site.parcel), "village" if kind is VILLAGE else "old_quarter"),),
    )


def _turned(houses: list[Building], turned: Upright) -> tuple[Building, ...]:
    shapes = turned.back(np.array([house.shape for house in houses], dtype=object))
    doors = turned.back(shapely.points([house.doors[0] for house in houses])) if houses else []
    return tuple(
        replace(house, shape=shape, doors=(door.coords[0],))
        for house, shape, door in zip(houses, shapes, doors, strict=True)
    )


def _levels(parcel: Polygon, kind: Kind, draw: np.random.Generator) -> NDArray[np.float64]:
    """Return where the east-west lanes run; houses stand between them and beyond the last."""
    south, north = parcel.bounds[1], parcel.bounds[3]
    count = max(1, round((north - south) / draw.uniform(*kind.pitch)))
    step = (north - south) / count
    shift = draw.uniform(-2, 2, count - 1)
    return np.asarray(
        np.concatenate([[south], south + step * np.arange(1, count) + shift, [north]])
    )


def _cross(parcel: Polygon, draw: np.random.Generator) -> list[float]:
    """Return where north-south lanes run: one per 120 m or so."""
    west, east = parcel.bounds[0], parcel.bounds[2]
    count = max(1, round((east - west) / draw.uniform(100, 150)))
    return [
        west + (east - west) * ((k + 0.5) / count + draw.uniform(-0.1, 0.1) / count)
        for k in range(count)
    ]


def _whole(block: Polygon, *, y: float | None = None, x: float | None = None) -> list[LineString]:
    """Return the longest piece of a level or upright line within a block, if any."""
    west, south, east, north = block.bounds
    line = [(west - 1, y), (east + 1, y)] if x is None else [(x, south - 1), (x, north + 1)]
    return strings(block.intersection(LineString(line)))[:1]


def _lanes(
    block: Polygon,
    levels: NDArray[np.float64],
    cross: list[float],
    kind: Kind,
    draw: np.random.Generator,
) -> dict[float, tuple[LineString, LineString]]:
    """Draw the east-west lanes: each as walked, and from road to road with the same vertices.

    Some end within the quarter on one side, beyond the last lane they cross.
    """
    lanes = {}
    for y in levels[1:-1]:
        for whole in _whole(block, y=y):
            west, east = sorted(c[0] for c in whole.coords)
            low, high = west, east
            if draw.random() < kind.closed:
                inset = draw.uniform(15, 28)
                if draw.random() < 0.5:
                    low = max(min(west + inset, min(cross) - 1), west)
                else:
                    high = min(max(east - inset, max(cross) + 1), east)
            points = list(dict.fromkeys([(west, y), (low, y), (high, y), (east, y)]))
            lanes[y] = (LineString([(low, y), (high, y)]), LineString(points))
    return lanes


def _parting(levels: NDArray[np.float64], houses: list[Building]) -> list[float]:
    """Choose the lanes that part a quarter into runs of at most about 120 households."""
    load, found = 0.0, []
    for low, high in pairwise(levels):
        strip = sum(h.natural for h in houses if low <= h.shape.centroid.y < high)
        if load + strip > UNIT and load > 0:
            found.append(low)
            load = 0.0
        load += strip
    return found


def _houses(
    parcel: Polygon,
    levels: NDArray[np.float64],
    cross: list[float],
    kind: Kind,
    draw: np.random.Generator,
) -> list[Building]:
    """Build two rows of houses in each strip, back to back, clear of all lanes."""
    lanes = [LineString([(x, parcel.bounds[1]), (x, parcel.bounds[3])]) for x in cross]
    clear = parcel.buffer(-0.8).difference(shapely.union_all(lanes).buffer(2.6, cap_style="flat"))
    shapes, doors, floors, load = [], [], [], []
    for k in range(len(levels) - 1):
        for faces_north in (True, False):
            for shape, door in _row(parcel, levels[k], levels[k + 1], faces_north, kind, draw):
                shapes.append(shape)
                doors.append(door)
                floors.append(int(draw.choice(kind.floors)))
                load.append(int(draw.choice(kind.households)))
    if not shapes:
        return []
    shapely.prepare(clear)
    fits = clear.contains(np.array(shapes, dtype=object))
    return [
        Building(
            shapes[i],
            kind.house,
            floors[i],
            "village" if kind is VILLAGE else "old",
            load[i],
            (doors[i],),
        )
        for i in np.flatnonzero(fits)
    ]


def _row(
    parcel: Polygon,
    south: float,
    north: float,
    faces_north: bool,
    kind: Kind,
    draw: np.random.Generator,
) -> list[tuple[Polygon, tuple[float, float]]]:
    """Build one row along the northern or southern lane of a strip."""
    west, _, east, _ = parcel.bounds
    room = (north - south) / 2 - 2.2
    x, found = west + draw.uniform(0.5, 6), []
    while x < east:
        width, depth = draw.uniform(*kind.width), min(draw.uniform(*kind.depth), room - 0.5)
        base = (north - 1.9 if faces_north else south + 1.9) + draw.uniform(-0.3, 0.3)
        if draw.random() < kind.built:
            wing = min(draw.uniform(3, 4.5), room - depth) if draw.random() < kind.wing else 0.0
            shape = _house(x, x + width, base, depth, wing, -1 if faces_north else 1, draw)
            found.append((shape, (x + width / 2, base)))
        x += width + (0.06 if draw.random() < kind.joined else draw.uniform(*kind.gap))
    return found


def _house(
    west: float,
    east: float,
    base: float,
    depth: float,
    wing: float,
    side: int,
    draw: np.random.Generator,
) -> Polygon:
    """Draw a house from its front at ``base`` to one side, with a wing into its court."""
    back = base + side * depth
    ring = [(west, base), (east, base), (east, back), (west, back)]
    if wing > 1.2:
        tip = back + side * wing
        if draw.random() < 0.5:
            ring = [
                (west, base),
                (east, base),
                (east, tip),
                (east - 4, tip),
                (east - 4, back),
                (west, back),
            ]
        else:
            ring = [
                (west, base),
                (east, base),
                (east, back),
                (west + 4, back),
                (west + 4, tip),
                (west, tip),
            ]
    return Polygon(ring)
