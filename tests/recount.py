"""Figures counted again from an exported GeoPackage alone, with networkx: an engine written apart.

It follows the text of README ("Recount every figure"), not the code of `gis`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pyogrio


@dataclass(frozen=True)
class Recount:
    """Layers of one file, the open ways as a graph, and who has access where."""

    edge: dict[int, dict[str, int]]
    graph: Any
    access: dict[tuple[str, str], list[dict[str, int]]]
    building: list[dict[str, Any]]
    station: list[dict[str, Any]]


def load(path: Path) -> Recount:
    def layer(name: str) -> list[dict[str, Any]]:
        frame = pyogrio.read_dataframe(path, layer=name, read_geometry=False)
        return frame.to_dict("records")  # type: ignore[no-any-return]

    edge = {row["id"]: row for row in layer("edge")}
    graph = nx.DiGraph()
    graph.add_nodes_from(row["id"] for row in layer("node"))
    for row in edge.values():
        for a, b, cost in [
            (row["source"], row["target"], row["forward_cm"]),
            (row["target"], row["source"], row["backward_cm"]),
        ]:
            if cost >= 0 and cost < graph.get_edge_data(a, b, {"cost": cost + 1})["cost"]:
                graph.add_edge(a, b, cost=cost)
    access: dict[tuple[str, str], list[dict[str, int]]] = {}
    for row in layer("access"):
        access.setdefault((row["kind"], row["ref"]), []).append(row)
    return Recount(edge, graph, access, layer("building"), layer("station"))


def part(edge: dict[str, int], x: int, cost: int) -> int:
    """What the stretch from the source to x costs of the whole edge's cost."""
    length = edge["length_cm"]
    return (2 * x * cost + length) // (2 * length) if length else 0


def costs_to(self: Recount, station: str) -> dict[int, int]:
    """The cost from every node to a station."""
    seeds: dict[int, int] = {}
    for row in self.access.get(("station", station), []):
        edge, x = self.edge[row["edge"]], row["from_source_cm"]
        for node, whole, there in [
            (edge["source"], edge["forward_cm"], part(edge, x, edge["forward_cm"])),
            (
                edge["target"],
                edge["backward_cm"],
                edge["backward_cm"] - part(edge, x, edge["backward_cm"]),
            ),
        ]:
            if whole >= 0:
                cost = row["connector_cm"] + there
                seeds[node] = min(cost, seeds.get(node, cost))
    graph = self.graph.reverse(copy=True)
    for node, cost in seeds.items():
        graph.add_edge("station", node, cost=cost)
    if not seeds:
        return {}
    found: dict[int, int] = nx.single_source_dijkstra_path_length(graph, "station", weight="cost")
    return found


def cost(
    self: Recount, starts: list[dict[str, int]], station: str, to: dict[int, int]
) -> int | None:
    """The cheapest way from any of the access rows to the station; None if there is none."""
    found = []
    for row in starts:
        edge, x = self.edge[row["edge"]], row["from_source_cm"]
        forward, backward = edge["forward_cm"], edge["backward_cm"]
        if forward >= 0 and edge["target"] in to:
            found.append(
                row["connector_cm"] + forward - part(edge, x, forward) + to[edge["target"]]
            )
        if backward >= 0 and edge["source"] in to:
            found.append(row["connector_cm"] + part(edge, x, backward) + to[edge["source"]])
        for other in self.access.get(("station", station), []):
            if other["edge"] != row["edge"]:
                continue
            y = other["from_source_cm"]
            both = row["connector_cm"] + other["connector_cm"]
            if y >= x and forward >= 0:
                found.append(both + part(edge, y, forward) - part(edge, x, forward))
            if y <= x and backward >= 0:
                found.append(both + part(edge, x, backward) - part(edge, y, backward))
    return min(found, default=None)


def buildings(self: Recount, stations: list[str]) -> dict[str, int]:
    """The cost from every building to the nearest of some stations, where there is a way."""
    best: dict[str, int] = {}
    for code in stations:
        to = costs_to(self, code)
        for building in self.building:
            rows = self.access.get(("building", building["code"]), [])
            found = cost(self, rows, code, to)
            if found is not None:
                best[building["code"]] = min(found, best.get(building["code"], found))
    return best


def open_stations(self: Recount, service: str | None = None) -> list[str]:
    return [
        row["code"]
        for row in self.station
        if row["state"] == "open" and (service is None or service in row["services"].split(","))
    ]


def covered(self: Recount, best: dict[str, int], speed: int, minutes: int) -> dict[str, int]:
    """Households, people and buildings within some minutes at a speed in cm/h."""
    those = [b for b in self.building if 60 * best.get(b["code"], 10**12) <= speed * minutes]
    return {
        "households": sum(b["households"] for b in those),
        "people": sum(b["people"] for b in those),
        "buildings": len(those),
    }
