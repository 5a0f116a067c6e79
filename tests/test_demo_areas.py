import os
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from toytown import Town, town

from gis.demo.admin import District, Subdistrict, district, shares, spread
from gis.demo.areas import areas
from gis.demo.crossings import barred
from gis.demo.naming import name_areas, reading_order
from gis.errors import Infeasible
from gis.tiling import faults

CHILDREN = {"district": "subdistrict", "subdistrict": "community", "community": "grid"}
SIZES = {"371702": (30, 30), "220881": (36, 36), "130525": (23, 22)}


def made(place: Town, plan: District, seed: int = 1) -> tuple[gpd.GeoDataFrame, pd.Series]:
    marks = {"river": place.river, "station": place.station}
    return areas(place.units, place.seam, plan, seed, marks)


@pytest.fixture(scope="module", params=SIZES)
def city(request):
    plan = district(request.param)
    n_grid = sum(part.grids for part in plan.subdistricts)
    place = town(*SIZES[request.param], 400 * n_grid)
    return plan, place, *made(place, plan)


@pytest.fixture(scope="module")
def mini():
    """Two subdistricts of two communities of two or one grids."""
    pair = (("999999901001", "河东社区"), ("999999901002", "河西社区"))
    other = (("999999902001", "新村社区"), ("999999902002", "老街社区"))
    plan = District(
        "999999",
        "样区",
        (
            Subdistrict("999999901", "西城街道", pair, (2, 1)),
            Subdistrict("999999902", "东城街道", other, (2, 2)),
        ),
    )
    return plan, town(9, 8, 400 * 7)


# --- counts and names


def test_grids_of_mudan():
    plan = district("371702")
    sizes = {part.name: len(part.communities) for part in plan.subdistricts}
    assert sizes == {"东城街道": 13, "西城街道": 13, "南城街道": 14, "北城街道": 11, "牡丹街道": 6}
    grids = [n for part in plan.subdistricts for n in part.share]
    assert sorted(grids) == [1] * 8 + [2] * 49


def test_grids_of_taonan():
    plan = district("220881")
    sizes = [(part.name, len(part.communities)) for part in plan.subdistricts]
    names = ["团结街道", "富文街道", "光明街道", "兴隆街道", "永康街道", "通达街道"]
    assert sizes == list(zip(names, [4, 2, 3, 2, 3, 4], strict=True))
    grids = [n for part in plan.subdistricts for n in part.share]
    assert sorted(grids) == [11] * 12 + [12] * 6


def test_grids_of_longyao():
    (town,) = district("130525").subdistricts
    assert (town.code, town.name) == ("130525100", "隆尧镇")
    assert town.communities[0] == ("130525100001", "泜河社区")
    assert town.share == (7,) * 6 + (6,) * 3


@pytest.mark.parametrize("scale", [2, 10])
def test_scale_multiplies_counts_and_invents_unused_codes(scale):
    plan = district("371702", scale)
    official = district("371702")
    communities = [c for part in plan.subdistricts for c in part.communities]
    assert (
        len(communities) == 57 * scale == len(dict(communities)) == len({n for _, n in communities})
    )
    assert sum(part.grids for part in plan.subdistricts) == 106 * scale
    assert [part.name for part in plan.subdistricts[:5]] == [p.name for p in official.subdistricts]
    invented = plan.subdistricts[5:]
    assert len(invented) == 5 * (scale - 1)
    assert all(part.name.startswith("示例") and int(part.code[6:]) >= 600 for part in invented)


def test_shares_by_largest_remainder():
    # 10 over 3, 3, 1 is 4.29, 4.29, 1.43: floors 4, 4, 1 and the last one to the largest rest
    assert shares(10, [3, 3, 1]) == [4, 4, 2]
    assert spread(11, 3) == (4, 4, 3)


# --- whole districts


def test_every_level_has_its_count_codes_and_names(city):
    plan, _, table, _ = city
    by_level = table.groupby("level").size().to_dict()
    communities = [c for part in plan.subdistricts for c in part.communities]
    assert by_level == {
        "district": 1,
        "subdistrict": len(plan.subdistricts),
        "community": len(communities),
        "grid": sum(part.grids for part in plan.subdistricts),
    }
    names = table.set_index("code")["name"]
    assert {**dict(communities)} == names[table[table.level == "community"].code].to_dict()
    assert table["code"].is_monotonic_increasing and table["code"].is_unique
    for code, parent, name in table[table.level == "grid"][["code", "parent", "name"]].values:
        assert parent == code[:12]
        assert name == f"{names[parent].removesuffix('社区')} {int(code[12:]):02d}"


def test_grids_are_numbered_without_gaps_as_often_as_planned(city):
    plan, _, table, _ = city
    grids = table[table.level == "grid"]
    count = grids.groupby("parent").size()
    for part in plan.subdistricts:
        own = count[[code for code, _ in part.communities]]
        assert sorted(own, reverse=True) == list(part.share)
    for parent, n in count.items():
        codes = grids[grids.parent == parent].code
        assert codes.tolist() == [f"{parent}{k:03d}" for k in range(1, n + 1)]


def test_every_grid_holds_300_to_500_households(city):
    _, place, table, grid = city
    held = place.units.groupby(grid.reindex(place.units["code"]).to_numpy())["households"].sum()
    assert len(held) == (table.level == "grid").sum()
    assert held.min() >= 300 and held.max() <= 500


