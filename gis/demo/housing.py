"""Housing: which free sites hold which kind of fabric, so that counts come out exactly."""

from dataclasses import replace
from heapq import heapify, heappop, heappush

import numpy as np
from shapely import LineString, Polygon, minimum_rotated_rectangle

from .compounds import compound
from .draws import stream
from .lines import largest, rounded, split, strings
from .parts import Cut, Parts, Site
from .plan import Plan
from .quarters import OLD, VILLAGE, quarter
from .specs import Spec

# Zones a kind of fabric may take, the dearest first: metres of disadvantage against the first.
WISHES = {
    "old": {"core": 0.0, "ring90": 500.0},
    "village": {"village": 0.0, "belt": 300.0, "new00": 900.0},
    "90s": {"ring90": 0.0, "core": 0.0, "new00": 600.0},
    "10s": {"new10": 0.0, "new00": 700.0},
    "00s": {
        "new00": 0.0,
        "village": 500.0,
        "ring90": 500.0,
        "new10": 900.0,
        "core": 1200.0,
        "belt": 1500.0,
    },
}
SIZE = {"90s": 1.3, "00s": 3.0, "10s": 7.0}  # usual compound [ha]
FEWEST = 42.0  # households of a compound
LARGEST = 9.5e4  # parcel of a compound [m²]
MOST = 16  # compounds a site may be parted into
REST = {
    "core": ("commerce", "park"), "ring90": ("commerce", "park"),
    "new00": ("park", "commerce", "field"),
    "new10": ("field", "park"), "belt": ("factory", "field"), "village": ("field", "factory"),
}  # fmt: skip
ROOM = 0.97  # what sites hold by size must be this share of the households at least


class Short(Exception):
    """The land does not hold the households or the compounds."""


def filled(spec: Spec, seed: int, site: Site) -> Parts:
    """Fill a housing site with the fabric of its use."""
    if site.use == "old":
        return quarter(site, OLD, seed)
    if site.use == "village":
        return quarter(site, VILLAGE, seed)
    return compound(site, spec.sun[site.use], seed)


def housing(spec: Spec, plan: Plan, made: list[Site], scale: float) -> list[Parts]:
    """Give free sites to housing until each kind has its households, and part the compounds.

    Returns the filled housing sites, and the free sites that are not needed with the use they are
    left to and nothing on them.

    Raises
    ------
    Short
        All free sites together do not hold the households, or cannot be parted into the compounds.
    """
    free = [site for site in made if site.use in ("", "field")]
    wanted = spec.households * scale
    tried: dict[tuple[int, str], Parts] = {}
    margin = 1.0
    for _ in range(4):  # walls between compounds cost room, how much is known only afterwards
        taken = _taken(spec, plan, free, wanted * margin, tried)
        parted = _parted(spec, plan, [taken[k] for k in sorted(taken)], scale)
        held = sum(parts.natural for parts in parted)
        if held >= ROOM * wanted:
            rest = [s for k, s in enumerate(free) if k not in taken]
            return [*parted, *(Parts(replace(s, use=s.use or _rest(plan, s))) for s in rest)]
        margin *= wanted / held
    raise Short


def _taken(
    spec: Spec, plan: Plan, free: list[Site], wanted: float, tried: dict[tuple[int, str], Parts]
) -> dict[int, Parts]:
    """Give free sites to the kinds of fabric in turn; what is built on them, by their row."""
    taken: dict[int, Parts] = {}
    for use, zones in WISHES.items():
        lacking = wanted * spec.shares[use]
        if use == "00s":  # the last takes what is left
            lacking = wanted - sum(parts.natural for parts in taken.values())
        for k in _order(plan, free, zones, use):
            if k in taken or lacking <= 0:
                continue
            if (k, use) not in tried:
                tried[k, use] = filled(spec, plan.seed, replace(free[k], use=use))
            parts = tried[k, use]
            fewest = FEWEST if use in SIZE else 4
            if fewest <= parts.natural < max(1.7 * lacking, 60):
                taken[k] = parts
                lacking -= parts.natural
    return taken


def _rest(plan: Plan, site: Site) -> str:
    uses = REST[site.zone]
    return uses[int(stream(plan.seed, "rest", *site.place).integers(len(uses)))]


def _order(plan: Plan, free: list[Site], zones: dict[str, float], use: str) -> list[int]:
    centre = plan.centre_points()
    keys = []
    for k, site in enumerate(free):
        if site.zone in zones and not (use == "10s" and site.parcel.area < 9e3):
            far = float(np.hypot(*(centre - site.place).T).min())
            luck = stream(plan.seed, "housing " + use, *site.place).random()
            near = far if use in ("old", "90s") else -far if use == "village" else 0.0
            field = 2500.0 if site.use == "field" else 0.0
            keys.append((round(zones[site.zone] + near + 700 * luck + field, 3), k))
    return [k for _, k in sorted(keys)]


