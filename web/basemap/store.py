"""Tiles kept on disk: bounded in age and in all; where the disk is full, nothing is kept."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

AGE_S = 30 * 86_400
LIMIT = 500_000_000  # bytes
EVERY = 200  # tiles written by a process between two looks at the whole


class Store:
    """A folder of files; those written longest ago go first."""

    def __init__(self, root: Path, limit: int = LIMIT, age_s: float = AGE_S) -> None:
        self.root = root
        self.limit = limit
        self.age_s = age_s
        self._written = 0

    def fresh(self, key: str) -> bytes | None:
        """Return what is kept under a key, unless it is too old."""
        path = self.root / key
        with suppress(OSError):
            if time.time() - path.stat().st_mtime < self.age_s:
                return path.read_bytes()
        return None

    def any(self, key: str) -> bytes | None:
        """Return what is kept under a key, however old."""
        with suppress(OSError):
            return (self.root / key).read_bytes()
        return None

    def keep(self, key: str, body: bytes) -> None:
        """Keep a tile: written aside, then renamed, so that nobody reads half of it."""
        path = self.root / key
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                Path(aside).replace(path)
            except OSError:
                Path(aside).unlink(missing_ok=True)
        self._written += 1
        if self._written % EVERY == 0:
            self.tidy()

    def tidy(self) -> None:
        """Remove the oldest files until a tenth below the limit, if they are beyond it."""
        found = sorted(self._files())
        size = sum(bytes_ for _, bytes_, _ in found)
        if size <= self.limit:
            return
        for _, bytes_, path in found:
            if size <= 0.9 * self.limit:
                return
            with suppress(OSError):
                path.unlink()
                size -= bytes_

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = Path(folder) / name
                with suppress(OSError):
                    about = path.stat()
                    found.append((about.st_mtime, about.st_size, path))
        return found
