"""The command line as a person or a script meets it, in a database of this test's own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gis import districts
from sql.cluster import Place
from sql.cluster.place import CHECKOUT
from sql.database import Database
from tests import town
from tests.shared import SHARED

GUIXI = SHARED / "data" / "osm" / "guixi.osm.pbf"
needs_guixi = pytest.mark.skipif(not GUIXI.exists(), reason="the shared data are not there")


def run(url: str, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "YIGE_DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT), **more}
    return subprocess.run(
        [sys.executable, "-P", "-m", "web.cli", *arguments],
        env=environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def ask(url: str, *arguments: str) -> Any:
    done = run(url, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def url(cluster: Place, database: Database) -> Iterator[str]:
    """A copy of the migrated database with the town in it, committed."""
    name = f"{database.name}_commands"
    with psycopg.connect(Database(cluster, name="postgres").conninfo(), autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {name} TEMPLATE template_yige")
        found = Database(cluster, name=name).conninfo()
        with psycopg.connect(found) as inside:
            districts.create(inside, town.HOME, town.content(), services=[("s1", "党务服务")])
        yield found
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_status(url: str) -> None:
    (one,) = ask(url, "status")["districts"]
    assert one == {
        "code": "371799", "name": "小镇", "sample": True, "subdistricts": 1, "communities": 1,
        "grids": 2, "compounds": 1, "branches": 1, "buildings": 4, "households": 250,
        "people": 500, "stations": 1, "data_date": "2026-11-20",
    }  # fmt: skip


def test_coverage_for_scripts_and_for_people(url: str) -> None:
    figures = ask(url, "coverage", "--district", "371799", "--by", "grid")
    assert figures["households_covered"] == 210
    assert {"profile", "people", "people_covered", "buildings", "buildings_covered", "unconnected",
            "estimated", "bands", "areas"} <= figures.keys()  # fmt: skip
    text = run(url, "coverage", "--district", "371799").stdout
    assert "84.0 %" in text  # 210 of 250 households, 420 of 500 people
    assert "示例数据" in text


def test_nearest(url: str) -> None:
    lon, lat = town.place(town.shapely.Point(200, 0)).coords[0]
    arguments = ["nearest", str(lon), str(lat), "--district", "371799", "--at", "10:00"]
    (one,) = ask(url, *arguments)["stations"]
    # on the road, 100 m along it, 10 m to the station; at most a centimetre of rounding each
    assert one["cost_cm"] == pytest.approx(11_000, abs=2)
    assert (one["code"], one["minutes"], one["open"]) == ("P", 2, True)
    assert one["path"]["type"] == "LineString"


def test_network(url: str, tmp_path: Path) -> None:
    health = ask(url, "network", "--district", "371799", "--export", str(tmp_path / "a.gpkg"))
    assert (tmp_path / "a.gpkg").stat().st_size > 0
    assert health["components"]["count"] == 1
    assert health["unconnected_buildings"] == health["long_connectors"] == []
    at_night = ask(url, "network", "--district", "371799", "--variant", "23:00")
    assert [gate["code"] for gate in at_night["shut_gates"]] == ["G"]
    assert at_night["closed_directions"] == 2


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["coverage", "--district", "123456"], "没有区县 123456"),
        (["coverage", "--district", "371799", "--profile", "run"], "standard"),
        (["coverage", "--district", "371799", "--service", "s9"], "s1"),
        (["coverage", "--district", "371799", "--at", "late"], "19:30"),
        (["nearest", "35.25", "115.45", "--district", "371799"], "先写经度"),
        (["nearest", "10", "10", "--district", "371799"], "100 米内没有"),
        (["profile", "--district", "371799", "slow", "--speed", "0"], "0.1 到 20"),
        (["network", "--district", "371799", "--variant", "moon"], "step_free"),
        (["import", "osm", __file__, "--code", "360681", "--name", "x"], "不是 OpenStreetMap"),
        (["import", "osm", "/no/such.pbf", "--code", "360681", "--name", "x"], "读不了"),
        (["import", "osm", __file__, "--code", "36068", "--name", "x"], "六位数字"),
        (["import", "osm", __file__, "--code", "360681", "--name", "x", "--demand", "5"], "edges:"),
    ],
)
def test_bad_input_gets_one_line_that_says_what_to_do(
    url: str, arguments: list[str], key: str
) -> None:
    done = run(url, *arguments)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if not line.endswith("…")]
    assert len(told) == 1 and key in told[0] and told[0].endswith("。")
    assert done.stdout == ""


@needs_guixi
def test_import_twice_cut_off_and_replaced(url: str, tmp_path: Path) -> None:
    arguments = ["--code", "360681", "--name", "贵溪市"]
    assert run(url, "import", "osm", str(GUIXI), *arguments).returncode == 0
    before = ask(url, "status")
    again = run(url, "import", "osm", str(GUIXI), *arguments)
    assert again.returncode == 1 and "--replace" in again.stderr
    short = tmp_path / "short.osm.pbf"
    short.write_bytes(GUIXI.read_bytes()[:30_000])
    cut = run(url, "import", "osm", str(short), *arguments, "--replace")
    assert cut.returncode == 1 and "不完整" in cut.stderr
    assert ask(url, "status") == before
    replaced = run(url, "import", "osm", str(GUIXI), *arguments, "--replace")
    assert replaced.returncode == 0
    assert ask(url, "status") == before
    figures = ask(url, "coverage", "--district", "360681", "--by", "community")
    assert [area["code"] for area in figures["areas"]] == ["unassigned", "unassigned"]
    assert sum(area["households"] for area in figures["areas"]) == figures["households"] > 0


@needs_guixi
def test_killed_import_leaves_nothing_and_runs_again(url: str) -> None:
    environ = {**os.environ, "YIGE_DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)}
    arguments = ["import", "osm", str(GUIXI), "--code", "360999", "--name", "x"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "web.cli", *arguments],
        env=environ, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "写入数据库" in line:
            break
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    codes = [one["code"] for one in ask(url, "status")["districts"]]
    assert "360999" not in codes
    deadline = time.monotonic() + 10  # the server may need a moment to see that the client is gone
    while (done := run(url, *arguments)).returncode and time.monotonic() < deadline:
        time.sleep(0.5)
    assert done.returncode == 0, done.stderr
