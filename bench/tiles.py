"""Tiles and features beside tipg on the same views, and fifty people panning at once.

Answers are compared before anything is timed. Ours are asked for with a cookie, under row-level
security: first drawn anew (a change of the data makes the server forget the tiles it keeps), then
again as it has them for the next one who asks. tipg asks as administrator, with no rights to look
after, and draws each time.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import asinh, pi, radians, tan

import shapely

from bench import served
from bench.environment import version_of
from bench.served import Client, Load, Server
from gis import accounts
from layers.catalogue import SETS, layers
from layers.catalogue import layer as layer_of
from sql import database
from sql.database import Conn, Database
from tests import mvt

# of zooms at which a tile shows every row
ZOOMS = {"building": (14, 15, 16), "way": (15, 16), "compound": (14, 16)}
INSIDE = 16  # steps of a tile's 4096 that count as its edge when answers are compared
TILES, BOXES, RUNS, CLIENTS = 60, 30, 3, 8
PEOPLE, PAN_S, STEP_S, VIEW = 50, 20, 1.0, (4, 3)


Place = tuple[float, float]
Jobs = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Result:
    """What one server did of one kind of work; ``ratio`` is our throughput over tipg's."""

    work: str
    peer: str
    version: str | None = None
    answers: int = 0
    per_s: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    wrong: int = 0
    ratio: float | None = None
    note: str | None = None


def run(
    to: Database,
    district: str | None = None,
    clients: int = CLIENTS,
    runs: int = RUNS,
    as_json: bool = False,
    pan_s: float = PAN_S,
) -> list[Result]:
    """Measure, print and return the results; ``district`` None means the first there is."""
    results = []
    with (
        database.admin(to, autocommit=True) as conn,
        people(conn, district) as (code, ids),
        served.ours(to, ids) as (own, cookies),
    ):
        for result in _all(conn, to, code, own, cookies, clients, runs, pan_s):
            results.append(result)
            print(line(result), file=sys.stderr if as_json else sys.stdout, flush=True)
    if as_json:
        print(json.dumps({"results": [asdict(result) for result in results]}, indent=1))
    return results


def line(result: Result) -> str:
    """Return one row of the table."""
    head = f"{result.work:<18} {result.peer:<5} {result.version or '':<7}"
    if result.per_s is None:
        return f"{head} not measured: {result.note}"
    ratio = f" {result.ratio:>6.2f} ×" if result.ratio else ""
    return (
        f"{head} {result.answers:>6,} {result.per_s:>8.1f}/s  p50 {result.p50_ms:>6.1f} ms"
        f"  p95 {result.p95_ms:>6.1f} ms  {result.wrong} wrong{ratio}"
    )


@contextmanager
def people(conn: Conn, district: str | None) -> Iterator[tuple[str, list[int]]]:
    """Make accounts for the while: one on the whole district, others on subdistricts of it."""
    row = conn.execute("SELECT min(code) FROM app.district").fetchone()
    code = district or (row and row[0])
    if not code:
        raise RuntimeError("there is no district: make one with ./yige demo mudan")
    text = """SELECT code FROM app.area WHERE district = %s AND level IN ('district', 'subdistrict')
               ORDER BY level DESC, code LIMIT 10"""
    areas = [area for (area,) in conn.execute(text, [code])]
    ids = []
    try:
        for number, area in enumerate(areas):
            login = f"bench-{time.time_ns()}-{number}"
            ids.append(accounts.add(conn, code, login, login, None))
            accounts.grant(conn, code, ids[-1], "official", area)
        yield code, ids
    finally:
        conn.execute("DELETE FROM app.account WHERE id = ANY (%s)", [ids])


def _all(
    conn: Conn, to: Database, code: str, own: Server, cookies: list[str],
    clients: int, runs: int, pan_s: float,
) -> Iterator[Result]:  # fmt: skip
    spots = _spots(conn, code)
    try:
        with served.tipg(to) as other:
            for work, ours, theirs in _works(code, spots):
                yield from _beside(
                    conn, code, work, own, other, cookies[0], ours, theirs, clients, runs
                )
    except RuntimeError as error:
        yield Result("tiles", "tipg", note=str(error))
    for kept in (False, True):
        yield _panning(conn, code, own, cookies, spots, pan_s, kept)


