"""`./yige up`: set up what is missing, then serve until told to stop."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import FrameType

import click

from sql import cluster
from sql.cluster.place import CHECKOUT, Place, private_directory
from sql.database import Database
from web import config as configuration
from web.commands import report, running, say
from web.commands.setup import EMPTY, run_steps
from web.config import HOST, PORT, Config
from web.i18n import t

PACKAGES = ("sql", "gis", "layers", "web")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "YIGE_LANG", "PYTHONUNBUFFERED", "FORWARDED_ALLOW_IPS")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command(help=t("help.up"))
@click.option("--port", default=PORT, show_default=True, help=t("help.port"))
@click.option("--host", default=HOST, show_default=True, help=t("help.host"))
@click.option("--stay", is_flag=True, help=t("help.stay"))
@EMPTY
def up(port: int, host: str, stay: bool, empty: bool) -> int:
    """Serve; the database stops with the server unless it is to stay."""
    config = configuration.from_environment(host, port)
    check_address(config)
    with running(config.database):
        if stay and config.database.url is None:
            cluster.start(config.database.place, report=report)
        run_steps(config.database, empty)
        check_address(config)  # somebody may have come in the meantime
        say("up.serving", url=config.url)
        return serve(config)


def check_address(config: Config) -> None:
    """Refuse an address that cannot be served at.

    Raises
    ------
    click.ClickException
        A port that only root may open, an unknown host, or a port in use.
    """
    if not 1024 <= config.port <= 65535:
        raise click.ClickException(t("error.port_range", port=config.port))
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise click.ClickException(t("error.host", host=config.host)) from None
    except OSError as error:
        key = "error.already_up" if is_yige(config) else "error.port_taken"
        values = {"url": config.url, "port": config.port, "other": config.port + 1}
        raise click.ClickException(t(key, **values, reason=error.strerror)) from None


def is_yige(config: Config) -> bool:
    """Tell whether it is a server of ours that answers at the address."""
    try:
        with closing(http.client.HTTPConnection(config.host, config.port, timeout=3)) as asked:
            asked.request("GET", "/health")
            answer = json.loads(asked.getresponse().read(10_000))
        return isinstance(answer, dict) and answer.get("service") == "yige"
    except (OSError, ValueError, http.client.HTTPException):
        return False


def serve(config: Config) -> int:
    """Run the server in a session of its own and pass on what ends us; return its exit status."""
    server = _launch(config)
    asked = False

    def leave(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        server.send_signal(signal.SIGINT if asked else signal.SIGTERM)  # the second time: at once
        asked = True

    before = {number: signal.signal(number, leave) for number in SIGNALS}
    try:
        status = server.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        say("up.stopped")
        return 0
    return abs(status) or os.EX_SOFTWARE


def _launch(config: Config) -> "subprocess.Popen[bytes]":
    """Start the server as the service's user, with nothing of root's."""
    at = config.database.place
    private_directory(at.own, at.service)
    _hand_over(at)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "web.server", config.host, str(config.port)],
            env=environment(config),
            cwd="/",
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **at.service.run_as(),
        )
    except PermissionError:
        message = t("error.python_unreadable", user=at.service.name, python=sys.executable)
        raise click.ClickException(message) from None


def environment(config: Config) -> dict[str, str]:
    """Return what the server's processes are told, its code published."""
    at = config.database.place
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
        "PYTHONPATH": str(publish(config)),
        "YIGE_HOME": str(at.home),
        "YIGE_DATABASE_URL": config.database.public_url(),
        "NUMBA_CACHE_DIR": str((at.home if _is_ours(config) else at.own) / "numba"),
        "HOME": str(at.own),
    }


def _hand_over(at: Place) -> None:
    """Let the server renew packs that an administrator's command has written."""
    packs = at.home / "pack"
    for path in (packs, *packs.rglob("*")) if packs.exists() else ():
        at.service.owns(path, 0o755 if path.is_dir() else 0o644)


@contextmanager
def warming(to: Database) -> Iterator[None]:
    """Compile the searches for the server meanwhile, whose user keeps a cache of its own.

    It is no failure if that user cannot read Python: the server will say so.
    """
    config = Config(to)
    private_directory(to.place.own, to.place.service)
    command = [sys.executable, "-P", "-c", "from gis.walk.reach import warm; warm()"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    to_run = {"env": environment(config), "cwd": "/", **silent, **to.place.service.run_as()}
    with ExitStack() as stack:
        with suppress(OSError):
            if not _is_ours(config):
                stack.enter_context(subprocess.Popen(command, **to_run))
        yield


def _is_ours(config: Config) -> bool:
    """Tell whether the server runs as the user of this command."""
    return config.database.place.service.uid == os.geteuid()


def publish(config: Config) -> Path:
    """Return the directory that the server's code is read from.

    Root may keep the checkout where the service's user cannot go (below /root): it gets a copy,
    one for each port, renewed at each start.
    """
    at = config.database.place
    if _is_ours(config):
        return CHECKOUT
    copy = at.home / "code" / str(config.port)
    shutil.rmtree(copy, ignore_errors=True)
    for name in PACKAGES:
        shutil.copytree(CHECKOUT / name, copy / name)
    shutil.copy2(CHECKOUT / "pyproject.toml", copy)
    subprocess.run(["chmod", "-R", "a+rX", at.home / "code"], check=True)
    return copy
