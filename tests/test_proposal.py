import itertools
import os
import subprocess
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toytown import town

from gis.errors import BadInput, Infeasible
from gis.proposal import COST, graph, propose, tied
from gis.proposal.cuts import _border, _pull
from gis.proposal.goal import Goal, total
from gis.proposal.trees import grow


def lattice(columns: int, rows: int, kind=lambda one, other: "side"):
    """Codes and seams of a lattice of units 100 m wide; ``kind`` of the seam of two cells."""
    cells = list(itertools.product(range(columns), range(rows)))
    pairs = [
        (one, other)
        for one in cells
        for other in ((one[0] + 1, one[1]), (one[0], one[1] + 1))
        if other in cells
    ]
    rows_ = [(name(one), name(other), 100.0, kind(one, other)) for one, other in pairs]
    return [name(cell) for cell in cells], seams(rows_)


def name(cell: tuple[int, int]) -> str:
    return f"{cell[0]:02d}.{cell[1]:02d}"


def seams(rows: list[tuple[str, str, float, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit_a", "unit_b", "length_m", "kind"])


def connected(codes: list[str], seam: pd.DataFrame, part: np.ndarray) -> bool:
    """Judge by networkx, over seams that are no barrier."""
    shut = seam["barrier"] if "barrier" in seam else seam["kind"].isin(["river", "railway"])
    walk = nx.Graph()
    walk.add_nodes_from(codes)
    walk.add_edges_from(seam.loc[~shut, ["unit_a", "unit_b"]].itertuples(index=False))
    groups = pd.Series(codes).groupby(part)
    return all(nx.is_connected(walk.subgraph(group)) for _, group in groups)


def cost(codes: list[str], seam: pd.DataFrame, part: np.ndarray) -> float:
    of = dict(zip(codes, part.tolist(), strict=True))
    parted = seam["unit_a"].map(of) != seam["unit_b"].map(of)
    return float((seam["length_m"] * seam["kind"].map(COST))[parted].sum())


# --- theory


def test_a_strip_is_cut_at_the_main_road():
    # Ten units of 100 in a row; only the seam after the sixth is a main road, and 600 + 400
    # are both within 300 to 700: the best border is the main road, not the middle.
    codes, seam = lattice(10, 1, lambda one, other: "main" if one[0] == 5 else "side")
    part = propose(codes, np.full(10, 100), seam, 2, 300, 700, seed=1)
    assert part.tolist() in ([0] * 6 + [1] * 4, [1] * 6 + [0] * 4)


def test_a_square_is_cut_in_quarters():
    # 6 x 6 units of 100 in four parts of exactly 900: the shortest borders are the two axes
    codes, seam = lattice(6, 6)
    part = propose(codes, np.full(36, 100), seam, 4, 900, 900, seed=1, starts=3)
    assert cost(codes, seam, part) == 12 * 100 * COST["side"]


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_all_bisections_is_found(seed):
    draw = np.random.default_rng(seed)
    kinds = draw.choice(["main", "second", "side", "path"], (5, 4, 2))
    codes, seam = lattice(4, 3, lambda one, other: str(kinds[(*one, other[0] - one[0])]))
    households = draw.integers(20, 160, 12)
    low, high = households.sum() * 0.4, households.sum() * 0.6
    part = propose(codes, households, seam, 2, low, high, seed=seed, starts=4)
    whole, _ = graph(codes, households, seam)
    goal = Goal(low, high, float(households.sum()) / 2, 0.1)
    every = [np.array((0, *sides)) for sides in itertools.product((0, 1), repeat=11) if any(sides)]
    one = np.array([1, 1])
    ranked = sorted((total(whole, sides, one, goal), sides.tolist()) for sides in every)
    best = next(cost for cost, sides in ranked if connected(codes, seam, np.array(sides)))
    assert total(whole, part, one, goal) == pytest.approx(best)


def test_parts_get_their_shares():
    codes, seam = lattice(12, 4)
    part = propose(codes, np.full(48, 50), seam, [1, 2, 3], 350, 450, seed=1)
    held = np.bincount(part, minlength=3) * 50
    assert all(350 * s <= h <= 450 * s for s, h in zip((1, 2, 3), held, strict=True))


def test_a_pull_puts_parts_where_they_belong():
    codes, seam = lattice(8, 4)
    x = np.repeat(np.arange(8.0), 4) - 3.5
    for east in (0, 1):
        pull = np.column_stack([x, -x] if east else [-x, x]) * 20
        part = propose(codes, np.full(32, 50), seam, 2, 700, 900, seed=3, pull=pull)
        assert (part[x > 0] == east).all() and (part[x < 0] == 1 - east).all()


def test_banks_without_a_bridge_are_divided_apart():
    # two rows of the four stand beyond the river: 12 units of 100 on each bank, 8 parts of 300
    codes, seam = lattice(6, 4, lambda one, other: "river" if (one[1], other[1]) == (1, 2) else "")
    part = propose(codes, np.full(24, 100), seam, 8, 300, 300, seed=1)
    assert connected(codes, seam, part)
    assert np.bincount(part).tolist() == [3] * 8


def test_a_bridge_may_be_inside_a_part():
    # seven units of 100 south of the river, five north of it, one bridge: 4 parts of 300
    def kind(one, other):
        return "river" if one[0] != other[0] and one[0] == 6 else "side"

    codes, seam = lattice(12, 1, kind)
    with pytest.raises(Infeasible):
        propose(codes, np.full(12, 100), seam, 4, 300, 300, seed=1)
    bridge = propose(codes, np.full(12, 100), seam.assign(barrier=False), 4, 300, 300, seed=1)
    assert bridge[6] == bridge[7]


# --- what is impossible is named


def test_a_unit_larger_than_a_part_is_named():
    codes, seam = lattice(4, 2)
    households = np.array([100, 100, 100, 100, 100, 600, 100, 100])
    with pytest.raises(Infeasible, match=r"unit 02\.01 has 600 households, a part at most 500"):
        propose(codes, households, seam, 3, 300, 500, seed=1)


def test_a_choke_is_named():
    # five arms of 250 around an empty square: no arm can be a part, so all 1,250 hang together
    codes = ["square", *"abcde"]
    seam = seams([("square", arm, 50.0, "side") for arm in "abcde"])
    with pytest.raises(Infeasible, match=r"unit square is a choke: .* 1250 households"):
        propose(codes, np.array([0, *[250] * 5]), seam, 3, 300, 500, seed=1)


def test_an_island_is_named():
    codes, seam = lattice(6, 2, lambda one, other: "railway" if one[0] != other[0] == 5 else "side")
    with pytest.raises(Infeasible, match=r"2 units around 05\.00, with 200 households, are cut"):
        propose(codes, np.full(12, 100), seam, 3, 300, 500, seed=1)


def test_totals_out_of_bounds_are_refused():
    codes, seam = lattice(3, 2)
    with pytest.raises(Infeasible, match="2 parts hold 600 to 1000 households, but there are 1200"):
        propose(codes, np.full(6, 200), seam, 2, 300, 500, seed=1)
    with pytest.raises(Infeasible, match="6 units do not make 7 parts"):
        propose(codes, np.full(6, 400), seam, 7, 300, 500, seed=1)


def test_lumps_that_fit_no_part_are_reported_with_their_place():
    # three units of 250 that all touch make two parts only as 250 + 500, and 250 is too few
    codes, seam = lattice(3, 1)
    seam.loc[2] = ["02.00", "00.00", 100.0, "side"]
    with pytest.raises(Infeasible, match=r"no partition was found .* unit 0"):
        propose(codes, np.full(3, 250), seam, 2, 300, 500, seed=1)


def test_a_seam_of_an_unknown_unit_is_refused():
    codes, seam = lattice(3, 2)
    for missing in ("00.00", "02.01"):
        with pytest.raises(BadInput, match=f"a seam names unit {missing}"):
            propose([c for c in codes if c != missing], np.full(5, 100), seam, 1, 300, 500, seed=1)


def test_an_island_is_tied_over_its_dearest_seam():
    rows = [("a", "b", 90.0, "side"), ("b", "c", 20.0, "river"), ("a", "c", 30.0, "river")]
    whole, _ = graph(["a", "b", "c"], np.ones(3, dtype=int), seams(rows))
    assert whole.open.tolist() == [True, False, False]
    assert tied(whole).open.tolist() == [True, True, False]  # a-b, a-c, b-c


# --- properties


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 14), st.integers(3, 12), st.integers(0, 2**20))
def test_random_towns(columns, rows, seed):
    n_part = max(columns * rows // 10, 1)
    place = town(columns, rows, 400 * n_part, seed=seed, water=False)
    codes = place.units["code"].tolist()
    households = place.units["households"].to_numpy()
    if households.max() > 200:
        return
    part = propose(codes, households, place.seam, n_part, 300, 500, seed)
    held = np.bincount(part, households, n_part)
    assert held.min() >= 300 and held.max() <= 500
    assert connected(codes, place.seam, part)
    order = np.random.default_rng(seed).permutation(len(codes))
    flip = np.random.default_rng(seed).random(len(place.seam)) < 0.5
    seam = place.seam.copy()
    seam.loc[flip, ["unit_a", "unit_b"]] = place.seam.loc[flip, ["unit_b", "unit_a"]].to_numpy()
    seam = seam.sample(frac=1, random_state=seed % 1000)
    again = propose([codes[i] for i in order], households[order], seam, n_part, 300, 500, seed)
    assert (again == part[order]).all()


def test_parts_do_not_cross_barriers():
    place = town(24, 20, 400 * 48, seed=4)
    codes = place.units["code"].tolist()
    part = propose(codes, place.units["households"].to_numpy(), place.seam, 48, 300, 500, 1)
    assert connected(codes, place.seam, part)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 7), st.integers(2, 7), st.integers(0, 2**20))
