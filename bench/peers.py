"""Other engines, one a process, in the bench's own environment.

Run as ``peers.py ENGINE TASK FOLDER RUNS``. FOLDER holds the network and our answer. An engine
builds what it needs, answers once, is compared, and only then timed. The result goes to
``result.json`` there: compiled engines write to standard output when they like.
"""

import importlib.metadata
import json
import sys
import time
from pathlib import Path

import numpy as np


def scipy_t1(net):
    """Search from all stations at once by scipy, costs only (with sources it is slower)."""
    from scipy.sparse.csgraph import dijkstra

    matrix = _matrix(net)

    def answer():
        return dijkstra(matrix, indices=net["station"], limit=net["limit"], min_only=True)

    return answer, lambda cost: np.where(np.isinf(cost), -1, cost)


def scipy_t2(net):
    """Search by scipy in cropped tiles: 16 neighbouring stations and the nodes around them."""
    from scipy.sparse.csgraph import dijkstra

    matrix, x, y = _matrix(net), net["x"], net["y"]
    groups = np.array_split(np.sort(net["station"]), max(1, net["station"].size // 16))
    far = net["limit"] / 100 * 1.05

    def answer():
        rows = []
        for group in groups:
            near = np.zeros(x.size, bool)
            for station in group:  # curve order: most of a group lies together
                near |= (np.abs(x - x[station]) <= far) & (np.abs(y - y[station]) <= far)
            tile = np.flatnonzero(near)
            local = matrix[tile][:, tile]
            cost = dijkstra(local, indices=np.searchsorted(tile, group), limit=net["limit"])
            row, column = np.nonzero(np.isfinite(cost))
            rows.append((group[row], tile[column], cost[row, column]))
        return tuple(np.concatenate(each) for each in zip(*rows, strict=True))

    return answer, lambda found: found


def networkx_t1(net):
    """Search from all stations at once by networkx, costs only."""
    import networkx as nx

    graph, stations = _networkx(net), set(net["station"].tolist())

    def answer():
        return nx.multi_source_dijkstra_path_length(graph, stations, cutoff=net["limit"])

    def costs(found):
        result = np.full(net["x"].size, -1)
        result[list(found)] = list(found.values())
        return result

    return answer, costs


def networkx_t2(net):
    """Search from each station by networkx."""
    import networkx as nx

    graph = _networkx(net)

    def answer():
        return {
            s: nx.single_source_dijkstra_path_length(graph, s, cutoff=net["limit"])
            for s in net["station"].tolist()
        }

    def table(found):
        rows = [(s, node, cost) for s, to in found.items() for node, cost in to.items()]
        return tuple(np.array(rows).T)

    return answer, table


def pandana_t1(net):
    """Ask pandana for the nearest point of interest, costs only (ids take it twice as long)."""
    graph, limit = _pandana(net), net["limit"] / 100
    at = net["station"]
    graph.set_pois("station", limit, 1, net["x"][at], net["y"][at])

    def answer():
        return graph.nearest_pois(limit, "station", num_pois=1)

    def costs(found):
        cost = np.rint(found[1].to_numpy() * 100)
        return np.where(cost >= net["limit"], -1, cost)  # it says the limit where there is none

    return answer, costs


def pandana_t2(net):
    """Ask pandana for the nodes in range."""
    graph, limit = _pandana(net), net["limit"] / 100

    def answer():
        return graph.nodes_in_range(net["station"], limit)

    def table(found):
        cost = np.rint(found["metres"].to_numpy() * 100)
        return found["source"].to_numpy(), found["destination"].to_numpy(), cost

    return answer, table


def _matrix(net):
    from scipy.sparse import csr_matrix

    n = net["x"].size
    return csr_matrix((net["arc_cost"].astype(float), net["arc_node"], net["start"]), (n, n))


def _networkx(net):
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(net["x"].size))
    tail = np.repeat(np.arange(net["x"].size), np.diff(net["start"]))
    arcs = (each.tolist() for each in (tail, net["arc_node"], net["arc_cost"]))
    graph.add_weighted_edges_from(zip(*arcs, strict=True))
    return graph


def _pandana(net):
    import pandana
    import pandas as pd

    metres = pd.DataFrame({"metres": net["cost"] / 100})
    x, y = pd.Series(net["x"]), pd.Series(net["y"])
    source, target = pd.Series(net["source"]), pd.Series(net["target"])
    return pandana.Network(x, y, source, target, metres, twoway=True)


ENGINES = {
    ("scipy", "T1"): scipy_t1,
    ("scipy", "T2"): scipy_t2,
    ("networkx", "T1"): networkx_t1,
    ("networkx", "T2"): networkx_t2,
    ("pandana", "T1"): pandana_t1,
    ("pandana", "T2"): pandana_t2,
}


def agrees(task, answer, net):
    """Compare with our answer to the centimetre; pandana cannot tell the limit from beyond it."""
    if task == "T1":
        ours = net["answer"]
        at_limit = (ours == net["limit"]) & (answer == -1)
        return bool(np.all((answer == ours) | at_limit))
    station, node, cost = (np.asarray(each).astype(np.int64) for each in answer)
    order = np.lexsort((node, station))
    theirs = np.stack([station[order], node[order], cost[order]])
    return bool(np.array_equal(theirs, net["answer"]))


def main(engine, task, folder, runs):
    """Build, answer, compare, time."""
    with np.load(Path(folder) / f"{task}.npz") as read:
        net = {name: read[name] for name in read.files}
    net["limit"] = int(net["limit"])
    began = time.perf_counter()
    answer, plain = ENGINES[engine, task](net)
    built = time.perf_counter() - began
    agreed, seconds = agrees(task, plain(answer()), net), []
    for _ in range(int(runs) if agreed else 0):
        began = time.perf_counter()
        answer()
        seconds.append(time.perf_counter() - began)
    version = importlib.metadata.version(engine)
    return {"version": version, "build_s": built, "agrees": agreed, "seconds": seconds}


if __name__ == "__main__":
    result = json.dumps(main(*sys.argv[1:]))
    (Path(sys.argv[3]) / "result.json").write_text(result)