def _works(code: str, spots: Sequence[Place]) -> Iterator[tuple[str, Jobs, Jobs]]:
    """Name each kind of work, and what ours and tipg are asked for: the whole map, a layer."""
    for z in (15, 16):
        names = [layer.name for name in SETS for layer in layers(name) if layer.zoom <= z]
        yield f"map z{z}", _tiles(code, SETS, z, spots, True), _tiles(code, names, z, spots, False)
    for name, zooms in ZOOMS.items():
        for z in zooms:
            yield (
                f"{name} z{z}",
                _tiles(code, [name], z, spots, True),
                _tiles(code, [name], z, spots, False),
            )
        ours, theirs = f"/ogc/{code}/collections/{name}", f"/collections/map.{name}"
        yield f"{name} features", _boxes(ours, spots), _boxes(theirs, spots)


def _beside(
    conn: Conn, code: str, work: str, own: Server, other: Server, cookie: str,
    our_jobs: Jobs, their_jobs: Jobs, clients: int, runs: int,
) -> Iterator[Result]:  # fmt: skip
    """Compare the answers of two servers, then time them in turns."""
    differs = _difference(own, other, cookie, our_jobs, their_jobs)
    if differs:
        yield Result(work, "tipg", note=f"its answer differs from ours: {differs}")
        return
    ours: list[Load] = []
    kept: list[Load] = []
    theirs: list[Load] = []
    for _ in range(runs):
        forget(conn, code)
        ours.append(served.ask_all(own, cookie, our_jobs, clients))
        theirs.append(served.ask_all(other, None, their_jobs, clients))
        kept.append(served.ask_all(own, cookie, our_jobs, clients))
    its = served.median(theirs)
    yield _result(work, "tipg", its)
    for name, loads in [("", ours), *([(", kept", kept)] if "features" not in work else [])]:
        mine = served.median(loads)
        yield _result(work + name, "yige", mine, mine.per_s / its.per_s)


def _result(work: str, peer: str, load: Load, ratio: float | None = None) -> Result:
    return Result(work, peer, version_of(peer), len(load.seconds), load.per_s, load.at(0.5),
                  load.at(0.95), len(load.wrong), ratio)  # fmt: skip


def forget(conn: Conn, code: str) -> None:
    """Change every table of the map a little, so that no tile that was kept is right."""
    for table in ("area", "building", "way", "compound", "land", "water", "barrier", "gate"):
        conn.execute(
            f"UPDATE app.{table} SET version = version WHERE district = %s AND id ="  # noqa: S608
            f" (SELECT min(id) FROM app.{table} WHERE district = %s)",
            [code, code],
        )


def _spots(conn: Conn, code: str) -> list[Place]:
    """Return places of buildings, in an order of their own."""
    rows = conn.execute(
        "SELECT ST_X(place), ST_Y(place) FROM app.building WHERE district = %s ORDER BY code",
        [code],
    ).fetchall()
    random.Random(1).shuffle(rows)
    return rows


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return column and row of the tile that holds a place."""
    x, y = (lon / 180 + 1) / 2, (1 - asinh(tan(radians(lat))) / pi) / 2
    return int(x * 2**z), int(y * 2**z)


def _tiles(
    code: str, names: Sequence[str], z: int, spots: Sequence[Place], own: bool
) -> list[list[str]]:
    """Return the addresses of tiles with buildings in them, of ours or of tipg's."""
    places = list(dict.fromkeys(tile_of(*spot, z) for spot in spots))[:TILES]
    if own:
        return [[f"/tiles/{code}/{name}/{z}/{x}/{y}.pbf" for name in names] for x, y in places]
    said = {name: ",".join(("id", *layer_of(name).carried(z))) for name in names}
    return [
        [
            f"/collections/map.{name}/tiles/WebMercatorQuad/{z}/{x}/{y}?properties={said[name]}"
            for name in names
        ]
        for x, y in places
    ]


