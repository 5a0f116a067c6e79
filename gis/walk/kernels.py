"""The searches themselves, compiled. Only this module imports numba; all run without the GIL.

Every search is label correcting over a ring of buckets of ``1 << shift`` cm, each worked through
first in, first out. What a node knows is one key, ``cost << 32 | label``; the smaller key wins, so
equal costs go to the smaller label and no result depends on the order of work. A key starts at
``limit + 1 << 32``, which nothing beyond the limit undercuts. Costs and the limit are below
2**30 cm, so no sum overflows.

A thread's work space (``Space``) has a key a node, the nodes touched, the buckets, how full each
is, and where the search stands. A bucket's entries are pairs (key, node). Their number is a power
of two above ``(span >> shift) + 1``, where no arc and no seed costs more than ``span``.

Compiled code keeps to what is fast: arrays are never assigned anew within the inner loop (each
assignment counts references), node numbers are unsigned there (no test for negative indices).

numba's cache looks at the time of this file alone, so every compiled function stands in it.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import numpy as np
from numba import njit, types

from gis.walk.graph import Ints, Longs
from gis.walk.plan import Found, Space

P = ParamSpec("P")
R = TypeVar("R")
Net = tuple[Ints, Longs]  # start, arc: see graph.Arcs
Seeds = tuple[Ints, Longs]  # node, key
Rows = tuple[Longs, Longs]  # start, key: keys in compressed sparse rows

COST = ~0xFFFFFFFF  # the upper half of a key or of an arc
AT, DONE, PENDING, TOUCHED = range(4)  # where a search stands, see _advance

_tuple: Callable[[Sequence[object]], object] = types.Tuple
_i4, _i8 = (types.Array(each, 1, "C", readonly=True) for each in (types.int32, types.int64))
_w4, _w8, _long = types.int32[::1], types.int64[::1], types.int64
_net, _seeds, _rows = (_tuple(each) for each in ([_i4, _i8], [_i4, _i8], [_i8, _i8]))
_space = _tuple([_w8, _w4, _w8, _w8, _w8])


def _inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile for use by other compiled functions."""
    compiled: Callable[P, R] = njit(nogil=True)(function)
    return compiled


