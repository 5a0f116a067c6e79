"""The environment of the other engines, ``.venv-bench``: made when it is first needed."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".venv-bench"
LOCK = ROOT / "bench" / "requirements.lock"
MARK = FOLDER / "lock.sha256"


def python() -> Path:
    """Return the interpreter of that environment; make or renew the environment if need be.

    Raises
    ------
    RuntimeError
        It cannot be made; the text is the last line of what pip said.
    """
    own = FOLDER / "bin" / "python"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (own.exists() and MARK.exists() and MARK.read_text() == wanted):
        print("bench: installing the other engines into .venv-bench …", file=sys.stderr)
        _must(sys.executable, "-m", "venv", "--clear", FOLDER)
        _must(own, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK)
        MARK.write_text(wanted)
    return own


def _must(*command: object) -> None:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason was given"]
        raise RuntimeError(f".venv-bench cannot be made: {lines[-1]}")


def version_of(package: str) -> str | None:
    """Return the version that the lock names of a package; None if it is not in it."""
    found = re.search(rf"^{re.escape(package)}==(\S+)", LOCK.read_text(), re.MULTILINE)
    return found and found[1]
