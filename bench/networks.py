"""The networks to measure on: generated ones, and seventeen cities where the reference data lie."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import environment
from gis.walk.graph import Graph, graph
from gis.walk.vertices import curve_order

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("YIGE_SHARED", ROOT.parent / "shared"))
CITIES = SHARED / "data" / "scale" / "osm_union_17cities_segments.parquet"
N_STATION = 1000
BLOCK_M, JITTER_M, KEPT = 60, 15, 0.73


@dataclass(frozen=True)
class Street:
    """A street network walked both ways, its nodes in curve order.

    ``x``, ``y`` are metres, ``cost`` is cm an edge, ``station`` the nodes of the stations.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    source: np.ndarray
    target: np.ndarray
    cost: np.ndarray
    station: np.ndarray

    @property
    def n_node(self) -> int:
        """How many nodes there are."""
        return self.x.size

    def graph(self) -> Graph:
        """Return the graph our searches run over."""
        return graph(self.n_node, self.source, self.target, self.cost, self.cost)


def ordered(name, x, y, source, target, cost) -> Street:
    """Return the street with its nodes along the curve and stations drawn, the same each time."""
    order = curve_order(np.rint(np.column_stack([x, y]) * 100).astype(np.int64))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    station = np.random.default_rng(1).choice(x.size, min(N_STATION, x.size), replace=False)
    return Street(name, x[order], y[order], rank[source], rank[target], cost, station)


def generated(n_node: int) -> Street:
    """Make a town of square blocks of 60 m, bent a little, with a quarter of its streets missing.

    About 2.9 arcs leave a node, as in real street networks.
    """
    random = np.random.default_rng(n_node)
    side = round(n_node**0.5)
    node = np.arange(side * side)
    x, y = (
        each * BLOCK_M + random.uniform(-JITTER_M, JITTER_M, node.size)
        for each in (node % side, node // side)
    )
    east, north = node[node % side < side - 1], node[: side * (side - 1)]
    source = np.concatenate([east, north])
    target = np.concatenate([east + 1, north + side])
    kept = random.random(source.size) < KEPT
    source, target = source[kept], target[kept]
    cost = np.rint(np.hypot(x[source] - x[target], y[source] - y[target]) * 100).astype(np.int64)
    return ordered("generated", x, y, source, target, cost)


def cities(folder: Path) -> Street:
    """Read the union of seventeen cities; parquet is read in the bench's own environment."""
    if not (folder / "cities.npz").exists():
        reader = [environment.python(), ROOT / "bench" / "cities.py", CITIES, folder / "cities.npz"]
        subprocess.run(reader, check=True)
    with np.load(folder / "cities.npz") as read:
        return ordered(
            "17 cities", *(read[name] for name in ("x", "y", "source", "target", "cost"))
        )
