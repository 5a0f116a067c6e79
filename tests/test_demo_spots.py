"""Where stations may stand: inside the district, in every sample."""

import geopandas as gpd
import pytest
import shapely

from gis.crs import LocalPlane
from gis.demo.assemble import town
from gis.demo.fabric import fabric
from gis.demo.specs import SPECS
from gis.demo.spots import spots


@pytest.mark.parametrize("name", ["mudan", "taonan"])
def test_spots_for_stations_lie_inside_the_district(name: str) -> None:
    spec = SPECS[name]
    city, plane = fabric(spec, 1), LocalPlane(spec.lon, spec.lat)
    district = {"code": spec.code, "level": "district", "name": spec.name, "parent": None}
    area = gpd.GeoDataFrame([district | {"tiled": True}], geometry=[city.outline])
    found = spots(town(city, area, plane), plane).xy
    assert len(found) > 1000
    assert shapely.covers(city.outline, shapely.points(found)).all()
