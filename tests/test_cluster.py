"""A real server, killed, starved of room and visited by the wrong people."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sql import cluster, database
from sql.cluster import Place, programs, server
from sql.cluster.place import LONGEST_SOCKET
from sql.database import Database
from sql.errors import DatabaseError

FAST = {"fsync": "off", "shared_buffers": "32MB"}


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yige-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def at(home: Path) -> Iterator[Place]:
    """Yield a place whose cluster is not made yet, with a blank and Chinese in its path."""
    place = cluster.place({"YIGE_HOME": str(home / "数据 目录")})
    yield place
    cluster.stop(place)


@pytest.fixture
def own(home: Path) -> Iterator[Place]:
    """Yield a place with a running server of its own, to be ill-treated."""
    place = cluster.place({"YIGE_HOME": str(home)})
    cluster.start(place, FAST)
    yield place
    cluster.stop(place)


def answers(at: Place) -> bool:
    with database.admin(Database(at, name="postgres")) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/cwd").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not Path(f"/proc/{pid}/cwd").exists()


def test_a_path_with_a_blank_and_chinese(at: Place) -> None:
    assert cluster.status(at).state == "absent"
    with cluster.running(at, FAST):
        assert cluster.status(at).state == "running"
        assert answers(at)
    assert cluster.status(at).state == "stopped"


def test_only_a_socket_that_others_cannot_reach(cluster: Place) -> None:
    with database.admin(Database(cluster, name="postgres")) as conn:
        assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
        assert conn.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert conn.execute("SHOW timezone").fetchone() == ("UTC",)
    for path in [cluster.data, cluster.socket, cluster.log]:
        assert path.stat().st_mode & 0o777 == 0o700, path
    assert cluster.socket.stat().st_uid == cluster.service.uid
    assert cluster.data.stat().st_uid == cluster.server.uid


def test_the_service_logs_in_by_password_only(database: Database) -> None:
    passfile = database.place.passfile
    assert passfile.stat().st_mode & 0o777 == 0o600
    assert passfile.stat().st_uid == database.place.service.uid
    word = passfile.read_text().strip().rpartition(":")[2]
    assert word not in database.service()
    with psycopg.connect(database.conninfo(user="yige_service", password=word)) as conn:
        row = conn.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls, current_user"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, "yige_service")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.conninfo(user="yige_service", password="wrong"))


def test_no_log_holds_the_password(database: Database) -> None:
    word = database.place.passfile.read_text().strip().rpartition(":")[2]
    logs = list(database.place.log.iterdir())
    assert logs
    assert not [path for path in logs if word in path.read_text("utf-8")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("user", ["service", "server"])
def test_no_other_user_becomes_administrator(cluster: Place, user: str) -> None:
    account = getattr(cluster, user)
    psql = [programs.programs(cluster.data)["psql"], "-w", "-h", cluster.socket, "-d", "postgres"]
    run = subprocess.run(
        [*psql, "-U", "yige_admin", "-c", "SELECT 1"], cwd="/", capture_output=True, text=True,
        **account.run_as(),
    )  # fmt: skip
    assert run.returncode != 0
    assert "Peer authentication failed" in run.stderr or "Permission denied" in run.stderr


def test_the_last_user_stops_the_server(at: Place) -> None:
    with cluster.running(at, FAST):
        with cluster.running(at):
            pass
        assert cluster.status(at).state == "running"
    assert cluster.status(at).state == "stopped"


def test_a_started_server_stays(own: Place) -> None:
    with cluster.running(own):
        pass
    assert cluster.status(own).state == "running"
    assert cluster.stop(own)
    assert not cluster.stop(own)
    assert cluster.status(own).state == "stopped"


def test_a_killed_server_starts_again_and_has_kept_what_was_committed(own: Place) -> None:
    with database.admin(Database(own, name="postgres")) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    before = cluster.status(own).pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert gone(before)
    assert cluster.status(own).state == "stopped"
    cluster.start(own, FAST)
    with database.admin(Database(own, name="postgres")) as conn:
        assert conn.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_stranger_with_the_number_of_the_killed_server(own: Place) -> None:
    pid = cluster.status(own).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    file = own.data / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        assert cluster.status(own).state == "stopped"
        cluster.start(own, FAST)
        assert answers(own)
        stranger.communicate(b"\n")


def test_many_start_at_once(home: Path) -> None:
    program = "from sql import cluster; cluster.start(cluster.place()); print('ready')"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program], env={**os.environ, "YIGE_HOME": str(home)},
            stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    try:
        assert [run.communicate()[0] for run in runs] == ["ready\n"] * 3
    finally:
        assert cluster.stop(cluster.place({"YIGE_HOME": str(home)}))


def test_too_little_room_is_said_before_anything_is_made(
    at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "NEEDED", 2**60)
    with pytest.raises(DatabaseError) as caught:
        cluster.start(at)
    assert caught.value.key == "disk_space"
    assert caught.value.values["need"] == 2**40
    assert cluster.status(at).state == "absent"


@contextlib.contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", path]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root and its capabilities")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", path], check=True)


@pytest.mark.parametrize("size", ["16m", "64m"])
def test_a_full_disk_is_named(home: Path, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """16 MB do not hold a cluster; in 64 MB it is made, filled up, stopped and started."""
    monkeypatch.setattr(server, "NEEDED", 0)
    with small_disk(home, size):
        at = cluster.place({"YIGE_HOME": str(home)})
        with pytest.raises(DatabaseError) as caught:
            cluster.start(at, FAST)
            cluster.stop(at)
            with contextlib.suppress(OSError), (home / "filler").open("wb", 0) as filler:
                while filler.write(bytes(4096)):
                    pass
            cluster.start(at, FAST)
        assert caught.value.key == "disk_full"
        (home / "filler").unlink(missing_ok=True)
        if size == "64m":
            cluster.start(at, FAST)
            assert answers(at)
        cluster.stop(at)


def test_data_of_another_version(own: Place) -> None:
    cluster.stop(own)
    (own.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseError) as caught:
        cluster.start(own)
    assert caught.value.key == "other_major"
    assert caught.value.values["major"] == 12


def test_no_postgis(tmp_path: Path) -> None:
    (tmp_path / "lib/16/bin").mkdir(parents=True)
    (tmp_path / "lib/16/bin/postgres").touch()
    with pytest.raises(DatabaseError) as caught:
        programs.programs(tmp_path / "data", tmp_path / "lib", tmp_path / "share")
    assert caught.value.key == "no_postgis"


def test_the_newest_version_that_has_postgis(tmp_path: Path) -> None:
    parts = {"bin/postgres", "lib/postgis-3.so", "extension/postgis.control"}
    for major, lacks in [
        ("9", ""), ("15", ""), ("17", ""), ("18", "extension/postgis.control"),
        ("19", "lib/postgis-3.so"), ("20", "bin/postgres"), ("old", ""),
    ]:  # fmt: skip
        for part in parts - {lacks}:
            top = "share" if part.startswith("extension") else "lib"
            (tmp_path / top / major / part).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / top / major / part).touch()
    found = programs.programs(tmp_path / "data", tmp_path / "lib", tmp_path / "share")
    assert (found.major, found["psql"]) == (17, str(tmp_path / "lib/17/bin/psql"))


def test_a_home_that_cannot_be_entered(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root hands the work to other users")
    locked = tmp_path / "locked"  # below a directory of 0700
    with pytest.raises(DatabaseError) as caught:
        cluster.start(cluster.place({"YIGE_HOME": str(locked)}))
    assert caught.value.key == "home_unreachable"


def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    at = cluster.place({"YIGE_HOME": str(tmp_path / ("长" * 40))})
    assert len(os.fsencode(at.socket)) <= LONGEST_SOCKET
    assert at.socket != cluster.place({"YIGE_HOME": str(tmp_path / ("长" * 41))}).socket


def test_the_user_of_another_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    with pytest.raises(DatabaseError) as caught:
        cluster.place({"YIGE_HOME": "/tmp/x"})
    assert caught.value.key == "no_account"
