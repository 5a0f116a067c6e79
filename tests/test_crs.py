import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gis.crs import LocalPlane, lengths, to_bd09, to_gcj02, to_stored
from gis.errors import BadInput

LON, LAT = st.floats(75, 134), st.floats(19, 53)


@given(LON, LAT, st.sampled_from(["gcj02", "bd09"]))
def test_datum_is_undone_to_a_lattice_step(lon: float, lat: float, datum: str) -> None:
    shift = {"gcj02": to_gcj02, "bd09": to_bd09}[datum]
    there = shift(np.array([lon]), np.array([lat]))
    back = to_stored(*there, datum)
    # a micrometre is 1e-11 of a degree; rounding to the lattice adds half of 1e-9
    assert abs(back[0][0] - lon) < 6e-10
    assert abs(back[1][0] - lat) < 6e-10


def test_gcj02_shift_of_the_three_cities() -> None:
    # the published formula gives 514, 542 and 529 m there (product.md, places by hand)
    place = np.array([[122.80, 45.33], [115.45, 35.25], [114.77, 37.35]])
    lon, lat = to_gcj02(*place.T)
    metres = Geod(ellps="WGS84").inv(*place.T, lon, lat)[2]
    assert np.allclose(metres, [514, 542, 529], atol=8)


def test_unknown_datum_and_swapped_axes_are_refused() -> None:
    with pytest.raises(BadInput, match="datum"):
        to_stored(np.array([115.0]), np.array([35.0]), "beijing54")
    with pytest.raises(BadInput, match="not_degrees"):
        to_stored(np.array([35.0]), np.array([115.0]))


@given(st.floats(-9000, 9000), st.floats(-9000, 9000))
def test_plane_is_undone_and_true_to_length(x: float, y: float) -> None:
    plane = LocalPlane(115.45, 35.25)
    lon, lat = plane.inverse(np.array([x, x + 100]), np.array([y, y]))
    again = plane.forward(lon, lat)
    assert np.allclose(again, [[x, x + 100], [y, y]], atol=2e-4)
    assert lengths(lon, lat)[0] == pytest.approx(100, abs=3e-4)
