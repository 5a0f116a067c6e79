"""A picture of a town as the map will show it: warm paper, white roads, walls finer than buildings.

Geometries in local metres. This is the only module that needs matplotlib.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

LAND = {
    "field": "#ECEBDB", "village": "#F0ECE2", "old_quarter": "#F0ECE2", "park": "#E4EAD6",
    "plaza": "#F3EFE6", "station_square": "#F3EFE6", "school": "#F1EBDD",
    "hospital": "#F3E9E4", "government": "#EFE9DF", "commerce": "#F2EADF", "factory": "#E9E6E0",
    "railway_yard": "#E6E2D9", "green": "#E4EAD6", "track": "#E6DCCB",
}  # fmt: skip
BUILDING = {
    "slab": "#CFE3DC", "tower": "#A9CFC5", "house": "#DDE7DC", "village_house": "#E2E9DA",
    "shop": "#E8D9C5", "factory": "#D5D1C8", "school": "#E2D3B4", "hospital": "#E3C9C2",
    "government": "#D9CDB8", "dormitory": "#D6DCCB", "kindergarten": "#E8D3A8",
}  # fmt: skip
WIDTH = {"primary": 27.0, "secondary": 18.0, "residential": 9.5}
LANE = {"living_street": ("#FBFAF6", 3.6), "service": ("#ECE7DD", 3.0), "footway": ("#FBFAF6", 2.6)}

Step = Callable[[Any, Any], None]  # pen, town


def picture(
    town: Any,
    path: Path | str,
    metres_per_pixel: float = 3.0,
    box: tuple[float, float, float, float] | None = None,
    units: bool = False,
    steps: Sequence[Step] | None = None,
) -> None:
    """Draw a fabric, or any tables of the same names in metres, to a PNG.

    Parameters
    ----------
    metres_per_pixel
        Size of a pixel on the ground [m].
    box
        West, south, east, north [m]; the whole canvas if None.
    units
        Draw the borders of units too.
    steps
        What is drawn, from the bottom up; `TOWN` if None.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    west, south, east, north = box or town.canvas.bounds
    size = ((east - west) / metres_per_pixel / 100, (north - south) / metres_per_pixel / 100)
    figure = Figure(figsize=size, dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(west, east), ylim=(south, north), facecolor="#F3F1EB")
    axes.set_axis_off()
    figure.set_facecolor("#F3F1EB")
    draw = Pen(axes, metres_per_pixel)
    for step in steps or TOWN:
        step(draw, town)
    if units:
        draw.lines(shapely.boundary(town.unit.geometry.values), "#3B2FCB", 0, least=0.6)
    draw.lines([town.outline.exterior], "#2A2F3A", 0, least=1.6)
    _names(draw, town)
    figure.savefig(path)


class Pen:
    """Draws shapes on axes; widths in metres, never thinner than so many pixels."""

    def __init__(self, axes: Any, metres_per_pixel: float) -> None:
        self.axes, self.scale = axes, metres_per_pixel

    def fill(self, shapes: Any, colour: str, edge: str | None = None, pixels: float = 0.6) -> None:
        """Fill polygons, holes left open."""
        from matplotlib.collections import PathCollection

        if len(shapes):
            drawn = [
                _outline(shape) for shape in shapely.get_parts(np.asarray(shapes, dtype=object))
            ]
            self.axes.add_collection(
                PathCollection(
                    drawn, facecolor=colour, edgecolor=edge or "none", linewidth=pixels * 0.72
                )
            )

    def lines(
        self, shapes: Any, colour: str, metres: float, least: float = 0.5, **style: Any
    ) -> None:
        """Draw lines of a width on the ground, at least so many pixels."""
        from matplotlib.collections import LineCollection

        parts = [
            shapely.get_coordinates(p) for p in shapely.get_parts(np.asarray(shapes, dtype=object))
        ]
        width = max(metres / self.scale, least) * 0.72
        style = {"capstyle": "round", "joinstyle": "round"} | style
        self.axes.add_collection(LineCollection(parts, colors=colour, linewidths=width, **style))


def _outline(shape: shapely.Polygon) -> Any:
    from matplotlib.path import Path as Outline

    rings = [shape.exterior, *shape.interiors]
    return Outline.make_compound_path(
        *(Outline(shapely.get_coordinates(r), closed=True) for r in rings)
    )


