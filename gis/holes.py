"""How posts are filled over the grids of a district, and where nobody holds one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row

from gis import errors, posts
from gis.serving import KINDS, Target
from sql import query
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Grid:
    """How a post is filled in a grid.

    ``needed`` is 1, of building heads one for each slab and tower somebody lives in; ``held``
    counts those who serve, ``holder`` names the first of them by name. ``since`` is when the last
    holder of an empty post left, or when the grid began.
    """

    id: int
    code: str
    name: str
    households: int
    needed: int
    held: int
    holder: str | None
    since: datetime | None

    @property
    def missing(self) -> int:
        """How many are missing."""
        return max(0, self.needed - self.held)


def grids(conn: Conn, district: str, role: str, area: str | None = None) -> list[Grid]:
    """Return how a post is filled in each grid, by code.

    Only grids whose assignments one may see; all of them below ``area``, if a code is given.

    Raises
    ------
    BadInput
        There is no such post.
    """
    posts.post(role)
    values = {"district": district, "role": role, "area": area}
    with conn.cursor(row_factory=class_row(Grid)) as cursor:
        return cursor.execute(query("posts.grids"), values).fetchall()


def missing(grids: list[Grid]) -> list[Grid]:
    """Return those in which somebody is missing, the longest empty first, then by code."""
    found = [grid for grid in grids if grid.missing]
    return sorted(found, key=lambda grid: (grid.since is None, grid.since, grid.code))


def holes(conn: Conn, district: str, role: str, area: str | None = None) -> list[Grid]:
    """Return the grids where somebody is missing in a post; as ``grids`` and ``missing``.

    Raises
    ------
    BadInput
        There is no such post.
    """
    return missing(grids(conn, district, role, area))


def headless(conn: Conn, district: str, grid: Target) -> list[dict[str, Any]]:
    """Return the slabs and towers of a grid without a building head, by code.

    Each with id, name, compound, households, and its place (lon, lat in degrees).
    """
    values = {"district": district, "area": grid.id}
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query("posts.headless"), values).fetchall()


def portrait(conn: Conn, district: str, of: Target) -> dict[str, Any]:
    """Return what a target is made of.

    The areas it lies in (code, name, level, the smallest first), its households, people, buildings,
    compounds, a point (lon, lat) and a bbox (west, south, east, north) in degrees.

    Raises
    ------
    NotFound
        It has no shape now.
    """
    values = {
        "district": district,
        **{kind: of.id if kind == of.kind else None for kind in KINDS},
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query("posts.portrait"), values).fetchone()
    if found is None:
        raise errors.NotFound(f"no_{of.kind}", id=of.id, code=of.code)
    return found
