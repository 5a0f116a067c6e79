"""Housing: which free sites hold which kind of fabric, so that counts come out exactly."""

from dataclasses import replace

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
    "00s": {"new00": 0.0, "village": 500.0, "ring90": 500.0, "new10": 900.0},
}
SIZE = {"90s": 1.3, "00s": 3.0, "10s": 5.0}  # usual compound [ha]
REST = {"core": "commerce", "ring90": "green", "new00": "green", "new10": "field", "belt": "factory", "village": "field"}


def filled(spec: Spec, seed: int, site: Site) -> Parts:
    """Fill a housing site with the fabric of its use."""
    if site.use == "old":
        return quarter(site, OLD, seed)
    if site.use == "village":
        return quarter(site, VILLAGE, seed)
    return compound(site, spec.sun[site.use], seed)


def housing(spec: Spec, plan: Plan, made: list[Site], scale: float) -> list[Parts]:
    """Give free sites to housing until each kind has its households, then part the compounds.

    Returns the filled housing sites; a free site that is not needed comes back with the use
    of the rest of its zone and nothing on it.
    """
    free = [site for site in made if site.use == ""]
    taken: dict[int, Parts] = {}
    for use, zones in WISHES.items():
        wanted = spec.households * scale * spec.shares[use] * 1.03
        if use == "00s":  # the last takes what is left
            got = sum(parts.natural for parts in taken.values())
            wanted = spec.households * scale * 1.03 - got
        for k in _order(plan, free, zones, use):
            if k in taken or wanted <= 0:
                continue
            parts = filled(spec, plan.seed, replace(free[k], use=use))
            if parts.natural > 8 and parts.natural < 2 * wanted:
                taken[k] = parts
                wanted -= parts.natural
    rest = [Parts(replace(s, use=REST[s.zone])) for k, s in enumerate(free) if k not in taken]
    chosen = [taken[k] for k in sorted(taken)]
    return [*_parted(spec, plan, chosen, scale), *rest]


def _order(plan: Plan, free: list[Site], zones: dict[str, float], use: str) -> list[int]:
    centre = plan.centre_points()
    keys = []
    for k, site in enumerate(free):
        if site.zone in zones and not (use == "10s" and site.parcel.area < 9e3):
            far = float(np.hypot(*(centre - site.place).T).min())
            luck = stream(plan.seed, "housing " + use, *site.place).random()
            near = far if use in ("old", "90s") else -far if use == "village" else 0.0
            keys.append((round(zones[site.zone] + near + 700 * luck, 3), k))
    return [k for _, k in sorted(keys)]


def _parted(spec: Spec, plan: Plan, chosen: list[Parts], scale: float) -> list[Parts]:
    """Part the largest compounds by walls until there are exactly as many as wanted."""
    wanted = round(spec.compounds * scale)
    courts = {k: [p] for k, p in enumerate(chosen) if p.walled is not None}
    stuck: list[int] = []
    while len(courts) > wanted:
        del courts[min((round(chosen[k].site.parcel.area), k) for k in courts)[1]]
    while sum(map(len, courts.values())) < wanted:
        loads = [
            (-round(chosen[k].site.parcel.area / SIZE[chosen[k].site.use] / (len(c) + 0.5), 1), k)
            for k, c in courts.items()
            if k not in stuck
        ]
        if not loads:
            raise ValueError(f"{len(courts)} sites cannot be parted into {wanted} compounds")
        k = min(loads)[1]
        parts = _courts(spec, plan.seed, chosen[k].site, len(courts[k]) + 1)
        if parts is None:
            stuck.append(k)
        else:
            courts[k] = parts
    empty = Parts(chosen[0].site)
    dropped = {k: [replace(empty, site=replace(p.site, use="commerce"))] for k, p in enumerate(chosen) if p.walled}
    return [part for k, p in enumerate(chosen) for part in courts.get(k, dropped.get(k, [p]))]


def _courts(spec: Spec, seed: int, site: Site, count: int) -> list[Parts] | None:
    """Part a site into ``count`` compounds; None if one of them would be too small or cut off."""
    found, walls = _pieces(site, count)
    pieces = [filled(spec, seed, piece) for piece in found]
    if len(pieces) < count or any(p.walled is None or p.natural < 12 for p in pieces):
        return None
    cuts = tuple(Cut(wall, "wall") for wall in walls)
    return [replace(pieces[0], cuts=(*pieces[0].cuts, *cuts)), *pieces[1:]]


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
