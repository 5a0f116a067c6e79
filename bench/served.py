"""Servers to measure, each in processes of its own, and clients that ask them."""

import gzip
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from bench import environment
from gis import sessions
from sql import database
from sql.database import Database
from web import create_app
from web.config import Config

WORKERS = 2
PATIENCE_S = 60


@dataclass(frozen=True)
class Server:
    """A server that is up, how it is called, and the headers that every request to it carries."""

    peer: str
    port: int
    headers: dict[str, str]


@dataclass
class Load:
    """What clients got: seconds of each answer, in all, and what was no answer."""

    seconds: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Return the answers a second."""
        return len(self.seconds) / self.wall_s

    def at(self, share: float) -> float:
        """Return the time within which this share of the answers came [ms]."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


class Client:
    """One connection that stays open."""

    def __init__(self, server: Server, cookie: str | None = None) -> None:
        self.headers = {**server.headers, "Accept-Encoding": "gzip"}
        if cookie:
            self.headers["Cookie"] = cookie
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def get(self, path: str, **more: str) -> tuple[int, bytes, str]:
        """Return status, body as it was before compression, and the ETag."""
        self.connection.request("GET", path, headers={**self.headers, **more})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return answer.status, body, answer.headers.get("ETag", "")

    def time(self, path: str, load: Load, **more: str) -> str:
        """Ask once and note how long it took; return the ETag."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={**self.headers, **more})
        answer = self.connection.getresponse()
        answer.read()
        load.seconds.append(time.perf_counter() - began)
        if answer.status not in (200, 204, 304):
            load.wrong.append(f"{answer.status} {path}")
        return answer.headers.get("ETag", "")


@contextmanager
def ours(to: Database, accounts: Sequence[int]) -> Iterator[tuple[Server, list[str]]]:
    """Serve as `./yige up` does, but for its user; yield the server and each account's cookie."""
    config = Config(to, port=free_port(), workers=WORKERS)
    environ = {
        **os.environ,
        "PYTHONPATH": str(environment.ROOT),
        "YIGE_HOME": str(to.place.home),
        "YIGE_DATABASE_URL": to.conninfo(),
    }
    command = [sys.executable, "-P", "-m", "web.server", config.host, str(config.port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    with running(process, config.port, "/health"):
        yield Server("yige", config.port, {}), cookies(config, accounts)


def cookies(config: Config, accounts: Sequence[int]) -> list[str]:
    """Sign accounts in."""
    app = create_app(config)
    signer = app.session_interface.get_signing_serializer(app)
    found = []
    with app.extensions["pool"] as pool:
        for account in accounts:
            with database.service(pool) as conn:
                token = sessions.open_session(conn, account)
            said = {"_user_id": str(account), "token": token, "seen": int(time.time())}
            found.append(f"yige={signer.dumps(said)}")
    return found


@contextmanager
def tipg(to: Database, schema: str = "map") -> Iterator[Server]:
    """Serve the same views by tipg, as the administrator: it passes no row-level security."""
    port = free_port()
    settings = {
        "DATABASE_URL": _url(to),
        "TIPG_DB_SCHEMAS": f'["{schema}"]',
        "TIPG_TILE_BUFFER": "64",
        "TIPG_CATALOG_TTL": "100000",
        "PGOPTIONS": "-c jit=off",
    }
    command = [environment.python(), "-m", "uvicorn", "tipg.main:app", "--port", str(port),
               "--workers", str(WORKERS), "--log-level", "warning", "--no-access-log"]  # fmt: skip
    process = subprocess.Popen([str(each) for each in command], env={**os.environ, **settings})
    with running(process, port, "/collections"):
        yield Server("tipg", port, {})


def _url(to: Database) -> str:
    """Return the administrator's connection as an address; a socket's path is its host."""
    parts = conninfo_to_dict(to.conninfo())
    who = quote(str(parts.get("user", "")), safe="")
    if parts.get("password"):
        who += f":{quote(str(parts['password']), safe='')}"
    host = quote(str(parts["host"]), safe="")
    return f"postgresql://{who}@{host}:{parts.get('port', 5432)}/{parts['dbname']}"


@contextmanager
def running(process: "subprocess.Popen[bytes]", port: int, path: str) -> Iterator[None]:
    """Wait until a server answers, and stop it in the end."""
    try:
        _wait(process, port, path)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once ({process.returncode})")
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
                asked.request("GET", path)
                if asked.getresponse().status == 200:
                    return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {PATIENCE_S} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def at_once(parts: Sequence[Callable[[Load], None]]) -> Load:
    """Run clients at once, each noting its answers; return them all."""
    loads = [Load() for _ in parts]
    threads = [Thread(target=part, args=(load,)) for part, load in zip(parts, loads, strict=True)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Load(wall_s=time.perf_counter() - began)
    for load in loads:
        whole.seconds += load.seconds
        whole.wrong += load.wrong
    return whole


def ask_all(
    server: Server, cookie: str | None, jobs: Sequence[Sequence[str]], clients: int
) -> Load:
    """Have so many clients do jobs, each once: ask for its paths one after the other."""

    def part(number: int) -> Callable[[Load], None]:
        def run(load: Load) -> None:
            with Client(server, cookie) as client:
                for paths in jobs[number::clients]:
                    single = Load()
                    for path in paths:
                        client.time(path, single)
                    load.seconds.append(sum(single.seconds))
                    load.wrong += single.wrong

        return run

    return at_once([part(number) for number in range(clients)])


def median(loads: Sequence[Load]) -> Load:
    """Return the load of the median throughput."""
    ranked = sorted(loads, key=lambda load: load.per_s)
    return ranked[len(ranked) // 2] if len(ranked) % 2 else min(
        ranked, key=lambda load: abs(load.per_s - statistics.median(x.per_s for x in ranked))
    )  # fmt: skip
