"""Fictional members of a sample district and what they serve. 人员均为虚构.

Their names say so: a surname and a sign of the old calendar (赵甲, 李丁, 周小戊, 孙甲子). Everybody
lives in a building with households; nothing is known of a person but what stands in a row here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.content import Content
from gis.demo.counts import apportion
from gis.demo.draws import stream

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    "云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于"
    "时傅皮卞齐康伍余元卜顾孟平黄"
)
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
SKILLS = (
    "会手语", "护士", "电工", "会调解", "懂法律", "会修水管", "会理发", "老师", "会开车",
    "会摄影", "会计", "会包饺子", "急救证", "周末有空", "晚上有空", "白天有空",
)  # fmt: skip
PARTY = {"371702": 7_558 / 42_400, "220881": 3_200 / 81_600}  # party members for each household
VACANT, HEADLESS = 0.02, 0.05
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Person:
    """A member: ``home`` is the code of a building, ``area`` of the area he belongs to."""

    name: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    home: str
    area: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """Who serves what: ``who`` is the number of a person, or the code of a station."""

    who: int | str
    role: str
    kind: str
    code: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid, the areas above it, and its buildings with households, by code."""

    code: str
    community: str
    subdistrict: str
    shape: Any
    home: list[str]
    households: NDArray[np.int64]
    headed: list[bool]


class Roll:
    """People and duties as they are drawn."""

    def __init__(self, seed: int, today: date) -> None:
        self.today = today
        self.people: list[Person] = []
        self.duties: list[Duty] = []
        self._names = _names(seed)

    def person(
        self,
        draw: np.random.Generator,
        roles: Sequence[str],
        home: str,
        area: str,
        active: bool = True,
    ) -> int:
        """Enter somebody; return his number."""
        n = int(draw.choice(4, p=(0.45, 0.3, 0.2, 0.05)))
        skills = tuple(SKILLS[i] for i in sorted(draw.choice(len(SKILLS), n, replace=False)))
        self.people.append(Person(next(self._names), tuple(roles), skills, home, area, active))
        return len(self.people) - 1

    def duty(
        self, draw: np.random.Generator, who: int | str, role: str, kind: str, code: str
    ) -> None:
        """Have somebody serve since the first of some month of the last four years."""
        months = int(draw.integers(1, 45))
        year, month = divmod(self.today.year * 12 + self.today.month - 1 - months, 12)
        self.duties.append(Duty(who, role, kind, code, date(year, month + 1, 1)))

    def leave(self, days: int) -> None:
        """End the last duty some days ago."""
        last = self.duties[-1]
        until = self.today - timedelta(days=days)
        self.duties[-1] = Duty(last.who, last.role, last.kind, last.code, last.since, until)


def people(content: Content, seed: int, today: date) -> tuple[list[Person], list[Duty]]:
    """Return the people of a sample district and what they serve.

    One grid member a grid, with 2 % of the grids vacant; a secretary; a head for most slabs and
    towers; community workers, volunteers, aides from the departments; party members in proportion
    to households; and for each grid the nearest open station.
    """
    roll = Roll(seed, today)
    found = grids(content)
    _grid_members(roll, found, seed)
    _workers(roll, found, seed)
    for grid in found:
        _of_grid(roll, grid, stream(seed, "people", float(grid.code)))
    _cadres(roll, found, seed)
    _party(roll, found, seed, PARTY.get(found[0].code[:6], 0.1))
    _stations(roll, found, content.station, seed)
    return roll.people, roll.duties


def grids(content: Content) -> list[Grid]:
    """Return the grids in which somebody lives, by code."""
    area = content.area[content.area["level"] == "grid"].sort_values("code")
    building = content.building[content.building["households"] > 0].sort_values("code")
    spots = shapely.point_on_surface(building.geometry.to_numpy())
    spot, row = shapely.STRtree(area.geometry.to_numpy()).query(spots, predicate="intersects")
    _, first = np.unique(spot, return_index=True)
    spot, row = spot[first], row[first]
    above = dict(zip(content.area["code"], content.area["parent"], strict=True))
    made = []
    for k, (code, shape) in enumerate(zip(area["code"], area.geometry, strict=True)):
        own = building.iloc[spot[row == k]]
        headed = own["kind"].isin(("slab", "tower")).tolist()
        homes = own["code"].tolist(), own["households"].to_numpy(np.int64), headed
        if len(own):
            made.append(Grid(code, above[code], above[above[code]], shape, *homes))
    return made


def _names(seed: int) -> Iterator[str]:
    """Yield names, each once while there are any: the short ones first."""
    short = [*STEMS, *BRANCHES]
    cycles = [a + b for a, b in zip(cycle(STEMS), BRANCHES * 5, strict=False)]
    given: list[list[str]] = [short, ["小" + sign for sign in short], cycles]
    pools = [[surname + sign for sign in signs for surname in SURNAMES] for signs in given]
    shuffled = [stream(seed, "names", k).permutation(pool) for k, pool in enumerate(pools)]
    return cycle([str(name) for pool in shuffled for name in pool])


