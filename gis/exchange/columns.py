"""Which column of a file is which field: by the words each is known by, or as told. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.errors import BadInput
from gis.exchange.kinds import Kind
from gis.exchange.sheet import Sheet

LON = ("lon", "longitude", "lng", "x", "经度", "经度坐标", "东经", "point_x", "lon_wgs84", "x坐标")
LAT = ("lat", "latitude", "y", "纬度", "纬度坐标", "北纬", "point_y", "lat_wgs84", "y坐标")
BOTH = ("lonlat", "location", "坐标", "经纬度", "coordinates", "位置坐标")
SHAPE = ("geometry", "wkt", "geom", "the_geom", "几何", "图形")
PLACES = {"lon": LON, "lat": LAT, "lonlat": BOTH, "geometry": SHAPE}
DATUM = ("datum", "坐标系")
_CONTINUED = re.compile(r"(.+)_(\d)")


@dataclass(frozen=True, slots=True)
class Match:
    """What was understood of the headings: field → heading, and the headings left aside."""

    fields: dict[str, str]
    left: list[str]


def normal(heading: str) -> str:
    """Return a heading as it is compared: no blanks, brackets, stars, in lower case."""
    found = unicodedata.normalize("NFKC", heading).lower()
    found = re.sub(r"[(\[【（].*?[)\]】）]|[\s*:：_]+", "", found)
    return found.strip("\ufeff")


def words(kind: Kind) -> dict[str, str]:
    """Return every word the fields of a kind are known by, and the field it stands for."""
    known = {normal(word): name for name, some in PLACES.items() for word in some}
    known |= {normal(word): "datum" for word in DATUM}
    for field in reversed(kind.fields):  # the first field that claims a word has it
        known |= {normal(word): field.name for word in field.words if word}
    return known | {normal(name): name for name in kind.names}


def match(kind: Kind, headings: Sequence[str], told: Mapping[str, str]) -> Match:
    """Match the headings of a file.

    A field's own name wins, then what was told, then the words in their order; of two rows of
    headings (``住址/楼栋``) the lower one counts before the whole. A field that was told to have no
    heading is left out.

    Raises
    ------
    BadInput
        What was told names a field or a heading that is not there.
    """
    found = _told(kind, headings, told)
    known = words(kind)
    rank = {word: i for i, word in enumerate(known)}
    for heading in sorted(
        headings, key=lambda h: (normal(h) not in kind.names, _rank(h, rank, known))
    ):
        name = known.get(_word(heading, known))
        if name and name not in found and heading not in found.values():
            found[name] = heading
    found = {name: heading for name, heading in found.items() if heading}
    return Match(found, [h for h in headings if h not in found.values()])


def recognised(kind: Kind, headings: Sequence[str]) -> int:
    """Count the headings that are known."""
    known = words(kind)
    return sum(bool(heading) and _word(heading, known) in known for heading in headings)


def joined(sheet: Sheet) -> dict[str, list[Any]]:
    """Return the columns with what was too long for one cell put together: a, a_2, a_3 are one."""
    found = dict(sheet.columns)
    for name in list(found):
        part = _CONTINUED.fullmatch(name)
        if part and part[1] in found and int(part[2]) > 1:
            more = found.pop(name)
            found[part[1]] = [
                f"{a}{b}" if b not in (None, "") else a
                for a, b in zip(found[part[1]], more, strict=True)
            ]
    return found


def _told(kind: Kind, headings: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    fields = [*kind.names, *PLACES]
    for name, heading in told.items():
        if name not in fields:
            raise BadInput("no_field", name=name, known="、".join(fields))
        if heading and heading not in headings:
            raise BadInput("no_heading", name=heading, known="、".join(headings))
    return dict(told)


def _word(heading: str, known: Mapping[str, str]) -> str:
    whole, lower = normal(heading), normal(heading.rpartition("/")[2])
    return lower if lower in known and whole not in known else whole


def _rank(heading: str, rank: Mapping[str, int], known: Mapping[str, str]) -> int:
    return rank.get(_word(heading, known), len(rank))