def _ground(pen: Pen, town: Any) -> None:
    pen.fill([town.outline], "#EEEBE3")
    for kind, colour in LAND.items():
        if kind == "green":  # patches come last: they lie on the land of sites
            pen.fill(town.compound.geometry.values, "#F8F6F1")
        pen.fill(town.land.geometry[town.land.kind == kind].values, colour)
    river = town.water[town.water.kind == "river"].geometry.values
    pen.fill(shapely.buffer(river, 16), "#E4EAD6")
    pen.fill(town.water.geometry.values, "#CFDDE6", "#B9CBD7", 1.0)
    islands = town.land[(town.land.kind == "green")].geometry.values
    pen.fill(islands[shapely.intersects(islands, shapely.convex_hull(river)[0])], "#E4EAD6")


def _roads(pen: Pen, town: Any) -> None:
    for kind, (colour, metres) in LANE.items():
        if pen.scale < 6:
            pen.lines(town.way[town.way.highway == kind].geometry.values, colour, metres, 0.8)
    by = {
        kind: town.way[(town.way.highway == kind) & ~town.way.bridge].geometry.values
        for kind in WIDTH
    }
    for kind in reversed(WIDTH):
        if pen.scale < 9 or kind != "residential":
            pen.lines(by[kind], "#DAD3C6", 0.9 * WIDTH[kind] + 2 * pen.scale, 2.2)
    for kind in reversed(WIDTH):
        pen.lines(by[kind], "#FFFFFF", 0.9 * WIDTH[kind], 1.6 if kind != "residential" else 1.0)
    for _, bridge in town.way[town.way.bridge].iterrows():
        width = WIDTH.get(bridge.highway, 6)
        pen.lines([bridge.geometry], "#9F9888", width + 2 * pen.scale, 3, capstyle="butt")
        pen.lines([bridge.geometry], "#FFFFFF", width * 0.9, 1.6)
    rails = town.barrier[town.barrier.kind == "railway"].geometry.values
    pen.lines(rails, "#A8A195", 3.2, 2.0)
    pen.lines(rails, "#FFFFFF", 1.4, 0.9, linestyles=[(0, (4, 4))], capstyle="butt")
    walls = town.barrier[town.barrier.kind != "railway"].geometry.values
    if pen.scale < 6:
        pen.lines(walls, "#B5AC9C", 0.6, 0.6)


def _buildings(pen: Pen, town: Any) -> None:
    for kind in sorted(town.building.kind.unique()):
        shapes = town.building[town.building.kind == kind].geometry.values
        pen.fill(shapes, BUILDING.get(kind, "#E2DED4"), "#8FA9A0" if pen.scale < 2 else None)


def _gates(pen: Pen, town: Any) -> None:
    if pen.scale > 4 or not len(town.gate):
        return
    shut = town.gate.hours == "off"
    for rows, face in ((town.gate[~shut], "#FFFFFF"), (town.gate[shut], "#2A2F3A")):
        pen.axes.scatter(
            rows.geometry.x, rows.geometry.y, s=14 / pen.scale, c=face, edgecolors="#2A2F3A",
            linewidths=0.6, marker="o" if face == "#FFFFFF" else "s", zorder=5,
        )  # fmt: skip


def _names(pen: Pen, town: Any) -> None:
    """Write road names along main and second roads, at most one in 900 m."""
    from matplotlib import rcParams

    rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "DejaVu Sans"]
    rcParams["font.family"] = "sans-serif"
    roads: gpd.GeoDataFrame = town.way[town.way.highway.isin(["primary", "secondary"])]
    done: list[tuple[str, float, float]] = []
    for _, road in roads.iterrows():
        middle = road.geometry.interpolate(0.5, normalized=True)
        near = any(
            n == road["name"] and np.hypot(x - middle.x, y - middle.y) < 1200 for n, x, y in done
        )
        if road["name"] and not near and road.geometry.length > 25 * pen.scale * len(road["name"]):
            done.append((road["name"], middle.x, middle.y))
            _write(pen, road["name"], road.geometry)


def _write(pen: Pen, name: str, line: shapely.LineString) -> None:
    """Write a name along a line: turned with it, or one character under another if it is steep."""
    a, b = (line.interpolate(s, normalized=True) for s in (0.47, 0.53))
    angle = np.degrees(np.arctan2(b.y - a.y, b.x - a.x))
    angle = (angle + 90) % 180 - 90
    steep = abs(angle) > 60
    middle = line.interpolate(0.5, normalized=True)
    pen.axes.text(
        middle.x, middle.y, "\n".join(name) if steep else " ".join(name), ha="center", va="center",
        rotation=0 if steep else angle, fontsize=7.5, color="#5E6467", clip_on=True,
        linespacing=1.15,
    )  # fmt: skip


GROUND: tuple[Step, ...] = (_ground, _roads)
TOWN: tuple[Step, ...] = (*GROUND, _buildings, _gates)
