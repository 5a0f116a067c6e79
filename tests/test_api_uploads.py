"""Files looked at before anything is stored: often, by their owner alone, page by page."""

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from gis.exchange.kinds import KINDS
from sql import database as connections
from sql.database import Database
from tests import files, town
from tests.halves import CODE, EAST, GRID, WEST, Site
from tests.test_exchange import along, in_datum
from tests.test_openapi import faults
from web import previews, uploads
from web.api.openapi import document


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


class Sent:
    """A file that was sent, and what is asked of it."""

    def __init__(self, site: Site, name: str, body: bytes, who: str = "planner") -> None:
        self.client = site.client(who)
        self.home = f"/api/{CODE}/uploads"
        made = self.client.post(f"{self.home}?file={name}", data=body,
                                content_type="application/octet-stream")  # fmt: skip
        assert made.status_code == 201, made.text
        self.token = made.json["upload"]

    def get(self, path: str = "", **query: Any) -> Any:
        return self.client.get(f"{self.home}/{self.token}{path}", query_string=query, buffered=True)

    def look(self, kind: str, datum: str = "wgs84", **more: Any) -> Any:
        said = {"kind": kind, "datum": datum, **more}
        return self.client.post(f"{self.home}/{self.token}/preview", json=said)

    def confirm(self) -> Any:
        return self.client.post(f"/api/{CODE}/imports/{self.token}/confirm")


def houses(tmp_path: Path, households: list[Any]) -> bytes:
    """A row of houses in the west, four to a hundred metres."""
    n = len(households)
    shape = [town.box(20 + 4 * k, 260, 23 + 4 * k, 266) for k in range(n)]
    columns = {"编号": [f"N{k}" for k in range(n)], "名称": [f"{k}号" for k in range(n)],
               "户数": [str(one) for one in households]}  # fmt: skip
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
    return files.shapefile(path, shape, columns).read_bytes()


def buildings(site: Site) -> list[tuple[str, int]]:
    with connections.admin(site.database) as conn:
        return conn.execute("SELECT name, households FROM app.building ORDER BY code").fetchall()


def as_described(answer: Any, path: str, method: str = "get", status: str = "200") -> None:
    of = document()["paths"][f"/api/{{district}}/uploads{path}"][method]["responses"][status]
    assert faults(answer.json, of["content"]["application/json"]["schema"]) == []


def test_a_file_is_looked_at_page_by_page_and_then_brought_in(site: Site, tmp_path: Path) -> None:
    before = buildings(site)
    sent = Sent(site, "楼栋.zip", houses(tmp_path, [5, 6, "很多", 8, 9]))
    seen = sent.look("buildings")
    as_described(seen, "/{upload}/preview", "post")
    assert seen.json["counts"] == {"new": 4, "changed": 0, "unchanged": 0, "refused": 1}
    assert seen.json["columns"]["households"] == "户数" and seen.json["encoding"] == "GB18030"
    rows = sent.get("/rows", start=1, limit=2)
    as_described(rows, "/{upload}/rows")
    assert [row["line"] for row in rows.json["rows"]] == [2, 3] and rows.json["total"] == 5
    assert rows.json["rows"][0]["fields"] == [["households", None, 6]]
    assert rows.json["rows"][1]["reason"].startswith("户数：很多 不是数")
    assert sent.get("/rows", state="refused", row=2, limit=1).json["rows"][0]["n"] == 2
    assert sent.get("/rows", row=4, limit=2).json["start"] == 4
    drawn = sent.get("/drawn")
    as_described(drawn, "/{upload}/drawn")
    assert drawn.json["total"] == 5  # the refused one has a place too
    waiting = sent.client.get(sent.home)
    as_described(waiting, "")
    assert [one["file"] for one in waiting.json["uploads"]] == ["楼栋.zip"]
    assert sent.get().json["preview"] == seen.json and buildings(site) == before
    made = sent.confirm()
    assert made.status_code == 201 and len(buildings(site)) == len(before) + 4
    assert sent.get().status_code == 404 and sent.client.get(sent.home).json["uploads"] == []
    undone = sent.client.post(f"/api/{CODE}/imports/{made.json['id']}/undo")
    assert undone.json == {"rows": 4} and buildings(site) == before


