"""Names that such a city could have; compounds' names are all different."""

import numpy as np

from .draws import stream
from .words import ALONG, AXES, ENDINGS, LANES, MAIN, OFFICES, PLACES, SECOND, SURNAMES, WORDS


def compound_names(eras: list[str], places: list[tuple[float, float]], seed: int) -> list[str]:
    """Name compounds by era, each name once: a few old ones after the office that built them."""
    draw = stream(seed, "compound names")
    words, offices = draw.permutation(WORDS), list(draw.permutation(OFFICES))
    used: dict[str, None] = {}
    names = []
    for k, (era, place) in enumerate(zip(eras, places, strict=True)):
        own = stream(seed, "compound name", *place)
        if era == "90s" and offices and own.random() < 0.28:
            name = f"{offices.pop()}家属院"
        else:
            name = _composed(str(words[k % len(words)]), era, used, own)
        used[name] = None
        names.append(name)
    return names


def _composed(word: str, era: str, used: dict[str, None], draw: np.random.Generator) -> str:
    endings = [str(e) for e in draw.permutation(ENDINGS[era])]
    tries = [word + ending for ending in endings]
    tries += [
        word + ending + part for part in ("东区", "西区", "南区", "北区") for ending in endings
    ]
    tries += [f"{word}{ending}{n}期" for n in "二三四五六七八九" for ending in endings]
    return next(name for name in tries if name not in used)


def quarter_names(places: list[tuple[float, float]], village: bool, seed: int) -> list[str]:
    """Name old quarters and villages; a name that recurs gets 前, 后, 东 or 西 before it."""
    first = ["前", "后", "东", "西", "大", "小", "南", "北", "上", "下", "新", "老"]
    middle = [f"{s}{e}" for e in ("庄", "楼", "堂", "寨", "海", "屯") for s in SURNAMES]
    streets = [f"{a}{b}" for b in ("巷", "胡同", "街") for a in LANES]
    draw = stream(seed, "quarter names" + str(village))
    pool = [str(name) for name in draw.permutation(middle if village else streets)]
    return [
        pool[k % len(pool)]
        if k < len(pool)
        else first[k // len(pool) % len(first)] + pool[k % len(pool)]
        for k in range(len(places))
    ]


def road_names(keys: dict[str, str], axes: tuple[str, str], seed: int) -> dict[str, str]:
    """Name roads by the key of their line.

    Parameters
    ----------
    keys
        Rank by key ('main', 'second', 'side'), in a fixed order.
    axes
        Keys of the two main roads through the centre, east-west and north-south.
    """
    pools = {"main": MAIN, "second": SECOND, "side": [word + "巷" for word in (*LANES, *WORDS)]}
    draw = stream(seed, "road names")
    shuffled = {rank: [str(n) for n in draw.permutation(pool)] for rank, pool in pools.items()}
    names = dict(zip(axes, AXES, strict=True)) | ALONG
    for rank, pool in shuffled.items():
        for n, key in enumerate(k for k, r in keys.items() if r == rank and k not in names):
            names[key] = _again(pool[n % len(pool)], n // len(pool))
    return names


def _again(name: str, times: int) -> str:
    return name if not times else f"{name[:-1]}{_number(times + 1)}{name[-1]}"


def place_names(uses: list[str], seed: int) -> list[str]:
    """Name public places by use; where names run out they are numbered."""
    count: dict[str, int] = {}
    names = []
    for use in uses:
        n = count[use] = count.get(use, 0) + 1
        if use == "school":
            names.append(_school(n))
            continue
        pool = list(PLACES.get(use, ()))
        if use not in ("government", "plaza", "station_square"):
            pool = [str(name) for name in stream(seed, "place names " + use).permutation(pool)]
        again = "" if n <= len(pool) else _number((n - 1) // max(len(pool), 1) + 1)
        names.append(f"{pool[(n - 1) % len(pool)]}{again and again + '分部'}" if pool else "")
    return names


def _school(n: int) -> str:
    """Name the n-th school: in turn a middle school, two primary schools, an experimental one."""
    turn, round_ = (n - 1) % 4, (n - 1) // 4
    if turn == 0:
        return f"第{_number(round_ + 1)}中学"
    if turn == 3:
        return "实验小学" if round_ == 0 else f"实验小学{_number(round_ + 1)}校区"
    return f"第{_number(2 * round_ + turn)}小学"


def _number(n: int) -> str:
    """Write a number as people say it up to 99, in digits beyond."""
    digits = "〇一二三四五六七八九"
    if n < 10 or n > 99:
        return digits[n] if n < 10 else str(n)
    tens = ("" if n < 20 else digits[n // 10]) + "十"
    return tens + (digits[n % 10] if n % 10 else "")
