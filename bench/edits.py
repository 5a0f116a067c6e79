"""Seconds from an edit until its figures are there, by kind: ``python -m bench.edits CODE``.

Through the interface in one process, as a planner of the whole district: the answer to an edit
carries the figures after it, and each is undone. The first of a kind warms up and is not counted.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import shapely
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from psycopg.sql import SQL, Identifier

from gis import accounts, coverage, sessions
from sql import database
from sql.database import Conn, from_environment
from web import create_app
from web.config import Config

CENTRE = """
SELECT station FROM net.reach WHERE district = %s GROUP BY station ORDER BY count(*) DESC, station
 OFFSET %s LIMIT 1
"""
WAYS = """
SELECT id, ST_AsBinary(w.geom) FROM app.way AS w
 WHERE w.district = %(code)s AND w.period @> now()
 ORDER BY w.geom <-> (SELECT geom FROM app.station WHERE id = %(station)s) LIMIT 12
"""
NEAR = """
SELECT id, version FROM app.{} AS t WHERE district = %(code)s AND period @> now()
 ORDER BY t.geom <-> (SELECT geom FROM app.station WHERE id = %(station)s) LIMIT 1
"""


def edits(conn: Conn, code: str, station: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield name, method, path and body of edits around a station."""
    at = {"code": code, "station": station}
    lines = [shapely.from_wkb(bytes(row[1])) for row in conn.execute(WAYS, at, binary=True)]
    ends = [shapely.get_coordinates(one)[0].tolist() for one in (lines[0], lines[6])]
    (x, y) = ends[0]

    def of(table: str) -> tuple[str, dict[str, Any]]:
        id_, version = conn.execute(SQL(NEAR).format(Identifier(table)), at).fetchone()  # type: ignore[misc]
        return f"{table}s/{id_}", {"version": version}

    yield "footpath made", "POST", "ways", {"line": ends}
    path, body = of("way")
    yield "way one way", "PATCH", path, {**body, "foot": "backward"}
    path, body = of("gate")
    yield "gate shut", "PATCH", path, {**body, "hours": "off"}
    path, body = of("gate")
    yield "gate one way", "PATCH", path, {**body, "passage": "out"}
    yield "gate made", "POST", "gates", {"point": shapely.get_coordinates(lines[3])[0].tolist()}
    wall = [[x - 1e-4, y + 2e-4], [x + 3e-4, y + 2e-4]]
    yield "wall made", "POST", "barriers", {"line": wall}
    yield "station made", "POST", "stations", {"point": [x + 2e-5, y], "name": "x"}
    path, body = of("station")
    yield "station moved", "PATCH", path, {**body, "point": [x + 1e-5, y + 1e-5]}
    path, body = of("station")
    yield "station closed", "PATCH", path, {**body, "state": "closed"}
    path, body = of("building")
    yield "households", "PATCH", path, {**body, "households": 99}
    box = [[x, y], [x + 1e-4, y], [x + 1e-4, y + 1e-4], [x, y + 1e-4]]
    yield "building made", "POST", "buildings", {"polygon": [box], "households": 9}


def signed_in(app: Flask, account: int) -> FlaskClient:
    """Return a client that is signed in and carries the token against forged requests."""
    with database.service(app.extensions["pool"]) as conn:
        token = sessions.open_session(conn, account)
    client = app.test_client()
    with client.session_transaction() as session:
        session |= {"_user_id": str(account), "token": token, "seen": int(time.time())}
        session["csrf_token"] = "bench"
    signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    client.environ_base["HTTP_X_CSRF_TOKEN"] = str(signer.dumps("bench"))
    return client


def timed(client: FlaskClient, code: str, method: str, path: str, said: dict[str, Any]) -> Any:
    """Do an edit and undo it; return the seconds until the figures, and the answer."""
    began = time.perf_counter()
    answer = client.open(f"/api/{code}/{path}", method=method, json=said)
    seconds = time.perf_counter() - began
    found = answer.get_json()
    if answer.status_code >= 300:
        raise SystemExit(f"{path}: {found}")
    made = path if method == "PATCH" else f"{path}/{found['id']}"
    undo = f"/api/{code}/{made}/undo"
    undone = client.post(undo, json={"version": found["version"]})
    if undone.status_code >= 300:
        raise SystemExit(f"{undo}: {undone.get_json()}")
    return seconds, found["effect"]


def run(code: str, runs: int) -> None:
    """Measure all kinds of edits around the stations with most buildings in reach."""
    of = from_environment()
    with database.admin(of) as conn:
        coverage.publish(conn, code)
        login = f"bench-{time.time_ns()}"
        account = accounts.add(conn, code, login, login)
        accounts.grant(conn, code, account, "planner", code)
        stations = [conn.execute(CENTRE, [code, 7 * k]).fetchone()[0] for k in range(runs + 1)]  # type: ignore[index]
    app = create_app(Config(of))
    seconds: dict[str, list[float]] = {}
    with app.extensions["pool"], closing(database.admin(of, autocommit=True)) as conn:
        client = signed_in(app, account)
        for station in stations:
            for name, method, path, said in edits(conn, code, station):
                spent, effect = timed(client, code, method, path, said)
                seconds.setdefault(name, []).append(spent)
                print(f"{name:16} {spent:6.2f} s  {len(effect['buildings']):5} buildings")
    for name, spent in seconds.items():
        print(f"{name:16} median {statistics.median(spent[1:]):.2f} s, most {max(spent[1:]):.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.edits", description="Seconds of an edit.")
    parser.add_argument("code")
    parser.add_argument("--runs", type=int, default=3)
    run(**vars(parser.parse_args()))
