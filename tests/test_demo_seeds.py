"""The same seed makes the same town, wherever and however it runs; another seed another town."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from gis.demo.fabric import fabric
from gis.demo.specs import SPECS

TABLES = ("way", "building", "compound", "gate", "barrier", "water", "land", "unit")
ROOT = Path(__file__).parent.parent


def digest(town):
    total = hashlib.sha256()
    for name in TABLES:
        table = getattr(town, name)
        total.update(b"".join(shapely.to_wkb(table.geometry.values)))
        plain = table.drop(columns=[c for c in ("geometry", "doors") if c in table])
        total.update(plain.to_csv(index=False).encode())
    total.update(town.seam.to_csv(index=False).encode())
    return total.hexdigest()


PRINT = """
import sys; sys.path.insert(0, "tests")
from test_demo_seeds import *
print(digest(fabric(SPECS["longyao"], seed=3)))
"""


@pytest.mark.slow
def test_two_processes_with_other_hash_seeds_make_the_same_town():
    runs = [
        subprocess.run(
            [sys.executable, "-c", PRINT], cwd=ROOT, capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert len(runs[0].strip()) == 64
    assert runs[0] == runs[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["longyao", "taonan"])
def test_another_seed_is_another_city_of_the_same_counts(name):
    spec = SPECS[name]
    towns = [fabric(spec, seed) for seed in (1, 2)]
    for town in towns:
        assert town.building.households.sum() == spec.households
        assert town.building.people.sum() == spec.people
        assert len(town.compound) == spec.compounds
        assert town.unit.households.max() <= 160
        assert not town.building.name.duplicated().any()
    one, two = (town.outline for town in towns)
    assert one.symmetric_difference(two).area > 0.05 * one.area
    rivers = [town.water[town.water.kind == "river"].union_all() for town in towns]
    assert rivers[0].intersection(rivers[1]).area < 0.8 * rivers[0].area
