"""How many stations of which kind each sample district has, and what a station is like."""

from dataclasses import dataclass

# The seven categories are ours: the source counts them (7 大类) without naming them.
SERVICES = {
    "s1": "党务服务",
    "s2": "政务代办",
    "s3": "民政救助",
    "s4": "就业社保",
    "s5": "卫生健康",
    "s6": "文体教育",
    "s7": "矛盾调解",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Stations of a district of simple size: one centre a subdistrict, one station a community.

    ``total`` counts those and the posts and shared rooms; planned ones come on top. ``shared`` is
    how many of each three posts are shared rooms, ``large`` how many community stations have
    1,000 m² or more, ``floor`` the floor areas of a kind, from and to [m²].
    """

    total: int
    planned: int
    shared: int
    large: int
    floor: dict[str, tuple[int, int]]
    post: str  # what the names of posts end in


FLOOR = {"centre": (1500, 3200), "community": (180, 900), "post": (20, 60), "shared": (40, 150)}

COUNTS = {
    "371702": Counts(98, 3, 1, 4, FLOOR, "驿站"),
    "220881": Counts(120, 4, 0, 6, FLOOR | {"community": (500, 980)}, "网格党群服务站"),
    "130525": Counts(42, 2, 1, 1, FLOOR, "驿站"),
}
