"""Main and second roads: a warped mesh with rings, diagonals, quays, few bridges and crossings."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from shapely import LineString, Polygon

from .course import Course, Waters, Yard, railway, river
from .draws import stream
from .lines import Array, strings
from .plan import BELT, Plan
from .specs import Spec

HALF = {"main": 20.0, "second": 15.0, "side": 8.5}  # from the centreline to the wall
OMITTED = 0.12  # share of second roads' pieces that were never built


@dataclass(frozen=True, slots=True)
class Road:
    """A piece of road: its centreline, rank ('main', 'second', 'side') and key of its name."""

    line: LineString
    rank: str
    name: str
    bridge: bool = False
    crosses: bool = False  # over water and rail


@dataclass(frozen=True, slots=True)
class Mesh:
    """All main and second roads of the canvas with river and railway, not yet noded."""

    roads: list[Road]
    river: Course
    waters: Waters
    railway: Course
    yard: Yard


def mesh(spec: Spec, plan: Plan) -> Mesh:
    """Draw the main and second roads of a plan, cut where water and railway are not crossed."""
    course, waters = river(spec, plan)
    rails, yard = railway(plan)
    roads = [*_mains(plan), *_seconds(plan), *_besides(plan, course, rails)]
    cut = [part for road in roads for part in _cut(road, course, rails)]
    return Mesh(cut, course, waters, rails, yard)


def _cut(road: Road, course: Course, rails: Course) -> list[Road]:
    """Stop a road at quay and railway street, or carry it over as a bridge."""
    if road.rank == "quay":
        return [replace(r, rank="second") for r in _without(road, rails.corridor)]
    if road.rank == "rail street":
        return [replace(r, rank="side") for r in _without(road, course.corridor)]
    dry = _without(road, course.corridor)
    if road.crosses:
        wet = strings(road.line.intersection(course.corridor))
        return [*dry, *(replace(road, line=line, bridge=True) for line in wet)]
    return [part for piece in dry for part in _without(piece, rails.corridor)]


def _without(road: Road, land: Polygon) -> list[Road]:
    if not road.line.intersects(land):
        return [road]
    return [replace(road, line=line) for line in strings(road.line.difference(land))]


# --- main roads ---------------------------------------------------------------------------------


def _mains(plan: Plan) -> list[Road]:
    rings = [_ring(plan, i, j) for i, j in plan.centres]
    gone = {piece for ring in rings for piece in ring[1]}
    pieces = [road for key, road in _main_pieces(plan) if key not in gone]
    return [*pieces, *(road for ring in rings for road in ring[0])]


def _main_pieces(plan: Plan) -> list[tuple[tuple[str, int, int], Road]]:
    pieces = []
    for i, u in enumerate(plan.u):
        for j, (low, high) in enumerate(pairwise(plan.v)):
            line = plan.line(np.array([(u, low), (u, high)]))
            crosses = j != plan.river_row or _bridged(plan, i)
            pieces.append((("u", i, j), Road(line, "main", f"u{i}", crosses=crosses)))
    for j, v in enumerate(plan.v):
        for i, (low, high) in enumerate(pairwise(plan.u)):
            line = plan.line(np.array([(low, v), (high, v)]))
            crosses = i != plan.rail_column or _railed(plan, j)
            pieces.append((("v", i, j), Road(line, "main", f"v{j}", crosses=crosses)))
    return pieces


def _bridged(plan: Plan, i: int) -> bool:
    """Tell whether main road ``i`` has a bridge: axes always, one ring side in three not."""
    if any(i == centre[0] for centre in plan.centres):
        return True
    return bool(i % 4 != _skipped(plan, "bridge", plan.centres[0][0]) % 4)


def _railed(plan: Plan, j: int) -> bool:
    """Tell whether main road ``j`` crosses the railway: axes always, a neighbour not."""
    if any(j == centre[1] for centre in plan.centres):
        return True
    return bool(j % 4 != _skipped(plan, "crossing", plan.centres[0][1]) % 4)


def _skipped(plan: Plan, step: str, axis: int) -> int:
    return axis + (1 if stream(plan.seed, step).random() < 0.5 else -1)


def _ring(plan: Plan, i: int, j: int) -> tuple[list[Road], list[tuple[str, int, int]]]:
    """Return a centre's ring with its diagonals, and the main pieces they stand for."""
    draw = stream(plan.seed, "ring", plan.u[i], plan.v[j])
    radius = draw.uniform(190, 300)
    square = [(1, 1), (1, -1), (-1, -1), (-1, 1)][int(draw.integers(4))]
    roads, gone = [], []
    for a, b in [(1, 1), (1, -1), (-1, -1), (-1, 1)]:
        if (a, b) == square:
            continue
        roads.append(_arc(plan, (i, j), (a, b), radius))
        if (i, j) == plan.centres[0] and not _in_the_way(plan, i + a, j + b, a, b):
            roads.append(_diagonal(plan, (i, j), (a, b), radius))
            gone += [("u", i + a, j + min(b, 2 * b)), ("v", i + min(a, 2 * a), j + b)]
    for a in (1, -1):
        gone += [("u", i + a, j - 1), ("u", i + a, j), ("v", i - 1, j + a), ("v", i, j + a)]
        roads += _sides(plan, (i, j), a, radius, square)
    return roads, gone


