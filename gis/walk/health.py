"""What is doubtful about a walking network: problems of the data, each with its place. Pure."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.walk.access import Access
from gis.walk.network import Network
from gis.walk.vertices import lattice, number_points

LONG_CM = 5000  # a longer connector is doubtful

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where something is: (n,) its row, and degrees."""

    ref: Int
    lon: Float
    lat: Float


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Pieces of the network, gates open and directions ignored; the longest first.

    Attributes
    ----------
    nodes, edges, length_cm
        (n,) their sizes.
    lon, lat
        (n,) their first nodes.
    """

    nodes: Int
    edges: Int
    length_cm: Int
    lon: Float
    lat: Float

    @property
    def largest_share(self) -> float:
        """Share of the whole length that is in the longest piece."""
        return float(self.length_cm[0] / max(1, self.length_cm.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Health:
    """The state of a network.

    Attributes
    ----------
    components
        Its pieces.
    unconnected
        Buildings without any access.
    stranded
        Buildings whose every access is on a piece other than the longest.
    far
        Buildings whose nearest access is more than 50 m away.
    far_cm
        (n,) how far, in the order of ``far``.
    one_way
        Gates that pass in one direction only.
    loose
        Gates on no way.
    dead_end
        Nodes with a single edge end and no gate.
    """

    components: Components
    unconnected: Places
    stranded: Places
    far: Places
    far_cm: Int
    one_way: Places
    loose: Places
    dead_end: Places


def health(network: Network, building: Access, shape: Shapes, gate: gpd.GeoDataFrame) -> Health:
    """Look for what is doubtful.

    Parameters
    ----------
    building
        Access of the buildings.
    shape
        (n_building,) their outlines, lon lat.
    gate
        Rows are counted in the order of the codes, as in `Network`.
    """
    components, is_main = _components(network)
    n = len(shape)
    nearest = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(nearest, building.ref, building.connector_cm)
    has_main = np.zeros(n, dtype=bool)
    has_main[building.ref[is_main[network.source[building.edge]]]] = True
    connected = np.isin(np.arange(n), building.ref)
    far = connected & (nearest > LONG_CM)
    centre = shapely.get_coordinates(shapely.point_on_surface(shape)).reshape(-1, 2)
    gate = gate.sort_values("code")
    at = shapely.get_coordinates(gate.geometry.to_numpy()).reshape(-1, 2)
    nodes = np.stack([network.lon, network.lat], axis=1)
    gate_key, node_key = number_points(lattice(at), lattice(nodes))
    return Health(
        components=components,
        unconnected=_places(~connected, centre),
        stranded=_places(connected & ~has_main, centre),
        far=_places(far, centre),
        far_cm=nearest[far],
        one_way=_places(gate["passage"].to_numpy() != "both", at),
        loose=_places(~np.isin(gate_key, node_key), at),
        dead_end=_places((_degree(network) == 1) & (network.gate < 0), nodes),
    )


def _places(chosen: Bool, xy: Float) -> Places:
    row = np.flatnonzero(chosen)
    return Places(row, xy[row, 0], xy[row, 1])


def _degree(network: Network) -> Int:
    ends = np.concatenate([network.source, network.target])
    return np.bincount(ends, minlength=len(network.lon))


def _components(network: Network) -> tuple[Components, Bool]:
    """Return the pieces, and which nodes are in the longest."""
    n = len(network.lon)
    link = (np.ones(len(network.source), dtype=bool), (network.source, network.target))
    count, label = connected_components(coo_array(link, shape=(n, n)), directed=False)
    of_edge = label[network.source]
    length = np.zeros(count, dtype=np.int64)
    np.add.at(length, of_edge, network.length_cm)
    first = np.unique(label, return_index=True)[1]
    order = np.lexsort([first, -length])
    return Components(
        nodes=np.bincount(label)[order],
        edges=np.bincount(of_edge, minlength=count)[order],
        length_cm=length[order],
        lon=network.lon[first[order]],
        lat=network.lat[first[order]],
    ), label == order[0]
