"""How names are typed: sign by sign, by initials or whole syllables of pinyin, or mixed.

A piece of a query stands for one sign of a name if it is that sign, the first letter of one of its
readings, or the whole of one: 行 is x, h, xing, hang and heng. The last piece may be the beginning
of a reading, as it is while one types. ü is v or u.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST = 6  # letters of a reading: zhuang
SAME, USUAL, RARE, BEGUN, BEGUN_RARE, NONE = range(6)  # how well a piece stands for a sign

Longs = NDArray[np.int64]
Grades = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """A text, and what stands for its signs.

    Attributes
    ----------
    sign
        (n_sign,) which of the known signs each sign of the text is.
    known
        The number of each known sign.
    usual, ever
        Letter or reading -> the known signs of which it is, or begins, the commonest reading; any.
    usual_begun, ever_begun
        The same for what readings of two letters or more begin with.
    """

    sign: Longs
    known: dict[str, int]
    usual: dict[str, list[int]]
    ever: dict[str, list[int]]
    usual_begun: dict[str, list[int]]
    ever_begun: dict[str, list[int]]


class Places(NamedTuple):
    """Parts of the text, [first, last + 1), and how well a query stands for each: the worst sign.

    All are (n,), ordered by ``first`` and ``last``.
    """

    first: Longs
    last: Longs
    grade: Grades


def spelling(text: str) -> Spelling:
    """Return how a text is spelled; its line ends stand for nothing."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    distinct, sign = np.unique(points, return_inverse=True)
    known = {chr(point): k for k, point in enumerate(distinct.tolist())}
    tables = [defaultdict[str, list[int]](list) for _ in range(4)]
    for one, k in known.items():
        for rare, sound in enumerate(readings(one)):
            _enter(
                sound, k, tables[1:2] if rare else tables[:2], tables[3:] if rare else tables[2:]
            )
    return Spelling(sign.astype(np.int64), known, *map(dict, tables))


def _enter(
    sound: str, sign: int, whole: list[defaultdict[str, list[int]]],
    begun: list[defaultdict[str, list[int]]],
) -> None:  # fmt: skip
    """Note a reading of a sign: it stands for it wholly, and so does its first letter."""
    for table in whole:
        table[sound].append(sign)
        table[sound[0]].append(sign)
    for table in begun:
        for length in range(2, len(sound)):
            table[sound[:length]].append(sign)


@lru_cache(maxsize=20_000)
def readings(sign: str) -> tuple[str, ...]:
    """Return the readings of a Chinese character in plain letters, the commonest first."""
    from pypinyin.constants import PINYIN_DICT

    found: dict[str, None] = {}
    for sound in PINYIN_DICT.get(ord(sign), "").split(","):
        for umlaut in ("v", "u"):
            letters = unicodedata.normalize("NFD", sound).replace("u\u0308", umlaut)
            plain = "".join(c for c in letters if not unicodedata.combining(c))
            if plain and plain.isascii():
                found[plain] = None
    return tuple(found)


def fits(spelling: Spelling, sought: str) -> Places:
    """Return where a query stands for a part of the text, with the best way to read each part."""
    every = np.arange(len(spelling.sign))
    start = Places(every, every, np.zeros(len(every), dtype=np.int8))
    ways: list[list[Places]] = [[start], *([] for _ in sought)]
    for offset in range(len(sought)):
        here = _best(ways[offset])
        for end in range(offset + 1, min(offset + LONGEST, len(sought)) + 1):
            stands = _stands(spelling, sought[offset:end], end == len(sought))
            if len(here.first) and stands.min() < NONE:
                ways[end].append(_further(spelling, here, stands))
    return _best(ways[-1])


def _stands(spelling: Spelling, piece: str, is_last: bool) -> Grades:
    """Return how well a piece of a query stands for each known sign."""
    grade = np.full(len(spelling.known), NONE, dtype=np.int8)
    if is_last:
        grade[spelling.ever_begun.get(piece, [])] = BEGUN_RARE
        grade[spelling.usual_begun.get(piece, [])] = BEGUN
    grade[spelling.ever.get(piece, [])] = RARE
    grade[spelling.usual.get(piece, [])] = USUAL
    if piece in spelling.known:
        grade[spelling.known[piece]] = SAME
    return grade


def _further(spelling: Spelling, here: Places, stands: Grades) -> Places:
    """Go on by one sign where a piece stands for it."""
    grade = stands[spelling.sign[here.last]]
    on = grade < NONE
    worst = np.maximum(grade[on], here.grade[on])
    return Places(here.first[on], here.last[on] + 1, worst)


def _best(ways: list[Places]) -> Places:
    """Gather parts; of those that are the same, keep the best."""
    if len(ways) == 1:
        return ways[0]
    none = np.empty(0, dtype=np.int64)
    first, last = (np.concatenate([none, *(way[k] for way in ways)]) for k in (0, 1))
    grade = np.concatenate([none.astype(np.int8), *(way.grade for way in ways)])
    order = np.lexsort((grade, last, first))
    first, last, grade = first[order], last[order], grade[order]
    new = np.ones(len(first), dtype=bool)
    new[1:] = (first[1:] != first[:-1]) | (last[1:] != last[:-1])
    return Places(first[new], last[new], grade[new])