def _boxes(root: str, spots: Sequence[Place]) -> list[list[str]]:
    """Return the addresses of the features in boxes of about 300 m."""
    boxes = [
        f"{x - 0.002:.6f},{y - 0.0015:.6f},{x + 0.002:.6f},{y + 0.0015:.6f}"
        for x, y in spots[:BOXES]
    ]
    return [[f"{root}/items?bbox={box}&limit=1000"] for box in boxes]


def _difference(own: Server, other: Server, cookie: str, our_jobs: Jobs, their_jobs: Jobs) -> str:
    """Return where two servers name other features, empty if nowhere.

    What only touches the edge of a tile, or is a few steps long, does not count: it may round to
    nothing.
    """
    with Client(own, cookie) as mine, Client(other) as its:
        for ours, theirs in zip(our_jobs, their_jobs, strict=True):
            one = set().union(*(_named(path, mine.get(path)) for path in ours))
            another = set().union(*(_named(path, its.get(path)) for path in theirs))
            if one != another:
                return f"{ours[0]}: {len(one)} and {len(another)}, {sorted(one ^ another)[:3]}"
    return ""


def _named(path: str, answer: tuple[int, bytes, str]) -> set[tuple[str, int]]:
    """Return layer and id of the features of an answer."""
    if "/items" in path:
        return {("", int(one["id"])) for one in json.loads(answer[1])["features"]}
    only = path.split("/collections/map.")[-1].split("/")[0]  # tipg calls its layer default
    return {
        (name if name != "default" else only, int(one.properties.get("id", one.id)))
        for name, layer in mvt.decode(answer[1]).items()
        for one in layer.features
        if one.shape.intersects(shapely.box(*[INSIDE] * 2, *[layer.extent - INSIDE] * 2))
        and (one.shape.geom_type == "MultiPoint" or one.shape.length > 4)
    }


# People.


def _panning(
    conn: Conn, code: str, own: Server, cookies: Sequence[str],
    spots: Sequence[Place], pan_s: float, kept: bool,
) -> Result:  # fmt: skip
    """Have people move the map about, a step a second each, their browsers keeping tiles.

    ``kept``: the tiles have been drawn for others before, as in the middle of a day.
    """
    if not kept:
        forget(conn, code)
    until = time.perf_counter() + pan_s
    parts = [
        lambda load, n=n: _wander(own, cookies[n % len(cookies)], code, spots[n], n, until, load)
        for n in range(PEOPLE)
    ]
    load = served.at_once(parts)
    return _result(f"{PEOPLE} pan, {'drawn' if kept else 'new'}", "yige", load)


def _wander(own: Server, cookie: str, code: str, spot: tuple[float, float], seed: int,
            until: float, load: Load) -> None:  # fmt: skip
    """Move a view about, asking for what comes into it and again for what was left."""
    rng, tags = random.Random(seed), {}
    z = rng.choice((14, 15, 16))
    x, y = tile_of(*spot, z)
    time.sleep(rng.random() * STEP_S)
    seen: set[tuple[int, int]] = set()
    with Client(own, cookie) as client:
        while time.perf_counter() < until:
            began = time.perf_counter()
            view = {(x + i, y + j) for i in range(VIEW[0]) for j in range(VIEW[1])}
            for column, row in sorted(view - seen):
                for name in ("ground", "town"):
                    path = f"/tiles/{code}/{name}/{z}/{column}/{row}.pbf"
                    more = {"If-None-Match": tags[path]} if path in tags else {}
                    tags[path] = client.time(path, load, **more)
            seen = view
            dx, dy = rng.choice([(1, 0), (-1, 0), (0, 1), (0, -1)])
            x, y = x + dx, y + dy
            time.sleep(max(0.0, STEP_S - (time.perf_counter() - began)))
