"""The tables of a town: codes, names and exact counts for what its sites are filled with."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint

from .counts import households, people
from .course import sidings
from .draws import stream
from .filling import Filled
from .lines import Shapes, rounded, strings
from .names import compound_names, place_names, quarter_names
from .parts import Building, Parts
from .specs import Spec
from .units import Arrangement

ESTIMATED = 0.075  # share of buildings whose counts are estimates
SIDES = ("东", "北", "西", "南")


def frame(rows: list[dict[str, Any]], columns: str) -> gpd.GeoDataFrame:
    """Return rows as a table in local metres."""
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=[*columns.split(), "geometry"]), geometry="geometry"
    )


@dataclass(frozen=True, slots=True)
class Named:
    """The filled sites with the code and the name of what is on each ('' for none)."""

    parts: list[Parts]
    codes: list[str | None]
    names: list[str]


def named(filled: Filled, seed: int) -> Named:
    """Give each compound a code and a name of its own, each quarter and place a name."""
    parts = filled.parts
    codes: list[str | None] = [None] * len(parts)
    names = [""] * len(parts)
    walled = [k for k, p in enumerate(parts) if p.walled is not None]
    for n, k in enumerate(walled, 1):
        codes[k] = f"C{n:04d}"
    _set(
        names,
        walled,
        compound_names(
            [parts[k].site.use for k in walled], [parts[k].site.place for k in walled], seed
        ),
    )
    for use in ("old", "village"):
        rows = [k for k, p in enumerate(parts) if p.site.use == use]
        _set(
            names, rows, quarter_names([parts[k].site.place for k in rows], use == "village", seed)
        )
    rest = [k for k, p in enumerate(parts) if not names[k]]
    _set(names, rest, place_names([parts[k].site.use for k in rest], seed))
    return Named(parts, codes, names)


def _set(names: list[str], rows: list[int], values: list[str]) -> None:
    for k, value in zip(rows, values, strict=True):
        names[k] = value


def compounds(spec: Spec, made: Named, seed: int, scale: float) -> gpd.GeoDataFrame:
    """Return the compounds; the exact number with a party branch, most households first by luck."""
    rows = [(c, n, p) for c, n, p in zip(made.codes, made.names, made.parts, strict=True) if c]
    wanted = round(spec.branches * scale)
    luck = [stream(seed, "branch", *p.site.place).random() * 300 + p.natural for _, _, p in rows]
    chosen = np.argsort(-np.round(luck, 3), kind="stable")[:wanted]
    has = np.isin(np.arange(len(rows)), chosen)
    return frame(
        [
            {
                "code": c,
                "name": n,
                "branch": f"{n}党支部" if b else None,
                "era": p.site.use,
                "geometry": p.walled,
            }
            for (c, n, p), b in zip(rows, has, strict=True)
        ],
        "code name branch era",
    )


def gates(made: Named) -> gpd.GeoDataFrame:
    """Return the gates, named by the side of their compound, numbered where a side has several."""
    rows: list[dict[str, Any]] = []
    for code, name, parts in zip(made.codes, made.names, made.parts, strict=True):
        seen: dict[str, int] = {}
        for gate in parts.gates:
            side = _side(parts, gate.point)
            seen[side] = seen.get(side, 0) + 1
            label = f"{name}{side}{'' if seen[side] == 1 else seen[side]}门"
            rows.append(
                {
                    "name": label,
                    "compound": code,
                    "hours": gate.hours,
                    "passage": gate.passage,
                    "geometry": gate.point,
                }
            )
    for k, row in enumerate(rows, 1):
        row["code"] = f"G{k:04d}"
    return frame(rows, "code name compound hours passage")


def _side(parts: Parts, point: shapely.Point) -> str:
    x, y = np.array(point.coords[0]) - np.array(parts.site.place)
    west, south, east, north = parts.site.parcel.bounds
    angle = np.arctan2(y / (north - south), x / (east - west))
    return SIDES[int(np.round(angle / (np.pi / 2))) % 4]


def barriers(filled: Filled) -> gpd.GeoDataFrame:
    """Return walls and fences as closed rings, and the tracks of the railway."""
    rows = [
        {"kind": wall.kind, "geometry": wall.ring} for parts in filled.parts for wall in parts.walls
    ]
    track = rounded(filled.net.railway.line.intersection(filled.town.canvas))
    tracks = strings(track) + (
        sidings(filled.net.railway, filled.net.yard) if filled.station else []
    )
    rows += [{"kind": "railway", "geometry": line} for line in tracks]
    for k, row in enumerate(rows, 1):
        row["code"] = f"R{k:04d}"
    return frame(rows, "code kind")


def water(spec: Spec, filled: Filled) -> gpd.GeoDataFrame:
    """Return the river within the canvas, and the ponds of parks."""
    river = rounded(filled.net.waters.water.intersection(filled.town.canvas))
    rows = [{"name": spec.river, "kind": "river", "geometry": river}]
    rows += [
        {"name": "", "kind": "lake", "geometry": pond} for p in filled.parts for pond in p.water
    ]
    for k, row in enumerate(rows, 1):
        row["code"] = f"A{k:04d}"
    return frame(rows, "code name kind")


def land(filled: Filled, made: Named) -> gpd.GeoDataFrame:
    """Return what the land is used for, sites first, then the river's islands and the belt."""
    rows = []
    for name, parts in zip(made.names, made.parts, strict=True):
        for k, (shape, kind) in enumerate(parts.land):
            rows.append({"name": name if k == 0 else "", "kind": kind, "geometry": shape})
    rows += [{"name": "", "kind": "green", "geometry": i} for i in filled.net.waters.islands]
    rows += [{"name": "", "kind": kind, "geometry": shape} for shape, kind in filled.around]
    for k, row in enumerate(rows, 1):
        row["code"] = f"L{k:04d}"
    return frame(rows, "code name kind")


