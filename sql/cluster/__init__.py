"""The private cluster: a PostgreSQL server of our own, reached by a socket and nothing else."""

from .place import Place, place
from .server import Status, locked, running, start, status, stop

__all__ = ["Place", "Status", "locked", "place", "running", "start", "status", "stop"]