def test_cuts_of_trees_against_brute_force(columns, rows, seed):
    place = town(columns, rows, 50 * columns * rows, seed=seed, water=False)
    draw = np.random.default_rng(seed)
    codes, households = place.units["code"].tolist(), place.units["households"].to_numpy()
    pull = draw.uniform(-5, 5, (len(codes), 3))
    whole, _ = graph(codes, households, place.seam, pull)
    n_tree = 3
    forest = grow(whole, n_tree, draw)
    weight, border = forest.below(whole.weight[forest.unit]), _border(whole, forest)
    row = draw.permuted(np.tile(np.arange(3), (n_tree, 1)), axis=1)
    taken = draw.integers(1, 3, len(border))
    paid = _pull(pull[np.argsort(codes)], forest, row, taken)
    for place_ in range(n_tree, len(border)):
        side = forest.members(place_)
        assert whole.weight[side].sum() == weight[place_]
        assert whole.cost[side[whole.a] != side[whole.b]].sum() / 100 == border[place_]
        parts, k = row[forest.tree[place_]], taken[place_]
        own, rest = whole.pull[:, parts[:k]].mean(axis=1), whole.pull[:, parts[k:]].mean(axis=1)
        assert paid[place_] == pytest.approx(np.where(side, own, rest).sum())


def test_trees_span_and_both_sides_of_a_cut_hold_together():
    place = town(6, 5, 1500, seed=2, water=False)
    whole, _ = graph(place.units["code"].tolist(), place.units["households"].to_numpy(), place.seam)
    forest = grow(whole, 4, np.random.default_rng(5))
    walk = nx.Graph(list(zip(whole.a.tolist(), whole.b.tolist(), strict=True)))
    for i in range(4, len(forest.up)):
        side = forest.members(i)
        assert nx.is_connected(walk.subgraph(np.flatnonzero(side).tolist()))
        assert nx.is_connected(walk.subgraph(np.flatnonzero(~side).tolist()))


def test_the_result_does_not_depend_on_the_hash_seed():
    code = (
        "from toytown import town; from gis.proposal import propose; t = town(9, 8, 2800);"
        "u = t.units; print(propose(u.code.tolist(), u.households.to_numpy(), t.seam,"
        "7, 300, 500, 1).tolist())"
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


def test_seeds_differ():
    place = town(12, 10, 4800, seed=4)
    codes, households = place.units["code"].tolist(), place.units["households"].to_numpy()
    one, two = (propose(codes, households, place.seam, 12, 300, 500, seed) for seed in (1, 2))
    assert (one != two).any()