def units(filled: Filled, made: Named, arrangement: Arrangement) -> gpd.GeoDataFrame:
    """Return the units without their households, which the buildings bring."""
    blocks = [*(p.site.block for p in made.parts), *filled.town.strips]
    points = shapely.point_on_surface(arrangement.units)
    unit, block = shapely.STRtree(blocks).query(points, predicate="within")
    owner = np.full(len(points), -1)
    owner[unit[::-1]] = block[::-1]
    sites = [p.site for p in made.parts]
    nearest = shapely.STRtree([s.block for s in sites]).nearest(points)
    rail = filled.net.railway.corridor
    rows = []
    for k, (shape, own) in enumerate(zip(arrangement.units, owner, strict=True)):
        is_site = 0 <= own < len(sites)
        kind = (
            (sites[own].use or "green")
            if is_site
            else "railway"
            if rail.contains(points[k])
            else "river"
        )
        rows.append(
            {
                "code": f"U{k + 1:05d}", "kind": KIND.get(kind, kind),
                "zone": sites[nearest[k]].zone,
                "compound": made.codes[own] if is_site else None, "geometry": shape,
            }
        )  # fmt: skip
    return frame(rows, "code kind zone compound")


KIND = {"old": "old_quarter", "90s": "compound", "00s": "compound", "10s": "compound"}


def buildings(
    spec: Spec, filled: Filled, made: Named, unit: gpd.GeoDataFrame, seed: int, scale: float
) -> gpd.GeoDataFrame:
    """Return the buildings with exact totals of households and people."""
    entries = [(b, k) for k, p in enumerate(made.parts) for b in p.buildings]
    entries += [(filled.station, -1)] if filled.station else []
    every = [b for b, _ in entries]
    load = households(every, round(spec.households * scale))
    heads = people(every, load, round(spec.households * scale * spec.persons), seed)
    shapes = np.array([b.shape for b in every])
    within = _units_of(shapes, unit)
    labels = _labels(entries, made)
    rows = [
        {
            "code": f"B{n + 1:06d}", "name": labels[n], "kind": b.kind, "floors": b.floors,
            "households": int(load[n]), "people": int(heads[n]),
            "estimated": _is_estimated(b, seed),
            "compound": made.codes[k] if k >= 0 and b.kind != "shop" else None,
            "doors": MultiPoint(b.doors) if b.doors else None,
            "unit": within[n], "geometry": b.shape,
        }
        for n, (b, k) in enumerate(entries)
    ]  # fmt: skip
    return frame(rows, "code name kind floors households people estimated compound doors unit")


def _is_estimated(building: Building, seed: int) -> bool:
    place = building.shape.bounds[:2]
    return bool(stream(seed, "estimated", *place).random() < ESTIMATED)


def _units_of(shapes: Shapes, unit: gpd.GeoDataFrame) -> NDArray[np.object_]:
    found, row = shapely.STRtree(unit.geometry.values).query(shapes, predicate="within")
    result = np.full(len(shapes), None, dtype=object)
    result[found] = unit["code"].to_numpy()[row]
    return result


def _labels(entries: list[tuple[Building, int]], made: Named) -> list[str]:
    """Name buildings after their compound, quarter or place; number what has no number."""
    count: dict[tuple[str, str], int] = {}
    labels = []
    for building, k in entries:
        name = made.names[k] if k >= 0 else ""
        if building.label:
            labels.append(name + building.label)
            continue
        word = {"shop": "商铺", "house": "", "village_house": ""}.get(building.kind, "楼")
        n = count[name, word] = count.get((name, word), 0) + 1
        labels.append(f"{name}{word}{n}号" if word != "楼" else f"{name}{n}号楼")
    return labels


def with_households(unit: gpd.GeoDataFrame, building: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add to each unit the households of its buildings."""
    sums = building.groupby("unit")["households"].sum()
    unit.insert(3, "households", unit["code"].map(sums).fillna(0).astype(int))
    return unit
