"""50,000 features read by ``ogr2ogr`` over HTTP: from us, from pygeoapi and from tipg, in one run.

The same rows of the same tables, in a database made for the while. What is read is compared
before anything is timed. Ours is read with a token, under row-level security, each time after
the data have changed, so that no page is kept from before; then once more as it is kept. The
others read as administrator a view with the same columns.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from bench import others, served
from bench.environment import version_of
from bench.rows import HOME, content
from gis import accounts, districts, tokens
from layers.catalogue import layer
from sql import database
from sql.database import Conn, Database

FEATURES, RUNS, PAGE = 50_000, 5, 10_000
CODE = HOME.code
COLUMNS = layer("building").columns
KEPT = "yige kept"
WANTED = {"pygeoapi": 3.0, "tipg": 1.0}  # times


@dataclass(frozen=True)
class Source:
    """Where ``ogr2ogr`` reads: a server of OGC API Features, the collection, what it is told."""

    peer: str
    address: str
    collection: str
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What reading from one server took; ``ratio``: its median over ours."""

    peer: str
    version: str | None = None
    features: int = 0
    median_s: float | None = None
    seconds: list[float] = field(default_factory=list)
    ratio: float | None = None
    wanted: float | None = None
    note: str | None = None


def run(
    to: Database, features: int = FEATURES, runs: int = RUNS, as_json: bool = False
) -> list[Result]:
    """Measure, print and return the results, ours first."""
    if shutil.which("ogr2ogr") is None:
        raise RuntimeError("ogr2ogr is missing: apt-get install gdal-bin")
    results = []
    with filled(to, features) as own, ExitStack() as stack:
        sources, missing = _sources(stack, own)
        results = [*_measured(own, sources, features, runs), *missing]
    for result in results:
        print(line(result), file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps({"results": [asdict(result) for result in results]}, indent=1))
    return results


def line(result: Result) -> str:
    """Return one row of the table."""
    head = f"{result.peer:<10} {result.version or '':<8}"
    if result.median_s is None:
        return f"{head} not measured: {result.note}"
    ratio = f"  {result.ratio:.2f} × ours (wanted {result.wanted:.0f} ×)" if result.ratio else ""
    spread = f"{min(result.seconds):.2f}-{max(result.seconds):.2f}"
    return f"{head} {result.features:>7,} features  {result.median_s:6.2f} s  ({spread}){ratio}"


@contextmanager
def filled(to: Database, features: int) -> Iterator[Database]:
    """Yield a database beside that of the service with a district of so many buildings in it."""
    own = to.beside("bench")
    with database.admin(to, autocommit=True, dbname="postgres") as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {own.dbname} WITH (FORCE)")
        try:
            database.migrate(own)
            with database.admin(own) as inside:
                fill(inside, features)
            with database.admin(own, autocommit=True) as inside:
                inside.execute("VACUUM ANALYZE")
            yield own
        finally:
            conn.execute(f"DROP DATABASE IF EXISTS {own.dbname} WITH (FORCE)")


def fill(conn: Conn, features: int) -> None:
    """Store a district of so many buildings, and a view of what we say of them."""
    districts.create(conn, HOME, content(features), services=[])
    columns = ", ".join(("id", *COLUMNS, "geom"))
    conn.execute(f"CREATE VIEW public.building AS SELECT {columns} FROM map.building")  # noqa: S608


def _sources(stack: ExitStack, own: Database) -> tuple[list[Source], list[Result]]:
    """Start the servers; return those that are up, ours first, and why others are not."""
    with database.admin(own) as conn:
        account = accounts.add(conn, CODE, "bench", "bench")
        accounts.grant(conn, CODE, account, "official", CODE)
        token = tokens.make(conn, account, "bench", datetime.now(UTC) + timedelta(days=1))
    server, _ = stack.enter_context(served.ours(own, []))
    said = {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}"}
    found = [Source("yige", f"http://127.0.0.1:{server.port}/ogc/{CODE}", "building", said)]
    missing = []
    for peer, start, path, collection in [
        ("pygeoapi", others.pygeoapi, "", "building"),
        ("tipg", lambda to: served.tipg(to, "public"), "", "public.building"),
    ]:
        try:
            server = stack.enter_context(start(own))
            found.append(Source(peer, f"http://127.0.0.1:{server.port}{path}", collection))
        except RuntimeError as error:
            missing.append(Result(peer, note=str(error)))
    return found, missing


