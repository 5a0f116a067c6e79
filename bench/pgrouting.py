"""pgRouting in a database, with ``equicost => false``: ``true`` is wrong on large graphs."""

import time

import numpy as np
import psycopg
from psycopg.sql import SQL, Composed

from bench.networks import Street

QUERY = {
    "T1": SQL("SELECT node, min(agg_cost) FROM {call} GROUP BY node"),
    "T2": SQL("SELECT {start}, node, agg_cost FROM {call}"),
}
CALL = SQL("""pgr_drivingDistance('SELECT id, source, target, cost, cost AS reverse_cost
    FROM bench_edge', %s::bigint[], %s, true, equicost => false)""")


def measure(url: str | None, street: Street, task: str, limit: int, runs: int, expected) -> dict:
    """Return version, build_s, agrees and seconds, like peers.py.

    Raises
    ------
    RuntimeError
        No database was named, it cannot be reached, or it has no pgRouting.
    """
    if url is None:
        raise RuntimeError("no database was named")
    try:
        with psycopg.connect(url, connect_timeout=10) as conn:
            version = _extension(conn)
            began = time.perf_counter()
            _fill(conn, street)
            built = time.perf_counter() - began
            values = [street.station.tolist(), limit]
            agreed = _agrees(task, _rows(conn, task, values), expected, street)
            seconds = [_seconds(conn, task, values) for _ in range(runs if agreed else 0)]
            conn.rollback()
    except psycopg.Error as error:
        raise RuntimeError(f"the database says: {str(error).splitlines()[0]}") from error
    return {"version": version, "build_s": built, "agrees": agreed, "seconds": seconds}


def _extension(conn: psycopg.Connection) -> str:
    known = "SELECT default_version FROM pg_available_extensions WHERE name = 'pgrouting'"
    row = conn.execute(known).fetchone()
    if row is None:
        raise RuntimeError("the database has no pgRouting")
    conn.execute("CREATE EXTENSION IF NOT EXISTS pgrouting CASCADE")
    return row[0]


def _fill(conn: psycopg.Connection, street: Street) -> None:
    conn.execute("CREATE TEMP TABLE bench_edge (id int, source int, target int, cost int)")
    columns = (np.arange(street.source.size), street.source, street.target, street.cost)
    with conn.cursor().copy("COPY bench_edge FROM STDIN") as copy:
        for part in np.array_split(np.column_stack(columns), street.source.size // 100_000 + 1):
            copy.write("".join(f"{a}\t{b}\t{c}\t{d}\n" for a, b, c, d in part.tolist()))
    conn.execute("ANALYZE bench_edge")


def _query(conn: psycopg.Connection, task: str) -> Composed:
    none = SQL("SELECT * FROM {} LIMIT 0").format(CALL)
    columns = conn.execute(none, [[], 0]).description or ()
    start = next(one.name for one in columns if one.name in ("from_v", "start_vid"))
    return QUERY[task].format(call=CALL, start=SQL(start))


def _rows(conn: psycopg.Connection, task: str, values: list) -> np.ndarray:
    return np.array(conn.execute(_query(conn, task), values).fetchall()).astype(np.int64).T


def _seconds(conn: psycopg.Connection, task: str, values: list) -> float:
    """Time the query inside the database: the answer is not carried to this process."""
    counted = SQL("SELECT count(*) FROM ({}) AS found").format(_query(conn, task))
    began = time.perf_counter()
    conn.execute(counted, values).fetchone()
    return time.perf_counter() - began


def _agrees(task: str, rows: np.ndarray, expected: np.ndarray, street: Street) -> bool:
    if task == "T1":
        cost = np.full(street.n_node, -1)
        cost[rows[0]] = rows[1]
        return bool(np.array_equal(cost, expected))
    return bool(np.array_equal(rows[:, np.lexsort((rows[1], rows[0]))], expected))
