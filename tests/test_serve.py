"""The server as a user meets it: started, asked, deprived of its database, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from sql import cluster
from sql.cluster import Place
from sql.cluster.place import CHECKOUT
from sql.database import Database
from web import config as configuration
from web import create_app
from web.commands import serve
from web.config import Config
from web.i18n import t

FAST = {"fsync": "off", "shared_buffers": "32MB"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Up:
    """A running `yige up` of a cluster of its own."""

    def __init__(self, at: Place, port: int, *arguments: str) -> None:
        self.at, self.port = at, port
        command = [sys.executable, "-P", "-m", "web.cli", "up", "--empty"]
        command += ["--port", str(port), *arguments]
        environ = {**os.environ, "YIGE_HOME": str(at.home), "PYTHONPATH": str(CHECKOUT)}
        self.process = subprocess.Popen(
            command, cwd="/", env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> "Up":
        return self

    def __exit__(self, *failure: object) -> None:
        self.process.kill()
        self.process.communicate()

    def health(self) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{self.port}/health"
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
        except urllib.error.URLError:
            return 0, {}

    def until(self, code: int) -> dict[str, Any]:
        for _ in range(3600):  # the first time kernels are compiled
            found, body = self.health()
            if found == code:
                return body
            assert self.process.poll() is None, self.process.communicate()[0]
            time.sleep(0.05)
        raise AssertionError(f"never answered {code}")

    def end(self, number: signal.Signals) -> str:
        self.process.send_signal(number)
        output = self.process.communicate(timeout=60)[0].decode()
        assert self.process.returncode == 0, output
        return output


def _service_can_run_python(at: Place) -> bool:
    test = ["test", "-x", Path(sys.executable).resolve()]
    return subprocess.run(test, cwd="/", **at.service.run_as()).returncode == 0


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Yield a place with a database of its own, so that stopping it disturbs no other test."""
    at = cluster.place({"YIGE_HOME": f"{os.environ['YIGE_HOME']}/up"})
    if not _service_can_run_python(at):
        pytest.skip(f"{at.service.name} cannot read this Python; ./yige test makes one it can")
    with cluster.running(at, FAST):
        pass
    yield at
    cluster.stop(at)


def processes(name: str, at: Place) -> list[Path]:
    """Return the /proc directories of the running processes ``-m name`` of a place."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            environ = (path / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if name.encode() in words and f"YIGE_HOME={at.home}".encode() in environ:
            found.append(path)
    return found


def test_a_day_of_the_server(at: Place) -> None:
    with Up(at, free_port()) as up:
        version = configuration.version()
        assert up.until(200) == {"service": "yige", "status": "ok", "version": version}
        web = processes("web.server", at)
        assert len(web) >= 2  # the arbiter and its first worker
        assert {path.stat().st_uid for path in web} == {at.service.uid}

        pid = cluster.status(at).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert up.until(503)["reason"] == "database_unreachable"
        cluster.start(at, FAST)
        assert up.until(200)["status"] == "ok"
        at.stay.unlink()  # as if it had not been started by hand

        output = up.end(signal.SIGINT)
    assert t("up.serving", url=f"http://127.0.0.1:{up.port}") in output
    assert t("up.stopped") in output
    assert at.passfile.read_text().strip().rpartition(":")[2] not in output
    assert cluster.status(at).state == "stopped"
    assert not processes("web.server", at)


def test_stay(at: Place) -> None:
    with Up(at, free_port(), "--stay") as up:
        up.until(200)
        up.end(signal.SIGTERM)
    assert cluster.status(at).state == "running"
    assert cluster.stop(at)


def test_the_server_ends_with_a_killed_parent(at: Place) -> None:
    with Up(at, free_port()) as up:
        up.until(200)
        up.process.kill()
    deadline = time.monotonic() + 20
    while processes("web.server", at) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not processes("web.server", at)
    cluster.stop(at)


def config(port: int, host: str = "127.0.0.1") -> Config:
    return configuration.from_environment(host, port)


@pytest.mark.parametrize("port", [0, 80, 1023, 65536])
def test_ports_of_root_are_refused(port: int) -> None:
    with pytest.raises(click.ClickException, match="1024"):
        serve.check_address(config(port))


def test_an_unknown_host_is_refused() -> None:
    with pytest.raises(click.ClickException, match=r"no-such-host\.invalid"):
        serve.check_address(config(8371, "no-such-host.invalid"))


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"--port {port + 1}"):
            serve.check_address(config(port))


def test_health_of_a_migrated_database(database: Database) -> None:
    app = create_app(Config(database))
    with app.extensions["pool"] as pool:
        pool.wait()
        answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_health_without_tables_that_are_up_to_date(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sql.migrate.pending", lambda conn: ["0002_later"])
    app = create_app(Config(database))
    with app.extensions["pool"] as pool:
        pool.wait()
        answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reason"] == "migrations_pending"
    assert answer.json["migrations"] == ["0002_later"]


def test_the_server_is_not_told_the_password_of_the_url() -> None:
    at = cluster.place()
    url = "postgresql://boss:s%40cret@db.example:5433/city?sslmode=require"
    public = Database(at, url).public_url()
    assert "s@cret" not in public
    again = Database(at, public)
    assert again.service() == Database(at, url).service()
    assert "user=yige_service" in again.service()
    assert again.dbname == "city"
    assert Database(at).public_url() == ""
