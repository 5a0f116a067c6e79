"""Search: by name, part, initials; every reading of a character; what is better comes first."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.search import Entry, Index, even, find, indexed
from gis.spelling import readings
from sql import database as connections
from sql.database import Database
from tests.halves import CODE, GRID, Site

NAMES = (
    ("area", "东城街道"), ("area", "双河 01"), ("area", "行政社区"), ("compound", "华都小区"),
    ("compound", "重庆花园"), ("station", "双河驿站"), ("station", "中国银行(南门)"),
    ("building", "华都小区1号楼"), ("building", "华都小区12号楼"), ("building", "新华都大厦"),
    ("building", "<b>${x}`"), ("building", "Ａ座１层"), ("building", "𠮷祥楼"),
)  # fmt: skip


def named(*names: tuple[str, str]) -> Index:
    entries = [Entry(kind, k, f"{kind}{k:03d}", name, 7) for k, (kind, name) in enumerate(names)]
    return indexed(tuple(entries), {7: "双河社区 · 东城街道"})


def found(asked: str, limit: int = 12) -> list[str]:
    return [hit.entry.name for hit in find(named(*NAMES), asked, limit)]


def test_whole_name_then_beginning_then_part() -> None:
    assert found("华都小区") == ["华都小区", "华都小区1号楼", "华都小区12号楼"]
    assert found("华都") == ["华都小区", "华都小区1号楼", "华都小区12号楼", "新华都大厦"]


def test_initials_and_half_of_each() -> None:
    assert found("hdxq") == ["华都小区", "华都小区1号楼", "华都小区12号楼"]
    assert found("华dx区1") == ["华都小区1号楼", "华都小区12号楼"]
    assert found("sh")[:2] == ["双河 01", "双河驿站"]
    assert found("SH01") == found("双河01") == found(" 双河　０１ ") == ["双河 01"]


def test_every_reading_of_a_character() -> None:
    assert found("yh") == ["中国银行(南门)"]  # yín háng
    assert found("xzsq") == found("hzsq") == ["行政社区"]
    assert found("cqhy") == found("zqhy") == ["重庆花园"]


@pytest.mark.parametrize("asked", ["shuanghe", "shuang he", "Shuang'he", "shuangh", "she"])
def test_pinyin_spelled_out_or_by_halves(asked: str) -> None:
    assert found(asked)[:2] == ["双河 01", "双河驿站"]


def test_pinyin_as_it_is_typed() -> None:
    spelled = "chongqinghuayuan"
    for end in range(1, len(spelled) + 1):
        assert "重庆花园" in found(spelled[:end], 99), spelled[:end]
    assert found("zhongqing") == found("zhongqinghy") == found("重qing花y") == ["重庆花园"]
    assert found("xingzheng") == found("hangzhengshequ") == ["行政社区"]
    assert found("hangzhengqu") == []
    assert found("huaduxiaoqu12") == ["华都小区12号楼"]


def test_what_is_spelled_wholly_comes_before_what_is_begun() -> None:
    index = named(("building", "山水"), ("building", "双河"), ("building", "上海路"))
    assert [hit.entry.name for hit in find(index, "sh", 9)] == ["双河", "上海路", "山水"]
    assert readings("绿")[:2] == ("lv", "lu")


def test_widths_and_cases_are_evened_out() -> None:
    assert found("a座1") == found("Ａ座１层") == ["Ａ座１层"]
    assert found("（南门）") == ["中国银行(南门)"]


def test_what_is_no_name_finds_nothing() -> None:
    for asked in ("", " ", "\n", "%", "_", "不存在", "华都小区\n", 500 * "华"):
        assert found(asked) in ([], found("华都小区"))
    assert found("<b>${") == ["<b>${x}`"]
    assert find(named(), "a", 12) == []


def test_codes_are_found_whole() -> None:
    assert found("building007") == ["华都小区1号楼"]
    assert found("building00") == []


def test_match_counts_signs_as_browsers_do() -> None:
    def match(asked: str) -> tuple[int, int]:
        (hit,) = find(named(*NAMES), asked, 12)
        return hit.first, hit.last

    assert match("双河驿") == (0, 3)
    assert match("河01") == (1, 5)  # the space between belongs to it
    assert match("祥") == (2, 3)  # 𠮷 counts as two
    assert match("银行") == (2, 4)


def test_no_more_than_asked_for_and_each_once() -> None:
    assert len(found("楼")) == 3
    assert found("楼", 1) == found("楼")[:1]
    twice = indexed((Entry("building", 1, "x", "东东东", None),), {})
    assert len(find(twice, "d", 12)) == 1


def fits(name: str, asked: str) -> bool:
    """Tell whether a query stands for the beginning of a name."""
    if not asked:
        return True
    if not name:
        return False
    sounds = readings(name[0])
    pieces = {name[0], *sounds, *(sound[0] for sound in sounds)}
    begun = any(len(asked) > 1 and sound.startswith(asked) for sound in sounds)
    return begun or any(
        asked.startswith(piece) and fits(name[1:], asked[len(piece) :]) for piece in pieces
    )


@given(
    st.lists(st.text("行重都小区华南安a1Ａ ", min_size=1, max_size=5), max_size=6),
    st.lists(st.sampled_from([*"xhzdnga1华小", "xing", "ong", "nan", "ua", "an"]), min_size=1),
)
def test_same_as_trying_every_place_of_every_name(names: list[str], asked: list[str]) -> None:
    sought = "".join(asked[:5])
    evened = [even(name) for name in names]
    expected = {
        k
        for k, name in enumerate(evened)
        if any(fits(name[at:], sought) for at in range(len(name)))
    }
    index = named(*[("building", name) for name in names])
    assert {hit.entry.id for hit in find(index, sought, 99)} == expected


@pytest.fixture(scope="module")
def site(own: Database) -> Iterator[Site]:
    site = Site(own)
    yield site
    site.close()


def results(site: Site, asked: str, login: str = "official") -> list[tuple[str, str]]:
    answer = site.get(f"{CODE}/search", login, query_string={"q": asked})
    return [(one["kind"], one["name"]) for one in answer["results"]]


def test_results_have_a_place(site: Site) -> None:
    (one,) = site.get(f"{CODE}/search?q=hdxq")["results"]
    assert (one["kind"], one["name"], one["match"]) == ("compound", "华都小区", [0, 4])
    assert one["where"] == f"community {GRID[CODE + '001'][:12]} · subdistrict {CODE}001"
    west, south, east, north = one["bbox"]
    assert west < one["point"][0] < east and south < one["point"][1] < north
    (station,) = site.get(f"{CODE}/search?q=银行")["results"]
    assert station["name"] == "<b>${Q}`银行" and station["bbox"] is None
    assert station["match"] == [8, 10]


def test_members_are_found_by_those_who_may_see_them(site: Site) -> None:
    with connections.admin(site.database) as conn:
        conn.execute(
            """INSERT INTO app.member (district, name, roles, area)
               SELECT district, '曾乐行', '{grid_member}', id FROM app.area WHERE code = %s""",
            [GRID[CODE + "001"]],
        )
    try:
        for login in (
            "planner",
            "dispatcher_west",
            "admin",
        ):  # 曾 and 乐 have two readings, 行 three
            for asked in ("曾", "zlx", "zyh", "cyh", "乐h"):
                assert ("member", "曾乐行") in results(site, asked, login), (login, asked)
        for login in ("official", "field_west", "official_west", "east"):
            assert results(site, "曾乐", login) == []
        (one,) = site.get(f"{CODE}/search?q=曾乐", "planner")["results"]
        assert one["code"] == "" and len(one["point"]) == 2
    finally:
        with connections.admin(site.database) as conn:
            conn.execute("DELETE FROM app.member")
    assert results(site, "曾乐", "planner") == []


def test_others_things_are_not_found(site: Site) -> None:
    assert ("compound", "华都小区") in results(site, "华都", "field_west")
    assert results(site, "华都", "east") == []
    assert [kind for kind, _ in results(site, "b", "official") if kind == "building"]
    assert not [kind for kind, _ in results(site, "b", "official_west") if kind == "building"]
    levels = site.get(f"{CODE}/search?q=subdistrict", "official_west")["results"]
    assert [one["code"] for one in levels] == [f"{CODE}001"]