def _kernel(*signature: object) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile for these types when imported, or take it from the cache."""

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        result: Callable[P, R] = njit(signature, nogil=True, cache=True)(function)
        return result

    return compiled


@_inner
def _wider(bucket: Longs, ring: int) -> Longs:
    """Return the buckets with twice the room each."""
    row = bucket.size // ring
    wider = np.empty(bucket.size * 2, np.int64)
    for b in range(ring):
        wider[2 * b * row : 2 * b * row + row] = bucket[b * row : (b + 1) * row]
    return wider


@_inner
def _advance(net: Net, space: Space, bucket: Longs, shift: int, step: int, fresh: np.int64) -> bool:
    """Search on until nothing is pending (False) or a bucket may overflow (True).

    ``state`` holds the current bucket, how many of its entries are done, how many entries are
    pending in all (those done in the current bucket among them), and how many nodes were touched.
    """
    start, arc = net
    key, touched, _, fill, state = space
    mask, row = fill.size - 1, bucket.size // fill.size
    at, done, pending, n_touched = state[AT], state[DONE], state[PENDING], state[TOUCHED]
    while pending > 0:
        here = np.uint64(at & mask)
        while done < fill[here]:
            entry = np.uint64((at & mask) * row + 2 * done)
            known, node = bucket[entry], np.uint64(bucket[entry + np.uint64(1)])
            if key[node] != known:
                done += 1
                continue
            first, last = start[node], start[node + np.uint64(1)]
            if 2 * (pending + last - first) > row:
                state[AT], state[DONE], state[PENDING], state[TOUCHED] = (
                    at,
                    done,
                    pending,
                    n_touched,
                )
                return True
            done += 1
            for a in range(first, last):
                other = np.uint64(np.uint32(arc[np.uint64(a)]))
                found = known + step + (arc[np.uint64(a)] & COST)
                before = key[other]
                if found < before:
                    if before == fresh:
                        touched[np.uint64(n_touched)] = other
                        n_touched += 1
                    key[other] = found
                    b = (found >> shift) & mask
                    entry = np.uint64(b * row + 2 * fill[np.uint64(b)])
                    bucket[entry], bucket[entry + np.uint64(1)] = found, other
                    fill[np.uint64(b)] += 1
                    pending += 1
        pending -= fill[here]
        fill[here], done, at = 0, 0, at + 1
    state[TOUCHED] = n_touched
    return False


@_inner
def _seed(seeds: Seeds, space: Space, bucket: Longs, shift: int, fresh: np.int64) -> None:
    """Put the seeds into empty buckets with room for them all."""
    key, touched, _, fill, state = space
    mask, row = fill.size - 1, bucket.size // fill.size
    state[AT], state[DONE], state[PENDING], state[TOUCHED] = np.int64(1) << 62, 0, 0, 0
    for node, known in zip(seeds[0], seeds[1]):  # noqa: B905 (compiled)
        if known < key[node]:
            if key[node] == fresh:
                touched[state[TOUCHED]] = node
                state[TOUCHED] += 1
            key[node] = known
            b = (known >> shift) & mask
            entry = b * row + 2 * fill[b]
            bucket[entry], bucket[entry + 1] = known, node
            fill[b] += 1
            state[AT] = min(state[AT], known >> shift)
            state[PENDING] += 1


@_inner
def _search(net: Net, seeds: Seeds, space: Space, limit: int, shift: int, step: int) -> int:
    """Lower the keys to what the seeds give; return how many fresh nodes were touched.

    ``step`` is added to the label along every arc: 0 hands the seed's label on, 1 counts arcs.
    """
    bucket, ring, state = space[2], space[3].size, space[4]
    fresh = np.int64(limit + 1) << 32
    while bucket.size < 2 * ring * seeds[0].size:
        bucket = _wider(bucket, ring)
    _seed(seeds, space, bucket, 32 + shift, fresh)
    while _advance(net, space, bucket, 32 + shift, step, fresh):
        bucket = _wider(bucket, ring)
    touched: int = state[TOUCHED]
    return touched


@_kernel(_net, _seeds, _long, _space, _long, _long, _long)
def spread(
    net: Net, seeds: Seeds, batch: int, space: Space, limit: int, shift: int, step: int
) -> None:
    """Lower every node's key to the least of all seeds, ``batch`` seeds at a time.

    Seeds in the order of the nodes make each batch a small place that stays in the cache; a later
    batch goes no further than where an earlier one is nearer.
    """
    node, key = seeds
    for i in range(0, node.size, batch):
        _search(net, (node[i : i + batch], key[i : i + batch]), space, limit, shift, step)


@_kernel(types.int64[:, ::1], _w4, _w4, _long, _long, _long)
def settle(keys: Longs, cost: Ints, label: Ints, first: int, last: int, limit: int) -> None:
    """Write the cost and label of the least key in each column; -1, -1 beyond the limit."""
    for i in range(first, last):
        key = keys[0, i]
        for row in range(1, keys.shape[0]):
            key = min(key, keys[row, i])
        near = key >> 32 <= limit
        cost[i] = key >> 32 if near else -1
        label[i] = key & 0xFFFFFFFF if near else -1


@_inner
def _longer(array: Ints, size: int) -> Ints:
    """Return the array with at least this size and half as much again."""
    if size <= array.size:
        return array
    longer = np.empty(size + size // 2, np.int32)
    longer[: array.size] = array
    return longer


@_kernel(_net, _i8, _seeds, _long, _long, _space, _long, _long)
def pairs(
    net: Net,
    seed_start: Longs,
    seeds: Seeds,
    first: int,
    last: int,
    space: Space,
    limit: int,
    shift: int,
) -> Found:
    """Search once for each of the stations ``first`` to ``last``: counts, nodes, costs."""
    key, touched = space[0], space[1]
    count = np.zeros(last - first, np.int64)
    nodes, costs, n = np.empty(1 << 16, np.int32), np.empty(1 << 16, np.int32), 0
    for s in range(first, last):
        i, j = seed_start[s], seed_start[s + 1]
        found = _search(net, (seeds[0][i:j], seeds[1][i:j]), space, limit, shift, 0)
        nodes, costs = _longer(nodes, n + found), _longer(costs, n + found)
        for node in touched[:found]:
            nodes[n], costs[n] = node, key[node] >> 32
            key[node] = np.int64(limit + 1) << 32
            n += 1
        count[s - first] = found
    return count, nodes[:n], costs[:n]


@_inner
def _offer(key: int, best: Longs, touched: Ints, n: int, limit: int) -> int:
    """Note what a building pays, ``cost << 32 | building``; return how many are noted now."""
    cost, building = key >> 32, key & 0xFFFFFFFF
    if cost < best[building]:
        if best[building] > limit:
            touched[n] = building
            n += 1
        best[building] = cost
    return n


@_inner
def _through(
    space: Space, n_node: int, stubs: Rows, best: Longs, found: Ints, n: int, limit: int
) -> int:
    """Offer the cost of the first touched nodes to the buildings there; make their keys fresh."""
    key, touched = space[0], space[1]
    stub_start, stub = stubs
    for node in touched[:n_node]:
        cost = key[node] & COST
        key[node] = np.int64(limit + 1) << 32
        for j in range(stub_start[node], stub_start[node + 1]):
            if (cost + stub[j]) >> 32 > limit:
                break
            n = _offer(cost + stub[j], best, found, n, limit)
    return n


@_kernel(_net, _i8, _seeds, _rows, _rows, _long, _long, _long, _space, _long, _long)
def reach(
    net: Net,
    seed_start: Longs,
    seeds: Seeds,
    stubs: Rows,
    direct: Rows,
    n_building: int,
    first: int,
    last: int,
    space: Space,
    limit: int,
    shift: int,
) -> Found:
    """Search once for each of the stations ``first`` to ``last``: counts, buildings, costs.

    ``stubs`` are ``cost << 32 | building`` at each node, the cheapest first; ``direct`` is the
    same for the ways along one edge, by station.
    """
    count = np.zeros(last - first, np.int64)
    best, found = np.full(n_building, limit + 1, np.int64), np.empty(n_building, np.int32)
    buildings, costs, n = np.empty(1 << 16, np.int32), np.empty(1 << 16, np.int32), 0
    for s in range(first, last):
        i, j = seed_start[s], seed_start[s + 1]
        touched = _search(net, (seeds[0][i:j], seeds[1][i:j]), space, limit, shift, 0)
        m = 0
        for key in direct[1][direct[0][s] : direct[0][s + 1]]:
            m = _offer(key, best, found, m, limit)
        m = _through(space, touched, stubs, best, found, m, limit)
        buildings, costs = _longer(buildings, n + m), _longer(costs, n + m)
        for building in found[:m]:
            buildings[n], costs[n] = building, best[building]
            best[building] = limit + 1
            n += 1
        count[s - first] = m
    return count, buildings[:n], costs[:n]


@_kernel(_i4, _i8, _w8)
def by_building(building: Ints, key: Longs, start: Longs) -> Longs:
    """Sort keys by building, then by themselves; ``start`` (n_building + 1 zeros) is filled."""
    for b in building:
        start[b + 1] += 1
    for b in range(1, start.size):
        start[b] += start[b - 1]
    place, result = start.copy(), np.empty_like(key)
    for i in range(building.size):
        result[place[building[i]]] = key[i]
        place[building[i]] += 1
    for b in range(start.size - 1):
        if start[b + 1] - start[b] > 1:
            result[start[b] : start[b + 1]].sort()
    return result