def _parted(spec: Spec, plan: Plan, chosen: list[Parts], scale: float) -> list[Parts]:
    """Part the largest compounds by walls until there are exactly as many as wanted."""
    wanted = round(spec.compounds * scale)
    walled = [k for k, p in enumerate(chosen) if p.walled is not None]
    walled.sort(key=lambda k: (-round(chosen[k].site.parcel.area), k))
    dropped, walled = walled[wanted:], walled[:wanted]
    most = dict.fromkeys(walled, MOST)
    courts: dict[int, list[Parts]] = {}
    while True:
        share = _shares(chosen, most, wanted)
        for k, count in share.items():
            if len(courts.get(k, [])) != count:
                courts[k] = _courts(spec, plan.seed, chosen[k].site, count)
                most[k] = (
                    min(most[k], max(len(courts[k]), 1)) if len(courts[k]) < count else most[k]
                )
        if all(len(courts[k]) == count for k, count in share.items()):
            break
    for k in dropped:
        courts[k] = [Parts(replace(chosen[k].site, use="commerce"))]
    return [part for k, p in enumerate(chosen) for part in courts.get(k, [p])]


def _shares(chosen: list[Parts], most: dict[int, int], wanted: int) -> dict[int, int]:
    """Share the compounds over sites by area against the usual size (divisors k + 1/2).

    Raises
    ------
    Short
        The sites cannot be parted into so many.
    """
    share = {k: min(most[k], int(np.ceil(chosen[k].site.parcel.area / LARGEST))) for k in most}
    usual = {k: chosen[k].site.parcel.area / SIZE[chosen[k].site.use] for k in most}
    queue = [(-usual[k] / (share[k] + 0.5), k) for k in most if most[k] > share[k]]
    heapify(queue)
    for _ in range(wanted - sum(share.values())):
        if not queue:
            raise Short
        k = heappop(queue)[1]
        share[k] += 1
        if share[k] < most[k]:
            heappush(queue, (-usual[k] / (share[k] + 0.5), k))
    return share


def _courts(spec: Spec, seed: int, site: Site, count: int) -> list[Parts]:
    """Part a site into ``count`` compounds, or as many fewer as leave none too small or cut off."""
    for n in range(count, 0, -1):
        found, walls = _pieces(site, n)
        pieces = [filled(spec, seed, piece) for piece in found]
        if len(pieces) == n and (n == 1 or all(_is_compound(p) for p in pieces)):
            cuts = tuple(Cut(wall, "wall") for wall in walls)
            return [replace(pieces[0], cuts=(*pieces[0].cuts, *cuts)), *pieces[1:]]
    return []


def _is_compound(parts: Parts) -> bool:
    """Tell whether a piece of a site can stand alone: enough households, gates to a road."""
    block = parts.site.block.buffer(0.05, join_style="mitre")
    is_open = all(block.covers(gate.link) for gate in parts.gates)
    return parts.walled is not None and parts.natural >= FEWEST and is_open


def _pieces(site: Site, count: int) -> tuple[list[Site], list[LineString]]:
    """Cut a site across its long side into equal shares, again and again; return the cuts too."""
    if count == 1:
        return [site], []
    ring = np.array(minimum_rotated_rectangle(site.parcel).exterior.coords)
    sides = np.diff(ring, axis=0)[:2]
    long, short = sides[np.argsort(-np.hypot(*sides.T), kind="stable")]
    share = (count // 2) / count
    through = ring[:4].mean(axis=0) + (share - 0.5) * long
    reach = short / np.hypot(*short) * 2000
    whole = strings(site.block.intersection(LineString([through - reach, through + reach])))
    cut = [rounded(line) for line in whole[:1]]
    halves = split(site.block, cut) if cut else []
    if len(halves) != 2:
        return [], []
    halves.sort(key=lambda half: round(float((np.array(half.centroid.coords[0]) - through) @ long)))
    low = _pieces(_within(site, halves[0]), count // 2)
    high = _pieces(_within(site, halves[1]), count - count // 2)
    return low[0] + high[0], [*cut, *low[1], *high[1]]


def _within(site: Site, block: Polygon) -> Site:
    parcel = rounded(largest(site.parcel.intersection(block)))
    return replace(site, block=block, parcel=parcel, shops=site.shops.intersection(block))
