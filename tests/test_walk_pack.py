import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from shared import ROOT
from walks import Walk, arrays, town

from gis.errors import BadInput, NotFound
from gis.walk import pack
from gis.walk.position import Points
from gis.walk.reach import nearest

NONE = arrays(Points, [], 4)
TABLE = {"cost": np.arange(6, dtype=np.int32).reshape(2, 3), "none": np.zeros((0, 2))}
TYPES = st.one_of(
    arrays_of.integer_dtypes(endianness="<"),
    arrays_of.floating_dtypes(endianness="<"),
    arrays_of.boolean_dtypes(),
)
SHAPES = arrays_of.array_shapes(min_dims=0, min_side=0)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,9}", fullmatch=True), arrays_of.arrays(TYPES, SHAPES), max_size=4
    )
)
def test_any_arrays_come_back_as_they_were(tmp_path, table):
    pack.write(tmp_path, "371702", "1", table)
    back = pack.load(tmp_path, "371702", "1")
    assert list(back) == list(table)
    for name, array in table.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)
        assert not back[name].flags.writeable


def test_a_graph_comes_back_and_answers_the_same(tmp_path):
    graph = Walk(500, town(500, 1), NONE, NONE).graph
    pack.write(tmp_path, "371702", "1", {"more": np.ones(3), **pack.of_graph(graph)})
    back = pack.graph_of(pack.load(tmp_path, "371702", "1"))
    assert back.forward.longest_cm == graph.forward.longest_cm
    for one, other in zip(
        nearest(graph, [3, 9], 30_000), nearest(back, [3, 9], 30_000), strict=True
    ):
        assert np.array_equal(one, other)
    assert np.array_equal(back.forward.edge, graph.forward.edge)


def test_arrays_are_mapped_and_not_copied(tmp_path):
    pack.write(tmp_path, "371702", "1", TABLE)
    assert isinstance(pack.load(tmp_path, "371702", "1")["cost"].base, np.memmap)


def test_a_new_version_takes_the_place_of_the_old_one_which_reads_on(tmp_path):
    pack.write(tmp_path, "371702", "1", TABLE)
    pack.write(tmp_path, "220881", "1", TABLE)
    old = pack.load(tmp_path, "371702", "1")
    pack.write(tmp_path, "371702", "2", {"cost": np.zeros(1)})
    assert not pack.exists(tmp_path, "371702", "1")
    assert pack.exists(tmp_path, "371702", "2")
    assert pack.exists(tmp_path, "220881", "1")
    assert np.array_equal(old["cost"], TABLE["cost"])
    with pytest.raises(NotFound, match=r"no_pack.*371702"):
        pack.load(tmp_path, "371702", "1")


def test_the_same_version_can_be_written_again(tmp_path):
    pack.write(tmp_path, "371702", "1", TABLE)
    pack.write(tmp_path, "371702", "1", {"cost": np.zeros(1)})
    assert list(pack.load(tmp_path, "371702", "1")) == ["cost"]
    assert sorted(path.name for path in (tmp_path / "371702").iterdir()) == [".lock", "1"]


def test_many_writers_at_once_leave_one_whole_pack(tmp_path):
    def write(i):
        pack.write(tmp_path, "371702", str(i % 3), {"cost": np.full(1000, i)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    versions = [path.name for path in (tmp_path / "371702").iterdir() if path.is_dir()]
    assert len(versions) == 1
    assert len(set(pack.load(tmp_path, "371702", versions[0])["cost"].tolist())) == 1


KILLED = """
import os, signal, sys, pathlib, numpy
from gis.walk import pack
numpy.save = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
pack.write(pathlib.Path(sys.argv[1]), "371702", "2", {"cost": numpy.zeros(9)})
"""


def test_a_writer_that_is_killed_leaves_the_old_pack_and_its_rest_is_removed(tmp_path):
    pack.write(tmp_path, "371702", "1", TABLE)
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "371702").iterdir())) == 3  # the lock, the old pack and the rest
    assert np.array_equal(pack.load(tmp_path, "371702", "1")["cost"], TABLE["cost"])
    assert not pack.exists(tmp_path, "371702", "2")
    pack.write(tmp_path, "371702", "2", TABLE)
    assert sorted(path.name for path in (tmp_path / "371702").iterdir()) == [".lock", "2"]


def cut(at):
    path = at / "cost.npy"
    path.write_bytes(path.read_bytes()[:-1])


def other_numbers(at):
    np.save(at / "cost.npy", TABLE["cost"].astype(np.int64))


def other_format(at):
    manifest = json.loads((at / pack.MANIFEST).read_text())
    (at / pack.MANIFEST).write_text(json.dumps({**manifest, "format": 0}))


DAMAGE = {
    "cost is cut off": cut,
    "cost is not what the manifest says": other_numbers,
    "cost is missing": lambda at: (at / "cost.npy").unlink(),
    "no array": lambda at: (at / "cost.npy").write_bytes(b"something else"),
    "cut off or": lambda at: (at / "cost.npy").write_bytes(b""),
    "manifest cannot be read": lambda at: (at / pack.MANIFEST).write_text("{"),
    "format is not 1": other_format,
}


@pytest.mark.parametrize("message", DAMAGE)
def test_a_damaged_pack_says_what_is_wrong(tmp_path, message):
    DAMAGE[message](pack.write(tmp_path, "371702", "1", TABLE))
    with pytest.raises(BadInput, match=f"pack_damaged.*{message}"):
        pack.load(tmp_path, "371702", "1")


@pytest.mark.parametrize("name", ["..", "", "a/b", ".hidden"])
def test_names_that_would_lead_elsewhere(tmp_path, name):
    with pytest.raises(BadInput, match="pack_name"):
        pack.write(tmp_path, "371702", name, TABLE)
    with pytest.raises(BadInput, match="pack_name"):
        pack.write(tmp_path, "371702", "1", {name: np.zeros(1)})


def test_python_objects_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r"pack_name.*Python objects"):
        pack.write(tmp_path, "371702", "1", {"cost": np.array([{}])})
    assert not list(tmp_path.iterdir())
