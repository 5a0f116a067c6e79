import numpy as np

from gis.demo.draws import relief, stream


def test_a_stream_belongs_to_its_place_alone():
    first = stream(1, "slab", 100.2, 50.0).random(5)
    assert (stream(1, "slab", 100.4, 49.9).random(5) == first).all()  # the same metre
    for other in [
        (2, "slab", 100, 50),
        (1, "wall", 100, 50),
        (1, "slab", 101, 50),
        (1, "slab", 50, 100),
    ]:
        assert (stream(*other).random(5) != first).all()


def test_streams_of_neighbours_are_not_correlated():
    draws = np.array([stream(1, "x", k).random(50) for k in range(200)])
    correlation = np.corrcoef(draws)[np.triu_indices(200, 1)]
    # n = 50 draws: sd of a correlation is 1 / 7
    assert abs(correlation.mean()) < 0.01
    assert abs(correlation.std() - 1 / 7) < 0.02


def test_relief_is_smooth_and_has_hills():
    points = np.column_stack([np.arange(0, 6000, 10.0), np.zeros(600)])
    height = relief(1, "zone", points, 800)
    assert np.ptp(height) > 0.8
    # six waves of amplitude 1 / 3 and length at least 0.8 * 800 m: slope at most 2 * 2 pi / 640
    assert np.abs(np.diff(height)).max() <= 10 * 2 * 2 * np.pi / 640
