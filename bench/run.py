"""All measurements in one run, and the table of their results."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench import environment, networks, pgrouting
from bench.networks import Street
from bench.plain_c import PlainC
from gis.walk.graph import Graph
from gis.walk.reach import nearest, pairs, warm

TASKS = ("T1", "T2")
PEERS = ("c", "scipy", "pandana", "networkx", "pgrouting")
SIZES = ("20000", "200000", "1000000", "cities")
LIMIT_CM = 100_000
RUNS = 5
OURS = {"T1": nearest, "T2": pairs}


@dataclass(frozen=True)
class Result:
    """One engine on one task and network.

    ``ratio`` is its median over ours, and None with ``median_s`` where there is no measurement;
    ``note`` says why. ``build_s`` is what it needs once for the network, apart from the median.
    """

    task: str
    size: int
    network: str
    peer: str
    version: str | None = None
    median_s: float | None = None
    ratio: float | None = None
    build_s: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class Case:
    """A task on a network: what is asked, our answer, and where files for other processes go."""

    task: str
    street: Street
    graph: Graph
    build_s: float
    threads: int
    runs: int
    folder: Path
    database_url: str | None

    def ask(self, engine: Callable) -> tuple[np.ndarray, ...]:
        """Have an engine with our signature answer."""
        return tuple(engine(self.graph, self.street.station, LIMIT_CM, self.threads))

    def plain(self, answer: tuple) -> np.ndarray:
        """Bring such an answer to one form: costs, or the table of pairs by station and node."""
        if self.task == "T1":
            return np.asarray(answer[0])
        start, node, cost = (np.asarray(each) for each in answer)
        station = np.repeat(self.street.station, np.diff(start))
        order = np.lexsort((node, station))
        return np.stack([station[order], node[order], cost[order]]).astype(np.int64)

    def result(self, peer: str, **more: object) -> Result:
        """Return a row of the results on this task and network."""
        return Result(self.task, self.street.n_node, self.street.name, peer, **more)


def run(
    tasks: Sequence[str] = (),
    as_json: bool = False,
    sizes: Sequence[str] = (),
    peers: Sequence[str] = PEERS,
    runs: int = RUNS,
    threads: int | None = None,
    database_url: str | None = None,
) -> list[Result]:
    """Measure, print and return the results.

    Parameters
    ----------
    tasks
        Of T1 and T2; none means both.
    sizes
        Numbers of nodes, or "cities" for the union of seventeen; none means all.
    peers
        Of c, scipy, pandana, networkx, pgrouting. pandana takes minutes to build at a million.
    runs
        Timed runs an engine, at least five for a figure worth quoting.
    threads
        For ours and plain C; none means one a processor.
    database_url
        Where pgRouting runs: an administrator's, as it may have to add the extension.
    """
    threads = threads or len(os.sched_getaffinity(0))
    warm()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="yige-bench-") as folder:
        for size in sizes or SIZES:
            for result in _size(
                size, tasks or TASKS, peers, Path(folder), threads, runs, database_url
            ):
                results.append(result)
                print(line(result), file=sys.stderr if as_json else sys.stdout, flush=True)
    if as_json:
        print(json.dumps({"results": [asdict(result) for result in results]}, indent=1))
    return results


def line(result: Result) -> str:
    """Return one row of the table."""
    head = f"{result.task}  {result.network:>9} {result.size:>9,}  {result.peer:<9}"
    head += f" {result.version or '':<8}"
    if result.median_s is None:
        return f"{head} not measured: {result.note}"
    built = f"   (built in {result.build_s:.2f} s)" if result.build_s else ""
    return f"{head} {result.median_s * 1000:>10.1f} ms {result.ratio:>9.2f} ×{built}"


def _size(
    size: str,
    tasks: Sequence[str],
    peers: Sequence[str],
    folder: Path,
    threads: int,
    runs: int,
    database_url: str | None,
) -> Iterator[Result]:
    """Measure all tasks and peers on one network."""
    if size == "cities" and not networks.CITIES.exists():
        note = f"the network is not there: {networks.CITIES.name}"
        yield from (Result(task, 0, "17 cities", "yige", note=note) for task in tasks)
        return
    try:
        street = networks.cities(folder) if size == "cities" else networks.generated(int(size))
    except (RuntimeError, subprocess.CalledProcessError) as error:
        yield from (Result(task, 0, "17 cities", "yige", note=str(error)) for task in tasks)
        return
    began = time.perf_counter()
    graph = street.graph()
    built = time.perf_counter() - began
    for task in tasks:
        case = Case(task, street, graph, built, threads, runs, folder, database_url)
        yield from _case(case, peers)


def _case(case: Case, peers: Sequence[str]) -> Iterator[Result]:
    """Measure ours, turn about with plain C, then the other engines one after the other."""
    answer = case.plain(case.ask(OURS[case.task]))
    ours, c = _side_by_side(case, answer, "c" in peers)
    median = statistics.median(ours)
    yield case.result("yige", version=version("numba"), median_s=median, ratio=1.0,
                      build_s=case.build_s, note="numba")  # fmt: skip
    if c is not None:
        yield _measured(case, "c", median, c)
    _save(case, answer)
    for peer in peers:
        if peer != "c":
            yield _measured(case, peer, median, _elsewhere(case, peer, answer))


def _side_by_side(case: Case, answer: np.ndarray, with_c: bool) -> tuple[list[float], dict | None]:
    """Time ours and plain C in turns, so that whatever else the machine does hits both."""
    engines, c = [OURS[case.task]], None
    if with_c:
        try:
            plain = PlainC()
            engine = plain.nearest if case.task == "T1" else plain.pairs
            agreed = np.array_equal(case.plain(case.ask(engine)), answer)
            c = {"version": plain.version, "agrees": agreed, "build_s": None, "seconds": []}
            engines += [engine] if agreed else []
        except RuntimeError as error:
            c = {"note": str(error)}
    seconds: list[list[float]] = [[] for _ in engines]
    for _ in range(case.runs):
        for own, engine in zip(seconds, engines, strict=True):
            began = time.perf_counter()
            case.ask(engine)
            own.append(time.perf_counter() - began)
    if c is not None and len(seconds) > 1:
        c["seconds"] = seconds[1]
    return seconds[0], c


def _measured(case: Case, peer: str, ours: float, found: dict) -> Result:
    if "note" in found:
        return case.result(peer, note=found["note"])
    if not found["agrees"]:
        return case.result(peer, version=found["version"], note="its answer differs from ours")
    median = statistics.median(found["seconds"])
    return case.result(peer, version=found["version"], median_s=median, ratio=median / ours,
                       build_s=found["build_s"])  # fmt: skip


def _save(case: Case, answer: np.ndarray) -> None:
    """Write what other processes need: the network, the arcs turned round, our answer."""
    street, arcs = case.street, case.graph.reversed
    np.savez(
        case.folder / f"{case.task}.npz",
        x=street.x, y=street.y, source=street.source, target=street.target, cost=street.cost,
        station=street.station, start=arcs.start, arc_node=arcs.node, arc_cost=arcs.cost_cm,
        limit=LIMIT_CM, answer=answer,
    )  # fmt: skip


def _elsewhere(case: Case, peer: str, answer: np.ndarray) -> dict:
    """Run an engine outside this process: in its environment, or in the database."""
    result = case.folder / "result.json"
    result.unlink(missing_ok=True)
    try:
        if peer == "pgrouting":
            url, street = case.database_url, case.street
            return pgrouting.measure(url, street, case.task, LIMIT_CM, case.runs, answer)
        script = [environment.python(), networks.ROOT / "bench" / "peers.py", peer, case.task]
        command = [str(each) for each in [*script, case.folder, case.runs]]
        done = subprocess.run(command, capture_output=True, text=True)
    except RuntimeError as error:
        return {"note": str(error)}
    if done.returncode == 0 and result.exists():
        return dict(json.loads(result.read_text()))
    last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return {"note": f"it failed ({done.returncode}): {last}"}