def _measured(own: Database, sources: list[Source], features: int, runs: int) -> Iterator[Result]:
    """Compare what is read, then read from all in turns."""
    agreed, ours = [], None
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            found = answer(source, Path(folder))
            ours = found if ours is None else ours
            differs = difference(ours, found, features)
            if differs:
                yield Result(source.peer, version_of(source.peer), note=f"it differs: {differs}")
            else:
                agreed.append(source)
    seconds: dict[str, list[float]] = {}
    for _ in range(runs):
        _forget(own)
        for source in agreed:
            seconds.setdefault(source.peer, []).append(read(source, None))
        if agreed[0] is sources[0]:
            seconds.setdefault(KEPT, []).append(read(sources[0], None))
    base = statistics.median(seconds[sources[0].peer]) if agreed[0] is sources[0] else None
    for peer, spent in seconds.items():
        median = statistics.median(spent)
        ratio = median / base if base and peer in WANTED else None
        yield Result(peer, version_of(peer), features, median, spent, ratio, WANTED.get(peer))


def _forget(own: Database) -> None:
    """Change a row, so that no page that was kept is right."""
    with database.admin(own) as conn:
        conn.execute("UPDATE app.building SET version = version WHERE code = 'B000000'")


def read(source: Source, into: Path | None) -> float:
    """Read a collection with ``ogr2ogr`` into a file, or into memory; return the seconds."""
    where = ["-f", "GPKG", str(into)] if into else ["-f", "Memory", "memory"]
    command = ["ogr2ogr", *where, f"OAPIF:{source.address}", source.collection,
               "-oo", f"PAGE_SIZE={PAGE}"]  # fmt: skip
    began = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **source.environment}, capture_output=True, text=True
    )
    seconds = time.perf_counter() - began
    if done.returncode or "ERROR" in done.stderr:
        raise RuntimeError(f"{source.peer}: {done.stderr.strip()[:300]}")
    return seconds


def answer(source: Source, folder: Path) -> dict[str, np.ndarray]:
    """Return what is read of a collection, by code: each of our columns, and the shapes."""
    file = folder / f"{source.peer}.gpkg"
    read(source, file)
    meta, _, shapes, values = pyogrio.raw.read(file)
    columns = dict(zip(meta["fields"], values, strict=True))
    order = np.argsort(columns["code"].astype(str))
    found = {name: columns[name][order].astype(str) for name in COLUMNS if name in columns}
    return {**found, "geometry": shapely.normalize(shapely.from_wkb(shapes))[order]}


def difference(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray], features: int) -> str:
    """Return how an answer differs from ours or is not whole, empty if not at all."""
    count = len(theirs["geometry"])
    if count != features:
        return f"{count} features of {features}"
    for name in (one for one in COLUMNS if one != "compound"):  # empty here: some leave it out
        if name not in theirs:
            return f"no {name}"
        wrong = np.flatnonzero(_plain(ours[name]) != _plain(theirs[name]))
        if len(wrong):
            return f"{name} of {ours['code'][wrong[0]]}"
    same = shapely.equals_exact(ours["geometry"], theirs["geometry"], 1e-8)
    return "" if same.all() else f"the shape of {ours['code'][np.argmin(same)]}"


def _plain(values: np.ndarray) -> np.ndarray:
    """Return truth values in one form: formats write them as words or as numbers."""
    return np.char.replace(np.char.replace(values, "True", "1"), "False", "0")