def _home(draw: np.random.Generator, grid: Grid) -> str:
    return grid.home[int(draw.choice(len(grid.home), p=grid.households / grid.households.sum()))]


def _grid_members(roll: Roll, found: list[Grid], seed: int) -> None:
    """Give each grid its member, who lives in its community; leave a few grids without."""
    draw = stream(seed, "vacant")
    n = max(1, round(VACANT * len(found)))
    vacant = {int(k) for k in draw.choice(len(found), n, replace=False)}
    for k, grid in enumerate(found):
        own = stream(seed, "grid member", float(grid.code))
        near = [other for other in found if other.community == grid.community]
        home = _home(own, near[int(own.integers(len(near)))])
        who = roll.person(own, ("grid_member",), home, grid.community, active=k not in vacant)
        roll.duty(own, who, "grid_member", "area", grid.code)
        if k in vacant:
            roll.leave(int(own.integers(4, 40)))


def _workers(roll: Roll, found: list[Grid], seed: int) -> None:
    """Give each community its workers; every other one has no post yet."""
    for community in sorted({grid.community for grid in found}):
        near = [grid for grid in found if grid.community == community]
        draw = stream(seed, "workers", float(community))
        for k in range(6):
            home = _home(draw, near[int(draw.integers(len(near)))])
            who = roll.person(draw, ("community_worker", "grid_member"), home, community)
            if k % 2:
                roll.duty(draw, who, "community_worker", "area", community)


def _of_grid(roll: Roll, grid: Grid, draw: np.random.Generator) -> None:
    """Give a grid its secretary, volunteers and building heads."""
    who = roll.person(draw, ("secretary",), _home(draw, grid), grid.community)
    roll.duty(draw, who, "secretary", "area", grid.code)
    for k in range(4):
        roles = ("volunteer", "grid_member") if k == 0 else ("volunteer",)
        who = roll.person(draw, roles, _home(draw, grid), grid.community)
        if k % 2:
            roll.duty(draw, who, "volunteer", "area", grid.code)
    for home, headed in zip(grid.home, grid.headed, strict=True):
        if headed and draw.random() >= HEADLESS:
            who = roll.person(draw, ("building_head",), home, grid.community)
            roll.duty(draw, who, "building_head", "building", home)


def _cadres(roll: Roll, found: list[Grid], seed: int) -> None:
    """Send aides from the departments (帮包干部) to the grids: seven to two grids."""
    for k, grid in enumerate(found):
        draw = stream(seed, "cadres", float(grid.code))
        near = [other for other in found if other.subdistrict == grid.subdistrict]
        for _ in range(3 + k % 2):
            home = _home(draw, near[int(draw.integers(len(near)))])
            who = roll.person(draw, ("cadre",), home, grid.subdistrict)
            roll.duty(draw, who, "cadre", "area", grid.code)


def _party(roll: Roll, found: list[Grid], seed: int, share: float) -> None:
    """Have party members report to the grid they live in (双报到); few would take more."""
    households = np.concatenate([grid.households for grid in found]).astype(float)
    counts = iter(apportion(households, round(households.sum() * share)).tolist())
    for grid in found:
        draw = stream(seed, "party", float(grid.code))
        for home in grid.home:
            for _ in range(next(counts)):
                more = ("grid_member", "volunteer", "building_head") if draw.random() < 0.04 else ()
                who = roll.person(draw, ("party_member", *more), home, grid.community)
                roll.duty(draw, who, "party_member", "area", grid.code)


def _stations(roll: Roll, found: list[Grid], station: gpd.GeoDataFrame, seed: int) -> None:
    """Have the nearest open station serve each grid."""
    there = station[station["state"] == "open"].sort_values("code")
    if not len(there):
        return
    squeeze = np.cos(np.radians(there.geometry.iloc[0].y)), 1.0  # degrees to equal lengths
    middle = shapely.centroid([grid.shape for grid in found]).tolist()
    spots = shapely.transform([*there.geometry, *middle], lambda xy: xy * squeeze)
    nearest = shapely.STRtree(spots[: len(there)]).nearest(spots[len(there) :])
    for grid, k in zip(found, nearest, strict=True):
        draw = stream(seed, "served", float(grid.code))
        roll.duty(draw, str(there["code"].iloc[k]), "station", "area", grid.code)


def periods(duties: Iterable[Duty]) -> list[str]:
    """Return the periods of duties as PostgreSQL reads them."""
    return [
        f"[{duty.since} 00:00 {ZONE},{f'{duty.until} 00:00 {ZONE}' if duty.until else ''})"
        for duty in duties
    ]
