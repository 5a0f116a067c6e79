"""A whole sample district: fabric, areas, stations and planted gaps, as a content to be stored."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.content import COLUMNS, TABLES, Content, table
from gis.crs import LocalPlane
from gis.demo import admin, gaps
from gis.demo.areas import areas
from gis.demo.crossings import barred
from gis.demo.fabric import Fabric, fabric
from gis.demo.ground import ground, middles, spot_costs
from gis.demo.specs import SPECS, Spec
from gis.demo.stations import COUNTS, stations
from gis.errors import Infeasible

OLD_ZONES = ("core", "ring90")
# groups, and metres between them, beyond those wished for, until all gaps are proved
MORE = ((0, 0), (1, 0), (2, 0), (4, 0), (-1, 0), (1, 100), (6, 0), (3, 100))

Planted = tuple[gaps.Plan, pd.DataFrame]  # the gaps, and the stations


def town(made: Fabric, area: gpd.GeoDataFrame, plane: LocalPlane) -> Content:
    """Return a fabric and its areas in degrees on the lattice, without stations.

    Points are projected one by one, so that equal vertices stay equal.
    """
    tables = {name: getattr(made, name) for name in TABLES if name not in ("area", "station")}
    return Content(
        **{name: degrees(name, rows, plane) for name, rows in (tables | {"area": area}).items()},
        station=table("station"),
    )


def degrees(name: str, rows: gpd.GeoDataFrame, plane: LocalPlane) -> gpd.GeoDataFrame:
    """Return a table in local metres as the table ``name`` of a content."""
    frame = pd.DataFrame(rows)[[*COLUMNS[name], "geometry"]]
    for column in {"geometry", "doors"} & {*frame.columns}:
        frame[column] = lonlat(frame[column].to_numpy(), plane)
    if name == "area":
        frame["geometry"] = [shapely.multipolygons(shapely.get_parts(s)) for s in frame["geometry"]]
    return table(name, frame.to_dict("records"))


def lonlat(shapes: NDArray[np.object_], plane: LocalPlane) -> NDArray[np.object_]:
    """Turn shapes in local metres into degrees on the lattice; None stays."""

    def inverse(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(plane.inverse(*xy.T), axis=1)

    return np.asarray(shapely.transform(shapes, inverse))


def old_buildings(made: Fabric) -> NDArray[np.bool_]:
    """Tell which buildings stand in the core or the ring of the 1980s and 90s, by their codes."""
    zone = made.unit.set_index("code")["zone"]
    building = made.building.sort_values("code")
    return np.asarray(building["unit"].map(zone).isin(OLD_ZONES))


def sample(
    name: str, seed: int = 1, scale: int = 1, progress: Callable[[str], None] = print
) -> tuple[Content, pd.DataFrame, LocalPlane]:
    """Return a sample district, the record of its planted gaps, and its metre plane.

    Raises
    ------
    Infeasible
        The areas, stations or gaps cannot be had as counted.
    """
    spec = SPECS[name]
    plane = LocalPlane(spec.lon, spec.lat)
    progress("fabric")
    made = fabric(spec, seed, scale)
    progress("areas")
    barrier = barred(made.unit, made.seam, made.way.geometry)
    seam = made.seam.assign(barrier=barrier)
    area, _ = areas(made.unit, seam, admin.district(spec.code, scale), seed)
    content = town(made, area, plane)
    content, record = planted(made, content, plane, spec, seed, scale, progress)
    return content, record, plane


def planted(
    made: Fabric,
    content: Content,
    plane: LocalPlane,
    spec: Spec,
    seed: int,
    scale: int,
    progress: Callable[[str], None],
) -> tuple[Content, pd.DataFrame]:
    """Return a town with stations and gaps, and the record of these.

    Raises
    ------
    Infeasible
        Not all seven kinds of gaps can be planted and proved.
    """
    content, away = gaps.walled_in(content, middles(content, plane), spec.walled)
    progress("stations")
    here = ground(content, plane)
    plan, cost = gaps.Plan(here, _units(made), away), spot_costs(here)
    old, counts = old_buildings(made), COUNTS[spec.code]
    share = spec.served if scale == 1 else (0.0, 1.0)  # gaps are as many in a larger town

    def attempt(groups: int, metres: int) -> Planted:
        space = gaps.space(plan, cost, spec.gaps + groups, spec.beside, spec.spread + metres)
        found = stations(here, cost, old, counts, seed, scale, *space)
        daily = gaps.by_day(plan, found, spec.shut)
        whole, found = gaps.flawed(daily, found, spec.flaws)
        gaps.prove(whole, found, share)
        return whole, found

    progress("gaps")
    whole, found = first(MORE, attempt)
    rows = found.drop(columns="spot").to_dict("records")
    content = replace(whole.town.content, station=table("station", rows))
    return content, gaps.record(whole)


def first(ways: Sequence[tuple[int, int]], attempt: Callable[[int, int], Planted]) -> Planted:
    """Return what the first attempt that succeeds brings.

    Raises
    ------
    Infeasible
        None does; why the last one failed.
    """
    *others, last = ways
    for one in others:
        try:
            return attempt(*one)
        except Infeasible:
            continue
    return attempt(*last)


def _units(made: Fabric) -> NDArray[np.int64]:
    """Return the number of each building's unit, by the buildings' codes."""
    number, _ = pd.factorize(made.building.sort_values("code")["unit"])
    return np.asarray(number, dtype=np.int64)