def _in_the_way(plan: Plan, i: int, j: int, a: int, b: int) -> bool:
    """Tell whether river or railway runs through the block a diagonal would cross."""
    column, row = i if a > 0 else i - 1, j if b > 0 else j - 1
    beyond = not (0 <= i + a < len(plan.u) and 0 <= j + b < len(plan.v))
    return column == plan.rail_column or row == plan.river_row or beyond


def _arc(plan: Plan, centre: tuple[int, int], corner: tuple[int, int], radius: float) -> Road:
    (i, j), (a, b) = centre, corner
    turn = np.linspace(0, np.pi / 2, 13)
    u = plan.u[i + a] - a * radius * (1 - np.cos(turn))
    v = plan.v[j + b] - b * radius * (1 - np.sin(turn))
    key = f"u{i + a}" if b > 0 else f"v{j + b}"
    return Road(plan.line(np.column_stack([u, v])), "main", key)


def _diagonal(plan: Plan, centre: tuple[int, int], corner: tuple[int, int], radius: float) -> Road:
    (i, j), (a, b) = centre, corner
    inset = radius * (1 - np.sqrt(0.5))
    start = (plan.u[i + a] - a * inset, plan.v[j + b] - b * inset)
    ends = (plan.u[i + 2 * a], plan.v[j + 2 * b])
    return Road(plan.line(np.array([start, ends])), "main", f"d{a}{b}")


def _sides(
    plan: Plan, centre: tuple[int, int], a: int, radius: float, square: tuple[int, int]
) -> list[Road]:
    """Draw the two straight sides of a ring on side ``a``: north-south and east-west."""
    i, j = centre

    def stop(corner: tuple[int, int]) -> float:
        return 0.0 if corner == square else radius

    u, v = plan.u[i + a], plan.v[j + a]
    upright = np.array([(u, plan.v[j - 1] + stop((a, -1))), (u, plan.v[j + 1] - stop((a, 1)))])
    level = np.array([(plan.u[i - 1] + stop((-1, a)), v), (plan.u[i + 1] - stop((1, a)), v)])
    wet = j - 1 <= plan.river_row <= j
    railed = i - 1 <= plan.rail_column <= i
    return [
        Road(plan.line(upright), "main", f"u{i + a}", crosses=not wet or _bridged(plan, i + a)),
        Road(plan.line(level), "main", f"v{j + a}", crosses=not railed or _railed(plan, j + a)),
    ]


# --- second roads -------------------------------------------------------------------------------


def between(plan: Plan) -> tuple[Array, Array]:
    """Return where second roads run: one between two north-south main roads, two the other way."""
    draw = stream(plan.seed, "second")
    u = [
        low + (high - low) * draw.uniform(0.44, 0.56)
        for k, (low, high) in enumerate(pairwise(plan.u))
        if k != plan.rail_column
    ]
    v = [
        low + (high - low) * (share + draw.uniform(-0.04, 0.04))
        for k, (low, high) in enumerate(pairwise(plan.v))
        for share in ((1 / 3, 2 / 3) if high - low > 680 else (1 / 2,))
        if k != plan.river_row
    ]
    return np.array(u), np.array(v)


def _seconds(plan: Plan) -> list[Road]:
    u, v = between(plan)
    limit = np.add(plan.half_land, BELT)
    return [
        *_pieces(plan, u, np.union1d(plan.v, v), limit, False),
        *_pieces(plan, v, np.union1d(plan.u, u), limit[::-1], True),
    ]


def _pieces(plan: Plan, at: Array, stops: Array, limit: Array, level: bool) -> list[Road]:
    roads = []
    for x in at[np.abs(at) < limit[0]]:
        for low, high in pairwise(stops[np.abs(stops) < limit[1] + 500]):
            line = np.array([(x, low), (x, high)])
            line = line[:, ::-1] if level else line
            if stream(plan.seed, "omit", *line.mean(axis=0)).random() >= OMITTED:
                roads.append(Road(plan.line(line), "second", f"{'w' if level else 's'}{round(x)}"))
    return roads


def _besides(plan: Plan, course: Course, rails: Course) -> list[Road]:
    """Draw the quays and the streets along the railway; those out of town are dropped later."""
    kinds = [("quay", course), ("rail street", rails)]
    return [
        Road(line, kind, f"{kind} {side}")
        for kind, along in kinds
        for side, line in zip(("left", "right"), along.sides, strict=True)
    ]
