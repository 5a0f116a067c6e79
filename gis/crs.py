"""Coordinates: the only place that converts them. Points are always longitude, latitude."""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

LATTICE = 9  # decimals of a degree: 0.1 mm
Array = NDArray[np.float64]
CGCS2000 = Geod(a=6378137.0, rf=298.257222101)


def snap(coordinates: Array) -> Array:
    """Round degrees to the lattice of 1e-9 degrees; minus zero becomes zero."""
    return np.round(coordinates, LATTICE) + 0.0


def lengths(lon: Array, lat: Array) -> Array:
    """Return the n - 1 geodesic lengths [m] between n consecutive points."""
    distance = CGCS2000.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    return np.asarray(distance, dtype=np.float64)


class LocalPlane:
    """A metre plane around one place: transverse Mercator, scale 1 on its own meridian.

    Within 20 km of its centre lengths are true to 5 parts in a million.
    """

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat

    @property
    def definition(self) -> str:
        """The plane as a PROJ string."""
        return (
            f"+proj=tmerc +lat_0={self.lat!r} +lon_0={self.lon!r} +k=1 +x_0=0 +y_0=0 "
            "+ellps=GRS80 +units=m +no_defs"
        )

    @cached_property
    def _transformer(self) -> Transformer:
        return Transformer.from_crs("EPSG:4490", self.definition, always_xy=True)

    def forward(self, lon: Array, lat: Array) -> tuple[Array, Array]:
        """Project degrees to x east, y north [m]."""
        x, y = self._transformer.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def inverse(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the lattice points (lon, lat) of x east, y north [m]."""
        lon, lat = self._transformer.transform(x, y, direction="INVERSE")
        return snap(np.asarray(lon)), snap(np.asarray(lat))

    def project(self, shape: NDArray[np.object_]) -> NDArray[np.object_]:
        """Project geometries in degrees, longitude latitude, to x east, y north [m]."""

        def forward(xy: Array) -> Array:
            return np.stack(self.forward(*xy.T), axis=1)

        return np.asarray(shapely.transform(np.asarray(shape, dtype=object), forward))
