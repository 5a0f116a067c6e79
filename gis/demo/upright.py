"""A site turned so that its streets run along the axes, to draw in, and the way back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import Point, Polygon, box

from .lines import rounded
from .parts import Site
from .slabs import steep_angle


@dataclass(frozen=True, slots=True)
class Upright:
    """The parcel and block of a site, turned about the parcel's centroid by its streets' angle."""

    parcel: Polygon
    block: Polygon
    degrees: float
    origin: Point

    def back(self, shape: Any) -> Any:
        """Turn a shape or an array of shapes back into local metres, to the millimetre."""
        return rounded(_turned(shape, self.degrees, self.origin))

    def at(self, u: float, v: float) -> tuple[float, float]:
        """Return the point at shares u, v of the parcel's bounds from the south-west."""
        west, south, east, north = self.parcel.bounds
        return west + u * (east - west), south + v * (north - south)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the parcel's bounds [m]."""
        west, south, east, north = self.parcel.bounds
        return east - west, north - south


def upright(site: Site) -> Upright:
    """Turn a site upright."""
    degrees = -float(np.degrees(steep_angle(site.parcel)))
    origin = site.parcel.centroid
    parcel, block = (_turned(s, -degrees, origin) for s in (site.parcel, site.block))
    return Upright(parcel, block, degrees, origin)


def _turned(shape: Any, degrees: float, origin: Point) -> Any:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    centre, turn = np.array(origin.coords[0]), np.array([[cos, sin], [-sin, cos]])
    return shapely.transform(shape, lambda points: (points - centre) @ turn + centre)


def slab(centre: tuple[float, float], width: float, height: float) -> Polygon:
    """Return a box about its centre [m]."""
    x, y = centre
    return box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
