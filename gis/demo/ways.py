"""The ways of a town: roads, lanes, inner paths, links through gates; and the units' borders."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString

from .filling import Filled
from .lines import Shapes, ends
from .units import Borders

HIGHWAY = {"main": "primary", "second": "secondary", "side": "residential"}


@dataclass(frozen=True, slots=True)
class Way:
    """A line of the walking network; pieces of one ``key`` become one way again."""

    line: LineString
    highway: str
    key: str
    bridge: bool = False


def roads(filled: Filled) -> list[Way]:
    """Return all roads, inside and outside of the gridded land."""
    return [Way(r.line, HIGHWAY[r.rank], r.name, r.bridge) for r in filled.town.roads]


def paths(filled: Filled) -> list[Way]:
    """Return all ways within blocks, and the links through gates."""
    found = []
    for parts in filled.parts:
        x, y = parts.site.place
        for k, path in enumerate(parts.paths):
            found.append(Way(path.line, path.highway, f"path {x:.0f} {y:.0f} {k}"))
        for k, gate in enumerate(parts.gates):
            found.append(Way(gate.link, "service", f"gate {x:.0f} {y:.0f} {k}"))
    return found


def borders(filled: Filled) -> Borders:
    """Return the lines that part units: roads, river, railway, and the cuts within blocks."""
    lines = [road.line for road in filled.town.roads]
    kinds = [road.rank for road in filled.town.roads]
    lines += [line for line, _ in filled.town.natural]
    kinds += [kind for _, kind in filled.town.natural]
    for parts in filled.parts:
        lines += [cut.line for cut in parts.cuts]
        kinds += [cut.kind for cut in parts.cuts]
    return Borders(lines, kinds)


def table(
    edges: Shapes, source: NDArray[np.intp], ways: list[Way], names: dict[str, str]
) -> gpd.GeoDataFrame:
    """Join noded edges to ways again, those of the largest connected network only.

    Parameters
    ----------
    source
        For each edge the row of ``ways`` it came from, -1 for none.
    names
        Names by key; ways of other keys have none.
    """
    edges, source = _connected(edges[source >= 0], source[source >= 0])
    key = np.array([(w.key, w.highway, w.bridge) for w in ways], dtype=object)
    text = np.array([f"{k}|{h}|{b}" for k, h, b in key])[source]
    groups, group = np.unique(text, return_inverse=True)
    order = np.argsort(group, kind="stable")
    merged = shapely.line_merge(shapely.multilinestrings(edges[order], indices=group[order]))
    lines, owner = shapely.get_parts(shapely.normalize(merged), return_index=True)
    first = source[order][np.searchsorted(group[order], np.arange(len(groups)))]
    rows = gpd.GeoDataFrame(
        {
            "name": [names.get(ways[first[g]].key, "") for g in owner],
            "highway": [ways[first[g]].highway for g in owner],
            "bridge": [ways[first[g]].bridge for g in owner],
            "tunnel": False,
            "steps": False,
            "foot": "both",
        },
        geometry=lines,
    )
    corner = rows.geometry.bounds.round(3)
    rows = rows.iloc[np.lexsort([rows.length, corner.maxy, corner.miny, corner.minx])]
    rows.insert(0, "code", [f"W{k:05d}" for k in range(1, len(rows) + 1)])
    return rows.reset_index(drop=True)


def _connected(edges: Shapes, source: NDArray[np.intp]) -> tuple[Shapes, NDArray[np.intp]]:
    number, n = ends(edges)
    links = coo_array((np.ones(len(number)), (number[:, 0], number[:, 1])), shape=(n, n))
    label = connected_components(links, directed=False)[1][number[:, 0]]
    main = label == np.bincount(label).argmax()
    return edges[main], source[main]
