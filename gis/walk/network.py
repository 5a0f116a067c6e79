"""From ways to a network of nodes and edges, and its variants. Pure.

Vertices are compared as integers on the lattice of 1e-9 degrees: ways connect where they share
an exactly equal vertex and nowhere else. Rows of the way, gate and compound tables are counted
in the order of their codes, whatever order the tables come in. Lengths and costs are integer
centimetres; -1 is a closed direction.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.errors import BadInput
from gis.walk.vertices import PER_DEGREE, Vertices, curve_order, lattice, number_points, vertices

STEPS_FACTOR = 1.0  # what a metre of steps costs, in metres of path
NM_PER_CM = 10_000_000

Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes along a Hilbert curve, and the edges between them.

    Edges are sorted by source, target, length, way and place along the way; each runs in the
    direction of its way.

    Attributes
    ----------
    lon, lat
        (n_node,) degrees.
    gate
        (n_node,) row of the gate that stands there, or -1.
    source, target
        (n_edge,) nodes.
    length_cm
        (n_edge,) what a tape measures.
    forward_cm, backward_cm
        (n_edge,) what a walker pays from source to target and back, or -1. One-way ways and
        one-way gates count; every gate is open (see `variant`).
    way
        (n_edge,) row of the way.
    first, last
        (n_edge,) the edge is the vertices first to last of its way, counted from 0.
    steps
        (n_edge,) whether the way is a stair.
    inside
        (n_edge,) row of the compound in which the edge's middle lies, or -1.
    """

    lon: Float
    lat: Float
    gate: Int32
    source: Int32
    target: Int32
    length_cm: Int32
    forward_cm: Int32
    backward_cm: Int32
    way: Int32
    first: Int32
    last: Int32
    steps: Bool
    inside: Int32


def build(
    way: gpd.GeoDataFrame,
    gate: gpd.GeoDataFrame,
    compound: gpd.GeoDataFrame,
    steps_factor: float = STEPS_FACTOR,
) -> Network:
    """Split ways where they meet, and at gates.

    Nodes are the ends of ways, vertices used twice or more, by several ways or by one, and
    vertices where a gate stands. A gate on no vertex is left out, and so is a way whose vertices
    are all equal. An edge's length is the difference of the rounded geodesic positions of its
    ends along its way, so that a new crossing changes no sum.

    A one-way gate ('out') closes the direction towards it of the edges outside its compound,
    'in' of those inside. Without a compound it is open both ways.

    Raises
    ------
    BadInput
        A way is not a line, or two gates stand at one place.
    NoNetwork
        There is nothing to walk on.
    """
    way, gate, compound = (table.sort_values("code") for table in (way, gate, compound))
    vertex = vertices(way)
    at_gate = _gate_rows(vertex.point, gate)
    point, node = _nodes(vertex, at_gate)
    a, b = _spans(vertex, node)
    inside = holder(_middles(vertex, a, b), compound.geometry.to_numpy())
    steps = way["steps"].to_numpy(dtype=bool)[vertex.way[a]]
    foot = way["foot"].to_numpy()[vertex.way[a]]
    cost = _between(vertex, a, b, np.where(steps, steps_factor, 1.0))
    no_way_to_a, no_way_to_b = (_no_entry(at_gate[end], inside, gate, compound) for end in (a, b))
    node_gate = np.full(len(point), -1, dtype=np.int32)
    node_gate[node[at_gate >= 0]] = at_gate[at_gate >= 0]
    return Network(
        lon=point[:, 0] / PER_DEGREE,
        lat=point[:, 1] / PER_DEGREE,
        gate=node_gate,
        source=node[a].astype(np.int32),
        target=node[b].astype(np.int32),
        length_cm=_between(vertex, a, b),
        forward_cm=np.where((foot == "backward") | no_way_to_b, np.int32(-1), cost),
        backward_cm=np.where((foot == "forward") | no_way_to_a, np.int32(-1), cost),
        way=vertex.way[a].astype(np.int32),
        first=vertex.number[a].astype(np.int32),
        last=vertex.number[b].astype(np.int32),
        steps=steps,
        inside=inside,
    )


def variant(network: Network, shut: Bool, step_free: bool = False) -> tuple[Int32, Int32]:
    """Return forward and backward costs [cm] of the edges with some gates shut.

    A shut gate closes every direction into its node.

    Parameters
    ----------
    shut
        (n_gate,) which gates, in the order of their codes.
    step_free
        Whether steps are closed.
    """
    at_gate = np.append(shut, False)[network.gate]  # a node without a gate (-1) reads the last
    stairs = network.steps & step_free
    forward = np.where(at_gate[network.target] | stairs, np.int32(-1), network.forward_cm)
    backward = np.where(at_gate[network.source] | stairs, np.int32(-1), network.backward_cm)
    return forward, backward


