"""Rows of slab blocks that face due south, column by column between the spines of a compound."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon, box

from .lines import largest, rounded, split
from .parts import Building

STOREY = 2.9  # height of a floor [m]
SETBACK = 7.0  # slabs stand this far inside wall and spine
STAIR = 17.0  # length of slab per staircase
SHORTEST = 20.0
COLUMN = 105.0  # usual width between two spines
TALL_COLUMN = 66.0


@dataclass(frozen=True, slots=True)
class Era:
    """How a decade built. Lengths in metres; ``floors`` are drawn with equal weight."""

    floors: tuple[int, ...]
    depth: float
    aim: float
    between: float
    occupancy: tuple[float, float]


ERAS = {
    "90s": Era((5, 5, 5, 6, 4), 11.0, 46.0, 7.0, (0.88, 0.96)),
    "00s": Era((6, 6, 6, 6, 5, 7), 12.5, 54.0, 7.0, (0.82, 0.92)),
    "10s": Era((11, 11, 11, 18, 18, 18, 18, 26), 14.5, 42.0, 13.0, (0.60, 0.85)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of slabs of one column, from west to east, and where its path runs."""

    column: int
    north: float
    slabs: tuple[Building, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Spines (lines beyond the parcel at both ends), columns west to east, rows north to south."""

    spines: tuple[LineString, ...]
    rows: tuple[Row, ...]

    @property
    def slabs(self) -> tuple[Building, ...]:
        """All slabs, row by row."""
        return tuple(slab for row in self.rows for slab in row.slabs)


def height(floors: int) -> float:
    """Return the height of a slab [m]."""
    return STOREY * floors + 0.6


def pitch(era: Era, floors: int, sun: float) -> float:
    """Return the distance from row to row [m]: depth and a gap that lets the sun in."""
    tall = height(floors)
    return era.depth + max(1.01 * tall, (1.0 if floors > 20 else sun) * (tall - 0.9))


def lay_out(parcel: Polygon, era: str, sun: float, draw: np.random.Generator) -> Layout:
    """Lay rows of slabs in a walled parcel, each column from its own northern wall."""
    kind = ERAS[era]
    floors = _floors(parcel, kind, sun, draw)
    spines = _spines(parcel, COLUMN if floors < 18 else TALL_COLUMN, draw)
    step = pitch(kind, floors, sun)
    rows = []
    for k, column in enumerate(split(parcel, spines) if spines else [parcel]):
        inner = largest(column.buffer(-SETBACK, join_style="mitre"))
        rows += _column(inner, k, kind, era, floors, step, draw)
    return Layout(tuple(spines), tuple(rows))


def _floors(parcel: Polygon, kind: Era, sun: float, draw: np.random.Generator) -> int:
    """Draw how tall a compound is; no taller than lets it have three rows, if it can."""
    floors = int(draw.choice(kind.floors))
    room = parcel.bounds[3] - parcel.bounds[1] - 2 * SETBACK - 6
    lower = sorted({f for f in kind.floors if f <= floors}, reverse=True)
    fitting = [f for f in lower if room >= kind.depth + 2 * pitch(kind, f, sun)]
    return fitting[0] if fitting else lower[-1]


def _spines(parcel: Polygon, usual: float, draw: np.random.Generator) -> list[LineString]:
    """Draw north-south paths along the parcel's own sides, none if it is narrow."""
    lean = steep_angle(parcel)
    _west, south, _east, north = parcel.bounds
    ring = np.array(parcel.exterior.coords)
    across = ring[:, 0] - np.tan(lean) * (ring[:, 1] - south)
    low, width = across.min(), np.ptp(across)
    count = max(round(width / usual) - 1, int(width > 95))
    places = (
        low + width * (np.arange(count) + 1) / (count + 1) + draw.uniform(-0.1, 0.1, count) * usual
    )
    reach = np.tan(lean) * (north - south + 200)
    return [
        LineString(
            [(x - np.tan(lean) * 100, south - 100), (x + reach - np.tan(lean) * 100, north + 100)]
        )
        for x in places
    ]


def steep_angle(parcel: Polygon) -> float:
    """Return the angle of the steep sides to north [rad], clockwise; 0 beyond 14 degrees."""
    ring = np.array(shapely.minimum_rotated_rectangle(parcel).exterior.coords)
    sides = np.diff(ring, axis=0)[:2]
    side = sides[int(np.argmax(np.abs(sides[:, 1]) / np.hypot(*sides.T)))]
    lean = float(np.arctan(side[0] / side[1])) if side[1] else 0.0
    return lean if abs(lean) < np.radians(14) else 0.0


def _column(
    inner: Polygon, k: int, kind: Era, era: str, floors: int, step: float, draw: np.random.Generator
) -> list[Row]:
    if inner.is_empty or inner.bounds[3] - inner.bounds[1] < kind.depth + 4:
        return []
    width = inner.bounds[2] - inner.bounds[0]
    enough = max(min(0.6 * width, 1.5 * kind.aim), 24.0)
    north = _first(inner, kind.depth, enough) - draw.uniform(0, 3)
    rows: list[Row] = []
    room = north - kind.depth - _last(inner, kind.depth, enough)
    step = max(step, min(room / max(int(room / step), 1), 1.2 * step))
    while north - kind.depth > inner.bounds[1]:
        slabs = [
            slab
            for stretch in stretches(inner, north - kind.depth, north)
            for slab in _slabs(stretch, north, kind, era, floors, draw)
        ]
        rows.append(Row(k, round(north, 3), tuple(slabs)))
        north -= step
    return _without_stubs(rows)


def _first(inner: Polygon, depth: float, enough: float) -> float:
    """Return the northernmost place [m] where a row is long enough."""
    _west, south, _east, north = inner.bounds
    for y in np.arange(north - 3, south + depth, -2.0):
        if max((b - a for a, b in stretches(inner, y - depth, y)), default=0) >= enough:
            return float(y)
    return float(north - 3)


def _last(inner: Polygon, depth: float, enough: float) -> float:
    """Return the southernmost place [m] for a row's south front where it is long enough."""
    _, south, _, north = inner.bounds
    for y in np.arange(south + 0.5, north - depth, 2.0):
        if max((b - a for a, b in stretches(inner, y, y + depth)), default=0) >= enough:
            return float(y)
    return float(south)


def stretches(shape: Polygon, south: float, north: float) -> list[tuple[float, float]]:
    """Return the intervals of x in which a band from south to north lies wholly in a shape."""
    west, _, east, _ = shape.bounds
    out = shapely.get_parts(box(west, south, east, north).difference(shape))
    blocked = sorted((part.bounds[0], part.bounds[2]) for part in out if part.area > 1e-6)
    free, start = [], west
    for low, high in blocked:
        if low > start:
            free.append((start, low))
        start = max(start, high)
    return free + ([(start, east)] if east > start else [])


def _without_stubs(rows: list[Row]) -> list[Row]:
    """Leave out rows that are shorter than half of their neighbours."""
    long = [sum(s.shape.bounds[2] - s.shape.bounds[0] for s in row.slabs) for row in rows]
    return [
        row
        for k, row in enumerate(rows)
        if row.slabs and long[k] >= 0.5 * max(long[max(k - 1, 0) : k + 2])
    ]


def _slabs(
    stretch: tuple[float, float],
    north: float,
    kind: Era,
    era: str,
    floors: int,
    draw: np.random.Generator,
) -> list[Building]:
    low, high = stretch
    aim = kind.aim if floors < 20 else 31.0
    between = kind.between if floors < 20 else 18.0
    if high - low < SHORTEST + 4:
        return []
    count = max(1, round((high - low + between) / (aim + between)))
    length = min((high - low - between * (count - 1)) / count, 1.25 * aim)
    if length < SHORTEST:
        return []
    spare = (high - low - length * count) / max(count - 1, 1) if count > 1 else 0.0
    starts = low + np.arange(count) * (length + spare)
    if count == 1:
        starts = starts + draw.uniform(0, 1) * (high - low - length)
    kept = draw.random(count) >= (0.03 if count > 1 else 0.0)
    return [
        _slab(x, x + length, north, kind, era, floors, draw)
        for x, keep in zip(starts, kept, strict=True)
        if keep
    ]


def _slab(
    west: float,
    east: float,
    north: float,
    kind: Era,
    era: str,
    floors: int,
    draw: np.random.Generator,
) -> Building:
    stairs = max(2 if east - west > 24 else 1, round((east - west) / STAIR))
    flats = stairs * floors * (2 if floors < 18 else 3)
    if floors > 20:
        stairs, flats = 1, floors * 4
    shape, doors = _outline(west, east, north, kind.depth, era, stairs)
    natural = flats * draw.uniform(*kind.occupancy)
    return Building(rounded(shape), "tower" if floors > 20 else "slab", floors, era, natural, doors)


def _outline(
    west: float, east: float, north: float, depth: float, era: str, stairs: int
) -> tuple[Polygon, tuple[tuple[float, float], ...]]:
    """Draw a slab's outline, and its doors in the north front, one a staircase."""
    south, length = north - depth, east - west
    places = [(west + length * (k + 0.5) / stairs) for k in range(stairs)]
    if era == "10s":
        wing = 0.44 * length if stairs == 1 else 0.3 * length
        a, b = west + wing, east - wing
        ring = [
            (west, south), (a, south), (a, south + 2.6), (b, south + 2.6), (b, south),
            (east, south),
            (east, north - 1.6), (b, north - 1.6), (b, north), (a, north), (a, north - 1.6),
            (west, north - 1.6),
        ]  # fmt: skip
        return Polygon(ring), _points([(a + b) / 2] if stairs == 1 else [a + 2, b - 2], north)
    if era == "00s":
        return Polygon(_bays(west, east, south, north)), _points(places, north)
    return box(west, south, east, north), _points(places, north)


def _points(places: list[float], north: float) -> tuple[tuple[float, float], ...]:
    return tuple((round(x, 3), round(north, 3)) for x in places)


def _bays(west: float, east: float, south: float, north: float) -> list[tuple[float, float]]:
    """Return an outline with bays 1.5 deep on the south front, in a rhythm of about 13 m."""
    count = max(2, round((east - west) / 13))
    rhythm = (east - west) / count
    ring = [(west, south + 1.5)]
    for k in range(count):
        a = west + rhythm * (k + 0.3)
        b = a + 0.4 * rhythm
        ring += [(a, south + 1.5), (a, south), (b, south), (b, south + 1.5)]
    return [*ring, (east, south + 1.5), (east, north), (west, north)]
