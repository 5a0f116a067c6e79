"""Coordinates: the only place that converts them. Points are always longitude, latitude."""

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError

from gis.errors import BadInput

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
        self.lon, self.lat = float(lon), float(lat)

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


# The Chinese datums. GCJ-02 and BD-09 are shifts of WGS 84; the formulae are public knowledge.
_GCJ_A, _GCJ_EE = 6378245.0, 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


def to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Shift WGS 84 degrees to GCJ-02."""
    x, y = lon - 105.0, lat - 35.0
    wave = (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x)) * 40.0 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (np.sin(np.pi * x) * 20 + np.sin(np.pi / 3 * x) * 40) * 2 / 3
    east += (np.sin(np.pi / 12 * x) * 150 + np.sin(np.pi / 30 * x) * 300) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (np.sin(np.pi * y) * 20 + np.sin(np.pi / 3 * y) * 40) * 2 / 3
    north += (np.sin(np.pi / 12 * y) * 160 + np.sin(np.pi / 30 * y) * 320) * 2 / 3
    rad = np.radians(lat)
    magic = 1 - _GCJ_EE * np.sin(rad) ** 2
    root = np.sqrt(magic)
    return (
        lon + np.degrees(east / (_GCJ_A / root * np.cos(rad))),
        lat + np.degrees(north / (_GCJ_A * (1 - _GCJ_EE) / (magic * root))),
    )


def to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Shift WGS 84 degrees to BD-09."""
    x, y = to_gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def to_stored(lon: Array, lat: Array, datum: str = "cgcs2000") -> tuple[Array, Array]:
    """Return degrees of a datum as stored degrees (CGCS2000, on the lattice).

    GCJ-02 and BD-09 have no inverse formula: a fixed point of four steps is within a micrometre.
    WGS 84 and CGCS2000 are the same to a few centimetres and are not shifted.

    Raises
    ------
    BadInput
        Unknown datum, or not longitudes and latitudes.
    """
    if datum not in DATUMS:
        raise BadInput("datum", datum=datum, known="、".join(DATUMS))
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if not ((np.abs(lon) <= 180) & (np.abs(lat) <= 90)).all():
        raise BadInput("not_degrees")
    x, y = lon, lat
    if datum in ("gcj02", "bd09"):
        shift = to_gcj02 if datum == "gcj02" else to_bd09
        for _ in range(4):
            there = shift(x, y)
            x, y = x + lon - there[0], y + lat - there[1]
    return snap(x), snap(y)


def convert(shape: NDArray[np.object_], datum: str) -> NDArray[np.object_]:
    """Return geometries in degrees of a datum as stored; see `to_stored`. None stays None.

    Raises
    ------
    BadInput
        As in `to_stored`.
    """
    flat = shapely.force_2d(np.asarray(shape, dtype=object))

    def store(xy: Array) -> Array:
        return np.stack(to_stored(xy[:, 0], xy[:, 1], datum), axis=1)

    return np.asarray(shapely.transform(flat, store))


def shifted(lon: Array, lat: Array, datum: str) -> tuple[Array, Array]:
    """Return stored degrees as degrees of a datum, on the lattice.

    Raises
    ------
    BadInput
        Unknown datum.
    """
    if datum not in DATUMS:
        raise BadInput("datum", datum=datum, known="、".join(DATUMS))
    if datum == "gcj02":
        lon, lat = to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = to_bd09(lon, lat)
    return snap(lon), snap(lat)


def unprojected(shape: NDArray[np.object_], name: str) -> NDArray[np.object_]:
    """Return geometries in degrees, longitude latitude, of the datum that their system is of.

    A file may name a projection (CGCS2000 / 3-degree Gauss-Kruger and the like); one in degrees
    already, or of a name nobody knows, is left as it is.

    Raises
    ------
    BadInput
        A projection of another datum than CGCS2000 and WGS 84.
    """
    try:
        plane = CRS.from_user_input(name)
    except CRSError:
        return shape
    if not plane.is_projected:
        return shape
    base = plane.geodetic_crs
    known = ("2000", "CGCS", "WGS 84", "WGS_1984")
    if base is None or not any(word in base.name for word in known):
        raise BadInput("projected", crs=plane.name)
    there = Transformer.from_crs(plane, base, always_xy=True)

    def degrees(xy: Array) -> Array:
        return np.stack(there.transform(xy[:, 0], xy[:, 1]), axis=1)

    return np.asarray(shapely.transform(shape, degrees))
