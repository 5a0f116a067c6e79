from pathlib import Path

import pyogrio
import pytest

from gis import districts
from gis.coverage import coverage
from gis.districts import District
from gis.errors import BadInput
from gis.exchange import geopackage
from gis.nearest import nearest
from gis.walk import variants
from sql.database import Conn
from tests import recount, town


@pytest.fixture
def conn(admin: Conn) -> Conn:
    districts.create(admin, town.HOME, town.content(), services=[("s1", "党务服务")])
    variants.ensure_network(admin, town.HOME.code)
    return admin


def export(conn: Conn, path: Path, name: str = "day") -> recount.Recount:
    home: District = districts.district(conn, town.HOME.code)
    geopackage.write(conn, home, variants.named(conn, home.code, name, home.zone), path)
    return recount.load(path)


def test_coverage_recounted_from_the_file_alone(conn: Conn, tmp_path: Path) -> None:
    apart = export(conn, tmp_path / "town.gpkg")
    best = recount.buildings(apart, recount.open_stations(apart))
    for band in coverage(conn, town.HOME.code)["bands"]:
        minutes = band.pop("minutes")
        assert recount.covered(apart, best, 400_000, minutes) == band


def test_shut_gates_are_closed_in_the_file(conn: Conn, tmp_path: Path) -> None:
    at_night = export(conn, tmp_path / "night.gpkg", "2026-11-23T23:00")
    best = recount.buildings(at_night, recount.open_stations(at_night))
    assert "d" not in best
    assert set(best) == {"a", "b", "c"}


@pytest.mark.parametrize("place", [(0, 200), (650, 30), (300, 90), (150, 375), (100, -10)])
def test_nearest_recounted(conn: Conn, tmp_path: Path, place: tuple[float, float]) -> None:
    lon, lat = town.place(town.shapely.Point(place)).coords[0]
    try:
        answer = nearest(conn, town.HOME.code, lon, lat)
    except BadInput:
        assert place == (0, 200)  # over the river: no connector touches water
        return
    apart = export(conn, tmp_path / "town.gpkg")
    (one,) = answer["stations"]
    assert (
        recount.cost(apart, answer["access"], "P", recount.costs_to(apart, "P")) == one["cost_cm"]
    )
    ends = one["path"]["coordinates"][0], one["path"]["coordinates"][-1]
    assert ends[0] == pytest.approx([lon, lat], abs=1e-9)
    assert ends[1] == pytest.approx(town.place(town.shapely.Point(100, -10)).coords[0], abs=1e-9)


def test_old_file_is_kept_when_the_new_one_cannot_be_written(conn: Conn, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot_write"):
        export(conn, tmp_path / "nowhere" / "town.gpkg")


def test_layers_and_reference_system(conn: Conn, tmp_path: Path) -> None:
    export(conn, tmp_path / "town.gpkg")
    names = {str(name) for name, _ in pyogrio.list_layers(tmp_path / "town.gpkg")}
    assert names == {*geopackage.LAYERS, "setting"}
    assert pyogrio.read_info(tmp_path / "town.gpkg", layer="edge")["crs"] == "EPSG:4490"
