"""Where one short link over a wall, a railway or a river would bring people to a station."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from gis.demo.ground import LIMIT_CM, Bool, Costs, Float, Ground, Int, costs, only, select
from gis.demo.spots import project
from gis.walk.access import Access
from gis.walk.network import Network

AROUND_M = 250.0  # from a building to the near end of its link
LONGEST_M = {"wall": 60.0, "railway": 120.0, "river": 200.0, "building": 0.0}
BEND = 1.2  # how much longer than straight the walk to the link is thought to be
LOOKS, TRIES = 400, 6  # links looked at, links walked


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """A town, some of its stations, and what each node of its network costs to the nearest."""

    town: Ground
    spot: Int
    shut: Bool
    xy: Float
    cost_cm: Int


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A line between two nodes [degrees], what it crosses, and whom it serves."""

    kind: str
    line: shapely.LineString
    served: Int


def sides(town: Ground, spot: Int, shut: Bool) -> Sides:
    """Measure the nodes of a town's network."""
    network = town.network
    sizes = len(network.lon), len(town.spots.xy)
    cost = costs(network, _at_nodes(network), only(town.spot, spot), sizes, shut)
    xy = np.stack(town.plane.forward(network.lon, network.lat), axis=1)
    return Sides(town, spot, shut, xy, cost.nearest(spot)[0])


def link(sides: Sides, rows: Int, watched: Int) -> Link | None:
    """Return a link that brings all of some buildings to a station, or None.

    It crosses barriers of one kind, no building, and runs between nodes that are no gates.

    Parameters
    ----------
    watched
        Buildings of which ``Link.served`` tells; all of ``rows`` are among them.
    """
    pairs = _promising(sides, rows)[:LOOKS]
    lines = shapely.linestrings(sides.xy[pairs])
    tries = 0
    for pair, crossed in zip(pairs, barriers(sides.town, lines), strict=True):
        length = np.hypot(*(sides.xy[pair[1]] - sides.xy[pair[0]]))
        if len(set(crossed)) != 1 or length > LONGEST_M[crossed[0]]:
            continue
        cost = _with_link(sides, pair, int(np.ceil(100 * length)) + 1, watched)
        served = watched[cost.count(sides.spot) > 0]
        if np.isin(rows, served).all():
            network = sides.town.network
            ends = np.stack([network.lon[pair], network.lat[pair]], axis=1)
            return Link(crossed[0], shapely.LineString(ends), served)
        tries += 1
        if tries == TRIES:
            break
    return None


def _at_nodes(network: Network) -> Access:
    """Let every node onto the edges that meet there, at no cost."""
    n = len(network.source)
    ref = np.concatenate([network.source, network.target])
    edge = np.tile(np.arange(n, dtype=np.int32), 2)
    place = np.concatenate([np.zeros(n, dtype=np.int32), network.length_cm])
    order = np.lexsort([place, edge, ref])
    return Access(ref[order], edge[order], place[order], np.zeros(2 * n, dtype=np.int32))


def _promising(sides: Sides, rows: Int) -> Int:
    """Return pairs of nodes (n, 2) that may be worth a link, the best first."""
    home = sides.town.xy[rows]
    gate = sides.town.network.gate >= 0
    away = KDTree(home).query(sides.xy, distance_upper_bound=AROUND_M)[0]
    near = np.flatnonzero(np.isfinite(away) & ~gate)
    beyond = np.flatnonzero((sides.cost_cm < LIMIT_CM) & ~gate)
    found = KDTree(sides.xy[near]).query_ball_tree(KDTree(sides.xy[beyond]), 200.0)
    number = [len(one) for one in found]
    one = np.repeat(near, number)
    other = beyond[np.concatenate([np.empty(0, dtype=np.int64), *found]).astype(np.int64)]
    walk = 100 * (BEND * away[one] + np.hypot(*(sides.xy[one] - sides.xy[other]).T))
    total = np.round(walk + sides.cost_cm[other], 1)
    order = np.lexsort([other, one, total])
    order = order[total[order] <= LIMIT_CM]
    pairs: Int = np.stack([one, other], axis=1)[order]
    return pairs


def barriers(town: Ground, line: NDArray[np.object_]) -> list[list[str]]:
    """Return what each line (n,) in local metres crosses: kinds of barriers, and ``building``."""
    content = town.content
    shape = [content.barrier.geometry, content.water.geometry, content.building.geometry]
    kind = [
        *(k if k in ("railway", "river") else "wall" for k in content.barrier["kind"]),
        *["river"] * len(content.water),
        *["building"] * len(content.building),
    ]
    tree = shapely.STRtree(project(np.concatenate([s.to_numpy() for s in shape]), town.plane))
    at, of = tree.query(line, predicate="intersects")
    crossed: list[list[str]] = [[] for _ in line]
    for i, k in sorted(zip(at.tolist(), of.tolist(), strict=True)):
        crossed[i].append(kind[k])
    return crossed


def _with_link(sides: Sides, pair: Int, length_cm: int, rows: Int) -> Costs:
    """Return the costs of some buildings in a town with one more edge."""
    town, network = sides.town, sides.town.network
    more = {
        name: np.append(getattr(network, name), np.int32(value))
        for name, value in [
            ("source", pair[0]),
            ("target", pair[1]),
            ("length_cm", length_cm),
            ("forward_cm", length_cm),
            ("backward_cm", length_cm),
        ]
    }
    longer = replace(network, **more, steps=np.append(network.steps, False))
    sizes = len(rows), len(town.spots.xy)
    place = only(town.spot, sides.spot)
    return costs(longer, select(town.building, rows), place, sizes, sides.shut)
