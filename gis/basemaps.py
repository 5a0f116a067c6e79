"""Backgrounds of others: which one a district has switched on, and the key it was given."""

import re
from dataclasses import dataclass
from string import Formatter
from urllib.parse import urlsplit

from psycopg.types.json import Jsonb

from gis.errors import BadInput
from sql import query
from sql.database import Conn

TIANDITU = {
    name: f"https://t{{s}}.tianditu.gov.cn/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    f"&LAYER={name}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
    for name in ("vec", "cva", "img", "cia")
}
MARGIN = 0.05  # degrees about the district
PLACES = {"z", "x", "y", "s", "key"}
KEY = re.compile(r"[0-9A-Za-z_-]{8,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Basemap:
    """What a person may know: whose tiles, the sets there are, and how far they are wanted.

    ``bounds`` are west, south, east, north [degrees]; ``edition`` is another number for every other
    source: what a browser has kept of one is not taken for the next.
    """

    kind: str
    datum: str
    sets: list[str]
    bounds: list[float]
    edition: int

    def holds(self, west: float, south: float, east: float, north: float) -> bool:
        """Tell whether a box meets the bounds."""
        left, bottom, right, top = self.bounds
        return west <= right and left <= east and south <= top and bottom <= north


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """Where tiles come from: a template for each set, the key, the datum of the pictures."""

    kind: str
    datum: str
    addresses: dict[str, str]
    key: str | None

    def address(self, name: str, z: int, x: int, y: int) -> str:
        """Return the address of a tile, key and all: not to be shown or logged."""
        values = {"z": z, "x": x, "y": y, "s": (x + y) % 8, "key": self.key or ""}
        return self.addresses[name].format(**values)


def basemap(conn: Conn, district: str) -> Basemap | None:
    """Return the background that is switched on in a district the actor sees."""
    values = {"district": district, "margin": MARGIN}
    row = conn.execute(query("basemaps.basemap"), values).fetchone()
    return Basemap(*row) if row else None


def source(conn: Conn, district: str) -> Source | None:
    """Return where the tiles of a district come from, as the service itself."""
    row = conn.execute("SELECT * FROM app.basemap_of(%s)", [district]).fetchone()
    if row is None:
        return None
    kind, datum, sets, addresses, key = row
    known = addresses or TIANDITU
    return Source(kind, datum, {name: known[name] for name in sets if name in known}, key)


def use_tianditu(conn: Conn, district: str, key: str) -> None:
    """Switch 天地图 on with the key the district was given.

    Raises
    ------
    BadInput
        It is no key.
    Forbidden
        Only administrators of the whole district may.
    """
    key = checked(key)
    off(conn, district)
    conn.execute(query("basemaps.tianditu"), {"district": district, "key": key})


def use_tiles(
    conn: Conn, district: str, addresses: dict[str, str], datum: str, key: str | None = None
) -> None:
    """Switch on tiles of any other server, as the administrator of the machine.

    Raises
    ------
    BadInput
        An address is none, or names no tile.
    """
    for address in addresses.values():
        check_address(address)
    values = {"district": district, "datum": datum, "sets": list(addresses),
              "addresses": Jsonb(addresses), "key": checked(key) if key else None}  # fmt: skip
    off(conn, district)
    conn.execute(query("basemaps.tiles"), values)


def off(conn: Conn, district: str) -> bool:
    """Go back to our own background; False if it was shown anyway."""
    return conn.execute(query("basemaps.off"), {"district": district}).rowcount > 0


def checked(key: str) -> str:
    """Return a key without the spaces round it.

    Raises
    ------
    BadInput
        It is no key.
    """
    key = key.strip()
    if not KEY.fullmatch(key):
        raise BadInput("basemap_key")
    return key


def check_address(address: str) -> None:
    """Refuse what is no template of the addresses of tiles.

    Raises
    ------
    BadInput
        It is not one of http or https with {z}, {x} and {y}.
    """
    try:
        names = [name for _, name, spec, turn in Formatter().parse(address) if name is not None]
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        names, is_good = [], False
    if not is_good or not {"z", "x", "y"} <= set(names) <= PLACES or not address.isprintable():
        raise BadInput("basemap_address", text=address[:80])
