"""The fabric of a sample town: everything physical, in local metres, the same for the same seed.

No area, station or gap is made here; they are composed of the units this module returns.
"""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import tables, ways
from .blocks import town
from .filling import Filled, fill
from .housing import Short
from .mesh import mesh
from .names import road_names
from .plan import lay
from .specs import Spec
from .units import arrange

TRIES = 6


@dataclass(frozen=True, slots=True)
class Fabric:
    """The tables of a town in local metres (x east, y north, to the millimetre), without CRS.

    Columns are those of ``gis.content``, and beside them: ``building.unit`` (None outside all),
    ``compound.era``. ``unit``: code, kind, zone, households, compound, geometry; units tile
    ``outline`` exactly, with equal vertices on both sides of each border. ``seam``: unit_a, unit_b,
    length_m, kind ('main', 'second', 'side', 'lane', 'path', 'wall', 'river', 'railway'), a row for
    each pair and kind. ``centres``: (n, 2), the chief one first. ``canvas``: the whole picture.
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
    filled = _filled(spec, seed, scale)
    plan = filled.plan
    roads, paths = ways.roads(filled), ways.paths(filled)
    arrangement = arrange(
        ways.borders(filled), [w.line for w in roads], [w.line for w in paths], filled.town.outline
    )
    made = tables.named(filled, seed)
    unit = tables.units(filled, made, arrangement)
    building = tables.buildings(spec, filled, made, unit, seed, scale)
    i, j = plan.centres[0]
    axes = (f"v{j}", f"u{i}")
    keys = {road.name: road.rank for road in filled.town.roads}
    way = ways.table(
        arrangement.edges, arrangement.way, [*roads, *paths], road_names(keys, axes, seed)
    )
    codes = unit["code"].to_numpy()
    seam = arrangement.seam
    seam["unit_a"], seam["unit_b"] = codes[seam["unit_a"]], codes[seam["unit_b"]]
    return Fabric(
        way=way,
        building=building,
        compound=tables.compounds(spec, made, seed, scale),
        gate=tables.gates(made),
        barrier=tables.barriers(filled),
        water=tables.water(spec, filled),
        land=tables.land(filled, made),
        unit=tables.with_households(unit, building),
        seam=seam,
        centres=plan.centre_points(),
        outline=shapely.coverage_union_all(unit.geometry.values),
        canvas=filled.town.canvas,
        spec=spec,
        seed=seed,
        scale=scale,
    )


def _filled(spec: Spec, seed: int, scale: float) -> Filled:
    """Fill a town, on a little more land each time it does not hold its households."""
    for tries in range(TRIES):
        roomy = replace(spec, land=spec.land * (1 + 0.04 * tries))
        plan = lay(roomy, seed, scale)
        net = mesh(roomy, plan)
        try:
            return fill(roomy, plan, net, town(roomy, plan, net, scale), scale)
        except Short:
            continue
    raise ValueError(f"{spec.name}: the land does not hold {spec.households} households")
