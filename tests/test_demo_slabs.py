import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, affinity, box

from gis.demo.draws import stream
from gis.demo.slabs import ERAS, SETBACK, height, lay_out, pitch, steep_angle, stretches


@st.composite
def parcels(draw):
    shape = box(0, 0, draw(st.floats(70, 320)), draw(st.floats(70, 320)))
    return affinity.rotate(shape, draw(st.floats(-12, 12)))


@settings(max_examples=40, deadline=None)
@given(parcels(), st.sampled_from(sorted(ERAS)), st.integers(0, 999), st.floats(1.1, 1.7))
def test_slabs_stand_apart_within_the_wall_and_let_the_sun_in(parcel, era, seed, sun):
    layout = lay_out(parcel, era, sun, stream(seed, "test"))
    shapes = np.array([slab.shape for slab in layout.slabs], dtype=object)
    inner = parcel.buffer(-SETBACK + 0.01, join_style="mitre")
    assert inner.covers(shapes).all()
    for row, other in [(a, b) for a in layout.rows for b in layout.rows if a.north > b.north]:
        if row.column == other.column:
            gap = row.north - ERAS[era].depth - other.north
            assert gap >= height(row.slabs[0].floors) - 1e-6
    near = (
        shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=5.5)
        if len(shapes)
        else []
    )
    assert all(a == b for a, b in np.transpose(near))


@given(st.sampled_from(sorted(ERAS)), st.integers(3, 33), st.floats(0.8, 2.0))
def test_rows_are_at_least_their_height_apart(era, floors, sun):
    kind = ERAS[era]
    assert pitch(kind, floors, sun) - kind.depth >= height(floors)


def test_stretches_are_where_the_whole_depth_fits():
    shape = Polygon([(0, 0), (100, 0), (100, 40), (60, 40), (60, 20), (40, 20), (40, 40), (0, 40)])
    assert stretches(shape, 5, 15) == [(0, 100)]
    assert stretches(shape, 10, 30) == [(0, 40), (60, 100)]


def test_steep_sides_are_found_but_not_on_a_diamond():
    turned = affinity.rotate(box(0, 0, 200, 80), 5)  # counter-clockwise: north leans west
    assert abs(np.degrees(steep_angle(turned)) + 5) < 1e-6
    assert steep_angle(affinity.rotate(box(0, 0, 90, 90), 45)) == 0
