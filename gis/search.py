"""Search by name, part of a name, or pinyin, spelled out or by initials; mixed, too.

Names and queries are compared once widths and cases are evened out; `gis.spelling` says what stands
for a Chinese character. What fits the commonest readings comes first. All names lie in one array,
so a search looks at each character of each name once.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.spelling import SAME, Places, Spelling, fits, spelling
from sql import query
from sql.database import Conn

# what is searched, in the order in which equally good hits are shown; `search.<kind>` lists the
# names that may be seen, `search.<kind>_places` says where some of them are
KINDS = ("area", "compound", "station", "member", "building")
LONGEST = 80
EXACT, PREFIX, PART = range(3)  # ranks; then by pinyin, at the beginning and within, by its grade
APOSTROPHES = "'’"  # between syllables while they are typed

Longs = NDArray[np.int64]


class Entry(NamedTuple):
    """Something with a name; ``area`` is the id of the lowest area it lies in."""

    kind: str
    id: int
    code: str
    name: str
    area: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The names of everything one may see.

    Attributes
    ----------
    text
        The evened names, one a line.
    start
        (n_entry + 1,) where each name begins in the text.
    order
        (n_entry,) rank among equally good hits: by kind, length, code.
    """

    entries: tuple[Entry, ...]
    codes: dict[str, int]
    text: Spelling
    start: Longs
    order: Longs
    where: dict[int, str]


class Hit(NamedTuple):
    """An entry, how well it fits, and which of its signs do: [first, last + 1)."""

    entry: Entry
    rank: int
    first: int
    last: int


def index(conn: Conn, district: str) -> Index:
    """Read the names of everything that may be seen in a district."""
    asked = {"district": district}
    entries = [
        Entry(kind, *row)
        for kind in KINDS
        for row in conn.execute(query(f"search.{kind}"), asked).fetchall()
    ]
    areas = conn.execute(query("search.areas"), asked).fetchall()
    return indexed(tuple(entries), _where(areas))


def indexed(entries: tuple[Entry, ...], where: dict[int, str]) -> Index:
    """Return the index of some entries; ``where`` is what is said of each area's place."""
    signs = _evened([entry.name for entry in entries])
    length = np.array([len(one) for one in signs], dtype=np.int64)
    start = np.append(0, np.cumsum(length + 1))
    kind = np.array([KINDS.index(entry.kind) for entry in entries], dtype=np.int64)
    rank = np.lexsort((np.array([entry.code for entry in entries], dtype=str), length, kind))
    order = np.empty(len(entries), dtype=np.int64)
    order[rank] = np.arange(len(entries))
    codes = dict(zip(_evened([entry.code for entry in entries]), range(len(entries)), strict=True))
    codes.pop("", None)  # members have none
    text = spelling("\n".join([*signs, ""]))
    return Index(entries, codes, text, start, order, where)


def find(index: Index, asked: str, limit: int) -> list[Hit]:
    """Return the best hits: the whole name, its beginning, a part, then the same by pinyin."""
    sought = even(asked)[:LONGEST]
    if not sought or not index.entries:
        return []
    fit = fits(index.text, sought)
    row = np.searchsorted(index.start, fit.first, side="right") - 1
    rank = _ranks(index, fit, row)
    best = np.lexsort((fit.last, fit.first, index.order[row], rank))
    hits = []
    if sought in index.codes:
        hits = [Hit(index.entries[index.codes[sought]], EXACT, 0, 0)]
    seen = {hit.entry for hit in hits}
    for k in best:
        entry = index.entries[row[k]]
        if len(hits) >= limit:
            break
        if entry not in seen:
            first, last = (int(part[k] - index.start[row[k]]) for part in fit[:2])
            hits.append(_hit(entry, int(rank[k]), first, last))
            seen.add(entry)
    return hits


def search(conn: Conn, district: str, index: Index, asked: str, limit: int) -> list[dict[str, Any]]:
    """Return the best hits with their places; what may no longer be seen is left out."""
    hits = find(index, asked, limit)
    places: dict[tuple[str, int], Any] = {}
    for kind in KINDS:
        ids = [hit.entry.id for hit in hits if hit.entry.kind == kind]
        rows = conn.execute(query(f"search.{kind}_places"), {"district": district, "ids": ids})
        places |= {(kind, row[0]): row[1:] for row in (rows.fetchall() if ids else [])}
    return [
        _shown(index, hit, places[hit.entry.kind, hit.entry.id])
        for hit in hits
        if (hit.entry.kind, hit.entry.id) in places
    ]


def even(text: str) -> str:
    """Return a text with full-width signs narrowed, capitals small, and without spaces."""
    return "".join(_even(sign) for sign in text)


def _evened(texts: list[str]) -> list[str]:
    """Return many texts evened out at once."""
    joined = "\n".join(text.replace("\n", " ") for text in texts)
    table = {ord(sign): _even(sign) for sign in set(joined) - {"\n"}}
    return joined.translate(table).split("\n") if texts else []


@lru_cache(maxsize=20_000)
def _even(sign: str) -> str:
    found = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(c for c in found if not c.isspace() and ord(c) > 31 and c not in APOSTROPHES)


def _ranks(index: Index, fit: Places, row: Longs) -> Longs:
    """Return how good each hit is, lower is better."""
    begins = fit.first == index.start[row]
    whole = begins & (fit.last == index.start[row + 1] - 1)
    by_pinyin = PART + 2 * fit.grade.astype(np.int64) - begins
    return np.select(
        [fit.grade > SAME, whole, begins], [by_pinyin, np.array(EXACT), np.array(PREFIX)], PART
    )


def _hit(entry: Entry, rank: int, first: int, last: int) -> Hit:
    """Return a hit with its signs counted in the name as it is written (UTF-16, as browsers do)."""
    at, ends = 0, [0]
    begin = end = 0
    for sign in entry.name:
        n = len(_even(sign))
        if n and ends[-1] <= first < ends[-1] + n:
            begin = at
        at += 1 + (ord(sign) > 0xFFFF)
        ends.append(ends[-1] + n)
        if n and ends[-2] < last <= ends[-1]:
            end = at
    return Hit(entry, rank, begin, end)


def _shown(index: Index, hit: Hit, place: Any) -> dict[str, Any]:
    level, lon, lat, *box = place
    entry = hit.entry
    return {
        "kind": entry.kind,
        "level": level,
        "id": entry.id,
        "code": entry.code,
        "name": entry.name,
        "where": index.where.get(entry.area or 0, ""),
        "point": None if lon is None else [round(lon, 9), round(lat, 9)],
        "bbox": None if box[0] is None else [round(one, 9) for one in box],
        "match": [hit.first, hit.last],
    }


def _where(areas: list[Any]) -> dict[int, str]:
    """Return for each area the names of its community and subdistrict."""
    facts = {row[0]: row[1:] for row in areas}
    found = {}
    for area in facts:
        names, at = [], area
        while at in facts:
            level, name, parent = facts[at]
            names += [name] if level in ("community", "subdistrict") else []
            at = parent
        found[area] = " · ".join(names)
    return found
