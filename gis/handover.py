"""Addresses that hand a place over to the map apps of a phone, each in the datum the app reads.

The formats are those of the makers' public URI interfaces. Where one starts from is not in them:
the app knows it, and nobody else need.
"""

from urllib.parse import quote, urlencode

import numpy as np

from gis.crs import to_bd09, to_gcj02

SOURCE = "yige"


def links(lon: float, lat: float, name: str) -> dict[str, str]:
    """Return the address of the way on foot to a place by app: ``amap``, ``baidu``, ``geo``.

    ``geo`` (RFC 5870) is read by whatever app the phone has; its degrees are WGS 84, amap's are
    GCJ-02, baidu's BD-09.
    """
    here = np.array([lon]), np.array([lat])
    gcj, bd = (_text(shift(*here)) for shift in (to_gcj02, to_bd09))
    return {"amap": _amap(*gcj, name), "baidu": _baidu(*bd, name), "geo": _geo(lon, lat, name)}


def _amap(lon: str, lat: str, name: str) -> str:
    asked = {"to": f"{lon},{lat},{_plain(name)}", "mode": "walk", "coordinate": "gaode",
             "callnative": "1", "src": SOURCE}  # fmt: skip
    return f"https://uri.amap.com/navigation?{urlencode(asked, safe=',')}"


def _baidu(lon: str, lat: str, name: str) -> str:
    asked = {"destination": f"latlng:{lat},{lon}|name:{_plain(name)}", "coord_type": "bd09ll",
             "mode": "walking", "output": "html", "src": SOURCE}  # fmt: skip
    return f"https://api.map.baidu.com/direction?{urlencode(asked, safe=':,')}"


def _geo(lon: float, lat: float, name: str) -> str:
    place = f"{lat:.6f},{lon:.6f}"
    return f"geo:{place}?q={place}({quote(name)})"


def _text(degrees: tuple[np.ndarray, np.ndarray]) -> tuple[str, str]:
    lon, lat = (float(one[0]) for one in degrees)
    return f"{lon:.6f}", f"{lat:.6f}"


def _plain(name: str) -> str:
    """Return a name without the signs that part the fields of an address."""
    return "".join(" " if sign in ",|:" else sign for sign in name)