def lines(network: Network, way: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the edges as (n_edge,) lines from source to target, lon lat as the ways have them."""
    xy, owner = shapely.get_coordinates(
        way.sort_values("code").geometry.to_numpy(), return_index=True
    )
    n = (network.last - network.first + 1).astype(np.int64)
    edge = np.repeat(np.arange(len(n)), n)
    start = np.searchsorted(owner, network.way) + network.first - (np.cumsum(n) - n)
    return np.asarray(shapely.linestrings(xy[start[edge] + np.arange(len(edge))], indices=edge))


def holder(point: NDArray[np.object_], polygon: NDArray[np.object_]) -> Int32:
    """Return the number of the polygon in whose interior each point lies, the first, or -1."""
    row = np.full(len(point), len(polygon), dtype=np.int32)
    at, of = shapely.STRtree(polygon).query(point, predicate="within")
    np.minimum.at(row, at, of.astype(np.int32))
    return np.where(row == len(polygon), np.int32(-1), row)


def _gate_rows(point: Int, gate: gpd.GeoDataFrame) -> Int32:
    """Return the row of the gate at each point, or -1."""
    at = lattice(shapely.get_coordinates(gate.geometry.to_numpy()))
    key, gate_key = number_points(point, at)
    order = np.argsort(gate_key, kind="stable")
    if (twin := np.flatnonzero(np.diff(gate_key[order]) == 0)).size:
        one, two = gate["code"].iloc[order[twin[0] : twin[0] + 2]]
        raise BadInput("twin_gates", one=one, two=two)
    row = np.full(len(point) + len(at), -1, dtype=np.int32)
    row[gate_key] = np.arange(len(gate))
    return row[key]


def _nodes(vertex: Vertices, at_gate: Int32) -> tuple[Int, Int]:
    """Return the nodes' points in curve order, and the node at each vertex, or -1."""
    (key,) = number_points(vertex.point)
    is_node = vertex.is_end | (np.bincount(key)[key] > 1) | (at_gate >= 0)
    _, place, name = np.unique(key[is_node], return_index=True, return_inverse=True)
    point = vertex.point[is_node][place]
    curve = curve_order(point)
    rank = np.empty_like(curve)
    rank[curve] = np.arange(len(curve))
    node = np.full(len(key), -1)
    node[is_node] = rank[name]
    return point[curve], node


def _spans(vertex: Vertices, node: Int) -> tuple[Int, Int]:
    """Return the vertices from and to which the edges run, in the order of the edges."""
    stop = np.flatnonzero(node >= 0)
    same = vertex.way[stop[:-1]] == vertex.way[stop[1:]]
    a, b = stop[:-1][same], stop[1:][same]
    length = _between(vertex, a, b)
    order = np.lexsort([vertex.number[a], vertex.way[a], length, node[b], node[a]])
    return a[order], b[order]


def _between(vertex: Vertices, a: Int, b: Int, factor: Float | float = 1.0) -> Int32:
    """Return the differences of rounded positions [cm], half a centimetre rounded up."""

    def centimetres(k: Int) -> Int:
        nm: Int = np.floor(vertex.position_nm[k] * factor).astype(np.int64)
        return np.floor_divide(nm + NM_PER_CM // 2, NM_PER_CM)

    return (centimetres(b) - centimetres(a)).astype(np.int32)


def _middles(vertex: Vertices, a: Int, b: Int) -> NDArray[np.object_]:
    """Return the points half way from vertex to vertex, along the way."""
    along = vertex.along_nm
    middle = (along[a] + along[b]) // 2
    k = np.clip(np.searchsorted(along, middle), a + 1, b)
    share = (middle - along[k - 1]) / np.maximum(along[k] - along[k - 1], 1)
    p, q = vertex.point[k - 1], vertex.point[k]
    return np.asarray(shapely.points((p + share[:, None] * (q - p)) / PER_DEGREE))


def _no_entry(
    row: Int32, inside: Int32, gate: gpd.GeoDataFrame, compound: gpd.GeoDataFrame
) -> Bool:
    """Return which edges may not be walked towards the one-way gates of those rows."""
    home = np.append(pd.Index(compound["code"]).get_indexer(gate["compound"]), -1)[row]
    passage = np.append(gate["passage"].to_numpy(dtype=object), "both")[row]
    forbidden = np.where(passage == "out", inside != home, inside == home)
    return np.asarray((passage != "both") & (home >= 0) & forbidden)
