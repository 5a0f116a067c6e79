"""The official names and codes of the sample districts, and how many areas each level has.

``admin.csv`` holds facts only: statistical codes of 6 (district), 9 (subdistrict) and 12 digits
(community) as of 2023-06-30, the names without 居民委员会.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GRIDS = {"371702": 106, "220881": 204, "130525": 60}
UNUSED = 600  # official subdistricts are numbered below
SAMPLE = "示例"


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A subdistrict, its communities as (code, name), and how many grids they have.

    ``share`` is as long as ``communities``, largest first: which community gets which is open.
    """

    code: str
    name: str
    communities: tuple[tuple[str, str], ...]
    share: tuple[int, ...]

    @property
    def grids(self) -> int:
        """How many grids there are in all."""
        return sum(self.share)


@dataclass(frozen=True, slots=True)
class District:
    """A sample district with its subdistricts, by code."""

    code: str
    name: str
    subdistricts: tuple[Subdistrict, ...]


def district(code: str, scale: int = 1) -> District:
    """Return the areas a sample district is to have.

    Parameters
    ----------
    scale
        Multiplies the counts; areas beyond the official ones are called 示例 and a number, under
        codes that are not in use.

    Raises
    ------
    KeyError
        There is no such sample district.
    """
    names = _names()
    streets = [(c, name) for c, name in names.items() if c.startswith(code) and len(c) == 9]
    lists = [(c, name, _communities(names, c)) for c, name in streets]
    lists += _further(code, [len(communities) for _, _, communities in lists], scale)
    sizes = [len(communities) for _, _, communities in lists]
    grids = shares(GRIDS[code] * scale, sizes)
    parts = zip(lists, grids, strict=True)
    return District(
        code,
        names[code],
        tuple(Subdistrict(c, name, own, spread(n, len(own))) for (c, name, own), n in parts),
    )


def shares(total: int, sizes: list[int]) -> list[int]:
    """Divide a number in proportion to sizes, by largest remainder; the first ones win ties."""
    whole = sum(sizes)
    floors = [total * size // whole for size in sizes]
    order = sorted(range(len(sizes)), key=lambda i: (-(total * sizes[i] % whole), i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors


def spread(total: int, n: int) -> tuple[int, ...]:
    """Divide a number into n that differ by at most one, the larger ones first."""
    return tuple(total // n + (i < total % n) for i in range(n))


@cache
def _names() -> dict[str, str]:
    with (Path(__file__).parent / "admin.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def _communities(names: dict[str, str], street: str) -> tuple[tuple[str, str], ...]:
    return tuple((c, n) for c, n in names.items() if c.startswith(street) and len(c) == 12)


def _further(
    code: str, sizes: list[int], scale: int
) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Return the made-up subdistricts: the official ones again, ``scale - 1`` times."""
    result = []
    number = 0
    for i, size in enumerate(sizes * (scale - 1)):
        street = f"{code}{UNUSED + i:03d}"
        own = [(f"{street}{k + 1:03d}", f"{SAMPLE}{number + k + 1}社区") for k in range(size)]
        result.append((street, f"{SAMPLE}{i + 1}街道", tuple(own)))
        number += size
    return result
