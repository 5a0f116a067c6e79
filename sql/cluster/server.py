"""The server of a private cluster: made, started, stopped, never twice at once.

Everything here is done under the lock of the home, so two terminals cannot disturb each other.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sql.errors import DatabaseError

from . import settings
from .place import Place, check_owner, prepare
from .programs import programs, version

NEEDED = 1024 * settings.MEGABYTE  # a fresh cluster, one district and the room to work in it
KEPT_LOGS = 5
ADMIN = "yige_admin"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Status:
    """What a cluster is doing: ``state`` is absent, stopped or running."""

    state: str
    major: int | None
    pid: int | None
    stays: bool


def silent(key: str) -> None:
    """Report nothing."""


def status(at: Place) -> Status:
    """Return the state of the cluster, without touching it."""
    major, pid = version(at.data), postmaster(at)
    state = "running" if pid else "absent" if major is None else "stopped"
    return Status(state, major, pid, at.stay.exists())


def postmaster(at: Place) -> int | None:
    """Return the process number of the running server, None if there is none.

    A file left by a killed server may name a process that now is another program: the server of
    this cluster is the one that works in its data directory.
    """
    try:
        pid = int((at.data / "postmaster.pid").read_bytes().split()[0])
        return pid if Path(f"/proc/{pid}/cwd").readlink() == at.data.resolve() else None
    except (FileNotFoundError, PermissionError, IndexError, ValueError):
        return None


@contextmanager
def locked(at: Place, report: Report = silent, name: str = "lock") -> Iterator[None]:
    """Hold a lock of the home; ``report("waiting")`` when somebody else has it."""
    with _private(at.home / name) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("waiting")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def running(
    at: Place, more: Mapping[str, str] | None = None, report: Report = silent
) -> Iterator[None]:
    """Keep the server running inside the block; the last to leave stops it.

    It stays where `start` was called for it. Each user holds a shared lock, which the system
    lifts even from a killed one, so nobody's server is stopped under them.
    """
    prepare(at)
    with _private(at.home / "users") as users:
        with locked(at, report):
            _ensure(at, more or {}, report)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            with locked(at):
                if not at.stay.exists() and _unused(at):
                    _stop(at)


def start(at: Place, more: Mapping[str, str] | None = None, report: Report = silent) -> None:
    """Make the cluster if it is not there, start it, and let it stay until `stop`.

    Raises
    ------
    DatabaseError
        No PostGIS, another version's data, no room on the disk, or the server's own reason.
    """
    prepare(at)
    with locked(at, report):
        _ensure(at, more or {}, report)
        at.stay.touch()


def stop(at: Place) -> bool:
    """Stop the server, whoever uses it; False if it did not run."""
    if not at.home.exists():
        return False
    check_owner(at)
    with locked(at):
        at.stay.unlink(missing_ok=True)
        ran = postmaster(at) is not None
        _stop(at)
        return ran


def _private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w")  # nobody else may lock it


def _unused(at: Place) -> bool:
    with _private(at.home / "users") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _ensure(at: Place, more: Mapping[str, str], report: Report) -> None:
    if version(at.data) is None:
        report("init")
        _init(at)
    if postmaster(at) is None:
        report("start")
        _start(at, more)


def _init(at: Place) -> None:
    free = shutil.disk_usage(at.home).free
    if free < NEEDED:
        raise DatabaseError("disk_space", home=at.home, need=_mb(NEEDED), free=_mb(free))
    made = at.home / "cluster.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    at.server.owns(made, 0o700)
    use = programs(at.data)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if use.major >= 17 else []
    run = subprocess.run(
        [
            *(use["initdb"], "-D", made, "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"),
            *("-T", "simple", "--auth=peer", *locale),
        ],
        **_quiet(at),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        shutil.rmtree(made, ignore_errors=True)
        raise _failure(at, "init_failed", run.stdout + run.stderr)
    with (made / "postgresql.conf").open("a") as file:
        file.write("include 'yige.conf'\n")
    made.rename(at.data)


def _start(at: Place, more: Mapping[str, str]) -> None:
    use = programs(at.data)
    _sweep(at)
    _disown(at)
    try:
        settings.write(at, more)
    except OSError as error:
        raise _failure(at, "start_failed", error.strerror or "") from None
    before = _logs(at)
    for _ in range(20):
        if _launch(at, use["pg_ctl"]):
            break
        reason = _news(at, before)
        if "still in use" not in reason:  # the children of a killed server are still leaving
            raise _failure(at, "start_failed", reason)
        time.sleep(0.5)
    else:
        raise _failure(at, "start_failed", reason)
    for path in [at.socket, *at.socket.iterdir()]:
        at.service.owns(path, path.stat().st_mode & 0o700)


def _launch(at: Place, pg_ctl: str) -> bool:
    at.server.owns(at.socket, 0o700)
    log = at.log / "start.log"
    log.write_bytes(b"")
    at.server.owns(log, 0o600)
    run = subprocess.run(
        [pg_ctl, "start", "-w", "-t", "600", "-s", "-D", at.data, "-l", log],
        **_quiet(at),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return run.returncode == 0


def _stop(at: Place) -> None:
    if postmaster(at) is not None:
        run = subprocess.run(
            [programs(at.data)["pg_ctl"], "stop", "-w", "-s", "-m", "fast", "-D", at.data],
            **_quiet(at),
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise _failure(at, "stop_failed", run.stderr)
    if at.socket.exists():
        _sweep(at)


def _sweep(at: Place) -> None:
    """Remove what a server that is gone has left: its socket and old logs."""
    for path in at.socket.iterdir():
        path.unlink()
    for path in sorted(at.log.glob("postgresql-*.log"))[:-KEPT_LOGS]:
        path.unlink()


def _disown(at: Place) -> None:
    """Put our own number into the process file that a killed server has left.

    PostgreSQL takes the number of a living stranger for a running server, but not that of its own
    grandparent. The file itself must stay: its key finds the memory that children may still hold.
    """
    path = at.data / "postmaster.pid"
    if path.exists():
        lines = path.read_bytes().splitlines()[1:]
        path.write_bytes(b"\n".join([str(os.getpid()).encode(), *lines, b""]))


def _quiet(at: Place) -> dict[str, Any]:
    return {"cwd": "/", "stdin": subprocess.DEVNULL, "env": ENVIRONMENT, **at.server.run_as()}


def _logs(at: Place) -> dict[Path, int]:
    return {path: path.stat().st_size for path in at.log.glob("postgresql-*.log")}


def _news(at: Place, before: Mapping[Path, int]) -> str:
    """Return what the logs say since ``before``."""
    texts = [(at.log / "start.log").read_bytes()]
    texts += [path.read_bytes()[before.get(path, 0) :] for path in sorted(_logs(at))]
    return b"\n".join(texts).decode("utf-8", "replace")


def _failure(at: Place, key: str, reason: str) -> DatabaseError:
    if "No space left on device" in reason:
        free = _mb(shutil.disk_usage(at.home).free)
        return DatabaseError("disk_full", home=at.home, free=free)
    lines = [line for line in reason.splitlines() if "FATAL" in line or "error" in line.lower()]
    last = (lines or reason.splitlines() or [""])[-1].strip()
    return DatabaseError(key, reason=last, log=at.log)


def _mb(size: int) -> int:
    return size // settings.MEGABYTE