@pytest.mark.parametrize("digits", [15, 12, 9])
def test_every_area_holds_together_without_crossing_barriers(city, digits):
    _, place, _, grid = city
    walk = nx.Graph()
    walk.add_nodes_from(place.units["code"])
    free = place.seam[~place.seam["barrier"]]
    walk.add_edges_from(free[["unit_a", "unit_b"]].itertuples(index=False))
    for _, units in grid.groupby(grid.str[:digits]):
        assert nx.is_connected(walk.subgraph(units.index))


def test_children_tile_their_parents_exactly(city):
    _, place, table, _ = city
    shape = table.set_index("code").geometry
    for level, below in CHILDREN.items():
        for code in table[table.level == level].code:
            children = table[(table.level == below) & (table.parent == code)].code
            assert faults(shape[code], shape[children].tolist()) == []
    whole = shape[table[table.level == "district"].code.iloc[0]]
    assert faults(whole, place.units.geometry.tolist()) == []
    assert table.tiled.tolist() == (table.level != "grid").tolist()
    assert shapely.area(place.units.geometry).sum() == pytest.approx(whole.area)


def test_the_polygon_of_a_grid_is_the_union_of_its_units(city):
    _, place, table, grid = city
    shape = table.set_index("code").geometry
    units = place.units.set_index("code").geometry
    for code, own in list(grid.groupby(grid))[::20]:
        assert shape[code].equals(shapely.union_all(units[own.index].to_numpy()))


def test_subdistricts_lie_as_their_names_say(city):
    plan, _, table, _ = city
    middle = table.set_index("name").geometry.centroid
    whole = middle[plan.name]
    ways = {"东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1)}
    for part in plan.subdistricts:
        if part.name[0] in ways:
            x, y = middle[part.name].x - whole.x, middle[part.name].y - whole.y
            along = x * ways[part.name[0]][0] + y * ways[part.name[0]][1]
            assert along > np.hypot(x, y) * np.cos(np.pi / 4), part.name


# --- names and numbers


def test_names_go_where_they_speak_of():
    points = np.array([[0.0, 0], [1000, 0], [0, 1000], [1000, 1000], [500, 500]])
    names = ["河西社区", "河东社区", "中山社区", "北苑社区", "站前社区"]
    marks = {
        "river": shapely.LineString([(0, -50), (1000, -50)]),
        "station": shapely.Point(1000, 1100),
        "park": shapely.Point(0, 1100),
    }
    given = [names[i] for i in name_areas(names, points, marks)]
    assert given == ["河西社区", "河东社区", "北苑社区", "站前社区", "中山社区"]


def test_reading_order_runs_west_to_east_in_bands_from_the_north():
    #  2 . 0      the top band is 330 m high and holds 0, 2 and 4
    #  . 4 .
    #  1 . 3
    points = np.array([[900.0, 1000], [0, 0], [0, 990], [900, 10], [450, 800]])
    assert reading_order(points, 330.0).tolist() == [2, 4, 0, 1, 3]


# --- one result, whatever the order


def test_the_order_of_units_and_seams_does_not_matter(mini):
    plan, place = mini
    table, grid = made(place, plan)
    other = replace(
        place,
        units=place.units.sample(frac=1, random_state=3),
        seam=place.seam.rename(columns={"unit_a": "unit_b", "unit_b": "unit_a"}).sample(
            frac=1, random_state=4
        ),
    )
    again, grid_again = made(other, plan)
    assert grid_again.equals(grid)
    assert again.drop(columns="geometry").equals(table.drop(columns="geometry"))
    assert (again.geometry.to_wkb() == table.geometry.to_wkb()).all()


def test_the_result_does_not_depend_on_the_hash_seed():
    code = (
        "import hashlib; from toytown import town; from gis.demo.admin import *;"
        "from gis.demo.areas import areas; t = town(12, 10, 400 * 14);"
        "c = tuple((f'99999990100{i}', f'{i}河社区') for i in range(7));"
        "plan = District('999999', '样', (Subdistrict('999999901', '样镇', c, (2,) * 7),));"
        "a, g = areas(t.units, t.seam, plan, 1, {'river': t.river});"
        "print(hashlib.sha256(b''.join(a.geometry.to_wkb()) + ''.join(a.name).encode()"
        " + ''.join(g).encode()).hexdigest())"
    )
    path = os.pathsep.join(sys.path)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_unit_too_large_for_a_grid_is_named(mini):
    plan, place = mini
    units = place.units.copy()
    units.loc[units["code"] == "u004-004", "households"] += 520
    units.loc[units["code"] != "u004-004", "households"] -= 7
    units["households"] = units["households"].clip(lower=0)
    with pytest.raises(Infeasible, match=r"unit u004-004 has \d+ households"):
        areas(units, place.seam, plan, 1)


# --- crossings


def test_a_barrier_is_crossed_only_where_a_way_has_a_vertex_on_it():
    place = town(16, 9, 6400)
    # one way along the eighth line of columns, with a vertex at every crossing of the lattice
    column = shapely.get_coordinates(place.units.geometry.iloc[[8 * 9 + j for j in range(9)]])
    west = column.reshape(9, 5, 2)[:, 0]
    shut = barred(place.units, place.seam, gpd.GeoSeries([shapely.LineString(west)]))
    barrier = place.seam["kind"].isin(["river", "railway"])
    assert not shut[~barrier].any()
    crossed = place.seam[barrier & ~shut]
    # the four units around the point where the way meets the river: one seam on each side of it
    assert crossed[["unit_a", "unit_b"]].values.tolist() == [
        ["u007-002", "u007-003"],
        ["u008-002", "u008-003"],
    ]


def test_a_town_without_barriers_has_none():
    place = town(4, 4, 800, water=False)
    ways = gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])])
    assert not barred(place.units, place.seam, ways).any()
