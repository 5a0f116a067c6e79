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
    """Layers of one file, the open ways from their ends back, and who has access where."""

    edge: dict[int, dict[str, int]]
    back: Any
    node: list[int]
    access: dict[tuple[str, str], list[dict[str, int]]]
    building: list[dict[str, Any]]
    station: list[dict[str, Any]]


def load(path: Path) -> Recount:
    def layer(name: str) -> list[dict[str, Any]]:
        frame = pyogrio.read_dataframe(path, layer=name, read_geometry=False)
        return frame.to_dict("records")  # type: ignore[no-any-return]

    edge = {row["id"]: row for row in layer("edge")}
    node = [row["id"] for row in layer("node")]
    back = nx.DiGraph()
    back.add_nodes_from(node)
    for row in edge.values():
        for a, b, cost in [
            (row["source"], row["target"], row["forward_cm"]),
            (row["target"], row["source"], row["backward_cm"]),
        ]:
            if cost >= 0 and cost < back.get_edge_data(b, a, {"cost": cost + 1})["cost"]:
                back.add_edge(b, a, cost=cost)
    access: dict[tuple[str, str], list[dict[str, int]]] = {}
    for row in layer("access"):
        access.setdefault((row["kind"], row["ref"]), []).append(row)
    return Recount(edge, back, node, access, layer("building"), layer("station"))


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
    if not seeds:
        return {}
    self.back.add_weighted_edges_from([("station", *seed) for seed in seeds.items()], "cost")
    found: dict[int, int] = nx.single_source_dijkstra_path_length(
        self.back, "station", weight="cost"
    )
    self.back.remove_node("station")
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


def unconnected(self: Recount) -> list[str]:
    """Buildings with no access to the piece of most nodes, nor to one with a station."""
    whole = nx.Graph()
    whole.add_nodes_from(self.node)
    whole.add_edges_from((row["source"], row["target"]) for row in self.edge.values())
    pieces = sorted(nx.connected_components(whole), key=lambda piece: (-len(piece), min(piece)))

    def on(kind: str, ref: str) -> set[int]:
        return {self.edge[row["edge"]]["source"] for row in self.access.get((kind, ref), [])}

    stations = set().union(*(on("station", row["code"]) for row in self.station))
    served = {n for i, piece in enumerate(pieces) if i == 0 or piece & stations for n in piece}
    return [b["code"] for b in self.building if not served & on("building", b["code"])]


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
