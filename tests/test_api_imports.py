"""Files sent over the interface: seen first, confirmed, undone, and each within his own rights."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sql import database as connections
from sql.database import Database
from tests import files, town
from tests.halves import CODE, EAST, WEST, Site


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


def houses(tmp_path: Path, **more: list[Any]) -> bytes:
    """Two houses in the west, two in the east."""
    x = [30, 60, 500, 530]
    columns = {"编号": [f"N{k}" for k in x], "名称": [f"{k}号" for k in x], "户数": x, **more}
    shape = [town.box(k, 300, k + 20, 312) for k in x]
    path = tmp_path / f"a{len(list(tmp_path.iterdir()))}.zip"
    return files.shapefile(path, shape, columns).read_bytes()


def send(site: Site, who: str, body: bytes, kind: str = "buildings", **more: str) -> Any:
    asked = {"kind": kind, "datum": "wgs84", "file": "楼栋.zip", **more}
    return site.client(who).post(
        f"/api/{CODE}/imports", query_string=asked, data=body,
        content_type="application/octet-stream",
    )  # fmt: skip


def post(site: Site, who: str, path: str) -> Any:
    return site.client(who).post(f"/api/{CODE}/imports/{path}")


def count(site: Site) -> int:
    with connections.admin(site.database) as conn:
        row = conn.execute("SELECT count(*) FROM app.building").fetchone()
    assert row is not None
    return int(row[0])


def test_seen_confirmed_and_undone(site: Site, tmp_path: Path) -> None:
    before = count(site)
    seen = send(site, "planner", houses(tmp_path, 户数=[1, 2, 3, -4]))
    assert seen.status_code == 201, seen.text
    assert seen.json["counts"] == {"new": 3, "changed": 0, "unchanged": 0, "refused": 1}
    token = seen.json["upload"]
    rows = site.get(f"{CODE}/uploads/{token}/rows", "planner")["rows"]
    assert [row["state"] for row in rows] == ["new"] * 3 + ["refused"]
    assert rows[3]["reason"].startswith("户数：-4 不是")
    assert count(site) == before
    assert post(site, "admin", f"{token}/confirm").status_code == 404
    made = post(site, "planner", f"{token}/confirm")
    assert made.status_code == 201, made.text
    assert count(site) == before + 3
    assert post(site, "planner", f"{token}/confirm").status_code == 404
    id = made.json["id"]
    (one,) = site.get(f"{CODE}/imports", "planner")["imports"]
    assert (one["id"], one["added"], one["refused"], one["who"]) == (id, 3, 1, "planner")
    assert site.get(f"{CODE}/imports/{id}/refused?lang=en", "planner")["refused"][0]["line"] == 4
    assert site.get(f"{CODE}/imports", "official")["imports"] == []
    assert post(site, "official", f"{id}/undo").status_code == 404
    assert post(site, "planner", f"{id}/undo").json == {"rows": 3}
    assert count(site) == before
    assert post(site, "planner", f"{id}/undo").status_code == 409


@pytest.mark.parametrize(("who", "new"), [("planner", 4), ("planner_west", 2), ("admin_west", 2),
                                          ("official", 0), ("dispatcher", 0)])  # fmt: skip
def test_everybody_brings_in_what_lies_in_his_own_area(
    site: Site, tmp_path: Path, who: str, new: int
) -> None:
    seen = send(site, who, houses(tmp_path)).json
    assert seen["counts"]["new"] == new
    path = f"{CODE}/uploads/{seen['upload']}/rows?state=refused"
    assert {one["key"] for one in site.get(path, who)["rows"]} <= {"row_right"}
    made = post(site, who, f"{seen['upload']}/confirm")
    if new:
        assert made.json["counts"]["new"] == new
        assert post(site, who, f"{made.json['id']}/undo").json == {"rows": new}


def test_members_are_the_dispatchers_matter(site: Site, tmp_path: Path) -> None:
    rows = [
        ["姓名", "身份", "网格"],
        ["张三", "党员", f"{WEST}001001"],
        ["李四", "党员", f"{EAST}001001"],
    ]
    body = files.xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    for who, new in (("dispatcher", 2), ("dispatcher_west", 1), ("official", 0)):
        seen = send(site, who, body, "members", file="名册.xlsx").json
        assert seen["counts"]["new"] == new, who
    made = post(site, "dispatcher_west", f"{seen['upload']}/confirm")
    assert made.status_code == 404  # the last one was the official's


def test_what_changed_meanwhile_is_looked_at_again(site: Site, tmp_path: Path) -> None:
    body = houses(tmp_path)
    first, second = (send(site, "planner", body).json["upload"] for _ in range(2))
    id = post(site, "planner", f"{first}/confirm").json["id"]
    again = post(site, "planner", f"{second}/confirm")
    assert (again.status_code, again.json["key"]) == (409, "import_stale")
    assert post(site, "planner", f"{second}/confirm").json["counts"]["unchanged"] == 4
    assert post(site, "planner", f"{id}/undo").json == {"rows": 4}


@pytest.mark.parametrize(
    ("more", "status", "key"),
    [
        ({"kind": "houses"}, 400, "parameter_choice"), ({"datum": "mars"}, 400, "datum"),
        ({"columns": "户数"}, 400, "field_value"), ({"file": "a.exe"}, 400, "file_kind"),
        ({"columns": "nix=户数"}, 400, "no_field"), ({"file": "a.gpkg"}, 400, "cannot_read"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(
    site: Site, tmp_path: Path, more: dict[str, str], status: int, key: str
) -> None:
    answer = send(site, "planner", houses(tmp_path), **more)
    assert (answer.status_code, answer.json["key"]) == (status, key)


def test_a_file_too_large_is_refused_before_it_is_sent(site: Site) -> None:
    answer = site.client("planner").post(
        f"/api/{CODE}/imports?kind=buildings&datum=wgs84&file=a.zip", data=b"",
        environ_overrides={"CONTENT_LENGTH": str(3 << 30)},
    )  # fmt: skip
    assert (answer.status_code, answer.json["key"]) == (413, "file_large")
