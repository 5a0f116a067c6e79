"""Districts drawn as letters: a letter is a grid, a line of the drawing a row of cells.

Cells are a thousandth of a degree wide, the first one at the upper left. Each grid has a vertex at
every corner of a cell on its outline, so grids share all vertices on their borders.
"""

from collections import defaultdict
from datetime import date
from typing import Any

import shapely

from gis import districts
from gis.content import Content, table
from gis.districts import District
from gis.tiling import dissolve
from sql.database import Conn

CODE = "371799"
HOME = District(CODE, "画区", 115.0, 35.0, date(2026, 11, 20), sample=True)
SUBDISTRICT = f"{CODE}001"
NAMES = {"district": HOME.name, "subdistrict": "街道"}


def at(column: float, row: float) -> tuple[float, float]:
    """Return the corner (column, row) of the drawing, counted from the upper left."""
    return round(115 + column / 1000, 9), round(35 - row / 1000, 9)


def cells(text: str) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for y, line in enumerate(text.split()):
        for x, letter in enumerate(line):
            ring = [at(x, y + 1), at(x + 1, y + 1), at(x + 1, y), at(x, y)]
            found[letter].append(shapely.Polygon(ring))
    return found


def union(shapes: list[Any]) -> Any:
    """Return shapes as one, with all their vertices that lie on its outline."""
    return dissolve(shapes, [0] * len(shapes))[0]


def areas(text: str, communities: tuple[str, ...]) -> Any:
    """Return the tree of a drawing: each community a string of its grids' letters."""
    grid = {letter: union(squares) for letter, squares in cells(text).items()}
    rows = []
    shapes = []
    for i, letters in enumerate(communities, 1):
        code = f"{SUBDISTRICT}{i:03d}"
        shapes.append(union([grid[letter] for letter in letters]))
        rows.append(row(code, "community", f"社区{i}", SUBDISTRICT, shapes[-1], True))
        rows += [
            row(f"{code}{j:03d}", "grid", letter, code, grid[letter], False)
            for j, letter in enumerate(letters, 1)
        ]
    whole = union(shapes)
    return table("area", [
        row(CODE, "district", NAMES["district"], None, whole, True),
        row(SUBDISTRICT, "subdistrict", NAMES["subdistrict"], CODE, whole, True),
        *rows,
    ])  # fmt: skip


def row(code: str, level: str, name: str, parent: str | None, shape: Any, tiled: bool) -> Any:
    if shape.geom_type == "Polygon":
        shape = shapely.MultiPolygon([shape])
    return {
        "code": code, "level": level, "name": name, "parent": parent, "tiled": tiled,
        "geometry": shape,
    }  # fmt: skip


def content(area: Any) -> Content:
    names = ("compound", "building", "gate", "barrier", "water", "land", "way", "station")
    return Content(area=area, **{name: table(name, []) for name in names})


def store(conn: Conn, text: str, *communities: str) -> None:
    districts.create(conn, HOME, content(areas(text, communities)))


def move(conn: Conn, names: str | list[str], vertex: tuple[float, float], dx: float) -> None:
    """Move a vertex east by some degrees in the areas of these names, as psql would."""
    old = f"{vertex[0]:.9f} {vertex[1]:.9f}".split()
    old_text = " ".join(number.rstrip("0").rstrip(".") for number in old)
    new_text = f"{vertex[0] + dx:.11f} {old_text.split()[1]}"
    moved = conn.execute(
        """
        UPDATE app.area_version AS v
           SET geom = ST_GeomFromText(replace(ST_AsText(geom, 15), %s, %s), 4490)
          FROM app.area AS a WHERE a.district = v.district AND a.id = v.area AND a.name = ANY (%s)
        """,
        [old_text, new_text, list(names)],
    )
    assert moved.rowcount == len(names)


def commit_checks(conn: Conn) -> None:
    """Run what a commit would check, and stay in the transaction."""
    conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
    conn.execute("SET CONSTRAINTS ALL DEFERRED")