def test_what_changes_is_told_before_and_after(site: Site, tmp_path: Path) -> None:
    house = town.building("a", 203, 10, 100)  # three metres east of where it stands
    columns = {"编号": ["a"], "户数": [130]}
    body = files.features(tmp_path / "a.gpkg", "GPKG", [house["geometry"]], columns).read_bytes()
    sent = Sent(site, "a.gpkg", body)
    assert sent.look("buildings").json["counts"]["changed"] == 1
    (row,) = sent.get("/rows").json["rows"]
    fields = {name: (before, after) for name, before, after in row["fields"]}
    assert fields["households"] == (100, 130) and fields["geometry"] == (None, 3.0)
    assert shapely.from_geojson(row["was"]).equals_exact(town.building("a", 200, 10, 1)["geometry"])
    sent.client.delete(f"{sent.home}/{sent.token}")
    assert sent.get().status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_refused_rows_go_out_are_mended_and_come_in(
    site: Site, tmp_path: Path, suffix: str
) -> None:
    before = buildings(site)
    sent = Sent(site, "楼栋.zip", houses(tmp_path, [5, "很多", 7]))
    sent.look("buildings")
    early = sent.get("/refused/csv")
    id = sent.confirm().json["id"]
    late = sent.client.get(f"/api/{CODE}/imports/{id}/refused/{suffix}", buffered=True)
    assert early.status_code == late.status_code == 200
    assert "%E6%9C%89%E8%AF%AF" in late.headers["Content-Disposition"]
    if suffix == "csv":
        assert late.data == early.data
        heads, row = csv.reader(io.StringIO(late.data.decode("utf-8-sig")))
        assert heads[:2] == ["行", "原因"] and row[0] == "2" and "很多" in row
        body = late.data.decode("utf-8-sig").replace(",很多,", ",6,").encode()
        assert body != late.data
        again = Sent(site, "改好.csv", body)
        assert again.look("buildings").json["counts"] == {
            "new": 1, "changed": 0, "unchanged": 0, "refused": 0,
        }  # fmt: skip
        last = again.confirm().json["id"]
        assert ("1号", 6) in buildings(site)
        sent.client.post(f"/api/{CODE}/imports/{last}/undo")
    sent.client.post(f"/api/{CODE}/imports/{id}/undo")
    assert buildings(site) == before


def test_a_file_that_cannot_be_used_like_this_waits_to_be_told_how(
    site: Site, tmp_path: Path
) -> None:
    lon, lat = town.PLANE.inverse(50.0, -10.0)
    text = f"叫什么,几点开,东,北\n甲,8:00-22:00,{lon},{lat}\n"
    sent = Sent(site, "a.csv", text.encode("gbk"))
    problem = sent.look("stations")
    assert (problem.status_code, problem.json["key"]) == (400, "columns_missing")
    outline = sent.get("/outline", kind="stations")
    as_described(outline, "/{upload}/outline")
    assert outline.json["headings"] == ["叫什么", "几点开", "东", "北"]
    assert outline.json["samples"]["叫什么"] == ["甲"] and not outline.json["shaped"]
    pairs = {"name": "叫什么", "lon": "东", "lat": "北"}
    told = [{"field": field, "value": heading} for field, heading in pairs.items()]
    hours = [{"field": "hours", "value": "24/7"}]
    seen = sent.look("stations", columns=told, set=hours)
    assert seen.json["counts"]["new"] == 1 and seen.json["left"] == ["几点开"]
    (row,) = sent.get("/rows").json["rows"]
    assert ["hours", None, "24/7"] in row["fields"]
    assert sent.get().json["order"]["columns"] == pairs
    without = sent.look("stations", columns=[*told, {"field": "hours", "value": "几点开"}])
    assert without.json["left"] == []
    unused = [*told, {"field": "hours", "value": ""}]
    assert sent.look("stations", columns=unused).json["key"] == "columns_missing"


def test_another_datum_is_refused_and_the_file_read_anew(site: Site, tmp_path: Path) -> None:
    shape, columns = along(60)
    path = files.features(tmp_path / "a.gpkg", "GPKG", in_datum(shape, "gcj02"), columns)
    sent = Sent(site, "a.gpkg", path.read_bytes())
    problem = sent.look("buildings", "wgs84")
    assert (problem.status_code, problem.json["key"]) == (400, "datum_shift")
    assert problem.json["values"]["likely"] == "gcj02" and problem.json["values"]["metres"] > 300
    assert sent.get("/rows").status_code == 404 and sent.confirm().status_code == 404
    assert sent.look("buildings", "gcj02").json["counts"]["new"] == 60


def test_nobody_else_sees_a_file_that_waits(site: Site, tmp_path: Path) -> None:
    sent = Sent(site, "a.zip", houses(tmp_path, [1]))
    sent.look("buildings")
    sent.client = site.client("admin")
    for path in ("", "/rows", "/drawn", "/refused/csv"):
        assert sent.get(path).status_code == 404, path
    assert sent.get("/outline", kind="buildings").status_code == 404
    assert sent.look("buildings").status_code == 404 and sent.confirm().status_code == 404
    assert sent.client.delete(f"{sent.home}/{sent.token}").status_code == 404
    assert sent.client.get(sent.home).json["uploads"] == []


