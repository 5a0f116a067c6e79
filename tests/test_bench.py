import json
import re
import shutil

import numpy as np
import pytest
from shared import ROOT
from walks import Walk, town

from bench import environment, networks, peers, pgrouting
from bench.plain_c import PlainC
from bench.run import LIMIT_CM, Case, run
from gis.walk.reach import nearest, pairs

N_NODE = 900
needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc")


@pytest.fixture
def case(tmp_path, request):
    street = networks.generated(N_NODE)
    return Case(request.param, street, street.graph(), 0.0, 2, 1, tmp_path, None)


def answered(case):
    return case.plain(case.ask({"T1": nearest, "T2": pairs}[case.task]))


def test_a_generated_town_is_like_a_real_one():
    street = networks.generated(40_000)
    assert street.n_node == 40_000
    assert 2.8 < street.graph().forward.arc.size / street.n_node < 3.0
    assert 6000 < np.median(street.cost) < 6200  # a block, and a little for its bends
    assert len(set(street.station.tolist())) == 1000
    assert np.median(np.abs(street.source - street.target)) < 100  # neighbours lie together


def test_a_generated_town_is_the_same_each_time():
    one, other = networks.generated(N_NODE), networks.generated(N_NODE)
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("x", "cost"))


@needs_gcc
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("threads", [1, 2])
def test_plain_c_answers_as_we_do(seed, threads):
    walk = Walk(3000, town(3000, seed), None, None)
    station = np.random.default_rng(seed).integers(0, 3000, 70)
    plain, graph = PlainC(), walk.graph
    for ours, theirs in ((nearest, plain.nearest), (pairs, plain.pairs)):
        expected = ours(graph, station, 50_000, threads)
        found = theirs(graph, station, 50_000, threads)
        assert all(np.array_equal(*both) for both in zip(expected, found, strict=True))


@pytest.mark.parametrize("case", ["T1", "T2"], indirect=True)
@pytest.mark.parametrize("engine", ["scipy", "networkx"])
def test_other_engines_agree_before_they_are_timed(case, engine):
    from bench.run import _save

    answer = answered(case)
    _save(case, answer)
    found = peers.main(engine, case.task, case.folder, 2)
    assert found["agrees"]
    assert len(found["seconds"]) == 2
    _save(case, answer + (answer == answer.max()))  # one centimetre, or the last node, is wrong
    assert peers.main(engine, case.task, case.folder, 2) == found | {
        "agrees": False,
        "seconds": [],
        "build_s": pytest.approx(0, abs=1e3),
    }


@pytest.mark.parametrize("case", ["T1", "T2"], indirect=True)
def test_pgrouting_agrees_before_it_is_timed(case, database_url):
    try:
        found = pgrouting.measure(database_url, case.street, case.task, LIMIT_CM, 1, answered(case))
    except RuntimeError as error:
        pytest.skip(str(error))
    assert found["agrees"]
    assert len(found["seconds"]) == 1
    wrong = answered(case) + 1
    found = pgrouting.measure(database_url, case.street, case.task, LIMIT_CM, 1, wrong)
    assert (found["agrees"], found["seconds"]) == (False, [])


def no_environment():
    raise RuntimeError("pip is on strike")


def test_what_is_missing_is_a_row_with_the_reason(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(environment, "python", no_environment)
    monkeypatch.setattr(networks, "CITIES", tmp_path / "cities.parquet")
    run(["T1"], as_json=True, sizes=[str(N_NODE), "cities"], runs=2, threads=1)
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [(row["peer"], row["note"], row["ratio"]) for row in rows] == [
        ("yige", "numba", 1.0),
        ("c", "there is no gcc on this machine", None),
        ("scipy", "pip is on strike", None),
        ("pandana", "pip is on strike", None),
        ("networkx", "pip is on strike", None),
        ("pgrouting", "no database was named", None),
        ("yige", "the network is not there: cities.parquet", None),
    ]
    assert all((row["median_s"] is None) == (row["ratio"] is None) for row in rows)


def test_an_engine_that_fails_is_a_row_with_its_last_word(monkeypatch, capsys):
    monkeypatch.setattr(environment, "python", lambda: shutil.which("false"))
    run(["T2"], sizes=[str(N_NODE)], peers=["scipy"], runs=1, threads=1)
    assert "scipy" in (out := capsys.readouterr().out)
    assert "not measured: it failed (1): it ended without a word" in out


@needs_gcc
@pytest.mark.parametrize("task", ["T1", "T2"])
def test_the_ratio_is_their_median_over_ours(task, capsys):
    ours, c = run([task], sizes=[str(N_NODE)], peers=["c"], runs=3, threads=2)
    assert (ours.peer, ours.size, c.peer, c.size) == ("yige", N_NODE, "c", N_NODE)
    assert c.ratio == pytest.approx(c.median_s / ours.median_s)
    assert len(capsys.readouterr().out.splitlines()) == 2


@needs_gcc
def test_a_wrong_answer_is_not_timed(monkeypatch):
    honest = PlainC.nearest
    monkeypatch.setattr(PlainC, "nearest", lambda *arguments: honest(*arguments) + 1)
    _, c = run(["T1"], sizes=[str(N_NODE)], peers=["c"], runs=1, threads=1)
    assert (c.note, c.median_s) == ("its answer differs from ours", None)


def test_the_lock_names_no_host_and_has_a_hash_for_everything():
    text = (ROOT / "bench" / "requirements.lock").read_text()
    assert not re.search(r"https?:|index-url|find-links", text)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in each and "--hash=sha256:" in each for each in packages)
    wanted = (ROOT / "bench" / "requirements.in").read_text().split()
    assert set(wanted) <= {each.partition("==")[0] for each in packages}
