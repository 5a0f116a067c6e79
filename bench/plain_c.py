"""The same algorithm in plain C, compiled here and called with the same arrays and threads."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from gis.walk.graph import Graph
from gis.walk.plan import CHUNK, plan
from gis.walk.reach import NEIGHBOURHOOD

SOURCE = Path(__file__).parent / "kernel.c"
INT, LONG, POINTER = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p


class PlainC:
    """kernel.c as a library.

    Raises
    ------
    RuntimeError
        There is no gcc, or it fails.
    """

    def __init__(self) -> None:
        gcc = shutil.which("gcc")
        if gcc is None:
            raise RuntimeError("there is no gcc on this machine")
        self.version = subprocess.run(
            [gcc, "-dumpfullversion"], capture_output=True, text=True, check=True
        ).stdout.strip()
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder) / "kernel.so"
            command = [gcc, "-O3", "-shared", "-fPIC", "-pthread", "-o", library, SOURCE]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"gcc fails: {done.stderr.strip().splitlines()[-1]}")
            self.library = ctypes.CDLL(str(library))

    def nearest(self, graph: Graph, station: np.ndarray, limit: int, threads: int):
        """Return (cost, station) a node, -1 where there is none."""
        arcs, how = graph.reversed, plan(graph.reversed, limit)
        order = np.argsort(station, kind="stable")
        node = station[order].astype(np.int32)
        batch = max(4, node.size * NEIGHBOURHOOD // graph.n_node)
        result = np.empty((2, graph.n_node), np.int32)
        failed = self.library.nearest(
            LONG(graph.n_node), at(arcs.start), at(arcs.arc), LONG(node.size), at(node), at(order),
            LONG(limit), INT(how.shift), LONG(how.ring), LONG(batch), INT(threads),
            at(result[0]), at(result[1]),
        )  # fmt: skip
        if failed:
            raise MemoryError("plain C has no memory or threads")
        return result

    def pairs(self, graph: Graph, station: np.ndarray, limit: int, threads: int):
        """Return where each station's rows start, the nodes and the costs, as own arrays."""
        arcs, how = graph.reversed, plan(graph.reversed, limit)
        node, count = station.astype(np.int32), np.empty(station.size, np.int64)
        found = POINTER(), POINTER()
        failed = self.library.pairs(
            LONG(graph.n_node), at(arcs.start), at(arcs.arc), LONG(node.size), at(node),
            LONG(limit), INT(how.shift), LONG(how.ring), LONG(CHUNK), INT(threads),
            at(count), ctypes.byref(found[0]), ctypes.byref(found[1]),
        )  # fmt: skip
        if failed:
            raise MemoryError("plain C has no memory or threads")
        start = np.append(0, np.cumsum(count))
        return start, *(self._own(each, int(start[-1])) for each in found)

    def _own(self, pointer: ctypes.c_void_p, size: int) -> "Memory":
        return Memory(self.library, pointer, size)


class Memory:
    """An int32 array that C allocated; freed with this object."""

    def __init__(self, library: ctypes.CDLL, pointer: ctypes.c_void_p, size: int) -> None:
        self.library, self.pointer, self.size = library, pointer, size

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        kind = ctypes.POINTER(ctypes.c_int32)
        if not self.size:
            return np.zeros(0, np.int32)
        return np.ctypeslib.as_array(ctypes.cast(self.pointer, kind), (self.size,)).copy()

    def __del__(self) -> None:
        self.library.release(self.pointer)


def at(array: np.ndarray) -> ctypes.c_void_p:
    """Return the address of a contiguous array."""
    assert array.flags.c_contiguous
    return array.ctypes.data_as(POINTER)
