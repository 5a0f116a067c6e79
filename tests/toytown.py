"""A made-up town of four-sided units: roads of three ranks, a river, a railway."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, Polygon

STEP = 120.0


@dataclass(frozen=True)
class Town:
    units: gpd.GeoDataFrame
    seam: pd.DataFrame
    river: LineString
    station: Point


def town(columns: int, rows: int, households: int, seed: int = 1, water: bool = True) -> Town:
    """Units of about 120 m; every eighth line a main road, every fourth a second, every other a
    side road, the others inner paths of compounds. A river two thirds down, bridged by the main
    roads; a railway at two thirds of the width, crossed by the main roads."""
    draw = np.random.default_rng(seed)
    point = _points(columns, rows, draw)
    share = draw.uniform(0.2, 1, (columns // 2 + 1, rows // 2 + 1)).repeat(2, 0).repeat(2, 1)
    share = share[:columns, :rows] * draw.uniform(0.8, 1.2, (columns, rows))
    share[draw.random((columns, rows)) < 0.12] = 0
    weight = _rounded(share.ravel() * households / share.sum(), households)
    codes = [f"u{i:03d}-{j:03d}" for i in range(columns) for j in range(rows)]
    units = gpd.GeoDataFrame(
        {
            "code": codes,
            "households": weight,
            "compound": [
                f"c{i // 2:03d}-{j // 2:03d}" for i in range(columns) for j in range(rows)
            ],
            "zone": "ring90",
        },
        geometry=[_cell(point, i, j) for i in range(columns) for j in range(rows)],
    )
    rail, river = (columns * 2 // 3 | 1, rows // 3 | 1) if water else (-1, -1)
    seam = pd.DataFrame(
        _seams(point, columns, rows, river, rail),
        columns=["unit_a", "unit_b", "length_m", "kind", "barrier"],
    )
    return Town(units, seam, LineString(point[:, river]), Point(point[rail, rows // 2]))


def _points(columns: int, rows: int, draw: np.random.Generator) -> np.ndarray:
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0), indexing="ij")
    bent = np.stack([x + 0.3 * np.sin(y / 7), y + 0.3 * np.sin(x / 6)], axis=-1)
    return np.round((bent + draw.uniform(-0.15, 0.15, bent.shape)) * STEP, 3) + 0.0


def _rounded(wanted: np.ndarray, total: int) -> np.ndarray:
    whole = np.floor(wanted).astype(int)
    more = np.argsort(whole - wanted, kind="stable")[: total - whole.sum()]
    whole[more] += 1
    return whole


def _cell(point: np.ndarray, i: int, j: int) -> Polygon:
    return Polygon([point[i, j], point[i + 1, j], point[i + 1, j + 1], point[i, j + 1]])


def _kind(line: int) -> str:
    rank = next(n for n in (8, 4, 2, 1) if line % n == 0)
    return {8: "main", 4: "second", 2: "side", 1: "path"}[rank]


def _seams(point, columns, rows, river, rail):
    for i in range(columns):
        for j in range(rows):
            if i + 1 < columns:
                length = float(np.hypot(*(point[i + 1, j] - point[i + 1, j + 1])))
                kind = "railway" if i + 1 == rail else _kind(i + 1)
                shut = kind == "railway" and j % 8 not in (0, 7)
                yield f"u{i:03d}-{j:03d}", f"u{i + 1:03d}-{j:03d}", length, kind, shut
            if j + 1 < rows:
                length = float(np.hypot(*(point[i, j + 1] - point[i + 1, j + 1])))
                kind = "river" if j + 1 == river else _kind(j + 1)
                shut = kind == "river" and i % 8 not in (0, 7)
                yield f"u{i:03d}-{j:03d}", f"u{i:03d}-{j + 1:03d}", length, kind, shut