def test_of_very_many_the_map_draws_some_of_each_state(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "DRAWN", 24)
    sent = Sent(site, "a.zip", houses(tmp_path, [k if k % 3 else "很多" for k in range(90)]))
    counts = sent.look("buildings").json["counts"]
    assert counts == {"new": 60, "changed": 0, "unchanged": 0, "refused": 30}
    drawn = sent.get("/drawn").json
    states = [one["state"] for one in drawn["shapes"]]
    assert drawn["total"] == 90 and len(states) <= 24
    assert states.count("refused") > states.count("new") >= 3
    west, south, east, north = town.box(18, 259, 40, 270).bounds
    near = sent.get("/drawn", bbox=f"{west},{south},{east},{north}", state="new").json
    assert near["total"] == len(near["shapes"]) == 4 and all("shape" in o for o in near["shapes"])
    assert sent.get("/drawn", bbox="1,2,3").json["key"] == "bad_box"


def test_files_are_forgotten_after_a_day_and_the_oldest_of_many(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = houses(tmp_path, [1])
    sent = [Sent(site, f"{k}.zip", body, "admin_west") for k in range(uploads.MINE + 1)]
    for one in sent:
        one.client = sent[-1].client  # of so many sessions only the last are open
    assert [one.get().status_code for one in sent] == [404, *[200] * uploads.MINE]
    monkeypatch.setattr(uploads, "DAY_S", -1)
    Sent(site, "a.zip", body, "planner")
    assert all(one.get().status_code == 404 for one in sent)


def test_two_who_import_the_same_at_once_bring_it_in_once(site: Site, tmp_path: Path) -> None:
    before = buildings(site)
    shape = [town.box(500 + 30 * k, 300, 520 + 30 * k, 312) for k in range(5)]
    path = files.shapefile(tmp_path / "a.zip", shape, {"名称": [f"{k}栋" for k in range(5)]})
    both = [Sent(site, "a.zip", path.read_bytes(), who) for who in ("planner", "admin")]
    for one in both:
        assert one.look("buildings").json["counts"]["new"] == 5
    answers: list[Any] = []
    at_once = [threading.Thread(target=lambda one=one: answers.append(one.confirm()))
               for one in both]  # fmt: skip
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert sorted(one.status_code for one in answers) == [201, 409]
    stale = next(one.json for one in answers if one.status_code == 409)
    assert stale["key"] == "import_stale" and len(buildings(site)) == len(before) + 5
    id = next(one.json["id"] for one in answers if one.status_code == 201)
    assert site.client("admin").post(f"/api/{CODE}/imports/{id}/undo").status_code == 200


def test_what_goes_out_is_ones_own_and_comes_back_unchanged(site: Site) -> None:
    def out(who: str, layer: str, suffix: str, **query: str) -> Any:
        return site.client(who).get(
            f"/api/{CODE}/export/{layer}/{suffix}", query_string=query, buffered=True
        )

    whole, west = (out(who, "buildings", "csv").text for who in ("official", "official_west"))
    assert len(whole.splitlines()) == 5 and len(west.splitlines()) == 3
    answer = out("planner", "buildings", "zip", datum="gcj02", encoding="GBK")
    assert answer.mimetype == "application/zip" and "GCJ02.zip" in answer.headers[
        "Content-Disposition"]  # fmt: skip
    sent = Sent(site, "back.zip", answer.data)
    assert sent.look("buildings", "wgs84").json["key"] == "datum_said"
    assert sent.look("buildings", "gcj02").json["counts"] == {
        "new": 0, "changed": 0, "unchanged": 4, "refused": 0,
    }  # fmt: skip
    for layer in ("members", "services", "organisations", "assignments", "water", "gates"):
        for suffix in ("geojson", "xlsx", "kml"):
            assert out("planner", layer, suffix).status_code == 200, (layer, suffix)
    assert out("planner", "houses", "csv").json["key"] == "no_layer"
    assert out("planner", "areas", "exe").json["key"] == "file_kind"
    assert out("nobody", "areas", "csv").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_an_empty_form_has_headings_that_are_known(site: Site, kind: str, suffix: str) -> None:
    form = site.client("planner").get(f"/api/forms/{kind}/{suffix}", buffered=True)
    assert form.status_code == 200
    sent = Sent(site, f"空表.{suffix}", form.data)
    assert sent.look(kind).json["key"] == "file_empty"


def test_a_form_that_was_filled_in_comes_in(site: Site, tmp_path: Path) -> None:
    answer = site.client("planner").get("/api/forms/members/csv", buffered=True)
    form = answer.data.decode("utf-8-sig").strip()
    values = {"名称": "张三", "角色": "党员", "区域": GRID[WEST]}
    row = ",".join(values.get(head, "") for head in form.split(","))
    sent = Sent(site, "a.csv", f"{form}\n{row}\n".encode(), "dispatcher")
    assert sent.look("members").json["counts"]["new"] == 1


def test_who_may_bring_in_what_stands_on_the_page(site: Site) -> None:
    def page(who: str) -> str:
        return str(site.client(who).get(f"/{CODE}/imports").text)

    assert '"name": "buildings"' in page("planner").replace('":"', '": "')
    assert "buildings" in page("official")  # to take out
    assert '"kinds":[]' in page("official").replace('": ', '":')
    assert site.client("nobody").get(f"/{CODE}/imports").status_code == 404
    assert EAST not in page("planner_west")
