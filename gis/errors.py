"""What can go wrong in the domain: each error has a key of the translations, and values."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from sql.errors import YigeError

__all__ = [
    "BadInput",
    "Conflict",
    "Elsewhere",
    "Forbidden",
    "Infeasible",
    "Misplaced",
    "NoNetwork",
    "NotFound",
    "TilingError",
    "YigeError",
    "told",
]


class NotFound(YigeError):
    """There is nothing of that code or name."""


class Conflict(YigeError):
    """Somebody or something else got there first."""


class Forbidden(YigeError):
    """Somebody may see a thing, but not change it."""


class BadInput(YigeError):
    """A file, a value or a place that cannot be used."""


class Misplaced(BadInput):
    """A thing cannot stand where it was put; the values name the place."""


class NoNetwork(BadInput):
    """There are no ways to walk on."""


class Elsewhere(YigeError):
    """A server of somebody else does not do what it should."""


class Infeasible(YigeError):
    """What is asked for cannot be had; the values name what stands in the way."""


class TilingError(YigeError):
    """Areas that should tile their parent exactly do not; the values name the place."""


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database refuses into an error that says what to do.

    Raises
    ------
    TilingError, BadInput, Conflict
        A rule of the schema was broken; nothing was stored.
    """
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("twice", reason=error.diag.message_detail) from error
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        name, reason = error.diag.constraint_name, error.diag.message_primary
        if name == "tiling":
            raise TilingError("tiling", reason=reason) from error
        if name == "station_on_land":
            raise BadInput("in_water", reason=reason) from error
        rule = name or error.diag.column_name or error.sqlstate
        raise BadInput("rule_broken", rule=rule, reason=reason) from error
