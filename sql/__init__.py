"""The database side: named queries here, connections in `database`, changes in `migrate`."""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

from psycopg import sql as pgsql

ROOT = Path(__file__).parent
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def query(name: str) -> pgsql.SQL:
    """Return the query ``file.name``: ``query("areas.tree")`` reads queries/areas.sql.

    Raises
    ------
    KeyError
        The file has no query of that name.
    """
    file, _, key = name.partition(".")
    parts = _NAME.split((ROOT / "queries" / f"{file}.sql").read_text("utf-8"))
    text = dict(zip(parts[1::2], parts[2::2], strict=True))[key]
    return pgsql.SQL(cast(LiteralString, text))  # our own file: as trusted as a literal
