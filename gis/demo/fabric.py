"""The fabric of a sample town: everything physical, in local metres, the same for the same seed.

No area, station or gap is made here; they are composed of the units this module returns.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import tables, ways
from .blocks import town
from .filling import fill
from .mesh import mesh
from .names import road_names
from .plan import lay
from .specs import Spec
from .units import arrange


@dataclass(frozen=True, slots=True)
class Fabric:
    """The tables of a town in local metres (x east, y north, to the millimetre), without CRS.

    Columns are those of ``gis.content``, and beside them: ``building.unit`` (None outside all),
    ``compound.era``. ``unit``: code, kind, zone, households, compound, geometry; units tile
    ``outline`` exactly, with equal vertices on both sides of each border. ``seam``: unit_a, unit_b,
    length_m, kind ('main', 'second', 'side', 'lane', 'path', 'wall', 'river', 'railway'), a row for each
    pair and kind. ``centres``: (n, 2), the chief one first. ``canvas``: the whole picture.
    """

    way: gpd.GeoDataFrame
    building: gpd.GeoDataFrame
    compound: gpd.GeoDataFrame
    gate: gpd.GeoDataFrame
    barrier: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    unit: gpd.GeoDataFrame
    seam: pd.DataFrame
    centres: np.ndarray
    outline: shapely.Polygon
    canvas: shapely.Polygon
    spec: Spec
    seed: int
    scale: float

    @property
    def centre(self) -> tuple[float, float]:
        """The chief centre [m]."""
        return float(self.centres[0, 0]), float(self.centres[0, 1])


def fabric(spec: Spec, seed: int = 1, scale: float = 1) -> Fabric:
    """Make a town.

    Parameters
    ----------
    seed
        Another seed makes another city with the same counts.
    scale
        Multiplies households, compounds and area; densities stay.

    Raises
    ------
    ValueError
        The land cannot hold what the spec asks for.
    """
    plan = lay(spec, seed, scale)
    net = mesh((spec, plan))
    filled = fill(spec, plan, net, town(spec, plan, net, scale), scale)
    roads, paths = ways.roads(filled), ways.paths(filled)
    arrangement = arrange(
        ways.borders(filled), [w.line for w in roads], [w.line for w in paths], filled.town.outline
    )
    made = tables.named(filled, seed)
    unit = tables.units(filled, made, arrangement)
    building = tables.buildings(spec, filled, made, unit, seed, scale)
    keys = {road.name: road.rank for road in filled.town.roads}
    way = ways.table(arrangement.edges, arrangement.way, [*roads, *paths], road_names(keys, seed))
    codes = unit["code"].to_numpy()
    seam = arrangement.seam
    seam["unit_a"], seam["unit_b"] = codes[seam["unit_a"]], codes[seam["unit_b"]]
    return Fabric(
        way=way,
        building=building,
        compound=tables.compounds(spec, made, scale),
        gate=tables.gates(made),
        barrier=tables.barriers(filled),
        water=tables.water(spec, filled),
        land=tables.land(filled, made),
        unit=tables.with_households(unit, building),
        seam=seam,
        centres=plan.centre_points(),
        outline=filled.town.outline,
        canvas=filled.town.canvas,
        spec=spec,
        seed=seed,
        scale=scale,
    )
