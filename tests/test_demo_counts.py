import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gis.demo.counts import apportion, households, people
from gis.demo.parts import Building


@given(st.lists(st.floats(0.01, 1e3), min_size=1, max_size=60), st.integers(0, 10_000))
def test_shares_add_up_and_differ_by_less_than_one(weights, total):
    weights = np.array(weights)
    share = apportion(weights, total)
    exact = weights * total / weights.sum()
    assert share.sum() == total
    assert (np.abs(share - exact) < 1 + 1e-6).all()


def test_nothing_cannot_be_shared():
    assert (apportion(np.zeros(3), 0) == 0).all()
    with pytest.raises(ValueError, match="nothing to share over"):
        apportion(np.zeros(3), 5)


def built(kind, natural, x):
    return Building(box(x, 0, x + 10, 10), kind, 5, natural=natural)


def test_houses_keep_their_households_and_slabs_share_the_rest():
    buildings = [built("house", 2, 0), built("slab", 20.4, 20), built("slab", 30.3, 40)]
    load = households(buildings, 52)
    assert load.tolist() == [2, 20, 30]
    with pytest.raises(ValueError, match="for slabs that hold 51"):
        households(buildings, 90)


def test_people_live_in_households_and_dormitories():
    buildings = [built("slab", 40, k * 20.0) for k in range(30)] + [built("dormitory", 0, 900.0)]
    load = np.array([40] * 30 + [0])
    heads = people(buildings, load, 3400, seed=1)
    assert heads.sum() == 3400
    assert (heads[:30] >= 40).all()
    assert 200 <= heads[30] <= 400
