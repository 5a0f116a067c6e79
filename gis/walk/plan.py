"""How a search is set up: its limit, its buckets, its work space, its threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np

from gis.errors import BadInput
from gis.walk.graph import LONGEST_CM, Arcs, Ints, Longs

SHIFT = 12  # buckets of 41 m: from 20 m to 80 m there is no difference in time
ROOM = 512  # entries a bucket holds at first
RING_BITS = 10  # no more than 1024 buckets: beyond, they get wider
CHUNK = 32  # stations a thread takes at a time

Result = TypeVar("Result")
Space = tuple[Longs, Ints, Longs, Longs, Longs]  # key, touched, bucket, fill, state
Found = tuple[Longs, Ints, Ints]  # how many a station, what, cost


class Plan(NamedTuple):
    """The limit [cm], the width of a bucket (1 << shift cm) and the number of buckets."""

    limit: int
    shift: int
    ring: int

    def space(self, key: Longs) -> Space:
        """Return the work space of one thread with these keys, one a node, made fresh."""
        key.fill((self.limit + 1) << 32)
        touched = np.empty(key.size, dtype=np.int32)
        bucket = np.empty(self.ring * ROOM * 2, dtype=np.int64)
        return key, touched, bucket, np.zeros(self.ring, np.int64), np.zeros(4, np.int64)


def plan(arcs: Arcs, limit_cm: int, seed_cm: int = 0) -> Plan:
    """Return the plan of searches along these arcs from seeds of at most ``seed_cm``.

    Raises
    ------
    BadInput
        The limit is negative or too great to count with.
    """
    if not 0 <= limit_cm < LONGEST_CM:
        raise BadInput("limit", limit_cm=limit_cm, most=LONGEST_CM - 1)
    span = min(int(limit_cm), max(arcs.longest_cm, seed_cm))
    shift = max(SHIFT, span.bit_length() - RING_BITS + 1)
    return Plan(int(limit_cm), shift, 1 << ((span >> shift) + 1).bit_length())


def part(n: int, i: int, parts: int) -> slice:
    """Return the i-th of so many nearly equal parts of 0 … n - 1."""
    return slice(n * i // parts, n * (i + 1) // parts)


def together(work: Callable[[int], Result], threads: int) -> list[Result]:
    """Return work(0), work(1), … of so many threads; this one does the first part itself."""
    with ThreadPoolExecutor(max(1, threads - 1)) as pool:
        others = [pool.submit(work, i) for i in range(1, threads)]
        return [work(0), *(each.result() for each in others)]


def each_station(
    work: Callable[[int, int, Space], Found], n_station: int, n_node: int, how: Plan, threads: int
) -> Found:
    """Run ``work(first, last, space)`` over all stations in chunks, and join what it finds.

    Each thread has one work space and takes the next chunk when it is done with one.
    """
    chunks = iter(range(0, n_station, CHUNK))

    def run(_: int) -> dict[int, Found]:
        space = how.space(np.empty(n_node, np.int64))
        return {i: work(i, min(i + CHUNK, n_station), space) for i in chunks}

    found = {i: one for part in together(run, threads) for i, one in part.items()}
    rows = [found[i] for i in sorted(found)] or [
        (np.zeros(0, np.int64), *np.zeros((2, 0), np.int32))
    ]
    count, what, cost = (np.concatenate(column) for column in zip(*rows, strict=True))
    return count, what, cost
