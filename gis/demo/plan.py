"""The plan of a town before a road is drawn: where main roads, river, railway and centres run.

Worked out upright, in u east and v north from the first centre [m]; ``Plan.place`` turns that into
local metres by a slight warp, a shear of the new town, and the turn of the whole.
"""

from dataclasses import dataclass

import numpy as np
from shapely import LineString

from .draws import stream
from .lines import Array, dense, rounded, spline
from .specs import Spec

RING = 1  # the ring runs along the first main road on each side of a centre
BELT = 320.0  # second roads are drawn this far beyond the land aimed at


@dataclass(frozen=True, slots=True)
class Plan:
    """Main roads at ``u`` and ``v`` [m]; centres as (column, row) of their crossings."""

    u: Array
    v: Array
    centres: list[tuple[int, int]]
    half_land: tuple[float, float]
    half_canvas: tuple[float, float]
    turn: float  # radians
    waves: Array  # (4, 4): amplitude, length, phase, drift of the phase
    new_side: tuple[int, int]
    lean: float
    river_row: int  # the river runs between v[row] and v[row + 1]
    rail_column: int
    seed: int

    def place(self, points: Array) -> Array:
        """Turn upright points (n, 2) into local metres."""
        u, v = points[:, 0].astype(float), points[:, 1].astype(float)
        u, v = self._sheared(u, v)
        u, v = (
            u + self._wave(0, v, u) + self._wave(1, v, u),
            v + self._wave(2, u, v) + self._wave(3, u, v),
        )
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return np.column_stack([cos * u - sin * v, sin * u + cos * v])

    def line(self, points: Array) -> LineString:
        """Draw an upright line in local metres, to the millimetre."""
        return rounded(LineString(self.place(dense(np.asarray(points, dtype=float)))))

    def centre_points(self) -> Array:
        """Return the centres (n, 2) in local metres, the chief one first."""
        points = np.array([(self.u[i], self.v[j]) for i, j in self.centres])
        return np.round(self.place(points), 3)

    def _wave(self, k: int, along: Array, across: Array) -> Array:
        amplitude, length, phase, drift = self.waves[k]
        return np.asarray(amplitude * np.sin(2 * np.pi * (along / length + across * drift) + phase))

    def _sheared(self, u: Array, v: Array) -> tuple[Array, Array]:
        """Lean the new town: beyond its ring road the cross roads turn by a few degrees."""
        (east, north), (i, j) = self.new_side, self.centres[0]
        slope = np.tan(self.lean)
        if east:
            start = self.u[i + east]
            return u, v + slope * np.maximum(east * (u - start), 0)
        start = self.v[j + north]
        return u + slope * np.maximum(north * (v - start), 0), v


def lay(spec: Spec, seed: int, scale: float) -> Plan:
    """Lay out the plan of a district of ``scale`` times the size."""
    draw = stream(seed, "plan")
    land, canvas = _halves(spec.land * scale), _halves(spec.canvas * scale)
    u, i = _axis(spec.spacing[0], canvas[0], draw)
    v, j = _axis(spec.spacing[1], canvas[1], draw)
    north = 1 if draw.random() < 0.5 else -1
    river = spec.river_gap if north > 0 else -1 - spec.river_gap
    sides = [s for s in [(1, 0), (-1, 0), (0, 1), (0, -1)] if _is_free(s, spec.rail_gap, river)]
    side = sides[int(draw.integers(len(sides)))]
    lean = np.radians(draw.uniform(4, 8)) * (1 if draw.random() < 0.5 else -1)
    turn = np.radians(spec.turn + draw.uniform(-1.5, 1.5))
    return Plan(
        u, v, _centres(i, j, u, v, land, scale), land, canvas, float(turn), _waves(draw),
        side, float(lean), j + river, i + spec.rail_gap, seed,
    )  # fmt: skip


def _is_free(side: tuple[int, int], rail: int, river: int) -> bool:
    """Tell whether neither the railway nor the river runs on that side of the centre."""
    east, north = side
    return (east == 0 or (rail >= 0) != (east > 0)) and (north == 0 or (river >= 0) != (north > 0))


def _halves(area_km2: float) -> tuple[float, float]:
    area = area_km2 * 1e6
    return float(np.sqrt(1.3 * area) / 2), float(np.sqrt(area / 1.3) / 2)


def _axis(spacing: float, half: float, draw: np.random.Generator) -> tuple[Array, int]:
    """Return positions of main roads to beyond the canvas, and which of them is the axis (0)."""
    count = int(np.ceil(half / (0.9 * spacing))) + 1
    steps = spacing * draw.uniform(0.9, 1.1, (2, count))
    low, high = -np.cumsum(steps[0])[::-1], np.cumsum(steps[1])
    return np.concatenate([low, [0.0], high]), count


def _waves(draw: np.random.Generator) -> Array:
    rows = []
    for amplitude, short, long in [(20, 2000, 2600), (8, 1000, 1700)] * 2:
        size = amplitude * draw.uniform(0.75, 1.2)
        rows.append(
            (size, draw.uniform(short, long), draw.uniform(0, 6.3), draw.uniform(-1, 1) / 9e3)
        )
    return np.array(rows)


def _centres(
    i: int, j: int, u: Array, v: Array, land: tuple[float, float], scale: float
) -> list[tuple[int, int]]:
    """Return the crossings that are centres: one, in much larger towns 0.7 a unit of scale."""
    wanted = 1 if scale <= 2 else round(0.7 * scale)
    found = [
        (a, b)
        for a in range(i % 3, len(u) - 2, 3)
        for b in range(j % 3, len(v) - 2, 3)
        if abs(u[a]) < land[0] - 500 and abs(v[b]) < land[1] - 500 and a >= 2 and b >= 2
    ]
    found.sort(key=lambda c: (round(float(np.hypot(u[c[0]], v[c[1]]))), c))
    return found[:wanted] if found else [(i, j)]


def meander(plan: Plan, step: str, across: tuple[float, float], reach: float, size: float) -> Array:
    """Return a winding upright line of 24 points a span between two main roads.

    Parameters
    ----------
    across
        Positions of the two main roads it stays between [m].
    reach, size
        How far it goes to either side of the centre, and how far it swings [m].
    """
    draw = stream(plan.seed, step)
    steps = np.cumsum(draw.uniform(380, 1050, int(2 * reach / 380) + 3))
    along = np.concatenate([[0.0], steps]) - reach - draw.uniform(0, 600)
    along = along[: int(np.searchsorted(along, reach)) + 1]
    sign = np.where(np.arange(len(along)) % 2, 1, -1) * (1 if draw.random() < 0.5 else -1)
    swing = size * sign * draw.uniform(0.1, 1.0, len(along))
    middle = (across[0] + across[1]) / 2 + draw.uniform(-0.2, 0.2) * size
    return spline(np.column_stack([along, middle + swing]))
