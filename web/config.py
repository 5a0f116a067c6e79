"""What the service is told before it starts."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher

from sql import database
from sql.cluster.place import CHECKOUT
from sql.database import Database

HOST, PORT = "127.0.0.1", 8371


@dataclass(frozen=True, slots=True)
class Config:
    """The database, the address, how many requests are answered at once, how dear a password is."""

    database: Database
    host: str = HOST
    port: int = PORT
    workers: int = 2
    threads: int = 16
    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    @property
    def url(self) -> str:
        """The address of the service, for people on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def from_environment(
    host: str = HOST, port: int = PORT, environ: Mapping[str, str] = os.environ
) -> Config:
    """Return the configuration of this environment."""
    workers = min(max(os.cpu_count() or 1, 2), 4)
    return Config(database.from_environment(environ), host, port, workers)


@cache
def version() -> str:
    """Return the version of the project, as pyproject.toml gives it."""
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    found: str = tomllib.loads(text)["project"]["version"]
    return found
